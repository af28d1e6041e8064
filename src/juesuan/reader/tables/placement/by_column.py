"""Grids with one line of amounts under headings, or the same upright: a line for each column."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal

from juesuan.reader.amounts import read_amount
from juesuan.reader.raw import RawCell
from juesuan.reader.tables.columns import Heads, assigned, counts, headings, lean, places_of, words_of
from juesuan.reader.tables.lines import Labels, joined
from juesuan.reader.tables.placement.grid_reader import GridReader
from juesuan.statute import Column
from juesuan.statute.language import load_aliases

_FEWEST = 3
"""How many lines of a grid must name what a form has in its columns for the grid to be printed upright."""


class SingleReader(GridReader):
    """One line of amounts under the headings, or the same upright: a line for each column."""

    def read(self) -> None:
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
        over = headings(self.grid[: lines[0]], self.width, words_of(self.form.columns.values()))
        cells = {n: (line, place) for n, (line, place) in enumerate(self._body_places(lines, over))}
        heads = {
            n: over[place] | {heading(joined(self.grid[line][self._stub_of(place)]))}
            for n, (line, place) in cells.items()
        }
        block = self.form.blocks[0]
        row = next(iter(self.form.rows))
        kinds = {heading(column.heads[0]) for column in block.columns if len(column.heads) > 1}
        grouped = all(heading(joined(self.grid[line][0])) in kinds for line in lines)
        once = lean(block.columns), lean(block.other_columns)
        # A heading over all columns and one over a group are both left out beside a line of its own.
        twice = lean(once[0]), lean(once[1])
        ways = [(block.columns, block.other_columns)] if grouped else [once, twice]
        read = [assigned(columns, others, upright_heads(heads), self.form.assumed) for columns, others in ways]
        places = max(read, key=len)
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
        lines = [n for n, words in labels.items() if words & known and not self._heads_columns(n, known)]
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

    def _heads_columns(self, number: int, known: Collection[str]) -> bool:
        """Whether other cells of the line are headings of the columns too: then it is no line of an upright form."""
        heading = load_aliases().heading
        stubs = {id(self.grid[number][stub]) for stub in self._stubs()}
        return any(cell and id(cell) not in stubs and heading(joined(cell)) in known for cell in self.grid[number])

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


def widened(others: Sequence[Column], places: Mapping[str, int], cells: Mapping[int, RawCell | None]) -> dict[str, int]:
    """The places with a total that also sums columns of other places taken for what it is.

    Where 合计 stands alone beside 会议费 and 培训费 its headings do not say whether it includes them; its amount does.
    """
    found = dict(places)

    def value(place: int | None) -> Decimal:
        cell = cells.get(place) if place is not None else None
        amount = read_amount(cell.text) if cell else None
        return amount.value if amount else Decimal(0)

    for column in others:
        if not column.instead or column.key in found or column.instead not in found:
            continue
        whole = value(found[column.instead])
        extra = [key for key in column.sums if key not in found or value(found[key])]
        added = [key for key in extra if any(other.key == key for other in others)]
        parts = sum((value(found.get(key)) for key in column.sums), Decimal(0))
        if any(key in found for key in added) and whole == parts:
            found[column.key] = found.pop(column.instead)
    return found


def upright_heads(heads: Mapping[int, Heads]) -> dict[int, Heads]:
    """The headings of upright places; a line that is none of the stubs is no stub."""
    return {n: over - {"项目"} for n, over in heads.items()}
