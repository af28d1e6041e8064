"""The workbook's sheets as pages to fill in: their cells with what stands in them, and the findings beside each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import cache, lru_cache

import msgspec

from juesuan.account import printed, total
from juesuan.compiler import BadValueError, amount
from juesuan.compiler.editor import ContentPlace, Examination, FilingContent, Page, PlacedIssue, sheets_to_fill
from juesuan.compiler.workbook import UNITS, PlannedSheet, Slot, column_total, has_totals, line_total
from juesuan.statute import CODE_LENGTHS, Statute
from juesuan.web.filing.filings import content_of, examined, statute_for, statute_of
from juesuan.web.infra.models import Filing

BLANK_LINES = 3
"""Empty lines at the end of a list, to go on in."""


LINES_AT_ONCE = 200
"""Lines of a list on one page: a browser lays out some thousand cells at once, not ten thousands."""


class SheetHead(msgspec.Struct, frozen=True):
    """A sheet in the list of sheets: how many values it holds and how many findings it has by level."""

    key: str
    title: str
    values: int
    errors: int
    missing: int
    warnings: int
    needed: bool


class Overview(msgspec.Struct, frozen=True):
    """All sheets."""

    sheets: tuple[SheetHead, ...]


class CellView(msgspec.Struct, frozen=True):
    """A cell to be filled in, or computed."""

    slot: Slot
    field: str
    value: str
    notes: tuple[PlacedIssue, ...] = ()
    options: tuple[str, ...] = ()

    @property
    def wrong(self) -> bool:
        """Whether it is an error as it stands."""
        return any(note.level == "error" for note in self.notes)


class LineView(msgspec.Struct, frozen=True):
    """A line of a list; id 0 for one that is not there yet."""

    id: int
    number: int
    cells: tuple[CellView, ...]


class GroupView(msgspec.Struct, frozen=True):
    """Single cells under one heading; `sum` of amounts in yuan, where they can be added up."""

    title: str
    cells: tuple[CellView, ...]
    sum: str = ""


class SheetPart(msgspec.Struct, frozen=True):
    """Some of the lines of a long list: from number `first` to `last`, and how many of them have something wrong."""

    number: int
    first: int
    last: int
    wrong: int


class SheetView(msgspec.Struct, frozen=True):
    """A sheet as it is filled in: the lines of `part`, which is one of `parts` where the list is long."""

    sheet: PlannedSheet
    lines: tuple[LineView, ...]
    groups: tuple[GroupView, ...]
    sums: dict[str, str]
    loose: tuple[PlacedIssue, ...]
    choices: dict[str, tuple[str, ...]]
    part: SheetPart
    parts: tuple[SheetPart, ...]


def sheet_of(filing: Filing, key: str) -> PlannedSheet | None:
    """The sheet called `key`."""
    filled = content_of(filing)
    # Where no export answers anything they are all of the workbook's: nothing to be worked out at every save.
    there = (
        sheets_to_fill(filled, statute_of(filing)) if filled.figures.answered
        else _every_sheet(filing.season.profile, filing.season.year)
    )
    return next((sheet for sheet in there if sheet.key == key), None)


@cache
def _every_sheet(profile: str, year: int) -> tuple[PlannedSheet, ...]:
    return sheets_to_fill(FilingContent(), statute_for(profile, year))


def overview_of(filing: Filing) -> Overview:
    """All sheets of a filing with the numbers of their findings."""
    examination, filled = examined(filing), content_of(filing)
    heads = []
    for sheet in sheets_to_fill(filled, statute_of(filing)):
        page = filled.page(sheet.key)
        notes = [note for note in examination.placed if any(spot.sheet == sheet.key for spot in note.spots)]
        heads.append(SheetHead(
            sheet.key, sheet.plan.title, len(page.cells) + sum(len(line.cells) for line in page.lines),
            _count(notes, "error"), _count(notes, "missing"), _count(notes, "warning"),
            any(slot.insisted for slot in sheet.inputs),
        ))
    return Overview(tuple(heads))


def view_of(filing: Filing, sheet: PlannedSheet, number: int = 1) -> SheetView:
    """One sheet, of a long list the part `number`, with the findings beside its cells."""
    examination, filled, statute = examined(filing), content_of(filing), statute_of(filing)
    notes = notes_by_field(examination, sheet.key)
    page = filled.page(sheet.key)
    choices = {slot.plan.key: _choices(slot, filled) for slot in sheet.inputs}

    def cell(slot: Slot, line: int, cells: Mapping[str, str]) -> CellView:
        field = f"{line}.{slot.plan.key}"
        value = computed(slot, sheet, cells, statute) if slot.computed else cells.get(slot.plan.key, "")
        return CellView(slot, field, value, tuple(notes.get(field, ())), choices.get(slot.plan.key, ()))

    parts = _parts(page, notes)
    part = parts[max(0, min(number, len(parts)) - 1)]
    lines = tuple(
        LineView(line.id, place, tuple(cell(slot, line.id, line.cells) for slot in sheet.slots))
        for place, line in enumerate(page.lines[part.first - 1 : part.last], part.first)
    )
    return SheetView(
        sheet, lines, _groups(sheet, page, cell) if sheet.plan.layout == "fields" else (), sums_of(sheet, page),
        tuple(note for note in examination.placed if any(s == ContentPlace(sheet.key) for s in note.spots)), choices,
        part, parts,
    )


def _parts(page: Page, notes: Mapping[str, Sequence[PlacedIssue]]) -> tuple[SheetPart, ...]:
    """The parts of a list, one at least."""
    wrong = {field.partition(".")[0] for field, found in notes.items() if any(n.level != "notice" for n in found)}
    starts = range(0, len(page.lines) or 1, LINES_AT_ONCE)
    return tuple(
        SheetPart(number, start + 1, min(start + LINES_AT_ONCE, len(page.lines)),
                  sum(str(line.id) in wrong for line in page.lines[start : start + LINES_AT_ONCE]))
        for number, start in enumerate(starts, 1)
    )


def notes_by_field(examination: Examination, sheet: str) -> dict[str, list[PlacedIssue]]:
    """The findings on a sheet by the name of the cell in the form."""
    found: dict[str, list[PlacedIssue]] = {}
    for note in examination.placed:
        for spot in note.spots:
            if spot.sheet == sheet and spot.key:
                found.setdefault(f"{spot.line}.{spot.key}", []).append(note)
    return found


def _groups(sheet: PlannedSheet, page: Page, cell: object) -> tuple[GroupView, ...]:
    assert callable(cell)
    groups: dict[str, list[Slot]] = {}
    for slot in sheet.slots:
        groups.setdefault(slot.plan.group, []).append(slot)
    found = []
    for title, slots in groups.items():
        summed = all(slot.money and slot.plan.entry for slot in slots)
        known = _amounts(page.cells) if summed else {}
        amounts = [known[slot.plan.key] for slot in slots if slot.plan.key in known]
        shown = _printed(total(amounts) if amounts else None)
        found.append(GroupView(title, tuple(cell(slot, 0, page.cells) for slot in slots), shown))
    return tuple(found)


def sums_of(sheet: PlannedSheet, page: Page) -> dict[str, str]:
    """The sum in yuan of each column of amounts of a list."""
    if not has_totals(sheet):
        return {}
    lines = [_amounts(line.cells) for line in page.lines]
    return {slot.plan.key: _printed(column_total(sheet, slot, lines)) for slot in sheet.slots if slot.money}


def computed(slot: Slot, sheet: PlannedSheet, cells: Mapping[str, str], statute: Statute) -> str:
    """What a computed cell shows: the name of a code, or the sum of the line's amounts of this year."""
    if slot.plan.type == "sum":
        return _printed(line_total(sheet, _amounts(cells)))
    of = sheet.slot(slot.plan.of)
    table = statute.economic if of and of.plan.type == "economy" else statute.functional
    code = cells.get(slot.plan.of, "").strip()
    return table.name(code, statute.year) if code.isdigit() else ""


