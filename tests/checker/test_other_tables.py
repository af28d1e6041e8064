"""Tables that no form declares, as places print them: held to the sums that they show, and silent where sound."""

from __future__ import annotations

from pathlib import Path

import pytest

from juesuan.account import Issue
from juesuan.checker import Report, check
from juesuan.reader import read_document

Row = list[str]

ECONOMIC: list[Row] = [
    ["科目编码", "科目名称", "合计", "一般公共预算财政拨款", "", "", "政府性基金预算财政拨款"],
    ["", "", "", "小计", "基本支出", "项目支出", ""],
    ["", "合计", "312.40", "304.40", "250.10", "54.30", "8.00"],
    ["301", "工资福利支出", "186.30", "186.30", "186.30", "", ""],
    ["30101", "基本工资", "120.10", "120.10", "120.10", "", ""],
    ["30102", "津贴补贴", "66.20", "66.20", "66.20", "", ""],
    ["302", "商品和服务支出", "126.10", "118.10", "63.80", "54.30", "8.00"],
    ["30201", "办公费", "58.60", "58.60", "34.50", "24.10", ""],
    ["30227", "委托业务费", "67.50", "59.50", "29.30", "30.20", "8.00"],
]
"""合计＝小计＋基金；小计＝基本＋项目；类＝款之和；合计行＝各类之和。"""
UNITS: list[Row] = [
    ["单位名称", "合计", "本年收入", "上年结转"],
    ["合计", "91.50", "88.20", "3.30"],
    ["某局（本级）", "60.10", "57.80", "2.30"],
    ["某中心", "20.40", "19.40", "1.00"],
    ["某站", "11.00", "11.00", ""],
]


def report(tmp_path: Path, title: str, rows: list[Row]) -> Report:
    cells = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    opening = "<p>某市某局2021年度部门决算</p><p>附表</p>"
    path = tmp_path / "page.html"
    table = f"<p>{title}</p><p>金额单位：万元</p><table>{cells}</table>"
    path.write_text(f"<html><body>{opening}{table}</body></html>", encoding="utf-8")
    reading = read_document(path, "national")
    return check(reading.account, statute=reading.statute)


def found(made: Report) -> list[Issue]:
    return [issue for issue in made.findings if issue.code == "D003"]


def changed(rows: list[Row], line: int, column: int, text: str) -> list[Row]:
    return [[text if (n, m) == (line, column) else cell for m, cell in enumerate(row)] for n, row in enumerate(rows)]


def test_a_sound_table_is_silent_and_counts_as_checked(tmp_path: Path) -> None:
    made = report(tmp_path, "财政拨款支出明细情况表", ECONOMIC)
    assert made.findings == ()
    (part,) = made.coverage.parts
    assert (part.part, part.checked, part.unread) == ("公开表以外的表，按表内合计核对", 28, 0)


def test_a_sound_list_of_units_is_silent(tmp_path: Path) -> None:
    assert found(report(tmp_path, "各单位收入情况表", UNITS)) == []


@pytest.mark.parametrize(
    ("line", "column", "text", "right"),
    [
        (7, 4, "35.40", "34.50"),  # 办公费 基本支出: its line and its class
        (5, 2, "62.20", "66.20"),  # 津贴补贴 合计: its line and its class
        (2, 6, "9.00", "8.00"),  # 合计行 基金
    ],
)
def test_a_changed_amount_is_blamed_with_what_it_should_be(
    tmp_path: Path, line: int, column: int, text: str, right: str
) -> None:
    (issue,) = found(report(tmp_path, "财政拨款支出明细情况表", changed(ECONOMIC, line, column, text)))
    assert (issue.severity, issue.stated, issue.expected) == ("error", f"{text}万元", f"{right}万元")
    assert "财政拨款支出明细情况表" in issue.message


def test_a_list_of_units_is_held_to_its_total(tmp_path: Path) -> None:
    (issue,) = found(report(tmp_path, "各单位收入情况表", changed(UNITS, 3, 2, "14.90")))
    assert issue.severity == "error"
    assert "某中心" in issue.message or "合计" in issue.message


