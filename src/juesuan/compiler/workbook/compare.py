"""What one sheet of the workbook says against another: projects without expenditure's code, 万元 instead of 元."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from juesuan.account import WAN, Issue, Source, plain, total
from juesuan.compiler.entries import Entry, Gathered
from juesuan.compiler.messages import issue_at, say
from juesuan.compiler.workbook.lines import FilledLine
from juesuan.compiler.workbook.plan import PlannedSheet

PROJECT_NATURE = "项目支出"
ROUNDING = Decimal(50)
"""By how many yuan an amount can be off that was rounded to two decimals of 万元."""


class Sum(msgspec.Struct, frozen=True):
    """An amount, or several added up, with the cells they stand in."""

    sheet: str
    amounts: tuple[Decimal, ...]
    cells: tuple[str, ...]
    file: str = ""

    @property
    def value(self) -> Decimal:
        """The sum in yuan."""
        return total(self.amounts)

    @property
    def span(self) -> str:
        """The cells in brief."""
        return self.cells[0] if len(self.cells) == 1 else f"{self.cells[0]} 至 {self.cells[-1]}"


def compare(plan: Sequence[PlannedSheet], lines: Mapping[str, Sequence[FilledLine]], found: Gathered) -> list[Issue]:
    """The problems that only two sheets together show."""
    projects = next((sheet.key for sheet in plan if sheet.plan.makes == "project"), "")
    problems = list(_without_project(projects, lines, found)) if projects in lines else []
    for one, other in _pairs(projects, lines, found):
        for small, large in ((one, other), (other, one)):
            if small.value and abs(small.value * WAN - large.value) <= ROUNDING * len(small.amounts):
                problems.append(_in_wan(small, large))
    return problems


def _without_project(sheet: str, lines: Mapping[str, Sequence[FilledLine]], found: Gathered) -> Iterator[Issue]:
    """Project expenditure on an item that no project carries."""
    carried = {line.text("function") for line in lines[sheet]}
    for entry in _spent(found, PROJECT_NATURE):
        if entry.function and entry.function not in carried and entry.place:
            message = say("project.missing", code=entry.function, amount=plain(entry.amount), sheet=sheet)
            yield issue_at(entry.place, message)


def _spent(found: Gathered, nature: str) -> list[Entry]:
    return [e for e in found.entries if (e.record, e.nature, e.period) == ("支出", nature, "本年")]


def _pairs(projects: str, lines: Mapping[str, Sequence[FilledLine]], found: Gathered) -> Iterator[tuple[Sum, Sum]]:
    """Sums of two sheets that are the same money: basic expenditure by code and by item; each item's projects."""
    general = [e for e in found.entries if (e.record, e.source, e.period) == ("支出", "一般公共预算", "本年")]
    basic = [e for e in general if e.nature == "基本支出" and not (e.economy and e.function)]
    yield from _both([e for e in basic if e.economy], [e for e in basic if e.function])
    spent = _spent(found, PROJECT_NATURE)
    for function in sorted({entry.function for entry in spent}):
        outlays = [line for line in lines.get(projects, ()) if line.text("function") == function]
        amounts = [(line, value) for line in outlays if isinstance(value := line.values.get("outlay"), Decimal)]
        entries = _summed([entry for entry in spent if entry.function == function])
        if amounts and entries:
            cells = tuple(line.cells["outlay"] for line, _ in amounts)
            yield Sum(projects, tuple(value for _, value in amounts), cells, entries.file), entries


def _both(one: list[Entry], other: list[Entry]) -> Iterator[tuple[Sum, Sum]]:
    first, second = _summed(one), _summed(other)
    if first and second:
        yield first, second


def _summed(entries: list[Entry]) -> Sum | None:
    placed = [(entry, entry.place) for entry in entries if entry.place]
    if not placed:
        return None
    place = placed[0][1]
    cells = tuple(where.cell for _, where in placed)
    return Sum(place.sheet, tuple(entry.amount for entry, _ in placed), cells, place.file)


def _in_wan(small: Sum, large: Sum) -> Issue:
    message = say(
        "unit.wan",
        found=plain(small.value),
        cells=small.span,
        other=f"“{large.sheet}”表",
        other_cells=large.span,
        right=plain(large.value),
    )
    return issue_at(Source(file=small.file, sheet=small.sheet, cell=small.cells[0]), message)
