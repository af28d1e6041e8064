"""The workbook to fill in: written from its declaration, empty, half filled or full."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from juesuan.account import cell_name, column_letters, plain_os_errors
from juesuan.compiler.entries import Gathered
from juesuan.compiler.workbook.fill import Filler, Line, SheetContents, Value
from juesuan.compiler.workbook.front import write_front
from juesuan.compiler.workbook.lists import Lists, write_lists
from juesuan.compiler.workbook.plan import PROFILE_PROPERTY, SHEETS_PROPERTY, PlannedSheet, Slot, sheets
from juesuan.compiler.workbook.style import GROUP, UNITS, Formats, heading_text, hint_text, validation
from juesuan.compiler.workbook.totals import column_total, has_totals, line_total, summed_slots
from juesuan.statute import Statute

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

CREATED = datetime.datetime(2000, 1, 1)
"""The date of creation in the file, always the same: same input, same bytes."""

TOTAL = "合计（自动）"
LIST_HEADING = 3
"""The line of a list's headings, counted from 0: below title, guide and totals."""

FIELD_HEADING = 2
FIELD_HEADS = ("项目", "填写内容", "单位", "说明")
TALL = 409
"""The greatest height of a row in Excel, in points."""


def write_workbook(path: Path, statute: Statute, *, ledger: bool = False, filled: Gathered | None = None) -> None:
    """Write the workbook of `statute` to `path`, with the values of `filled` in its cells.

    With `ledger` it has only what a ledger does not know. The same input gives the same bytes. Raises ValueError,
    listing them in Chinese, for values of `filled` that have no cell in the workbook.
    """
    filler = Filler(filled or Gathered())
    whole = {sheet.key: filler.contents(sheet) for sheet in sheets(statute)}
    homeless = filler.homeless()
    if homeless:
        raise ValueError("工作簿里没有地方填写：" + "；".join(homeless))
    write_contents(path, statute, whole, ledger=ledger)


def write_contents(
    path: Path,
    statute: Statute,
    whole: Mapping[str, SheetContents],
    *,
    ledger: bool = False,
    plan: Sequence[PlannedSheet] | None = None,
) -> None:
    """Write the workbook with these contents of its sheets, which may hold texts where numbers belong.

    `plan` are the sheets and cells that it has, where it has not all of them. Raises OSError where it cannot write.
    """
    plan = plan or sheets(statute, ledger=ledger)
    path.parent.mkdir(parents=True, exist_ok=True)
    with plain_os_errors():
        _write(path, statute, whole, plan)


