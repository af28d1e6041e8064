"""Lines of grids that are no form: the change and the rates printed beside the amounts of this year and the last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from juesuan.account import BUDGETS, Issue, Range, StatedMeasure, ratio
from juesuan.checker.rules.prose.model.found import amount, issue, name_of, rate
from juesuan.checker.rules.prose.model.numbers import Number, Prose

_LAST: tuple[StatedMeasure, ...] = ("上年决算", "上年预算")
_LEVELS: tuple[StatedMeasure, ...] = ("决算", *BUDGETS)
_LEAST_SOUND = 2
"""So many lines hold before another is blamed."""


def check_cells(prose: Prose) -> Iterator[Issue]:
    """Z106: a change that is not this year's amount less last year's; Z101, Z102: a rate that its amounts do not make;
    Z105: a rate of growth from nothing.

    Only where a line has one amount of each, and where most lines hold: else the columns are not what they seem.
    """
    lines: dict[int, list[Number]] = defaultdict(list)
    for cell in prose.cells:
        if cell.stated.mention >= 0:
            lines[cell.stated.mention].append(cell)
    for judge in (_change, _growth, _completion):
        judged = [found for cells in lines.values() if (found := judge(prose, cells)) is not None]
        wrong = [found for found in judged if isinstance(found, Issue)]
        if len(judged) - len(wrong) >= max(_LEAST_SOUND, len(wrong)):
            yield from wrong


def _only(cells: list[Number], *measures: StatedMeasure, base: str = "") -> Number | None:
    """The one cell of a line with one of the measures; None for none or several."""
    found = [cell for cell in cells if cell.measure in measures and (not base or cell.stated.base == base)]
    return found[0] if len(found) == 1 else None


def _amounts(cells: list[Number]) -> tuple[Number, Number] | None:
    """The amounts of this year and the last; None where a line has not one of each."""
    level, last = _only(cells, *_LEVELS), _only(cells, *_LAST)
    return (level, last) if level and last and level.is_money and last.is_money else None


def _change(prose: Prose, cells: list[Number]) -> Issue | bool | None:
    """The issue of a change, True where it holds, None where a line has none."""
    amounts, change = _amounts(cells), _only(cells, "变动额", base="上年")
    if amounts is None or change is None:
        return None
    level, last = amounts
    made = level.range - last.range
    if (made - change.range).holds_zero():
        return True
    right = amount(made.value, level)
    message = f"{name_of(change)}印作{change.text}，按{level.text}－{last.text}应为{right}。"
    return issue(prose, "Z106", message, (change, level, last), stated=change.text, expected=right)


def _growth(prose: Prose, cells: list[Number]) -> Issue | bool | None:
    """The same of a rate of change."""
    amounts, own = _amounts(cells), _only(cells, "变动率", base="上年")
    if amounts is None or own is None:
        return None
    level, last = amounts
    if not last.value:
        message = f"上年为零，没有增长率，不应印{own.text}。"
        return issue(prose, "Z105", message, (own, last), stated=own.text) if own.value else True
    change = _only(cells, "变动额", base="上年")
    moves = [level.range - last.range, *([change.range] if change is not None else [])]
    return _rate(prose, "Z101", own, [ratio(each, last.range) for each in moves], (level, last))


def _completion(prose: Prose, cells: list[Number]) -> Issue | bool | None:
    """The same of a rate of completion."""
    outlay, budget, own = _only(cells, "决算"), _only(cells, *BUDGETS), _only(cells, "完成率")
    if outlay is None or budget is None or own is None or not budget.value:
        return None
    return _rate(prose, "Z102", own, [ratio(outlay.range, budget.range)], (outlay, budget))


def _rate(
    prose: Prose, code: str, own: Number, expected: list[Range | None], numbers: tuple[Number, Number]
) -> Issue | bool | None:
    """The issue of a rate that is further from all that it may be than the rounding of its last digit."""
    known = [each for each in expected if each is not None]
    if not known:
        return None
    if any(own.range.gap(each) <= own.step for each in known):
        return True
    right = rate(known[0].value, own)
    first, second = numbers
    message = f"{name_of(own)}印作{own.text}，按{first.text}、{second.text}应为{right}。"
    return issue(prose, code, message, (own, first, second), stated=own.text, expected=right)
