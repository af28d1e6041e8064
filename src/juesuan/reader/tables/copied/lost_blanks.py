"""Tables of the classification whose copy has moved the empty cells of each line to its end: put back by their sums.

2010499 | 其他发展与改革事务支出 | 7.00 | 7.00 | under 合计, 基本支出, 项目支出: whether the second amount is of the one
or of the other is told by the line above, whose amounts its parts have to make. Where that leaves a doubt, the table
stays as it is.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from juesuan.account import ZERO, bare
from juesuan.reader.amounts import read_amount
from juesuan.reader.raw import RawCell, RawTable
from juesuan.statute import TOTAL, level_of
from juesuan.statute.language import load_aliases

_STUBS = 2
"""Code and name stand before the amounts."""
_LEAST_LINES = 4
_MOST_WAYS = 4096
"""So many ways to place the amounts of the parts of one line are tried."""

Places = tuple[int, ...]
"""The columns of the amounts of a line, in order."""


class _Line(msgspec.Struct):
    """A line of the table: its code (empty for the total), its cells, its amounts, and their columns."""

    code: str
    cells: list[RawCell]
    amounts: list[Decimal]
    places: Places | None = None

    def at(self, column: int) -> Decimal:
        """The amount in a column, zero for a blank."""
        places = self.places or ()
        return self.amounts[places.index(column)] if column in places else ZERO


def with_blanks(table: RawTable) -> RawTable:
    """The table with its amounts in their columns again, where all empty cells stand at the ends of its lines."""
    grid = [[cell for cell in cells if cell] for cells in table.grid()]
    filled = [[cell for cell in cells if cell.text.strip()] for cells in grid]
    if any(cells[: len(own)] != own for cells, own in zip(grid, filled, strict=True)):
        return table
    first = next((n for n, cells in enumerate(filled) if _code(cells) is not None), 0)
    lines = [line for cells in filled[first:] if (line := _line(cells)) is not None]
    heads = filled[first - 1] if first else []
    columns = len(heads) - _STUBS
    whole = columns > 1 and load_aliases().heading(heads[_STUBS].text) == TOTAL
    if len(lines) != len(filled) - first or len(lines) < _LEAST_LINES or not whole:
        return table
    if not all(0 < len(line.amounts) <= columns for line in lines) or not _placed(lines, columns):
        return table
    return _made(table, filled[:first], lines, columns)


def _code(cells: Sequence[RawCell]) -> str | None:
    """The code that a line begins with, empty for the total; None for no line of the classification."""
    text = bare(cells[0].text) if cells else ""
    if text in (TOTAL, "总计"):
        return ""
    return text if text.isdigit() and level_of(text) else None


def _line(cells: Sequence[RawCell]) -> _Line | None:
    code = _code(cells)
    behind = cells[1 if code == "" else _STUBS :]
    amounts = [amount.value for cell in behind if (amount := read_amount(cell.text))]
    return _Line(code, list(cells), amounts) if code is not None and len(amounts) == len(behind) else None


def _placed(lines: Sequence[_Line], columns: int) -> bool:
    """Whether every line has its columns: those that are full, then the parts of one line after the other."""
    parts: dict[int, list[_Line]] = defaultdict(list)
    for number, line in enumerate(lines):
        above = [n for n, other in enumerate(lines[:number]) if other.code != line.code and _is_part(line, other)]
        if above:
            parts[max(above, key=lambda n: len(lines[n].code))].append(line)
        if len(line.amounts) == columns:
            line.places = tuple(range(columns))
    for number, line in enumerate(lines):
        if line.places is None:
            return False
        own = parts[number]
        if any(part.places is None for part in own) and not _place(line, own, columns):
            return False
    return True


def _is_part(line: _Line, other: _Line) -> bool:
    return line.code.startswith(other.code) and len(line.code) > len(other.code)


def _place(whole: _Line, parts: Sequence[_Line], columns: int) -> bool:
    """Gives the parts the only columns in which they make the amounts of the whole; whether there are such."""
    ways = [list(_ways(part, columns)) for part in parts]
    count = 1
    for each in ways:
        count *= len(each)
    if not 0 < count <= _MOST_WAYS:
        return False
    found = [way for way in itertools.product(*ways) if _makes(whole, parts, way, columns)]
    if len(found) != 1:
        return False
    for part, places in zip(parts, found[0], strict=True):
        part.places = places
    return True


def _ways(part: _Line, columns: int) -> Iterator[Places]:
    """The columns that the amounts of a line may stand in: the first is that of the total."""
    if part.places is not None:
        yield part.places
        return
    for rest in itertools.combinations(range(1, columns), len(part.amounts) - 1):
        yield (0, *rest)


def _makes(whole: _Line, parts: Sequence[_Line], way: Sequence[Places], columns: int) -> bool:
    for column in range(columns):
        amounts = [p.amounts[at.index(column)] for p, at in zip(parts, way, strict=True) if column in at]
        if abs(whole.at(column) - sum(amounts, ZERO)) > Decimal("0.005") * (len(amounts) + 1):
            return False
    return True


def _made(table: RawTable, heads: Sequence[Sequence[RawCell]], lines: Sequence[_Line], columns: int) -> RawTable:
    cells = [cell for row in heads for cell in row]
    for number, line in enumerate(lines, len(heads)):
        names = line.cells[: len(line.cells) - len(line.amounts)]
        amounts = line.cells[len(names) :]
        cells.extend(msgspec.structs.replace(cell, row=number, column=_STUBS - len(names) + n)
                     for n, cell in enumerate(names))  # fmt: skip
        cells.extend(msgspec.structs.replace(cell, row=number, column=_STUBS + place)
                     for cell, place in zip(amounts, line.places or (), strict=True))  # fmt: skip
    return msgspec.structs.replace(table, cells=tuple(cells), width=_STUBS + columns)
