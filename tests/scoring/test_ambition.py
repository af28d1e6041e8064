"""Targets held to last year's actual value and to the superior's target."""

from __future__ import annotations

import msgspec
import pytest

from juesuan.account import Indicator
from juesuan.scoring import asks_less, score_sheet

from .data import BEN, OUT, QUANTITY, SOCIAL, TIME, indicator, scheme, sheet

WUHAN = scheme("wuhan")


def messages(**given: str) -> dict[str, str]:
    line = msgspec.structs.replace(indicator(OUT, QUANTITY, "业务量", 40, "≥30万笔", "31万笔"), **given)
    form = sheet((line, indicator(BEN, SOCIAL, "满意", 40, "≥90%", "92%")))
    return {issue.code: issue.message for issue in score_sheet(form, WUHAN).issues}


@pytest.mark.parametrize(
    ("target", "written", "less"),
    [
        # The more the better: 30万笔 is less than 33.6万笔, and 30万笔 is 300,000笔.
        ("≥30万笔", "33.6万笔", True),
        ("≥30万笔", "30万笔", False),
        ("30万笔", "300001笔", True),
        ("≥95%", "98%以上", True),
        ("≥98%", "≥98%", False),
        # The less the better: four hours ask for less than two.
        ("≤4小时", "2小时", True),
        ("≤2小时", "120分钟", False),
        ("≤1小时", "2小时", False),
        # Exactly so many: fewer are less.
        ("=12次", "24次", True),
        ("=24次", "24次", False),
        # Words, and limits on both sides, are never less.
        ("有效推动", "显著推动", False),
        ("80%-90%", "95%", False),
        ("≥30万笔", "", False),
        # What cannot be compared.
        ("≥30万笔", "较多", None),
        ("≥30万笔", "20万人", None),
    ],
)
def test_whether_a_target_asks_for_less(target: str, written: str, less: bool | None) -> None:
    assert asks_less(indicator(OUT, QUANTITY, "业务量", 40, target), written, WUHAN) is less


def test_a_cost_without_a_sign_is_better_when_it_is_less() -> None:
    cost = Indicator(OUT, "成本指标", "每笔成本", indicator(OUT, QUANTITY, "", 1, "").weight, "3元", "3元")
    assert asks_less(cost, "2元", WUHAN) is True
    assert asks_less(cost, "4元", WUHAN) is False


def test_of_another_year_s_date_only_day_and_month_count() -> None:
    line = indicator(OUT, TIME, "完工时间", 10, "2022年11月底前")
    assert asks_less(line, "2021年10月20日", WUHAN, yearly=True) is True
    assert asks_less(line, "2021年12月20日", WUHAN, yearly=True) is False
    # A superior's date is of the same calendar.
    assert asks_less(line, "2021年12月20日", WUHAN) is True


def test_last_year_s_value_and_the_superior_s_target_are_compared() -> None:
    assert not {"E162", "E163", "E164"} & set(messages())
    assert "上年实际完成值“33.6万笔”" in messages(last_year="33.6万笔")["E162"]
    assert "上级下达的目标值“≥32万笔”" in messages(superior="≥32万笔")["E163"]
    assert not {"E162", "E163", "E164"} & set(messages(last_year="29万笔", superior="≥30万笔"))
    assert "不能按数值比较" in messages(last_year="较多")["E164"]
