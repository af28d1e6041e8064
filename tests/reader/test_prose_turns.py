"""Turns of sentences that go back to a whole, name what no form has, or leave a word or unit out."""

from __future__ import annotations

import pytest

from reader.test_prose import ALL, RUNNING, VISITS, said, stated

INCOME = "本年收入合计"


@pytest.mark.parametrize(("paragraphs", "expected"), [
    # A sentence that compares without a subject, after one that only gave the parts: of the whole.
    (("“三公”经费预算9万元。其中，公务接待费4万元，公务用车运行维护费5万元。同口径比上年减少1万元。",),
     [(ALL, "预算", "", "90000"), (VISITS, "预算", "", "40000"), (RUNNING, "预算", "", "50000"),
      (ALL, "变动额", "上年", "-10000")]),
    # A line broken within the paragraph changes nothing: the parts that follow are those of the whole.
    (("“三公”经费预算9万元。其中，公务用车运行维护费5万元，公务接待费4万元。", "同口径比上年减少1万元。",
      "比2012年减少2万元，其中，公务用车运行维护费减少3万元，公务接待费增加1万元。"),
     [(ALL, "预算", "", "90000"), (RUNNING, "预算", "", "50000"), (VISITS, "预算", "", "40000"),
      (ALL, "变动额", "上年", "-10000"), (ALL, "变动额", "2012年", "-20000"), (RUNNING, "变动额", "2012年", "-30000"),
      (VISITS, "变动额", "2012年", "10000")]),
    # An item of a list in a line of its own is what the next line compares.
    (("“三公”经费预算9万元，其中：", "1.公务用车运行维护费5万元。", "2.公务接待费4万元。", "比上年减少1万元。"),
     [(ALL, "预算", "", "90000"), (RUNNING, "预算", "", "50000"), (VISITS, "预算", "", "40000"),
      (VISITS, "变动额", "上年", "-10000")]),
    # What the town itself is called is no part of what is told; the measure of the whole is that of its parts.
    (("2021年我镇“三公”经费预算为9万元，其中：公务用车运行维护费5万元，公务接待费4万元。",),
     [(ALL, "预算", "", "90000"), (RUNNING, "预算", "", "50000"), (VISITS, "预算", "", "40000")]),
    (("使用财政拨款安排“三公”经费支出9万元。一般公共预算安排“三公”经费支出9万元，比年初预算增加1万元。",),
     [(ALL, "决算", "", "90000"), (ALL, "决算", "", "90000"), (ALL, "变动额", "年初预算", "10000")]),
    (("住房保障支出减少拨款2万元，医疗卫生和计划生育支出减少拨款3万元。",),
     [("住房保障支出", "变动额", "上年", "-20000"), ("医疗卫生与计划生育支出", "变动额", "上年", "-30000")]),
    # Where each part was compared, the sentence goes on with the last.
    (("“三公”经费9万元。其中，公务接待费4万元，比上年增加1万元；公务用车运行维护费5万元。比上年减少1万元。",),
     [(ALL, "决算", "", "90000"), (VISITS, "决算", "", "40000"), (VISITS, "变动额", "上年", "10000"),
      (RUNNING, "决算", "", "50000"), (RUNNING, "变动额", "上年", "-10000")]),
    # The amounts decide: 1/(4＋1) is a fifth, 1/(9＋1) a tenth.
    (("“三公”经费9万元。其中，公务用车运行维护费5万元，公务接待费4万元。比上年减少1万元，下降20%。",),
     [(ALL, "决算", "", "90000"), (RUNNING, "决算", "", "50000"), (VISITS, "决算", "", "40000"),
      (VISITS, "变动额", "上年", "-10000"), (VISITS, "变动率", "上年", "-20")]),
    (("二、单位收支总体情况", "（一）收入预算：预算数9万元，其中：事业收入9万元。"),
     [(INCOME, "预算", "", "90000"), ("事业收入", "预算", "", "90000")]),
    # 相比 at the beginning compares; the amount has the unit of the change.
    (("总收入9万元。相比2022年的总收入8.50减少0.50万元。",),
     [("收入总计", "决算", "", "90000"), ("收入总计", "上年决算", "", "85000"),
      ("收入总计", "变动额", "上年", "-5000")]),
    (("总支出9万元。其中，财政项目补助支出增加3万元，管理费用减少2万元。",),
     [("支出总计", "决算", "", "90000"), ("财政项目补助支出", "变动额", "上年", "30000"),
      ("管理费用", "变动额", "上年", "-20000")]),
    (("公务接待费4万元，较年初预算减少1万元，主要是公务用车保有量减少2辆。",),
     [(VISITS, "决算", "", "40000"), (VISITS, "变动额", "年初预算", "-10000"),
      ("公务用车保有量", "变动额", "上年", "-2")]),
    (("收、支总计各是9.50，9.80万元，各减少1.50，1.20万元。",),
     [("收入总计", "决算", "", "95000"), ("支出总计", "决算", "", "98000"), ("收入总计", "变动额", "上年", "-15000"),
      ("支出总计", "变动额", "上年", "-12000")]),
    (("公务接待费4万元，较上年减少1.50，下降27%。",),
     [(VISITS, "决算", "", "40000"), (VISITS, "变动额", "上年", "-15000"), (VISITS, "变动率", "上年", "-27")]),
    (("事业单位使用财政拨款安排“三公”经费支出9万元，比预算数减少1万元。",),
     [(ALL, "决算", "", "90000"), (ALL, "变动额", "预算", "-10000")]),
    (("“三公”经费支出3.86万元，预算5.20万元，执行74.23%，其中公务接待0.26万（18批、142人）。",),
     [(ALL, "决算", "", "38600"), (ALL, "预算", "", "52000"), (ALL, "完成率", "预算", "74.23"),
      (VISITS, "决算", "", "2600"), ("公务接待批次", "数量", "", "18"), ("公务接待人次", "数量", "", "142")]),
    (("严格执行规定，公务接待费3万元，下降12%。",), [(VISITS, "决算", "", "30000"), (VISITS, "变动率", "上年", "-12")]),
    (("截至12月31日，资产总额9万元，其中：固定资产7万元，无形资产2万元；负债总额3万元，净资产6万元。",),
     [("资产总额", "决算", "", "90000"), ("固定资产", "决算", "", "70000"), ("无形资产", "决算", "", "20000"),
      ("负债总额", "决算", "", "30000"), ("净资产", "决算", "", "60000")]),
])  # fmt: skip
def test_what_a_turn_of_a_sentence_is_of(paragraphs: tuple[str, ...], expected: list[tuple[str, str, str, str]]):
    assert said(*paragraphs)[: len(expected)] == expected


def test_what_last_year_had_no_budget_for_has_none_of_last_year():
    numbers = stated("政府采购预算2万元，同比增加2万元，上年无该预算。", measure="预算")
    assert [(each.measure, each.figure.value) for each in numbers if each.figure] == [
        ("预算", 20000), ("变动额", 20000), ("上年预算", 0),
    ]  # fmt: skip


def test_a_number_of_a_list_in_brackets_is_no_figure():
    numbers = stated("资产合计9万元，其中：（1）房屋4万元，（2）通用设备5万元。")
    assert [each.text for each in numbers] == ["9万元", "4万元", "5万元"]
