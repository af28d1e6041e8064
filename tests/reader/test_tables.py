"""Grids that places print oddly: told by what they hold, misprints read as what they must be."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from juesuan.checker import check
from juesuan.checker.report import Report
from juesuan.reader import read_document
from juesuan.reader.account import Reading

COVER = "<p>示例市某某中心2023年度部门决算</p>"
HEADS = "<tr><td>科目编码</td><td>科目名称</td><td>小计</td><td>基本支出</td><td>项目支出</td></tr>"


def row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def read(tmp_path: Path, body: str, suffix: str = "html", profile: str = "national") -> Reading:
    path = tmp_path / f"account.{suffix}"
    path.write_text(f"<html><body>{COVER}{body}</body></html>" if suffix == "html" else body, encoding="utf-8")
    return read_document(path, profile=profile)


def checked(reading: Reading) -> Report:
    return check(reading.account, statute=reading.statute)


def value(reading: Reading, address: str) -> Decimal:
    return reading.account.facts[address].figure.value


GENERAL = [
    ("合计", "", "30.00", "20.00", "10.00"),
    ("208", "社会保障和就业支出", "30.00", "20.00", "10.00"),
    ("20801", "人力资源和社会保障管理事务", "30.00", "20.00", "10.00"),
    ("2080108", "信息化建设", "10.00", "", "10.00"),
    ("2080150", "事业运行", "20.00", "20.00", ""),
]


@pytest.mark.parametrize(
    "title",
    [
        "2023年度预算单位一般公共预算财政拨款支出决算汇总表",
        "某某区某某中心一般公共预算财政拨款支出决算情况表（本级）",
        "一般公共预算财政拨款</p><p>支出决算表",
    ],
)
def test_a_title_with_other_words_does_not_lose_the_table(title: str, tmp_path: Path) -> None:
    body = f"<p>{title}</p><p>单位：万元</p><table>{HEADS}{''.join(row(*line) for line in GENERAL)}</table>"
    reading = read(tmp_path, body)
    assert [table.form for table in reading.account.tables] == ["表5"]
    assert value(reading, "表5!2080150行2栏") == Decimal(200000)
    assert len(reading.account.facts) == 13


def test_a_table_of_another_name_is_no_form_for_its_headings_alone(tmp_path: Path) -> None:
    body = f"<p>政府购买服务明细表</p><table>{HEADS}{''.join(row(*line) for line in GENERAL)}</table>"
    assert read(tmp_path, body).account.tables == ()


@pytest.mark.parametrize(("amount", "forms"), [("20.00", ["表5"]), ("21.00", ["表5"])])
def test_a_table_without_a_title_is_told_by_what_it_holds(amount: str, forms: list[str], tmp_path: Path) -> None:
    """Its codes, headings and sums speak for it; one wrong figure does not deny it."""
    heads = HEADS.replace("小计", "一般公共预算财政拨款支出小计")
    lines = [tuple(amount if cell == "20.00" and line[0] == "2080150" else cell for cell in line) for line in GENERAL]
    body = f"<p>一般公共预算财政拨款支出情况</p><table>{heads}{''.join(row(*line) for line in lines)}</table>"
    assert [table.form for table in read(tmp_path, body).account.tables] == forms


def test_a_table_whose_figures_deny_the_form_is_none(tmp_path: Path) -> None:
    """Beneath no title at all: the same codes and headings, but the columns are no parts of one another."""
    heads = row("科目编码", "科目名称", "合计", "基本支出", "项目支出")
    denied = [(code, name, "1.00", "20.00", "30.00") for code, name, *_ in GENERAL]
    sound = "".join(row(*line) for line in GENERAL)
    assert len(read(tmp_path, f"<table>{heads}{sound}</table>").account.tables) == 1
    assert read(tmp_path, f"<table>{heads}{''.join(row(*line) for line in denied)}</table>").account.tables == ()


def test_a_second_table_of_one_form_is_told(tmp_path: Path) -> None:
    table = (
        f"<p>一般公共预算财政拨款支出决算表</p><table>{HEADS}{''.join(row(*line) for line in GENERAL)}</table>"
        "<p>上表为本级，下表为所属单位，两表请分别查看。</p>"
    )
    reading = read(tmp_path, table + table)
    assert [item.like for item in reading.account.unplaced] == ["表5"]


@pytest.mark.parametrize(
    ("parts", "name", "meant"),
    [
        (("7", "01", "08"), "信息化建设", "2080108"),
        (("208", "1", "8"), "信息化建设", "2080108"),
        (("208", "01", "50"), "事业运行", ""),
    ],
)
def test_a_misprinted_code_is_what_name_and_neighbours_say(
    parts: tuple[str, str, str], name: str, meant: str, tmp_path: Path
) -> None:
    heads = row("类", "款", "项", "科目名称", "小计", "基本支出", "项目支出")
    lines = [
        ("208", "", "", "社会保障和就业支出", "10.00", "", "10.00"),
        ("208", "01", "", "人力资源和社会保障管理事务", "10.00", "", "10.00"),
        (*parts, name, "10.00", "", "10.00"),
        ("合计", "合计", "合计", "合计", "10.00", "", "10.00"),
    ]
    body = f"<p>一般公共预算财政拨款支出决算表</p><table>{heads}{''.join(row(*line) for line in lines)}</table>"
    reading = read(tmp_path, body)
    code = meant or "".join(parts)
    assert value(reading, f"表5!{code}行3栏") == Decimal(100000)
    printed = {label.row: label.printed for label in reading.account.labels if label.printed}
    assert printed == ({meant: " ".join(parts)} if meant else {})


def test_neighbouring_digits_of_a_code_that_changed_places(tmp_path: Path) -> None:
    """2013050 below 20103 is 2010350: 事业运行 is an item of many sections, but only that one goes on there."""
    lines = [
        ("科目编码", "科目名称", "小计", "基本支出", "项目支出"), ("合计", "合计", "30.00", "30.00", ""),
        ("201", "一般公共服务支出", "30.00", "30.00", ""),
        ("20103", "政府办公厅（室）及相关机构事务", "30.00", "30.00", ""),
        ("2010301", "行政运行", "20.00", "20.00", ""),
        ("2013050", "事业运行", "10.00", "10.00", ""),
    ]  # fmt: skip
    table = "".join(row(*line) for line in lines)
    reading = read(tmp_path, f"<p>一般公共预算财政拨款支出决算表</p><table>{table}</table>")
    assert value(reading, "表5!2010350行1栏") == Decimal(100000)
    assert {label.row: label.printed for label in reading.account.labels if label.printed} == {"2010350": "2013050"}


def test_a_blank_amount_does_not_take_the_code_beside_it(tmp_path: Path) -> None:
    lines = [
        ("301", "工资福利支出", "8.00", "302", "商品和服务支出", "2.00"),
        ("30101", "基本工资", "8.00", "30201", "办公费", "2.00"),
        ("", "", "", "30212", "因公出国（境）费用", "31007", "信息网络及软件购置更新", ""),
    ]
    text = "示例市某某中心2023年度部门决算\n\n一般公共预算财政拨款基本支出决算表\n\n" + "\n".join(
        "\t".join(line) for line in [("科目编码", "科目名称", "决算数") * 2, *lines]
    )
    reading = read(tmp_path, text, "txt")
    assert "表6!30212行1栏" not in reading.account.facts
    assert value(reading, "表6!30201行1栏") == Decimal(20000)


def test_cells_copied_one_on_a_line_are_a_table_again(tmp_path: Path) -> None:
    cells = [
        "项 目", "预 算 数", "决 算 数", "合 计", "3", "1.71", "因公出国(境)费", "", "", "公务接待费", "1", "0.53",
        "公务用车购置及运行维护费", "2", "1.18",
    ]  # fmt: skip
    lines = [f"{cell} |" if cell else "|" for cell in cells]
    text = "\n".join(["某某中心2023年度“三公”经费支出决算表", "单位：万元", *lines])
    reading = read(tmp_path, text, "txt")
    assert value(reading, "表9!金额行7栏") == Decimal("17100")
    assert value(reading, "表9!金额行6栏") == Decimal("10000")
    assert "表9!金额行2栏" not in reading.account.facts


def test_lines_without_a_name_may_stand_empty(tmp_path: Path) -> None:
    """公开04表 prints 61 to 63 with a number only: an account that carries money over leaves them blank."""
    heads = row("项目", "行次", "决算数", "项目", "行次", "小计", "一般公共预算财政拨款")
    lines = [
        ("一、一般公共预算财政拨款", "1", "12.00", "八、社会保障和就业支出", "40", "10.00", "10.00"),
        ("本年收入合计", "27", "12.00", "本年支出合计", "59", "10.00", "10.00"),
        ("年初财政拨款结转和结余", "28", "", "年末财政拨款结转和结余", "60", "2.00", "2.00"),
        ("", "", "", "", "61", "", ""),
        ("总计", "32", "12.00", "总计", "64", "12.00", "12.00"),
    ]
    body = f"<p>财政拨款收入支出决算总表</p><table>{heads}{''.join(row(*line) for line in lines)}</table>"
    reading = read(tmp_path, body)
    assert value(reading, "表4!60行2栏") == Decimal(20000)
    assert [issue.code for issue in checked(reading).findings if issue.code.startswith("T4")] == []


LOST = ("合计 | 因公出国(境)费 | 公务用车费 | 公务接待费 | | |", "小计 | 公务用车运行维护费 | 公务用车购置费 | | | |")


def test_headings_whose_width_the_copy_has_lost_stand_over_their_columns(tmp_path: Path) -> None:
    lines = ["某某局2023年“三公”经费预算", "单位：万元", *LOST, "9.00 | 1.00 | 5.00 | 4.00 | 1.00 | 3.00 |"]
    (tmp_path / "text.txt").write_text("\n".join(lines), encoding="utf-8")
    facts = read_document(tmp_path / "text.txt").account.facts
    assert [facts[f"预9!金额行{row}栏"].figure.value for row in (2, 5, 4, 6)] == [10000, 40000, 10000, 30000]


def test_lines_of_blank_cells_are_no_table(tmp_path: Path) -> None:
    text = "某某局2023年“三公”经费预算 | ||\n | | ||\n | | ||\n | | ||\n公务接待费3.00万元。\n"
    (tmp_path / "text.txt").write_text(text, encoding="utf-8")
    assert [each.subject for each in read_document(tmp_path / "text.txt").account.stated] == ["公务接待费"]


FUND_HEADS = row("科目编码", "科目名称", "年初结转和结余", "本年收入", "小计", "基本支出", "项目支出", "年末结转和结余")
FUND = [
    ("合计", "", "0.00", "30.00", "30.00", "", "30.00", "0.00"),
    ("212", "城乡社区支出", "0.00", "30.00", "30.00", "", "30.00", "0.00"),
    ("21208", "国有土地使用权出让收入安排的支出", "0.00", "30.00", "30.00", "", "30.00", "0.00"),
    ("2120801", "征地和拆迁补偿支出", "0.00", "30.00", "30.00", "", "30.00", "0.00"),
]


@pytest.mark.parametrize("titles", [
    # The title stands behind the note of the table before, in one paragraph.
    ("注：本表反映本年度“三公”经费支出情况。政府性基金预算财政拨款收入支出决算表",
     "注：本表反映政府性基金预算财政拨款收支情况。国有资本经营预算财政拨款收入支出决算表"),
    # Nothing names the tables: the classes of the lines do.
    ("注：本表反映本年度“三公”经费支出情况。", "注：本表反映政府性基金预算财政拨款收支情况。"),
])  # fmt: skip
def test_the_table_of_funds_is_not_taken_for_the_empty_one_behind_it(titles: tuple[str, str], tmp_path: Path) -> None:
    """Both print the same headings, and places give both of them columns for income and outlay."""
    blank = row("合计", "", "", "", "", "", "", "")
    bodies = "".join(row(*line) for line in FUND), blank
    body = "".join(
        f"<p>{title}</p><p>单位：万元</p><table>{FUND_HEADS}{lines}</table>"
        for title, lines in zip(titles, bodies, strict=True)
    )
    reading = read(tmp_path, f"<p>第二部分 部门决算表。</p><p>如下所列。</p>{body}", profile="shanghai-2024")
    assert value(reading, "表7!212行3栏") == Decimal(300000)
    assert not [fact for fact in reading.account.facts.values() if fact.address.form == "表8" and fact.figure.value]
