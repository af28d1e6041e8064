"""The column 序号 at the left of a table: it numbers the printed lines and says nothing of what they are."""

from __future__ import annotations

from itertools import pairwise

import msgspec

from juesuan.reader.raw import RawBlock, RawCell, RawTable
from juesuan.reader.tables.lines import joined

_HEADS = frozenset(("序号", "序"))
_FEWEST = 3
"""A table with fewer columns may be a list whose ordinals are all that names its lines."""


def without_ordinals(block: RawBlock) -> RawBlock:
    """A table without the column at its left that is headed 序号 and counts its lines; any other block as it is.

    The columns of amounts may be counted as well (栏次): a line that counts the ordinals with them is left out.
    """
    if not isinstance(block, RawTable) or block.width < _FEWEST:
        return block
    grid = block.grid()
    head = next((n for n, cells in enumerate(grid) if joined(cells[0]) in _HEADS and not _spans(cells[0])), None)
    if head is None:
        return block
    below = [(n, joined(cells[0])) for n, cells in enumerate(grid[head + 1 :], head + 1) if not _spans(cells[0])]
    numbers = [int(text) for _, text in below if text.isdigit()]
    if not numbers or any(later <= before for before, later in pairwise(numbers)):
        return block
    counted = {n for n, text in below if text.isdigit() and _counts_columns([joined(cell) for cell in grid[n]])}
    kept = (cell for cell in block.cells if (cell.column or cell.colspan > 1) and cell.row not in counted)
    return msgspec.structs.replace(block, cells=tuple(map(_shifted, kept)), width=block.width - 1)


def _spans(cell: RawCell | None) -> bool:
    return cell is not None and cell.colspan > 1


def _counts_columns(texts: list[str]) -> bool:
    return texts == [str(n) for n in range(1, len(texts) + 1)]


def _shifted(cell: RawCell) -> RawCell:
    if not cell.column:
        return msgspec.structs.replace(cell, colspan=cell.colspan - 1)
    return msgspec.structs.replace(cell, column=cell.column - 1)
