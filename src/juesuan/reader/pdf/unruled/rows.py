"""The lines of such a table, with the parts of a name that stand above and below its amounts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from juesuan.reader.pdf.unruled.columns import TOTAL, place_of
from juesuan.reader.pdf.unruled.pieces import PageLine, PagePiece

_OFF = 0.25
"""Text so much (in ems) above or below the amounts of its line is one of several lines of a name."""
_WRAPPED = 1.35
"""Lines of one name stand so close (in ems)."""
_CLOSER = 0.92
"""The lines of a name stand closer than this share of the room between two names."""
_ORDINAL = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[）)、.．]|其中[:：]")


@dataclass(slots=True)
class PageRow:
    """A line of the table: its cells by column, its height, and whether it has amounts."""

    y: float
    anchored: bool
    cells: dict[int, list[PagePiece]] = field(default_factory=dict)


def body_rows(body: Sequence[PageLine], edges: Sequence[float]) -> list[PageRow]:
    """The lines of the table; what is left of a broken name above or below an amount belongs to its line."""
    rows: list[PageRow] = []
    for line in body:
        level = next((piece.baseline for piece in line.pieces if piece.is_amount), None)
        row = PageRow(line.y if level is None else level, level is not None)
        for piece in line.pieces:
            row.cells.setdefault(place_of(piece, edges), []).append(piece)
        rows.append(row)
    gaps = sorted(one.y - other.y for one, other in pairwise(rows))
    usual = gaps[len(gaps) // 2] if gaps else 0.0
    between = [_apart(one, other) for one, other in pairwise(rows) if one.anchored and other.anchored]
    least = min((gap for gap in between if gap), default=0.0)
    whole = [row for row in rows if row.anchored]
    for row in rows:
        if row.anchored:
            continue
        owner = _begun(row, whole) or _owner(row, whole, usual, least)
        if owner is None:
            whole.append(row)
            continue
        for column, pieces in row.cells.items():
            held = owner.cells.setdefault(column, [])
            held.extend(pieces)
            held.sort(key=lambda piece: (-piece.baseline, piece.left))
    return sorted(whole, key=lambda row: -row.y)


def _owner(row: PageRow, others: Sequence[PageRow], usual: float, least: float) -> PageRow | None:
    """The line of amounts that a line of text alone is a part of the name of; None where it is a line of its own.

    That line has no text where this one stands, or its text stands above and closer than that of two lines does
    (`least` apart).
    """
    near = min((other for other in others if other.anchored), key=lambda other: abs(other.y - row.y), default=None)
    if near is None or abs(near.y - row.y) > 1.2 * usual:
        return None
    if any(_ORDINAL.match(pieces[0].text) for pieces in row.cells.values()):
        # A line of its own, or the first of a name that goes on beside the amounts below it.
        return near if near.y < row.y and all(_goes_on(near, column) for column in row.cells) else None
    empty = all(column not in near.cells or _broken_around(row, near, column) for column in row.cells)
    return near if empty or 0 < _apart(near, row) < _CLOSER * least else None


def _apart(row: PageRow, below: PageRow) -> float:
    """How far the text of a line stands above that of another, in a column that both have text in; 0 for none."""
    texts = ({n: ps for n, ps in each.cells.items() if not ps[0].is_amount} for each in (row, below))
    one, other = texts
    return next((one[n][-1].baseline - other[n][0].baseline for n in one if n in other), 0.0)


def _begun(row: PageRow, others: Sequence[PageRow]) -> PageRow | None:
    """The line of text alone directly above, whose name this one goes on with."""
    above = min((other for other in others if other.y > row.y), key=lambda other: other.y, default=None)
    if above is None or above.anchored or not row.cells.keys() <= above.cells.keys():
        return None
    if any(_ORDINAL.match(pieces[0].text) for pieces in row.cells.values()):
        return None
    lowest = min(piece.baseline for pieces in above.cells.values() for piece in pieces)
    return above if lowest - row.y < _WRAPPED * next(iter(row.cells.values()))[0].em else None


def _goes_on(row: PageRow, column: int) -> bool:
    """Whether the cell of a line does not begin a name of its own."""
    pieces = row.cells.get(column)
    return pieces is None or not (_ORDINAL.match(pieces[0].text) or TOTAL.search(pieces[0].text))


def _broken_around(row: PageRow, near: PageRow, column: int) -> bool:
    """Whether the cell of `near` is of lines above and below its amounts, of which `row` has one."""
    return all(abs(piece.baseline - near.y) > _OFF * piece.em for piece in near.cells[column])
