"""What prose tells of each subject, directly or by one step of arithmetic: this year, last year, budget."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

import msgspec

from juesuan.account import BUDGETS, FORMER, Range
from juesuan.checker.rules.prose.model.numbers import Number, Prose

Entry = Literal["决算", "预算", "上年", "变动", "较预算"]
"""本年决算；预算（不分年初、全年）；上年；与上年比的变动额；与预算比的变动额。"""

ONE = Decimal(1)


class Known(msgspec.Struct, frozen=True):
    """A value of a subject with the numbers that it comes from; one number where the text states it itself."""

    range: Range
    numbers: tuple[Number, ...]

    @property
    def is_stated(self) -> bool:
        """Whether the text states the value, rather than what it follows from."""
        return len(self.numbers) == 1


def known_of(prose: Prose, mention: int) -> Iterator[tuple[str, Known]]:
    """Every value of one mention: level, base and change as stated, and the base that follows from level and change.

    A base is named by what it is against: 上年 or the year, or a budget. Only money.
    """
    level_measure = "决算" if prose.levels(mention, "决算") else "预算"
    for number in prose.mentions[mention]:
        if not number.is_money:
            continue
        if number.measure in ("决算", *BUDGETS):
            yield _entry(number), Known(number.range, (number,))
        elif number.measure in FORMER:
            yield _former_name(prose, number, number.measure), Known(number.range, (number,))
        elif number.measure == "变动额" and (not number.stated.unchosen or not number.value):
            yield f"变动·{base_name(prose, number)}", Known(number.range, (number,))
            yield from _former(prose, mention, number, level_measure)
    for number in prose.of(mention, "变动率"):
        if not number.stated.unchosen:
            yield from _former_by_rate(prose, mention, number, level_measure)


def _entry(number: Number) -> str:
    return "决算" if number.measure == "决算" else "预算"


def base_name(prose: Prose, number: Number) -> str:
    """What a change is against, so that changes against the same can be added."""
    stated = number.stated
    if stated.base in BUDGETS:
        return "预算"
    return _former_name(prose, number, stated.base)


def _former_name(prose: Prose, number: Number, base: str) -> str:
    """Last year, or the year before it that the text names; last year's budget where it tells its outlay as well."""
    if base == "上年预算" and prose.has_two_bases:
        return base
    year = number.stated.base_year
    return f"上年{'' if year in (0, prose.account.year - 1) else year}"


def _levels(prose: Prose, mention: int, number: Number, measure: str) -> list[Number]:
    wanted = ("决算",) if number.stated.base in BUDGETS or measure == "决算" else BUDGETS
    return [level for level in prose.levels(mention, *wanted) if level.is_money]


def _former(prose: Prose, mention: int, number: Number, measure: str) -> Iterator[tuple[str, Known]]:
    for level in _levels(prose, mention, number, measure)[:1]:
        yield base_name(prose, number), Known(level.range - number.range, (level, number))


def _former_by_rate(prose: Prose, mention: int, number: Number, measure: str) -> Iterator[tuple[str, Known]]:
    rate, name = number.range, base_name(prose, number)
    if rate.low <= -ONE:
        return
    levels = _levels(prose, mention, number, measure)[:1]
    for level in levels:
        edges = (level.range.low, level.range.high)
        ends = [end / (ONE + rate_end) for end in edges for rate_end in (rate.low, rate.high)]
        yield name, Known(Range(level.value / (ONE + rate.value), min(ends), max(ends)), (level, number))
    for change in () if levels else prose.of(mention, "变动额"):
        # 同比减少897万元，下降17.63%: change and rate tell the amount before.
        same = change.is_money and base_name(prose, change) == name and not change.stated.unchosen
        if same and rate.low * rate.high > 0 and change.value * rate.value > 0:
            edges = (change.range.low, change.range.high)
            ends = [end / rate_end for end in edges for rate_end in (rate.low, rate.high)]
            yield name, Known(Range(change.value / rate.value, min(ends), max(ends)), (change, number))
