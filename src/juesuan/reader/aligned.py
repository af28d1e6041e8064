"""Tables in plain text whose cells blanks hold apart and align, as programs make text of the pages of a PDF.

The signs of a line are taken for a page on which each has the same width, or Chinese ones twice that of others,
whichever brings more amounts under each other: then the tables are those of a page without ruling lines. A table in
which a line of amounts has no name is left as text: its cells stand on several lines, and nothing says which belong
together.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

from juesuan.account import Source
from juesuan.reader.amounts import read_amount
from juesuan.reader.formats.markdown import TablesByLine
from juesuan.reader.pdf.characters import Run
from juesuan.reader.pdf.table import TablePart
from juesuan.reader.pdf.unruled import without_rules
from juesuan.reader.raw import RawCell, RawTable

_WORD = re.compile(r"\S+")
_AMOUNT = re.compile(r"(?<=\s)-?\d[\d,.]*(?=\s|$)")
_TORN = re.compile(r"-?[\d,.]*\d\.\d+[,.\d-]*\.\d+[\d.]*")
"""Amounts that stand one behind the other without a blank."""
_GAP = re.compile(r"\S {2,}\S")
_AMOUNT_APART = re.compile(r"\S {2,}-?\d")
_LEAST_LINES = 2
_ALIGNED = 0.5
"""The share of lines of a table that have cells apart by more than one blank."""
_WIDTH = 80
"""How wide a page is at least, in signs."""


def aligned_tables(lines: Sequence[str], file: str) -> TablesByLine:
    """The tables among the lines of a text; a form feed begins another page."""
    found: TablesByLine = {}
    before: TablePart | None = None
    starts = [0, *(n for n, line in enumerate(lines) if n and line.startswith("\f"))]
    for start, stop in zip(starts, [*starts[1:], len(lines)], strict=True):
        if not _has_aligned_amounts(lines[start:stop]):
            before = None
            continue
        wide = _is_wide(lines[start:stop])
        page = [runs for n in range(start, stop) if (runs := _runs(lines[n].lstrip("\f"), n, wide))]
        width = max((runs[-1].right for runs in page), default=0.0)
        parts = without_rules(page, max(width, _WIDTH), 1, before)
        for part in parts:
            numbers = sorted({run.index for run in part.runs})
            if _is_aligned([lines[n] for n in numbers]) and _is_whole(part):
                found[numbers[0]] = numbers[-1] + 1, _table(part, numbers[0], file)
        before = parts[-1] if parts else None
    return found


def _has_aligned_amounts(lines: Sequence[str]) -> bool:
    """Whether so many lines of a page have an amount behind a gap that a table is to be looked for."""
    return sum(_AMOUNT_APART.search(line) is not None for line in lines) >= _LEAST_LINES


def _is_wide(lines: Sequence[str]) -> bool:
    """Whether more amounts end at one place where Chinese signs count twice."""
    ends: dict[bool, Counter[int]] = {False: Counter(), True: Counter()}
    for line in lines:
        edges = _edges(line)
        for match in _AMOUNT.finditer(line):
            ends[False][match.end()] += 1
            ends[True][edges[match.end()]] += 1
    return sum(n * n for n in ends[True].values()) > sum(n * n for n in ends[False].values())


def _edges(line: str) -> list[int]:
    """Where each sign of a line begins, and where the last ends, if Chinese signs count twice."""
    edges = [0]
    for sign in line:
        edges.append(edges[-1] + (2 if unicodedata.east_asian_width(sign) in "WF" else 1))
    return edges


def _runs(line: str, number: int, wide: bool) -> list[Run]:
    """The words of a line, each sign as wide as high, or Chinese ones twice as wide; lower lines stand deeper."""
    edges = _edges(line) if wide else list(range(len(line) + 1))
    return [
        Run(match[0], float(edges[match.start()]), float(edges[match.end()]), -float(number), 1.0, True,
            [float(edge) for edge in edges[match.start() : match.end()]], number)
        for match in _WORD.finditer(line)
    ]  # fmt: skip


def _is_aligned(lines: Sequence[str]) -> bool:
    return sum(_GAP.search(line) is not None for line in lines) >= _ALIGNED * len(lines)


def _is_whole(part: TablePart) -> bool:
    """Whether every line of several with amounts has a name, and no cell has two amounts."""
    rows: dict[int, list[str]] = {}
    for cell in part.cells:
        if cell.text:
            rows.setdefault(cell.row, []).append(cell.text)
    amounts = {row: [text for text in texts if read_amount(text)] for row, texts in rows.items()}
    filled = [row for row, texts in amounts.items() if texts]
    named = all(len(amounts[row]) < len(rows[row]) for row in filled)
    words = [text.split() for texts in rows.values() for text in texts]
    torn = any((len(each) > 1 and all(map(read_amount, each))) or any(map(_TORN.fullmatch, each)) for each in words)
    return not torn and (named or len(filled) <= 2)


def _table(part: TablePart, first: int, file: str) -> RawTable:
    cells = tuple(
        RawCell(cell.text, cell.row, cell.column, cell.rowspan, cell.colspan, _source(cell.box[1], cell.column, file))
        for cell in part.cells
    )
    return RawTable(cells, part.height, len(part.xs) - 1, Source(file=file, line=first + 1))


def _source(y: float, column: int, file: str) -> Source:
    return Source(file=file, line=max(round(-y), 0) + 1, cell=str(column + 1))
