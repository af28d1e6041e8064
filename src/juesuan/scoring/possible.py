"""Which scores the formulas allow for printed values: rounding of the values and what a target leaves open included."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction

import msgspec

from juesuan.account import Indicator, PerformanceSheet
from juesuan.scoring.formulas import score_value
from juesuan.scoring.values.grammar import normalise
from juesuan.scoring.values.units import SCALES
from juesuan.scoring.values.value import Value, parse_value
from juesuan.statute import Direction, Scheme

_NUMBER = re.compile(r"\d[\d,]*(?:\.(\d+))?")


def possible_scores(indicator: Indicator, scheme: Scheme) -> tuple[tuple[Fraction, Fraction], ...]:
    """The intervals of scores, in points, that the formulas give for the printed values; none for words.

    A printed actual value stands for every value that would be printed like it; a score for much more than the target
    may be reduced (目标值偏低的，适度调减分值). A target without a sign may be meant either way: the interval of the
    direction that the scheme takes it in stands first.
    """
    target, actual = parse_value(indicator.target), parse_value(indicator.actual)
    if not target.measured or not actual.measured:
        return ()
    group = scheme.group(indicator.level1)
    child = scheme.child(group, indicator.level2) if group else None
    plain: Direction = child.plain if child else "正向"
    values = _ends(actual, normalise(indicator.target) == normalise(indicator.actual))
    found = (_interval(target, values, direction, indicator, scheme) for direction in _directions(target, plain))
    return tuple(interval for interval in found if interval is not None)


def _interval(
    target: Value, values: tuple[Value, ...], direction: Direction, indicator: Indicator, scheme: Scheme
) -> tuple[Fraction, Fraction] | None:
    """What the formula of one direction gives for all values from the first to the last; None where it gives none."""
    outcomes = [score_value(target, value, direction, scheme.quantitative.above_exact) for value in values]
    shares = [outcome.share for outcome in outcomes if outcome.share is not None]
    if len(shares) < len(outcomes):
        return None
    weight = Fraction(indicator.weight)
    reducible = any((outcome.deviation or 0) >= Fraction(scheme.deviation.over) for outcome in outcomes)
    return (Fraction(0) if reducible else weight * min(shares)), weight * max(shares)


def _directions(target: Value, plain: Direction) -> tuple[Direction, ...]:
    """Both directions for a target that names none, the scheme's own first; otherwise the sign decides by itself."""
    if target.comparison not in ("", "≈"):
        return (plain,)
    return plain, "反向" if plain == "正向" else "正向"


def _ends(actual: Value, same: bool) -> tuple[Value, ...]:
    """The printed value, and half a step of its last digit to either side where it may have been rounded."""
    step = Decimal(0) if same else printed_step(actual)
    if actual.number is None or not step:
        return (actual,)
    shifts = (-step / 2, Decimal(0), step / 2)
    return tuple(msgspec.structs.replace(actual, number=actual.number + shift) for shift in shifts)


def printed_step(value: Value) -> Decimal:
    """What the last printed digit stands for, in the value's unit.

    Nothing for whole numbers without a multiplier, which are counts, and for service times.
    """
    match = _NUMBER.search(normalise(value.text))
    if match is None or value.factors:
        return Decimal(0)
    decimals = len(match[1] or "")
    percent = {"%": 2, "‰": 3}.get(value.unit, 0)
    scale = SCALES.get(value.scale, 0)
    if not decimals and not percent and not scale:
        return Decimal(0)
    return Decimal(1).scaleb(scale - decimals - percent)


def execution_bounds(sheet: PerformanceSheet) -> tuple[Fraction, Fraction] | None:
    """The least and the greatest execution rate that the printed amounts allow; None without a budget."""
    if sheet.budget.low <= 0:
        return None
    low = Fraction(max(sheet.outlay.low, Decimal(0))) / Fraction(sheet.budget.high)
    return low, Fraction(sheet.outlay.high) / Fraction(sheet.budget.low)
