"""What a unit fills in on a screen (网上填报): the workbook's sheets as texts, kept as typed, right or wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from pathlib import Path

import msgspec

from juesuan.account import Fact, Source
from juesuan.compiler import cells
from juesuan.compiler.entries import Gathered
from juesuan.compiler.messages import BadValueError
from juesuan.compiler.workbook.fill import Filler, SheetContents, Value
from juesuan.compiler.workbook.grid import FIELD_VALUE, FilledCell, SheetGrid, normal, open_book
from juesuan.compiler.workbook.lines import IDENTITY
from juesuan.compiler.workbook.plan import OWN_SHEETS, PlannedSheet, Slot, known_to_ledger, sheets, unanswered
from juesuan.statute import Statute

FILE = "网上填报"
"""What messages and sources call it."""


class ContentLine(msgspec.Struct):
    """A line of a list; `id` stays with it while lines come and go around it."""

    id: int
    cells: dict[str, str] = {}


class Page(msgspec.Struct, omit_defaults=True):
    """What is filled in on one sheet: single cells by the key of their slot, or lines. `last` is the last id given."""

    cells: dict[str, str] = {}
    lines: list[ContentLine] = []
    last: int = 0

    def line(self, identity: int) -> ContentLine | None:
        """The line with this id."""
        return next((line for line in self.lines if line.id == identity), None)

    def add(self, cells: dict[str, str]) -> ContentLine:
        """A new line at the end."""
        self.last += 1
        line = ContentLine(self.last, cells)
        self.lines.append(line)
        return line


class GivenFigures(msgspec.Struct, omit_defaults=True):
    """What files say of the account besides what is typed: official exports, the budget, last year's account.

    `answered` are the forms and addresses that exports speak of, be it by a blank: they are not asked for. `last`,
    `budget` and `outcome` are the digests of the disclosures that this one is held against, where they were given:
    last year's of its kind, of a final account the budget, of a budget last year's final account; `notes` tell what was
    noticed on the way, such as numbers that have no place.
    """

    files: list[str] = []
    facts: list[Fact] = []
    answered: list[str] = []
    last: str = ""
    budget: str = ""
    notes: list[str] = []
    outcome: str = ""

    def with_others(self, new: GivenFigures) -> GivenFigures:
        """These and `new` ones, which stand in place of those at the same addresses."""
        known = {fact.address for fact in new.facts}
        return GivenFigures(
            list(dict.fromkeys((*self.files, *new.files))),
            [*(fact for fact in self.facts if fact.address not in known), *new.facts],
            sorted({*self.answered, *new.answered}), new.last or self.last, new.budget or self.budget,
            list(dict.fromkeys((*self.notes, *new.notes))), new.outcome or self.outcome,
        )  # fmt: skip


class FilingContent(msgspec.Struct, omit_defaults=True):
    """Everything filled in for one account, by the key of the sheet, and what files say besides."""

    pages: dict[str, Page] = {}
    given: GivenFigures | None = None

    @property
    def figures(self) -> GivenFigures:
        """What files say; nothing where there were none."""
        return self.given or GivenFigures()

    def page(self, sheet: str) -> Page:
        """What is filled in on `sheet`."""
        return self.pages.setdefault(sheet, Page())


class ContentPlace(msgspec.Struct, frozen=True, order=True):
    """A cell on the screen: sheet, the line's id (0: a single cell, or the whole sheet), and the key of the slot."""

    sheet: str
    line: int = 0
    key: str = ""


class ContentBook:
    """What is filled in, as sheets that the workbook's reader reads: screen and workbook stand under the same rules."""

    file = FILE

    def __init__(self, filled: FilingContent, statute: Statute) -> None:
        self._filled = filled
        self.sheets = {sheet.key: sheet for sheet in sheets(statute)}
        self._grids = {key: ContentGrid(sheet, filled.page(key)) for key, sheet in self.sheets.items()}

    @property
    def names(self) -> list[str]:
        """The names of the sheets."""
        return list(self.sheets)

    @property
    def made_with(self) -> tuple[str, ...]:
        """Its sheets: none can be deleted from the screen."""
        return tuple(self.sheets)

    def grid(self, name: str) -> ContentGrid:
        """The cells of the sheet called `name`."""
        return self._grids[name]

    def spot(self, sheet: str, cell: str) -> ContentPlace | None:
        """The cell on the screen that a message or a source names."""
        grid = self._grids.get(sheet)
        return grid.spots.get(cell, ContentPlace(sheet)) if grid else None


