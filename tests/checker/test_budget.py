"""Budgets of our own, in the layout of Shanghai and of the national set: sound ones give no error, a slip is found."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from juesuan.account import Account
from juesuan.checker import Report, check
from juesuan.reader import read_document
from juesuan.statute import load_statute, profiles

UNIT = "示例市财政局"
ITEMS = [  # code, name, basic, project (yuan)
    ("201", "一般公共服务支出", "6000000.00", "1500000.00"),
    ("20106", "财政事务", "6000000.00", "1500000.00"),
    ("2010601", "行政运行", "6000000.00", ""),
    ("2010607", "信息化建设", "", "1500000.00"),
    ("221", "住房保障支出", "500000.00", ""),
    ("22102", "住房改革支出", "500000.00", ""),
    ("2210201", "住房公积金", "500000.00", ""),
]
TOTAL = ("6500000.00", "1500000.00", "8000000.00")
ECONOMIC = [
    ("301", "工资福利支出", "5500000.00", ""),
    ("30101", "基本工资", "5000000.00", ""),
    ("30113", "住房公积金", "500000.00", ""),
    ("302", "商品和服务支出", "", "1000000.00"),
    ("30201", "办公费", "", "990000.00"),
    ("30217", "公务接待费", "", "10000.00"),
]


HEADS = [["科目编码", "科目名称", "合计", "基本支出", "项目支出"]]
INCOME = "8,000,000.00</td><td>8,000,000.00</td><td></td></tr></table>"
"""The last line of the income table."""


def money(text: str, unit: str) -> str:
    """An amount in yuan as a table in `unit` prints it."""
    if not text:
        return ""
    return f"{Decimal(text):,.2f}" if unit == "元" else f"{Decimal(text) / 10000:,.2f}"


def two(text: str, unit: str) -> list[str]:
    return [money(text, unit)] * 2


def whole(*parts: str) -> str:
    return str(sum((Decimal(part) for part in parts if part), Decimal("0.00")))


def table(title: str, head: list[list[str]], body: list[list[str]], unit: str) -> str:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in (*head, *body))
    return f"<p>{title}</p><p>编制部门：{UNIT}</p><p>单位：{unit}</p><table>{rows}</table>"


def by_function(title: str, heads: list[str], unit: str, columns: str) -> str:
    body = []
    for code, name, basic, project in [*ITEMS, ("合计", "", TOTAL[0], TOTAL[1])]:
        both = whole(basic, project)
        amounts = {"合计": both, "基本支出": basic, "项目支出": project, "收入": both}
        cells = [money(amounts.get(columns if head == "财政拨款收入" else head, ""), unit) for head in heads]
        body.append([code, name, *cells])
    return table(title, [["科目编码", "科目名称", *heads]], body, unit)


def shanghai(**changes: str) -> str:
    """A sound budget in Shanghai's layout; `changes` replaces texts of the page."""
    unit = "元"
    whole_sum = money(TOTAL[2], unit)
    zero = "本部门2025年无{}预算财政拨款安排的预算，故本表为空表。"
    pages = [
        "<h1>2025年部门预算编制说明</h1>",
        f"<p>2025年，{UNIT}收入预算800.00万元，其中：财政拨款收入800.00万元，比2024年预算增加20.00万元；"
        "事业收入0万元；事业单位经营收入0万元；其他收入0万元。</p>",
        "<p>支出预算800.00万元，其中：财政拨款支出预算800.00万元，比2024年预算增加20.00万元。</p>",
        "<p>1.“一般公共服务支出（类）财政事务（款）行政运行（项）”600.00万元，主要用于人员经费。</p>",
        "<p>2.“一般公共服务支出（类）财政事务（款）信息化建设（项）”150.00万元，主要用于系统维护。</p>",
        "<p>3.“住房保障支出（类）住房改革支出（款）住房公积金（项）”50.00万元，主要用于住房公积金。</p>",
        table(
            "2025年部门财务收支预算总表",
            [["项目", "预算数", "项目", "预算数"]],
            [
                ["一、财政拨款收入", money(TOTAL[2], unit), "一、一般公共服务支出", money("7500000", unit)],
                ["1. 一般公共预算资金", money(TOTAL[2], unit), "二、住房保障支出", money("500000", unit)],
                ["2. 政府性基金", "", "", ""],
                ["二、事业收入", "", "", ""],
                ["收入总计", money(TOTAL[2], unit), "支出总计", money(TOTAL[2], unit)],
            ],
            unit,
        ),
        by_function("2025年部门收入预算总表", ["合计", "财政拨款收入", "事业收入"], unit, "收入"),
        by_function("2025年部门支出预算总表", ["合计", "基本支出", "项目支出"], unit, ""),
        table(
            "2025年部门财政拨款收支预算总表",
            [["项目", "预算数", "项目", "合计", "一般公共预算", "政府性基金预算", "国有资本经营预算"]],
            [
                ["一、一般公共预算资金", whole_sum, "一、一般公共服务支出", *two("7500000", unit), "", ""],
                ["二、政府性基金", "", "二、住房保障支出", *[money("500000", unit)] * 2, "", ""],
                ["收入总计", money(TOTAL[2], unit), "支出总计", *[money(TOTAL[2], unit)] * 2, "", ""],
            ],
            unit,
        ),
        by_function("2025年部门一般公共预算支出功能分类预算表", ["合计", "基本支出", "项目支出"], unit, ""),
        table("2025年部门政府性基金预算支出功能分类预算表", HEADS,
              [["合计", "", "", "", ""]], unit),
        f"<p>注：{zero.format('政府性基金')}</p>",
        table("2025年部门国有资本经营预算支出功能分类预算表", HEADS,
              [["合计", "", "", "", ""]], unit),
        f"<p>注：{zero.format('国有资本经营')}</p>",
        table(
            "2025年部门一般公共预算基本支出部门预算经济分类预算表",
            [["科目编码", "经济分类科目名称", "合计", "人员经费", "公用经费"]],
            [[code, name, money(whole(staff, office), unit), money(staff, unit), money(office, unit)]
             for code, name, staff, office in [*ECONOMIC, ("合计", "", "5500000.00", "1000000.00")]],
            unit,
        ),
        table(
            "2025年部门“三公”经费和机关运行经费预算表",
            [
                ["", "", "", *["公务用车购置及运行费"] * 3, "机关运行经费预算数"],
                ["合计", "因公出国（境）费", "公务接待费", "小计", "购置费", "运行费", "机关运行经费预算数"],
            ],
            [["1.00", "", "1.00", "", "", "", "100.00"]],
            "万元",
        ),
        "<p>四、绩效目标设置情况</p>",
        "<p>2025年度，本单位编报绩效目标的项目共2个，涉及项目预算资金150.00万元。其中：系统维护费100.00万元，"
        "系统建设费50.00万元。</p>",
    ]  # fmt: skip
    text = "<html><body>" + "".join(pages) + "</body></html>"
    for old, new in changes.items():
        before, after = new.split("→")
        assert text.count(before) >= 1, (old, before)
        text = text.replace(before, after, 1)
    return text


