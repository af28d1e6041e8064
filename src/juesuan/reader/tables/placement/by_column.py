"""Grids with one line of amounts under headings, or the same upright: a line for each column."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from juesuan.reader.amounts import blank, read_amount
from juesuan.reader.raw import RawCell
from juesuan.reader.tables.columns import Heads, assigned, counts, headings, lean, places_of, words_of
from juesuan.reader.tables.lines import LineLabels, joined
from juesuan.reader.tables.placement.grid_reader import GridReader
from juesuan.statute import TOTAL, Column
from juesuan.statute.language import load_aliases

_FEWEST = 3
"""How many lines of a grid must name what a form has in its columns for the grid to be printed upright."""


class SingleReader(GridReader):
    """One line of amounts under the headings, or the same upright: a line for each column."""

    whole: Heads = frozenset()
    """合计 over the column of the form's own figures, where parts of it stand beside: it says nothing of a line."""

    def read(self) -> None:
        """One line of amounts under the headings, or the same upright: a line for each column."""
        block = self.form.blocks[0]
        columns = [column for part in self.form.blocks for column in part.printed_columns()]
        if self._upright():
            return
        row = next(iter(self.form.rows))
        number = self._line_of_amounts()
        if number is None:
            return
        cells, above = self.grid[number], self.grid[:number]
        if _lost_blanks(cells, above):
            return
        self.beside = frozenset(place for place in range(self.width) if self._is_beside(place, number))
        own = [place for place in range(self.width) if place not in self.beside]
        heads = [[line[place] for place in own] for line in above]
        found = places_of(columns, block.other_columns, heads, [[cells[place] for place in own]], self.form.assumed)
        places = {key: own[place] for key, place in found.items()}
        places = widened(block.other_columns, places, dict(enumerate(cells)))
        self._found((*columns, *block.other_columns), places)
        self._line(row, number, range(self.width))
        for key, place in places.items():
            if cell := cells[place]:
                self._take(row, key, cell)

    def _line_of_amounts(self) -> int | None:
        """The line with the amounts of the form: that of the total, where units are listed below each other."""
        lines = [
            n
            for n, cells in enumerate(self.grid)
            if not counts(cells) and any(cell and read_amount(cell.text) for cell in cells)
        ]
        totals = [n for n in lines if any(joined(cell) in (TOTAL, "总计") for cell in self.grid[n])]
        found = totals or lines
        return found[-1] if found else None

    def _upright(self) -> bool:
        """The form with a line for each of its columns (项目 | 行次 | 预算数 | 决算数); whether it is printed so."""
        heading = load_aliases().heading
        lines = self._named_lines()
        if not lines:
            return False
        over = headings(self.grid[: lines[0]], self.width, words_of(self.form.columns.values()))
        self.beside = self._beside(lines, over)
        cells = dict(enumerate(self._without_blank_titles(list(self._body_places(lines, over)))))
        heads = {
            n: over[place] - self.whole | {heading(joined(self.grid[line][self._stub_of(place)]))}
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
        if places:
            # 年初预算数 beside 全年预算数: a column that the form has no place for.
            own, known = {cells[found][1] for found in places.values()}, words_of(self.form.columns.values())
            self.beside |= {
                place
                for _, place in cells.values()
                if place not in own and load_aliases().heading(self._nearest(place, lines[0])) not in {"", *known}
            }
        self._details(lines, over)
        return True

    def _without_blank_titles(self, places: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
        """The places of amounts without the blank ones of a line that only heads those below it.

        一、“三公”经费支出 is blank over （一）支出合计, which has the amounts.
        """
        heading, whole = load_aliases().heading, words_of(self.form.blocks[0].columns[:1])
        named = {line: heading(joined(self.grid[line][self._stub_of(place)])) in whole for line, place in places}
        filled = {line for line, place in places if (cell := self.grid[line][place]) and not blank(cell.text)}
        titles = {line for line, is_whole in named.items() if is_whole}
        left_out = titles - filled if titles & filled else set()
        yield from ((line, place) for line, place in places if line not in left_out)

    def _named_lines(self) -> list[int]:
        """The lines of the grid that a heading of the form's columns stands beside; none where it is not upright."""
        heading = load_aliases().heading
        columns = list(self.form.columns.values())
        known = words_of(columns)
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
                if "行次" in over[place] or place in self._stubs() or place in self.beside:
                    continue
                if not self._is_group(line, self._stub_of(place), over):
                    yield line, place

    def _is_group(self, line: int, stub: int, over: Sequence[Heads]) -> bool:
        """Whether a line says of others what they are (一、“三公”经费支出), with a dash in place of each amount."""
        end = next((other for other in self._stubs() if other > stub), self.width)
        texts = [joined(self.grid[line][place]) for place in range(stub + 1, end) if "行次" not in over[place]]
        return bool(texts) and all(text and blank(text) for text in texts)

    def _beside(self, lines: Sequence[int], over: Sequence[Heads]) -> frozenset[int]:
        """The columns of an upright form beside that of its own figures: another year's, changes, the parts of 合计."""
        wordings, known = load_aliases(), words_of(self.form.columns.values())
        others = {place for place in range(self.width) if self._is_beside(place, lines[0])}
        left = [
            place
            for place in range(1, self.width)
            if place not in others and place not in self._stubs() and "行次" not in over[place]
        ]
        nearest = {place: wordings.heading(self._nearest(place, lines[0])) for place in left}
        totals = [place for place in left if nearest[place] == TOTAL]
        if len(totals) == 1 and not known & set(nearest.values()) - {TOTAL}:
            others.update(place for place in left if place != totals[0])
            self.whole = frozenset([TOTAL])
        return frozenset(others)

    def _is_beside(self, place: int, first: int) -> bool:
        """Whether a heading says that a column is of another year or of a change, and no figure of the form."""
        texts = self._heads_over(place, first)
        return any(load_aliases().aside(text) or self._of_another_year(text) for text in texts)

    def _nearest(self, place: int, first: int) -> str:
        """The heading directly over the amounts of a column."""
        return next(filter(None, self._heads_over(place, first)), "")

    def _heads_over(self, place: int, first: int) -> Iterator[str]:
        """The headings over a column, the nearest first."""
        for cells in reversed(self.grid[:first]):
            if not counts(cells):
                yield joined(cells[place])

    def _of_another_year(self, text: str) -> bool:
        """Whether a heading is of a year that the document is not of (2019年预算数 in a budget of 2020)."""
        year = re.match(r"(20\d{2})年", text)
        return year is not None and int(year[1]) != self.statute.year

    def _details(self, lines: Sequence[int], over: Sequence[Heads]) -> None:
        """The lines that the supplementary forms have (保有量), below or beside: the last figure of each.

        Columns of another year and of changes are left out.
        """
        stubs = self._stubs()
        for form in (self.statute.forms[key] for key in self.form.details):
            column = next(iter(form.columns))
            labels = LineLabels(form.blocks[0], [])
            for number, cells in enumerate(self.grid[lines[0] :], lines[0]):
                for stub, end in pairwise([*stubs, self.width]):
                    if not cells or (number in lines and stub == stubs[0]) or not labels.knows(joined(cells[stub])):
                        continue
                    row = labels.line(joined(cells[stub]), "")
                    inner = (place for place in range(stub + 1, end) if "行次" not in over[place])
                    places = [place for place in inner if place not in self.beside]
                    figures = [cell for place in places if (cell := cells[place]) and read_amount(cell.text)]
                    if row and figures:
                        self._take(row, column, figures[-1], form.key)
                        # What was planned for a part has no place in the form.
                        self._use(figures[:-1])


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


def _lost_blanks(cells: Sequence[RawCell | None], above: Sequence[Sequence[RawCell | None]]) -> bool:
    """Whether a copy has left out the blank cells of a line, and of headings above it: all stand at the left, too few.

    Which of the columns its amounts stand in cannot be told by their order then. A sheet keeps the place of each cell.
    """
    if any(cell and cell.source and cell.source.sheet for cell in cells):
        return False
    heads = [packed for line in above if (packed := _packed([cell is not None and bool(cell.text) for cell in line]))]
    present = _packed([cell is not None for cell in cells])
    return 0 < present < max(heads, default=0) and min(heads) < max(heads)


def _packed(filled: Sequence[bool]) -> int:
    """How many places are filled, where all of them stand at the left; 0 where there is a gap between."""
    count = sum(filled)
    return count if all(filled[:count]) else 0


def upright_heads(heads: Mapping[int, Heads]) -> dict[int, Heads]:
    """The headings of upright places; a line that is none of the stubs is no stub."""
    return {n: over - {"项目"} for n, over in heads.items()}
