"""The verdict begins with coverage: what was not understood is counted, listed, and never called sound."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
from click.testing import CliRunner

from juesuan.account import (
    Account,
    Address,
    Fact,
    Figure,
    Issue,
    Severity,
    Source,
    StatedFigure,
    Unit,
    Unplaced,
)
from juesuan.checker import check
from juesuan.checker.reports import conclusion_text, coverage_text, verdict_text
from juesuan.cli.main import main

PLACE = Source("x.md", line=7)


def account(placed: int, left: int, stated: tuple[StatedFigure, ...] = ()) -> Account:
    """An account with so many placed and so many unplaced numbers of 表9, all zero so that every sum holds."""
    made = Account("national", 2022, Unit("某中心"), stated=stated)
    made.extend(Fact(Address("表9", "1", str(n)), Figure(Decimal(0)), PLACE) for n in range(1, placed + 1))
    made.unplaced = tuple(Unplaced("12.00", PLACE, "表9", amounts=1) for _ in range(left))
    return made


def test_numbers_are_counted_by_what_became_of_them() -> None:
    stated = (
        StatedFigure("3万元", "决算", "公务接待费", status="可核对", section="七、"),
        StatedFigure("4批次", "数量", "国内公务接待", status="仅正文", section="七、"),
        StatedFigure("5万元", "", "", status="没有认出", why="没有写是什么", section="八、", source=PLACE),
        StatedFigure("2022", "", "", status="不是数据", why="年度"),
    )
    coverage = check(account(4, 1, stated)).coverage
    assert (coverage.printed, coverage.checked, coverage.understood) == (8, 5, 6)
    assert coverage_text(coverage) == (
        "表内数字 5 个，归到行栏 4 个，没有归到行栏 1 个；"
        "正文数字 3 个，可核对 1 个，只有正文写明 1 个，无从核对 0 个，没有认出 1 个。共看懂 75%。"
    )
    assert [(item.text, item.why) for item in coverage.unchecked] == [
        ("12.00", "没有归到公开表的行和栏"),
        ("国内公务接待数量 4批次", "只有正文写明，文件里没有可以对照的数"),
        ("5万元", "没有写是什么"),
    ]


def test_nothing_found_is_only_said_of_what_was_understood() -> None:
    """The limits are those of statute/coverage.yaml: 95 and 50 per cent of the printed numbers."""
    for placed, left, conclusion, words in (
        (12, 0, "未发现问题", "没有发现问题。"),
        (11, 1, "部分未核对", "看懂的部分没有发现问题，1 处没有核对。"),
        (1, 2, "不能下结论", "看懂的太少（3 个数字中看懂 1 个），不能下结论。"),
        (0, 0, "不能下结论", "看懂的太少（0 个数字中看懂 0 个），不能下结论。"),
    ):
        report = msgspec.structs.replace(check(account(placed, left)), findings=())
        assert (report.conclusion, conclusion_text(report)) == (conclusion, words)


def found(*severities: Severity) -> tuple[Issue, ...]:
    """Findings of these degrees."""
    return tuple(Issue("W101", severity, "某处。") for severity in severities)


def test_where_there_are_notices_only_no_error_is_said() -> None:
    for left, severities, conclusion, words in (
        (0, ("notice", "notice"), "只有提示", "没有错误，有 2 条提示。"),
        (1, ("notice",), "只有提示", "没有错误，有 1 条提示。1 处没有核对。"),
        (99, ("notice",), "不能下结论", "看懂的太少（110 个数字中看懂 11 个），不能下结论。"),
        (0, ("warning", "notice"), "有问题", "没有错误，有 1 处须说明、1 条提示。"),
        (1, ("error", "error", "notice"), "有问题", "有 2 处错误、1 条提示。"),
    ):
        report = msgspec.structs.replace(check(account(11, left)), findings=found(*severities))
        assert (report.conclusion, verdict_text(report)) == (conclusion, words)
        assert conclusion_text(report) == ("" if conclusion == "有问题" else words)
    report = msgspec.structs.replace(check(account(11, 0)), findings=found("notice"))
    assert verdict_text(report, 2) == "除已接受的以外，没有错误，有 1 条提示。"


def test_what_only_prose_tells_is_understood_but_not_checked() -> None:
    stated = tuple(StatedFigure(f"{n}万元", "决算", "公务接待费", status="仅正文") for n in range(1, 5))
    report = msgspec.structs.replace(check(account(0, 0, stated)), findings=())
    assert conclusion_text(report) == "看懂的部分没有发现问题，4 处没有核对。"


def test_a_text_of_which_nothing_is_understood_has_an_exit_code_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "通知.txt"
    path.write_text("关于召开会议的通知\n请各科室准时参加。\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["check", str(path), "--unchecked"])
    assert result.exit_code == 3
    assert "不能下结论" in result.output and "没有发现问题" not in result.output
