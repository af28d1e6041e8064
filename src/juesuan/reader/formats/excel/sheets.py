"""What stands on a sheet: tables, and the paragraphs of a text that has been typed into one cell a line."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

import msgspec

from juesuan.account import Source
from juesuan.reader.formats.grids import table_of
from juesuan.reader.raw import RawBlock, RawCell, RawText

_LEAST_LINES = 3
"""Fewer lines of one cell each are the title, the unit and the note of a table."""
_SENTENCE = re.compile(r"[一-鿿][^。；]{8,}[。；]")
_HEADING = re.compile(r"\s*(?:第[一二三四五六七八九十]+部分|[（(]?[一二三四五六七八九十]+[)）、])")


def blocks_of(cells: Sequence[RawCell], place: Source) -> Iterator[tuple[RawBlock, str]]:
    """The tables and paragraphs of a sheet in order, each with a note where it had to be cut to size, else "".

    Several lines one after another that have one cell each are a text where they hold sentences. What stands between
    the last sentence and a table is the table's title; below a table its notes stand, and a text begins with a heading.
    """
    rows = [list(row) for _, row in itertools.groupby(sorted(cells, key=_at), key=lambda cell: cell.row)]
    start = 0
    for first, last in _texts(rows):
        yield from _table(rows[start:first], place)
        for row in rows[first:last]:
            for cell in row:
                yield from ((RawText(line, cell.source), "") for line in map(str.strip, cell.text.splitlines()) if line)
        start = last
    yield from _table(rows[start:], place)


def _at(cell: RawCell) -> tuple[int, int]:
    return cell.row, cell.column


def _texts(rows: Sequence[Sequence[RawCell]]) -> Iterator[tuple[int, int]]:
    """From which row to which a text stands."""
    at = 0
    for single, run in itertools.groupby(rows, key=lambda row: sum(bool(cell.text) for cell in row) <= 1):
        length = len(list(run))
        first, last = at, at + length
        at = last
        if not single:
            continue
        while first and first < last and not _HEADING.match(_text(rows[first])):
            first += 1
        sentences = [n for n in range(first, last) if _SENTENCE.search(_text(rows[n]))]
        if last < len(rows):
            last = sentences[-1] + 1 if sentences else first
        if sentences and sum(bool(_text(row)) for row in rows[first:last]) >= _LEAST_LINES:
            yield first, last


def _text(row: Sequence[RawCell]) -> str:
    return next((cell.text for cell in row if cell.text), "")


def _table(rows: Sequence[Sequence[RawCell]], place: Source) -> Iterator[tuple[RawBlock, str]]:
    if not any(cell.text for row in rows for cell in row):
        return
    top = rows[0][0].row
    yield table_of([msgspec.structs.replace(cell, row=cell.row - top) for row in rows for cell in row], place)
