"""Tables copied with bars whose empty cells were moved to the ends of the lines, or stand on lines of their own."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from juesuan.checker import check
from juesuan.reader import read_document
from juesuan.reader.account import Reading

GRANTS = """财政拨款收支总表 | ||||||||
金额单位:万元 | ||||||||
收入 | 支出 | |||||||
项目 | 预算数 | 项目 | 合计 | 一般公共预算 | 政府性基金预算 | 国有资本经营预算 | ||
一、本年收入 | 64.20 | 一、本年支出 | 64.20 | 64.20 | ||||
一般公共预算资金 | 64.20 | 一般公共服务支出 | ||||||
政府性基金预算资金 | 公共安全支出 | ||||||||
国有资本经营预算资金 | 教育支出 | 51.00 | 51.00 | |||||
社会保障和就业支出 | 8.20 | 8.20 | |||||||
卫生健康支出 | 5.00 | 5.00 | |||||||
农林水支出 | |||||||||
二、上年结转 | 二、结转下年 | ||||||||
收入总计 | 64.20 | 支出总计 | 64.20 | 64.20 | ||||
"""
OUTLAY = """一般公共预算支出表 | ||||||||
金额单位:万元 | ||||||||
支出功能分类科目 | 2024年预算数 | |||||||
科目编码 | 科目名称 | 合计 | 基本支出 | 项目支出 | ||||
合计 | 64.20 | 58.20 | 6.00 | |||||
205 | 教育支出 | 51.00 | 45.00 | 6.00 | ||||
20502 | 普通教育 | 51.00 | 45.00 | 6.00 | ||||
2050201 | 学前教育 | 45.00 | 45.00 | |||||
2050299 | 其他普通教育支出 | 6.00 | 6.00 | |||||
208 | 社会保障和就业支出 | 8.20 | 8.20 | |||||
20805 | 行政事业单位养老支出 | 8.20 | 8.20 | |||||
2080505 | 机关事业单位基本养老保险缴费支出 | 8.20 | 8.20 | |||||
210 | 卫生健康支出 | 5.00 | 5.00 | |||||
21011 | 行政事业单位医疗 | 5.00 | 5.00 | |||||
2101102 | 事业单位医疗 | 5.00 | 5.00 | |||||
"""
CELLS = [
    "收入支出决算总表", "", "", "", "", "公开01表", "部门:某某中心小学", "", "", "金额单位:万元", "收入", "支出",
    "项目", "行次", "决算数", "项目", "行次", "决算数",
    "一、财政拨款收入", "1", "61.30", "一、一般公共服务支出", "35", "",
    "其中:政府性基金预算财政拨款", "2", "", "二、外交支出", "36", "",
    "三、事业收入", "4", "", "五、教育支出", "39", "50.20",
    "六、其他收入", "7", "4.10", "七、文化体育与传媒支出", "41", "",
    "", "8", "", "八、社会保障和就业支出", "42", "9.40",
    "", "19", "", "十九、住房保障支出", "53", "6.00",
    "本年收入合计", "24", "65.40", "本年支出合计", "58", "65.60",
    "年初结转和结余", "26", "1.20", "年末结转和结余", "60", "1.00",
    "总计", "28", "66.60", "总计", "62", "66.60",
]  # fmt: skip


def read(tmp_path: Path, text: str) -> Reading:
    path = tmp_path / "page.txt"
    path.write_text(text, encoding="utf-8")
    return read_document(path)


def value(reading: Reading, address: str) -> Decimal | None:
    fact = reading.account.facts.get(address)
    return fact.figure.value if fact else None


def wrong(reading: Reading) -> list[str]:
    report = check(reading.account, statute=reading.statute)
    return [f.message for f in report.findings if f.severity == "error" and f.code != "F101"]


def test_amounts_stand_in_the_columns_in_which_they_make_their_total(tmp_path: Path) -> None:
    """The second 6.00 of 2050299 is of 项目支出: only so 基本支出 makes 45.00."""
    reading = read(tmp_path, f"某某县某某幼儿园2024年部门预算公开表\n{GRANTS}{OUTLAY}")
    assert [value(reading, f"预5!2050299行{column}栏") for column in "123"] == [60000, None, 60000]
    assert [value(reading, f"预5!2050201行{column}栏") for column in "123"] == [450000, 450000, None]
    assert value(reading, "预5!合计行3栏") == 60000
    assert not wrong(reading)


def test_income_beside_outlay_of_one_fund_only(tmp_path: Path) -> None:
    """Each line has its total and 一般公共预算: the columns of the other funds are those that the copy left out."""
    reading = read(tmp_path, f"某某县某某幼儿园2024年部门预算公开表\n{GRANTS}{OUTLAY}")
    assert value(reading, "预4!1行1栏") == 642000
    assert [value(reading, f"预4!205行{column}栏") for column in "234"] == [510000, 510000, None]
    assert value(reading, "预4!支出总计行3栏") == 642000


def test_a_cell_a_line_below_headings_over_several_columns(tmp_path: Path) -> None:
    """An empty cell at the beginning of a line of the table has a bar on each side."""
    lines = [f"{cell} |" if cell else "| |" if n % 6 == 0 else "|" for n, cell in enumerate(CELLS)]
    reading = read(tmp_path, "第二部分某某中心小学2016年度部门决算表\n" + "\n".join(lines))
    facts = sorted(fact.figure.value for fact in reading.account.of_form("表1"))
    assert facts == [10000, 12000, 41000, 60000, 94000, 502000, 613000, 654000, 656000, 666000, 666000]
    assert not wrong(reading)
