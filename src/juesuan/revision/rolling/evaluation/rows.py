"""The rows of a table of Word: which cell stands where, and merged cells kept whole when rows come and go."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from juesuan.revision.docx.names import PPR, VAL, P, W, made

ROW, CELL = f"{W}tr", f"{W}tc"
_PROPERTIES, _ROW_PROPERTIES = f"{W}tcPr", f"{W}trPr"
_MERGE = f"{W}vMerge"
_BEFORE_MERGE = {f"{W}{name}" for name in ("cnfStyle", "tcW", "gridSpan", "hMerge")}
"""What the schema wants in front of w:vMerge."""


def cells_of(row: Any) -> Iterator[tuple[int, int, Any]]:
    """The cells of a row: where each begins and ends in the grid, and its element."""
    skipped = row.find(f"{_ROW_PROPERTIES}/{W}gridBefore")
    start = 0 if skipped is None else int(skipped.get(VAL, "0"))
    for cell in row.iter(CELL):
        if next(cell.iterancestors(ROW)) is not row:
            continue
        span = cell.find(f"{_PROPERTIES}/{W}gridSpan")
        stop = start + (1 if span is None else max(1, int(span.get(VAL, "1"))))
        yield start, stop, cell
        start = stop


def cell_at(row: Any, column: int) -> Any:
    """The cell of a row that covers a column of the grid, None where there is none."""
    return next((cell for start, stop, cell in cells_of(row) if start <= column < stop), None)


def merging(cell: Any) -> str:
    """restart where a cell is the first of those merged from above to below, continue where a later one, else empty."""
    mark = cell.find(f"{_PROPERTIES}/{_MERGE}")
    return "" if mark is None else mark.get(VAL, "continue")


def merge(cell: Any, mark: str) -> None:
    """Has a cell begin a merged one (restart), go on with that above (continue), or stand by itself (empty)."""
    properties = cell.find(_PROPERTIES)
    if properties is None:
        properties = made(_PROPERTIES)
        cell.insert(0, properties)
    for old in properties.findall(_MERGE):
        properties.remove(old)
    if not mark:
        return
    new = made(_MERGE, val=mark)
    ahead = [number for number, child in enumerate(properties) if child.tag in _BEFORE_MERGE]
    properties.insert(ahead[-1] + 1 if ahead else 0, new)


def clear(cell: Any) -> None:
    """Leaves of a cell's content one paragraph without text, which Word demands."""
    paragraphs = cell.findall(P)
    first = paragraphs[0] if paragraphs else made(P)
    for child in list(cell):
        if child.tag != _PROPERTIES:
            cell.remove(child)
    for child in list(first):
        if child.tag != PPR:
            first.remove(child)
    cell.append(first)


def change_over(first: Any, above: Any) -> None:
    """What the first of merged cells prints is printed by a new one above it."""
    if first is None or merging(first) != "restart":
        return
    _move(first, above)
    merge(above, "restart")
    merge(first, "continue")


def _move(one: Any, other: Any) -> None:
    """Puts the content of a cell into another, in place of that one's."""
    for child in list(other):
        if child.tag != _PROPERTIES:
            other.remove(child)
    for child in list(one):
        if child.tag != _PROPERTIES:
            other.append(child)
    one.append(made(P))


def hand_over(row: Any, following: Any) -> None:
    """Before a row is taken out: what it prints in cells that go on below is printed by the next row."""
    for start, _, cell in cells_of(row):
        below = cell_at(following, start) if following is not None else None
        if merging(cell) != "restart" or below is None or merging(below) != "continue":
            continue
        _move(cell, below)
        merge(below, "restart")
