"""The units of measurement of performance indicators, as declared in units.yaml: spellings, sizes, kinds."""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from pathlib import Path

import msgspec

from juesuan.account import Issue
from juesuan.statute.source import StatuteError, cached_law, convert, mistake, read_yaml

FILE = "units.yaml"


class UnitWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Units by what they measure.

    `scales` are multipliers of numbers and their power of ten; `synonyms` lead to the canonical name; `dimensions` give
    the size of each unit among those of its kind; `durations` are the dimensions of periods; `falling` are words by
    which a value says that less is better.
    """

    scales: dict[str, int]
    synonyms: dict[str, str]
    dimensions: dict[str, dict[str, str]]
    durations: tuple[str, ...]
    other_durations: tuple[str, ...]
    events: frozenset[str]
    falling: tuple[str, ...]

    @property
    def sizes(self) -> dict[str, tuple[str, Fraction]]:
        """The dimension and the size of each unit that can be converted."""
        return {
            unit: (dimension, Fraction(size))
            for dimension, units in self.dimensions.items()
            for unit, size in units.items()
        }

    @property
    def periods(self) -> frozenset[str]:
        """The units of periods."""
        return frozenset([*self.other_durations, *(unit for key in self.durations for unit in self.dimensions[key])])


@cache
@cached_law
def load_units(root: Path) -> UnitWords:
    """The declaration. Raises StatuteError with file and line of every mistake."""
    mistakes: list[Issue] = []
    words = convert(read_yaml(root / FILE, FILE, mistakes), UnitWords, (FILE, 1), mistakes)
    if words is not None:
        try:
            _ = words.sizes, words.periods
        except (ValueError, ZeroDivisionError, KeyError) as error:
            mistakes.append(mistake(FILE, 1, f"单位的大小或量纲写得不对：{error}"))
    if words is None or mistakes:
        raise StatuteError(mistakes)
    return words
