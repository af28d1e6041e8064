"""The levels of the classifications (类、款、项), the digits of their codes (classification/levels.csv), and trees."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

TOTAL = "合计"
"""The key of the line that sums a table of the classification."""

_FILE = Path(__file__).parents[1] / "classification" / "levels.csv"


def _read() -> dict[str, int]:
    with _FILE.open(encoding="utf-8", newline="") as file:
        return {row["level"]: int(row["digits"]) for row in csv.DictReader(file)}


CODE_LENGTHS = _read()
"""Digits of a classification code at each level, from the widest to the narrowest."""

LEVELS = tuple(CODE_LENGTHS)
"""The levels, from the widest to the narrowest."""

_LEVEL_OF_LENGTH = {length: level for level, length in CODE_LENGTHS.items()}


def level_of(code: str) -> str:
    """The level (类, 款 or 项) of a classification code by its length; empty for anything else."""
    return _LEVEL_OF_LENGTH.get(len(code), "") if code.isdigit() else ""


def digits_of(level: str) -> tuple[int, int]:
    """Where the digits stand in a code that its level adds to the level above: first, and one after the last."""
    above = LEVELS.index(level) - 1
    return (CODE_LENGTHS[LEVELS[above]] if above >= 0 else 0), CODE_LENGTHS[level]


def codes_above(code: str) -> list[str]:
    """A code with those above it, the widest first: 208, 20801, 2080108."""
    return [code[:length] for length in CODE_LENGTHS.values() if length <= len(code)]


def with_parents(codes: Iterable[str]) -> list[str]:
    """The lines of a tree of codes in order: the total, and every code with the codes above it; nothing for none."""
    present: set[str] = set()
    for code in codes:
        present.update(codes_above(code))
    return [TOTAL, *sorted(present)] if present else []
