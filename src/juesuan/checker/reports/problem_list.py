"""The problem list that bureaus circulate (问题清单), as a workbook: one line for each finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from juesuan.account import SEVERITY_NAMES, Issue, Source, plain_os_errors
from juesuan.checker.report import Report
from juesuan.checker.reports.locations import Checked, Unreadable
from juesuan.checker.reports.rounds import GONE, KIND, MARK, NEW, STILL, counted, kind_of
from juesuan.checker.reports.verdict import verdict_text
from juesuan.statute import Statute, load_statute
from juesuan.statute.register import advice_on, basis_of

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

HEADINGS = (
    "序号", "单位", "年度", "文件", "编号", "程度", "位置", "问题", "依据", "原为", "应为", "建议",
    KIND, "比上次", MARK,
)
WIDTHS = (6, 26, 8, 26, 8, 8, 30, 60, 34, 16, 16, 34, 8, 12, 10)
SHADES = {
    "错误": "#F8D7D3", "未读": "#F8D7D3", "本程序的问题": "#F8D7D3", "须说明": "#FBEBC8", "已接受": "#E7EAED",
    GONE: "#DDEFDD",
}
"""The colour behind the severity, or behind what became of a finding."""

FILES = {
    "文件": 34, "单位": 30, "年度": 8, KIND: 8, "错误": 8, "须说明": 8, "提示": 8, "已接受": 8, "看懂": 8, "结论": 60,
    "不再有": 8, "仍有": 8, "新出现": 8, "相同的文件": 30,
}
"""The columns of the sheet of files, and how wide they are."""

NUMBERS = ("序号", "年度", "个数", *SEVERITY_NAMES.values(), "已接受", GONE, STILL, NEW)
"""Columns that hold numbers, to be sorted and summed as such."""

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
        _list_files(book, head, cell, checked, unreadable)
        _list_unchecked(book, head, cell, checked)
        last = 0
        for row, values in enumerate(_lines(checked, unreadable), 1):
            last = row
            for column, value in enumerate((str(row), *values)):
                style = shaded.get(value, cell) if HEADINGS[column] in ("程度", "比上次") else cell
                _write(sheet, row, column, HEADINGS[column], value, style)
        sheet.set_column(HEADINGS.index(MARK), HEADINGS.index(MARK), None, None, {"hidden": True})
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(last, 1), len(HEADINGS) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)


def _write(sheet: Worksheet, row: int, column: int, heading: str, value: str, style: Format) -> None:
    """A cell: a number where its column counts, else text as it is."""
    if heading in NUMBERS and value.isdecimal() and value.isascii():
        sheet.write_number(row, column, int(value), style)
    else:
        sheet.write_string(row, column, value, style)


def _list_files(
    book: Workbook, head: Format, cell: Format, checked: Sequence[Checked], unreadable: Sequence[Unreadable]
) -> None:
    """The second sheet: every file with what it comes to, so that whoever has hundreds sees which to take up."""
    sheet = book.add_worksheet("文件")
    for column, (heading, width) in enumerate(FILES.items()):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, head)
    rows = [_file_line(item) for item in checked]
    rows += [{"文件": failure.file, "结论": f"读不出来：{failure.reason}"} for failure in unreadable]
    for row, values in enumerate(rows, 1):
        for column, heading in enumerate(FILES):
            _write(sheet, row, column, heading, values.get(heading, ""), cell)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(rows), 1), len(FILES) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _file_line(item: Checked) -> dict[str, str]:
    report = item.report
    counts = {name: str(item.count(severity)) for severity, name in SEVERITY_NAMES.items()}
    printed = report.coverage.printed
    told = verdict_text(report, len(item.accepted))
    return {
        "文件": report.file, "单位": report.unit, "年度": str(report.year or "未写明"), KIND: kind_of(item),
        **counts, "已接受": str(len(item.accepted)), "结论": told, "相同的文件": "、".join(item.same),
        "看懂": f"{report.coverage.understood * 100 // printed}%" if printed else "",
        **{name: str(number) for name, number in counted(item).items()},
    }


def _list_unchecked(book: Workbook, head: Format, cell: Format, checked: Sequence[Checked]) -> None:
    """The third sheet: every number that was held against nothing, so that no reader takes it for sound."""
    sheet = book.add_worksheet("没有核对的数")
    headings = ("单位", "年度", "文件", "部分", "内容", "原因", "个数", "位置")
    for column, (heading, width) in enumerate(zip(headings, (26, 8, 26, 34, 44, 40, 8, 30), strict=True)):
        sheet.set_column(column, column, width)
        sheet.write_string(0, column, heading, head)
    rows = [(item.report, unchecked) for item in checked for unchecked in item.report.coverage.unchecked]
    for row, (report, item) in enumerate(rows, 1):
        year = str(report.year or "")
        place = place_in_file(item.source) if item.source else ""
        values = (report.unit, year, report.file, item.part, item.text, item.why, str(item.amounts), place)
        for column, value in enumerate(values):
            _write(sheet, row, column, headings[column], value, cell)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(headings) - 1)


def _lines(checked: Sequence[Checked], unreadable: Sequence[Unreadable]) -> Iterator[tuple[str, ...]]:
    """The lines without their number."""
    for item in checked:
        report, kind, states = item.report, kind_of(item), item.since.states if item.since else {}
        statute = load_statute(report.profile, report.year)
        for located in item.found:
            finding = located.finding
            line = _line(report, finding, statute, SEVERITY_NAMES[finding.severity], advice_on(finding, statute))
            yield (*line, kind, states.get(located.fingerprint, ""), f"{located.fingerprint} {located.place}")
        for severity, code, message, stated in item.since.gone if item.since else ():
            yield (*_opening(report), code, severity, "", message, "", stated, "", "", kind, GONE, "")
        for accepted in item.accepted:
            until = f"（至{accepted.until}）" if accepted.until else ""
            finding = accepted.located.finding
            yield (*_line(report, finding, statute, "已接受", f"已接受：{accepted.reason}{until}"), kind, "", "")
        for fault in report.faults:
            line = (*_opening(report), "", "本程序的问题", fault.code, fault.message, "", "", "")
            yield (*line, "请把文件提供给本程序的开发者。", kind, "", "")
    for failure in unreadable:
        line = ("", "", failure.file, "", "未读", failure.code, failure.reason, "", "", "")
        yield (*line, "请提供可以读取的文件。", "", "", "")


def _opening(report: Report) -> tuple[str, ...]:
    return report.unit, str(report.year or "未写明"), report.file


def _line(report: Report, finding: Issue, statute: Statute, severity: str, advice: str) -> tuple[str, ...]:
    places = "\n".join(list(dict.fromkeys(map(place_in_file, finding.places)))[:PLACES_SHOWN])
    return (
        *_opening(report), finding.code, severity, places, finding.message, basis_of(finding, statute),
        finding.stated, finding.expected, advice,
    )


def place_in_file(source: Source) -> str:
    """A place without the name of its file, which has a column of its own."""
    return str(source).removeprefix(source.file).strip() or source.file
