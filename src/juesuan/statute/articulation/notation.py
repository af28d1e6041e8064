"""The notation of the printed equations: parsed into a small tree, and printed back to the same text.

The tables of the final accounts print their own equations in their notes: `27行 = (1+2+3+4+5+6+7+8)行`,
`58行 = (32+33+...+57)行`, `1栏各行 = (2+3)栏各行`. The same notation, with the form in front of an address
(`表1!27行 = 表2!合计行1栏`), the levels of the classification (`各款行1栏 = Σ项行1栏`), last year's or the approved
budget's figures (`上年!表1!31行`) and a condition (`若 … 则 …`), states every relation of the statute.
"""

from __future__ import annotations

import re
from typing import Any, cast

from juesuan.statute.articulation.terms import (
    ELLIPSES,
    Blank,
    Comparator,
    Comparison,
    Condition,
    Equation,
    Item,
    Name,
    NotationError,
    Place,
    Quantity,
    Selector,
    Sum,
    Term,
)

__all__ = [
    "ELLIPSES",
    "PARSED",
    "Blank",
    "Comparator",
    "Comparison",
    "Condition",
    "Equation",
    "Item",
    "Name",
    "NotationError",
    "Place",
    "Quantity",
    "Selector",
    "Sum",
    "Term",
    "parse",
    "parse_condition",
    "parse_place",
    "parse_quantity",
    "split_notes",
]

PARSED: dict[tuple[str, str], Any] = {}
"""What has been parsed, by kind and text: the same few hundred texts are asked for again and again."""


def _parse(text: str, start: str) -> Any:
    known = PARSED.get((start, text))
    if known is None:
        from juesuan.statute.articulation.grammar import parsed

        known = PARSED[start, text] = parsed(text, start)
    return known


def parse(text: str) -> Equation:
    """The relation that `text` states. Raises NotationError, in Chinese, where it is not in the notation."""
    return cast(Equation, _parse(text, "relation"))


def parse_place(text: str) -> Place:
    """The single address that `text` states. Raises NotationError."""
    return cast(Place, _parse(text, "address"))


def parse_quantity(text: str) -> Quantity:
    """The quantity that `text` states. Raises NotationError."""
    return cast(Quantity, _parse(text, "quantity"))


def parse_condition(text: str) -> Condition:
    """The condition that `text` states. Raises NotationError."""
    return cast(Condition, _parse(text, "condition"))


def split_notes(text: str) -> list[str]:
    """The candidate equations in the note under a table: the parts between ；, 。 and line ends that have a sign."""
    return [part.strip() for part in re.split(r"[；;。\n]", text) if re.search(r"[=＝]", part)]
