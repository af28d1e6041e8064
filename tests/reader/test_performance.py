"""Forms of other places, written as their pages are: columns of points, funds by source, sign and unit apart."""

from __future__ import annotations

from decimal import Decimal
from html import escape
from pathlib import Path

import pytest

from juesuan.account import Account, PerformanceSheet
from juesuan.reader import read_document

Row = tuple[str, ...]


def page(tmp_path: Path, heading: str, rows: list[Row], above: str = "", below: str = "") -> Account:
    """A page with one table; `2x3|text` in a cell spans two rows and three columns."""
    lines = []
    for row in rows:
        cells = []
        for cell in row:
            span, bar, text = cell.partition("|")
            rowspan, _, colspan = span.partition("x") if bar else ("1", "", "1")
            cells.append(f'<td rowspan="{rowspan}" colspan="{colspan}">{escape(text if bar else cell)}</td>')
        lines.append(f"<tr>{''.join(cells)}</tr>")
    path = tmp_path / "page.html"
    body = f"<h2>{heading}</h2>{above}<table>{''.join(lines)}</table>{below}"
    path.write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    return read_document(path, "national").account


def only(account: Account) -> PerformanceSheet:
    (sheet,) = account.sheets
    return sheet


NATIONAL: list[Row] = [
    ("1x2|项目名称", "1x7|图书采购"),
    ("1x2|主管部门", "1x3|某市文化局", "1x2|实施单位", "1x2|某市图书馆"),
    ("5x2|项目资金（万元）", "", "年初预算数", "全年预算数（A）", "全年执行数（B）", "分值", "执行率（B/A）", "得分"),
    ("年度资金总额", "100", "120", "96", "10", "80%", "8"),
    ("其中：当年财政拨款", "100", "100", "80", "—", "80%", "—"),
    ("上年结转资金", "", "20", "16", "—", "80%", "—"),
    ("其他资金", "", "", "", "—", "", "—"),
    ("2x1|年度总体目标", "1x4|预期目标", "1x4|实际完成情况"),
    ("1x4|1. 采购图书3万册。2. 按期上架。", "1x4|采购图书2.7万册，按期上架。"),
    ("6x1|绩效指标", "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分",
     "偏差原因分析及改进措施"),
    ("3x1|产出指标（50分）", "2x1|数量指标", "采购册数", "≥3万册", "2.7万册", "20", "18", "部分图书年底未到货"),
    ("上架册数", "≥2万册", "2.2万册", "10", "10", ""),
    ("时效指标", "上架时间", "12月底前", "2023年11月30日", "20", "20", ""),
    ("效益指标（30分）", "社会效益指标", "借阅服务改善", "有所改善", "达成年度指标", "30", "27", ""),
    ("满意度指标（10分）", "服务对象满意度指标", "读者满意度", "≥90%", "95.3%", "10", "10", ""),
    ("1x7|总分", "100", "93", ""),
    ("1x2|自评等级", "1x7|优"),
]


def test_national_form_with_columns_of_points(tmp_path: Path) -> None:
    above = "<p>单位名称：某市图书馆　填报日期：2024年3月5日</p>"
    sheet = only(page(tmp_path, "项目支出绩效自评表（2023年度）", NATIONAL, above))
    assert (sheet.kind, sheet.title, sheet.scheme) == ("项目", "图书采购", "national")
    assert (sheet.supervisor, sheet.implementer) == ("某市文化局", "某市图书馆")
    assert (sheet.unit, sheet.date) == ("某市图书馆", "2024-03-05")
    assert sheet.initial is not None
    assert [sheet.initial.value, sheet.budget.value, sheet.outlay.value] == [1000000, 1200000, 960000]
    assert sheet.stated_rate is not None
    assert sheet.stated_rate.value == Decimal("0.8")
    assert (sheet.execution_points, sheet.execution_score, sheet.score, sheet.grade) == (10, 8, 93, "优")
    assert sheet.goals == ("采购图书3万册。", "按期上架。")
    assert sheet.goals_done == "采购图书2.7万册，按期上架。"
    funds = [(f.label, f.budget and f.budget.value, f.outlay and f.outlay.value) for f in sheet.funds]
    assert funds == [("其中：当年财政拨款", 1000000, 800000), ("上年结转资金", 200000, 160000)]
    lines = [(i.level1, i.level2, i.name, i.weight, i.target, i.actual, i.score) for i in sheet.indicators]
    assert lines == [
        ("产出指标", "数量指标", "采购册数", 20, "≥3万册", "2.7万册", 18),
        ("产出指标", "数量指标", "上架册数", 10, "≥2万册", "2.2万册", 10),
        ("产出指标", "时效指标", "上架时间", 20, "12月底前", "2023年11月30日", 20),
        ("效益指标", "社会效益指标", "借阅服务改善", 30, "有所改善", "达成年度指标", 27),
        ("满意度指标", "服务对象满意度指标", "读者满意度", 10, "≥90%", "95.3%", 10),
    ]
    assert sheet.indicators[0].reason == "部分图书年底未到货"
    assert [(a.level1, a.points) for a in sheet.allotments] == [("产出指标", 50), ("效益指标", 30), ("满意度指标", 10)]