def test_a_table_whose_columns_are_no_parts_is_left_alone(tmp_path: Path) -> None:
    rows = [
        ["项目名称", "总投资", "本年安排", "建筑面积"],
        ["一号楼", "320.50", "100.00", "2100.50"],
        ["二号楼", "410.20", "90.00", "2600.10"],
        ["三号楼", "150.00", "60.30", "900.20"],
        ["管网", "80.10", "20.00", "15.30"],
    ]
    assert found(report(tmp_path, "项目情况表", rows)) == []


LEVELS: list[Row] = [
    ["类", "款", "项", "科目名称", "合计", "上年预算数", "比上年增减额"],
    ["208", "", "", "社会保障和就业支出", "66.00", "60.50", "5.50"],
    ["", "11", "", "残疾人事业", "66.00", "60.50", "5.50"],
    ["", "", "01", "行政运行", "30.00", "31.00", "-1.00"],
    ["", "", "04", "残疾人康复", "24.00", "20.50", "3.50"],
    ["", "", "99", "其他残疾人事业支出", "12.00", "9.00", "3.00"],
]
"""Each level stands at its own line only; the change is the difference of the two columns before it."""
PURCHASES: list[Row] = [
    ["采购物品名称", "计量单位", "数量", "单价", "总计"],
    ["合计", "", "", "", "35.30"],
    ["台式计算机", "台", "30", "0.450", "13.50"],
    ["举升机", "台", "4", "2.150", "8.60"],
    ["保洁服务", "项", "1", "9.600", "9.60"],
    ["复印纸", "箱", "200", "0.018", "3.60"],
]
HOLDINGS: list[Row] = [
    ["项目", "行次", "资产总额", "流动资产", "固定资产", "", "", "在建工程"],
    ["", "", "", "", "小计", "房屋构筑物", "汽车", ""],
    ["合计", "1", "91.00", "30.00", "55.00", "44.00", "11.00", "6.00"],
]
BUILDINGS: list[Row] = [
    ["项目", "数量", "价值"],
    ["1、房屋（平方米）", "2860.00", "542.60"],
    ["其中：办公用房（平方米）", "1860.00", "402.70"],
    ["2、车辆（台、辆）", "1", "15.90"],
]


@pytest.mark.parametrize("rows", [LEVELS, PURCHASES, HOLDINGS, BUILDINGS])
def test_sound_changes_prices_and_parts_are_silent(rows: list[Row], tmp_path: Path) -> None:
    assert found(report(tmp_path, "附列的情况表", rows)) == []


@pytest.mark.parametrize(
    ("rows", "line", "column", "text", "told"),
    [
        (LEVELS, 4, 5, "25.00", ("2081104残疾人康复 上年预算数", "应为20.50万元")),
        (PURCHASES, 3, 4, "9.60", ("举升机", "数量与单价之积为8.60万元")),
        (HOLDINGS, 2, 4, "56.00", ("小计", "应为55.00万元")),
        (BUILDINGS, 2, 1, "3860.00", ("其中：办公用房", "大于它所属的")),
    ],
)
def test_a_wrong_change_price_or_part(
    rows: list[Row], line: int, column: int, text: str, told: tuple[str, ...], tmp_path: Path
) -> None:
    messages = [issue.message for issue in found(report(tmp_path, "附列的情况表", changed(rows, line, column, text)))]
    assert any(all(words in message for words in told) for message in messages), messages


def test_an_amount_in_the_unit_of_other_tables_is_told_by_the_total(tmp_path: Path) -> None:
    """20.00 where 200,000.00 stands for the rest: the total is right with it ten thousand times as large."""
    lines = [
        ["采购项目", "预算金额"],
        ["合计", "1120000.00"],
        ["演出服务", "480000.00"],
        ["修缮工程", "440000.00"],
        ["图书", "200000.00"],
    ]
    assert found(report(tmp_path, "采购预算表", lines)) == []
    (issue,) = found(report(tmp_path, "采购预算表", changed(lines, 4, 1, "20.00")))
    assert "图书" in issue.message
    assert "万元、元填错" in issue.message


