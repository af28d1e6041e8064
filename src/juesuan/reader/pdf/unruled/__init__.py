"""Tables that no ruling lines show, or horizontal ones alone: made of how their text stands on the page.

What stands under each other is a column, what stands beside an amount is its line. Such a part is looked for only where
a title of a table or its unit stands above it, or a table of this kind ended the page before: a list of names or the
scale of a chart is no table of accounts.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from itertools import pairwise

from juesuan.reader.evaluation.words import bare
from juesuan.reader.pdf.characters import Run, box_of, line_text
from juesuan.reader.pdf.table import PartCell, TablePart
from juesuan.reader.pdf.unruled.columns import columns_of, edges_of, same_place
from juesuan.reader.pdf.unruled.headings import depth_of, head_rows
from juesuan.reader.pdf.unruled.pieces import PageLine, beside_each_other, box_around, joined, pieces_of
from juesuan.reader.pdf.unruled.regions import UNIT, region_end
from juesuan.reader.pdf.unruled.rows import body_rows
from juesuan.reader.tables.titles import names_a_table
from juesuan.statute import load_evaluation

_ABOVE = 6
"""How many lines above may name the table or its unit."""


def without_rules(lines: Sequence[list[Run]], width: float, page: int, before: TablePart | None) -> list[TablePart]:
    """The tables among the lines of runs of a page, from top to bottom; `before` ended the page before."""
    texts = [line_text(runs) for runs in lines]
    if (before is None or before.ruled) and not any(map(_announces, texts)):
        return []
    seen = beside_each_other(PageLine(runs[0].baseline, pieces_of(runs), runs) for runs in lines)
    parts: list[TablePart] = []
    at = 0
    while at < len(seen):
        goes_on = before if not parts and before is not None and not before.ruled and at <= 1 else None
        stop = region_end(seen, at, width, goes_on is not None)
        if stop > at:
            part = _part(seen, at, stop, page, goes_on)
            if part is not None:
                parts.append(part)
        at = max(stop, at + 1)
    return parts


def _part(lines: Sequence[PageLine], start: int, stop: int, page: int, before: TablePart | None) -> TablePart | None:
    if before is None and not any(_announces(line.text) for line in lines[max(0, start - _ABOVE) : start]):
        return None
    inside = lines[start:stop]
    if any(bare(piece.text) in _level_words() for line in inside for piece in line.pieces):
        return None  # A form of evaluation: its cells reach over lines that only rules show.
    first = next((n for n, line in enumerate(inside) if any(p.is_amount for p in line.pieces)), len(inside))
    heads, body = inside[:first], inside[first:]
    columns = columns_of(heads, body)
    if len(columns) < 2 or not (any(column.amounts for column in columns) or not body):
        return None
    edges = edges_of(columns)
    if before is not None and same_place([column for column in columns if column.count], before.xs):
        edges = list(before.xs)
    over, rows = head_rows(heads, edges), body_rows(body, edges)
    cells = [
        PartCell(joined(head.pieces), number, head.first, depth, head.last - head.first + 1, box_around(head.pieces))
        for number, row in enumerate(over) for head in row for depth in [depth_of(head, over[number + 1 :])]
    ]  # fmt: skip
    for number, row in enumerate(rows, len(over)):
        for column, (left, right) in enumerate(pairwise(edges)):
            pieces = row.cells.get(column, [])
            box = box_around(pieces) if pieces else (left, row.y, right, row.y)
            cells.append(PartCell(joined(pieces), number, column, 1, 1, box))
    taken = [run for line in inside for run in line.runs]
    return TablePart(cells, edges, len(over) + len(rows), page, box_of(taken), ruled=False, runs=taken)


def _announces(text: str) -> bool:
    """Whether a line says that a table stands below: its title or its unit."""
    return names_a_table(text) or UNIT.search(text) is not None


@cache
def _level_words() -> frozenset[str]:
    return frozenset(bare(text) for text in load_evaluation().indicators["level2"])
