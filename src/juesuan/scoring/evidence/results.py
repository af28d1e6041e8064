"""What a query returned, and the same as a self-evaluation form prints it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

import msgspec

from juesuan.account import plain
from juesuan.scoring.evidence.errors import EvidenceError
from juesuan.scoring.formulas import rounded_half_up
from juesuan.scoring.possible import printed_step
from juesuan.scoring.values.comparable import ComparablePair, align
from juesuan.scoring.values.grammar import normalise
from juesuan.scoring.values.units import SCALES, conversion, normal_unit, unit_kind
from juesuan.scoring.values.value import Value, parse_value, print_value

DECIMALS = 2
"""The places that a value is printed with unless the declaration says otherwise."""

MOST_DECIMALS = 8
_RATIO = ("numerator", "denominator")
_PERCENT = {"%": 2, "‰": 3}


class Result(msgspec.Struct, frozen=True):
    """An exact number in the unit of the query, or a day, or a text."""

    number: Fraction | None = None
    day: date | None = None
    text: str = ""

    @property
    def exact(self) -> str:
        """The result without loss: 305213, 0.25, 12/13, 2022-06-30 or the text itself."""
        if self.number is None:
            return self.day.isoformat() if self.day else self.text
        top, bottom = self.number.numerator, self.number.denominator
        rest = bottom
        for prime in (2, 5):
            while rest % prime == 0:
                rest //= prime
        if rest > 1:
            return f"{top}/{bottom}"
        places = 0
        while bottom and (10**places) % bottom:
            places += 1
        return plain(Decimal(top * 10**places // bottom).scaleb(-places))


def result_of(rows: Sequence[Sequence[object]], names: Sequence[str]) -> Result:
    """The one value of the rows that a query gave: one column, or numerator and denominator of an exact ratio.

    Raises EvidenceError for no value or more than one.
    """
    if len(rows) > 1:
        raise EvidenceError("查询返回了不止一行；应只返回一个值")
    if not rows or all(value is None for value in rows[0]):
        raise EvidenceError("查询没有返回数值（没有符合条件的数据）；请检查条件、年度和数据")
    row = rows[0]
    if tuple(name.casefold() for name in names) == _RATIO:
        top, bottom = _number(row[0]), _number(row[1])
        if top is None or bottom is None:
            raise EvidenceError(f"分子“{row[0]}”、分母“{row[1]}”应都是数值")
        if not bottom:
            raise EvidenceError("分母为 0（没有符合条件的数据）；请检查条件、年度和数据")
        return Result(top / bottom)
    if len(row) > 1:
        raise EvidenceError(f"查询返回了 {len(row)} 列；应只返回一个值，或 numerator、denominator 两列")
    value = row[0]
    number = _number(value)
    if number is not None:
        return Result(number)
    if isinstance(value, datetime):
        return Result(day=value.date())
    if isinstance(value, date):
        return Result(day=value)
    if isinstance(value, str) and value.strip():
        return Result(text=value.strip())
    raise EvidenceError(f"查询返回了“{value}”（{type(value).__name__}）；应为数值、日期或文字")


def _number(value: object) -> Fraction | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, int | Decimal):
        return Fraction(value)
    if isinstance(value, float):
        if not math.isfinite(value):
            raise EvidenceError("查询结果不是有限的数（可能除以了 0）；请检查数据")
        # The shortest decimal that is this float; whoever wants it exact returns numerator and denominator.
        return Fraction(repr(value))
    return None


def printed_result(result: Result, unit: str, target: str, printed: str = "", decimals: int | None = None) -> str:
    """`result`, in `unit`, as a form prints it beside `target`: in the target's unit and multiplier, or in `printed`.

    It is rounded half up to `decimals`, and to more where rounding would make a target look met that is not. Raises
    EvidenceError where the units do not fit.
    """
    if result.day is not None:
        return f"{result.day.year}年{result.day.month}月{result.day.day}日"
    if result.number is None:
        return result.text
    aim = parse_value(target)
    scale, wanted = _spelled(printed) if printed else (aim.scale, aim.unit)
    own_scale, own = _spelled(unit)
    if not wanted and not printed:
        scale, wanted = aim.scale, own
    if not own:
        own = wanted
    factor = conversion(own, wanted)
    if factor is None:
        raise EvidenceError(f"查询结果的单位“{unit or '无'}”不能换算为“{wanted}”；请用 unit 写明结果的单位，"
                            "或用 print 写明表中的单位")
    exact: Fraction = result.number * factor * 10 ** SCALES.get(own_scale, 0)
    places = DECIMALS if decimals is None else decimals
    while True:
        text = _print(exact, scale, wanted, places)
        if places >= MOST_DECIMALS or _same_side(exact, text, wanted, aim):
            return text
        places += 1


def _spelled(unit: str) -> tuple[str, str]:
    """A written unit as its multiplier and canonical name: 万人 → 万, 人."""
    clean = normalise(unit)
    scale = next((s for s in sorted(SCALES, key=len, reverse=True) if clean.startswith(s) and clean != s), "")
    return scale, normal_unit(clean.removeprefix(scale))


def _print(exact: Fraction, scale: str, unit: str, places: int) -> str:
    power = SCALES.get(scale, 0) - _PERCENT.get(unit, 0)
    rounded = rounded_half_up(exact / Fraction(10) ** power, places)
    return print_value(Value("", unit_kind(unit), number=Decimal(plain(rounded.scaleb(power))), unit=unit, scale=scale))


def _same_side(exact: Fraction, text: str, unit: str, aim: Value) -> bool:
    """Whether the printed value stands on the same side of every limit of the target as the exact one."""
    value = parse_value(text)
    pair = align(aim, value)
    if not isinstance(pair, ComparablePair) or value.number is None:
        return True
    true = pair.actual + _times(exact - Fraction(value.number), unit, aim.unit or unit)
    return all(_sign(true - limit) == _sign(pair.actual - limit) for limit in (pair.low, pair.high))


def _times(number: Fraction, source: str, target: str) -> Fraction:
    """`number` in `source` converted to `target`; as it is where they do not convert."""
    return number * (conversion(source, target) or Fraction(1))


def _sign(number: Fraction) -> int:
    return (number > 0) - (number < 0)


def agrees(typed: str, result: Result, unit: str, printed: str, target: str = "") -> bool:
    """Whether an actual value typed by hand says what the evidence does, within the rounding of its last digit.

    `printed` is the evidence as the form would print it. Rounding must not take the value over its `target`.
    """
    value, own = parse_value(typed), parse_value(printed)
    if normalise(typed) == normalise(printed):
        return True
    if value.day is not None and own.day is not None:
        return value.day[1:] == own.day[1:] and value.day[0] in (0, own.day[0])
    if result.number is None or value.number is None or own.number is None or value.day is not None:
        return False
    factor = conversion(value.unit or own.unit, own.unit)
    if factor is None:
        return False
    shown = Fraction(value.number) * factor
    own_scale, base = _spelled(unit)
    exact = _times(result.number * 10 ** SCALES.get(own_scale, 0), base or own.unit, own.unit)
    if value.comparison in ("≥", ">"):
        return exact >= shown
    if value.comparison in ("≤", "<"):
        return exact <= shown
    if value.factors or value.manner:
        # 7*24小时 and 24小时不间断 say that nothing at all was missing.
        return exact == shown
    step = Fraction(printed_step(value)) * factor
    if not step and value.number != value.number.to_integral_value():
        step = Fraction(10) ** int(value.number.normalize().as_tuple().exponent)
    near = abs(exact - shown) <= (step or Fraction(1)) / 2
    return near and _same_side(exact, typed, own.unit, parse_value(target))
