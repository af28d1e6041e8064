"""Grids filled with their text: each character to its cell, lines of a cell joined, columns that are none dropped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from juesuan.reader.pdf.characters import Run, line_text, lines_of
from juesuan.reader.pdf.grid import RuledGrid
from juesuan.reader.pdf.native import Box

_HAIRLINE = 4.0
"""An empty column narrower than this is the room between two lines."""

_SLIVER = 8.0
"""A column narrower than this that no cell has for itself comes from lines that miss each other."""

_FLAT = 5.0
"""The same for rows."""

_FRAGMENT = re.compile(r"[-−+]?[\d,.]+%?")
_FIGURE = re.compile(r"[-−+]?(\d{1,3}(,\d{3})+|\d+)(\.\d{1,2})?%?")
_CODE = re.compile(r"\d{3,7}")
_WHOLE = re.compile(r".*\.\d\d%?|.*%")
_TOKEN = re.compile(r"[!-~]+")


@dataclass(slots=True)
class PartCell:
    """A cell of a part: text, place, reach and box."""

    text: str
    row: int
    column: int
    rowspan: int
    colspan: int
    box: Box


@dataclass
class TablePart:
    """As much of a table as stands on one page: its cells, and where its columns begin and end.

    One that no lines show (`ruled` is False) has the `runs` that it is made of.
    """

    cells: list[PartCell]
    xs: list[float]
    height: int
    page: int
    box: Box
    ruled: bool = True
    runs: Sequence[Run] = ()

    @property
    def width(self) -> int:
        return len(self.xs) - 1


def glue(before: str, after: str) -> str:
    """What stands between two lines when they are joined: a blank between Latin words, else nothing."""
    a, b = before[-1:], after[:1]
    if a.isascii() and b.isascii() and a.isalnum() and b.isalnum() and (a.isalpha() or b.isalpha()):
        return " "
    return ""


def join_lines(lines: Sequence[tuple[str, float]], width: float, size: float) -> str:
    """The text of a cell from its lines, each with its width on paper, in a cell of `width`.

    A figure that a narrow column has cut over lines is one figure again; two figures in one cell stay two.
    """
    texts = [text for text, _ in lines]
    if len(texts) == 1:
        return texts[0]
    if all(_FRAGMENT.fullmatch(text) for text in texts):
        whole = "".join(texts)
        # A line that has room for the next sign was not cut there, but ended by whoever wrote it.
        full = all(width - length < 2.2 * size for _, length in lines[:-1])
        cut = not any(_WHOLE.fullmatch(text) for text in texts[:-1])
        if full and cut and (_FIGURE.fullmatch(whole) or _CODE.fullmatch(whole)):
            return whole
        return " ".join(texts)
    joined = texts[0]
    for text in texts[1:]:
        joined += glue(joined, text) + text
    return joined


def fill(grid: RuledGrid, runs: Sequence[Run], page: int) -> TablePart:
    """The grid with the runs that lie in it."""
    held: list[list[Run]] = [[] for _ in grid.regions]
    for run in runs:
        middle = run.middle
        half = (run.right - run.left) / (2 * len(run.text))
        first = grid.region_at(run.left + half, middle)
        if len(run.text) == 1 or first == grid.region_at(run.right - half, middle):
            held[first].append(run)
        else:
            _spread(grid, run, middle, held)
    texts = []
    for region, inside in zip(grid.regions, held, strict=True):
        if not inside:
            texts.append("")
            continue
        width = grid.xs[region.right] - grid.xs[region.left]
        lines = [(line_text(line), line[-1].right - line[0].left) for line in lines_of(inside)]
        texts.append(join_lines(lines, width, max(run.em for run in inside)))
    return _squeezed(grid, texts, page)


def _spread(grid: RuledGrid, run: Run, middle: float, held: list[list[Run]]) -> None:
    """A run that reaches over the border of a cell: cut there where signs end at the border, else left in one piece.

    Figures are never cut: what is too wide for its column still belongs there whole.
    """
    rights = [*run.lefts[1:], run.right]
    owners = [grid.region_at((left + right) / 2, middle) for left, right in zip(run.lefts, rights, strict=True)]
    for token in _TOKEN.finditer(run.text):
        inside = owners[token.start() : token.end()]
        most = max(inside, key=inside.count)
        owners[token.start() : token.end()] = [most] * len(inside)
    start = 0
    for index in range(1, len(owners) + 1):
        if index < len(owners) and owners[index] == owners[start]:
            continue
        held[owners[start]].append(run.part(start, index))
        start = index


def _squeezed(grid: RuledGrid, texts: list[str], page: int) -> TablePart:
    """The part without columns and rows that only lines make."""
    regions = grid.regions
    ys = [-y for y in grid.ys]
    columns = _alive(grid.xs, [(region.left, region.right) for region in regions], texts, _SLIVER, _HAIRLINE)
    rows = _alive(ys, [(region.top, region.bottom) for region in regions], texts, _FLAT, _HAIRLINE)
    column_at, row_at = _places(columns), _places(rows)
    cells = []
    for region, text in zip(regions, texts, strict=True):
        row, column = row_at[region.top], column_at[region.left]
        rowspan, colspan = row_at[region.bottom] - row, column_at[region.right] - column
        if rowspan and colspan:
            cells.append(PartCell(text, row, column, rowspan, colspan, grid.region_box(region)))
    cells.sort(key=lambda cell: (cell.row, cell.column))
    xs = [x for x, alive in zip(grid.xs, columns, strict=False) if alive]
    return TablePart(cells, [*xs, grid.xs[-1]], sum(rows), page, grid.box)


def _alive(
    levels: Sequence[float], spans: Sequence[tuple[int, int]], texts: Sequence[str], sliver: float, hairline: float
) -> list[bool]:
    """Which of the columns (or rows) between `levels` are columns of the table.

    Not those where no cell begins, nor those between lines that nearly meet.
    """
    begun = {start for start, _ in spans}
    own: dict[int, bool] = {}
    for (start, end), text in zip(spans, texts, strict=True):
        if end == start + 1:
            own[start] = own.get(start, False) or bool(text)
    alive = []
    for number, (low, high) in enumerate(pairwise(levels)):
        narrow = (number not in own and high - low < sliver) or (not own.get(number) and high - low < hairline)
        alive.append(number in begun and not narrow)
    if not any(alive):
        alive[0] = True
    return alive


def _places(alive: Sequence[bool]) -> list[int]:
    """The new number of each boundary: how many living columns lie before it."""
    places = [0]
    for living in alive:
        places.append(places[-1] + living)
    return places
