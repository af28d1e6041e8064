"""Messages as an accountant reads them: the true cause in words, and the notation of the law in the equation only."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

from generate import Options, unit
from juesuan.account import Account, Fact, Figure, Issue
from juesuan.checker import check
from juesuan.compiler.assembly import assemble
from juesuan.reader import read_document
from juesuan.statute import load_statute

NOTATION = re.compile(r"表\d+!|\d行|\d栏|[≤≥]")


@pytest.fixture
def told(published: dict[str, Path], tmp_path: Path) -> Callable[..., list[Issue]]:
    """The issues on the published page with words replaced, without those on the page as it is."""
    text = published["html"].read_text(encoding="utf-8")

    def read(page: str) -> list[Issue]:
        path = tmp_path / "page.html"
        path.write_text(page, encoding="utf-8")
        reading = read_document(path)
        return list(check(reading.account, statute=reading.statute).findings)

    before = {issue.message for issue in read(text)}

    def replaced(*pairs: tuple[str, str]) -> list[Issue]:
        page = text
        for old, new in pairs:
            assert old in page, old
            page = page.replace(old, new)
        return [issue for issue in read(page) if issue.message not in before]

    return replaced


def test_a_name_without_its_last_word_is_no_missing_item(told: Callable[..., list[Issue]]) -> None:
    found = told(("公务用车运行维护费、其他商品和服务支出", "公务用车运行维护费、其他商品和服务"))
    assert "N60" not in {issue.code for issue in found}
    (named,) = [issue for issue in found if issue.code == "N64"]
    assert named.severity == "notice" and named.expected == "其他商品和服务支出"
    assert "只差“支出”两个字" in named.message


def test_an_item_that_is_really_missing_is_told_as_that(told: Callable[..., list[Issue]]) -> None:
    found = told(("公务用车运行维护费、其他商品和服务支出", "其他商品和服务"))
    (missing,) = [issue for issue in found if issue.code == "N60"]
    assert "漏列了公务用车运行维护费" in missing.message and "其他商品和服务" not in missing.message.partition("：")[2]


def test_an_item_under_its_former_name_is_called_by_the_new_one(told: Callable[..., list[Issue]]) -> None:
    found = told(("卫生健康支出(类)", "医疗卫生与计划生育支出(类)"))
    assert not {"N57", "N58"} & {issue.code for issue in found}
    assert any(issue.expected == "卫生健康支出" for issue in found if issue.code == "N64")


def test_a_rate_on_the_wrong_base_names_the_base(told: Callable[..., list[Issue]]) -> None:
    # 325.92 of 2,103.42 last year are 15.5 %; of 1,777.50 this year they are 18.3 %.
    (rate,) = [issue for issue in told(("下降15.5%", "下降18.3%")) if issue.code == "N102"]
    assert (rate.stated, rate.expected) == ("18.3%", "15.49%")
    assert "以“总计”为分母" in rate.message


def test_a_wrong_total_says_what_is_wrong_and_why(example: Account) -> None:
    wrong = msgspec.structs.replace(example, facts=dict(example.facts))
    fact = example.facts["表1!27行1栏"]
    wrong.put(Fact(fact.address, Figure(fact.figure.value + Decimal(100_000))))
    found = [issue for issue in check(wrong).findings if issue.severity == "error" and issue.code[0] in "TX"]
    assert found and any("本年收入合计" in issue.message and "相差10.00万元" in issue.message for issue in found)
    for issue in found:
        assert NOTATION.search(issue.equation) and not NOTATION.search(issue.message)


def test_no_message_on_a_real_document_needs_the_notation(real: Path) -> None:
    reading = read_document(real / "wuhan-hrss-info-center-2022.md")
    found = check(reading.account, statute=reading.statute).findings
    assert {issue.code for issue in found} >= {"T901", "N59", "N60"}
    for issue in found:
        assert not re.search(r"表\d+!", issue.message), issue.message


def test_an_amount_that_its_table_prints_otherwise(told: Callable[..., list[Issue]]) -> None:
    end = "其他商品和服务支出。"
    found = told((end, f"{end}</p><p>2022年度人员经费支出决算754.25万元，公用经费支出决算61.55万元。"))
    (wrong,) = [issue for issue in found if issue.code == "Z181"]
    assert (wrong.stated, wrong.expected) == ("754.25万元", "744.25万元")


@pytest.mark.parametrize(
    ("sentence", "wrong"),
    [
        ("2022年度收入总计1,775.50万元。", "1,775.50万元"),
        ("本单位2022年度总支出1,777.05万元。", "1,777.05万元"),
        ("2021年度收入总计2,133.42万元。", "2,133.42万元"),
        ("2022年度收入总计1,777.50万元，支出总计1,777.50万元。", ""),
        ("2021年度支出总计2,103.42万元。", ""),
    ],
)
def test_a_total_told_in_words_of_ones_own_is_held_against_the_first_table(
    sentence: str, wrong: str, told: Callable[..., list[Issue]]
) -> None:
    end = "其他商品和服务支出。"
    found = told((end, f"{end}</p><p>{sentence}"))
    assert [issue.stated for issue in found if issue.code == "Z181"] == ([wrong] if wrong else [])


STAFF = "基本工资、津贴补贴、绩效工资"


def test_a_list_that_no_clause_words_is_held_against_the_table(told: Callable[..., list[Issue]]) -> None:
    opening = ("人员经费744.25万元，主要包括：", "人员经费744.25万元，占基本支出的92.36%，主要用于")
    assert "N60" not in {issue.code for issue in told(opening)}
    found = [issue for issue in told(opening, (STAFF, "基本工资、绩效工资")) if issue.code == "N60"]
    assert ["漏列了津贴补贴" in issue.message for issue in found] == [True]


def test_an_item_listed_twice_is_told(told: Callable[..., list[Issue]]) -> None:
    (twice,) = [issue for issue in told((STAFF, f"{STAFF}、基本工资")) if issue.code == "N60"]
    assert "重复列了基本工资" in twice.message and "漏列" not in twice.message


def test_of_many_figures_that_must_change_together_the_first_are_named() -> None:
    """A column typed two places to the left: the message says so much as a person reads, not each of its cells."""
    law = load_statute("national")
    made = assemble(unit(Options(funds=("国有资本经营预算",), own=True, items=5), 2572, law), law).account
    moved: dict[str, Fact] = {}
    for fact in made.facts.values():
        address = fact.address
        if (address.form, address.column) == ("表4", "3"):
            continue
        if (address.form, address.column) == ("表4", "5"):
            address = msgspec.structs.replace(address, column="3")
        moved[str(address)] = msgspec.structs.replace(fact, address=address)
    found = check(msgspec.structs.replace(made, facts=moved), statute=law).findings
    long = max((issue.message for issue in found if issue.severity == "error"), key=len)
    assert re.search("等[0-9]+处", long) and len(long) < 800, long
