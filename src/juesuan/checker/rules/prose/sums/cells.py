"""Lines of grids that are no form: the change and the rates printed beside the amounts of this year and the last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal

from juesuan.account import BUDGETS, Issue, Range, StatedMeasure, ratio
from juesuan.checker.rules.prose.model.found import amount, issue, name_of, rate
from juesuan.checker.rules.prose.model.numbers import Number, Prose

_LAST: tuple[StatedMeasure, ...] = ("上年决算", "上年预算")
_LEVELS: tuple[StatedMeasure, ...] = ("决算", *BUDGETS)
_NOTHING = Decimal(0)


def check_cells(prose: Prose) -> Iterator[Issue]:
    """Z106: a change that is not this year's amount less last year's; Z101, Z102: a rate that its amounts do not make;
    Z105: a rate of growth from nothing. Only where a line has one amount of each.
    """
    lines: dict[int, list[Number]] = defaultdict(list)
    for cell in prose.cells:
        if cell.stated.mention >= 0:
            lines[cell.stated.mention].append(cell)
    for cells in lines.values():
        yield from _changes(prose, cells)
        yield from _completion(prose, cells)


def _only(cells: list[Number], *measures: StatedMeasure, base: str = "") -> Number | None:
    """The one cell of a line with one of the measures; None for none or several."""
    found = [cell for cell in cells if cell.measure in measures and (not base or cell.stated.base == base)]
    return found[0] if len(found) == 1 else None


def _changes(prose: Prose, cells: list[Number]) -> Iterator[Issue]:
    level, last = _only(cells, *_LEVELS), _only(cells, *_LAST)
    if level is None or last is None or not level.is_money or not last.is_money:
        return
    made = level.range - last.range
    change = _only(cells, "变动额", base="上年")
    if change is not None and not (made - change.range).holds_zero():
        right = amount(made.value, level)
        message = f"{name_of(change)}印作{change.text}，按{level.text}－{last.text}应为{right}。"
        yield issue(prose, "Z106", message, (change, level, last), stated=change.text, expected=right)
    own = _only(cells, "变动率", base="上年")
    if own is None:
        return
    if not last.value:
        if own.value:
            message = f"上年为零，没有增长率，不应印{own.text}。"
            yield issue(prose, "Z105", message, (own, last), stated=own.text)
        return
    moves = [made, *([change.range] if change is not None else [])]
    yield from _rate(prose, "Z101", own, [ratio(each, last.range) for each in moves], (level, last))


def _completion(prose: Prose, cells: list[Number]) -> Iterator[Issue]:
    outlay, budget, own = _only(cells, "决算"), _only(cells, *BUDGETS), _only(cells, "完成率")
    if outlay is None or budget is None or own is None or not budget.value:
        return
    yield from _rate(prose, "Z102", own, [ratio(outlay.range, budget.range)], (outlay, budget))


def _rate(
    prose: Prose, code: str, own: Number, expected: list[Range | None], numbers: tuple[Number, Number]
) -> Iterator[Issue]:
    """The issue of a rate that is further from all that it may be than the rounding of its last digit."""
    known = [each for each in expected if each is not None]
    if not known or any(own.range.gap(each) <= own.step for each in known):
        return
    right = rate(known[0].value, own)
    first, second = numbers
    message = f"{name_of(own)}印作{own.text}，按{first.text}、{second.text}应为{right}。"
    yield issue(prose, code, message, (own, first, second), stated=own.text, expected=right)
