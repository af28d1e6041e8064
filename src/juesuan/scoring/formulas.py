"""The formulas of quantitative indicators (定量指标计分): exact shares of the weight, rounded by the caller once."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import msgspec

from juesuan.account import plain
from juesuan.scoring.values.comparable import ComparablePair, align
from juesuan.scoring.values.value import Value
from juesuan.statute import AboveExact, Direction

FULL = Fraction(1)
NONE = Fraction(0)


class FormulaResult(msgspec.Struct, frozen=True):
    """What a formula makes of a target and an actual value.

    `share` is the exact part of the weight earned (0 to 1), or None with a `reason` in Chinese; `deviation` the
    relative distance from the target, positive for the better side, None where the target is zero or a date.
    """

    share: Fraction | None
    direction: Direction
    deviation: Fraction | None = None
    formula: str = ""
    reason: str = ""
    assumed: str = ""


def direction_of(target: Value, plain_direction: Direction) -> Direction:
    """The direction of a target by its sign; without a sign, `plain_direction` as the scheme declares for its kind.

    A deadline without a sign is met by any earlier day, and a target of plain zero (事故 0 次) cannot be surpassed:
    both are 反向.
    """
    if target.comparison in ("≥", ">"):
        return "正向"
    if target.comparison in ("≤", "<"):
        return "反向"
    if target.comparison == "=":
        return "等于"
    if target.comparison == "区间":
        return "区间"
    return "反向" if target.day is not None or target.number == 0 else plain_direction


def score_value(target: Value, actual: Value, plain_direction: Direction, above_exact: AboveExact) -> FormulaResult:
    """The share that `actual` earns against `target`: ≥X earns B/A, ≤X earns A/B, within 0 and 1 (自评表备注 2)."""
    direction = direction_of(target, plain_direction)
    pair = align(target, actual)
    if isinstance(pair, str):
        return FormulaResult(None, direction, reason=pair)
    if _open_ended(direction, actual):
        return FormulaResult(None, direction, reason=f"实际完成值“{actual.text}”只给出了限度，看不出是否达到目标")
    if target.day is not None:
        return _deadline(direction, pair, actual)
    share, formula = _share(direction, pair, above_exact)
    if share is None:
        return FormulaResult(None, direction, reason=f"目标值“{target.text}”为负数，不能按比例计分")
    return FormulaResult(
        min(max(share, NONE), FULL), direction, _deviation(direction, pair), formula, assumed=pair.assumed
    )


def _open_ended(direction: Direction, actual: Value) -> bool:
    """Whether the actual value is a limit on the wrong side: `≤95%` says nothing about reaching `≥95%`."""
    if direction == "正向":
        return actual.comparison in ("≤", "<")
    if direction == "反向":
        return actual.comparison in ("≥", ">")
    return actual.comparison in ("≥", ">", "≤", "<")


def _deadline(direction: Direction, pair: ComparablePair, actual: Value) -> FormulaResult:
    satisfied = pair.actual >= pair.low if direction == "正向" else pair.actual <= pair.low
    if satisfied:
        return FormulaResult(FULL, direction, formula="按期完成，得满分")
    return FormulaResult(None, direction, reason=f"实际完成时间“{actual.text}”未按目标时间，办法没有规定按日折算")


def _share(direction: Direction, pair: ComparablePair, above_exact: AboveExact) -> tuple[Fraction | None, str]:
    a, b = pair.low, pair.actual
    if direction == "区间":
        return _inside(pair)
    if direction == "正向":
        return (FULL, "达到目标") if b >= a else _ratio(b, a, "B÷A")
    if direction == "反向":
        return (FULL, "达到目标") if b <= a else _ratio(a, b, "A÷B")
    if a == b:
        return FULL, "等于目标"
    if b < a:
        return _ratio(b, a, "B÷A")
    return (FULL, "超过目标") if above_exact == "满分" else _ratio(a, b, "A÷B")


def _inside(pair: ComparablePair) -> tuple[Fraction | None, str]:
    if pair.actual < pair.low:
        return _ratio(pair.actual, pair.low, "B÷下限")
    if pair.actual > pair.high:
        return _ratio(pair.high, pair.actual, "上限÷B")
    return FULL, "在区间之内"


def _ratio(top: Fraction, bottom: Fraction, name: str) -> tuple[Fraction | None, str]:
    """top ÷ bottom where top < bottom: nothing for top ≤ 0 over a positive bottom, undefined for two negatives."""
    if bottom > 0:
        return max(top, NONE) / bottom, f"{name}＝{_decimal(top)}÷{_decimal(bottom)}"
    # The bottom is the larger of the two, so both are at or below zero. Zero itself is missed entirely.
    return (NONE, "未达到目标") if bottom == 0 else (None, "")


def _deviation(direction: Direction, pair: ComparablePair) -> Fraction | None:
    a = pair.high if direction == "区间" and pair.actual > pair.high else pair.low
    if a <= 0:
        return None
    if direction == "区间" and pair.low <= pair.actual <= pair.high:
        return NONE
    distance = (pair.actual - a) / a
    return -distance if direction == "反向" else distance


def rounded_half_up(value: Fraction, decimals: int) -> Decimal:
    """A non-negative exact score rounded once, half up (四舍五入), to `decimals` places."""
    scaled = value * 10**decimals + Fraction(1, 2)
    return Decimal(scaled.numerator // scaled.denominator).scaleb(-decimals)


def _decimal(value: Fraction) -> str:
    """A fraction for display: exact where it ends within six places, else rounded there."""
    sign = "-" if value < 0 else ""
    return sign + plain(rounded_half_up(abs(value), 6))
