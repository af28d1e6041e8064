"""Official exports taken in: every figure at its address in the disclosure, or listed as having no place there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from juesuan.account import ZERO, Account, Fact, Issue, Source, cell_name, cell_place, with_unit
from juesuan.compiler import issue, issue_under, say
from juesuan.reader.exports import OpenedFile, SheetTable, StrangeTable, read_sheets
from juesuan.statute import MONEY_UNITS, NATIONAL, Statute, level_of, load_statute
from juesuan.statute.exports import ExportTable, load_exports, with_exports

Area = tuple[int, int, int, int]
"""First and last line, first and last column."""


class ExportedProject(msgspec.Struct, frozen=True):
    """A project as an export lists it: its name, its item and what was spent on it."""

    name: str
    function: str
    outlay: Decimal


class TakenTables(msgspec.Struct, frozen=True):
    """The figures of some exports by their addresses in the disclosure.

    `problems` keep from publishing, `notes` do not.
    """

    facts: tuple[Fact, ...]
    forms: tuple[str, ...]
    answered: frozenset[str]
    """The forms, and the single addresses, that the tables speak of, be it by a blank."""
    problems: tuple[Issue, ...]
    notes: tuple[Issue, ...]
    against: tuple[Fact, ...] = ()
    """Figures by the addresses at which the published budget should have the same."""
    projects: tuple[ExportedProject, ...] = ()
    """The projects that a table lists by name."""


def take_exports(files: Sequence[OpenedFile], statute: Statute) -> TakenTables:
    """What the exported tables of `files` say, those of one table beside those of another where they overlap."""
    read = read_sheets(files, with_exports(statute))
    facts: list[Fact] = []
    projects: list[ExportedProject] = []
    problems: list[Issue] = []
    notes = [*(note for file in files for note in _unread(file)), *map(_strange, read.strange)]
    for table in read.tables:
        if table.facts and not table.money and any(_is_money(fact, statute) for fact in table.facts):
            problems.append(issue(say("export.money", title=table.title), table.source))
            continue
        placed, unused = _placed(table, statute)
        facts.extend(placed)
        known = [fact.source for fact in table.facts if fact.source]
        taken = [fact.source for fact in placed if fact.source]
        listing, cells_of = _projects(table, statute)
        projects.extend(listing)
        loose = [cell.source for cell in table.loose if cell.source and cell.source not in cells_of]
        for key, cells, others in (("export.unused", unused, [*taken, *loose]), ("export.loose", loose, known)):
            if cells:
                message = say(key, title=table.title, count=len(cells), cells=listed(cells, others))
                notes.append(issue(message, table.source))
    forms = tuple(table.form for table in read.tables)
    against = tuple(fact for table in read.tables for fact in _against(table, statute))
    answered = _answered(forms, statute)
    return TakenTables(tuple(facts), forms, answered, tuple(problems), tuple(notes), against, tuple(projects))


def _projects(table: SheetTable, statute: Statute) -> tuple[list[ExportedProject], set[Source]]:
    """The projects of a table that lists them, and the cells with what was spent on them."""
    export = load_exports(statute).tables.get(table.form)
    column = export.projects if export else ""
    found: list[ExportedProject] = []
    cells: set[Source] = set()
    for line in table.named if column else ():
        outlay = line.amounts.get(column)
        if outlay and level_of(line.row) == "项":
            found.append(ExportedProject(line.name, line.row, outlay))
            cells.update(cell.source for cell in line.cells if cell.source)
    return found, cells


def _against(table: SheetTable, statute: Statute) -> list[Fact]:
    export = load_exports(statute).tables.get(table.form)
    places = export.against if export else {}
    return [
        msgspec.structs.replace(fact, address=places[fact.address.row, fact.address.column])
        for fact in table.facts
        if (fact.address.row, fact.address.column) in places
    ]


def budget_differences(taken: TakenTables, account: Account, statute: Statute) -> list[Issue]:
    """A note for each approved budget of an export that is not that of the published budget in `account`."""
    found: list[Issue] = []
    for fact in taken.against:
        other = account.get(fact.address)
        known = any(account.of_form(fact.address.form, fact.address.period))
        value, step = (other.figure.value, other.figure.resolution) if other else (ZERO, ZERO)
        if known and abs(fact.figure.value - value) > (fact.figure.resolution + step) / 2:
            one, two = with_unit(fact.figure.value), with_unit(value)
            what, place = statute.describe(fact.address), fact.source or Source()
            found.append(issue(say("budget.export", what=what, one=one, other=two, place=place), place))
    return found


def _unread(file: OpenedFile) -> list[Issue]:
    """What of a file was not read, or not as it stands: hidden sheets, formulas without a value, covered cells."""
    place = Source(file=file.raw.file)
    found = [issue_under("Q202", note, place) for note in file.raw.notes]
    return found + [
        issue_under("Q202", f"“{item.text}”没有读入，请核对", item.source or place) for item in file.raw.unplaced
    ]


def _answered(forms: Sequence[str], statute: Statute) -> frozenset[str]:
    tables = load_exports(statute).tables
    found = {form for form in forms if form not in tables}
    for form in forms:
        for address in tables[form].addresses() if form in tables else ():
            found.add(address.form if statute.forms[address.form].published else str(address))
    return frozenset(found)


def approves(file: OpenedFile) -> bool:
    """Whether a file has a table in which a budget is approved (预算批复表)."""
    statute = load_statute(NATIONAL, file.identity.year or None)
    budgets = {key for key, table in load_exports(statute).tables.items() if _is_budget(table)}
    return any(table.form in budgets for table in read_sheets([file], with_exports(statute)).tables)


def _is_budget(table: ExportTable) -> bool:
    return any(address.period != "本年" for address in table.addresses())


def _is_money(fact: Fact, statute: Statute) -> bool:
    form = with_exports(statute).forms[fact.address.form]
    return form.unit_of(fact.address.row) in MONEY_UNITS


def _placed(table: SheetTable, statute: Statute) -> tuple[list[Fact], list[Source]]:
    """The figures of a table at their addresses in the disclosure, and the cells that have none."""
    export = load_exports(statute).tables.get(table.form)
    found: list[Fact] = []
    unused: list[Source] = []
    printed = {form.key: {c.key for block in form.blocks for c in block.columns} for form in statute.forms.values()}
    for fact in table.facts:
        address = export.address(fact.address.row, fact.address.column) if export else fact.address
        if address is None or address.column not in printed[address.form]:
            unused.extend([fact.source] if fact.source and fact.figure.value else [])
        else:
            found.append(msgspec.structs.replace(fact, address=address))
    return found, unused


def _strange(table: StrangeTable) -> Issue:
    cells = [cell.source for cell in table.cells if cell.source]
    return issue(say("export.strange", title=table.title, count=len(cells), cells=listed(cells)), table.source)


def listed(places: Iterable[Source], taken: Iterable[Source] = ()) -> str:
    """Cells in brief, as areas (C5:F9) that hold none of `taken`; blank cells may lie within."""
    unused = {cell_place(source.cell) for source in places if source.cell}
    used = {cell_place(source.cell) for source in taken if source.cell}
    areas: list[Area] = []
    for column in sorted({column for _, column in unused}):
        for area in _of_column(column, {row for row, at in unused if at == column}, used):
            before = areas[-1] if areas else None
            both = _union(before, area) if before else None
            if both and not any(_within(cell, both) for cell in used):
                areas[-1] = both
            else:
                areas.append(area)
    return "、".join(_area(*area) for area in sorted(areas))


def _of_column(column: int, rows: set[int], used: set[tuple[int, int]]) -> list[Area]:
    """The cells of one column from the first to the last, broken where one between is used."""
    found: list[Area] = []
    for row in sorted(rows):
        last = found[-1] if found else None
        if last and not any(at == column and last[1] < line < row for line, at in used):
            found[-1] = (last[0], row, column, column)
        else:
            found.append((row, row, column, column))
    return found


def _union(one: Area, other: Area) -> Area:
    return min(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), max(one[3], other[3])


def _within(cell: tuple[int, int], area: Area) -> bool:
    return area[0] <= cell[0] <= area[1] and area[2] <= cell[1] <= area[3]


def _area(top: int, bottom: int, first: int, last: int) -> str:
    start, end = cell_name(top, first), cell_name(bottom, last)
    return start if start == end else f"{start}:{end}"
