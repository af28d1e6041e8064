"""Statements of several years: each amount is of the year that its sentence names."""

from __future__ import annotations

import pytest

from juesuan.account import StatedFigure
from reader.test_prose import ALL, RUNNING, VISITS, stated, value_of

BOUGHT, CARS = "公务用车购置费", "公务用车购置及运行维护费"


def told(*paragraphs: str) -> list[tuple[str, str, str, int, str]]:
    def key(each: StatedFigure) -> tuple[str, str, str, int, str]:
        return each.subject, each.measure, each.base, each.year, value_of(each)

    return [key(each) for each in stated(*paragraphs) if each.status != "不是数据"]


@pytest.mark.parametrize(("paragraphs", "expected"), [
    # What last year came to, compared with the year before it, is that year's own outlay, and so are its parts.
    (("2022年度“三公”经费支出35万元，较2021年减少8万元，其中：公务接待费9万元。",),
     [(ALL, "决算", "", 2022, "350000"), (ALL, "变动额", "上年", 2022, "-80000"),
      (VISITS, "决算", "", 2022, "90000")]),
    # A heading with its sentence in one line compares nothing of what follows it.
    (("1、2023年预算收入、支出比2022年增减情况 2023年预算内收入安排80万元。",),
     [("本年收入合计", "预算", "", 2023, "800000")]),
    # The parts of next year's budget are next year's, and what it is compared with is this year's outlay.
    (("2024年“三公”经费预算51万元，比2023年决算减少4万元。其中：公务接待费9万元，减少1万元。",),
     [(ALL, "预算", "", 2024, "510000"), (ALL, "变动额", "上年", 2024, "-40000"),
      (VISITS, "预算", "", 2024, "90000"), (VISITS, "变动额", "上年", 2024, "-10000")]),
    # What is compared with stands in brackets with its parts; the sentence goes back to the whole.
    (("“三公”经费预算30万元，其中：公务接待费10万元，公务用车运行维护费20万元。",
      "与2022年执行数28万元（其中：公务接待费9万元、公务用车运行维护费19万元）相比，增加2万元。"),
     [(ALL, "预算", "", 2023, "300000"), (VISITS, "预算", "", 2023, "100000"), (RUNNING, "预算", "", 2023, "200000"),
      (ALL, "上年决算", "", 2023, "280000"), (VISITS, "上年决算", "", 2023, "90000"),
      (RUNNING, "上年决算", "", 2023, "190000"), (ALL, "变动额", "上年", 2023, "20000")]),
])  # fmt: skip
def test_an_amount_is_of_the_year_that_its_sentence_names(
    paragraphs: tuple[str, ...], expected: list[tuple[str, str, str, int, str]]
) -> None:
    assert told(*paragraphs) == expected


def test_two_parts_together_are_what_they_are_all_the_parts_of() -> None:
    text = "“三公”经费90万元。公务用车购置费与公务用车运行维护费合计60万元，占“三公”经费的66.67%；公务接待费占20%。"
    _, both, share, other = stated(text)
    assert (both.subject, share.base) == (CARS, ALL)
    assert (other.subject, other.measure, other.base) == (VISITS, "占比", ALL)
    (apart,) = stated("公务接待费和公务用车购置费共计12万元。")
    assert apart.subject not in (VISITS, BOUGHT)


def test_a_direction_alone_in_brackets_is_the_direction() -> None:
    _, change = stated("公务接待费8万元，较上年（减少）5万元。")
    assert (change.measure, value_of(change)) == ("变动额", "-50000")


def test_income_and_outlay_named_with_the_budget_are_the_totals() -> None:
    found = [(each.subject, each.measure) for each in stated("年初预算收入38万元，决算收入45万元。")]
    assert found == [("本年收入合计", "年初预算"), ("本年收入合计", "决算")]


def test_a_budget_that_was_not_made_at_the_beginning_of_the_year_is_the_approved_one() -> None:
    _, budget = stated("信息化建设（项）60万元，年初未安排预算。")
    assert (budget.measure, value_of(budget)) == ("年初预算", "0")
