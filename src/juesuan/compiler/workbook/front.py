"""The first sheet of the workbook: what it is for, what the colours mean, and the way to every other sheet."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from juesuan.compiler.workbook.plan import INSTRUCTIONS, PlannedSheet
from juesuan.compiler.workbook.style import COMPUTED, OPTIONAL, REQUIRED, Formats
from juesuan.statute import Statute, Workbook

if TYPE_CHECKING:
    from xlsxwriter import Workbook as Book
    from xlsxwriter.worksheet import Worksheet

LEGEND = (
    (REQUIRED, "黄色：必须填写（列表中，有内容的行必须填写）"),
    (OPTIONAL, "白色：有则填写，没有的留空"),
    (COMPUTED, "灰色：自动计算或带出，已锁定，不需要填写"),
)
WIDTH = 128
"""Half-width characters on one line of the instructions."""


def write_front(book: Book, statute: Statute, plan: Sequence[PlannedSheet], formats: Formats) -> Worksheet:
    """Write the instruction sheet as the next sheet of `book`, and return it."""
    declared: Workbook = statute.workbook
    page = book.add_worksheet(INSTRUCTIONS)
    for column, width in enumerate((5, 18, 44, 70)):
        page.set_column(column, column, width)
    page.write_string(0, 0, declared.title, formats.get(font_size=18, bold=True))
    page.set_row(0, 32)
    page.write_string(1, 0, f"口径：{statute.profile.title}（{statute.year} 年度）", formats.get(font_color="#595959"))
    row = _heading(page, 3, "一、怎样填写", formats)
    for number, sentence in enumerate(declared.instructions, start=1):
        page.write_string(row, 0, f"{number}.", formats.get(valign="top", align="right"))
        page.merge_range(row, 1, row, 3, sentence, formats.get(text_wrap=True, valign="top"))
        page.set_row(row, 15.0 * (1 + 2 * (len(sentence) - 1) // WIDTH) + 3)
        row += 1
    row = _heading(page, row + 1, "二、颜色", formats)
    for colour, sentence in LEGEND:
        page.write_blank(row, 1, None, formats.get(bg_color=colour, border=1))
        page.write_string(row, 2, sentence, formats.get())
        row += 1
    row = _heading(page, row + 1, "三、工作表（点击名称跳转）", formats)
    for column, head in enumerate(("序号", "工作表", "内容", "说明")):
        page.write_string(row, column, head, formats.heading())
    for number, sheet in enumerate(plan, start=1):
        row += 1
        page.write_number(row, 0, number, formats.get(border=1, align="center"))
        link = formats.get(border=1, font_color="#0563C1", underline=1)
        page.write_url(row, 1, f"internal:'{sheet.key}'!A1", link, sheet.key, f"转到“{sheet.key}”")
        page.write_string(row, 2, sheet.plan.title, formats.label())
        page.write_string(row, 3, sheet.plan.guide, formats.hint())
        page.set_row(row, 30 if 2 * len(sheet.plan.guide) > 66 else 18)
    page.protect("", {"format_columns": True, "format_rows": True})
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 1)
    page.hide_gridlines(2)
    return page


def _heading(page: Worksheet, row: int, text: str, formats: Formats) -> int:
    page.write_string(row, 0, text, formats.get(bold=True, font_size=12))
    page.set_row(row, 22)
    return row + 1
