"""A defect of ours is said as ours, and costs no other rule its findings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from juesuan import checker as room
from juesuan.account import Account, Issue, SeenTable, Unit
from juesuan.checker import check
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.engine.guard import RuleGuard


@pytest.fixture(autouse=True)
def no_faults() -> None:
    """Here faults are what is looked at."""


def _breaks(context: CheckContext) -> Iterator[Issue]:
    yield Issue("F101", "error", "第一条")
    raise ZeroDivisionError("除以零")


def test_a_family_that_breaks_down_is_named_and_the_others_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(room.FAMILIES, "坏规则", _breaks)
    tables = tuple(SeenTable(f"表{number}", "表") for number in range(1, 4))
    report = check(Account("national", 2023, Unit("某中心"), tables=tables))
    assert [finding.code for finding in report.findings] == ["F001"]
    assert [fault.code for fault in report.faults] == ["Q301"]
    assert tuple(map(str, report.faults)) == ("“坏规则”这一类规则没有核对完：ZeroDivisionError: 除以零",)


def test_attempts_that_succeed_leave_no_trace() -> None:
    guard = RuleGuard()
    assert guard.attempt("好规则", lambda: 3, 0) == 3
    assert guard.faults == []
