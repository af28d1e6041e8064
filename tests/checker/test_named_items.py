"""Names of items in sentences: official ones are left in peace, former, misplaced and slipped ones are told as such."""

from __future__ import annotations

import pytest

from juesuan.account import Account, Passage, Source, Unit
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.named_items import check_item_names
from juesuan.statute import load_statute


def _found(text: str, year: int = 2024) -> list[tuple[str, str]]:
    account = Account("national", year, Unit("某局"), passages=(Passage(text, Source(paragraph=1)),))
    context = CheckContext(account, load_statute("national", year))
    return [(issue.stated, issue.message) for issue in check_item_names(context)]


@pytest.mark.parametrize(
    "text",
    [
        "社会保障和就业支出（类）行政事业单位养老支出（款）机关事业单位基本养老保险缴费支出（项）。年初预算为1.00万元。",
        "主要用于住房保障支出（类）住房改革支出（款）住房公积金（项）",
        "一般公共服务（类）财政事务（款）行政运行（项）",
        "住房保障支出(类)10.00万元，占5.00%。",
        "某某新设的事务（类）支出1.00万元。",
        "文化旅游体育与传媒支出（类）文化和旅游（款）群众文化（项）62.51万元",
    ],
)
def test_official_names_and_unknown_ones_are_left_in_peace(text: str) -> None:
    assert _found(text) == []


@pytest.mark.parametrize(
    ("text", "written", "says"),
    [
        ("医疗卫生与计划生育支出（类）10.00万元", "医疗卫生与计划生育支出", "以前的名称，应写作“卫生健康支出”"),
        ("卫生康健支出（类）10.00万元", "卫生康健支出", "应写作“卫生健康支出”"),
        ("住房保障支出（类）住房改格支出（款）住房公积金（项）", "住房改格支出", "应写作“住房改革支出”"),
        ("卫生健康支出（类）住房改革支出（款）", "住房改革支出", "不属于前面所写的上级科目"),
        ("5.“文化体育与传媒支出”82.51万元，占0.43%；", "文化体育与传媒支出", "应写作“文化旅游体育与传媒支出”"),
        ("文化旅游体育与传媒支出（类）其他文化体育与传媒支出（款）", "其他文化体育与传媒支出", "以前的名称"),
        ("住房公积金（类）住房改革支出（款）", "住房公积金", "不是类，是项，应写作“住房保障支出（类）"),
    ],
)
def test_other_names_are_told_as_what_they_are(text: str, written: str, says: str) -> None:
    (found,) = _found(text)
    assert found[0] == written and says in found[1]


def test_a_former_name_is_the_official_one_of_its_year() -> None:
    assert _found("医疗卫生与计划生育支出（类）10.00万元", 2017) == []


def test_a_former_name_written_again_is_one_issue() -> None:
    text = "医疗卫生与计划生育支出（类）10.00万元"
    places = (Source(paragraph=1), Source(paragraph=2))
    account = Account("national", 2024, Unit("某局"), passages=tuple(Passage(text, place) for place in places))
    (issue,) = check_item_names(CheckContext(account, load_statute("national", 2024)))
    assert issue.places == places


def test_a_code_behind_a_name_is_that_of_the_name() -> None:
    ((stated, message),) = _found("（7）文物保护（2070205）57.00万元，较上年增加1.00万元；")
    assert stated == "文物保护（2070205）"
    assert "应写作“文物保护（2070204）”" in message
    assert _found("（7）文物保护（2070204）57.00万元；（8）行政运行（2070101）9.00万元。") == []
