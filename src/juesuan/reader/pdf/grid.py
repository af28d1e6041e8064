"""Ruling lines made into grids: which lines belong together, where the columns and rows are, which cells are merged.

A grid is cut into slots by every line that any of its rows or columns has; two slots without a line between them are
one cell. So merged cells, open borders and lines that were drawn twice need no rules of their own.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from juesuan.reader.pdf.native import Box
from juesuan.reader.pdf.objects import Rule

_NEAR = 3.0
"""Lines this close meet; gaps this small are closed."""

_DOUBLE = 2.6
"""Parallel lines this close are one line drawn twice."""

_MOST_CROSSINGS = 3_000_000
"""Pairs of lines looked at on one page; drawings made of lines have more than any table."""


@dataclass
class Region:
    """A cell by its slots: rows from `top` up to `bottom`, columns from `left` up to `right`, counted from above."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass
class RuledGrid:
    """Lines that belong together: where they stand, and the cells between them.

    `xs` goes up from left to right, `ys` down from top to bottom; `owner` has the number of the cell of each slot.
    """

    xs: list[float]
    ys: list[float]
    regions: list[Region] = field(default_factory=list)
    owner: list[list[int]] = field(default_factory=list)

    @property
    def box(self) -> Box:
        return (self.xs[0], self.ys[-1], self.xs[-1], self.ys[0])

    def region_at(self, x: float, y: float) -> int:
        """The number of the cell that a point lies in, which has to lie in the grid's box or at its border."""
        column = min(max(bisect_right(self.xs, x) - 1, 0), len(self.xs) - 2)
        row = min(max(bisect_right(self._falling, -y) - 1, 0), len(self.ys) - 2)
        return self.owner[row][column]

    def __post_init__(self) -> None:
        self._falling = [-y for y in self.ys]

    def region_box(self, region: Region) -> Box:
        return (self.xs[region.left], self.ys[region.bottom], self.xs[region.right], self.ys[region.top])


def find_grids(horizontal: Sequence[Rule], vertical: Sequence[Rule]) -> tuple[list[RuledGrid], bool]:
    """The grids that the rules make, from top to bottom, and whether all rules could be looked at."""
    rows, columns = _joined(horizontal), _joined(vertical)
    if not rows or not columns:
        return [], True
    if len(rows) * len(columns) > _MOST_CROSSINGS:
        return [], False
    grids = []
    for part_rows, part_columns in _components(rows, columns):
        grid = _grid(part_rows, part_columns)
        if grid:
            grids.append(grid)
    grids.sort(key=lambda grid: (-grid.ys[0], grid.xs[0]))
    return grids, True


def _joined(rules: Sequence[Rule]) -> list[Rule]:
    """Rules on one line put together where they touch."""
    joined: list[Rule] = []
    line: list[Rule] = []
    for rule in sorted(rules):
        # Measured from the first of the line, or a slope of many small steps would become one line.
        if line and rule[0] - line[0][0] > 1.0:
            joined.extend(_chained(line))
            line = []
        line.append(rule)
    if line:
        joined.extend(_chained(line))
    return joined


def _chained(line: list[Rule]) -> list[Rule]:
    level = sum(rule[0] for rule in line) / len(line)
    pieces: list[Rule] = []
    start = end = 0.0
    for index, (_, first, last) in enumerate(sorted(line, key=lambda rule: rule[1:])):
        if index and first - end <= _NEAR:
            end = max(end, last)
            continue
        if index:
            pieces.append((level, start, end))
        start, end = first, last
    pieces.append((level, start, end))
    return [piece for piece in pieces if piece[2] - piece[1] > 3.5]


def _components(rows: list[Rule], columns: list[Rule]) -> list[tuple[list[Rule], list[Rule]]]:
    """The rules sorted into groups that touch each other, each with its horizontals and verticals."""
    parent = list(range(len(rows) + len(columns)))

    def root(number: int) -> int:
        while parent[number] != number:
            parent[number] = parent[parent[number]]
            number = parent[number]
        return number

    for i, (y, left, right) in enumerate(rows):
        left, right, low, high = left - _NEAR, right + _NEAR, y - _NEAR, y + _NEAR
        for j, (x, bottom, top) in enumerate(columns, len(rows)):
            if left <= x <= right and bottom <= high and low <= top:
                a, b = root(i), root(j)
                if a != b:
                    parent[max(a, b)] = min(a, b)
    groups: dict[int, tuple[list[Rule], list[Rule]]] = {}
    for i, rule in enumerate(rows):
        groups.setdefault(root(i), ([], []))[0].append(rule)
    for j, rule in enumerate(columns, len(rows)):
        groups.setdefault(root(j), ([], []))[1].append(rule)
    return [group for group in groups.values() if len(group[0]) + len(group[1]) >= 3 and all(group)]


