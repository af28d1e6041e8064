"""Markdown and plain text, as made from published files by converters: headings, paragraphs, tables of three kinds.

Such files carry the pages they were made from: a sentence is cut by a blank line where a page ended, a table by one
where a row was long, and the cells of a row stand shifted. What is cut is joined; what is shifted stays as it stands,
for nobody can say here where it belongs.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec

from juesuan.account import Source, UnreadableFileError
from juesuan.reader.formats.grids import table_of
from juesuan.reader.formats.html import html_blocks
from juesuan.reader.formats.markup import plain
from juesuan.reader.formats.paragraphs import MARKER, SourceLine, joined
from juesuan.reader.formats.run_on import paragraphs_of
from juesuan.reader.formats.spacing import MOST_TEXT, decoded, tidy
from juesuan.reader.raw import RawBlock, RawCell, RawDocument, RawTable, RawText

_HEADING = re.compile(r" {0,3}(#{1,6})(?:\s+(.*?))?(?:\s+#+)?\s*")
_BULLET = re.compile(r"\s*(?:>\s+)*[-*+•·●◆]\s+(?=[^\s|｜])|\s*(?:>\s+)+")
_RULE = re.compile(r"\s*([-*_=])(?:\s*\1){2,}\s*")
_TABLE_RULE = re.compile(r"[\s|:+-]*-{3,}[\s|:+-]*")
_PAGE_NUMBER = re.compile(r"\s*[-—–]+\s*\d{1,4}\s*[-—–]+\s*|\s*第\s*\d{1,4}\s*页(?:\s*[,，/]?\s*共\s*\d{1,4}\s*页)?\s*")
_CONTINUED_CELL = re.compile(r"\s*</?(?:p|ol|ul|li|br|div)\b", re.I)
_OPENS_TABLE = re.compile(r"[\s\t]*(?:项\s*目|收\s*入|支\s*出|预算数|科目|功能分类|单位|编制|序号|公开)")
"""How the first row of a table begins: it is no further row of the one before, though only a blank line is between."""
_FIGURES = re.compile(r"\t[\d,.%\s-]+")
_ENTRY = re.compile(r"[^\t]+\t[\s.…·]*\d{1,4}\s*")
_MOST_LINES = 300_000


TablesByLine = dict[int, tuple[int, RawTable]]
"""Tables by the line they begin in (counted from 0), each with the line behind its last."""


def read_markdown(
    path: Path, *, name: str = "", marked: bool = True,
    aligned: Callable[[Sequence[str], str], TablesByLine] | None = None,
) -> RawDocument:
    """Read a Markdown file, or plain text where not `marked`; `name` is how its sources call it.

    `aligned` finds the tables that only blanks hold apart.

    Raises UnreadableFileError.
    """
    file = name or path.name
    data = path.read_bytes()
    if len(data) > MOST_TEXT:
        raise UnreadableFileError("文本文件过大，不像是决算公开文件，不予读取。")
    text, note = decoded(data)
    notes = [note] if note else []
    # A form feed stays at the beginning of the line that it stands before.
    paged = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\f").split("\n")
    lines = [line.removeprefix("\f") for line in paged]
    if len(lines) > _MOST_LINES:
        raise UnreadableFileError("文本文件行数过多，不像是决算公开文件，不予读取。")
    blocks = tuple(_Reader(lines, file, marked, notes, aligned(paged, file) if aligned else {}).blocks())
    if not blocks:
        notes.append("文件中没有文字。")
    return RawDocument(file, "markdown" if marked else "text", blocks, notes=tuple(dict.fromkeys(notes)))


def read_csv(path: Path, *, name: str = "") -> RawDocument:
    """Read a file of values separated by commas as one table. Raises UnreadableFileError."""
    file = name or path.name
    data = path.read_bytes()
    if len(data) > MOST_TEXT:
        raise UnreadableFileError("文本文件过大，不像是决算公开文件，不予读取。")
    text, note = decoded(data)
    notes = [note] if note else []
    reader = csv.reader(text.removeprefix("\ufeff").splitlines(keepends=True))
    cells: list[RawCell] = []
    try:
        for row, values in enumerate(islice(reader, _MOST_LINES)):
            for column, value in enumerate(values):
                source = Source(file=file, line=reader.line_num, cell=str(column + 1))
                cells.append(RawCell(tidy(value), row, column, source=source))
    except csv.Error as error:
        raise UnreadableFileError(f"CSV 文件第 {reader.line_num} 行格式有误，请用 Excel 另存为 .xlsx。") from error
    table, cut = table_of(cells, Source(file=file, line=1))
    notes.extend([cut] if cut else [])
    return RawDocument(file, "text", (table,) if cells else (), notes=tuple(notes))


class _Row(msgspec.Struct):
    """A row of a table of text: its line, counted from 1, and its cells as they stand."""

    line: int
    cells: list[str]


class _Reader:
    """Goes down the lines; lines of text gather until something else begins, and are then joined to paragraphs."""

    def __init__(
        self, lines: Sequence[str], file: str, marked: bool, notes: list[str], aligned: TablesByLine
    ) -> None:
        self.lines = lines
        self.aligned = aligned
        self.file = file
        self.marked = marked
        self.notes = notes
        self.at = 0
        self.tables = 0
        self.gathered: list[SourceLine] = []

    def blocks(self) -> Iterator[RawBlock]:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if self.at in self.aligned:
                yield from self._paragraphs()
                self.at, table = self.aligned[self.at]
                yield table
            elif not line.strip() or _PAGE_NUMBER.fullmatch(line) or line.lstrip().startswith(("```", "~~~")):
                self.at += 1
            elif line.lstrip()[:6].lower() == "<table":
                yield from self._paragraphs()
                yield from self._html_table()
            elif line.lstrip().startswith("<!--"):
                self._comment()
            elif self._piped(self.at):
                yield from self._paragraphs()
                yield from self._pipe_table()
            elif _tabbed(line):
                rows = self._tab_rows()
                if _contents(rows):
                    self.gathered.extend(self._entry(row) for row in rows)
                else:
                    yield from self._paragraphs()
                    yield from self._table(rows)
            else:
                self._text_line(line)
        yield from self._paragraphs()

    def _paragraphs(self) -> Iterator[RawText]:
        gathered, self.gathered = self.gathered, []
        yield from joined(gathered)

    def _source(self, at: int) -> Source:
        return Source(file=self.file, line=at + 1)

    def _text_line(self, line: str) -> None:
        at = self.at
        self.at += 1
        heading = _HEADING.fullmatch(line) if self.marked else None
        if heading:
            if text := plain(_BULLET.sub("", heading[2] or "", count=1)):
                self.gathered.append(SourceLine(RawText(text, self._source(at), len(heading[1]))))
            return
        if _RULE.fullmatch(line):
            self._underlined(at, line)
            return
        bullet = _BULLET.match(line)
        parts = paragraphs_of(line[bullet.end() if bullet else 0 :])
        for number, part in enumerate(parts):
            if text := plain(part, marked=self.marked):
                apart = number > 0 or (at > 0 and not self.lines[at - 1].strip())
                starts = number > 0 or bullet is not None
                self.gathered.append(SourceLine(RawText(text, self._source(at)), starts, apart))

    def _underlined(self, at: int, line: str) -> None:
        """A ruled line: under a line of text it makes that a heading, elsewhere it is an ornament."""
        sign = line.strip()[0]
        above = self.gathered[-1].text if self.gathered else None
        if self.marked and sign in "=-" and above and above.source and above.source.line == at and not above.heading:
            level = 1 if sign == "=" else 2
            self.gathered[-1] = SourceLine(msgspec.structs.replace(above, heading=level), starts=True)

    def _comment(self) -> None:
        while self.at < len(self.lines) and "-->" not in self.lines[self.at]:
            self.at += 1
        self.at += 1

    # Tables written with tabs

    def _tab_rows(self) -> list[_Row]:
        """The rows from here to the end of the table, over blank lines where it goes on behind them."""
        rows: list[_Row] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line.strip():
                following = self._next_text(self.at)
                if following is None or not self._further(following):
                    break
                self.at = following
            elif rows and _CONTINUED_CELL.match(line):
                self._continue_cell(rows[-1], line)
                self.at += 1
            elif "\t" in line and _TABLE_RULE.fullmatch(line):
                self.at += 1
            elif _tabbed(line) or (rows and line.count("\t") >= min(2, len(rows[-1].cells) - 1)):
                rows.append(_Row(self.at + 1, line.rstrip("\r\n").split("\t")))
                self.at += 1
            else:
                break
        return rows

    def _next_text(self, at: int) -> int | None:
        return next((place for place in range(at, min(at + 6, len(self.lines))) if self.lines[place].strip()), None)

    def _further(self, at: int) -> bool:
        line = self.lines[at]
        further = _tabbed(line) or _CONTINUED_CELL.match(line) or _FIGURES.fullmatch(line)
        return bool(further) and not _OPENS_TABLE.match(line)

    @staticmethod
    def _continue_cell(row: _Row, line: str) -> None:
        """A line that begins with a mark of HTML is the rest of the cell that the line before ended in."""
        first, *others = line.split("\t")
        last = max((place for place, cell in enumerate(row.cells) if cell.strip()), default=0)
        row.cells[last] = f"{row.cells[last]}\n{first}"
        row.cells.extend(others)

    def _entry(self, row: _Row) -> SourceLine:
        text = "\t".join(plain(cell, marked=self.marked) for cell in row.cells if cell.strip())
        return SourceLine(RawText(text, Source(file=self.file, line=row.line)), starts=True)

    # Tables written with bars

    def _piped(self, at: int) -> bool:
        line = self.lines[at].strip()
        if "|" not in line or _TABLE_RULE.fullmatch(line):
            return line.startswith("|")
        below = self.lines[at + 1].strip() if at + 1 < len(self.lines) else ""
        ruled = "|" in below and _TABLE_RULE.fullmatch(below) is not None
        return ruled or (line.startswith("|") and line.count("|") > 1 and not self._amid_cells(at))

    def _amid_cells(self, at: int) -> bool:
        """Whether the lines above have a bar only behind their cells: then a bar in front stands behind an empty cell.

        A line with nothing but a bar is an empty cell itself, and says nothing of it.
        """
        above = next((text for n in range(at - 1, -1, -1) if (text := self.lines[n].strip()) != "|"), "")
        return above.endswith("|") and not above.startswith("|")

    def _pipe_table(self) -> Iterator[RawBlock]:
        found: list[tuple[int, str]] = []
        while self.at < len(self.lines) and "|" in self.lines[self.at]:
            line = self.lines[self.at].strip()
            if not _TABLE_RULE.fullmatch(line):
                found.append((self.at + 1, line))
            self.at += 1
        # Where most lines begin with a cell, a bar in front of the others stands behind an empty cell.
        framed = 2 * sum(line.startswith("|") for _, line in found) >= len(found)
        rows: list[_Row] = []
        for number, line in found:
            body = line.removeprefix("|") if framed else line
            body = body[:-1] if body.endswith("|") and not body.endswith("\\|") else body
            rows.append(_Row(number, [cell.replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", body)]))
        yield from self._table(rows)

    def _table(self, rows: Sequence[_Row]) -> Iterator[RawTable]:
        self.tables += 1
        cells = [
            RawCell(plain(text, marked=self.marked), number, column, source=self._cell_source(row.line, column))
            for number, row in enumerate(rows)
            for column, text in enumerate(row.cells)
        ]
        if not any(cell.text for cell in cells):
            return
        table, note = table_of(cells, Source(file=self.file, line=rows[0].line), len(rows))
        if note:
            self.notes.append(note)
        yield table

    def _cell_source(self, line: int, column: int) -> Source:
        return Source(file=self.file, line=line, cell=str(column + 1))

    # Tables written in HTML

    def _html_table(self) -> Iterator[RawBlock]:
        start = self.at
        depth = 0
        while self.at < len(self.lines):
            line = self.lines[self.at].lower()
            depth += line.count("<table") - line.count("</table")
            self.at += 1
            if depth <= 0:
                break
        chunk = "\n".join(self.lines[start : self.at])

        def place(_: int, row: int, column: int, element: Any) -> Source:
            line = start + (element.sourceline or 1)
            return Source(file=self.file, line=line, cell=str(column + 1) if row >= 0 else "")

        for block in html_blocks(chunk, self.file, self.notes, place, self.tables + 1):
            self.tables += isinstance(block, RawTable)
            if isinstance(block, RawText):
                block = msgspec.structs.replace(block, source=self._source(start))
            yield block


def _tabbed(line: str) -> bool:
    """Whether a line is a row of a table: it has tabs between words or several behind them, not a mere indent."""
    return "\t" in line.strip() or (line.endswith("\t\t") and bool(line.strip()))


def _contents(rows: Sequence[_Row]) -> bool:
    """Whether the rows are lines of a table of contents: titles, each with the number of its page."""
    lines = ["\t".join(cell for cell in row.cells if cell.strip()) for row in rows]
    numbered = sum(1 for line in lines if MARKER.match(tidy(line)))
    return len(lines) > 1 and all(_ENTRY.fullmatch(line) for line in lines) and 2 * numbered > len(lines)