def report(text: str, folder: Path) -> tuple[Account, Report]:
    path = folder / "budget.html"
    path.write_text(text, encoding="utf-8")
    reading = read_document(path)
    made = check(reading.account, statute=reading.statute)
    assert isinstance(made, Report)
    return reading.account, made


def errors(made: Report) -> list[str]:
    return [f"{f.code} {f.message}" for f in made.findings if f.severity == "error"]


def test_a_sound_budget_is_read_whole_and_gives_no_finding(tmp_path: Path) -> None:
    account, made = report(shanghai(), tmp_path)
    assert (account.profile, account.year, account.unit.name) == ("budget", 2025, UNIT)
    assert len(account.tables) == 9
    assert account.unplaced == ()
    assert account.facts["预1!财政拨款行1栏"].figure.value == Decimal(8000000)
    assert account.facts["预5!2010607行3栏"].figure.value == Decimal(1500000)
    assert account.facts["预8!30217行3栏"].figure.value == Decimal(10000)
    assert account.facts["预9!金额行机关栏"].figure.value == Decimal(1000000)
    assert account.facts["绩效目标!资金行数栏"].figure.value == Decimal(1500000)
    assert [f.message for f in made.findings if f.severity != "notice"] == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        # The income of table 2 no longer is that of table 1.
        (f"{INCOME}→{INCOME.replace('8,000', '8,100', 1)}", "B"),
        ("600.00万元→660.00万元", "M301"),
        ("150.00万元。其中：系统维护费100.00→150.00万元。其中：系统维护费110.00", "M702"),
        ("项目共2个→项目共3个", "M702"),
        ("本部门2025年无国有资本经营→本部门2025年无政府性基金", "F110"),
        ("<td>1.00</td><td></td><td>1.00</td>→<td>2.00</td><td></td><td>1.00</td>", "B901"),
    ],
)  # fmt: skip
def test_one_slip_is_found(change: str, code: str, tmp_path: Path) -> None:
    _, made = report(shanghai(one=change), tmp_path)
    assert any(error.startswith(code) for error in errors(made)), errors(made)


@pytest.mark.parametrize(
    "title", ["2025年部门支出情况", "某区2025年预算单位支出预算总表（本级）", "2025年区级支出预算汇总表"]
)
def test_a_table_under_another_title_is_read_by_what_it_holds(title: str, tmp_path: Path) -> None:
    _, untouched = report(shanghai(), tmp_path)
    _, made = report(shanghai(one=f"2025年部门支出预算总表→{title}"), tmp_path)
    assert errors(made) == errors(untouched) == []
    assert made.relations == untouched.relations



def test_a_place_is_told_by_the_name_of_the_unit(tmp_path: Path) -> None:
    text = shanghai().replace(UNIT, "上海市示例区财政局")
    account, made = report(text, tmp_path)
    assert account.profile == "shanghai-budget-2025"
    assert errors(made) == []


@pytest.mark.parametrize("key", profiles(kind="预算"))
def test_every_budget_profile_loads(key: str) -> None:
    statute = load_statute(key)
    assert statute.profile.kind == "预算"
    assert len(statute.published) == 9
