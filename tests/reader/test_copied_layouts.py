"""Layouts that a copy leaves: spans lost over several levels, headings run together, sentences broken at a width."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from juesuan.checker import check
from juesuan.reader import read_document
from juesuan.reader.account import Reading

COVER = "上海市示例区某某局2025年度部门决算\n"
TITLE = "财政拨款“三公”经费支出决算表\n\n单位：万元\n\n"
AMOUNTS = "| 21.00 | 16.95 |  |  | 20.50 | 16.95 | 5.00 | 4.00 | 15.50 | 12.95 | 0.50 | 0.00 |\n"
SPANS_LOST = (
    "| 财政拨款“三公”经费 | | | | | | | | | | | |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n"
    "| 合计 | | 因公出国（境）费 | | 公务用车购置及运行维护费 | | | | | | 公务接待费 | |\n"
    "| | | | | 小计 | | 公务用车购置费 | | 公务用车运行维护费 | | | |\n"
    "| 预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 | 预算数 | 决算数 |\n"
)
RUN_TOGETHER = (
    "| 财政拨款“三公”经费 合计 预算数 | 合计 决算数 | 因公出国（境）费 预算数 | 因公出国（境）费 决算数 "
    "| 公务用车购置及运行维护费 小计 预算数 | 公务用车购置及运行维护费 小计 决算数 | 公务用车购置费 预算数 "
    "| 公务用车购置费 决算数 | 公务用车运行维护费 预算数 | 公务用车运行维护费 决算数 | 公务接待费 预算数 "
    "| 公务接待费 决算数 |\n|---|---|---|---|---|---|---|---|---|---|---|---|\n"
)
PLACES = {"1": "21", "7": "16.95", "3": "20.5", "9": "16.95", "4": "5", "10": "4", "5": "15.5", "11": "12.95",
          "6": "0.5", "12": "0"}  # fmt: skip


def read(tmp_path: Path, text: str, profile: str = "shanghai-2024") -> Reading:
    path = tmp_path / "account.md"
    path.write_text(text, encoding="utf-8")
    return read_document(path, profile=profile)


@pytest.mark.parametrize("profile", ["national", "shanghai-2024"])
@pytest.mark.parametrize("heads", [SPANS_LOST, RUN_TOGETHER], ids=["spans lost", "run together"])
def test_a_table_of_one_line_whose_headings_a_copy_has_torn(tmp_path: Path, heads: str, profile: str) -> None:
    found = read(tmp_path, COVER + "\n" + TITLE + heads + AMOUNTS, profile).account.facts
    for column, printed in PLACES.items():
        assert found[f"表9!金额行{column}栏"].figure.value == Decimal(printed) * 10000


BEHIND_CELLS = (
    "某县审计局2022年一般公共预算基本支出预算表 | | | | |\n单位：万元 | | | | |\n"
    "科目编码 | 科目名称 | 合计 | 人员经费 | 公用经费 |\n | 合计 | 46.00 | 40.00 | 6.00 |\n"
    "301 | 工资福利支出 | 40.00 | 40.00 |  |\n30101 | 基本工资 | 30.00 | 30.00 |  |\n"
    "30113 | 住房公积金 | 10.00 | 10.00 |  |\n"
    "302 | 商品和服务支出 | 6.00 |  | 6.00 |\n30201 | 办公费 | 6.00 |  | 6.00 |\n"
)


def test_a_bar_in_front_of_a_line_is_behind_an_empty_cell_where_all_others_begin_with_a_cell(tmp_path: Path) -> None:
    reading = read(tmp_path, "某县审计局2022年部门预算\n" + BEHIND_CELLS, "budget")
    total = [reading.account.facts[f"预8!合计行{column}栏"].figure.value for column in "123"]
    assert total == [Decimal(460000), Decimal(400000), Decimal(60000)]
    assert not [each for each in check(reading.account, statute=reading.statute).findings if each.severity == "error"]


BROKEN_NAMES = """收入决算表
单位：万元
科目编码
科目名称
本年收入合计
财政拨款收入
合计
10.82
10.82
208
社会保障和就业支出
10.82
10.82
20805
行政事业单位养老支出
10.82
10.82
2080505
机关事业单位基本养老保险
缴费
支出
6.18
6.18
2080506
机关事业单位职业年金缴费支出
4.64
4.64
"""


def test_the_name_of_an_item_may_be_broken_over_lines(tmp_path: Path) -> None:
    reading = read(tmp_path, COVER + "\n".join(f"{line}\n" for line in BROKEN_NAMES.splitlines()))
    line = reading.account.facts["表2!2080505行1栏"]
    assert line.figure.value == Decimal(61800)
    assert not [each for each in check(reading.account, statute=reading.statute).findings if each.severity == "error"]


LINE_BY_LINE = """收入支出决算总表
公开01表
部门：某市图书馆
2018年度
金额单位：万元
收 入
支 出
项目
行次
金额
项目
行次
金额
一、财政拨款收入
1
405.00
一、文化体育与传媒支出
9
350.00
二、事业收入
2
18.00
二、社会保障和就业支出
10
46.00
三、上级补助收入
3