SICHUAN: list[Row] = [
    ("1x2|项目名称", "1x9|道路养护"),
    ("2x2|预算执行情况（10分）", "", "年初预算", "调整后预算数", "预算执行数", "预算执行率", "权重", "得分",
     "1x2|原因"),
    ("总额", "50", "40", "30", "75%", "10", "7.5", "1x2|雨季停工"),
    ("1x2|项目年度目标", "1x9|完成养护"),
    ("3x1|绩效指标（90分）", "一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位", "完成值", "权重",
     "得分", "未完成原因分析"),
    ("2x1|产出指标", "数量指标", "养护里程", "≥", "20", "公里", "15", "60", "45", "雨季停工"),
    ("质量指标", "合格率", "＝", "100", "%", "100", "30", "30", ""),
    ("1x8|合计", "", "100", "82.5", ""),
    ("1x2|存在问题", "1x9|进度偏慢"),
    ("1x2|改进措施", "1x9|加快进度"),
]


def test_a_line_for_other_things_to_say_is_no_indicator(tmp_path: Path) -> None:
    rows = [*NATIONAL[:-2], ("1x2|其他需要说明的事项", "1x7|无"), *NATIONAL[-2:]]
    sheet = only(page(tmp_path, "项目支出绩效自评表", rows))
    assert [indicator.name for indicator in sheet.indicators][-1] == "读者满意度"
    assert sheet.score == Decimal(93)


def test_sichuan_form_with_sign_and_unit_in_columns(tmp_path: Path) -> None:
    sheet = only(page(tmp_path, "部门预算项目支出绩效自评表（2023年度）", SICHUAN))
    assert (sheet.scheme, sheet.execution_points, sheet.execution_score) == ("sichuan", 10, Decimal("7.5"))
    values = [(i.target, i.actual, i.weight, i.score, i.reason) for i in sheet.indicators]
    assert values == [("≥20公里", "15公里", 60, 45, "雨季停工"), ("＝100%", "100%", 30, 30, "")]
    assert sheet.score == Decimal("82.5")
    assert sheet.deviation == "进度偏慢；雨季停工"
    assert sheet.improvement == "加快进度"


def test_a_heading_over_names_of_the_first_level_heads_them(tmp_path: Path) -> None:
    level1 = ("绩效指标（90分）", "二级指标", *SICHUAN[4][3:-1], SICHUAN[4][-1])
    rows: list[Row] = [
        *SICHUAN[:4], ("1x2|" + level1[0], *level1[1:]), ("1x2|产出指标", *SICHUAN[5][1:]),
        ("1x2|产出指标", *SICHUAN[6]), *SICHUAN[7:],
    ]  # fmt: skip
    sheet = only(page(tmp_path, "部门预算项目支出绩效自评表（2023年度）", rows))
    values = [(i.level1, i.level2, i.name, i.target, i.actual, i.weight, i.score) for i in sheet.indicators]
    assert values == [
        ("产出指标", "数量指标", "养护里程", "≥20公里", "15公里", 60, 45),
        ("产出指标", "质量指标", "合格率", "＝100%", "100%", 30, 30),
    ]


