"""Statements held against each other: sound sets of any size are silent, one changed value is found."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.prose.made import Made

YEAR, LAST, BUDGET = "决算", "上年", "预算"


def _wan(fen: int) -> str:
    return f"{Decimal(fen) / 100:.2f}万元"


def _percent(part: int, whole: int) -> str:
    rate = (Decimal(part) * 100 / whole).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return f"{rate}%"


amounts = st.integers(min_value=100, max_value=10_000_000)
"""Hundredths of a 万元."""


@settings(max_examples=60, deadline=None)
@given(amounts, amounts, amounts)
def test_sound_rates_are_silent(now: int, before: int, budget: int) -> None:
    made = Made()
    made.tell(
        "公务接待费", ("预算", _wan(budget), ""), (YEAR, _wan(now), ""), ("完成率", _percent(now, budget), BUDGET),
        ("变动额", _wan(now - before), LAST), ("变动率", _percent(now - before, before), LAST),
    )  # fmt: skip
    assert [code for code, severity in made.found() if severity == "error"] == []


@settings(max_examples=60, deadline=None)
@given(st.integers(10_000, 10_000_000), st.integers(-60, 200), st.sampled_from([300, -300, 1000]))
def test_a_changed_rate_is_found(before: int, moved: int, off: int) -> None:
    now = before + before * moved // 100
    right = Decimal(now - before) * 100 / before
    wrong = (right + Decimal(off) / 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    made = Made()
    made.tell("公务接待费", (YEAR, _wan(now), ""), ("变动额", _wan(now - before), LAST), ("变动率", f"{wrong}%", LAST))
    assert {code for code, _ in made.found()} & {"Z101", "Z121"}


@settings(max_examples=60, deadline=None)
@given(st.lists(amounts, min_size=3, max_size=3), st.lists(st.integers(-5000, 5000), min_size=3, max_size=3))
def test_sound_parts_are_silent_and_a_changed_part_is_found(parts: list[int], changes: list[int]) -> None:
    names = ("因公出国（境）费", "公务用车购置及运行维护费", "公务接待费")
    for changed in (None, "part", "change"):
        made = Made()
        total = sum(parts) + (1000 if changed == "part" else 0)
        moved = sum(changes) + (1000 if changed == "change" else 0)
        whole = made.tell("三公经费合计", (YEAR, _wan(total), ""), ("变动额", _wan(moved), LAST))
        for name, part, change in zip(names, parts, changes, strict=True):
            made.tell(name, (YEAR, _wan(part), ""), ("变动额", _wan(change), LAST), within=whole)
        codes = {code for code, severity in made.found() if severity == "error"}
        if changed is None:
            assert codes == set()
        else:
            assert {"part": "Z111", "change": "Z112"}[changed] in codes


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ([("决算", "10.00万元", ""), ("变动额", "2.00万元", LAST), ("变动率", "-25.00%", LAST)], "Z121"),
        ([("上年决算", "8.00万元", ""), ("决算", "10.00万元", ""), ("变动额", "-2.00万元", LAST)], "Z121"),
        ([("上年决算", "8.00万元", ""), ("决算", "10.00万元", ""), ("变动额", "3.00万元", LAST)], "Z106"),
        ([("预算", "3万元", ""), ("决算", "1.71万元", ""), ("完成率", "43%", BUDGET)], "Z102"),
        ([("决算", "5.00万元", ""), ("变动额", "5.00万元", LAST), ("变动率", "100.00%", LAST)], "Z105"),
        ([("预算", "0万元", ""), ("决算", "5.00万元", ""), ("完成率", "100%", BUDGET)], "Z105"),
    ],
)
def test_contradictions_of_one_subject(numbers: list[tuple[str, str, str]], code: str) -> None:
    made = Made()
    made.tell("公务接待费", *numbers)
    assert code in {found for found, _ in made.found()}


@pytest.mark.parametrize(
    "numbers",
    [
        [("决算", "0万元", ""), ("变动额", "0万元", LAST), ("变动率", "0%", LAST)],
        [("预算", "0万元", ""), ("决算", "0万元", ""), ("完成率", "0%", BUDGET)],
        [("决算", "74.6万元", ""), ("变动额", "-16.5万元", LAST), ("变动率", "-18%", LAST)],
        [("决算", "0元", ""), ("变动额", "-47600元", LAST), ("变动率", "-100%", LAST)],
        [("预算", "3万元", ""), ("决算", "1.71万元", ""), ("完成率", "57%", BUDGET)],
    ],
)
def test_what_looks_wrong_and_is_sound(numbers: list[tuple[str, str, str]]) -> None:
    made = Made()
    made.tell("公务接待费", *numbers)
    assert made.found() == []


def test_a_rate_cut_off_is_a_notice() -> None:
    made = Made()
    made.tell("公务接待费", (YEAR, "6955.73万元", ""), ("变动额", "-1311.69万元", LAST), ("变动率", "-15.86%", LAST))
    assert made.found() == [("Z104", "notice")]


def test_a_rate_may_be_of_the_whole_that_the_words_do_not_name() -> None:
    made = Made()
    whole = made.tell("收入总计", (YEAR, "3759.20万元", ""))
    part = (YEAR, "1366.76万元", ""), ("变动额", "197.03万元", LAST), ("变动率", "5.53%", LAST)
    made.tell("年初结转和结余", *part, within=whole)
    assert made.found() == []


def test_exchanged_shares_are_both_found_and_the_message_says_so() -> None:
    made = Made()
    whole = made.tell("三公经费合计", (YEAR, "1.71万元", ""))
    made.tell("公务接待费", (YEAR, "0.53万元", ""), ("占比", "69%", "三公经费合计"), within=whole)
    made.tell("公务用车购置及运行维护费", (YEAR, "1.18万元", ""), ("占比", "31%", "三公经费合计"), within=whole)
    assert [code for code, _ in made.found()] == ["Z103", "Z103"]
    assert "写的数正是公务接待费的占比" in made.messages()[1]


@pytest.mark.parametrize(
    ("amount", "count", "code"),
    [("0万元", "7辆", "Z131"), ("204.78万元", "100辆", "Z132"), ("126.00万元", "7辆", ""), ("0万元", "0辆", "")],
)
def test_vehicles_and_what_they_cost(amount: str, count: str, code: str) -> None:
    made = Made()
    made.tell("公务用车购置费", (YEAR, amount, ""))
    made.tell("公务用车购置数", ("数量", count, ""))
    assert [found for found, _ in made.found()] == ([code] if code else [])


def test_the_budget_that_follows_from_the_parts_is_held_against_the_whole() -> None:
    made = Made()
    whole = made.tell("三公经费合计", ("预算", "89.90万元", ""), (YEAR, "57.54万元", ""))
    made.tell("因公出国（境）费", (YEAR, "0万元", ""), ("变动额", "0万元", BUDGET), within=whole)
    made.tell("公务用车购置及运行维护费", (YEAR, "57.36万元", ""), ("变动额", "-17.54万元", BUDGET), within=whole)
    made.tell("公务接待费", (YEAR, "0.18万元", ""), ("变动额", "-4.82万元", BUDGET), within=whole)
    assert made.found() == [("Z113", "error")]
    assert "79.90万元" in made.messages()[0]


def test_kinds_of_vehicles_make_up_all_and_kinds_of_people_need_an_explanation() -> None:
    made = Made()
    cars = made.tell("公务用车总数", ("数量", "5辆", ""))
    made.tell("机要通信用车", ("数量", "1辆", ""), within=cars)
    made.tell("其他用车", ("数量", "3辆", ""), within=cars)
    people = made.tell("实有人数", ("数量", "69人", ""))
    made.tell("在职人员", ("数量", "69人", ""), within=people)
    made.tell("退休人员", ("数量", "21人", ""), within=people)
    assert made.found() == [("Z114", "error"), ("Z114", "warning")]
