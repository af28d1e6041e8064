"""Rules besides the relations: what they are called, how severe they are, why, on what basis, and how to mend them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from juesuan.statute.source import Mistake, Node, Sequence, StatuteError, convert, read_yaml

FOLDER = "rules"


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule of checking that is no equation."""

    key: str
    title: str
    severity: Literal["error", "warning", "notice"]
    why: str
    basis: str
    mend: str
    example: str
    """What a document looks like that breaks it."""


@cache
def load_rules(root: Path = Path(__file__).parent) -> dict[str, Rule]:
    """The rules by code, those of every file in `rules/`. Raises StatuteError with file and line of every mistake."""
    mistakes: list[Mistake] = []
    found: dict[str, Rule] = {}
    for path in sorted((root / FOLDER).glob("*.yaml")):
        name = f"{FOLDER}/{path.name}"
        tree = read_yaml(path, name, mistakes)
        trees = tree.get("rules") if isinstance(tree, Node) else None
        if not isinstance(trees, Sequence):
            mistakes.append(Mistake(name, 1, "应有一个 rules 列表。"))
            continue
        for item, place in zip(trees, trees.lines, strict=True):
            rule = convert(item, Rule, place, mistakes)
            if rule is None:
                continue
            if rule.key in found:
                mistakes.append(Mistake(*place, f"规则 {rule.key} 写了两次。"))
            found[rule.key] = rule
    if mistakes:
        raise StatuteError(mistakes)
    return found
