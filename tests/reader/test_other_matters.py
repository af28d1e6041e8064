"""Tables on another matter under a title alike; tables that say one amount twice or print codes on one side only."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from juesuan.account import Account
from juesuan.checker import check
from juesuan.reader import read_document

Row = list[str]

OUTLAY: list[Row] = [
    ["科目编码", "科目名称", "合计", "基本支出", "项目支出"],
    ["", "合计", "120.00", "80.00", "40.00"],
    ["208", "社会保障和就业支出", "20.00", "20.00", ""],
    ["20805", "行政事业单位养老支出", "20.00", "20.00", ""],
    ["2080505", "机关事业单位基本养老保险缴费支出", "20.00", "20.00", ""],
    ["224", "灾害防治及应急管理支出", "100.00", "60.00", "40.00"],
    ["22401", "应急管理事务", "100.00", "60.00", "40.00"],
    ["2240101", "行政运行", "100.00", "60.00", "40.00"],
]
DEBT: list[Row] = [["项目", "合计", "一般债务", "专项债务"], ["债务支出", "0.00", "0.00", "0.00"]]
BUYING: list[Row] = [["项目", "合计", "货物", "工程", "服务"], ["合计", "33.00", "11.00", "4.00", "18.00"]]
BOTH_SIDES: list[Row] = [
    ["财政拨款收入", "", "财政拨款支出", "", "", "", ""],
    ["项目", "合计", "功能分类", "合计", "一般公共预算", "政府性基金预算", "国有资本经营预算"],
    ["财政拨款（补助）", "110.00", "201一般公共服务支出", "", "", "", ""],
    ["一般公共预算", "110.00", "202外交支出", "", "", "", ""],
    ["政府性基金预算", "", "203国防支出", "", "", "", ""],
    ["国有资本经营预算", "", "204公共安全支出", "", "", "", ""],
    ["", "", "208社会保障和就业支出", "20.00", "20.00", "", ""],
    ["", "", "210卫生健康支出", "", "", "", ""],
    ["", "", "224灾害防治及应急管理支出", "100.00", "100.00", "", ""],
    ["本年收入小计", "110.00", "本年支出小计", "120.00", "120.00", "", ""],
    ["上年结转结余", "10.00", "年终结转结余", "", "", "", ""],
    ["收入总计", "120.00", "支出总计", "120.00", "120.00", "", ""],
]


def read(folder: Path, *tables: tuple[str, list[Row]]) -> Account:
    body = "".join(
        f"<p>{title}</p><p>单位：万元</p><table>"
        + "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
        + "</table>"
        for title, rows in tables
    )
    path = folder / "page.html"
    path.write_text(f"<html><body><p>某市应急管理局2023年部门预算</p>{body}</body></html>", encoding="utf-8")
    return read_document(path).account


def test_outlay_on_debts_and_purchases_is_not_the_outlay(tmp_path: Path) -> None:
    titles = ("一、支出预算总表", "二、债务支出预算表", "三、政府采购支出预算表")
    account = read(tmp_path, *zip(titles, (OUTLAY, DEBT, BUYING), strict=True))
    assert [table.form for table in account.tables] == ["预3"]
    assert account.amount("预3!合计行1栏") == 1_200_000


def test_classes_with_codes_on_one_side_are_lines_of_the_statement_of_both(tmp_path: Path) -> None:
    account = read(tmp_path, ("财政拨款收支总体情况表", BOTH_SIDES))
    assert [table.form for table in account.tables] == ["预4"]
    assert account.amount("预4!208行2栏") == 200_000
    assert account.amount("预4!收入总计行1栏") == 1_200_000
    assert not account.unplaced
    assert {issue.code for issue in check(account).findings if issue.severity == "error"} <= {"F101"}


def test_headings_left_above_a_copied_table_do_not_hide_its_unit(tmp_path: Path) -> None:
    heads = ["收入"] * 3 + ["支出"] * 6
    funds = ["一般公共预算财政拨款", "政府性基金预算财政拨款", "国有资本经营预算财政拨款"]
    lines = ["项目", "行次", "决算数", "项目", "行次", "合计", *funds]
    rows = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in [
        lines,
        ["一、一般公共预算财政拨款", "1", "7352.10", "一、一般公共服务支出", "33", "7352.10", "7352.10", "0", "0"],
        ["二、政府性基金预算财政拨款", "2", "0", "二、外交支出", "34", "0", "0", "0", "0"],
        ["三、国有资本经营预算财政拨款", "3", "0", "三、国防支出", "35", "0", "0", "0", "0"],
        ["本年收入合计", "27", "7352.10", "本年支出合计", "59", "7352.10", "7352.10", "0", "0"],
        ["总计", "32", "7352.10", "总计", "64", "7352.10", "7352.10", "0", "0"],
    ])  # fmt: skip
    above = "".join(f"<p>{text}</p>" for text in ("财政拨款收入支出决算总表", "单位：某中心", "金额单位：元", *heads))
    path = tmp_path / "page.html"
    body = f"<p>某中心2022年度部门决算</p>{above}<table>{rows}</table>"
    path.write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    account = read_document(path).account
    assert account.amount("表4!1行1栏") == Decimal("7352.10")


def test_the_whole_stands_before_what_is_of_this_year_and_carried_over(tmp_path: Path) -> None:
    rows = [
        ["项目", "预算数", "当年预算", "上年结转", "项目", "预算数", "当年预算", "上年结转"],
        ["一、一般公共预算拨款收入", "137.10", "135.90", "1.20", "一、一般公共服务支出", "", "", ""],
        ["二、政府性基金预算拨款收入", "", "", "", "二、外交支出", "", "", ""],
        ["三、国有资本经营预算拨款收入", "", "", "", "四、公共安全支出", "137.10", "135.90", "1.20"],
        ["收入总计", "137.10", "135.90", "1.20", "支出总计", "137.10", "135.90", "1.20"],
    ]
    account = read(tmp_path, ("收支总表", rows))
    assert [table.form for table in account.tables] == ["预1"]
    assert account.amount("预1!1行1栏") == 1_371_000
    assert account.amount("预1!收入总计行1栏") == 1_371_000
    assert account.amount("预1!204行2栏") == 1_371_000


def test_a_total_under_another_name_before_headings_in_another_order(tmp_path: Path) -> None:
    cars = "公务用车购置和运行维护费"
    first = ["年度", "“三公”经费财政拨款预算总额", "因公出国（境）费用", "公务接待费"]
    rows = [
        [*first, cars, cars, cars],
        [*first, "小计", "公务用车购置费", "公务用车运行维护费"],
        ["2022年", "9.10", "", "0.50", "8.60", "", "8.60"],
        ["2023年", "8.10", "", "0.30", "7.80", "", "7.80"],
    ]
    account = read(tmp_path, ("财政拨款“三公”经费支出表", rows))
    assert account.amount("预9!金额行1栏") == 81_000
    assert account.amount("预9!金额行6栏") == 3_000
    assert account.amount("预9!金额行3栏") == 78_000
    assert account.amount("预9!金额行5栏") == 78_000
