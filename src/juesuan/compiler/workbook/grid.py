"""A filled-in workbook as it lies on the disk: opened, its headings found, its cells with their places."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from juesuan.account import Source, cell_name, spaceless
from juesuan.compiler.cells import Raw, blank, tidy
from juesuan.compiler.file_kinds import demand_table
from juesuan.compiler.messages import say, unreadable
from juesuan.compiler.workbook.plan import SHEETS_PROPERTY, PlannedSheet, Slot

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell as ExcelCell
    from openpyxl.cell.cell import MergedCell
    from openpyxl.workbook.workbook import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

"""How a file of the old Excel begins, and one that is encrypted."""

HEADING_LINES = 12
"""How far down the headings of a list are looked for."""

FIELD_VALUE = "填写内容"
"""The heading of the column with the values of single cells."""

_UNIT = re.compile(r"[(（](元|万元|分|%)[)）]$")


class FilledCell(msgspec.Struct, frozen=True):
    """A cell that holds something: its value, whether it is formatted as a percentage, and where it stands.

    A `formula` has no value before the grid has looked up its result. `error` is an error value, or `=` for a formula
    whose result the file does not contain.
    """

    value: Raw
    row: int
    column: int
    percent: bool = False
    error: str = ""
    formula: bool = False

    @property
    def name(self) -> str:
        """The cell's name in Excel (C7)."""
        return cell_name(self.row - 1, self.column - 1)


class Book(Protocol):
    """Sheets with what was filled in, wherever they are kept."""

    @property
    def file(self) -> str:
        """What messages call it."""

    @property
    def names(self) -> list[str]:
        """The names of the sheets."""

    @property
    def made_with(self) -> tuple[str, ...]:
        """The sheets that it had when it was made; empty where that is not known."""

    def grid(self, name: str) -> SheetGrid:
        """The cells of the sheet called `name`."""


class OpenedBook:
    """An Excel file with its formulas; their results are read only where one stands in a cell to fill in."""

    def __init__(self, name: str, content: bytes) -> None:
        from openpyxl import load_workbook

        self.file = name
        self._content = content
        self._book = load_workbook(BytesIO(content))
        self._grids: dict[str, SheetGrid] = {}

    @property
    def names(self) -> list[str]:
        """The names of the sheets."""
        return list(self._book.sheetnames)

    @property
    def made_with(self) -> tuple[str, ...]:
        """The sheets that it had when it was made, as it remembers; empty for one that does not."""
        # The library's types do not know its own custom properties.
        remembered: Any = self._book
        properties = {item.name: str(item.value) for item in remembered.custom_doc_props.props}
        return tuple(filter(None, properties.get(SHEETS_PROPERTY, "").split("、")))

    def grid(self, name: str) -> SheetGrid:
        """The cells of the sheet called `name`."""
        if name not in self._grids:
            self._grids[name] = self._read(self._book[name])
        return self._grids[name]

    def _read(self, sheet: Worksheet) -> SheetGrid:
        rows: dict[int, dict[int, FilledCell]] = {}
        for row in sheet.iter_rows():
            for cell in row:
                found = _found(cell)
                if found:
                    rows.setdefault(found.row, {})[found.column] = found
        merged = {
            (row, area.min_col): (area.min_row, area.min_col)
            for area in sheet.merged_cells.ranges
            for row in range(area.min_row + 1, area.max_row + 1)
        }
        return SheetGrid(self.file, sheet.title, rows, merged, lambda found: self._result(sheet.title, found))

    def _result(self, sheet: str, found: FilledCell) -> FilledCell | None:
        cell = self.results[sheet].cell(found.row, found.column)
        if cell.value is None and cell.data_type == "str":
            return None
        return _found(cell) or msgspec.structs.replace(found, error="=")

    @cached_property
    def results(self) -> Workbook:
        """The same file with the results of its formulas."""
        from openpyxl import load_workbook

        return load_workbook(BytesIO(self._content), data_only=True)


def open_book(path: Path) -> OpenedBook:
    """The Excel file at `path`. Raises UnreadableSourceError for anything else, saying what it is."""
    name = path.name
    if not path.is_file():
        raise unreadable(say("file.missing", file=name))
    content = path.read_bytes()
    if not content:
        raise unreadable(say("file.empty", file=name))
    demand_table(path, content, built=True)
    try:
        return OpenedBook(name, content)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError, EOFError, TypeError) as error:
        # openpyxl lets whatever its parsers meet in a damaged file through, each kind in its own way.
        raise unreadable(say("file.workbook", file=name)) from error


