"""Units of measurement as self-evaluation forms write them: synonyms, dimensions and exact conversion."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from juesuan.statute import load_units

Kind = Literal["数量", "次数", "金额", "比率", "时长", "日期", "定性", "无法比较", "空"]
"""What a value is: a count, a count of events, money, a share, a duration, a deadline, words, unreadable, blank."""

_WORDS = load_units()

SCALES = _WORDS.scales
"""Multipliers and their power of ten."""

_SYNONYMS = _WORDS.synonyms
_OF_UNIT = _WORDS.sizes
_EVENTS = _WORDS.events
_DURATIONS = _WORDS.periods


def normal_unit(written: str) -> str:
    """The canonical name of a written unit, each part of a rate by itself: `次/日` → 次/天."""
    return "/".join(_SYNONYMS.get(part, part) for part in written.split("/"))


def unit_kind(unit: str) -> Kind:
    """The kind of value that a canonical unit makes: `%` 比率, `小时` 时长, `次` 次数, `元` 金额, else 数量.

    A rate by period (条/月) is as its numerator, since rates of several units may be added; any other quotient
    (元/人) is a relative value.
    """
    top, _, bottom = unit.partition("/")
    if bottom and bottom not in _DURATIONS:
        return "比率"
    if top in _DURATIONS:
        return "时长"
    if top in ("%", "‰", "个百分点"):
        return "比率"
    if top in _EVENTS:
        return "次数"
    return "金额" if top == "元" else "数量"


def _measure(unit: str) -> tuple[str, Fraction]:
    """The dimension of a single unit and its size in the base of that dimension; an unknown unit is its own."""
    return _OF_UNIT.get(unit, (unit, Fraction(1)))


def conversion(source: str, target: str) -> Fraction | None:
    """The factor that turns an amount in `source` into `target` (小时 → 分钟 is 60); None where they differ in kind."""
    if source == target:
        return Fraction(1)
    one, other = source.split("/"), target.split("/")
    if len(one) != len(other) or len(one) > 2:
        return None
    factor = Fraction(1)
    for place, (have, want) in enumerate(zip(one, other, strict=True)):
        (dimension, size), (wanted, unit_size) = _measure(have), _measure(want)
        if dimension != wanted:
            return None
        # The second part is a denominator: more of it makes the rate smaller.
        factor *= size / unit_size if place == 0 else unit_size / size
    return factor
