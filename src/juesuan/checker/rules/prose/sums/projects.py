"""Projects told in the prose against the document's own table of projects (项目支出预算表, 项目绩效目标表)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from juesuan.account import BUDGETS, Account, Issue, OtherTable, Range, bare_item, range_of, spaceless, total
from juesuan.checker.rules.prose.model.found import issue, name_of
from juesuan.checker.rules.prose.model.numbers import Prose
from juesuan.statute import TOTAL
from juesuan.statute.language import load_document_words, load_prose_rules

_LEAST = 2
"""A list of projects has so many lines."""


class _Projects(msgspec.Struct, frozen=True):
    """A plain list of projects: the amounts of each by its name, and the total that they make up."""

    title: str
    lines: tuple[tuple[str, tuple[Range, ...]], ...]
    whole: Range


def check_projects(prose: Prose, account: Account, kind: str) -> Iterator[Issue]:
    """Z114: so many projects of so much money, where the table with this total has more or fewer; Z181: the amount of
    one that its table prints otherwise. Only for a budget: a final account has several amounts of each.
    """
    lists = [found for table in account.others if (found := _listed(table)) is not None]
    for found in lists:
        yield from _counted(prose, found)
    if kind == "预算":
        for found in lists:
            yield from _by_name(prose, found)


def _listed(table: OtherTable) -> _Projects | None:
    """The projects of a table: lines without levels whose amounts make up the total of the first column.

    None for a table of the units that have the projects, or that gives a project several lines (one for each item).
    """
    rules = load_prose_rules().projects
    titled = any(word in table.title for word in rules.tables)
    totals = [line for line in table.lines if spaceless(line.label) in (TOTAL, *rules.totals)]
    lines = [line for line in table.lines if line not in totals and line.cells[0] is not None and line.label]
    if not titled or len(totals) != 1 or len(lines) < _LEAST or totals[0].cells[0] is None:
        return None
    names = [bare_item(line.label) for line in lines]
    units = re.compile(f"{load_document_words().organisations.known}$")
    if len(set(names)) < len(names) or any(map(units.search, names)):
        return None
    whole = totals[0].cells[0].figure
    if total(line.cells[0].figure.value for line in lines if line.cells[0]) != whole.value:
        return None
    amounts = [tuple(range_of(cell.figure) for cell in line.cells if cell) for line in lines]
    return _Projects(table.title, tuple(zip(names, amounts, strict=True)), range_of(whole))


def _counted(prose: Prose, found: _Projects) -> Iterator[Issue]:
    rules = load_prose_rules().projects
    for count in prose.numbers:
        own = count.stated
        if count.measure != "数量" or own.unit not in rules.units or not own.subject.startswith(rules.counted):
            continue
        beside = [n for n in prose.passages[own.passage] if n.stated.sentence == own.sentence and n.is_money]
        money = next((n for n in beside if n.range.meets(found.whole)), None)
        if money is None or count.value == len(found.lines):
            continue
        message = f"写的是{count.text}，《{found.title}》列有{len(found.lines)}个项目，合计正是{money.text}。"
        yield issue(prose, "Z114", message, (count, money), stated=count.text, expected=f"{len(found.lines)}个")


def _by_name(prose: Prose, found: _Projects) -> Iterator[Issue]:
    for name, printed in found.lines:
        told = [n for n in prose.numbers if bare_item(n.stated.subject) == name and n.is_money and n.measure in BUDGETS]
        for number in told:
            if any(number.range.meets(amount) for amount in printed):
                continue
            right = f"{printed[0].value / 10000:.2f}万元"
            message = f"{name_of(number)}写作{number.text}，《{found.title}》为{right}。"
            yield issue(prose, "Z181", message, (number,), stated=number.text, expected=right)
