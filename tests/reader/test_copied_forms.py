"""Forms of evaluation copied as text, a cell a line: money, points, levels and reasons are read as from the grid."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from juesuan.account import Account
from juesuan.checker import check
from juesuan.reader import read_document

HEAD = ["项目名称", "图书采购", "主管部门", "某市文化局", "实施单位", "某市图书馆"]
MONEY = [
    "项目资金（万元）", "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分",
    "年度资金总额", "120.00", "126.50", "113.85", "10", "90%", "9",
    "其中：当年财政拨款", "100.00", "106.50", "93.85", "—", "—", "—",
    "其他资金", "20.00", "20.00", "20.00", "—", "—", "—",
]  # fmt: skip
GOALS = [
    "年度总体目标", "预期目标", "实际完成情况",
    "采购图书3万册，全年开放300天。", "采购图书3.1万册，全年开放290天。",
]  # fmt: skip
LINES = [
    "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施",
    "产出指标", "数量指标", "采购图书", "≥3万册", "3.1万册", "20", "20",
    "质量指标", "验收合格率", "100%", "100%", "20", "20",
    "时效指标", "全年开放", "≥300天", "290天", "10", "9.67",
    "闭馆维修，明年安排在淡季。",
    "效益指标", "社会效益指标", "到馆读者", "≥20万人次", "22万人次", "30", "30",
    "满意度指标", "服务对象满意度指标", "读者满意度", "≥90%", "95%", "10", "10",
    "总分", "100", "98.67",
]  # fmt: skip
SECOND = [
    "项目支出绩效自评表", "项目名称", "古籍修复", "主管部门", "某市文化局",
    "项目资金（万元）", "全年预算数", "全年执行数", "执行率",
    "年度资金总额", "50.00", "50.00", "100%",
    "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分",
    "产出指标", "数量指标", "修复古籍", "400册", "400册", "50", "50",
    "效益指标", "可持续影响指标", "保护古籍", "长期", "长期", "50", "50",
    "总分", "100", "100",
]  # fmt: skip


def read(tmp_path: Path, *cells: str, end: str = "") -> Account:
    path = tmp_path / "copied.txt"
    above = ["某市图书馆2023年度单位决算", "第五部分　附件", "项目支出绩效自评表", "（2023年度）"]
    path.write_text("\n".join([*above, *(f"{cell}{end}" for cell in cells), ""]), encoding="utf-8")
    return read_document(path, "national").account


@pytest.mark.parametrize("end", ["", " |"])
def test_a_form_with_a_cell_a_line_is_read(tmp_path: Path, end: str) -> None:
    account = read(tmp_path, *HEAD, *MONEY, *GOALS, *LINES, *SECOND, end=end)
    first, second = account.sheets
    assert first.title == "图书采购"
    assert first.initial is not None
    assert (first.initial.value, first.budget.value, first.outlay.value) == (1200000, 1265000, 1138500)
    assert [(fund.label, fund.outlay and fund.outlay.value) for fund in first.funds] == [
        ("其中：当年财政拨款", Decimal(938500)), ("其他资金", Decimal(200000)),
    ]  # fmt: skip
    assert (first.execution_score, first.score) == (9, Decimal("98.67"))
    assert [(line.level1, line.level2, line.name, line.weight, line.score) for line in first.indicators] == [
        ("产出指标", "数量指标", "采购图书", 20, 20),
        ("产出指标", "质量指标", "验收合格率", 20, 20),
        ("产出指标", "时效指标", "全年开放", 10, Decimal("9.67")),
        ("效益指标", "社会效益指标", "到馆读者", 30, 30),
        ("满意度指标", "服务对象满意度指标", "读者满意度", 10, 10),
    ]
    assert [line.reason for line in first.indicators if line.reason] == ["闭馆维修，明年安排在淡季。"]
    assert first.goals_done == "采购图书3.1万册，全年开放290天。"
    assert (second.title, second.budget.value, second.score) == ("古籍修复", 500000, 100)
    assert len(second.indicators) == 2
    assert [figure.text for figure in account.stated if figure.status == "没有认出"] == []


def test_a_wrong_total_of_a_copied_form_is_found(tmp_path: Path) -> None:
    cells = [*HEAD, *MONEY, *GOALS, *LINES[:-1], "99.67"]
    found = check(read(tmp_path, *cells)).findings
    assert [issue.code for issue in found if issue.severity == "error"] == ["E107"]


def test_text_around_a_copied_form_stays(tmp_path: Path) -> None:
    after = "本项目自评得分98.5分，评价等级为优。"
    account = read(tmp_path, *HEAD, *MONEY, *LINES, after)
    assert account.passages[-1].text == after
    assert account.passages[0].text == "某市图书馆2023年度单位决算"


def test_goals_with_a_cell_a_line_are_read(tmp_path: Path) -> None:
    cells = [
        *HEAD, "年度资金总额", "80.00", "财政拨款", "80.00", "年度绩效目标", "采购图书2万册。",
        "一级指标", "二级指标", "三级指标", "指标值", "产出指标", "数量指标", "采购图书", "≥2万册",
        "效益指标", "社会效益指标", "到馆读者", "≥15万人次",
    ]  # fmt: skip
    (form,) = read(tmp_path, *cells).goals
    assert form.title == "图书采购"
    assert [(line.level2, line.name, line.target) for line in form.indicators] == [
        ("数量指标", "采购图书", "≥2万册"), ("社会效益指标", "到馆读者", "≥15万人次"),
    ]  # fmt: skip


def test_an_empty_cell_of_a_line_with_bars_keeps_its_place(tmp_path: Path) -> None:
    """The unit of a qualitative target is left empty; the lines below it are read all the same."""
    heads = "一级指标 |二级指标 |三级指标 |指标性质 |指标值 |度量单位 |完成值 |权重 |得分 |"
    lines = [
        "产出指标 |数量指标 |服务老人 |≥ |1200 |人 |1236 |50 |50 |",
        "效益指标 |社会效益指标 |减轻家庭负担 |定性 |明显 | |明显 |30 |29 |",
        "满意度指标 |服务对象满意度指标 |老人满意度 |≥ |90 |% |93.5 |10 |10 |",
        "合计 |100 |98.7 |",
    ]
    (sheet,) = read(tmp_path, "项目名称 |居家养老 |", heads, *lines).sheets
    assert [(each.name, each.score) for each in sheet.indicators] == [
        ("服务老人", Decimal(50)), ("减轻家庭负担", Decimal(29)), ("老人满意度", Decimal(10)),
    ]  # fmt: skip