class ContentGrid(SheetGrid):
    """One sheet: a list's lines are its rows, in columns by the order of the slots; single cells are in column 2."""

    def __init__(self, sheet: PlannedSheet, page: Page) -> None:
        self._plan = sheet
        self._page = page
        self._list = sheet.plan.layout == "list"
        rows: dict[int, dict[int, FilledCell]] = {}
        for row, values in enumerate((line.cells for line in page.lines) if self._list else [], 1):
            for column, slot in enumerate(sheet.slots, 1):
                self._put(rows, row, column, values.get(slot.plan.key, ""))
        for row, slot in enumerate([] if self._list else sheet.slots, 1):
            self._put(rows, row, 2, page.cells.get(slot.plan.key, ""))
        super().__init__(FILE, sheet.key, rows)

    @staticmethod
    def _put(rows: dict[int, dict[int, FilledCell]], row: int, column: int, text: str) -> None:
        if text.strip():
            rows.setdefault(row, {})[column] = FilledCell(text, row, column)

    def headings(self, slots: Iterable[Slot]) -> tuple[int, dict[int, Slot]]:
        """The slots of the columns; their headings stand above the first row (-1)."""
        wanted = list(slots)
        return -1, {column: slot for column, slot in enumerate(self._plan.slots, 1) if slot in wanted}

    def labels(self, sheet: PlannedSheet) -> tuple[int, dict[int, Slot]]:
        """The slots of the rows."""
        return 1, dict(enumerate(sheet.slots, 1))

    def source(self, cell: str) -> Source:
        """The place of a cell, named as people see it on the screen."""
        return Source(file=FILE, sheet=self.sheet, cell=self._shown.get(cell, cell))

    @cached_property
    def spots(self) -> dict[str, ContentPlace]:
        """The cells of the screen by the names that sources give them."""
        return dict(self._named.values())

    @cached_property
    def _shown(self) -> dict[str, str]:
        return {cell: name for cell, (name, _) in self._named.items()}

    @cached_property
    def _named(self) -> dict[str, tuple[str, ContentPlace]]:
        found: dict[str, tuple[str, ContentPlace]] = {}
        for place, slot in enumerate(self._plan.slots, 1):
            key, label = slot.plan.key, slot.plan.label
            if not self._list:
                found[FilledCell(None, place, 2).name] = (f"“{label}”", ContentPlace(self.sheet, 0, key))
                continue
            for row, line in enumerate(self._page.lines, 1):
                found[FilledCell(None, row, place).name] = (
                    f"第{row}行“{label}”",
                    ContentPlace(self.sheet, line.id, key),
                )
        return found


def contents_of(filled: FilingContent, statute: Statute) -> dict[str, SheetContents]:
    """The values that a workbook is written with: numbers where the cells hold such, else the texts."""
    found = {}
    for sheet in sheets(statute):
        page = filled.page(sheet.key)
        lines = [_values(sheet, line.cells) for line in page.lines]
        found[sheet.key] = SheetContents(_values(sheet, page.cells), [line for line in lines if line])
    return found


def _values(sheet: PlannedSheet, typed: dict[str, str]) -> dict[str, Value]:
    return {slot.plan.key: _value(slot, text) for slot in sheet.inputs if (text := typed.get(slot.plan.key, ""))}


def _value(slot: Slot, text: str) -> Value:
    if slot.money or slot.plan.type in ("count", "points", "share"):
        try:
            return cells.decimal(text) or Decimal(0)
        except BadValueError:
            return text
    return text


def of_gathered(gathered: Gathered, statute: Statute) -> FilingContent:
    """The cells for what was read from a ledger or elsewhere."""
    filler = Filler(gathered)
    return of_contents({sheet.key: filler.contents(sheet) for sheet in sheets(statute)})


def with_ledger(sheet: PlannedSheet, page: Page, ledger: Page) -> Page:
    """A sheet with the amounts of a ledger in place of those it had; what no ledger knows stays as it is.

    Lines go together that are about the same (code, source, name); of a line that leaves one of these blank, with the
    only one of the ledger that it can be. One that a ledger does not have keeps what else it says, and goes where that
    is nothing.
    """
    known = {slot.plan.key for slot in sheet.inputs if slot.plan.entry and known_to_ledger(slot)}
    keys = [key for key in IDENTITY.get(sheet.plan.makes, ()) if sheet.slot(key)]
    found = {tuple(line.cells.get(key, "") for key in keys): _told(sheet, line.cells) for line in ledger.lines}
    made = Page({k: v for k, v in page.cells.items() if k not in known} | ledger.cells, [], page.last)
    there = [tuple(line.cells.get(key, "").strip() for key in keys) for line in page.lines]
    for line, identity in zip(page.lines, there, strict=True):
        own = {key: value for key, value in line.cells.items() if key not in known}
        if identity not in found and any(identity):
            can = [each for each in found if each not in there and _fits(identity, each)]
            identity = can[0] if len(can) == 1 else identity
        cells = own | found.pop(identity, {})
        if cells.keys() - set(keys):
            made.lines.append(ContentLine(line.id, cells))
    for cells in found.values():
        made.add(cells)
    return made


