"""Sums within tables that no form declares: what most of their lines hold, every line is held to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from juesuan.account import Issue, StatedOperand, plain, with_unit
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.engine.own_sums import OwnSum, OwnSums, Place, counted_in, own_sums, slip_of
from juesuan.statute import MONEY_UNITS, load_rules

_CHANGE = re.compile("[增减]|变动|变化")
_COUNTED = "个|次|批|批次|人|人次|辆|台|套|件|户|名|张"
"""What lines count that are no money."""
_MOST_NAMED = 12
"""So many parts of a sum are named one by one."""


def check_other_tables(context: CheckContext) -> Iterator[Issue]:
    """D003: a total that its parts do not make up, in a table or columns without declared relations."""
    for table in context.account.others:
        sums = own_sums(table)
        yield from _parts_too_large(sums)
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


def _parts_too_large(sums: OwnSums) -> Iterator[Issue]:
    """A line 其中… with more than the line that it is a part of, both counted in the same."""
    whole: int | None = None
    for number, line in enumerate(sums.table.lines):
        if not line.label.startswith("其中"):
            whole = number
            continue
        for column, heads in enumerate(sums.table.heads):
            if any(_CHANGE.search(head) for head in heads):
                # The growth of a part may be more than that of its whole, where another part has fallen.
                continue
            if whole is None or counted_in(line.label) != counted_in(sums.table.lines[whole].label):
                continue
            part, all_of_it = (number, column), (whole, column)
            if sums.cell(all_of_it) and 0 < sums.value(all_of_it) < sums.value(part):
                stated = _amount(sums, part)
                message = (
                    f"《{sums.table.title}》“{_name(sums, part)}”为{stated}，"
                    f"大于它所属的“{_name(sums, all_of_it)}”{_amount(sums, all_of_it)}。"
                )
                cell = sums.cell(part)
                places = (cell.source,) if cell and cell.source else ()
                yield Issue("D003", load_rules()["D003"].severity, message, places, stated)


def _blamed(sums: OwnSums, broken: list[OwnSum]) -> Place:
    """The cell that most of the broken sums share with one and the same correction; else the whole of the first."""
    shared: Counter[tuple[Place, str]] = Counter()
    for each in broken:
        gap = sums.gap(each)
        shared[each.whole, str(-gap)] += 1
        if not each.times:
            shared.update((part, str(gap)) for part in each.parts)
            shared.update((part, str(-gap)) for part in each.minus)
    (place, _), count = max(shared.items(), key=lambda entry: (entry[1], entry[0][0] == broken[0].whole))
    return place if count > 1 else broken[0].whole


def _is_placed(sums: OwnSums, place: Place) -> bool:
    cell = sums.cell(place)
    return cell is None or cell.placed


def _finding(sums: OwnSums, blamed: Place, broken: list[OwnSum]) -> Issue:
    gaps = {sums.gap(each) if blamed in (each.whole, *each.minus) else -sums.gap(each) for each in broken}
    value, first = sums.value(blamed), broken[0]
    name = _name(sums, blamed)
    title = sums.table.title
    stated = _amount(sums, blamed)
    reasons = "；".join(dict.fromkeys(_reason(sums, each) for each in broken))
    if len(broken) > 1 and len(gaps) == 1:
        expected = _money(sums, value - gaps.pop(), blamed)
        message = f"《{title}》“{name}”为{stated}，应为{expected}：{reasons}。按此更正后，这些合计都成立。"
    else:
        expected = _money(sums, sums.value(first.whole) - sums.gap(first), first.whole)
        message = f"《{title}》“{name}”为{stated}：{reasons}。表中其余各处都是这样相加的。"
    if first.times or first.minus:
        message = message.replace("这样相加", "这样算")
    slip = slip_of(sums, first) if len(broken) == 1 else None
    if slip is not None:
        blamed, stated = slip, _amount(sums, slip)
        message = f"《{title}》“{_name(sums, slip)}”为{stated}，像是万元、元填错了：{reasons}，改了正好相等。"
        expected = _money(sums, sums.value(slip) + sums.gap(first), slip)
    cells = [(place, cell) for each in broken for place in each.places if (cell := sums.cell(place))]
    operands = tuple(
        StatedOperand(_name(sums, place), _amount(sums, place), cell.source)
        for place, cell in dict(cells).items()
    )[:_MOST_NAMED]
    own = sums.cell(blamed) or sums.cell(first.whole) or cells[0][1]
    places = (own.source,) if own.source else ()
    difference = _money(sums, abs(sums.gap(first)), first.whole)
    return Issue(
        "D003", load_rules()["D003"].severity, message, places, stated, expected, difference, operands=operands
    )


def _doubtful(sums: OwnSums, each: OwnSum) -> Issue:
    cell = sums.cell(each.whole)
    message = f"《{sums.table.title}》{_reason(sums, each)}。行有不列全的，请对照账簿核对。"
    expected = _money(sums, sums.value(each.whole) - sums.gap(each), each.whole)
    places = (cell.source,) if cell and cell.source else (sums.table.source,) if sums.table.source else ()
    return Issue("D003", "warning", message, places, _amount(sums, each.whole), expected)


def _reason(sums: OwnSums, each: OwnSum) -> str:
    whole, gap = _name(sums, each.whole), _money(sums, abs(sums.gap(each)), each.whole)
    added = _money(sums, sums.value(each.whole) - sums.gap(each), each.whole)
    stated = f"“{whole}”{_amount(sums, each.whole)}"
    if each.times:
        return f"{stated}，数量与单价之积为{added}，相差{gap}"
    if each.minus:
        return f"{stated}，两栏之差为{added}，相差{gap}"
    parts = "各栏" if each.kind[0] == "head" else "所属各行"
    return f"{stated}，{parts}之和为{added}，相差{gap}"


def _name(sums: OwnSums, place: Place) -> str:
    line, head = sums.table.lines[place[0]], sums.table.heads[place[1]]
    return f"{line.code}{line.label} {'·'.join(head)}".strip() or f"第{place[0] + 1}行"


def _amount(sums: OwnSums, place: Place) -> str:
    if not sums.cell(place):
        return "空白"
    return _money(sums, sums.value(place), place)


def _money(sums: OwnSums, value: Decimal, place: Place) -> str:
    """An amount in the words of its place: money, or a number of what its heading or its line counts."""
    head, counted = sums.table.heads[place[1]][-1:], counted_in(sums.table.lines[place[0]].label)
    if head and head[0].endswith("数量"):
        # Numbers stand in a table of money as well.
        return plain(value / MONEY_UNITS.get(sums.table.unit, 1))
    if re.fullmatch(_COUNTED, counted):
        return f"{plain(value / MONEY_UNITS.get(sums.table.unit, 1))}{counted}"
    return with_unit(value, sums.table.unit) if sums.table.unit else plain(value)
