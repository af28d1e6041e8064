"""The published tables and forms as an Excel workbook whose totals are live formulas made from the relations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import xlsxwriter

from juesuan.account import Account, Address, plain_os_errors
from juesuan.publisher.document import Cell, Document, Table
from juesuan.publisher.evaluation import FORM
from juesuan.publisher.evidence import KEY as EVIDENCE
from juesuan.publisher.goals import GOALS
from juesuan.publisher.layout import KEY_WORK
from juesuan.publisher.place_tables import PLACE
from juesuan.publisher.xlsx.evaluation import Computed, computed, heights, sheet_name
from juesuan.publisher.xlsx.formulas import Cells, formula, giving
from juesuan.statute import MONEY_UNITS, Statute

PLAIN = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False,
}
"""Texts stay texts, also in merged cells: formulas are only those that are written as such."""

CREATED = datetime(2000, 1, 1)
"""The date of creation in the file's properties: the same account gives the same bytes."""

FORMATS: dict[str, dict[str, Any]] = {
    "title": {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter", "font_name": "宋体"},
    "note": {"font_size": 10, "text_wrap": True, "valign": "top", "font_name": "宋体"},
    "left": {"font_size": 10, "font_name": "宋体"},
    "right": {"font_size": 10, "align": "right", "font_name": "宋体"},
}
_CELL = {"border": 1, "font_size": 10, "valign": "vcenter", "text_wrap": True, "font_name": "宋体"}
KEY_WORK_TITLE = "重点工作完成情况表"
WIDTH = 0.9
"""Excel characters for one unit of a declared column width."""


def write_xlsx(document: Document, account: Account, statute: Statute, path: Path) -> None:
    """One sheet for each published table, in the order of the document; amounts exact in 万元, shown with two decimals.

    Behind them stand the key work, the self-evaluation forms and the evidence, as far as there are any. Every cell that
    a relation computes holds that relation as a formula, so that Excel itself recomputes the totals.
    """
    tables = [block for block in document.blocks if isinstance(block, Table) and block.key in statute.forms]
    names = {table.key: statute.forms[table.key].title[:31] for table in tables}
    starts = {table.key: 3 + len(table.header) for table in tables}
    cells: dict[Address, tuple[str, int, int]] = {}
    for table in tables:
        for row, column, cell in _placed(table.body, starts[table.key]):
            if cell.address:
                cells[cell.address] = (names[table.key], row, column)
    with plain_os_errors(), xlsxwriter.Workbook(str(path), PLAIN) as book:
        book.set_properties(
            {"title": document.title, "author": document.author, "subject": document.subject, "created": CREATED}
        )
        book.set_calc_mode("auto")
        styles = _Styles(book)
        formulas = giving(account, statute)
        for table in tables:
            writer = _Sheet(book.add_worksheet(names[table.key]), names[table.key], styles, account, statute)
            writer.write(table, starts[table.key], cells, formulas)
        for name, table in _others(document):
            writer = _Sheet(book.add_worksheet(name), name, styles, account, statute)
            writer.write(table, 3 + len(table.header), cells, formulas)


def _others(document: Document) -> Iterator[tuple[str, Table]]:
    """The tables beside the statutory ones that have a sheet, with its name: key work, forms and evidence."""
    number = 0
    for table in (block for block in document.blocks if isinstance(block, Table)):
        if table.key == KEY_WORK:
            yield KEY_WORK_TITLE, msgspec.structs.replace(table, title=KEY_WORK_TITLE)
        elif table.key == EVIDENCE or table.key.startswith(PLACE):
            yield table.title[:31], table
        elif table.key.startswith((FORM, GOALS)):
            number += 1
            yield sheet_name(number, table), table


def _placed(rows: tuple[tuple[Cell, ...], ...], top: int) -> list[tuple[int, int, Cell]]:
    """Each cell with the grid row and column it begins at, spanned-over places left out."""
    taken: set[tuple[int, int]] = set()
    placed = []
    for offset, cells in enumerate(rows):
        column = 0
        for cell in cells:
            while (offset, column) in taken:
                column += 1
            placed.append((top + offset, column, cell))
            for down in range(cell.rowspan):
                taken.update((offset + down, column + across) for across in range(cell.colspan))
    return placed


class _Styles:
    def __init__(self, book: Any) -> None:
        self._book = book
        self._known: dict[str, Any] = {}

    def named(self, name: str) -> Any:
        return self._get(name, FORMATS[name])

    def cell(self, cell: Cell, amount: str = "") -> Any:
        look: dict[str, Any] = {"align": cell.align, "bold": cell.bold or cell.header, "indent": cell.indent}
        if amount:
            look["num_format"] = amount
        if cell.header:
            look["bg_color"] = "#F2F2F2"
        return self._get(repr(look), {**_CELL, **look})

    def _get(self, key: str, look: dict[str, Any]) -> Any:
        if key not in self._known:
            self._known[key] = self._book.add_format(look)
        return self._known[key]


class _Sheet:
    def __init__(self, sheet: Any, name: str, styles: _Styles, account: Account, statute: Statute) -> None:
        self.sheet = sheet
        self.name = name
        self.styles = styles
        self.account = account
        self.statute = statute

    def write(self, table: Table, start: int, cells: Cells, formulas: dict[Address, Any]) -> None:
        last = len(table.widths) - 1
        sheet = self.sheet
        for column, width in enumerate(table.widths):
            sheet.set_column(column, column, width * WIDTH)
        sheet.merge_range(0, 0, 0, last, table.title, self.styles.named("title"))
        sheet.set_row(0, 28)
        sheet.write_string(1, last, table.number, self.styles.named("right"))
        sheet.write_string(2, 0, table.left, self.styles.named("left"))
        sheet.write_string(2, last, table.right, self.styles.named("right"))
        for row, column, cell in _placed(table.header, 3):
            self._text(row, column, cell)
        body = _placed(table.body, start)
        numbers = computed(body)
        for row, column, cell in body:
            if (row, column) in numbers:
                self._number(row, column, cell, numbers[row, column])
                continue
            fact = self.account.get(cell.address) if cell.address else None
            if cell.address is None or fact is None:
                self._text(row, column, cell)
                continue
            divisor = MONEY_UNITS[self.statute.forms[cell.address.form].unit_of(cell.address.row)]
            style = self.styles.cell(cell, "#,##0.00")
            instance = formulas.get(cell.address)
            text = formula(instance, cells, self.name) if instance else None
            value = fact.figure.value / divisor
            if text:
                sheet.write_formula(row, column, text, style, value)
            else:
                sheet.write_number(row, column, value, style)
        if table.key not in self.statute.forms:
            for row, height in heights(body, [width * WIDTH for width in table.widths]).items():
                sheet.set_row(row, height)
        end = start + len(table.body)
        notes = [(end + n, 0, Cell(note, colspan=last + 1)) for n, note in enumerate(table.notes)]
        for row, height in heights(notes, [width * WIDTH for width in table.widths]).items():
            sheet.set_row(row, height)
        for offset, note in enumerate(table.notes):
            sheet.merge_range(end + offset, 0, end + offset, last, note, self.styles.named("note"))
        if table.header:
            sheet.freeze_panes(start, 0)
            sheet.repeat_rows(3, start - 1)
        sheet.set_paper(9)
        if table.wide:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def _number(self, row: int, column: int, cell: Cell, number: Computed) -> None:
        style = self.styles.cell(cell, number.form)
        if cell.colspan > 1 or cell.rowspan > 1:
            self.sheet.merge_range(row, column, row + cell.rowspan - 1, column + cell.colspan - 1, "", style)
        if number.formula:
            self.sheet.write_formula(row, column, number.formula, style, number.value)
        else:
            self.sheet.write_number(row, column, number.value, style)

    def _text(self, row: int, column: int, cell: Cell) -> None:
        style = self.styles.cell(cell)
        if cell.colspan > 1 or cell.rowspan > 1:
            self.sheet.merge_range(row, column, row + cell.rowspan - 1, column + cell.colspan - 1, cell.text, style)
        else:
            self.sheet.write_string(row, column, cell.text, style)