def _amounts(cells: Mapping[str, str]) -> dict[str, Decimal]:
    """The cells that hold an amount, in yuan; what cannot be read is told beside its cell and counts nowhere."""
    return {key: value for key, text in cells.items() if (value := _amount(text)) is not None}


@lru_cache(maxsize=32_768)
def _amount(text: str) -> Decimal | None:
    """A cell's amount; the same texts are read at every opening and check of a long sheet, for lines and for sums."""
    with suppress(BadValueError):
        return amount(text)
    return None


def _printed(value: Decimal | None) -> str:
    return "" if value is None else printed(value, 2, grouping=True)


def grouped(slot: Slot, value: str) -> str:
    """A value as it is shown to who does not edit it: an amount with a comma at each thousand."""
    try:
        number = amount(value, negative=True) if slot.money else None
    except BadValueError:
        number = None
    if number is None or slot.plan.type == "wan":
        return value
    return printed(number, 2, grouping=True)


def _choices(slot: Slot, filled: FilingContent) -> tuple[str, ...]:
    if not slot.plan.options_from:
        return slot.plan.options
    sheet, _, key = slot.plan.options_from.partition(".")
    names = (line.cells.get(key, "") for line in filled.page(sheet).lines)
    return (*slot.plan.options, *dict.fromkeys(name for name in names if name))


def _count(notes: Iterable[PlacedIssue], level: str) -> int:
    return sum(note.level == level for note in notes)


def codes_for(sheet: PlannedSheet, statute: Statute) -> dict[str, list[tuple[str, str]]]:
    """The codes with names that may be filled in in the sheet's columns, by the type of the column."""
    wanted = {slot.plan.type for slot in sheet.inputs}
    tables = {"function": (statute.functional, "项"), "economy": (statute.economic, "款")}
    return {
        kind: [(entry.code, entry.name) for entry in table.of_year(statute.year)
               if len(entry.code) == CODE_LENGTHS[level]]
        for kind, (table, level) in tables.items() if kind in wanted
    }


def unit_of(slot: Slot) -> str:
    """The unit that a cell is filled in in (元), empty for none."""
    return UNITS.get(slot.plan.type, "")
