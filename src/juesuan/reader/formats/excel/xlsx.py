"""XLSX files read from their XML: each visible sheet is one table, with values as they are shown.

Title, captions and notes stay in the grid as cells: where a sheet keeps them differs from unit to unit. A cell's row
and column in the grid are those of the sheet; blank cells that the file lists between the others are kept for their
place.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from lxml import etree

from juesuan.account import Source, Unplaced, UnreadableFileError, cell_name, column_number
from juesuan.reader.formats.excel.number_format import BUILT_IN, exact, shown
from juesuan.reader.formats.excel.sheets import blocks_of
from juesuan.reader.formats.excel.spans import MOST_READ, spans_of
from juesuan.reader.formats.package import DAMAGED, Package, PartError
from juesuan.reader.formats.spacing import tidy
from juesuan.reader.raw import RawBlock, RawCell, RawDocument, RawText

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_DRAWN_PARAGRAPH = "{http://schemas.openxmlformats.org/drawingml/2006/main}p"
_DRAWN_TEXT = "{http://schemas.openxmlformats.org/drawingml/2006/main}t"
_PLACE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")

def read_xlsx(path: Path, *, name: str = "") -> RawDocument:
    """Read an XLSX file; `name` is how its sources call it. Raises UnreadableFileError."""
    with Package(path) as package:
        return _Reader(package, name or path.name).document()


class _Grid(msgspec.Struct):
    """A sheet while it is read."""

    cells: dict[tuple[int, int], str] = {}
    merged: list[tuple[int, int, int, int]] = []
    zeros: bool = True
    hidden: int = 0
    uncounted: int = 0


class _Reader:
    def __init__(self, package: Package, file: str) -> None:
        self.package = package
        self.file = file
        self.notes: list[str] = []
        self.unplaced: list[Unplaced] = []
        self.main = package.main("xl/workbook.xml")
        try:
            self.book = package.xml(self.main)
            self.relations = package.relations(self.main)
        except PartError as error:
            raise UnreadableFileError(f"{error}。{DAMAGED}") from error
        properties = self.book.find(f"{S}workbookPr")
        self.date1904 = properties is not None and properties.get("date1904") in ("1", "true")
        self.strings = self._strings()
        self.formats = self._formats()

    def _part(self, kind: str) -> Any:
        target = next((target for found, target in self.relations.values() if found == kind), "")
        if not target or target not in self.package:
            return None
        return self.package.xml(target)

    def _strings(self) -> list[str]:
        try:
            root = self._part("sharedStrings")
        except PartError as error:
            # Without its texts a workbook is columns of numbers that nobody could place.
            raise UnreadableFileError(f"{error}。{DAMAGED}") from error
        return [] if root is None else [_text(item) for item in root.iterfind(f"{S}si")]

    def _formats(self) -> list[str]:
        try:
            root = self._part("styles")
        except PartError as error:
            self.notes.append(f"{error}，数字格式未能读出，数值按实际存储的值显示。")
            return []
        if root is None:
            return []
        codes = dict(BUILT_IN)
        for item in root.iterfind(f"{S}numFmts/{S}numFmt"):
            codes[_whole(item.get("numFmtId"))] = item.get("formatCode", "General")
        return [codes.get(_whole(item.get("numFmtId")), "General") for item in root.iterfind(f"{S}cellXfs/{S}xf")]

    def document(self) -> RawDocument:
        blocks: list[RawBlock] = []
        for sheet in self.book.iterfind(f"{S}sheets/{S}sheet"):
            name = sheet.get("name", "")
            kind, target = self.relations.get(sheet.get(_ID, ""), ("", ""))
            if sheet.get("state", "visible") in ("hidden", "veryHidden"):
                self.notes.append(f"工作表“{name}”是隐藏的，没有读取。")
            elif kind != "worksheet":
                self.notes.append(f"“{name}”不是工作表（图表或宏表），没有读取。")
            else:
                try:
                    blocks.extend(self._sheet(name, target))
                except (PartError, etree.LxmlError) as error:
                    self.notes.append(f"工作表“{name}”已损坏，没有读出：{error}。")
                    self.unplaced.append(Unplaced(f"工作表“{name}”", Source(file=self.file, sheet=name)))
        if not blocks:
            self.notes.append("工作簿中没有可读的内容。")
        return RawDocument(
            self.file, "xlsx", tuple(blocks), unplaced=tuple(self.unplaced), notes=tuple(dict.fromkeys(self.notes))
        )

    def _sheet(self, name: str, target: str) -> Iterator[RawBlock]:
        place = Source(file=self.file, sheet=name)
        grid = self._read(name, target)
        if grid.hidden:
            self.notes.append(f"工作表“{name}”有 {grid.hidden} 个数值（多为零）按其格式显示为空白，按空白读取。")
        if grid.uncounted:
            self.notes.append(
                f"工作表“{name}”有 {grid.uncounted} 个公式没有计算结果，请用 Excel 或 WPS 打开并保存后再读。"
            )
        spans, covered = self._spans(grid)
        for at in covered & grid.cells.keys():
            if text := grid.cells.pop(at):
                self.unplaced.append(Unplaced(text, msgspec.structs.replace(place, cell=cell_name(*at))))
        last_row = max((row for (row, _), text in grid.cells.items() if text), default=-1)
        last_column = max((column for (_, column), text in grid.cells.items() if text), default=-1)
        cells = [
            RawCell(text, *at, *spans.get(at, (1, 1)), msgspec.structs.replace(place, cell=cell_name(*at)))
            for at, text in sorted(grid.cells.items())
            if at[0] <= last_row and at[1] <= last_column
        ]
        for block, note in blocks_of(cells, place):
            yield block
            if note:
                self.notes.append(note)
        yield from self._drawn(target, place)

    def _spans(self, grid: _Grid) -> tuple[dict[tuple[int, int], tuple[int, int]], set[tuple[int, int]]]:
        """How far merged cells reach, and which cells they cover (the cells are made where the file lists none)."""
        spans, covered, whole = spans_of(grid.merged, max((row for row, _ in grid.cells), default=-1))
        if not whole:
            self.notes.append("合并单元格过多，其余的按未合并读取。")
        for at in spans:
            grid.cells.setdefault(at, "")
        return spans, covered

    def _read(self, name: str, target: str) -> _Grid:
        grid = _Grid()
        row = read = 0
        events = etree.iterparse(
            io.BytesIO(self.package.xml_bytes(target)), events=("end",),
            tag=(f"{S}row", f"{S}mergeCell", f"{S}sheetView"), resolve_entities=False, no_network=True,
            huge_tree=False, load_dtd=False, remove_comments=True, remove_pis=True,
        )  # fmt: skip
        for _, element in events:
            if element.tag == f"{S}row":
                row = _whole(element.get("r"), row + 1)
                read += len(element)
                if read > MOST_READ:
                    self.notes.append(f"工作表“{name}”过大，只读到第 {row} 行。")
                    break
                self._row(grid, element, row - 1, name)
            elif element.tag == f"{S}mergeCell":
                if area := _area(element.get("ref", "")):
                    grid.merged.append(area)
            else:
                grid.zeros = element.get("showZeros") not in ("0", "false")
            # Rows that have been read are let go, or a sheet takes ten times its size in memory.
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
        return grid

    def _row(self, grid: _Grid, element: Any, row: int, name: str) -> None:
        column = -1
        for cell in element.iterfind(f"{S}c"):
            at = _PLACE.fullmatch(cell.get("r", ""))
            column = column_number(at[1]) if at else column + 1
            source = Source(file=self.file, sheet=name, cell=cell_name(row, column)) if len(cell) else None
            grid.cells[row, column] = self._value(grid, cell, source) if source else ""

    def _value(self, grid: _Grid, cell: Any, source: Source) -> str:
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            inline = cell.find(f"{S}is")
            return tidy(_text(inline)) if inline is not None else ""
        held = cell.find(f"{S}v")
        raw = (held.text or "") if held is not None else ""
        if not raw:
            formula = cell.find(f"{S}f")
            # A formula that gives an empty text says so (t="str"); one without a value was never computed.
            if formula is not None and (held is None or kind != "str"):
                grid.uncounted += 1
                self.unplaced.append(Unplaced(f"={formula.text or ''}", source))
            return ""
        if kind == "s":
            place = _whole(raw, -1)
            if 0 <= place < len(self.strings):
                return tidy(self.strings[place])
            self.unplaced.append(Unplaced(f"文字 {raw}", source))
            return ""
        if kind == "b":
            return "TRUE" if raw == "1" else "FALSE"
        value = exact(raw) if kind == "n" else None
        if value is None:
            return tidy(raw)
        style = _whole(cell.get("s"))
        code = self.formats[style] if style < len(self.formats) else "General"
        text = "" if not value and not grid.zeros else shown(value, code, date1904=self.date1904)
        if not text:
            grid.hidden += 1
        return tidy(text)

    def _drawn(self, target: str, place: Source) -> Iterator[RawText]:
        """The texts of boxes that lie on the sheet: notes and stamps, rarely more."""
        try:
            drawings = [part for kind, part in self.package.relations(target).values() if kind == "drawing"]
            roots = [self.package.xml(part) for part in drawings]
        except PartError:
            return
        for root in roots:
            for paragraph in root.iter(_DRAWN_PARAGRAPH):
                if text := tidy("".join(piece.text or "" for piece in paragraph.iter(_DRAWN_TEXT))):
                    yield RawText(text, place)


def _text(item: Any) -> str:
    """The text of a string item: its runs, without the readings of its characters (phonetic guides)."""
    pieces = [item.findtext(f"{S}t") or ""]
    pieces.extend(run.findtext(f"{S}t") or "" for run in item.iterfind(f"{S}r"))
    # Characters that XML cannot hold are written _x000D_.
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), "".join(pieces))


def _whole(text: str | None, otherwise: int = 0) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,9}", text) else otherwise


def _area(reference: str) -> tuple[int, int, int, int] | None:
    first, _, last = reference.partition(":")
    start, end = _PLACE.fullmatch(first), _PLACE.fullmatch(last or first)
    if not start or not end:
        return None
    top, left, bottom, right = int(start[2]) - 1, column_number(start[1]), int(end[2]) - 1, column_number(end[1])
    return (top, left, bottom, right) if 0 <= top <= bottom and left <= right else None