def test_anhui_form_is_told_from_the_national_one(tmp_path: Path) -> None:
    rows = [*NATIONAL]
    rows[2] = ("5x2|项目资金（万元）", "", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
    rows[4] = ("其中：本年财政拨款", *rows[4][1:])
    assert only(page(tmp_path, "项目支出绩效自评表（2023年度）", rows)).scheme == "anhui"


def test_a_table_of_targets_is_no_self_evaluation(tmp_path: Path) -> None:
    rows: list[Row] = [
        ("项目名称", "1x4|图书采购"),
        ("一级指标", "二级指标", "三级指标", "指标值", "备注"),
        ("产出指标", "数量指标", "采购册数", "≥3万册", ""),
    ]
    account = page(tmp_path, "项目绩效目标表", rows)
    assert not account.sheets
    assert [(form.kind, form.title) for form in account.goals] == [("项目", "图书采购")]
    (line,) = account.goals[0].indicators
    assert (line.name, line.target, line.actual) == ("采购册数", "≥3万册", "")
    assert not account.unplaced


def test_what_has_no_place_is_kept(tmp_path: Path) -> None:
    rows = [*NATIONAL, ("1x2|评审专家", "1x7|意见1条")]
    account = page(tmp_path, "项目支出绩效自评表（2023年度）", rows)
    assert {"评审专家", "意见1条"} <= {item.text for item in account.unplaced}


def test_nothing_is_left_over_of_a_form(tmp_path: Path) -> None:
    assert not page(tmp_path, "项目支出绩效自评表（2023年度）", NATIONAL).unplaced
    assert not page(tmp_path, "部门预算项目支出绩效自评表（2023年度）", SICHUAN).unplaced


def test_a_missing_amount_is_not_zero(tmp_path: Path) -> None:
    rows = [*NATIONAL]
    rows[3] = ("年度资金总额", "100", "", "96", "10", "80%", "8")
    sheet = only(page(tmp_path, "项目支出绩效自评表（2023年度）", rows))
    assert "budget" not in dict(sheet.places)
    assert "outlay" in dict(sheet.places)


@pytest.mark.parametrize("pieces", [1, 2])
def test_key_work_joined_over_a_break(tmp_path: Path, pieces: int) -> None:
    head = "序号\t重要事项\t工作内容及目标\t完成情况\n"
    one = "1\t道路养护\t养护20公里\t完成15公里\n"
    two = "2\t桥梁检测\t检测8座\t完成8座\n"
    gap = "\n\n—\n\n" if pieces == 2 else ""
    path = tmp_path / "work.md"
    path.write_text(f"# 2023年度重点工作\n\n{head}{one}{gap}{two}\n", encoding="utf-8")
    work = read_document(path, "national").account.key_work
    assert [(w.matter, w.goal, w.outcome) for w in work] == [
        ("道路养护", "养护20公里", "完成15公里"), ("桥梁检测", "检测8座", "完成8座"),
    ]


EXECUTION_BELOW: list[Row] = [
    ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"),
    ("预算执行情况", "全年预算数（万元）", "全年执行数（万元）", "412.50", "400.00", "10", "9.70"),
    ("产出指标", "数量指标", "采购册数", "≥3万册", "3万册", "50", "50"),
    ("效益指标", "社会效益指标", "借阅服务改善", "有所改善", "达成年度指标", "30", "30"),
    ("满意度指标", "服务对象满意度指标", "读者满意度", "≥90%", "95.3%", "10", "10"),
    ("总分", "", "", "", "", "100", "99.70"),
]


def test_the_execution_printed_as_a_line_of_the_indicators(tmp_path: Path) -> None:
    sheet = only(page(tmp_path, "图书采购项目支出绩效自评表", EXECUTION_BELOW))
    assert sheet.budget.value == 4_125_000
    assert sheet.outlay.value == 4_000_000
    assert (sheet.execution_points, sheet.execution_score) == (10, Decimal("9.70"))
    assert [indicator.name for indicator in sheet.indicators] == ["采购册数", "借阅服务改善", "读者满意度"]


def test_an_execution_rate_as_a_line_of_the_indicators(tmp_path: Path) -> None:
    line = ("预算执行率", "预算执行率", "预算执行率", "100%", "96.97%", "10", "9.70")
    sheet = only(page(tmp_path, "图书采购项目支出绩效自评表", [EXECUTION_BELOW[0], line, *EXECUTION_BELOW[2:]]))
    assert sheet.stated_rate is not None
    assert sheet.stated_rate.value == Decimal("0.9697")
    assert len(sheet.indicators) == 3
