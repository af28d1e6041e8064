"""Rules besides the relations: what they are called, how severe they are, why, on what basis, and how to mend them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from juesuan.account import Issue, Severity
from juesuan.statute.source import (
    Node,
    Sequence,
    StatuteError,
    cached_law,
    convert,
    demand_declared,
    mistake,
    read_yaml,
)

FOLDER = "rules"

Fix = Literal["", "safe", "unsafe"]
"""Whether what is wrong may be corrected by a program: safe where one figure or word is wrong and what it should be
follows from the rest of the document; unsafe where it is likely, and a person must agree; empty where nobody but the
unit knows.
"""


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule of checking that is no equation."""

    key: str
    title: str
    severity: Severity
    why: str
    basis: str
    mend: str
    example: str
    """What a document looks like that breaks it."""
    filling: Severity | None = None
    """How severe it is in a form that is still being filled in, where that differs."""
    sound: str = ""
    """The same case as it should be written."""
    fix: Fix = ""
    """Whether `juesuan fix` may correct it, where the finding says what is right."""
    messages: dict[str, str] = {}
    """The sentences in which a program says it, by name; {braces} are filled in."""


@cache
@cached_law
def load_rules(root: Path) -> dict[str, Rule]:
    """The rules by code, those of every file in `rules/`. Raises StatuteError with file and line of every mistake."""
    mistakes: list[Issue] = []
    found: dict[str, Rule] = {}
    for path in sorted((root / FOLDER).glob("*.yaml")):
        name = f"{FOLDER}/{path.name}"
        tree = read_yaml(path, name, mistakes)
        trees = tree.get("rules") if isinstance(tree, Node) else None
        if not isinstance(trees, Sequence):
            mistakes.append(mistake(name, 1, "应有一个 rules 列表。", "H101"))
            continue
        for item, place in zip(trees, trees.lines, strict=True):
            rule = convert(item, Rule, place, mistakes)
            if rule is None:
                continue
            if rule.key in found:
                mistakes.append(mistake(*place, f"规则 {rule.key} 写了两次。", "H103"))
            found[rule.key] = rule
    if mistakes:
        raise StatuteError(mistakes)
    return found


class NumberedRelation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A relation of the domain's list (47 to 69) and the codes of the rules that decide it."""

    title: str
    codes: tuple[str, ...]
    note: str = ""


class _Numbers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    numbers: dict[int, NumberedRelation]


@cache
def load_numbers(root: Path = Path(__file__).parents[1]) -> dict[int, NumberedRelation]:
    """The relations between text and tables and across documents, by number. Raises StatuteError."""
    return demand_declared(root, "numbers.yaml", _Numbers).numbers