class SheetGrid:
    """The cells of one sheet by row and column, counted from 1, blanks left out."""

    def __init__(
        self,
        file: str,
        sheet: str,
        rows: dict[int, dict[int, FilledCell]],
        merged: Mapping[tuple[int, int], tuple[int, int]] | None = None,
        result: Callable[[FilledCell], FilledCell | None] = lambda found: found,
    ) -> None:
        self.file = file
        self.sheet = sheet
        self._rows = rows
        self._merged = merged or {}
        self._result = result

    def resolved(self, found: FilledCell | None) -> FilledCell | None:
        """A cell with the result of its formula, where it has one; None where that is an empty text."""
        return self._result(found) if found and found.formula else found

    def at(self, row: int, column: int) -> FilledCell | None:
        """What stands in a cell."""
        return self._rows.get(row, {}).get(column)

    def merged(self, row: int, column: int) -> FilledCell | None:
        """What a cell shows that is merged with those above it."""
        top = self._merged.get((row, column))
        return self.at(*top) if top else None

    def rows(self, after: int) -> Iterator[int]:
        """The rows below `after` that hold something, in order."""
        return iter(sorted(row for row in self._rows if row > after))

    def row(self, row: int) -> Mapping[int, FilledCell]:
        """What stands in a row, by column."""
        return self._rows.get(row, {})

    def source(self, cell: str) -> Source:
        """The place of a cell."""
        return Source(file=self.file, sheet=self.sheet, cell=cell)

    def headings(self, slots: Iterable[Slot]) -> tuple[int, dict[int, Slot]]:
        """The row with the headings of a list and the slot of each of its columns; row 0 where there is none."""
        return _headings(self, slots)

    def labels(self, sheet: PlannedSheet) -> tuple[int, dict[int, Slot]]:
        """The column with the names of single cells, and the slot of each row; column 0 where there is none."""
        return _labels(self, sheet)


def _found(cell: ExcelCell | MergedCell) -> FilledCell | None:
    value = cell.value
    if value is None or cell.row is None or cell.column is None:
        return None
    column = int(cell.column)
    if cell.data_type == "e":
        return FilledCell(None, cell.row, column, error=str(value))
    percent = "%" in str(cell.number_format)
    if cell.data_type == "f":
        return FilledCell(None, cell.row, column, percent, formula=True)
    if not isinstance(value, Raw) or blank(value):
        return None
    return FilledCell(value, cell.row, column, percent)


def normal(heading: object) -> str:
    """A heading without blanks, marks of required cells and its unit, for comparison."""
    text = spaceless(tidy(str(heading))).strip("*＊：:")
    return _UNIT.sub("", text)


def _headings(grid: SheetGrid, slots: Iterable[Slot]) -> tuple[int, dict[int, Slot]]:
    wanted = {normal(slot.plan.label): slot for slot in slots}
    best, best_columns = 0, dict[int, Slot]()
    for row in range(1, HEADING_LINES + 1):
        columns: dict[int, Slot] = {}
        for column, found in grid.row(row).items():
            slot = wanted.get(normal(found.value))
            if slot and slot not in columns.values():
                columns[column] = slot
        if len(columns) > len(best_columns):
            best, best_columns = row, columns
    return best, best_columns


def _labels(grid: SheetGrid, sheet: PlannedSheet) -> tuple[int, dict[int, Slot]]:
    wanted = {normal(slot.plan.label): slot for slot in sheet.slots}
    wanted |= {slot.economy: slot for slot in sheet.slots if slot.economy}
    by_column: dict[int, dict[int, Slot]] = {}
    for row in grid.rows(0):
        for column, found in grid.row(row).items():
            name = normal(found.value)
            slot = wanted.get(name) or (wanted.get(name[:5]) if name[:5].isdigit() else None)
            seen = by_column.setdefault(column, {})
            if slot is None:
                continue
            above = next((earlier for earlier, known in seen.items() if known is slot), 0)
            if above and normal(slot.plan.group) == name:
                # What stood above was the heading of the group, which is called like the cell.
                del seen[above]
                above = 0
            if not above:
                seen[row] = slot
    if not by_column:
        return 0, {}
    best = max(sorted(by_column), key=lambda column: len(by_column[column]))
    return (best, by_column[best]) if by_column[best] else (0, {})
