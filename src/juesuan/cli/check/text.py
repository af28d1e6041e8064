"""What `juesuan check` prints for people."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from juesuan.checker.reports import Checked, Unreadable

PLACES_SHOWN = 4


def text_of(checked: Sequence[Checked], unreadable: Sequence[Unreadable]) -> str:
    """Every report, and a table of all files where there are several."""
    lines = [line for item in checked for line in _report(item)]
    if len(checked) + len(unreadable) > 1:
        lines.extend(_table(checked, unreadable))
    return "".join(f"{line}\n" for line in lines)


def _report(item: Checked) -> Iterator[str]:
    from juesuan.account import SEVERITY_NAMES

    report, tally = item.report, item.report.relations
    yield f"{report.file}　{report.year}年度 {report.unit}（{report.profile}）"
    yield (
        f"  公式：判定 {tally.decided} 条，成立 {tally.held}，尾数内成立 {tally.rounding}，"
        f"不成立 {tally.failed}；缺数未判 {tally.undecided}；正文数字核对 {report.claims[0]} 个，"
        f"未能核对 {report.claims[1]} 个，没有认出 {report.claims[2]} 个"
    )
    for finding in report.findings:
        yield f"  {SEVERITY_NAMES[finding.severity]} [{finding.code}] {finding.message}"
        for place in finding.places[:PLACES_SHOWN]:
            yield f"      在 {place}"
        if finding.severity == "error":
            for operand in dict.fromkeys(finding.operands):
                yield f"      {operand.name} = {operand.stated}（{operand.source or ''}）"
    for accepted in item.accepted:
        until = f"（至 {accepted.until}）" if accepted.until else ""
        yield f"  已接受 [{accepted.located.finding.code}] {accepted.located.finding.message}"
        yield f"      理由：{accepted.reason}{until}"
    for note in report.notes:
        yield f"  注意：{note}"
    for fault in report.faults:
        yield f"  本程序的问题：{fault}"
    if not report.findings and not report.faults:
        yield "  没有发现问题。" if not item.accepted else "  除已接受的以外，没有发现问题。"


def _table(checked: Sequence[Checked], unreadable: Sequence[Unreadable]) -> Iterator[str]:
    """Files with their counts, columns straight although Chinese signs are twice as wide."""
    from juesuan.account import SEVERITY_NAMES

    heads = ["文件", *SEVERITY_NAMES.values(), "已接受"]
    rows = [
        [report.file, *(str(report.count(s)) for s in SEVERITY_NAMES), str(len(item.accepted))]
        for item in checked
        for report in [item.report]
    ]
    rows += [[item.file, "读不出来", "", "", ""] for item in unreadable]
    widths = [max(map(_width, column)) for column in zip(heads, *rows, strict=True)]
    for row in [heads, *rows]:
        cells = [_padded(cell, width, left=not n) for n, (cell, width) in enumerate(zip(row, widths, strict=True))]
        yield "  ".join(cells).rstrip()
    yield f"共 {len(checked) + len(unreadable)} 份，读不出来 {len(unreadable)} 份。"


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text)


def _padded(text: str, width: int, left: bool) -> str:
    gap = " " * (width - _width(text))
    return text + gap if left else gap + text
