"""Prose understood: what each number is of, what it measures, against what, whatever the wording."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from juesuan.account import StatedFigure, StatedMeasure
from juesuan.reader.prose.document import ProseReader
from juesuan.reader.raw import RawText

YEAR = 2023


def stated(*paragraphs: str, year: int = YEAR, measure: StatedMeasure = "决算") -> list[StatedFigure]:
    """The figures that paragraphs state, dates and ordinals left out."""
    drafts = ProseReader(year, measure).read([RawText(text) for text in paragraphs])
    return [draft.stated() for draft in drafts if draft.status != "不是数据"]


def said(*paragraphs: str, year: int = YEAR, measure: StatedMeasure = "决算") -> list[tuple[str, str, str, str]]:
    """Subject, measure, base and value in base units (a rate in per cent) of each."""
    return [
        (each.subject, each.measure, each.base, "" if each.figure is None else value_of(each))
        for each in stated(*paragraphs, year=year, measure=measure)
    ]


def value_of(each: StatedFigure) -> str:
    assert each.figure
    value = each.figure.value * (100 if each.unit == "%" else 1)
    return f"{value.normalize():f}"


VISITS, RUNNING, ALL = "公务接待费", "公务用车运行维护费", "三公经费合计"


@pytest.mark.parametrize(("text", "expected"), [
    ("公务接待费12.50万元，比上年减少2.50万元，下降16.67%。",
     [(VISITS, "决算", "", "125000"), (VISITS, "变动额", "上年", "-25000"), (VISITS, "变动率", "上年", "-16.67")]),
    ("公务接待费支出3万元，同比增加0.6万元，上升25%。",
     [(VISITS, "决算", "", "30000"), (VISITS, "变动额", "上年", "6000"), (VISITS, "变动率", "上年", "25")]),
    ("与2022年度决算相比，公务接待费减少1万元，降低20%。",
     [(VISITS, "变动额", "上年", "-10000"), (VISITS, "变动率", "上年", "-20")]),
    ("公务接待费决算数比年初预算数减少1万元，下降20%。",
     [(VISITS, "变动额", "年初预算", "-10000"), (VISITS, "变动率", "年初预算", "-20")]),
    ("公务接待费4万元，较2022年5万元减少1万元，同比下降20%。",
     [(VISITS, "决算", "", "40000"), (VISITS, "上年决算", "", "50000"), (VISITS, "变动额", "上年", "-10000"),
      (VISITS, "变动率", "上年", "-20")]),
    ("公务接待费由年初预算5万元调整为4万元，调减1万元。",
     [(VISITS, "年初预算", "", "50000"), (VISITS, "决算", "", "40000"), (VISITS, "变动额", "调整", "-10000")]),
    ("公务接待费4万元，与上年持平。", [(VISITS, "决算", "", "40000"), (VISITS, "变动额", "上年", "0")]),
    ("公务接待费增加（减少）0万元。", [(VISITS, "变动额", "上年", "0")]),
    ("公务接待费增减额为-1.2万元。", [(VISITS, "变动额", "上年", "-12000")]),
    ("公务接待费比上年预算数下降20%，比上年决算数下降10%。",
     [(VISITS, "变动率", "上年预算", "-20"), (VISITS, "变动率", "上年", "-10")]),
    ("公务接待费3万元，较上年减少1万元（25%）。",
     [(VISITS, "决算", "", "30000"), (VISITS, "变动额", "上年", "-10000"), (VISITS, "变动率", "上年", "-25")]),
    ("经比较2023年度“三公”经费4万元。", [(ALL, "决算", "", "40000")]),
    ("“三公”经费总支出为4万元。", [(ALL, "决算", "", "40000")]),
    ("“三公”经费财政拨款预算4万元。", [(ALL, "预算", "", "40000")]),
    ("公务接待费高于年初预算数0.5万元。", [(VISITS, "变动额", "年初预算", "5000")]),
    ("“三公”经费支出预算为10万元，支出决算为8万元，完成预算的80%。",
     [(ALL, "预算", "", "100000"), (ALL, "决算", "", "80000"), (ALL, "完成率", "预算", "80")]),
    ("“三公”经费决算8万元，完成全年预算10万元的80%。",
     [(ALL, "决算", "", "80000"), (ALL, "全年预算", "", "100000"), (ALL, "完成率", "全年预算", "80")]),
    ("“三公”经费决算8万元，预算执行率为80%。", [(ALL, "决算", "", "80000"), (ALL, "完成率", "预算", "80")]),
    ("“三公”经费8万元，其中：公务接待费2万元，占25%；公车运行费6万元，占75%。",
     [(ALL, "决算", "", "80000"), (VISITS, "决算", "", "20000"), (VISITS, "占比", ALL, "25"),
      (RUNNING, "决算", "", "60000"), (RUNNING, "占比", ALL, "75")]),
    ("公务接待费2万元，占“三公”经费的25%。", [(VISITS, "决算", "", "20000"), (VISITS, "占比", ALL, "25")]),
    ("公务接待费1,234.50元。", [(VISITS, "决算", "", "1234.5")]),
    ("全年国内公务接待10批次，100人次，共计1.3万元。",
     [("国内公务接待批次", "数量", "", "10"), ("国内公务接待人次", "数量", "", "100"),
      ("国内公务接待费", "决算", "", "13000")]),
    ("因公出国（境）团组2个，累计5人次。",
     [("因公出国（境）团组数", "数量", "", "2"), ("因公出国（境）人次", "数量", "", "5")]),
    ("公务用车购置数及保有量分别为1辆和6辆。",
     [("公务用车购置数", "数量", "", "1"), ("公务用车保有量", "数量", "", "6")]),
    ("公务用车保有量6辆，较上年减少2辆。",
     [("公务用车保有量", "数量", "", "6"), ("公务用车保有量", "变动额", "上年", "-2")]),
    ("收入总计50万元，支出总计50万元。", [("收入总计", "决算", "", "500000"), ("支出总计", "决算", "", "500000")]),
    ("外事接待费支出为零。", [("外事接待费", "决算", "", "0")]),
    ("本年无因公出国（境）团组。", [("因公出国（境）团组数", "数量", "", "0")]),
    ("“三公”经费支出8万元，年初预算为10万元，差额为2万元，其中：公务接待费支出3万元，年初预算4万元，差值1万元。",
     [(ALL, "决算", "", "80000"), (ALL, "年初预算", "", "100000"), (ALL, "变动额", "年初预算", "20000"),
      (VISITS, "决算", "", "30000"), (VISITS, "年初预算", "", "40000"), (VISITS, "变动额", "年初预算", "10000")]),
    ("“三公”经费决算8万元，完成全年预算10万元的80%，其中：公务接待费2万元。",
     [(ALL, "决算", "", "80000"), (ALL, "全年预算", "", "100000"), (ALL, "完成率", "全年预算", "80"),
      (VISITS, "决算", "", "20000")]),
    ("2022年“三公”经费中，公务接待费5万元，公车运行费3万元；2023年，公务接待费4万元。",
     [(VISITS, "上年决算", "", "50000"), (RUNNING, "上年决算", "", "30000"), (VISITS, "决算", "", "40000")]),
    ("公务接待费2万元（2022年为3万元），公车运行费3万元。",
     [(VISITS, "决算", "", "20000"), (VISITS, "上年决算", "", "30000"), (RUNNING, "决算", "", "30000")]),
    ("公务接待费比上年增加3万元，增长--（基数为0，不可比）。",
     [(VISITS, "变动额", "上年", "30000"), (VISITS, "上年决算", "", "0")]),
    ("公务接待费完成预算0万元的--%（基数为0，不可比）。",
     [(VISITS, "预算", "", "0"), (VISITS, "预算", "", "0")]),
    ("公务接待费3万元，较2023年预算数减少1万元，下降25%。",
     [(VISITS, "决算", "", "30000"), (VISITS, "变动额", "预算", "-10000"), (VISITS, "变动率", "预算", "-25")]),
    ("公务接待费3万元，比2023年年初预算减少1万元，比去年年初预算减少2万元。",
     [(VISITS, "决算", "", "30000"), (VISITS, "变动额", "年初预算", "-10000"),
      (VISITS, "变动额", "上年预算", "-20000")]),
    ("公务接待费2.05万元，较上年2.08减少0.03万元。",
     [(VISITS, "决算", "", "20500"), (VISITS, "上年决算", "", "20800"), (VISITS, "变动额", "上年", "-300")]),
    ("出国（境）经费、车辆购置及运行费、公务接待费（简称“三公”经费）支出合计9万元。", [(ALL, "决算", "", "90000")]),
    ("因公出国（境）费、公务用车购置及运行费和公务接待费的预算数9万元、决算数8万元。",
     [(ALL, "预算", "", "90000"), (ALL, "决算", "", "80000")]),
    ("公务用车运行维护及购置费3万元。", [("公务用车购置及运行维护费", "决算", "", "30000")]),
    ("汇总了5个派出机构和7个检测站的“三公”经费。",
     [("派出机构", "数量", "", "5"), ("检测站", "数量", "", "7")]),
    ("一般公共预算资金开支的“三公”经费为9万元。", [(ALL, "决算", "", "90000")]),
    ("行政单位和其他单位使用财政拨款安排“三公”经费预算总额为9万元。", [(ALL, "预算", "", "90000")]),
    ("公务用车保有量2辆，购置及运行维护费5万元。",
     [("公务用车保有量", "数量", "", "2"), ("公务用车购置及运行维护费", "决算", "", "50000")]),
    ("政府集中采购、分散采购规模分别为3万元和4万元。",
     [("政府集中采购", "决算", "", "30000"), ("分散采购", "决算", "", "40000")]),
    ("收入支出决算总体情况说明 1.总体情况 公务接待费3万元。", [(VISITS, "决算", "", "30000")]),
    ("公务接待费由2022年的5万元减少到3万元。", [(VISITS, "上年决算", "", "50000"), (VISITS, "决算", "", "30000")]),
    ("1、20103-政府办公厅（室）及相关机构事务3万元。", [("政府办公厅（室）及相关机构事务", "决算", "", "30000")]),
    ("公务接待费占GDP的比重为1%。", [(VISITS, "占比", "", "1")]),
    ("公務接待費用３萬元。", [(VISITS, "决算", "", "30000")]),
    ("一般公共服务支出（类）财政事务（款）行政运行（项）年初预算为7万元，支出决算为6万元。",
     [("行政运行", "年初预算", "", "70000"), ("行政运行", "决算", "", "60000")]),
])  # fmt: skip
def test_a_sentence_says_subject_measure_base_and_value(text: str, expected: list[tuple[str, str, str, str]]):
    assert said(text) == expected


def test_a_missing_number_is_a_figure_without_value():
    whole, part, share, change = stated("“三公”经费5万元。其中：公务接待费1万元，占 %，比上年减少 万元。")[:4]
    assert [each.measure for each in (whole, part, share, change)] == ["决算", "决算", "占比", "变动额"]
    assert (share.figure, change.figure) == (None, None)
    assert change.direction == -1
    assert change.status == "无从核对"


def test_a_direction_that_was_not_chosen_has_none():
    (change,) = stated("公务接待费比上年增加（减少）1.5万元。")
    assert (change.unchosen, change.direction, change.wording) == (True, None, "增加(减少)")
    assert change.figure is not None
    assert change.figure.value == 15000


def test_a_difference_that_says_no_way_has_no_direction():
    *_, gap = stated("公务接待费支出1.5万元，年初预算2万元，差值为0.5万元。")
    assert (gap.unchosen, gap.direction, gap.base) == (True, None, "年初预算")
    *_, less = stated("公务接待费支出1.5万元，年初预算2万元，差值为-0.5万元。")
    assert (less.unchosen, less.direction) == (False, -1)


def test_a_change_told_after_a_part_is_the_wholes_where_only_that_agrees():
    # 80 - 16 = 64, 16 ÷ 64 = 25 %; of the part, 16 ÷ (20 - 16) would be 400 %.
    whole, part, change, rate = stated("收入总计80万元，其中年初结转和结余20万元，较上年增加16万元，增长25%。")
    assert part.subject == "年初结转和结余"
    assert [each.subject for each in (change, rate)] == ["收入总计", "收入总计"]
    assert change.mention == whole.mention


def test_mentions_tie_an_amount_to_its_changes_and_parts_to_their_whole():
    figures = stated("“三公”经费8万元，同比减少2万元。其中：公务接待费2万元，同比减少1万元；公车运行费6万元。")
    whole, change, visits, less, running = figures
    assert whole.mention == change.mention
    assert visits.mention == less.mention
    assert {visits.within, running.within} == {whole.mention}


def test_parts_of_numbered_paragraphs_have_the_whole_that_announced_them():
    whole, first, second = stated("“三公”经费8万元。其中：", "1.公务接待费2万元。", "2.公务用车运行维护费6万元。")
    assert first.within == second.within == whole.mention


@pytest.mark.parametrize(("text", "why"), [
    ("（财行〔2014〕2066号）", "文号"), ("红机发﹝2021﹞7号", "文号"),
    ("索引号20240913-145937-396", "网址或编号"), ("2023年8月15日", "日期"), ("电话：0511-86543210", "电话"),
    ("第12条", "法规条款"),
    ("表1", "表号"), ("本年收入=(1+2+3)行", "表下的公式"), ("2080501行政单位离退休", "科目编码"),
    ("3.机构设置", "编号"), ("据本报15日报道", "日期"), ("省委省政府30项和市政府20条规定", "政策名称"),
    ("某街道办事处2018", "年份"),
    ("按照80-100%计分", "区间"), ("对3-6岁幼儿", "年龄"), ("用了3个月", "时间、期限或等级"),
])  # fmt: skip
def test_what_is_no_figure_is_said_to_be_none(text: str, why: str):
    drafts = ProseReader(YEAR, "决算").read([RawText(text)])
    assert {(draft.status, draft.why) for draft in drafts} == {("不是数据", why)}


def test_a_number_that_nothing_names_is_not_understood():
    (number,) = stated("共计5万元。")
    assert (number.status, number.why) == ("没有认出", "没有认出说的是什么")


def test_lines_broken_within_a_word_are_one_sentence():
    lines = ["2023年度一般公共预算财政拨款安排的“三公”经费支", "出决算总额为5.48万元，比上年增加1.55", "万元。"]
    first, change = stated(*lines)
    assert (first.subject, first.measure, value_of(first)) == (ALL, "决算", "54800")
    assert (change.measure, value_of(change)) == ("变动额", "15500")
    assert (first.passage, lines[first.passage][first.start : first.end]) == (1, "5.48万元")


def test_cells_one_a_line_are_a_table():
    head = ["“三公”经费支出决算表", "单位：万元", "项 目", "预算数", "决算数"]
    cells = [*head, "合 计", "3", "1.71", "公务接待费", "1", "0.53"]
    found = [(each.subject, each.measure, value_of(each)) for each in stated(*cells)]
    assert found == [
        (ALL, "预算", "30000"), (ALL, "决算", "17100"), (VISITS, "预算", "10000"), (VISITS, "决算", "5300"),
    ]  # fmt: skip


def test_cells_between_bars_are_a_table_and_a_blank_is_no_zero():
    cells = ["项目| 2023年决算（元） |", "公务接待费| 1300 |", "公务用车购置费| |", "公务接待批次（批）| 15 |"]
    visits, purchase, groups = stated("某局“三公”经费决算表", *cells)
    assert (visits.subject, value_of(visits)) == (VISITS, "1300")
    assert (purchase.figure, purchase.status) == (None, "无从核对")
    assert (groups.subject, groups.measure, value_of(groups)) == ("公务接待批次", "数量", "15")


def test_parts_are_of_the_amount_not_of_what_was_counted_beside_it():
    whole, _, part = stated("“三公”经费共5万元，涉及12个单位。其中，公务接待费2万元。")
    assert part.within == whole.mention


def test_amounts_told_respectively_go_to_what_was_told_before():
    text = "“三公”经费6万元，其中：公务接待费2万元，公车购置费4万元。与上年相比，分别减少1万元、2万元。"
    changes = [(each.subject, value_of(each)) for each in stated(text) if each.measure == "变动额"]
    assert changes == [(VISITS, "-10000"), ("公务用车购置费", "-20000")]


def test_a_second_loose_table_has_columns_of_its_own():
    first = ["某区“三公”经费决算情况", "项目|", "决算数（万元）|", "减少率|", "公务接待费|", "7.5|", "5%|"]
    second = ["某区“三公”经费使用情况", "项目|", "数量|", "公务用车保有量|", "66|", "国内公务接待批次|", "48|"]
    measures = [(each.subject, each.measure) for each in stated(*first, *second)]
    assert measures == [
        (VISITS, "决算"), (VISITS, "变动率"), ("公务用车保有量", "数量"), ("国内公务接待批次", "数量"),
    ]  # fmt: skip


SUBJECTS = st.sampled_from([
    ("公务接待费", "公务接待费"), ("公车购置费", "公务用车购置费"), ("公务用车运行费", "公务用车运行维护费"),
    ("因公出国（境）经费", "因公出国（境）费"), ("“三公”经费支出", "三公经费合计"), ("基本支出", "基本支出"),
    ("人员支出", "人员经费"), ("机关运行经费", "机关运行经费"), ("其他收入", "其他收入"), ("会议费", "会议费"),
])  # fmt: skip
AMOUNTS = st.decimals(Decimal("0.01"), Decimal("99999"), places=2)
RATES = st.decimals(Decimal("0.1"), Decimal("99"), places=1)
UNITS = st.sampled_from([("万元", 10000), ("元", 1), ("亿元", 10**8)])
COMPARED = st.sampled_from([
    ("较上年", "上年"), ("比2022年决算数", "上年"), ("同比", "上年"), ("与上年相比，", "上年"),
    ("较年初预算数", "年初预算"),
    ("与2022年度相比", "上年"), ("比去年", "上年"),
])  # fmt: skip
MOVED = st.sampled_from([("增加", "增长", 1), ("增加了", "上升", 1), ("减少", "下降", -1), ("减少了", "降低", -1)])
LEVEL = st.sampled_from(["", "为", "支出", "决算为", "决算数", "合计", "共计"])
ENDS = st.sampled_from(["。", "；", "，主要原因是厉行节约。"])


@settings(max_examples=150, deadline=None)
@given(SUBJECTS, AMOUNTS, AMOUNTS, RATES, UNITS, COMPARED, MOVED, LEVEL, ENDS)
def test_sentences_composed_at_random_are_read_back(
    subject: tuple[str, str], amount: Decimal, change: Decimal, rate: Decimal, unit: tuple[str, int],
    compared: tuple[str, str], moved: tuple[str, str, int], level: str, end: str,
):  # fmt: skip
    (written, name), (sign, scale), (words, base), (grew, rose, direction) = subject, unit, compared, moved
    text = f"{written}{level}{amount}{sign}，{words}{grew}{change}{sign}，{rose}{rate}%{end}"
    first, second, third = stated(text)
    assert {each.subject for each in (first, second, third)} == {name}
    assert [each.measure for each in (first, second, third)] == ["决算", "变动额", "变动率"]
    assert first.figure is not None and second.figure is not None and third.figure is not None
    assert first.figure.value == amount * scale
    assert second.figure.value == direction * change * scale
    assert third.figure.value == direction * rate / 100
    assert second.base == third.base == base
    assert second.figure.resolution == Decimal("0.01") * scale


def test_labels_of_a_second_line_stand_behind_their_whole_where_the_sums_say_so():
    head = ["2023年“三公”经费预算| |", "财政拨款情况表| |", "单位：万元|", "合计|", "因公出国（境）费|", "公务用车费|",
            "公务接待费|", "小计|", "公务用车运行维护费|", "公务用车购置费|"]  # fmt: skip
    found = {each.subject: value_of(each) for each in stated(*head, "9|", "1|", "5|", "4|", "1|", "3|", measure="预算")}
    assert found == {
        ALL: "90000", "因公出国（境）费": "10000", "公务用车购置及运行维护费": "50000", RUNNING: "40000",
        "公务用车购置费": "10000", VISITS: "30000",
    }  # fmt: skip


def test_dashes_in_a_line_of_amounts_are_no_number():
    head = ["2023年“三公”经费预算表|", "合计|", "因公出国（境）费|", "公务用车费|", "公务接待费|"]
    found = [(each.subject, each.figure is None) for each in stated(*head, "9|", "--|", "5|", "4|", measure="预算")]
    assert found == [(ALL, False), ("因公出国（境）费", True), ("公务用车购置及运行维护费", False), (VISITS, False)]


def test_a_line_of_bare_numbers_states_nothing():
    numbers = stated("公务接待费3万元。", "0 500 1,000 1,500")[1:]
    assert {each.status for each in numbers} == {"没有认出"}


def test_numbers_of_lines_are_no_amounts():
    lines = ["收入支出决算总表", "项目", "行次", "决算数", "项目", "行次", "决算数", "一、财政拨款收入", "1", "479.01",
             "一、一般公共服务支出", "31", "二、事业收入", "2", "二、外交支出", "32", "5.00", "3", "三、国防支出", "33"]
    figures = [each for each in stated(*lines) if each.figure is not None]
    assert [(each.subject, value_of(each)) for each in figures] == [("财政拨款收入", "4790100"), ("外交支出", "50000")]


@pytest.mark.parametrize("codes", [("31013", "31019", "31021"), ("310", "01", "13", "19", "310")])
def test_codes_of_items_are_no_amounts(codes: tuple[str, ...]):
    names = ("公务用车购置", "其他交通工具购置", "文物和陈列品购置", "无形资产购置", "其他资本性支出")
    lines = [text for pair in zip(codes, names, strict=False) for text in pair]
    assert [each for each in stated("基本支出决算表", *lines, "人员经费合计", "95.36") if each.figure is not None and
            each.figure.value != Decimal("953600")] == []


def test_headings_in_two_lines_of_what_was_spent_and_is_planned():
    lines = ["功能分类科目", "2025年执行数", "2026年预算数", "2026年预算数比2025年执行数", "科目名称", "小计", "增减额",
             "增减%", "教育支出", "100.00", "90.00", "-10.00", "-10.00",
             "卫生健康支出", "50.00", "55.00", "5.00", "10.00"]
    found = stated("一般公共预算支出情况", *lines, measure="预算", year=2026)
    measures = ["上年决算", "预算", "变动额", "变动率"]
    assert [(each.subject, each.measure) for each in found if each.measure] == [
        (subject, measure) for subject in ("教育支出", "卫生健康支出") for measure in measures
    ]


def test_blocks_side_by_side_have_the_same_columns():
    lines = ["收支总表", "项目 | 预算数 | 项目 | 预算数 |", "财政拨款收入 | 3.00 | 基本支出 | 2.00 |",
             "其他收入 | 1.00 | 项目支出 | 2.00 |"]
    assert all(each.figure is not None for each in stated(*lines, measure="预算"))


def test_a_whole_with_all_its_parts_counts_as_checked():
    sound = "“三公”经费9万元，其中：因公出国（境）费0万元，公车运行费6万元，公车购置费0万元，公务接待费3万元。"
    assert {each.status for each in stated(sound)} == {"可核对"}
    assert {each.status for each in stated(sound.replace("，公务接待费3万元", ""))} == {"仅正文"}


def test_a_title_is_not_part_of_the_sentence_below_it():
    figures = stated("某某市某某区某某局2023年度部门决算情况说明", "组织对12个项目开展绩效自评，取得较好的效果")
    assert [each.subject for each in figures] == ["项目"]


PUBLIC, SPENT, HOUSING = "公用经费", "本年支出合计", "住房保障支出"


@pytest.mark.parametrize(("text", "expected"), [
    # A list of names without numbers says what the money is for, and is not what is spoken of next.
    ("公用经费16万元，主要包括：办公费、会议费、公务用车运行维护费。较上年增加6万元，增长60%。",
     [(PUBLIC, "决算", "", "160000"), (PUBLIC, "变动额", "上年", "60000"), (PUBLIC, "变动率", "上年", "60")]),
    ("公用经费16万元，包括办公费、会议费、公务接待费，比上年减少4万元。",
     [(PUBLIC, "决算", "", "160000"), (PUBLIC, "变动额", "上年", "-40000")]),
    # What is said to have shrunk before it is named: its parts have shrunk as well.
    ("减少了“三公”经费3万元，其中公务接待费1万元。",
     [(ALL, "变动额", "上年", "-30000"), (VISITS, "变动额", "上年", "-10000")]),
    # Something is left out of both years: the base is printed nowhere.
    ("如果剔除这一因素，“三公”经费仍然减少9万元，下降16%。",
     [(ALL, "变动额", "可比口径", "-90000"), (ALL, "变动率", "可比口径", "-16")]),
    # The whole again at the beginning of a sentence, after its parts.
    ("本年支出100万元，其中，住房保障支出10万元。支出较去年减少5万元。",
     [(SPENT, "决算", "", "1000000"), (HOUSING, "决算", "", "100000"), (SPENT, "变动额", "上年", "-50000")]),
])  # fmt: skip
def test_what_is_spoken_of_after_lists_and_parts(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert said(text) == expected