def test_lines_that_go_on_side_by_side_are_under_one_total(tmp_path: Path) -> None:
    lines = [
        ["科目编码", "科目名称", "金额", "科目编码", "科目名称", "金额"],
        ["302", "商品和服务支出", "28.00", "310", "资本性支出", "26.00"],
        ["30201", "办公费", "8.00", "31003", "专用设备购置", "26.00"],
        ["30202", "印刷费", "11.00", "", "", ""],
        ["30216", "培训费", "9.00", "", "", ""],
        ["", "合计", "54.00", "", "", ""],
    ]
    assert found(report(tmp_path, "项目支出情况表", lines)) == []


EXPENSES: list[Row] = [
    ["项目", "2021年预算数", "2021年决算数", "2020年决算数", "比上年增减"],
    ["合计", "12.00", "10.77", "10.86", "-0.09"],
    ["1.因公出国（境）费", "0.00", "0.00", "0.00", "0.00"],
    ["2.公务用车购置及运行维护费", "8.40", "7.86", "8.12", "-0.26"],
    ["（1）公务用车购置费", "1.00", "1.20", "1.10", "0.10"],
    ["（2）公务用车运行维护费", "7.40", "6.66", "7.02", "-0.36"],
    ["3.公务接待费", "3.60", "2.91", "2.74", "0.17"],
    ["国内公务接待人次（人）", "400", "326", "291", "35"],
]


def test_numbered_lines_make_the_line_above_them(tmp_path: Path) -> None:
    """1. 2. 3. make 合计 and （1）（2） make 2., in the columns that the form has no place for as well."""
    title = "单位“三公”经费执行情况对照表"
    assert not found(report(tmp_path, title, EXPENSES))
    (issue,) = found(report(tmp_path, title, changed(EXPENSES, 1, 3, "12.86")))
    assert (issue.stated, issue.expected) == ("12.86万元", "10.86万元")
    (issue,) = found(report(tmp_path, title, changed(EXPENSES, 7, 4, "53")))
    assert (issue.stated, issue.expected, issue.difference) == ("53人", "35人", "18人")


def test_numbered_lines_that_are_some_of_several_are_left_alone(tmp_path: Path) -> None:
    rows = [["项目", "行次", "价值（万元）"], ["资产总额", "1", "90.00"], ["一、流动资产", "2", "20.00"],
            ["二、固定资产", "3", "60.00"], ["1.房屋", "4", "30.00"], ["2.车辆", "5", "9.00"]]  # fmt: skip
    assert not found(report(tmp_path, "国有资产占用情况简表", rows))


POINTS: list[Row] = [
    ["一级指标", "二级指标", "分值", "得分"], ["履职（35分）", "目标完成", "35", "33.5"],
    ["管理（45分）", "预算编制", "20", "19"], ["管理（45分）", "执行进度", "25", "24"],
    ["采购（20分）", "采购执行率", "20", "20"], ["合计", "合计", "100", "96.5"],
]  # fmt: skip


def test_no_line_of_a_table_of_points_has_more_than_it_can(tmp_path: Path) -> None:
    title = "2021年部门整体支出绩效评价得分表"
    assert not [issue for issue in report(tmp_path, title, POINTS).findings if issue.code in ("D003", "E104")]
    made = report(tmp_path, title, changed(POINTS, 3, 3, "26"))
    assert [issue.stated for issue in made.findings if issue.code == "E104"] == ["26分"]


def test_the_growth_of_a_part_may_be_more_than_that_of_its_whole(tmp_path: Path) -> None:
    rows = [
        ["项目", "上年预算数", "本年预算数", "增减额"],
        ["公务用车购置及运行费", "34.80", "53.50", "18.70"],
        ["其中：公务用车购置费", "0.00", "22.00", "22.00"],
        ["公务用车运行费", "34.80", "31.50", "-3.30"],
    ]
    assert found(report(tmp_path, "公务用车情况表", rows)) == []
    assert found(report(tmp_path, "公务用车情况表", changed(rows, 2, 2, "54.00")))
