"""The verdict in words: first how much was understood, then what was found; nothing is said of what was not checked."""

from __future__ import annotations

from juesuan.account import SEVERITY_NAMES, Coverage
from juesuan.checker.report import Report

NOTHING = "没有发现问题。"
NOTHING_BUT_ACCEPTED = "除已接受的以外，没有发现问题。"


def year_text(year: int) -> str:
    """The year of account as reports head it; a year that the document does not state is not made up."""
    return f"{year}年度" if year else "年度：未写明"


def coverage_text(coverage: Coverage) -> str:
    """How many numbers were understood and checked, of tables and of prose, in one sentence."""
    tables, prose = coverage.of("表"), coverage.of("正文")
    parts = []
    if tables.printed:
        left = f"，没有归到行栏 {tables.unread} 个" if tables.unread else ""
        parts.append(f"表内数字 {tables.printed} 个，归到行栏 {tables.checked} 个{left}")
    if prose.printed:
        parts.append(
            f"正文数字 {prose.printed} 个，可核对 {prose.checked} 个，只有正文写明 {prose.stated_only} 个，"
            f"无从核对 {prose.undecidable} 个，没有认出 {prose.unread} 个"
        )
    if not parts:
        return "没有看到任何可以核对的数字。"
    return f"{'；'.join(parts)}。共看懂 {_percent(coverage)}。"


def conclusion_text(report: Report, accepted: int = 0) -> str:
    """What may be said where nothing is wrong (beside what is accepted); empty where there are findings that are more
    than notices, and enough was understood.
    """
    coverage = report.coverage
    if report.inconclusive:
        return f"看懂的太少（{coverage.printed} 个数字中看懂 {coverage.understood} 个），不能下结论。"
    if report.conclusion == "有问题":
        return ""
    if report.conclusion == "只有提示":
        left = "" if report.enough else f"{coverage.printed - coverage.checked} 处没有核对。"
        return f"{'除已接受的以外，' if accepted else ''}{_degrees(report)}。{left}"
    if report.conclusion == "部分未核对":
        return f"看懂的部分没有发现问题，{coverage.printed - coverage.checked} 处没有核对。"
    return NOTHING_BUT_ACCEPTED if accepted else NOTHING


def verdict_text(report: Report, accepted: int = 0) -> str:
    """The conclusion in words, whatever was found: how many findings of each degree there are, or conclusion_text."""
    if told := conclusion_text(report, accepted):
        return told
    fault = "本程序有规则没有核对完。" if report.faults else ""
    return f"{_degrees(report)}。{fault}" if report.findings else fault


def _degrees(report: Report) -> str:
    """How many findings there are of each degree; that there is no error is said before what is less."""
    errors, warnings, notices = (report.count(severity) for severity in SEVERITY_NAMES)
    some = [f"{number} {unit}" for number, unit in (
        (errors, "处错误"), (warnings, "处须说明"), (notices, "条提示")) if number]
    return f"{'' if errors else '没有错误，'}有 {'、'.join(some)}"


def _percent(coverage: Coverage) -> str:
    # Rounded down: 99.96 % must not be told as all.
    return f"{100 * coverage.understood // coverage.printed}%"