def _write(path: Path, statute: Statute, whole: Mapping[str, SheetContents], plan: Sequence[PlannedSheet]) -> None:
    from xlsxwriter import Workbook as Book

    with Book(str(path), {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": statute.workbook.title, "created": CREATED})
        book.set_custom_property(PROFILE_PROPERTY, statute.profile.key)
        book.set_custom_property(SHEETS_PROPERTY, "、".join(sheet.key for sheet in plan))
        formats = Formats(book)
        front = write_front(book, statute, plan, formats)
        pages = {sheet.key: book.add_worksheet(sheet.key) for sheet in plan}
        depths = {sheet.key: max(sheet.plan.lines, len(whole[sheet.key].lines) + 10) for sheet in plan}
        lists = write_lists(book, statute, plan, depths, LIST_HEADING + 1)
        for sheet in plan:
            page, contents = pages[sheet.key], whole[sheet.key]
            _head(page, sheet, formats)
            if sheet.plan.layout == "list":
                _write_list(page, sheet, contents, depths[sheet.key], lists, formats)
            else:
                _write_fields(page, sheet, contents, lists, formats)
            _set_up(page, LIST_HEADING if sheet.plan.layout == "list" else FIELD_HEADING)
        front.activate()


def _head(page: Worksheet, sheet: PlannedSheet, formats: Formats) -> None:
    page.write_string(0, 0, sheet.plan.title, formats.title())
    page.set_row(0, 24)
    page.merge_range(1, 0, 1, max(3, min(len(sheet.slots) - 1, 7)), sheet.plan.guide, formats.guide())
    page.set_row(1, 30)


def _set_up(page: Worksheet, heading: int) -> None:
    page.protect("", {"format_columns": True, "format_rows": True})
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
    page.repeat_rows(heading)
    page.set_footer("&C&A  第 &P 页，共 &N 页")
    page.hide_gridlines(2)


def _write_list(
    page: Worksheet, sheet: PlannedSheet, contents: SheetContents, depth: int, lists: Lists, formats: Formats
) -> None:
    first, last = LIST_HEADING + 1, LIST_HEADING + depth
    columns = {slot.plan.key: index for index, slot in enumerate(sheet.slots)}
    totals = has_totals(sheet)
    amounts = [_amounts(line) for line in contents.lines]
    page.set_row(LIST_HEADING, 42)
    for column, slot in enumerate(sheet.slots):
        page.set_column(column, column, slot.plan.width)
        page.write_string(LIST_HEADING, column, heading_text(slot), formats.heading())
        if totals and (slot.money or slot.plan.type == "sum"):
            area = f"{cell_name(first, column)}:{cell_name(last, column)}"
            known = column_total(sheet, slot, amounts) or Decimal(0)
            page.write_formula(LIST_HEADING - 1, column, f"=SUM({area})", formats.group_sum(), known)
        elif column == 0 and totals:
            page.write_string(LIST_HEADING - 1, column, TOTAL, formats.group())
        rule = None if slot.computed else validation(slot, lists.source(slot))
        if rule:
            page.data_validation(first, column, last, column, rule)
    for row in range(first, last + 1):
        line = contents.lines[row - first] if row - first < len(contents.lines) else {}
        for column, slot in enumerate(sheet.slots):
            if slot.computed:
                formula, known_value = _formula(sheet, slot, row, columns, lists, line)
                page.write_formula(row, column, formula, formats.input(slot), known_value)
            else:
                _put(page, row, column, slot, line.get(slot.plan.key), formats)
    page.freeze_panes(first, _identifying(sheet))


def _identifying(sheet: PlannedSheet) -> int:
    """How many columns at the left say what a line is, and stay in view: those before the first that is neither
    required nor computed, three at most."""
    for column, slot in enumerate(sheet.slots[:3]):
        if slot.money or not (slot.plan.required or slot.computed):
            return column
    return min(3, len(sheet.slots)) if any(slot.money for slot in sheet.slots) else 1


def _amounts(line: Line) -> dict[str, Decimal]:
    return {key: value for key, value in line.items() if isinstance(value, Decimal)}


def _formula(
    sheet: PlannedSheet, slot: Slot, row: int, columns: dict[str, int], lists: Lists, line: Line
) -> tuple[str, str | Decimal]:
    """A computed cell's formula, and its present value for programs that do not recalculate."""
    if slot.plan.type == "sum":
        parts = ",".join(cell_name(row, columns[other.plan.key]) for other in summed_slots(sheet))
        known = line_total(sheet, _amounts(line))
        return f'=IF(COUNT({parts})=0,"",SUM({parts}))', "" if known is None else known
    code = f"${cell_name(row, columns[slot.plan.of])}"
    of = sheet.slot(slot.plan.of)
    return lists.lookup(of.plan.type if of else "", code), lists.name(str(line.get(slot.plan.of, "")))


def _write_fields(
    page: Worksheet, sheet: PlannedSheet, contents: SheetContents, lists: Lists, formats: Formats
) -> None:
    long = any(slot.plan.type == "long" for slot in sheet.slots)
    widths = (36, max(70 if long else 24, *(slot.plan.width for slot in sheet.slots)), 8, 46)
    for column, (head, width) in enumerate(zip(FIELD_HEADS, widths, strict=True)):
        page.set_column(column, column, width)
        page.write_string(FIELD_HEADING, column, head, formats.heading())
    page.set_row(FIELD_HEADING, 22)
    row, group = FIELD_HEADING + 1, ""
    for index, slot in enumerate(sheet.slots):
        if slot.plan.group != group:
            group = slot.plan.group
            members = _members(sheet, index)
            _write_group(page, row, group, members, contents, formats)
            row += 1
        value = contents.cells.get(slot.plan.key)
        page.write_string(row, 0, slot.plan.label, formats.label())
        _put(page, row, 1, slot, value, formats)
        page.write_string(row, 2, UNITS.get(slot.plan.type, ""), formats.get(border=1, align="center"))
        page.write_string(row, 3, hint_text(slot) if slot.plan.help else "", formats.hint())
        if slot.plan.type == "long":
            page.set_row(row, _height(str(value or ""), widths[1]))
        rule = validation(slot, lists.source(slot))
        if rule:
            page.data_validation(row, 1, row, 1, rule)
        row += 1
    page.freeze_panes(FIELD_HEADING + 1, 1)


def _members(sheet: PlannedSheet, index: int) -> list[Slot]:
    """The slots of the group that begins at `index`."""
    found = []
    for slot in sheet.slots[index:]:
        if slot.plan.group != sheet.slots[index].plan.group:
            break
        found.append(slot)
    return found


def _write_group(
    page: Worksheet, row: int, group: str, members: list[Slot], contents: SheetContents, formats: Formats
) -> None:
    """The line above a group; with its sum where all of it are amounts of the accounts."""
    for column in range(len(FIELD_HEADS)):
        page.write_string(row, column, group if column == 0 else "", formats.group())
    if all(slot.money and slot.plan.entry for slot in members):
        letter = column_letters(1)
        known = sum((v for slot in members if isinstance(v := contents.cells.get(slot.plan.key), Decimal)), Decimal(0))
        area = f"{letter}{row + 2}:{letter}{row + 1 + len(members)}"
        page.write_formula(row, 1, f"=SUM({area})", formats.group_sum(), known)
        page.write_string(row, 2, "元", formats.get(bold=True, border=1, align="center", bg_color=GROUP))
        page.write_string(row, 3, TOTAL, formats.group())


def _height(text: str, width: float) -> float:
    """A row's height in points for a text in a column of `width` half-width characters; never less than three lines."""
    needed = sum(1 + int(2 * len(line) // max(width - 2, 1)) for line in text.split("\n"))
    return min(TALL, 14.0 * max(3, needed) + 4)


def _put(page: Worksheet, row: int, column: int, slot: Slot, value: Value | None, formats: Formats) -> None:
    style: Any = formats.input(slot)
    if value is None or value == "":
        page.write_blank(row, column, None, style)
    elif isinstance(value, Decimal | int):
        page.write_number(row, column, value, style)
    elif slot.plan.type == "date" and (day := _day(value)):
        page.write_datetime(row, column, day, style)
    else:
        page.write_string(row, column, value, style)


def _day(text: str) -> datetime.datetime | None:
    """The day of a date in ISO; None for a text that is none."""
    try:
        return datetime.datetime.fromisoformat(text)
    except ValueError:
        return None
