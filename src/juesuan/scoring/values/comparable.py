"""Whether an actual value can be held to its target, and both in the same unit when it can."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import msgspec

from juesuan.scoring.values.units import SCALES, conversion
from juesuan.scoring.values.value import Value
from juesuan.statute import load_units


class Comparable(msgspec.Struct, frozen=True):
    """True in a condition when two values can be compared; otherwise `reason` says in Chinese why not."""

    ok: bool
    reason: str = ""

    def __bool__(self) -> bool:
        return self.ok


class ComparablePair(msgspec.Struct, frozen=True):
    """A target and an actual value in the target's unit, exact; `low` and `high` are both the target unless a range.

    Deadlines are counted in days. `assumed` says, in Chinese, what was taken for granted about a missing unit.
    """

    low: Fraction
    high: Fraction
    actual: Fraction
    assumed: str = ""


def comparable(target: Value, actual: Value) -> Comparable:
    """Whether `actual` can be compared with `target`: both figures in units of one kind, or both dates."""
    result = align(target, actual)
    return Comparable(True) if isinstance(result, ComparablePair) else Comparable(False, result)


def align(target: Value, actual: Value) -> ComparablePair | str:
    """`target` and `actual` in the target's unit, or the reason in Chinese why they cannot be compared."""
    for value, name in ((target, "目标值"), (actual, "实际完成值")):
        if value.kind in ("空", "无法比较"):
            return f"{name}“{value.text}”{value.reason}" if value.text.strip() else f"{name}没有填写"
    if not target.measured and not actual.measured:
        return "定性指标，不能按数值比较"
    if not target.measured or not actual.measured:
        return f"目标值“{target.text}”与实际完成值“{actual.text}”一个是文字、一个是数值"
    if target.day is not None or actual.day is not None:
        return _deadlines(target, actual)
    return _figures(target, actual)


def _deadlines(target: Value, actual: Value) -> ComparablePair | str:
    if target.day is None or actual.day is None:
        return f"目标值“{target.text}”与实际完成值“{actual.text}”一个是日期、一个不是"
    # A date without a year belongs to the year of the other; the form itself is of one year.
    year = target.day[0] or actual.day[0]
    due = _ordinal((target.day[0] or year, *target.day[1:]))
    return ComparablePair(due, due, _ordinal((actual.day[0] or year, *actual.day[1:])))


def _ordinal(day: tuple[int, int, int]) -> Fraction:
    """A number that grows with the date; equal steps are not needed, since dates are only put in order."""
    year, month, date = day
    return Fraction(year * 372 + (month - 1) * 31 + date - 1)


def _figures(target: Value, actual: Value) -> ComparablePair | str:
    if actual.number is None:
        return f"实际完成值“{actual.text}”应为一个具体数值，不应是区间"
    number, unit, assumed = actual.number, actual.unit, ""
    wanted, multiple = target.unit, Fraction(1)
    if not unit and not actual.scale and (target.unit or target.scale):
        number = _as_written(number, target)
        unit = target.unit
        assumed = f"实际完成值“{actual.text}”没有写单位，按目标值的单位“{target.scale}{target.unit}”计"
    elif not target.unit and not target.scale and actual.unit:
        wanted, multiple = actual.unit, Fraction(_as_written(Decimal(1), actual))
        assumed = f"目标值“{target.text}”没有写单位，按实际完成值的单位“{actual.scale}{actual.unit}”计"
    factor = conversion(unit, wanted)
    if factor is None:
        return f"目标值的单位“{wanted or '无'}”与实际完成值的单位“{unit or '无'}”不同，不能换算"
    low, high = target.low, target.high
    if target.number is not None:
        low = high = target.number
    if low is None or high is None:
        return f"目标值“{target.text}”中没有数值"
    sense = _sense(target, actual)
    return ComparablePair(
        Fraction(low) * multiple, Fraction(high) * multiple, Fraction(number) * factor * sense, assumed
    )


def _as_written(number: Decimal, pattern: Value) -> Decimal:
    """A bare number read with the multiplier and percent sign of `pattern`: 98 beside ≥95% is 0.98."""
    power = SCALES.get(pattern.scale, 0) - {"%": 2, "‰": 3}.get(pattern.unit, 0)
    return number.scaleb(power)


def _sense(target: Value, actual: Value) -> int:
    """−1 where one says 增长 and the other 下降, or where a fall is written as a negative number."""
    falls = [any(word in value.measure for word in load_units().falling) for value in (target, actual)]
    if target.measure and actual.measure:
        return -1 if falls[0] != falls[1] else 1
    if falls[0] and actual.number is not None and actual.number < 0:
        return -1
    return -1 if falls[1] and not target.measure else 1
