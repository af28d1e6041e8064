"""What must be said besides the figures: counts, one explanation for each item, reasons, and that they fit."""

from __future__ import annotations

from decimal import Decimal

import pytest

from juesuan.account import Account, Address, Fact, Figure, Paragraph, Passage, Period, Section, SeenTable, Unit
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.completeness import check_completeness
from juesuan.statute import load_statute

SOUND = {
    "三公": "公务接待费支出1.20万元，国内接待3批次、20人次。",
    "一般公共预算": "1.住房保障支出（类）住房改革支出（款）住房公积金（项）。"
    "年初预算为60.87万元，支出决算为60.54万元，主要原因是人员变动。",
}
GLOSSARY = (
    "第五部分 名词解释",
    "1.住房保障支出（类）住房改革支出（款）住房公积金（项）：指按规定为职工缴存的住房公积金。",
)


def _found(sections: dict[str, str], glossary: tuple[str, ...] = GLOSSARY, **amounts: str) -> list[tuple[str, str]]:
    account = Account("national", 2023, Unit("某中心"), tables=(SeenTable("表1", ""), SeenTable("表9", "")))
    facts = {"表5!2210201行1栏": "60.54", "年初预算!表5!2210201行1栏": "60.87", "表9!1行12栏": "1.20", **amounts}
    for key, amount in facts.items():
        period: Period = "年初预算" if key.startswith("年初预算!") else "本年"
        form, place = key.removeprefix("年初预算!").split("!")
        row, column = place.removesuffix("栏").split("行")
        address = Address(form, row if form != "表9" else _row9(), column, period)
        account.put(Fact(address, Figure(Decimal(amount) * 10000, Decimal(100))))
    account.narrative = tuple(Section(key, key, (Paragraph(text),)) for key, text in sections.items())
    account.passages = tuple(Passage(text) for text in glossary)
    return [(f.code, f.message) for f in check_completeness(CheckContext(account, load_statute("national")))]


def _row9() -> str:
    return next(iter(load_statute("national").forms["表9"].rows))


def test_a_sound_account_is_left_in_peace() -> None:
    assert _found(SOUND) == []


def test_guests_without_a_count() -> None:
    found = _found({**SOUND, "三公": "公务接待费支出1.20万元。"})
    assert [code for code, _ in found] == ["N62"]
    assert "公务接待费支出1.20万元" in found[0][1]


def test_journeys_need_groups_and_persons() -> None:
    found = _found({**SOUND, "三公": SOUND["三公"] + "出国团组1个。"}, **{"表9!1行8栏": "5.00"})
    assert found == []
    (finding,) = _found(SOUND, **{"表9!1行8栏": "5.00"})
    assert finding[0] == "N62"
    assert "团组" in finding[1]


def test_an_item_that_differs_from_its_budget_without_a_reason() -> None:
    text = SOUND["一般公共预算"].replace("，主要原因是人员变动", "")
    (finding,) = _found({**SOUND, "一般公共预算": text})
    assert finding[0] == "N61"
    assert "2210201住房公积金（60.87万元、60.54万元）" in finding[1]
    assert _found({**SOUND, "一般公共预算": text}, **{"年初预算!表5!2210201行1栏": "60.54"}) == []


def test_items_with_one_name_are_told_apart_by_what_they_are_of() -> None:
    told = (
        "1.一般公共服务支出（类）组织事务（款）一般行政管理事务（项）。年初预算为5.00万元，支出决算为5.00万元。"
        "2.城乡社区支出（类）城乡社区管理事务（款）一般行政管理事务（项）。年初预算为9.00万元，支出决算为8.00万元，"
        "主要原因是项目减少。"
    )
    first, second = told.split("2.")
    amounts = {
        "表5!2013202行1栏": "5.00", "年初预算!表5!2013202行1栏": "5.00",
        "表5!2120102行1栏": "8.00", "年初预算!表5!2120102行1栏": "9.00",
    }  # fmt: skip
    assert "N61" not in {code for code, _ in _found({**SOUND, "一般公共预算": first}, **amounts)}
    without = second.replace("，主要原因是项目减少", "")
    reasons = [message for code, message in _found({**SOUND, "一般公共预算": without}, **amounts) if code == "N61"]
    assert len(reasons) == 1
    assert "2120102一般行政管理事务（9.00万元、8.00万元）" in reasons[0]


def test_items_that_the_glossary_leaves_out_or_has_too_many() -> None:
    (missing,) = _found(SOUND, **{"表5!2210203行1栏": "1.00"})
    assert missing == ("N67", "名词解释没有解释这些科目：2210203购房补贴。")
    extra = (*GLOSSARY, "2.住房保障支出（类）住房改革支出（款）提租补贴（项）：指按规定发放的租金补贴。")
    (found,) = _found(SOUND, extra)
    assert found == ("N67", "名词解释解释了本单位没有使用的科目：提租补贴。")


def test_a_name_with_brackets_in_the_glossary() -> None:
    entry = "2.一般公共服务支出（类）政府办公厅（室）及相关机构事务（款）行政运行（项）：指行政单位的基本支出。"
    assert _found(SOUND, (*GLOSSARY, entry), **{"表5!2010301行1栏": "1.00"}) == []


def test_a_glossary_without_items_is_another_style() -> None:
    assert _found(SOUND, ("第五部分 名词解释", "一、财政拨款收入：指从财政部门取得的拨款。")) == []


@pytest.mark.parametrize(("closing", "expected"), [({}, ["N69"]), ({"表1!60行2栏": "0.33"}, [])])
def test_money_carried_over_is_in_the_closing_balance(closing: dict[str, str], expected: list[str]) -> None:
    text = SOUND["一般公共预算"].replace("人员变动", "项目未完成，资金结转至下年使用")
    assert [code for code, _ in _found({**SOUND, "一般公共预算": text}, **closing)] == expected
