"""How a form prints its values, and this year's printed in the same way."""

from __future__ import annotations

import re
from decimal import Decimal

from juesuan.account import Figure, PerformanceGoals, PerformanceSheet, plain
from juesuan.revision.numbers import PrintedNumber, numbers_in
from juesuan.statute import load_lexicon

SCORES = ("execution_score", "score")
"""The fields of a form that are points."""

_POINTS = re.compile(r"(?P<head>.*?)(?P<open>[(（]\s*)(?P<points>\d+(?:\.\d+)?)(?P<close>\s*分\s*[)）])")
_PARTS = re.compile(r"(?P<sign>[≥≤＞＜><＝=≧≦]*)(?P<number>-?\d[\d,]*(?:\.\d+)?)(?P<unit>.*)")


def points_like(value: Decimal, like: PrintedNumber) -> str:
    """A score in full, for it is a sum that is checked; with the zeros that last year's had."""
    needed = len(plain(value).partition(".")[2])
    return f"{value:.{max(needed, like.decimals if like.text.endswith('0') else 0)}f}"


def renumbered(text: str, value: Decimal) -> str:
    """A text that is a score or a weight (10, 10.00, 10分), with another value."""
    number = next(numbers_in(text), None)
    if number is None:
        return plain(value)
    return f"{text[: number.start]}{points_like(value, number)}{text[number.end :]}"


def named(name: str, value: Decimal, like: str) -> str:
    """A name with the points behind it, where `like` has points behind its own: 数量指标（20分）."""
    match = _POINTS.fullmatch(like)
    return f"{name}{match['open']}{plain(value)}{match['close']}" if match else name


def points_behind(text: str) -> Decimal | None:
    """The points printed behind a name."""
    match = _POINTS.fullmatch(text)
    return Decimal(match["points"]) if match else None


def parted(target: str) -> tuple[str, str, str]:
    """A value as the sign, the number and the unit that forms may print in columns of their own."""
    match = _PARTS.fullmatch(target)
    return (match["sign"], match["number"], match["unit"]) if match else ("", target, "")


def scale_of(number: PrintedNumber, value: Decimal) -> Decimal | None:
    """In what a number is printed that stands for `value`: yuan, 万元, per cent, points; None where it is another."""
    lexicon = load_lexicon()
    scales = [lexicon.scale(number.unit)] if number.unit else [Decimal(1), Decimal(10000), Decimal("0.01")]
    step = Decimal(1).scaleb(-number.decimals)
    return next((scale for scale in scales if abs(number.value - value / scale) <= step), None)


def printed_value(sheet: PerformanceSheet, field: str) -> Decimal | None:
    """What last year's form states, which need not be what follows from its rounded amounts."""
    return sheet.stated_rate.value if field == "stated_rate" and sheet.stated_rate else value_of(sheet, field)


def value_of(sheet: PerformanceSheet, field: str) -> Decimal | None:
    """The number that a field of a form is."""
    if field == "stated_rate":
        return sheet.outlay.value / sheet.budget.value if sheet.budget.value else None
    found = getattr(sheet, field)
    return found.value if isinstance(found, Figure) else found


def is_rate(sheet: PerformanceSheet, number: PrintedNumber) -> bool:
    """Whether a number may be the execution rate of the amounts that the form prints, rounded as they are."""
    if not sheet.budget.low > 0:
        return False
    half = Decimal("0.01").scaleb(-number.decimals) / 2
    least, most = sheet.outlay.low / sheet.budget.high, sheet.outlay.high / sheet.budget.low
    return least - half <= number.base <= most + half


Form = PerformanceSheet | PerformanceGoals
