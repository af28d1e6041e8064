"""Sums within tables that no form declares: what most of their lines hold, every line is held to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from juesuan.account import Issue, StatedOperand, plain, with_unit
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.engine.own_sums import OwnSum, OwnSums, Place, own_sums
from juesuan.statute import load_rules

_MOST_NAMED = 12
"""So many parts of a sum are named one by one."""


def check_other_tables(context: CheckContext) -> Iterator[Issue]:
    """D003: a total that its parts do not make up, in a table or columns without declared relations."""
    for table in context.account.others:
        sums = own_sums(table)
        for each in sums.doubtful:
            if not all(_is_placed(sums, place) for place in each.places):
                yield _doubtful(sums, each)
        rest = list(sums.broken)
        while rest:
            blamed = _blamed(sums, rest)
            found = [each for each in rest if blamed in each.places]
            rest = [each for each in rest if each not in found]
            if not all(_is_placed(sums, place) for each in found for place in each.places):
                yield _finding(sums, blamed, found)


def _blamed(sums: OwnSums, broken: list[OwnSum]) -> Place:
    """The cell that most of the broken sums share with one and the same correction; else the whole of the first."""
    shared: Counter[tuple[Place, str]] = Counter()
    for each in broken:
        gap = sums.gap(each)
        shared[each.whole, str(-gap)] += 1
        shared.update((part, str(gap)) for part in each.parts)
    (place, _), count = max(shared.items(), key=lambda entry: (entry[1], entry[0][0] == broken[0].whole))
    return place if count > 1 else broken[0].whole


def _is_placed(sums: OwnSums, place: Place) -> bool:
    cell = sums.cell(place)
    return cell is None or cell.placed


def _finding(sums: OwnSums, blamed: Place, broken: list[OwnSum]) -> Issue:
    gaps = {sums.gap(each) if each.whole == blamed else -sums.gap(each) for each in broken}
    value, first = sums.value(blamed), broken[0]
    name = _name(sums, blamed)
    title = sums.table.title
    stated = _amount(sums, blamed)
    reasons = "；".join(dict.fromkeys(_reason(sums, each) for each in broken))
    if len(broken) > 1 and len(gaps) == 1:
        expected = _money(sums, value - gaps.pop())
        message = f"《{title}》“{name}”为{stated}，应为{expected}：{reasons}。按此更正后，这些合计都成立。"
    else:
        expected = _money(sums, sums.value(first.whole) - sums.gap(first))
        message = f"《{title}》“{name}”为{stated}：{reasons}。表中其余各处都是这样相加的。"
    cells = [(place, cell) for each in broken for place in each.places if (cell := sums.cell(place))]
    operands = tuple(
        StatedOperand(_name(sums, place), _amount(sums, place), cell.source)
        for place, cell in dict(cells).items()
    )[:_MOST_NAMED]
    own = sums.cell(blamed) or sums.cell(first.whole) or cells[0][1]
    places = (own.source,) if own.source else ()
    difference = _money(sums, abs(sums.gap(first)))
    return Issue(
        "D003", load_rules()["D003"].severity, message, places, stated, expected, difference, operands=operands
    )


def _doubtful(sums: OwnSums, each: OwnSum) -> Issue:
    cell = sums.cell(each.whole)
    message = f"《{sums.table.title}》{_reason(sums, each)}。行有不列全的，请对照账簿核对。"
    expected = _money(sums, sums.value(each.whole) - sums.gap(each))
    places = (cell.source,) if cell and cell.source else (sums.table.source,) if sums.table.source else ()
    return Issue("D003", "warning", message, places, _amount(sums, each.whole), expected)


def _reason(sums: OwnSums, each: OwnSum) -> str:
    whole, gap = _name(sums, each.whole), _money(sums, abs(sums.gap(each)))
    added = _money(sums, sums.value(each.whole) - sums.gap(each))
    parts = "各栏" if each.kind[0] == "head" else "所属各行"
    return f"“{whole}”{_amount(sums, each.whole)}，{parts}之和为{added}，相差{gap}"


def _name(sums: OwnSums, place: Place) -> str:
    line, head = sums.table.lines[place[0]], sums.table.heads[place[1]]
    return f"{line.code}{line.label} {'·'.join(head)}".strip() or f"第{place[0] + 1}行"


def _amount(sums: OwnSums, place: Place) -> str:
    return _money(sums, sums.value(place)) if sums.cell(place) else "空白"


def _money(sums: OwnSums, value: Decimal) -> str:
    return with_unit(value, sums.table.unit) if sums.table.unit else plain(value)
