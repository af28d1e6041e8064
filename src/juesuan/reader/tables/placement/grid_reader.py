"""What the readers of grids have in common: what was found, what was used, what is left over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from juesuan.account import Address
from juesuan.reader.amounts import Amount, blank, read_amount
from juesuan.reader.raw import RawCell, RawTable
from juesuan.reader.tables.columns import counts
from juesuan.reader.tables.lines import joined
from juesuan.reader.tables.misprints import Classification
from juesuan.statute import CODE_LENGTHS, TOTAL, Column, Form, Statute
from juesuan.statute.language import load_aliases


class Placed(msgspec.Struct, frozen=True):
    """A cell with the address it belongs to; `more` are cells of further lines of the same address, to be added."""

    address: Address
    cell: RawCell
    more: tuple[RawCell, ...] = ()

    @property
    def amount(self) -> Amount | None:
        """What is printed for the address; None where its cell is no amount."""
        first, others = read_amount(self.cell.text), [read_amount(cell.text) for cell in self.more]
        if first is None or not others:
            return first
        amounts = [first, *(amount for amount in others if amount)]
        decimals, joined = max(a.decimals for a in amounts), any(a.joined for a in amounts)
        return Amount(sum((a.value for a in amounts), Decimal(0)), decimals, joined)


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
        self._numbered: dict[int, int] = {}
        """The line in which each column asked for is headed 行次."""
        self.beside: frozenset[int] = frozenset()
        """The columns that stand beside those of the form."""
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
        return cell.text.strip().isdigit() and self._numbered_from(cell.column) < cell.row

    def _numbered_from(self, column: int) -> int:
        """The line of the grid in which a column is headed 行次; that behind the last where it is not."""
        if column not in self._numbered:
            heading, over = load_aliases().heading, (cells[column] for cells in self.grid)
            rows = (row for row, cell in enumerate(over) if cell and heading(cell.text) == "行次")
            self._numbered[column] = next(rows, len(self.grid))
        return self._numbered[column]

    def _is_code(self, cell: RawCell) -> bool:
        """Whether a number is the code of a unit, a project or a classification (单位编码, 类 款 项), and no amount."""
        above = (cells[cell.column] for cells in self.grid[: cell.row])
        named = any((text := joined(other)).endswith(("编码", "代码")) or text in CODE_LENGTHS for other in above)
        return cell.text.strip().isdigit() and named

    def _loose(self, cell: RawCell) -> Loose:
        row = self.lines.get((cell.row, cell.column), "")
        column = self.columns.get(cell.column, "")
        aside = not (row and column) and (cell.column in self.beside or self._aside(cell))
        return Loose(cell, row, column, aside)

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

    def _add(self, row: str, column: str, cell: RawCell | None) -> None:
        """Takes the cell of a further line of the same address."""
        address = Address(self.form.key, row, column)
        place = next((n for n, entry in enumerate(self.amounts) if entry.address == address), None)
        if cell is None or place is None or read_amount(cell.text) is None:
            self._take(row, column, cell)
            return
        entry = self.amounts[place]
        self.used.add(id(cell))
        self.amounts[place] = msgspec.structs.replace(entry, more=(*entry.more, cell))

    def _use(self, cells: Iterable[RawCell | None]) -> None:
        self.used.update(id(cell) for cell in cells if cell)

    def _starts(self) -> list[int]:
        """The columns headed 项目 in one line of the headings."""
        headed = self._headed()
        return self._headed_in(self.grid[headed]) if headed >= 0 else []

    def _headed(self) -> int:
        """The line of the headings in which columns are headed 项目; -1 where there is none."""
        return next((n for n, cells in enumerate(self.grid) if self._headed_in(cells)), -1)

    @staticmethod
    def _headed_in(cells: Sequence[RawCell | None]) -> list[int]:
        heading = load_aliases().heading
        return [n for n, cell in enumerate(cells) if cell and cell.column == n and heading(cell.text) == "项目"]
