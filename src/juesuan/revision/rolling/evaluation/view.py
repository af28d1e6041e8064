"""A form as it stands in the document: the place of every cell, the lines of its indicators, and its rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from typing import Any

import msgspec

from juesuan.account import Source
from juesuan.reader import RawTable, ReadLine, TextPlace, indicator_lines
from juesuan.revision.docx import Copies, DocxFile, Edit
from juesuan.revision.docx.names import W
from juesuan.revision.rolling.progress import Fate, Progress, ordinals_in
from juesuan.revision.rolling.tables import moved
from juesuan.revision.texts import Texts
from juesuan.statute import Statute
from juesuan.statute.language import compact

TABLE = f"{W}tbl"
Told = tuple[Source, str]


class FormsOutcome(msgspec.Struct):
    """What came of the forms besides edits: rows to take out, rows that came and went, and what was not written."""

    removed: list[Any] = []
    changed: list[Told] = []
    problems: list[Told] = []


class FormView:
    """The cells of one table by their sources, from left to right and from above to below.

    In the view of a copy of the table (`of_copy`) places and rows are those of the copy, and so is what became of its
    numbers.
    """

    def __init__(self, file: DocxFile, texts: Texts, table: str, statute: Statute, progress: Progress) -> None:
        self.texts = texts
        self.table = table
        self.progress = progress
        self.rows: Sequence[Any] = next((r for s, r in file.index.lines.items() if table and s.sheet == table), ())
        raw = next((b for b in file.index.raw.blocks if _is(b, table)), None)
        self.lines: tuple[ReadLine, ...] = indicator_lines(raw, statute) if isinstance(raw, RawTable) else ()
        own = (source for source in texts.texts if table and source.sheet == table and source.cell)
        self.cells = sorted(own, key=lambda source: (row_of(source), len(source.cell), source.cell))
        self._places: Mapping[Source, tuple[TextPlace, ...]] = file.index.places

    def of_copy(self, copies: Copies) -> FormView:
        """The view of a copy of the table: `copies` says which element is the copy of which."""
        made = copy(self)
        made.rows = [copies[id(row)] for row in self.rows]
        made._places = {
            source: tuple(moved(place, copies) for place in self._places.get(source, ())) for source in self.cells
        }
        made.progress = Progress(Texts({source: self.texts.of(source) for source in self.cells}))
        for source in self.cells:
            for part, text in enumerate(self.texts.of(source)):
                for start, end in ordinals_in(text):
                    made.progress.settle(source, part, start, end, "不变", "编号")
        return made

    @property
    def source(self) -> Source:
        """Where the form stands."""
        return Source(sheet=self.table)

    @property
    def element(self) -> Any:
        """The table (w:tbl); None where it is not known."""
        return next(self.rows[0].iterancestors(TABLE), None) if self.rows else None

    def places(self, source: Source) -> tuple[TextPlace, ...]:
        """The paragraphs of a cell."""
        return self._places.get(source, ())

    def of_row(self, number: int) -> list[Source]:
        """The cells of a row."""
        return [source for source in self.cells if row_of(source) == number]

    def put(self, source: Source, text: str, copies: Copies | None = None) -> Iterator[Edit]:
        """Has a cell, or its copy, print `text` and nothing else."""
        lines, places = text.split("\n"), self.places(source)
        for number, place in enumerate(places):
            there = place if copies is None else moved(place, copies)
            old = there.text
            wanted = "\n".join(lines[number:] if place is places[-1] else lines[number : number + 1])
            if compact(wanted) != old:
                yield Edit(there, 0, len(old), wanted)

    def settle(self, source: Source, fate: Fate, why: str = "") -> None:
        """Says what became of all numbers of a cell."""
        for part, text in enumerate(self.texts.of(source)):
            self.progress.settle(source, part, 0, len(text), fate, why)

    def doubt(self, source: Source, why: str) -> None:
        """Says why the numbers of a cell still are last year's."""
        for part, text in enumerate(self.texts.of(source)):
            self.progress.doubt(source, part, 0, len(text), why)


def _is(block: object, table: str) -> bool:
    return isinstance(block, RawTable) and block.source is not None and bool(table) and block.source.sheet == table


def row_of(source: Source) -> int:
    """The number of the row of a cell."""
    return int("".join(sign for sign in source.cell if sign.isdigit()) or 0)
