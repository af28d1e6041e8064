"""Titles of tables against the kind of document and its contents; numbers of lines against their order."""

from __future__ import annotations

from decimal import Decimal

import pytest

from juesuan.account import Account, Address, Fact, Figure, Issue, Passage, SeenTable, Unit
from juesuan.checker.rules.tables.titles import check_titles, without_number
from juesuan.statute import load_statute

FINAL = {
    "表1": "收入支出决算总表公开01表", "表2": "收入决算表公开02表", "表3": "支出决算表公开03表",
    "表5": "一般公共预算财政拨款支出决算表公开05表", "表7": "政府性基金预算财政拨款收入支出决算表公开07表",
    "表9": "财政拨款“三公”经费支出决算表公开09表",
}  # fmt: skip
CONTENTS = [
    "第一部分 某局概况", "第二部分 某局2023年度部门决算表", "一、收入支出决算总表（表1）", "二、收入决算表（表2）",
    "三、支出决算表（表3）", "五、一般公共预算财政拨款支出决算表（表5）",
    "七、政府性基金预算财政拨款收入支出决算表（表7）", "九、财政拨款“三公”经费支出决算表（表9）",
]  # fmt: skip
BUDGET = {
    "预1": "表一：收支预算总表", "预2": "表二：收入预算总表", "预3": "表三：支出预算总表",
    "预6": "表七：政府性基金预算支出预算表",
}  # fmt: skip


def found(titles: dict[str, str], profile: str = "national", contents: list[str] | None = None) -> list[Issue]:
    texts = ["目 录", *(contents or []), *([contents[0], "负责某项工作。"] if contents else [])]
    account = Account(
        profile, 2023, Unit("某局"), tables=tuple(SeenTable(form, title) for form, title in titles.items()),
        passages=tuple(map(Passage, texts)),
    )  # fmt: skip
    account.put(Fact(Address("表1", "31", "1"), Figure(Decimal(1000000), Decimal(100))))
    return list(check_titles(account, load_statute(profile)))


def test_titles_as_they_should_be_are_silent() -> None:
    assert not found(FINAL, contents=CONTENTS)
    assert not found(BUDGET, "budget")


@pytest.mark.parametrize(
    ("form", "title"),
    [("表9", "财政拨款“三公”经费支出预算表公开09表"), ("表5", "一般公共预算财政拨款支出预算表公开05表")],
)
def test_a_table_of_accounts_called_a_budget(form: str, title: str) -> None:
    (issue,) = found({**FINAL, form: title})
    assert (issue.code, issue.stated) == ("F113", without_number(title))


def test_a_table_of_a_budget_called_accounts() -> None:
    (issue,) = found({**BUDGET, "预6": "政府性基金预算财政拨款支出决算表"}, "budget")
    assert (issue.code, issue.stated) == ("F113", "政府性基金预算财政拨款支出决算表")


def test_a_title_that_lost_words_of_the_contents() -> None:
    (issue,) = found({**FINAL, "表7": "政府性基金预算财政拨款支出决算表公开07表"}, contents=CONTENTS)
    assert (issue.code, issue.stated) == ("F106", "政府性基金预算财政拨款支出决算表")
    assert "收入支出决算表（表7）" in issue.message


def test_contents_in_other_words_throughout_are_left_alone() -> None:
    """The contents name the tables shortly: no title is blamed for being as the law has it."""
    contents = [text.replace("财政拨款", "") for text in CONTENTS]
    assert not found(FINAL, contents=contents)


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [(("38", "39", "40", "41", "42"), []), (("38", "39", "40", "42", "42"), [("42", "41")]),
     (("38", "39", "40", "40", "42"), [("40", "41")]), (("38", "39", "40", "50", "51"), [])],
)  # fmt: skip
def test_a_number_of_a_line_out_of_order(numbers: tuple[str, ...], expected: list[tuple[str, str]]) -> None:
    lines = ("38", "39", "40", "41", "42")
    table = SeenTable("表4", "财政拨款收入支出决算总表", numbers=tuple(zip(numbers, lines, strict=True)))
    account = Account("national", 2023, Unit("某局"), tables=(table,))
    issues = list(check_titles(account, load_statute("national")))
    assert [(issue.stated, issue.expected) for issue in issues if issue.code == "F114"] == expected
