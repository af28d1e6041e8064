"""Values as the form prints them, and typed values held against evidence."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from juesuan.scoring.evidence import EvidenceError, Result, agrees, printed_result, result_of


@pytest.mark.parametrize(
    ("number", "unit", "target", "printed"),
    [
        ("305213", "笔", "30万笔", "30.52万笔"),
        ("11107100", "人", ">1000万人", "1110.71万人"),
        ("305", "笔", "300笔", "305笔"),
        ("9997/10000", "%", "99%", "99.97%"),
        ("1", "%", "100%", "100%"),
        ("735371/4380", "小时/周", "7*24小时", "167.89小时/周"),
        ("735371/4380", "小时/周", "24小时不间断", "23.98小时/天"),
        ("0.35", "小时", "2小时内", "0.35小时"),
        ("0.35", "小时", "≤30分钟", "21分钟"),
        ("110234", "条", "11万条", "11.02万条"),
        ("810", "家", "", "810家"),
        ("12", "", "10个", "12个"),
    ],
)
def test_printed_in_the_unit_of_the_target(number: str, unit: str, target: str, printed: str) -> None:
    assert printed_result(Result(Fraction(number)), unit, target) == printed


def test_rounding_never_makes_a_target_look_met() -> None:
    assert printed_result(Result(Fraction("0.99996")), "%", "100%") == "99.996%"
    assert printed_result(Result(Fraction("9849999")), "人", "985万人") == "984.9999万人"
    assert printed_result(Result(Fraction("2.001")), "小时", "2小时内") == "2.001小时"
    # Met or missed either way: two places are enough.
    assert printed_result(Result(Fraction("0.98765")), "%", "100%") == "98.77%"


def test_days_and_words_are_printed_as_they_are() -> None:
    assert printed_result(Result(day=date(2022, 6, 30)), "", "2022年12月底前") == "2022年6月30日"
    assert printed_result(Result(text="有效推动"), "", "有效推动") == "有效推动"


def test_units_that_do_not_fit_are_said() -> None:
    with pytest.raises(EvidenceError, match=r"“小时”不能换算为“人”"):
        printed_result(Result(Fraction(3)), "小时", "985万人")


@pytest.mark.parametrize(
    ("typed", "same"),
    [
        ("30.52万笔", True), ("305213笔", True), ("30.5万笔", True), ("31万笔", True), ("≥30万笔", True),
        ("30万笔", False), ("30.53万笔", False), ("305214笔", False), ("≥31万笔", False), ("有效", False),
    ],
)  # fmt: skip
def test_a_typed_value_agrees_within_its_last_digit(typed: str, same: bool) -> None:
    result = Result(Fraction(305213))
    assert agrees(typed, result, "笔", "30.52万笔") is same


def test_typed_shares_days_and_service_times() -> None:
    assert agrees("99.97%", Result(Fraction("0.99968")), "%", "99.97%")
    assert not agrees("100%", Result(Fraction("0.99968")), "%", "99.97%", "100%")
    assert agrees("100%", Result(Fraction("0.99968")), "%", "99.97%", "95%以上")
    assert agrees("2022年6月30日", Result(day=date(2022, 6, 30)), "", "2022年6月30日")
    assert not agrees("2022年7月1日", Result(day=date(2022, 6, 30)), "", "2022年6月30日")
    assert not agrees("7*24小时", Result(Fraction(735371, 4380)), "小时/周", "167.89小时/周")


@pytest.mark.parametrize(
    ("rows", "names", "message"),
    [
        ([], ["a"], "没有符合条件的数据"),
        ([(None,)], ["a"], "没有符合条件的数据"),
        ([(1,), (2,)], ["a"], "不止一行"),
        ([(1, 2)], ["a", "b"], "2 列"),
        ([(1, 0)], ["numerator", "denominator"], "分母为 0"),
        ([(float("nan"),)], ["a"], "不是有限的数"),
        ([(True,)], ["a"], "应为数值、日期或文字"),
        ([([1],)], ["a"], "应为数值、日期或文字"),
        ([("",)], ["a"], "应为数值、日期或文字"),
    ],
)
def test_what_is_no_value_is_said(rows: list[tuple[object, ...]], names: list[str], message: str) -> None:
    with pytest.raises(EvidenceError, match=message):
        result_of(rows, names)


def test_ratios_are_exact() -> None:
    assert result_of([(1, 3)], ["numerator", "denominator"]).exact == "1/3"
    assert result_of([(110, 80)], ["numerator", "denominator"]).exact == "1.375"
    assert result_of([(0.1,)], ["a"]).exact == "0.1"
