"""The columns of such a table: what stands under each other, with the headings that stand above nothing."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from juesuan.reader.pdf.unruled.pieces import NUMBERS, PageColumn, PageLine, PagePiece

STACKED = 1.7
"""Lines of a heading that was broken stand so close (in ems); those of another level further apart."""
TOTAL = re.compile(r"[总合小]\s*计$|^[总合]\s*$|^计$")


def columns_of(heads: Sequence[PageLine], body: Sequence[PageLine]) -> list[PageColumn]:
    """The columns of a table by the lines of its headings and those below, from left to right."""
    found = _of_body(body)
    _with_heads(found, heads)
    return _put_together(sorted(found, key=lambda column: column.left), _named(heads, body), body)


def _of_body(body: Sequence[PageLine]) -> list[PageColumn]:
    """What stands under each other, pieces that reach over several others aside."""
    pieces = [(n, piece) for n, line in enumerate(body) for piece in line.pieces]
    plain = [piece for n, piece in pieces if not _bridges(piece, n, body) and not TOTAL.search(piece.text)]
    columns: list[PageColumn] = []
    for piece in sorted(plain, key=lambda piece: piece.left):
        if columns and piece.left < columns[-1].right:
            columns[-1].right = max(columns[-1].right, piece.right)
            columns[-1].count += 1
        else:
            columns.append(PageColumn(piece.left, piece.right))
        columns[-1].amounts += piece.is_amount
    return columns


def _bridges(piece: PagePiece, number: int, body: Sequence[PageLine]) -> bool:
    """Whether another line has two pieces above or below it."""
    return any(
        sum(piece.over(other) for other in line.pieces) > 1 for n, line in enumerate(body) if n != number
    )


def _with_heads(columns: list[PageColumn], heads: Sequence[PageLine]) -> None:
    """Adds the columns that only headings show, since nothing stands in them: those of the lowest lines of headings."""
    lowest = list(heads[-1:])
    for line in reversed(heads[:-1]):
        if line.y - lowest[-1].y > STACKED * line.em:
            break
        lowest.append(line)
    # How far the columns reach with their headings: what stands above two of them is no column of its own.
    reach = [PageColumn(column.left, column.right) for column in columns]
    for piece in (piece for line in lowest for piece in line.pieces):
        over = [column for column in reach if piece.over(column)]
        if not over:
            columns.append(PageColumn(piece.left, piece.right, count=0))
            reach.append(columns[-1])
        elif len(over) == 1:
            over[0].left, over[0].right = min(over[0].left, piece.left), max(over[0].right, piece.right)


def _named(heads: Sequence[PageLine], body: Sequence[PageLine]) -> list[PagePiece]:
    """What every column of amounts has one of: the numbers of the columns, else the lowest headings."""
    numbered = [line for line in body[:2] if NUMBERS.match(line.text) or _counts_up(line)]
    if numbered:
        return [piece for line in numbered for piece in line.pieces]
    return [
        piece for n, line in enumerate(heads) for piece in line.pieces
        if not any(piece.over(other) for lower in heads[n + 1 :] for other in lower.pieces)
    ]  # fmt: skip


def _counts_up(line: PageLine) -> bool:
    """Whether a line has the numbers of columns and nothing else: 1 2 3 4."""
    numbers = [int(piece.text) for piece in line.pieces if piece.text.isdigit()]
    return len(numbers) == len(line.pieces) > 1 and all(b == a + 1 for a, b in pairwise(numbers))


def _put_together(
    columns: Sequence[PageColumn], named: Sequence[PagePiece], lines: Sequence[PageLine]
) -> list[PageColumn]:
    """The columns, amounts below none of `named` put to the column before them, of which their lines have nothing.

    An amount at the right of its column does not stand below a short heading in the middle of it; nor do short names
    at the left of theirs.
    """
    found: list[PageColumn] = []
    for column in columns:
        last = found[-1] if found else None
        headed = any(piece.over(column) for piece in named)
        behind = column.amounts > 0 and not headed and last is not None and any(piece.over(last) for piece in named)
        centred = not column.count and last is not None and not any(piece.over(last) for piece in named)
        if last is not None and (
            centred or (behind and not any(_has(line, last) and _has(line, column) for line in lines))
        ):
            last.right = column.right
            last.count += column.count
            last.amounts += column.amounts
        else:
            found.append(column)
    return found


def _has(line: PageLine, column: PageColumn) -> bool:
    return any(piece.over(column) for piece in line.pieces)


def edges_of(columns: Sequence[PageColumn]) -> list[float]:
    """Where the columns begin and end: in the middle between what stands in two."""
    between = [(one.right + other.left) / 2 for one, other in pairwise(columns)]
    return [columns[0].left - 1, *between, columns[-1].right + 1]


def same_place(columns: Sequence[PageColumn], edges: Sequence[float]) -> bool:
    """Whether each column lies within one of those between `edges`, no two in the same."""
    places = [
        next((n for n, (low, high) in enumerate(pairwise(edges)) if low <= column.left and column.right <= high), -1)
        for column in columns
    ]
    return -1 not in places and len(set(places)) == len(places)


def place_of(piece: PagePiece, edges: Sequence[float]) -> int:
    """The column that most of a piece stands in."""
    shares = [min(piece.right, high) - max(piece.left, low) for low, high in pairwise(edges)]
    return max(range(len(shares)), key=lambda n: shares[n])
