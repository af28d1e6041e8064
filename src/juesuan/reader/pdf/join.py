"""Parts of tables put together over page breaks: one printed table is one RawTable."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from juesuan.account import Source
from juesuan.reader.pdf.native import Box
from juesuan.reader.pdf.page import TextLine
from juesuan.reader.pdf.table import PartCell, TablePart
from juesuan.reader.raw import RawCell, RawTable

_APART = 3.0
"""How far the columns of two parts may miss each other (points)."""

_GAP = 8.0
"""Parts on one page with no more than this between them are one table."""

_RowKey = tuple[tuple[int, int, int, str], ...]


@dataclass
class GrowingTable:
    """A table as it grows; `titles` are the lines right before it, which some programs print again on each page."""

    part: TablePart
    titles: tuple[str, ...]
    placed: list[tuple[int, PartCell]] = field(default_factory=list)
    """The cells with their pages."""
    lasts: tuple[int, float] = (0, 0.0)
    """Page and lower edge of the part added last."""

    def __post_init__(self) -> None:
        self.xs = self.part.xs
        self.height = self.part.height
        self.placed = [(self.part.page, cell) for cell in self.part.cells]
        self.lasts = (self.part.page, self.part.box[1])

    def takes(self, part: TablePart, between: Sequence[TextLine]) -> bool:
        """Whether `part` goes on from here, `between` being the lines since."""
        page, bottom = self.lasts
        if _common(self.xs, part.xs) is None:
            return False
        if part.page == page:
            return not between and 0 <= bottom - part.box[3] < _GAP
        if part.page != page + 1 or any(line.page == page for line in between):
            return False
        texts = tuple(line.text for line in between)
        return not texts or (self.titles[-len(texts) :] == texts and not self._anew(part))

    def _anew(self, part: TablePart) -> bool:
        """Whether `part` is another form under the same title: it begins as this one does, and says something else."""
        first, other = (sorted((c.column, c.text) for c in p.cells if not c.row) for p in (self.part, part))
        return bool(first and other and first[0] == other[0]) and first != other

    def add(self, part: TablePart) -> None:
        """Puts `part` under what there is, without the header it may repeat."""
        xs = _common(self.xs, part.xs)
        if xs is None:
            raise ValueError("parts of different columns")
        self.placed = [(page, _moved(cell, self.xs, xs)) for page, cell in self.placed]
        self.xs = xs
        cells = [_moved(cell, part.xs, xs) for cell in part.cells]
        repeated = self._repeated(cells, part.height) if part.page != self.lasts[0] else 0
        shift = self.height - repeated
        self.placed += [(part.page, _lowered(cell, shift)) for cell in cells if cell.row >= repeated]
        self.height += part.height - repeated
        self.lasts = (part.page, part.box[1])

    def _repeated(self, cells: Sequence[PartCell], height: int) -> int:
        """How many of the first rows are the header again."""
        ours = _rows((cell for _, cell in self.placed), height)
        theirs = _rows(cells, height)
        number = 0
        for mine, other in zip(ours, theirs, strict=True):
            if mine != other or not any(text for *_, text in mine):
                break
            number += 1
        # A header ends with its cells: not where one of them reaches into the rows beneath.
        while number and any(cell.row < number < cell.row + cell.rowspan for cell in cells):
            number -= 1
        return number

    def raw(self, file: str, shown: Callable[[int, Box], Box]) -> RawTable:
        """The table as all readers give it; `shown` turns a box into that of the page as it is shown."""
        cells = tuple(
            RawCell(
                cell.text,
                cell.row,
                cell.column,
                cell.rowspan,
                cell.colspan,
                Source(file=file, page=page, box=shown(page, cell.box)),
            )
            for page, cell in self.placed
        )
        first = self.part
        return RawTable(
            cells, self.height, len(self.xs) - 1, Source(file=file, page=first.page, box=shown(first.page, first.box))
        )


def _common(one: Sequence[float], other: Sequence[float]) -> list[float] | None:
    """The columns of two parts where one has all of the other's and both have the same outer edges."""
    more, fewer = (one, other) if len(one) >= len(other) else (other, one)
    if abs(one[0] - other[0]) > _APART or abs(one[-1] - other[-1]) > _APART:
        return None
    if any(min(abs(x - y) for y in more) > _APART for x in fewer):
        return None
    return list(more)


def _moved(cell: PartCell, old: Sequence[float], new: Sequence[float]) -> PartCell:
    """The cell counted in the columns `new`."""
    if old is new:
        return cell
    left, right = _nearest(old[cell.column], new), _nearest(old[cell.column + cell.colspan], new)
    return PartCell(cell.text, cell.row, left, cell.rowspan, max(right - left, 1), cell.box)


def _nearest(x: float, levels: Sequence[float]) -> int:
    return min(range(len(levels)), key=lambda number: abs(levels[number] - x))


def _lowered(cell: PartCell, shift: int) -> PartCell:
    return PartCell(cell.text, cell.row + shift, cell.column, cell.rowspan, cell.colspan, cell.box)


def _rows(cells: Iterable[PartCell], height: int) -> list[_RowKey]:
    """The first `height` rows, each as its cells and their reach."""
    rows: list[list[tuple[int, int, int, str]]] = [[] for _ in range(height)]
    for cell in cells:
        if cell.row < height:
            rows[cell.row].append((cell.column, cell.rowspan, cell.colspan, cell.text))
    return [tuple(sorted(row)) for row in rows]
