"""Rules besides the relations: what they are called, how severe they are, why, on what basis, and how to mend them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from juesuan.statute.source import Mistake, Node, Sequence, StatuteError, convert, read_yaml

RULES_FILE = "rules.yaml"


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule of checking that is no equation."""

    key: str
    title: str
    severity: Literal["error", "warning", "notice"]
    why: str
    basis: str
    mend: str


@cache
def load_rules(root: Path = Path(__file__).parent) -> dict[str, Rule]:
    """The rules by code. Raises StatuteError with file and line of every mistake."""
    mistakes: list[Mistake] = []
    tree = read_yaml(root / RULES_FILE, RULES_FILE, mistakes)
    trees = tree.get("rules") if isinstance(tree, Node) else None
    found = {}
    if isinstance(trees, Sequence):
        for item, place in zip(trees, trees.lines, strict=True):
            rule = convert(item, Rule, place, mistakes)
            if rule:
                found[rule.key] = rule
    if mistakes:
        raise StatuteError(mistakes)
    return found
