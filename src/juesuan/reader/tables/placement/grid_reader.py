"""What the readers of grids have in common: what was found, what was used, what is left over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from juesuan.account import Address
from juesuan.reader.amounts import blank, read_amount
from juesuan.reader.raw import RawCell, RawTable
from juesuan.reader.tables.columns import counts
from juesuan.reader.tables.lines import joined
from juesuan.reader.tables.misprints import Classification
from juesuan.statute import TOTAL, Column, Form, Statute
from juesuan.statute.language import load_aliases


class Placed(msgspec.Struct, frozen=True):
    """A cell with the address it belongs to."""

    address: Address
    cell: RawCell


class Loose(msgspec.Struct, frozen=True):
    """An amount without a full address: the line or the column that it stands in, empty where that is not known.

    What stands in a column or line that is beside the form (增减率, 上年决算数) is `aside`: no sum can miss it.
    """

    cell: RawCell
    row: str = ""
    column: str = ""
    aside: bool = False


class Recognised(msgspec.Struct, frozen=True):
    """A grid as a form: its amounts by address, the names printed beside its lines, and cells without a place."""

    form: Form
    amounts: tuple[Placed, ...]
    names: tuple[tuple[str, RawCell], ...]
    rest: tuple[Loose, ...]
    absent: tuple[str, ...] = ()
    """Lines and columns of the form that the grid does not have."""
    misprints: tuple[tuple[str, str], ...] = ()
    """Lines by code, each with the digits that are printed for it."""
    numbers: tuple[tuple[str, str], ...] = ()
    """The numbers of lines (行次) as they are printed, each with the line of the form."""


class GridReader:
    """A grid read as one form: every amount gets the address of its line and column, or is left over."""

    def __init__(self, table: RawTable, form: Form, statute: Statute) -> None:
        self.form = form
        self.statute = statute
        self.grid = table.grid()
        self.width = table.width
        self.cells = table.cells
        self.amounts: list[Placed] = []
        self.names: list[tuple[str, RawCell]] = []
        self.used: set[int] = set()
        self.absent: list[str] = []
        self.misprints: list[tuple[str, str]] = []
        self.classification = (
            Classification(statute.codes(form.classification), statute.year) if form.classification else None
        )
        self.columns: dict[int, str] = {}
        """The columns of the form that have been found, by their place in the grid."""
        self.lines: dict[tuple[int, int], str] = {}
        """The lines of the form that have been found, by the line of the grid and each place that they reach over."""

    def _found(self, columns: Sequence[Column], places: Mapping[str, int], start: int = 0) -> None:
        """Notes where columns stand (`start` places further to the right), and which are not printed."""
        self.absent.extend(f"{column.key}栏" for column in columns if column.key not in places)
        self.columns.update({start + place: key for key, place in places.items()})

    def _line(self, row: str, number: int, places: Iterable[int]) -> None:
        self.lines.update({(number, place): row for place in places})

    def result(self) -> Recognised:
        """What has been found; amounts that found no place are left over."""
        loose = [
            cell
            for cell in self.cells
            if id(cell) not in self.used and read_amount(cell.text) and self._in_body(cell)
            and not self._counts(cell) and not self._is_code(cell)
        ]
        rest = tuple(self._loose(cell) for cell in loose)
        return Recognised(
            self.form, tuple(self.amounts), tuple(self.names), rest, tuple(self.absent), tuple(self.misprints),
            tuple(self._numbers()),
        )  # fmt: skip

    def _numbers(self) -> Iterator[tuple[str, str]]:
        """The printed number of each line beside it, under the heading 行次."""
        for (number, place), row in self.lines.items():
            cell = self.grid[number][place - 1] if place else None
            if cell and cell.column == place - 1 and self._counts(cell):
                yield cell.text.strip(), row

    def _counts(self, cell: RawCell) -> bool:
        """Whether a number is that of a line, under the heading 行次."""
        heading = load_aliases().heading
        above = (cells[cell.column] for cells in self.grid[: cell.row])
        return cell.text.strip().isdigit() and any(other and heading(other.text) == "行次" for other in above)

    def _is_code(self, cell: RawCell) -> bool:
        """Whether a number is the code of a unit or a project (单位编码), and no amount."""
        above = (cells[cell.column] for cells in self.grid[: cell.row])
        named = any(other and joined(other).endswith(("编码", "代码")) for other in above)
        return cell.text.strip().isdigit() and named

    def _loose(self, cell: RawCell) -> Loose:
        row = self.lines.get((cell.row, cell.column), "")
        column = self.columns.get(cell.column, "")
        return Loose(cell, row, column, not column and self._aside(cell))

    def _aside(self, cell: RawCell) -> bool:
        """Whether a heading above the cell, or the label of its line, is of what stands beside the form."""
        first = min(placed.cell.row for placed in self.amounts)
        above = [cells[cell.column] for cells in self.grid[: min(first, cell.row)]]
        left = self.grid[cell.row][: cell.column]
        if not self.form.layout.has(TOTAL) and any(joined(other) in (TOTAL, "总计") for other in left):
            # A grand total that the form has no line for: it sums what is read, nothing sums it.
            return True
        wordings, last = load_aliases(), f"{self.statute.year - 1}年"
        # 2023年预算数 over the columns beside those of 2024.
        former = any(joined(other).startswith(last) for other in above if other)
        return former or any(wordings.aside(other.text) for other in (*above, *left) if other)

    def _in_body(self, cell: RawCell) -> bool:
        """Whether a number stands among or below lines that were read, rather than in headings (栏次) or alone."""
        rows = {placed.cell.row for placed in self.amounts}
        if not rows or cell.row < min(rows) or counts(self.grid[cell.row]):
            return False
        return cell.row <= max(rows) or any(other and joined(other) for other in self.grid[cell.row][: cell.column])

    def _take(self, row: str, column: str, cell: RawCell | None, form: str = "") -> None:
        if cell is None or id(cell) in self.used:
            return
        self.used.add(id(cell))
        if not blank(cell.text):
            self.amounts.append(Placed(Address(form or self.form.key, row, column), cell))

    def _use(self, cells: Iterable[RawCell | None]) -> None:
        self.used.update(id(cell) for cell in cells if cell)

    def _starts(self) -> list[int]:
        """The columns headed 项目 in one line of the headings."""
        heading = load_aliases().heading
        for cells in self.grid:
            starts = [n for n, cell in enumerate(cells) if cell and cell.column == n and heading(cell.text) == "项目"]
            if starts:
                return starts
        return []
