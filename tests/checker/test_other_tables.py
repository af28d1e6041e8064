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
