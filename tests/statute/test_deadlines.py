"""The deadlines of approval and publication: single steps from the law, chains by adding them up."""

from __future__ import annotations

from datetime import date

import pytest

from juesuan.account import Account, Passage, Unit
from juesuan.checker import check
from juesuan.compiler.assembly import assemble
from juesuan.compiler.entries import Gathered
from juesuan.statute import APPROVED, PUBLISHED, load_deadlines, load_statute


def test_days_are_those_of_the_law_and_add_up() -> None:
    deadlines = load_deadlines()
    # 预算法第八十条: 20 days for the bureau, 15 more for the department; 第十四条 and 实施条例第六条: 20 to publish.
    assert deadlines.days("批复部门") == 20
    assert deadlines.days("批复单位", "批复部门") == 15
    assert deadlines.days("部门公开", "批复部门") == 20
    assert deadlines.days("单位公开", "批复部门") == 35
    assert deadlines.days("单位公开", "批复单位") == 20
    assert deadlines.days("单位公开", "批准决算") == 55
    assert deadlines.last_day("单位公开", date(2023, 8, 20), "批复部门") == date(2023, 9, 24)
    assert deadlines.last_day(deadlines.received["决算"], date(2023, 8, 20)) == date(2023, 9, 9)


def test_an_event_that_does_not_lead_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        load_deadlines().days("部门公开", "批复单位")


@pytest.mark.parametrize(
    ("approved", "published", "severity", "says"),
    [
        # 20 days after 20 August are 9 September (预算法第十四条).
        ("2023-08-20", "2023-09-09", "", ""),
        ("2023-08-20", "2023-09-10", "warning", "隔了 21 日，超过 20 日（应不晚于 2023年9月9日）"),
        ("2023-08-20", "2023-08-19", "error", "公开日期 2023年8月19日 早于批复日期 2023年8月20日"),
        ("2022-08-20", "", "error", "批复日期 2022年8月20日 在 2022 年度结束以前"),
        ("", "2023-09-09", "", ""),
    ],
)
def test_approval_and_publication_are_held_to_each_other(approved: str, published: str, severity: str, says: str):
    dates = {name: day for name, day in ((APPROVED, approved), (PUBLISHED, published)) if day}
    account = Account("national", 2022, Unit("示例中心"), dates=dates)
    found = [issue for issue in check(account).findings if issue.code == "F112"]
    assert [issue.severity for issue in found] == ([severity] if severity else [])
    assert all(says in issue.message for issue in found)
    made = assemble(Gathered(unit=Unit("示例中心"), year=2022, dates=dates), load_statute("national", 2022))
    told = [issue.severity for issue in (*made.problems, *made.notes) if issue.code == "F112"]
    assert told == ([severity] if severity else [])


def test_the_days_are_read_from_what_a_document_says():
    account = Account("national", 2022, Unit("示例中心"))
    told = "2023年8月20日，区财政局批复了本单位2022年度部门决算。本单位于2023年3月1日收到2023年预算批复。"
    account.passages = (Passage(told), Passage("公开时间：2023年10月1日"))
    (found,) = (issue for issue in check(account).findings if issue.code == "F112")
    assert "隔了 42 日" in found.message, "11 days of August, 30 of September, one of October"
    account.passages = (Passage("于2023年3月1日收到2023年预算批复，公开时间见网站"),)
    assert not [issue for issue in check(account).findings if issue.code == "F112"]


@pytest.mark.parametrize(
    ("approved", "published", "severity", "says"),
    [
        # A budget is approved about the beginning of its year: 20 days after 10 February 2022 are 2 March.
        ("2022-02-10", "2022-03-02", "", ""),
        ("2022-02-10", "2022-03-03", "warning", "隔了 21 日，超过 20 日（应不晚于 2022年3月2日）"),
        ("2021-12-28", "2022-01-10", "", ""),
        ("2022-02-10", "2022-02-01", "error", "早于批复日期 2022年2月10日，预算批复以后才能公开"),
        ("2023-02-10", "", "error", "批复日期 2023年2月10日 在 2022 年度结束以后"),
        ("2020-02-10", "", "error", "批复日期 2020年2月10日 比 2022 年度早得太多"),
    ],
)
def test_a_budget_has_days_of_its_own(approved: str, published: str, severity: str, says: str):
    dates = {name: day for name, day in ((APPROVED, approved), (PUBLISHED, published)) if day}
    account = Account("budget", 2022, Unit("示例中心"), dates=dates)
    found = [issue for issue in check(account).findings if issue.code == "F112"]
    assert [issue.severity for issue in found] == ([severity] if severity else [])
    assert all(says in issue.message for issue in found)
    made = assemble(Gathered(unit=Unit("示例中心"), year=2022, dates=dates), load_statute("budget", 2022))
    told = [issue.severity for issue in (*made.problems, *made.notes) if issue.code == "F112"]
    assert told == ([severity] if severity else [])


def test_a_date_told_of_another_years_budget_is_not_this_ones():
    account = Account("budget", 2023, Unit("示例中心"))
    account.passages = (Passage("2022年2月10日，区财政局批复了本单位2022年部门预算。公开时间：2023年2月20日"),)
    assert not [issue for issue in check(account).findings if issue.code == "F112"]
    account.passages = (Passage("2023年1月20日，区财政局批复了本单位2023年部门预算。公开时间：2023年2月20日"),)
    (found,) = (issue for issue in check(account).findings if issue.code == "F112")
    assert "隔了 31 日" in found.message
