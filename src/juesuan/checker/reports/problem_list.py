"""The problem list that bureaus circulate (问题清单), as a workbook: one line for each finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from juesuan.account import SEVERITY_NAMES, Issue, plain_os_errors
from juesuan.checker.report import Report
from juesuan.checker.reports.locations import Checked, Unreadable
from juesuan.statute import Statute, load_statute
from juesuan.statute.register import advice_on, basis_of

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

HEADINGS = ("序号", "单位", "年度", "文件", "编号", "程度", "位置", "问题", "依据", "原为", "应为", "建议")
WIDTHS = (6, 26, 8, 26, 8, 8, 30, 60, 34, 16, 16, 34)
SHADES = {"错误": "#F8D7D3", "未读": "#F8D7D3", "本程序的问题": "#F8D7D3", "须说明": "#FBEBC8", "已接受": "#E7EAED"}
"""The colour behind the severity."""

PLACES_SHOWN = 4

PLAIN = {
    "in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False,
}
"""What others wrote stays text: nothing of it becomes a formula or a link."""


def write_problem_list(path: Path, checked: Sequence[Checked], unreadable: Sequence[Unreadable] = ()) -> None:
    """The problem list of all files, in the order given: findings, accepted ones with their reason, files not read."""
    import xlsxwriter

    with plain_os_errors(), xlsxwriter.Workbook(str(path), PLAIN) as book:
        book.set_properties({"title": "决算公开问题清单", "created": datetime(2000, 1, 1)})
        sheet = book.add_worksheet("问题清单")
        head = book.add_format({"bold": True, "border": 1, "bg_color": "#DDE6F0", "align": "center"})
        cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        shaded = {
            name: book.add_format({"border": 1, "text_wrap": True, "valign": "top", "bg_color": colour})
            for name, colour in SHADES.items()
        }
        for column, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, head)
        _list_unchecked(book, head, cell, checked)
        last = 0
        for row, values in enumerate(_lines(checked, unreadable), 1):
            last = row
            for column, value in enumerate((str(row), *values)):
                style = shaded.get(value, cell) if HEADINGS[column] == "程度" else cell
                sheet.write_string(row, column, value, style)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(last, 1), len(HEADINGS) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)


def _list_unchecked(book: Workbook, head: Format, cell: Format, checked: Sequence[Checked]) -> None:
    """The second sheet: every number that was held against nothing, so that no reader takes it for sound."""
    sheet = book.add_worksheet("没有核对的数")
    headings = ("单位", "年度", "文件", "部分", "内容", "原因", "个数", "位置")
    for column, (heading, width) in enumerate(zip(headings, (26, 8, 26, 34, 44, 40, 8, 30), strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, head)
    rows = [(item.report, unchecked) for item in checked for unchecked in item.report.coverage.unchecked]
    for row, (report, item) in enumerate(rows, 1):
        year = str(report.year or "")
        place = str(item.source or "")
        values = (report.unit, year, report.file, item.part, item.text, item.why, str(item.amounts), place)
        for column, value in enumerate(values):
            sheet.write_string(row, column, value, cell)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(headings) - 1)


def _lines(checked: Sequence[Checked], unreadable: Sequence[Unreadable]) -> Iterator[tuple[str, ...]]:
    """The lines without their number."""
    for item in checked:
        report = item.report
        statute = load_statute(report.profile, report.year)
        for finding in report.findings:
            yield _line(report, finding, statute, SEVERITY_NAMES[finding.severity], advice_on(finding, statute))
        for accepted in item.accepted:
            until = f"（至{accepted.until}）" if accepted.until else ""
            finding = accepted.located.finding
            yield _line(report, finding, statute, "已接受", f"已接受：{accepted.reason}{until}")
        for fault in report.faults:
            place = (report.unit, str(report.year or "未写明"), report.file, "", "本程序的问题", fault.code)
            yield (*place, fault.message, "", "", "", "请把文件提供给本程序的开发者。")
    for failure in unreadable:
        yield ("", "", failure.file, "", "未读", failure.code, failure.reason, "", "", "", "请提供可以读取的文件。")


def _line(report: Report, finding: Issue, statute: Statute, severity: str, advice: str) -> tuple[str, ...]:
    places = "\n".join(str(place) for place in finding.places[:PLACES_SHOWN])
    return (
        report.unit, str(report.year or "未写明"), report.file, finding.code, severity, places, finding.message,
        basis_of(finding, statute), finding.stated, finding.expected, advice,
    )
