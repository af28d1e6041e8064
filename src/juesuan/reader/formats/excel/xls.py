"""Excel workbooks of before 2007 (.xls, and WPS .et of the same make): each visible sheet is one table.

Values are as they are shown, by the number format of their cell, as in an XLSX.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import xlrd

from juesuan.account import Source, Unplaced, UnreadableFileError, cell_name
from juesuan.reader.formats.excel.number_format import exact, shown
from juesuan.reader.formats.excel.sheets import blocks_of
from juesuan.reader.formats.excel.spans import MOST_READ, spans_of
from juesuan.reader.formats.package import DAMAGED, LOCKED
from juesuan.reader.formats.spacing import tidy
from juesuan.reader.raw import RawBlock, RawCell, RawDocument

_EMPTY = (xlrd.XL_CELL_EMPTY, xlrd.XL_CELL_BLANK)


def read_xls(path: Path, *, name: str = "") -> RawDocument:
    """Read an .xls file; `name` is how its sources call it. Raises UnreadableFileError."""
    try:
        book = xlrd.open_workbook(file_contents=path.read_bytes(), formatting_info=True, logfile=io.StringIO())
        return _Reader(book, name or path.name).document()
    except MemoryError:
        raise
    except Exception as error:
        # Each kind of damage makes the library stumble elsewhere: over indexes, lengths, assertions of its own.
        locked = isinstance(error, xlrd.XLRDError) and "encrypted" in str(error)
        raise UnreadableFileError(LOCKED if locked else f"不是完整的 Excel 97-2003 工作簿。{DAMAGED}") from error


class _Reader:
    def __init__(self, book: Any, file: str) -> None:
        self.book = book
        self.file = file
        self.unplaced: list[Unplaced] = []
        self.notes: list[str] = []

    def document(self) -> RawDocument:
        blocks: list[RawBlock] = []
        for sheet in self.book.sheets():
            if sheet.visibility:
                self.notes.append(f"工作表“{sheet.name}”是隐藏的，没有读取。")
            else:
                blocks.extend(self._sheet(sheet))
        if not blocks:
            self.notes.append("工作簿中没有可读的内容。")
        notes = tuple(dict.fromkeys(self.notes))
        return RawDocument(self.file, "xls", tuple(blocks), unplaced=tuple(self.unplaced), notes=notes)

    def _sheet(self, sheet: Any) -> Iterator[RawBlock]:
        place = Source(file=self.file, sheet=sheet.name)
        texts: dict[tuple[int, int], str] = {}
        read = hidden = 0
        for row in range(sheet.nrows):
            types = sheet.row_types(row)
            read += len(types)
            if read > MOST_READ:
                self.notes.append(f"工作表“{sheet.name}”过大，只读到第 {row} 行。")
                break
            for column, kind in enumerate(types):
                texts[row, column] = text = "" if kind in _EMPTY else self._text(sheet, sheet.cell(row, column))
                hidden += kind == xlrd.XL_CELL_NUMBER and not text
        if hidden:
            self.notes.append(f"工作表“{sheet.name}”有 {hidden} 个数值（多为零）按其格式显示为空白，按空白读取。")
        bottom, right = (max((at[n] for at, text in texts.items() if text), default=-1) for n in (0, 1))
        areas = ((top, left, end - 1, last - 1) for top, end, left, last in sheet.merged_cells)
        spans, covered, whole = spans_of(areas, bottom)
        if not whole:
            self.notes.append("合并单元格过多，其余的按未合并读取。")
        for at in covered & texts.keys():
            if text := texts.pop(at):
                self.unplaced.append(Unplaced(text, msgspec.structs.replace(place, cell=cell_name(*at))))
        found = [
            RawCell(text, *at, *spans.get(at, (1, 1)), msgspec.structs.replace(place, cell=cell_name(*at)))
            for at, text in sorted(texts.items())
            if at[0] <= bottom and at[1] <= right
        ]
        for block, note in blocks_of(found, place):
            yield block
            if note:
                self.notes.append(note)

    def _text(self, sheet: Any, cell: Any) -> str:
        """What a cell shows."""
        if cell.ctype == xlrd.XL_CELL_TEXT:
            return tidy(cell.value)
        if cell.ctype == xlrd.XL_CELL_BOOLEAN:
            return "TRUE" if cell.value else "FALSE"
        if cell.ctype == xlrd.XL_CELL_ERROR:
            return str(xlrd.error_text_from_code.get(cell.value, "#N/A"))
        value = exact(repr(cell.value))
        if value is None:
            return repr(cell.value)
        if not value and not sheet.show_zero_values:
            return ""
        code = self.book.format_map[self.book.xf_list[cell.xf_index].format_key].format_str
        return tidy(shown(value, code, date1904=self.book.datemode == 1))