def _fits(identity: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether what an identity says, blanks aside, is what the other one says."""
    return all(mine in ("", theirs) for mine, theirs in zip(identity, other, strict=True))


def _told(sheet: PlannedSheet, cells: dict[str, str]) -> dict[str, str]:
    """What a ledger says of a line: of a project's budget, of which it knows nothing, it has an empty amount."""
    budgets = {slot.plan.key for slot in sheet.inputs if slot.plan.target == "project.budget"}
    return {key: value for key, value in cells.items() if key not in budgets or value.strip("0.")}


def with_held(sheet: PlannedSheet, page: Page, held: Page) -> Page:
    """A sheet with what documents say in the cells that are blank; lines go together that are about the same."""
    keys = [key for key in IDENTITY.get(sheet.plan.makes, ()) if sheet.slot(key)]
    made = Page(held.cells | page.cells, [ContentLine(line.id, dict(line.cells)) for line in page.lines], page.last)
    if not keys:
        for line in held.lines if not page.lines else ():
            made.add(line.cells)
        return made
    known = {tuple(line.cells.get(key, "") for key in keys): line for line in made.lines}
    for line in held.lines:
        same = known.get(tuple(line.cells.get(key, "") for key in keys))
        if same is None:
            made.add(line.cells)
        else:
            same.cells = line.cells | same.cells
    return made


def sheets_to_fill(filled: FilingContent, statute: Statute) -> tuple[PlannedSheet, ...]:
    """The sheets and cells that no export answers; a sheet on which something is filled in stays whole."""
    answered = frozenset(filled.figures.answered)
    if not answered:
        return sheets(statute)
    asked = {sheet.key: unanswered(sheet, answered) for sheet in sheets(statute, ledger=True)}
    found = []
    for sheet in sheets(statute):
        less = asked.get(sheet.key)
        page = filled.page(sheet.key)
        left = {slot.plan.key for slot in less.slots} if less else set()
        used = {*page.cells, *(key for line in page.lines for key in line.cells)}
        found.append(sheet if used - left or (less is None and used) else less)
    return tuple(sheet for sheet in found if sheet is not None and sheet.slots)


def of_contents(contents: Mapping[str, SheetContents]) -> FilingContent:
    """What a workbook would be written with, as what is filled in."""
    filled = FilingContent()
    for key, sheet in contents.items():
        page = filled.page(key)
        page.cells = {name: _text(value) for name, value in sheet.cells.items()}
        for line in sheet.lines:
            page.add({name: _text(value) for name, value in line.items()})
    return filled


DIGITS = 20
"""So many digits have amounts at most."""


def _text(value: Value) -> str:
    return number_text(value) if isinstance(value, Decimal) else str(value)


def number_text(value: Decimal) -> str:
    """A number as somebody would type it: no noughts behind the cents that only come of its unit (29,941.570000)."""
    cents = value.quantize(Decimal("0.01")) if value.is_finite() and value.adjusted() < DIGITS else value
    exponent = value.as_tuple().exponent
    return f"{cents:f}" if isinstance(exponent, int) and exponent < -2 and cents == value else f"{value:f}"


def of_workbook(path: Path, statute: Statute) -> tuple[FilingContent, list[str]]:
    """What is filled in in a workbook, cell by cell, wrong ones too, and the names of sheets that are not ours.

    Raises UnreadableSourceError for a file that is no workbook.
    """
    book = open_book(path)
    names = {normal(name): name for name in book.names}
    filled = FilingContent()
    for sheet in sheets(statute):
        if normal(sheet.key) in names:
            grid = book.grid(names.pop(normal(sheet.key)))
            _take_list(grid, sheet, filled) if sheet.plan.layout == "list" else _take_fields(grid, sheet, filled)
    return filled, [name for name in names.values() if name not in OWN_SHEETS and any(book.grid(name).rows(0))]


def _take_list(grid: SheetGrid, sheet: PlannedSheet, filled: FilingContent) -> None:
    heading, columns = grid.headings(sheet.slots)
    for row in grid.rows(heading) if heading else ():
        line = dict(_taken(grid, row, {slot: column for column, slot in columns.items()}))
        if line:
            filled.page(sheet.key).add(line)


def _take_fields(grid: SheetGrid, sheet: PlannedSheet, filled: FilingContent) -> None:
    names, rows = grid.labels(sheet)
    heads = [found.column for row in (2, 3, 4) for found in grid.row(row).values() if found.value == FIELD_VALUE]
    column = heads[0] if heads else names + 1
    for row, slot in rows.items():
        filled.page(sheet.key).cells.update(_taken(grid, row, {slot: column}))


def _taken(grid: SheetGrid, row: int, columns: dict[Slot, int]) -> Iterator[tuple[str, str]]:
    for slot, column in columns.items():
        found = grid.resolved(grid.at(row, column) or grid.merged(row, column))
        if slot.computed or found is None:
            continue
        text = found.error or cells.text(found.value, percent=found.percent and slot.plan.type != "share") or ""
        if found.percent and slot.plan.type == "share" and not found.error:
            text = f"{text}%" if isinstance(found.value, str) else cells.text(found.value, percent=True) or ""
        if text:
            yield slot.plan.key, text
