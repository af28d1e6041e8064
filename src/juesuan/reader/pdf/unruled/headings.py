"""The headings of such a table: those broken over lines in one piece, those above several columns as wide as these."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from juesuan.reader.pdf.unruled.columns import STACKED, place_of
from juesuan.reader.pdf.unruled.pieces import PageLine, PagePiece, is_known, joined

_WIDER = 1.0
"""What a heading gains (in ems) by each further column that it stands over in the middle."""
_SPACED = 2.5
"""Lines that make a known heading together may stand so far apart."""


@dataclass(slots=True)
class Head:
    """A heading over the columns from `first` to `last`; `y` is the baseline of its first line."""

    first: int
    last: int
    pieces: list[PagePiece]
    y: float

    def under(self, row: Sequence[Head]) -> list[Head]:
        """The headings of a lower line below it."""
        return [head for head in row if head.first <= self.last and self.first <= head.last]


@dataclass(slots=True)
class _Lower:
    """What the headings below tell of a column: where the lowest has its middle, and whether one is known."""

    middle: float
    known: bool


def head_rows(heads: Sequence[PageLine], edges: Sequence[float]) -> list[list[Head]]:
    """The headings by line, each with the columns it stands over; those that were broken over lines in one piece."""
    rows: list[list[Head]] = []
    under: dict[int, _Lower] = {}
    for number in range(len(heads) - 1, -1, -1):
        line = heads[number]
        row = [Head(low, high, [piece], line.y) for piece, (low, high) in _reaches(line.pieces, edges, under)]
        for head in row:
            known = is_known(joined(head.pieces))
            for column in range(head.first, head.last + 1):
                lower = under.setdefault(column, _Lower(head.pieces[0].middle, False))
                lower.known = lower.known or known
        rows.insert(0, row)
    for number in range(len(rows) - 2, -1, -1):
        for head in list(rows[number]):
            below = (head.under(row) for row in rows[number + 1 :])
            rest = next((found for found in below if found), [])
            same = [other for other in rest if (other.first, other.last) == (head.first, head.last)]
            if len(rest) == len(same) == 1 and _is_broken(head, same[0]):
                same[0].pieces[:0] = head.pieces
                same[0].y = head.y
                rows[number].remove(head)
    return [row for row in rows if row]


def _reaches(
    pieces: Sequence[PagePiece], edges: Sequence[float], under: Mapping[int, _Lower]
) -> list[tuple[PagePiece, tuple[int, int]]]:
    """The columns that each heading of a line stands over: it is in their middle.

    `under` are the columns that have headings below. Of the ways to share the columns out, that under which the
    headings stand nearest to the middle of theirs.
    """
    count = len(edges) - 1
    # The best way to place the first headings within the first columns: how far off, and the ranges.
    best: list[tuple[float, list[tuple[int, int]]] | None] = [(0.0, [])] * (count + 1)
    for piece in pieces:
        named = is_known(piece.text)
        following: list[tuple[float, list[tuple[int, int]]] | None] = [None] * (count + 1)
        for stop in range(1, count + 1):
            found = [way for way in (following[stop - 1],) if way is not None]
            for start in range(stop):
                before = best[start]
                over = [under[n] for n in range(start, stop) if n in under]
                several = named or (len(piece.text) > 1 and sum(lower.known for lower in over) > 1)
                if before is None or (stop - start > 1 and not (several and len(over) == stop - start)):
                    continue
                off = abs((edges[start] + edges[stop]) / 2 - piece.middle)
                if stop - start > 1:
                    off = min(off, abs((over[0].middle + over[-1].middle) / 2 - piece.middle))
                gain = _WIDER * (stop - start - 1) * piece.em
                found.append((before[0] + off - gain, [*before[1], (start, stop - 1)]))
            following[stop] = min(found, key=lambda way: way[0], default=None)
        best = following
    last = best[count]
    if last is None:
        return [(piece, (place, place)) for piece in pieces for place in [place_of(piece, edges)]]
    return list(zip(pieces, last[1], strict=True))


def depth_of(head: Head, lower: Sequence[Sequence[Head]]) -> int:
    """How many lines of headings a heading reaches over: down to the next below it."""
    return 1 + next((n for n, row in enumerate(lower) if head.under(row)), len(lower))


def _is_broken(head: Head, rest: Head) -> bool:
    """Whether two lines over the same columns are one heading: close, and no heading each by itself."""
    apart = (head.y - rest.y) / head.pieces[0].em
    one, other = (joined(each.pieces) for each in (head, rest))
    if apart < _SPACED and is_known(one + other):
        return True
    return apart < STACKED and not is_known(one) and not is_known(other)