三、医疗卫生与计划生育支出
11
15.00
本年收入合计
4
423.00
本年支出合计
12
411.00
用事业基金弥补收支差额
5

结余分配
13

年初结转和结余
6
7.00
年末结转和结余
14
19.00
总计
7
430.00
总计
15
430.00
注：本表反映部门本年度的总收支和年末结转结余情况。
"""


def test_a_form_with_each_cell_on_a_line_and_empty_lines_for_empty_cells(tmp_path: Path) -> None:
    reading = read(tmp_path, "某市图书馆2018年度部门决算\n" + LINE_BY_LINE, "national")
    assert [table.form for table in reading.account.tables] == ["表1"]
    figures = sorted(int(fact.figure.value / 10000) for fact in reading.account.facts.values())
    assert figures == [7, 15, 18, 19, 46, 350, 405, 411, 423, 430, 430]
    findings = check(reading.account, statute=reading.statute).findings
    assert [each.code for each in findings if each.severity != "notice"] == []
    changed = read(tmp_path, "某市图书馆2018年度部门决算\n" + LINE_BY_LINE.replace("46.00", "64.00"), "national")
    assert [e for e in check(changed.account, statute=changed.statute).findings if e.severity == "error"]


RUN_TOGETHER_LINES = (
    "某县中学2021年度单位决算 收入决算表 公开02表 单位：某县中学 金额单位：万元 项 目 "
    "本年收入合计 财政拨款收入 事业收入 其他收入 "
    "功能分类科目编码 科目名称 栏次 1 2 3 4 合计 168.00 140.00 20.00 8.00 205 教育支出 128.00 100.00 20.00 8.00 "
    "20502 普通教育 128.00 100.00 20.00 8.00 2050203 初中教育 70.00 60.00 5.00 5.00 "
    "2050204 高中教育 58.00 40.00 15.00 3.00 "
    "208 社会保障和就业支出 25.00 25.00 0.00 0.00 221 住房保障支出 15.00 15.00 0.00 0.00 "
    "注：本表反映单位本年度取得的各项收入情况。"
    "第三部分 2021年度单位决算情况说明 本年收入合计168.00万元，其中财政拨款收入140.00万元，占83.33%。"
)


def test_a_table_of_the_classification_run_together_in_a_line(tmp_path: Path) -> None:
    """Classes without lines below them are no classes whose parts are missing, where most have none."""
    reading = read(tmp_path, RUN_TOGETHER_LINES, "national")
    facts = reading.account.facts
    assert [table.form for table in reading.account.tables] == ["表2"] and len(facts) == 28
    assert facts["表2!2050204行2栏"].figure.value == Decimal(400000)
    findings = check(reading.account, statute=reading.statute).findings
    assert [each.code for each in findings if each.severity == "error"] == []
    changed = read(tmp_path, RUN_TOGETHER_LINES.replace("58.00 40.00", "58.00 49.00"), "national")
    found = check(changed.account, statute=changed.statute).findings
    assert any("高中教育" in each.message and "49.00" in each.message for each in found if each.severity == "error")


CODED_BY_LINE = """支出决算表
单位：万元
科目编码
科目名称
本年支出合计
基本支出
项目支出
栏次
1
2
3
合计
90.00
60.00
30.00
208
社会保障和就业支出
80.00
50.00
30.00
20805
行政事业单位养老支出
50.00
50.00

