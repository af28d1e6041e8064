"""What `juesuan check` prints for people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from juesuan.cli.columns import width

if TYPE_CHECKING:
    from juesuan.checker import Report
    from juesuan.checker.reports import Checked, Unreadable

PLACES_SHOWN = 4


def text_of(checked: Sequence[Checked], unreadable: Sequence[Unreadable], *, unchecked: bool = False) -> str:
    """Every report, and a table of all files where there are several; with `unchecked` every number not checked."""
    lines = [line for item in checked for line in _report(item, unchecked)]
    if len(checked) + len(unreadable) + sum(len(item.same) for item in checked) > 1:
        lines.extend(_table(checked, unreadable))
    return "".join(f"{line}\n" for line in lines)


def _report(item: Checked, unchecked: bool) -> Iterator[str]:
    from juesuan.account import SEVERITY_NAMES
    from juesuan.checker.reports import conclusion_text, counted, coverage_text, year_text

    report, tally = item.report, item.report.relations
    yield f"{report.file}　{year_text(report.year)} {report.unit or '（没有认出单位名称）'}（{report.profile}）"
    yield (
        f"  公式：判定 {tally.decided} 条，成立 {tally.held}，尾数内成立 {tally.rounding}，"
        f"不成立 {tally.failed}；缺数未判 {tally.undecided}；正文数字核对 {report.claims[0]} 个，"
        f"未能核对 {report.claims[1]} 个，没有认出 {report.claims[2]} 个"
    )
    yield f"  {coverage_text(report.coverage)}"
    if item.same:
        yield f"  内容完全相同的文件（没有重复核对）：{'、'.join(item.same)}"
    if counts := counted(item):
        yield f"  比上次（错误和须说明）：{'，'.join(f'{name} {count} 处' for name, count in counts.items())}"
    states = item.since.states if item.since else {}
    for located in item.found:
        finding = located.finding
        state = f"（{states[located.fingerprint]}）" if states.get(located.fingerprint) else ""
        yield f"  {SEVERITY_NAMES[finding.severity]} [{finding.code}]{state} {finding.message}"
        for place in list(dict.fromkeys(map(str, finding.places)))[:PLACES_SHOWN]:
            yield f"      在 {place}"
        if finding.severity == "error":
            for operand in dict.fromkeys(finding.operands):
                where = f"（{operand.source}）" if operand.source else ""
                yield f"      {operand.name} = {operand.stated}{where}"
    for severity, code, message, _ in item.since.gone if item.since else ():
        yield f"  不再有 {severity} [{code}] {message}"
    for accepted in item.accepted:
        until = f"（至 {accepted.until}）" if accepted.until else ""
        yield f"  已接受 [{accepted.located.finding.code}] {accepted.located.finding.message}"
        yield f"      理由：{accepted.reason}{until}"
    for note in report.notes:
        yield f"  注意 [{note.code}]：{note}"
    for fault in report.faults:
        yield f"  本程序的问题 [{fault.code}]：{fault}"
    if conclusion := conclusion_text(report, len(item.accepted)):
        yield f"  {conclusion}"
    if unchecked:
        yield from _unchecked(report)


def _unchecked(report: Report) -> Iterator[str]:
    """Every number that was held against nothing, part by part, with its place and the reason."""
    items = report.coverage.unchecked
    yield f"  没有核对的 {sum(item.amounts for item in items)} 处："
    for part, group in groupby(items, key=lambda item: item.part):
        yield f"    {part}"
        for item in group:
            place = f"（{item.source}）" if item.source else ""
            yield f"      {item.text}：{item.why}{place}"


def _table(checked: Sequence[Checked], unreadable: Sequence[Unreadable]) -> Iterator[str]:
    """Files with their counts, columns straight although Chinese signs are twice as wide."""
    from juesuan.account import SEVERITY_NAMES
    from juesuan.checker.reports import counted

    heads = ["文件", *SEVERITY_NAMES.values(), "已接受"]
    rows = [
        [report.file, *(str(report.count(s)) for s in SEVERITY_NAMES), str(len(item.accepted))]
        for item in checked
        for report in [item.report]
    ]
    rows += [[item.file, "读不出来", "", "", ""] for item in unreadable]
    widths = [max(map(width, column)) for column in zip(heads, *rows, strict=True)]
    for row in [heads, *rows]:
        cells = [_padded(cell, wide, left=not n) for n, (cell, wide) in enumerate(zip(row, widths, strict=True))]
        yield "  ".join(cells).rstrip()
    yield f"共 {len(checked) + len(unreadable)} 份，读不出来 {len(unreadable)} 份。"
    if same := sum(len(item.same) for item in checked):
        yield f"另有 {same} 份与其中的完全相同，没有重复核对。"
    sums = Counter[str]()
    for item in checked:
        sums.update(counted(item))
    if sums:
        yield f"比上次（错误和须说明）：{'，'.join(f'{name} {count} 处' for name, count in sums.items())}。"


def _padded(text: str, wide: int, left: bool) -> str:
    gap = " " * (wide - width(text))
    return text + gap if left else gap + text
