"""The table of contents against the headings, and the parts that every disclosure has."""

from __future__ import annotations

from decimal import Decimal

import pytest

from juesuan.account import Account, Address, Fact, Figure, Passage, SeenTable, Statement, Unit
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.outline import check_outline, contents_of
from juesuan.statute import load_statute

CONTENTS = [
    "第一部分 某中心概况",
    "一、主要职能",
    "二、机构设置",
    "第二部分 某中心2023年度决算表",
    "一、收入支出决算总表",
    "第三部分 某中心2023年度决算情况说明",
    "一、收入支出决算总体情况说明",
    "二、政府采购支出说明",
    "三、国有资产占用情况说明",
    "第四部分 名词解释",
]
BODY = [
    *CONTENTS[:2], "负责某项工作。", CONTENTS[2], "内设三个科室。", CONTENTS[3], "2023年度收入支出决算总表（表1）",
    *CONTENTS[5:7], "收入总计100万元。机关运行经费10万元。", CONTENTS[7], "政府采购支出0万元。", CONTENTS[8],
    "共有车辆0辆。“三公”经费无支出。开展绩效自评。", CONTENTS[9], "一、财政拨款收入：指……",
]  # fmt: skip


def _account(contents: list[str], body: list[str]) -> Account:
    texts = ["2023年度某中心决算", "目 录", *contents, *body]
    account = Account(
        "national",
        2023,
        Unit("某中心"),
        tables=(SeenTable("表1", "2023年度收入支出决算总表（表1）"),),
        statements=(Statement("N101", "收入总计100万元"),),
        passages=tuple(Passage(text) for text in texts),
    )
    account.put(Fact(Address("表1", "31", "1"), Figure(Decimal(1_000_000), Decimal(100))))
    return account


def _found(contents: list[str], body: list[str]) -> list[tuple[str, str, str]]:
    findings = check_outline(CheckContext(_account(contents, body), load_statute("national")))
    return [(finding.code, finding.severity, finding.stated or finding.expected) for finding in findings]


def _changed(texts: list[str], old: str, new: str) -> list[str]:
    assert old in texts
    return [new if text == old else text for text in texts]


def test_a_sound_outline_is_left_in_peace() -> None:
    assert _found(CONTENTS, BODY) == []


def test_page_numbers_and_leaders_are_no_part_of_a_title() -> None:
    led = [f"{text}{'.' * (20 - n)} {n + 1}" for n, text in enumerate(CONTENTS)]
    assert _found(led, BODY) == []
    assert _found([f"{text}…………{n}" for n, text in enumerate(CONTENTS)], BODY) == []


def test_what_a_template_leaves_behind_a_heading_makes_no_other_title() -> None:
    """W111 says that 仅有一个单位的部门 is left: the title itself is that of the contents."""
    left = f"{CONTENTS[2]}（仅有一个单位的部门，本部分内容为“机构设置”）"
    assert _found(CONTENTS, _changed(BODY, CONTENTS[2], left)) == []


def test_an_entry_and_a_heading_in_two_lines_are_one_title() -> None:
    led = [f"{text}......{n}" for n, text in enumerate(CONTENTS)]
    led[5:6] = ["第三部分 某中心2023年度决算", "情况说明......5"]
    body = BODY.copy()
    index = body.index(CONTENTS[5])
    body[index : index + 1] = ["第三部分", "某中心", "2023年度决算情况说明"]
    assert _found(led, body) == []


@pytest.mark.parametrize(
    ("heading", "code", "severity"),
    [
        ("二、政府采购支出情况", "F106", "notice"),
        ("二、政府集中采购支出说明", "F106", "warning"),
        ("甲乙丙丁", "F107", "warning"),
    ],
)
def test_a_title_that_differs(heading: str, code: str, severity: str) -> None:
    found = _found(CONTENTS, _changed(BODY, "二、政府采购支出说明", heading))
    assert [(c, s) for c, s, _ in found] == [(code, severity)]


def test_a_full_stop_behind_a_heading_makes_no_other_title() -> None:
    stopped = [f"{text}。" if text[1:2] == "、" else text for text in CONTENTS]
    assert _found(stopped, [f"{text}。" if text in CONTENTS and text[1:2] == "、" else text for text in BODY]) == []


def test_parts_in_another_order() -> None:
    first, second = "二、政府采购支出说明", "三、国有资产占用情况说明"
    body = _changed(_changed(_changed(BODY, second, "空"), first, second), "空", first)
    assert [code for code, _, _ in _found(CONTENTS, body)] == ["F109"]


@pytest.mark.parametrize(
    ("text", "title"),
    [("机关运行经费", "机关运行经费支出说明"), ("绩效", "预算绩效情况说明"), ("政府采购", "政府采购支出说明")],
)
def test_a_part_that_nothing_mentions_is_missing(text: str, title: str) -> None:
    assert ("F108", "warning", title) in _found([], [line.replace(text, "某项") for line in BODY])


def test_contents_end_where_the_body_begins() -> None:
    entries, begin = contents_of(_account(CONTENTS, BODY).passages)
    assert [entry.text for entry in entries] == [text.replace(" ", "") for text in CONTENTS]
    assert begin == 2 + len(CONTENTS)


def test_parts_on_one_matter_are_no_whole_disclosure() -> None:
    """A statement of the “三公” expenses with its self-evaluation, in parts, is not asked for more."""
    body = [
        "第一部分 “三公”经费支出决算情况说明", "“三公”经费支出10万元。", "第二部分 整体支出绩效自评报告",
        "得分95分。", "第三部分 项目支出绩效自评", "开展了自评。", "第四部分 名词解释", "一、“三公”经费：指……",
    ]  # fmt: skip
    account = _account([], body)
    found = check_outline(CheckContext(account, load_statute("national")))
    assert not [issue for issue in found if issue.code == "F108"]
