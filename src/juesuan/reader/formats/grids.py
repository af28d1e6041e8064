"""Grids as they are built: cells with their spans made into a RawTable of bearable size."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

import msgspec

from juesuan.account import Source
from juesuan.reader.raw import RawCell, RawTable

MOST_CELLS = 200_000
"""Places of one grid: more is no published table."""
MOST_COLUMNS = 2000


def table_of(cells: Iterable[RawCell], source: Source, rows: int = 0) -> tuple[RawTable, str]:
    """The table of the cells and, where it had to be cut to size, a note that says so.

    Spans end with the grid, which has `rows` rows or as many as the cells' beginnings make. Empty rows and columns are
    taken out only where the grid would be too big with them; every cell's source still says where it stands.
    """
    remaining = list(cells)
    height, width = _extent(remaining)
    height = max(height, rows)
    if height * width > MOST_CELLS or width > MOST_COLUMNS:
        remaining = _squeezed([cell for cell in remaining if cell.text])
        height, width = _extent(remaining)
    note = ""
    if height * width > MOST_CELLS or width > MOST_COLUMNS:
        width = min(width, MOST_COLUMNS)
        height = min(height, max(1, MOST_CELLS // width))
        note = f"表格过大，只读了前 {height} 行、{width} 列（{source.sheet}）。"
        remaining = [cell for cell in remaining if cell.row < height and cell.column < width]
    whole = [
        cell
        if cell.row + cell.rowspan <= height and cell.column + cell.colspan <= width
        else msgspec.structs.replace(
            cell, rowspan=min(cell.rowspan, height - cell.row), colspan=min(cell.colspan, width - cell.column)
        )
        for cell in remaining
    ]
    return RawTable(tuple(whole), height, width, source), note


def _extent(cells: Sequence[RawCell]) -> tuple[int, int]:
    """Height and width: what the cells' rows make, and how far a cell reaches (a title over all columns)."""
    height = max((cell.row + 1 for cell in cells), default=0)
    width = max((cell.column + min(cell.colspan, MOST_COLUMNS) for cell in cells), default=0)
    return height, width


def _squeezed(cells: Sequence[RawCell]) -> list[RawCell]:
    rows = sorted({cell.row for cell in cells})
    columns = sorted({cell.column for cell in cells})

    def place(among: list[int], start: int, length: int) -> tuple[int, int]:
        first = bisect_left(among, start)
        return first, bisect_left(among, start + length) - first

    made: list[RawCell] = []
    for cell in cells:
        row, height = place(rows, cell.row, cell.rowspan)
        column, width = place(columns, cell.column, cell.colspan)
        made.append(
            msgspec.structs.replace(cell, row=row, column=column, rowspan=height, colspan=width),
        )
    return made