def _grid(rows: list[Rule], columns: list[Rule]) -> RuledGrid | None:
    rows, columns = _closed(rows, columns)
    xs, column_of = _levels(columns)
    ys, row_of = _levels(rows)
    if len(xs) < 2 or len(ys) < 2:
        return None
    ys.reverse()
    grid = RuledGrid(xs, ys)
    height, width = len(ys) - 1, len(xs) - 1
    # right[row][column]: a line stands to the right of the slot; below: a line lies under it.
    right = [[False] * width for _ in range(height)]
    below = [[False] * width for _ in range(height)]
    for (_, bottom, top), column in zip(columns, column_of, strict=True):
        if 0 < column < width:
            for row in range(height):
                high, low = ys[row], ys[row + 1]
                if min(top, high) - max(bottom, low) > 0.5 * (high - low):
                    right[row][column - 1] = True
    for (_, left, end), level in zip(rows, row_of, strict=True):
        row = height - level
        if 0 < row < height:
            for column in range(width):
                start, stop = xs[column], xs[column + 1]
                if min(end, stop) - max(left, start) > 0.5 * (stop - start):
                    below[row - 1][column] = True
    _fill(grid, right, below)
    return grid


def _closed(rows: list[Rule], columns: list[Rule]) -> tuple[list[Rule], list[Rule]]:
    """With the outer borders that tables leave open at their sides, where the rules reach beyond the last line."""
    left, right = min(rule[1] for rule in rows), max(rule[2] for rule in rows)
    bottom, top = min(rule[1] for rule in columns), max(rule[2] for rule in columns)
    least, most = min(rule[0] for rule in columns), max(rule[0] for rule in columns)
    lowest, highest = min(rule[0] for rule in rows), max(rule[0] for rule in rows)
    sides: list[Rule] = []
    ends: list[Rule] = []
    for edge, inner in ((left, least), (right, most)):
        reaching = [rule[0] for rule in rows if min(abs(rule[1] - edge), abs(rule[2] - edge)) < _NEAR]
        if abs(edge - inner) > 2 * _NEAR and len(reaching) >= 2:
            sides.append((edge, min(reaching), max(reaching)))
    for edge, inner in ((bottom, lowest), (top, highest)):
        reaching = [rule[0] for rule in columns if min(abs(rule[1] - edge), abs(rule[2] - edge)) < _NEAR]
        if abs(edge - inner) > 2 * _NEAR and len(reaching) >= 2:
            ends.append((edge, min(reaching), max(reaching)))
    return rows + ends, columns + sides


def _levels(rules: list[Rule]) -> tuple[list[float], list[int]]:
    """The places rules stand at, with double lines as one, and the place of each rule."""
    order = sorted(range(len(rules)), key=lambda number: rules[number][0])
    levels: list[list[float]] = []
    place = [0] * len(rules)
    for number in order:
        level = rules[number][0]
        if not levels or level - levels[-1][0] > _DOUBLE:
            levels.append([])
        levels[-1].append(level)
        place[number] = len(levels) - 1
    return [sum(level) / len(level) for level in levels], place


def _fill(grid: RuledGrid, right: list[list[bool]], below: list[list[bool]]) -> None:
    """Slots without a line between them put together; a shape that is no rectangle is cut into rectangles."""
    height, width = len(right), len(right[0])
    shape = [[-1] * width for _ in range(height)]
    shapes = 0
    for row in range(height):
        for column in range(width):
            if shape[row][column] >= 0:
                continue
            todo = [(row, column)]
            shape[row][column] = shapes
            while todo:
                i, j = todo.pop()
                for k, m, open_ in (
                    (i, j + 1, j + 1 < width and not right[i][j]),
                    (i, j - 1, j > 0 and not right[i][j - 1]),
                    (i + 1, j, i + 1 < height and not below[i][j]),
                    (i - 1, j, i > 0 and not below[i - 1][j]),
                ):
                    if open_ and shape[k][m] < 0:
                        shape[k][m] = shapes
                        todo.append((k, m))
            shapes += 1
    grid.owner = [[-1] * width for _ in range(height)]
    for row in range(height):
        for column in range(width):
            if grid.owner[row][column] >= 0:
                continue
            mine = shape[row][column]
            end = column + 1
            while end < width and shape[row][end] == mine and grid.owner[row][end] < 0:
                end += 1
            last = row + 1
            while last < height and all(shape[last][j] == mine and grid.owner[last][j] < 0 for j in range(column, end)):
                last += 1
            for i in range(row, last):
                grid.owner[i][column:end] = [len(grid.regions)] * (end - column)
            grid.regions.append(Region(row, last, column, end))
