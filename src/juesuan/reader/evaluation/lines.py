"""The indicators of a self-evaluation form: which cell of a line is which, also where a converter has shifted them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from functools import cache

import msgspec

from juesuan.account import Allotment, Indicator, Source, total
from juesuan.reader.evaluation.words import score_of, split_points
from juesuan.reader.raw import RawCell
from juesuan.statute import Scheme

_POINT_COLUMNS = ("weight", "score")

# What an assignment costs: a cell beside its column, words where they do not belong, a column left empty, a cell left
# over. Only their order matters: words weigh more than positions, since converters shift cells and never rename them.
_BESIDE, _UNUSUAL, _ODD, _WRONG, _LEFT_OVER = 2, 3, 8, 30, 60
_EMPTY = {"name": 50, "target": 5, "actual": 4, "score": 3, "weight": 3}


class IndicatorColumn(msgspec.Struct, frozen=True):
    """A column of the indicator table: what it holds, and the columns of the grid it reaches over."""

    key: str
    start: int
    stop: int


class ReadLine(msgspec.Struct):
    """A line as read: level names as they hold for it, the points printed beside them, and its texts by column."""

    level1: str
    level2: str
    points1: Decimal | None
    points2: Decimal | None
    cells: dict[str, RawCell]

    def text(self, key: str) -> str:
        """The text of a column, empty where there is none."""
        return self.cells[key].text.strip() if key in self.cells else ""


def align(
    cells: Sequence[RawCell], columns: Sequence[IndicatorColumn], scheme: Scheme, weighed: bool
) -> dict[str, RawCell]:
    """The cells of one line by the column they belong to, in the order of both; `weighed` where points have a column.

    Cells in their own columns are left there unless their words say otherwise.
    """

    def cost(cell: RawCell, column: IndicatorColumn) -> int:
        distance = 0 if column.start <= cell.column < column.stop else _BESIDE
        return distance + _unlike(cell.text, column.key, scheme, weighed)

    return _cheapest(cells, columns, cost)


def _cheapest(
    cells: Sequence[RawCell], columns: Sequence[IndicatorColumn], cost: Callable[[RawCell, IndicatorColumn], int]
) -> dict[str, RawCell]:
    @cache
    def best(cell: int, column: int) -> tuple[int, tuple[tuple[int, int], ...]]:
        """The least cost of what is left from `cell` and `column` on, and the pairs it makes."""
        if column == len(columns):
            return _LEFT_OVER * (len(cells) - cell), ()
        skipped, pairs = best(cell, column + 1)
        found = (skipped + _EMPTY.get(columns[column].key, 0), pairs)
        if cell < len(cells):
            taken, rest = best(cell + 1, column + 1)
            paired = (taken + cost(cells[cell], columns[column]), ((cell, column), *rest))
            left, others = best(cell + 1, column)
            found = min((paired, found, (left + _LEFT_OVER, others)), key=lambda choice: choice[0])
        return found

    return {columns[column].key: cells[cell] for cell, column in best(0, 0)[1]}


def _unlike(text: str, key: str, scheme: Scheme, weighed: bool) -> int:
    """How little a text looks like what stands in the column `key`."""
    name, points = split_points(text)
    first, second = scheme.group(name) is not None, scheme.home(name) is not None
    if key == "level1":
        return 0 if first else _WRONG if second else _UNUSUAL + 1
    if key == "level2":
        return 0 if second else _ODD if first else _UNUSUAL
    if key == "name":
        return (_UNUSUAL + 2 if points is None and not weighed else 0) + (2 if first or second else 0)
    if key in _POINT_COLUMNS:
        return 0 if score_of(text) is not None else _LEFT_OVER
    return (_ODD if points is not None else 0) + (_UNUSUAL if key == "reason" and score_of(text) is not None else 0)


def read_lines(
    rows: Sequence[Sequence[RawCell]], columns: Sequence[IndicatorColumn], scheme: Scheme
) -> list[ReadLine]:
    """The lines of the indicator table; the names of levels hold on until another is printed."""
    weighed = any(column.key == "weight" for column in columns)
    lines: list[ReadLine] = []
    level1 = level2 = ""
    for row in rows:
        if not row:
            continue
        cells = align(row, columns, scheme, weighed)
        line = ReadLine(level1, level2, None, None, cells)
        if "level1" in cells:
            name, line.points1 = split_points(cells["level1"].text)
            if name != level1:
                level1, level2 = name, ""
        if "level2" in cells:
            level2, line.points2 = split_points(cells["level2"].text)
        if "name" not in cells and "level2" in cells and len(cells) > 1:
            # Forms without a third level name the indicator itself at the second.
            cells["name"] = cells["level2"]
        line.level1, line.level2 = level1, level2
        lines.append(line)
    return lines


def mend_levels(lines: list[ReadLine], scheme: Scheme) -> list[str]:
    """Lines that a converter put under the next level-1 name put back, where the printed points prove it; notes of it.

    Text files keep no spans: the name of a block may stand some lines too early. A line goes back to the block above it
    only where its level-2 name belongs there by the scheme and both blocks then add up to the points they print.
    """
    notes = []
    for number, line in enumerate(lines):
        above = lines[number - 1] if number else None
        home = scheme.home(line.level2)
        if above is None or above.level1 == line.level1 or home is None or home != scheme.group(above.level1):
            continue
        group = scheme.group(line.level1)
        if group is None or scheme.child(group, line.level2) is not None:
            continue
        moved = [n for n in range(number, len(lines)) if lines[n].level2 == line.level2]
        moved = [n for n in moved if lines[n].level1 == line.level1]
        if _fits(lines, moved, above.level1, line.level1):
            notes.append(
                f"“{line.level2}”印在“{line.level1}”一行，按分值应属“{above.level1}”，已归入（{_place(line)}）"
            )
            for n in moved:
                lines[n].level1 = above.level1
    return notes


def _fits(lines: Sequence[ReadLine], moved: Sequence[int], target: str, origin: str) -> bool:
    weights = [weight_of(line) for line in lines]
    sums = {
        name: total(w for n, w in enumerate(weights) if (target if n in moved else lines[n].level1) == name)
        for name in (target, origin)
    }
    printed = {name: points for name, points in _printed(lines).items() if name in sums}
    return len(printed) == 2 and all(sums[name] == points for name, points in printed.items())


def _printed(lines: Sequence[ReadLine]) -> dict[str, Decimal]:
    """The points printed beside level-1 names, by the name printed with them."""
    return {
        split_points(line.cells["level1"].text)[0]: line.points1 for line in lines if line.points1 is not None
    }


def _place(line: ReadLine) -> Source | str:
    return next((cell.source for cell in line.cells.values() if cell.source), "")


def weight_of(line: ReadLine) -> Decimal:
    """The points of an indicator: in their own column, else behind its name; zero where none are printed."""
    own = score_of(line.text("weight")) if "weight" in line.cells else split_points(line.text("name"))[1]
    return own if own is not None else Decimal(0)


def indicator_of(line: ReadLine) -> Indicator:
    """The indicator that a line is. A sign and a unit in columns of their own go to the values."""
    name = line.cells.get("name")
    unit, sign = line.text("unit"), line.text("sign")
    target = f"{sign}{_with_unit(line.text('target'), unit)}"
    return Indicator(
        line.level1,
        line.level2,
        split_points(name.text)[0] if name and "weight" not in line.cells else line.text("name"),
        weight_of(line),
        target,
        _with_unit(line.text("actual"), unit),
        score=score_of(line.text("score")),
        source=name.source if name else None,
        reason=line.text("reason"),
    )


def _with_unit(value: str, unit: str) -> str:
    """A bare number with the unit of its column; anything that says more is left as it is."""
    return f"{value}{unit}" if unit and unit not in ("无", "/", "—") and score_of(value) is not None else value


def allotments_of(lines: Sequence[ReadLine]) -> tuple[Allotment, ...]:
    """The points printed beside the names of levels, each once."""
    found: dict[tuple[str, str], Allotment] = {}
    for line in lines:
        if line.points1 is not None:
            name = split_points(line.cells["level1"].text)[0]
            found.setdefault((name, ""), Allotment(name, "", line.points1, line.cells["level1"].source))
        if line.points2 is not None:
            place = line.cells["level2"].source
            found.setdefault((line.level1, line.level2), Allotment(line.level1, line.level2, line.points2, place))
    return tuple(found.values())

