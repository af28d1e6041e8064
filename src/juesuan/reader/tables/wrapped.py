"""Labels that are broken over several lines of a grid: put together where only the whole is a name of the law.

A table without ruled lines, and one copied line by line, prints 机关事业单位职业年金 / 缴费支出 as two lines; the
second has no amount of its own. Names that are whole already are left alone, whatever stands below them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

import msgspec

from juesuan.account import bare_item, without_ordinal
from juesuan.reader.amounts import read_amount
from juesuan.reader.raw import Grid, RawBlock, RawTable
from juesuan.statute import Statute

_OUTLAY = "支出"
"""The end of many names, which names may lack; a line of its own it never is."""
_MOST = 3
"""A label is broken over so many lines besides its first at most."""

Place = tuple[int, int]


class WrappedLabels:
    """Puts the broken labels of the grids of one document together."""

    def __init__(self, statute: Statute) -> None:
        self.statute = statute

    @cached_property
    def names(self) -> frozenset[str]:
        """Names of items of both classifications, and the labels of the lines of all forms, as they are compared."""
        statute = self.statute
        items = (each.name for table in (statute.functional, statute.economic) for each in table.of_year(statute.year))
        rows = (row.label for form in statute.forms.values() for block in form.blocks for row in block.rows)
        return frozenset(map(_plain, (*items, *rows)))

    def put_together(self, block: RawBlock) -> RawBlock:
        """A grid with its broken labels whole in their first line; any other block as it is."""
        if not isinstance(block, RawTable) or block.width < 2:
            return block
        grid = block.grid()
        texts: dict[Place, str] = {}
        for column in range(block.width - 1):
            row = 0
            while row < block.height:
                below = _below(grid, row, column)
                taken = self._completed(_text(grid, row, column), below) if below else 0
                if taken:
                    texts[row, column] = _text(grid, row, column) + "".join(below[:taken])
                    texts.update({(row + n, column): "" for n in range(1, taken + 1)})
                row += taken + 1
        if not texts:
            return block
        cells = (
            msgspec.structs.replace(cell, text=texts[place]) if (place := (cell.row, cell.column)) in texts else cell
            for cell in block.cells
        )
        return _without_blank_lines(msgspec.structs.replace(block, cells=tuple(cells)), {row for row, _ in texts})

    def _completed(self, label: str, below: Sequence[str]) -> int:
        """How many of the lines below make a label the name that it begins; 0 where it is whole already, or none."""
        if not label or read_amount(label) is not None:
            return 0
        if below[0] == _OUTLAY and _plain(label + _OUTLAY) in self.names:
            return 1
        if _plain(label) in self.names:
            return 0
        whole = label
        for taken, text in enumerate(below, 1):
            whole += text
            if _plain(text) in self.names:
                return 0
            if _plain(whole) in self.names:
                return taken
        return 0


def _plain(text: str) -> str:
    return bare_item(without_ordinal(text))


def _text(grid: Grid, row: int, column: int) -> str:
    cell = grid[row][column] if column < len(grid[row]) else None
    return cell.text.strip() if cell and cell.row == row and cell.column == column and cell.colspan == 1 else ""


def _below(grid: Grid, row: int, column: int) -> list[str]:
    """What stands below a label in lines that have neither a code nor an amount beside it."""
    found: list[str] = []
    for lower in range(row + 1, min(len(grid), row + 1 + _MOST)):
        text = _text(grid, lower, column)
        beside = [_text(grid, lower, column + 1), _text(grid, lower, column - 1) if column else ""]
        if not text or read_amount(text) is not None or any(read_amount(each) is not None for each in beside if each):
            break
        found.append(text)
    return found


def _without_blank_lines(table: RawTable, touched: set[int]) -> RawTable:
    """The table without the lines that have nothing left in them."""
    left: dict[int, bool] = defaultdict(bool)
    for cell in table.cells:
        for row in range(cell.row, cell.row + cell.rowspan):
            left[row] |= bool(cell.text.strip())
    gone = sorted(row for row in touched if not left[row] and all(c.rowspan == 1 for c in table.cells if c.row == row))
    if not gone:
        return table
    cells = (
        msgspec.structs.replace(cell, row=cell.row - sum(row < cell.row for row in gone))
        for cell in table.cells if cell.row not in gone
    )  # fmt: skip
    return msgspec.structs.replace(table, cells=tuple(cells), height=table.height - len(gone))
