"""Grids whose lines are those of a classification: by code, in one cell or several, or 合计."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from juesuan.reader.amounts import blank, read_amount
from juesuan.reader.raw import RawCell
from juesuan.reader.tables.columns import Line, counts, headings, places_of, words_of
from juesuan.reader.tables.lines import Codes, joined
from juesuan.reader.tables.placement.grid_reader import GridReader
from juesuan.statute import TOTAL
from juesuan.statute.language import bare, load_aliases


class TreeReader(GridReader):
    """Lines by code (in one cell or three) or 合计, each with every column."""

    def read(self) -> None:
        """Lines by code (in one cell or three) or 合计."""
        block = self.form.blocks[0]
        columns = block.printed_columns()
        first = next((n for n, cells in enumerate(self.grid) if begins(cells)), len(self.grid))
        above, body = self.grid[:first], self.grid[first:]
        if body and (heads := self._heads_of_total(body[0])):
            above = (*above, tuple(heads))
        places = places_of(columns, block.other_columns, above, body, self.form.assumed)
        if not places:
            return
        self._found((*columns, *block.other_columns), places)
        start, codes = min(places.values()), Codes(self.classification)
        width = max(places.values()) + 1 - start
        told: set[str] = set()
        for number, cells in enumerate(self.grid[first:], first):
            if counts(cells):
                continue
            row, name, stubs = codes.line(before_amounts(cells[:start]))
            amounts: Line = cells[start:]
            if row is None and (shifted := after_total(amounts, width)) is not None:
                # A total set one column too far to the right: what follows the word is what it sums.
                row, amounts = TOTAL, shifted
            if row is None:
                continue
            self._use(stubs)
            self._line(row, number, range(start, self.width))
            if codes.printed:
                self.misprints.append((row, codes.printed))
            if name:
                self.names.append((row, msgspec.structs.replace(stubs[-1], text=name)))
            # A line for each pair of the department's and the government's classification: together they are the code.
            again = row in told and codes.paired
            told.add(row)
            for key, place in places.items():
                (self._add if again else self._take)(row, key, amounts[place - start])

    def _heads_of_total(self, cells: Line) -> Line:
        """The headings that stand in the line of the total, where it was made one with the last line of headings.

        合计 | | | 105.00 | 合计 | 基本支出 | 项目支出: beside the word of the total itself there are at least two.
        """
        heading, known = load_aliases().heading, words_of(self.form.columns.values())
        found = [cell if cell and n and heading(joined(cell)) in known else None for n, cell in enumerate(cells)]
        if sum(cell is not None for cell in found) < 2:
            return []
        return found


class EconomicReader(GridReader):
    """Code, name and amount one after another in each line, as often as blocks stand side by side."""

    def read(self) -> None:
        """Code, name and amount one after another in each line, as often as blocks stand side by side."""
        column = next(iter(self.form.columns))
        label = load_aliases().label
        closings = {label(closing.label): closing.key for closing in self.form.totals}
        for cells in self.grid:
            line = [cell for n, cell in enumerate(cells) if cell and (n == 0 or cells[n - 1] is not cell)]
            code, named, closing = "", None, ""
            for number, cell in enumerate(line):
                text = joined(cell)
                if not text and not named and not closing:
                    continue
                if code and named is not None and self._next_code(line[number:]):
                    # A sheet without borders has lost the blank amount: what follows is the code of the next block.
                    code, named = "", None
                if text in (TOTAL, "总计") and not code:
                    # The grand total: what follows are amounts, however much they look like codes.
                    break
                if text.isdigit() and named is None and len(code + _two(code, text)) in (3, 5) and not closing:
                    if _two(code, text) != text:
                        self.misprints.append((code + _two(code, text), f"{code} {text}"))
                    code += _two(code, text)
                    self.used.add(id(cell))
                elif label(text) in closings:
                    code, named, closing = "", None, closings[label(text)]
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

    def _next_code(self, line: Sequence[RawCell]) -> bool:
        """Whether a cell is a code with its name behind it rather than an amount."""
        text = joined(line[0])
        if len(line) < 2 or text not in self.form.codes:
            return False
        official = self.statute.economic.name(text, self.statute.year)
        return bool(official) and bare(joined(line[1])) == bare(official)

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
        for number, cells in enumerate(self.grid):
            # The total may stand above the first code; 合计 without an amount is a heading.
            whole = any(joined(cell) in (TOTAL, "总计") for cell in cells)
            whole = whole and any(cell and read_amount(cell.text) for place in split if (cell := cells[place]))
            amount = placed.get(number)
            for place, closing in split.items():
                cell = cells[place]
                if whole and amount is None:
                    self._take(closing, column, cell)
                elif cell and amount and (blank(cell.text) or same_amount(cell, amount)):
                    self.used.add(id(cell))


def begins(cells: Line) -> bool:
    """Whether a line is one of the classification: one with a code, or 合计 with an amount (a heading has none)."""
    if counts(cells):
        return False
    # What stands behind the name are amounts: 0 is no part of a code. 合计 may stand behind 类 款 项 in one line.
    named = next((n for n, cell in enumerate(cells) if joined(cell) and not joined(cell).isdigit()), len(cells))
    row = Codes().line(cells[: named + 1])[0] or Codes().line(cells)[0]
    return row is not None and (row != TOTAL or any(cell and read_amount(cell.text) for cell in cells))


def before_amounts(cells: Line) -> Line:
    """The cells up to the first amount behind a name: a column beside the form (上年预算数) may stand before it.

    A number with a name behind it is a code of another classification, and no amount.
    """
    named = False
    for n, cell in enumerate(cells):
        text = joined(cell)
        if named and read_amount(text) and not (text.isdigit() and _names(cells[n + 1 :])):
            return cells[:n]
        named = named or (bool(text) and not blank(text) and read_amount(text) is None)
    return cells


def _names(cells: Line) -> bool:
    """Whether some of the cells holds a name rather than a number."""
    return any((text := joined(cell)) and not blank(text) and read_amount(text) is None for cell in cells)


def same_amount(one: RawCell, other: RawCell) -> bool:
    """Whether two cells state the same amount, or the first a zero."""
    first, second = read_amount(one.text), read_amount(other.text)
    return first is not None and second is not None and (first.value == second.value or not first.value)


def after_total(cells: Line, width: int) -> list[RawCell | None] | None:
    """The cells behind 合计, as many as there should be; None where the word is not among `cells`."""
    for index, cell in enumerate(cells):
        if cell and joined(cell) == TOTAL:
            rest = list(cells[index + 1 :])
            return [*rest, *[None] * max(0, width - len(rest))]
    return None


def _two(code: str, text: str) -> str:
    """The digits of a 款 behind its 类, with the zero that a spreadsheet has lost."""
    return text.zfill(2) if len(code) == 3 and len(text) == 1 and text != "0" else text
