"""Profiles that somebody keeps in a file of their own (place.yaml), outside of the statute's folder."""

from __future__ import annotations

import hashlib
from pathlib import Path

from juesuan.account import Issue
from juesuan.statute.source import Node, StatuteError, mistake, read_yaml

ENDINGS = (".yaml", ".yml")
"""How the names of such files end."""

_KNOWN: dict[str, Path] = {}
"""The files named to this program so far, by the keys of their profiles."""


def is_own(name: str) -> bool:
    """Whether a profile is named by its file rather than by a key or a place."""
    return name.lower().endswith(ENDINGS)


def add_own(path: Path, taken: list[str]) -> str:
    """Makes the profile in the file at `path` known by its key, and gives the key.

    `taken` are the keys that the statute itself has. Raises StatuteError where it is no YAML, has no key, or a key
    that is taken.
    """
    mistakes: list[Issue] = []
    tree = read_yaml(path, path.name, mistakes)
    key = str(tree.get("key", ""))
    if not mistakes and not key:
        mistakes.append(mistake(path.name, 1, "不是口径文件：没有写 key（口径的名称）"))
    if key in taken:
        text = f"key 写的“{key}”是本程序自带的口径，请换一个名称"
        mistakes.append(mistake(path.name, tree.at("key")[1], text, "H103"))
    if mistakes:
        raise StatuteError(mistakes)
    _KNOWN[key] = path.resolve()
    return key


def read_own(key: str, mistakes: list[Issue]) -> Node | None:
    """The tree of the profile `key`, if it is one that somebody keeps in a file; its mistakes are added."""
    path = _KNOWN.get(key)
    return read_yaml(path, path.name, mistakes) if path else None


def state_of(key: str) -> str:
    """A name for what the file of the profile `key` says now; empty for a profile of the statute."""
    path = _KNOWN.get(key)
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16] if path else ""
