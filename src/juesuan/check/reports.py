"""Reports on many files: JSON for machines, the problem list that bureaus circulate (问题清单) as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from juesuan.check.findings import SEVERITY_NAMES, Finding, Report
from juesuan.statute import Statute, load_rules

HEADINGS = ("序号", "单位", "年度", "文件", "编号", "程度", "位置", "问题", "依据", "原为", "应为", "建议")
WIDTHS = (6, 26, 8, 26, 8, 8, 30, 60, 34, 16, 16, 34)


class Unreadable(msgspec.Struct, frozen=True):
    """A file that could not be read, with the reason; it stays in the report."""

    file: str
    reason: str


def as_json(report: Report) -> dict[str, Any]:
    """The report as plain data: file, profile, unit, year, summary, findings, unplaced."""
    tally = msgspec.to_builtins(report.relations)
    return {
        "file": report.file,
        "profile": report.profile,
        "unit": report.unit,
        "year": report.year,
        "summary": {
            "error": report.count("error"),
            "warning": report.count("warning"),
            "notice": report.count("notice"),
            "relations": tally,
            "claims": {"decided": report.claims[0], "undecided": report.claims[1]},
        },
        "findings": [_finding(finding) for finding in report.findings],
        "unplaced": [{"text": item.text, "place": str(item.source or "")} for item in report.unplaced],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "severity": finding.severity,
        "message": finding.message,
        "places": [msgspec.to_builtins(place) | {"text": str(place)} for place in finding.places],
        "stated": finding.stated,
        "expected": finding.expected,
        "difference": finding.difference,
        "equation": finding.equation,
        "operands": [{"name": o.name, "stated": o.stated, "place": str(o.source or "")} for o in finding.operands],
        "because": list(finding.because),
    }


def basis_of(finding: Finding, statute: Statute) -> str:
    """The act or published form that a finding rests on."""
    relation = statute.relations.get(finding.code)
    if relation:
        return relation.basis
    rule = load_rules().get(finding.code)
    return rule.basis if rule else ""


def advice_on(finding: Finding) -> str:
    """What the unit should do."""
    rule = load_rules().get(finding.code)
    if rule:
        return rule.mend
    if finding.severity == "error":
        return f"核对账簿，将其改为{finding.expected}。" if finding.expected else "核对账簿，改正写错的数字。"
    return "核对；属实的在情况说明中写明原因。"


def write_problem_list(
    path: Path, reports: Sequence[tuple[Report, Statute]], unreadable: Sequence[Unreadable] = ()
) -> None:
    """The problem list (问题清单) of all files as a workbook, one line for each finding, files in the order given."""
    import xlsxwriter

    with xlsxwriter.Workbook(str(path), {"in_memory": True}) as book:
        book.set_properties({"title": "决算公开问题清单", "created": datetime(2000, 1, 1)})
        sheet = book.add_worksheet("问题清单")
        head = book.add_format({"bold": True, "border": 1, "bg_color": "#DDE6F0", "align": "center"})
        cell = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        for column, (heading, width) in enumerate(zip(HEADINGS, WIDTHS, strict=True)):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, heading, head)
        row = 0
        for report, statute in reports:
            for finding in report.findings:
                row += 1
                places = "\n".join(str(place) for place in finding.places[:4])
                values = (
                    str(row), report.unit, str(report.year), report.file, finding.code,
                    SEVERITY_NAMES[finding.severity], places, finding.message, basis_of(finding, statute),
                    finding.stated, finding.expected, advice_on(finding),
                )
                for column, value in enumerate(values):
                    sheet.write_string(row, column, value, cell)
        for item in unreadable:
            row += 1
            values = (str(row), "", "", item.file, "", "未读", "", item.reason, "", "", "", "请提供可以读取的文件。")
            for column, value in enumerate(values):
                sheet.write_string(row, column, value, cell)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(row, 1), len(HEADINGS) - 1)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
