"""The deadlines of approval and publication: single steps from the law, chains by adding them up."""

from __future__ import annotations

from datetime import date

import pytest

from juesuan.statute import load_deadlines


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
    assert deadlines.last_day(deadlines.received, date(2023, 8, 20)) == date(2023, 9, 9)


def test_an_event_that_does_not_lead_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        load_deadlines().days("部门公开", "批复单位")
