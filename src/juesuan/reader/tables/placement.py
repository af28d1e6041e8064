"""Which line and column of its form each cell of a grid is: by content, never by position.

Lines are recognised by their number, label or code, columns by the headings above them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from juesuan.account import Address
from juesuan.reader.amounts import blank, read_amount
from juesuan.reader.raw import RawCell, RawTable
from juesuan.reader.tables.columns import Heads, Line, assigned, counts, headings, lean, places_of
from juesuan.reader.tables.line_kinds import (
    after_total,
    begins,
    number_of,
    numbers_at,
    same_amount,
    upright_heads,
    widened,
)
from juesuan.reader.tables.lines import Codes, Labels, joined
from juesuan.statute import TOTAL, Column, Form, FormBlock, Statute
from juesuan.statute.language.aliases import load_aliases

_FEWEST = 3
"""How many lines of a grid must name what a form has in its columns for the grid to be printed upright."""


def plain_label(text: str) -> str:
    """A label without its leading ordinal (八、) and without layout."""
    return load_aliases().label(text)


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


def recognise(table: RawTable, form: Form, statute: Statute) -> Recognised:
    """The cells of `table` by the addresses of `form`; what has no address is in `rest`, nothing is dropped."""
    reader = _Reader(table, form, statute)
    if form.is_tree:
        reader.tree()
    elif form.classification == "经济分类":
        reader.economic()
    elif len(form.rows) == 1:
        reader.single()
    else:
        reader.fixed()
    return reader.result()


class _Reader:
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
            if id(cell) not in self.used and read_amount(cell.text) and self._in_body(cell) and not self._counts(cell)
        ]
        rest = tuple(self._loose(cell) for cell in loose)
        return Recognised(self.form, tuple(self.amounts), tuple(self.names), rest, tuple(self.absent))

    def _counts(self, cell: RawCell) -> bool:
        """Whether a number is that of a line, under the heading 行次."""
        heading = load_aliases().heading
        above = (cells[cell.column] for cells in self.grid[: cell.row])
        return cell.text.strip().isdigit() and any(other and heading(other.text) == "行次" for other in above)

    def _loose(self, cell: RawCell) -> Loose:
        row = self.lines.get((cell.row, cell.column), "")
        column = self.columns.get(cell.column, "")
        return Loose(cell, row, column, not column and self._aside(cell))

    def _aside(self, cell: RawCell) -> bool:
        """Whether a heading above the cell, or the label of its line, is of what stands beside the form."""
        first = min(placed.cell.row for placed in self.amounts)
        above = [cells[cell.column] for cells in self.grid[: min(first, cell.row)]]
        beside = self.grid[cell.row][: cell.column]
        if not self.form.has_row(TOTAL) and any(joined(other) in (TOTAL, "总计") for other in beside):
            # A grand total that the form has no line for: it sums what is read, nothing sums it.
            return True
        wordings = load_aliases()
        return any(wordings.aside(other.text) for other in (*above, *beside) if other)

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

    def tree(self) -> None:
        """Lines by code (in one cell or three) or 合计."""
        block = self.form.blocks[0]
        columns = block.printed_columns()
        first = next((n for n, cells in enumerate(self.grid) if begins(cells)), len(self.grid))
        above, body = self.grid[:first], self.grid[first:]
        places = places_of(columns, block.other_columns, above, body, self.form.assumed)
        if not places:
            return
        self._found((*columns, *block.other_columns), places)
        start, codes = min(places.values()), Codes()
        width = max(places.values()) + 1 - start
        for number, cells in enumerate(self.grid[first:], first):
            if counts(cells):
                continue
            row, name, stubs = codes.line(cells[:start])
            amounts: Line = cells[start:]
            if row is None and (shifted := after_total(amounts, width)) is not None:
                # A total set one column too far to the right: what follows the word is what it sums.
                row, amounts = TOTAL, shifted
            if row is None:
                continue
            self._use(stubs)
            self._line(row, number, range(start, self.width))
            if name:
                self.names.append((row, msgspec.structs.replace(stubs[-1], text=name)))
            for key, place in places.items():
                self._take(row, key, amounts[place - start])

    def fixed(self) -> None:
        """Lines by their label or printed number; blocks side by side."""
        bounds = self._bounds()
        if bounds is None:
            return
        lines = [(cells[start:end], block) for cells in self.grid for block, start, end in bounds]
        known = {block.key: Labels(block, []) for block, _, _ in bounds}
        known_at = (n for n, (part, block) in enumerate(lines) if known[block.key].knows(joined(part[0])))
        first = next(known_at, 0) // len(bounds)
        for block, start, end in bounds:
            above, body = ([cells[start:end] for cells in part] for part in (self.grid[:first], self.grid[first:]))
            places = places_of(block.printed_columns(), block.other_columns, above, body, self.form.assumed)
            numbered = [(n, cells) for n, cells in enumerate(self.grid[first:], first) if not counts(cells)]
            parts = [cells[start:end] for _, cells in numbered]
            self._found((*block.columns, *block.other_columns), places, start)
            left = min(places.values(), default=0)
            numbers = numbers_at(above, left)
            seen = [(joined(part[0]), number_of(part, numbers)) for part in parts]
            labels = Labels(block, seen)
            for (line, _), part, (label, number) in zip(numbered, parts, seen, strict=True):
                row = labels.line(label, number)
                if row is None:
                    self._use([part[numbers]] if number and 0 < numbers < left else [])
                    continue
                self._line(row, line, range(start + left, end))
                stubs = [cell for cell in part[:left] if cell]
                self._use(cell for cell in stubs if not read_amount(cell.text) or cell is part[numbers])
                for key, place in places.items():
                    self._take(row, key, part[place])
                if label and (name := part[0]):
                    self.names.append((row, name))
            if len(places) and parts:
                declared = (*block.rows, *block.other_rows)
                # A line that the form leaves without a label is there only where its number is printed.
                self.absent.extend(f"{row.line}行" for row in declared if row.line not in labels.found)

    def _bounds(self) -> list[tuple[FormBlock, int, int]] | None:
        """Where each block begins and ends: at the columns headed 项目, else by what it prints."""
        blocks = self.form.blocks
        starts = self._starts()
        if len(starts) == len(blocks):
            return [(b, s, e) for b, s, e in zip(blocks, starts, [*starts[1:], self.width], strict=True)]
        for without in (frozenset[str](), frozenset(["行次"])):
            sizes = [
                sum(1 for stub in block.stubs if stub.key not in without) + len(block.columns) for block in blocks
            ]
            for extra in (0, 1):
                # A place that prints no line numbers may be read under a profile that does, and the other way round.
                wide = [size + extra for size in sizes]
                if sum(wide) == self.width:
                    begins = [sum(wide[:n]) for n in range(len(wide))]
                    return [(b, s, s + size) for b, s, size in zip(blocks, begins, wide, strict=True)]
        return None

    def _starts(self) -> list[int]:
        """The columns headed 项目 in one line of the headings."""
        heading = load_aliases().heading
        for cells in self.grid:
            starts = [n for n, cell in enumerate(cells) if cell and cell.column == n and heading(cell.text) == "项目"]
            if starts:
                return starts
        return []

    def economic(self) -> None:
        """Code, name and amount one after another in each line, as often as blocks stand side by side."""
        column = next(iter(self.form.columns))
        closings = {plain_label(closing.label): closing.key for closing in self.form.totals}
        for cells in self.grid:
            line = [cell for n, cell in enumerate(cells) if cell and (n == 0 or cells[n - 1] is not cell)]
            code, named, closing = "", None, ""
            for cell in line:
                text = joined(cell)
                if not text and not named and not closing:
                    continue
                if text in (TOTAL, "总计") and not code:
                    # The grand total: what follows are amounts, however much they look like codes.
                    break
                if text.isdigit() and named is None and len(code + text) in (3, 5) and not closing:
                    code += text
                    self.used.add(id(cell))
                elif plain_label(text) in closings:
                    code, named, closing = "", None, closings[plain_label(text)]
                elif closing and not text:
                    continue
                elif closing:
                    self._take(closing, column, cell)
                    closing = ""
                elif code and named is None:
                    named = cell
                    self.names.append((code, cell))
                elif code:
                    self._take(code, column, cell)
                    code, named = "", None
        self._split_totals(column)

    def _split_totals(self, column: str) -> None:
        """Amounts of one code in several columns (合计, 人员经费, 公用经费): the line 合计 gives the closing lines."""
        heading = load_aliases().heading
        closings = {heading(closing.label.removesuffix(TOTAL)): closing.key for closing in self.form.totals}
        first = min((placed.cell.row for placed in self.amounts), default=0)
        over = headings(self.grid[:first], self.width)
        split = {place: closings[head] for place, heads in enumerate(over) for head in heads if head in closings}
        placed = {entry.cell.row: entry.cell for entry in self.amounts}
        if len(split) != len(closings) or any(place <= cell.column for cell in placed.values() for place in split):
            return
        for number, cells in enumerate(self.grid[first:], first):
            whole = any(joined(cell) in (TOTAL, "总计") for cell in cells)
            amount = placed.get(number)
            for place, closing in split.items():
                cell = cells[place]
                if whole and amount is None:
                    self._take(closing, column, cell)
                elif cell and amount and (blank(cell.text) or same_amount(cell, amount)):
                    self.used.add(id(cell))

    def single(self) -> None:
        """One line of amounts under the headings, or the same upright: a line for each column."""
        block = self.form.blocks[0]
        columns = [column for part in self.form.blocks for column in part.printed_columns()]
        if self._upright():
            return
        row = next(iter(self.form.rows))
        for number in range(len(self.grid) - 1, -1, -1):
            cells = self.grid[number]
            if counts(cells) or not any(cell and read_amount(cell.text) for cell in cells):
                continue
            above = self.grid[:number]
            places = places_of(columns, block.other_columns, above, [cells], self.form.assumed)
            places = widened(block.other_columns, places, dict(enumerate(cells)))
            self._found((*columns, *block.other_columns), places)
            self._line(row, number, range(self.width))
            for key, place in places.items():
                if cell := cells[place]:
                    self._take(row, key, cell)
            return

    def _upright(self) -> bool:
        """The form with a line for each of its columns (项目 | 行次 | 预算数 | 决算数); whether it is printed so."""
        heading = load_aliases().heading
        lines = self._named_lines()
        if not lines:
            return False
        over = headings(self.grid[: lines[0]], self.width)
        cells = {n: (line, place) for n, (line, place) in enumerate(self._body_places(lines, over))}
        heads = {
            n: over[place] | {heading(joined(self.grid[line][self._stub_of(place)]))}
            for n, (line, place) in cells.items()
        }
        block = self.form.blocks[0]
        row = next(iter(self.form.rows))
        kinds = {heading(column.heads[0]) for column in block.columns if len(column.heads) > 1}
        grouped = all(heading(joined(self.grid[line][0])) in kinds for line in lines)
        columns, others = (
            parts if grouped else lean(parts) for parts in (block.columns, block.other_columns)
        )
        places = assigned(columns, others, upright_heads(heads), self.form.assumed)
        amounts = {n: self.grid[line][place] for n, (line, place) in cells.items()}
        places = widened(block.other_columns, places, amounts)
        self._found((*block.columns, *block.other_columns), {key: -1 - place for key, place in places.items()})
        for key, found in places.items():
            line, place = cells[found]
            self._take(row, key, self.grid[line][place])
        for line in lines:
            self._use(self.grid[line][stub] for stub in self._stubs())
        self._details(lines, over)
        return True

    def _named_lines(self) -> list[int]:
        """The lines of the grid that a heading of the form's columns stands beside; none where it is not upright."""
        heading = load_aliases().heading
        columns = list(self.form.columns.values())
        known = {heading(head) for column in columns for head in column.heads}
        labels = {n: {heading(joined(cells[stub])) for stub in self._stubs()} for n, cells in enumerate(self.grid)}
        lines = [n for n, said in labels.items() if said & known]
        whole = all(len({id(cell) for cell in self.grid[n]}) > 1 for n in lines)
        if whole and len({text for n in lines for text in labels[n] & known}) >= _FEWEST:
            return lines
        # A line for the budget and one for the outcome, under the columns of what is spent.
        kinds = {heading(column.heads[0]) for column in columns if len(column.heads) > 1}
        return [
            n
            for n in lines
            if labels[n] & kinds
            and any(cell and read_amount(cell.text) for cell in self.grid[n][1:])
            and not counts(self.grid[n])
        ]

    def _stubs(self) -> list[int]:
        """The columns with the labels of an upright form: the first, or several under 项目 side by side."""
        return self._starts() or [0]

    def _stub_of(self, place: int) -> int:
        return max((stub for stub in self._stubs() if stub <= place), default=0)

    def _body_places(self, lines: Sequence[int], over: Sequence[Heads]) -> Iterator[tuple[int, int]]:
        for line in lines:
            for place in range(1, self.width):
                if "行次" not in over[place] and place not in self._stubs():
                    yield line, place

    def _details(self, lines: Sequence[int], over: Sequence[Heads]) -> None:
        """The lines below that the supplementary form has (保有量): the last figure that stands in each."""
        form = self.statute.forms.get(self.form.details)
        if form is None:
            return
        column = next(iter(form.columns))
        labels = Labels(form.blocks[0], [])
        for number, cells in enumerate(self.grid):
            if number in lines or number < lines[0] or not cells or not labels.knows(joined(cells[0])):
                continue
            row = labels.line(joined(cells[0]), "")
            places = [place for place in range(1, self.width) if "行次" not in over[place]]
            figures = [cell for place in places if (cell := cells[place]) and read_amount(cell.text)]
            if row and figures:
                self._take(row, column, figures[-1], form.key)