2080505
机关事业单位基本养老保险缴费支出
50.00
50.00

20899
其他社会保障和就业支出
30.00

30.00
2089999
其他社会保障和就业支出
30.00

30.00
221
住房保障支出
10.00
10.00
注：本表反映部门本年度各项支出情况。
"""


def test_a_form_of_the_classification_with_each_cell_on_a_line(tmp_path: Path) -> None:
    """An empty cell is an empty line; those at the end of a line may be lost."""
    text = "某市图书馆2022年度部门决算\n" + CODED_BY_LINE
    facts = read(tmp_path, text, "national").account.facts
    row = [facts.get(f"表3!20899行{column}栏") for column in "123"]
    assert [fact and fact.figure.value for fact in row] == [Decimal(300000), None, Decimal(300000)]
    assert facts["表3!合计行1栏"].figure.value == Decimal(900000)


FUND = (
    "政府性基金预算财政拨款收入支出决算表\n\n单位：万元\n\n"
    "| 科目编码 | 科目名称 | 年初结转和结余 | 本年收入 | 本年支出 | | | 年末结转和结余 |\n"
    "|---|---|---|---|---|---|---|---|\n"
    "| 合计 | | | 105.00 | 合计 | 基本支出 | 项目支出 | |\n"
    "| 221 | 住房保障支出 | | 105.00 | 105.00 | | 105.00 | |\n"
    "| 22198 | 超长期特别国债安排的支出 | | 105.00 | 105.00 | | 105.00 | |\n"
    "| 2219899 | 其他住房保障支出 | | 105.00 | 105.00 | | 105.00 | |\n"
)


def test_headings_that_stand_in_the_line_of_the_total(tmp_path: Path) -> None:
    """The total of what they head was not printed: it is neither a blank nor a number that was not understood."""
    reading = read(tmp_path, COVER + "\n" + FUND)
    facts = reading.account.facts
    assert facts["表7!2219899行5栏"].figure.value == 1_050_000
    assert facts["表7!合计行2栏"].figure.value == 1_050_000
    codes = {issue.code for issue in check(reading.account, statute=reading.statute).findings}
    assert not codes & {"T703", "X37", "U001"}


WRAPPED = """某某中心决算公开
2020 年度一般公共预算财政拨款安排的“三公”经费支
出决算总额为 5.48 万元，比去年增加
1.55 万元，增长 39.4%。其中，公务用车运
行维护费支出决算比去年增加 1.05 万元，增长 35.8%；
公务接待费支出决算比去年增加 0.5 万元，增长 {rate}，
主要原因是接待上级有关部门来本单位监督检查任务增
加。公务接待费支出决算 1.5 万元，公务用车运行维护
费支出决算 3.98 万元，因公出国（境）费支出决算 0 万
元。
"""


@pytest.mark.parametrize(("rate", "codes"), [("50%", set()), ("80%", {"Z101"})])
def test_amounts_told_after_their_changes_in_broken_lines(tmp_path: Path, rate: str, codes: set[str]) -> None:
    path = tmp_path / "account.txt"
    path.write_text(WRAPPED.format(rate=rate), encoding="utf-8")
    reading = read_document(path)
    assert {issue.code for issue in check(reading.account, statute=reading.statute).findings} == codes


BY_YEAR = """某区2016年“三公”经费决算情况
2016年决算数与2015年决算数对比情况
{cells}
"""
LINES = (
    "年度 合计 因公出国(境)经费 公务接待费 公车购置及运行维护费 合计 车辆购置 车辆运行 "
    "2015年 2840 90 1400 1350 73 1277 2016年 2364 12 1356 996 37 959 "
    "2016年比2015年增减% -16.76 -86.67 -3.14 -26.22 {rate} -24.90"
)


@pytest.mark.parametrize(("rate", "codes"), [("-49.32", set()), ("-47.95", {"Z101"})])
@pytest.mark.parametrize("between", ["\n|\n", " |\n"], ids=["bars alone", "bars behind"])
def test_a_line_for_each_year_under_the_items(tmp_path: Path, between: str, rate: str, codes: set[str]) -> None:
    path = tmp_path / "account.txt"
    path.write_text(BY_YEAR.format(cells=between.join(LINES.format(rate=rate).split()) + between), encoding="utf-8")
    reading = read_document(path)
    stated = {(s.subject, s.measure): s.text for s in reading.account.stated if s.status != "不是数据"}
    assert stated["公务接待费", "上年决算"] == "1400" and stated["公务接待费", "决算"] == "1356"
    assert stated["三公经费合计", "变动率"] == "-16.76"
    assert {issue.code for issue in check(reading.account, statute=reading.statute).findings} == codes


@pytest.mark.parametrize("between", [" | ", "\n|\n"], ids=["one line each", "bars alone"])
def test_headings_of_two_levels_packed_to_the_left(tmp_path: Path, between: str) -> None:
    """预算数 and 决算数 reach over three columns each; the copy has lost that, and the cell of the labels below."""
    lines = [
        ["项目", "预算数", "决算数", "", "", "", ""],
        ["合计", "一般公共预算", "政府性基金", "合计", "一般公共预算", "政府性基金", ""],
        ["因公出国（境）费", "0", "0", "0", "0", "0", "0"],
        ["公务接待费", "8", "8", "0", "2.26", "2.26", "0"],
        ["公务用车购置及运行费", "72.7", "72.7", "0", "71.97", "71.97", "0"],
        ["其中：公务用车运行维护费", "59.5", "59.5", "0", "59.46", "59.46", "0"],
        ["公务用车购置费", "13.2", "13.2", "0", "12.51", "12.51", "0"],
        ["总计", "80.7", "80.7", "0", "74.23", "74.23", "0"],
    ]
    table = "\n".join(between.join(line) + between.rstrip(" ") for line in lines)
    text = "某市人民法院2021年度“三公”经费支出决算说明\n一、“三公”经费支出决算表\n单位：万元\n" + table + (
        "\n二、“三公”经费支出决算情况\n2021年度“三公”经费年初预算80.7万元，决算74.23万元，完成年初预算的91.98%。"
        "其中：公务接待费决算2.26万元，占3.04%；公务用车购置及运行费决算71.97万元，占96.96%。\n"
    )
    path = tmp_path / "statement.txt"
    path.write_text(text, encoding="utf-8")
    reading = read_document(path)
    assert [f.message for f in check(reading.account, statute=reading.statute).findings if f.severity == "error"] == []
    figures = {(e.subject, e.measure): e.figure.value for e in reading.account.stated if e.figure}
    assert figures["公务接待费", "决算"] == Decimal("22600")


def test_codes_without_amounts_behind_them_are_no_table(tmp_path: Path) -> None:
    """Short lines with codes that have no amounts, among others that have: read as text, and not as a failure."""
    lines = ["收入决算表", "单位：万元", *("1.00", "2.00", "3.00", "4.00")]
    lines += [line for code in ("201", "20106", "2010601", "208") for line in (code, "一般公共服务支出")]
    file = tmp_path / "copied.txt"
    file.write_text("\n".join(lines), encoding="utf-8")
    assert read_document(file).account.others == ()
