"""Two lines of a table in each other's place: told once, by the tables that print them the other way round."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from juesuan.account import Issue
from juesuan.checker import Report, check
from juesuan.reader import read_document

ITEMS = {
    "208": ("社会保障和就业支出", "30.00"), "20805": ("行政事业单位养老支出", "30.00"),
    "2080505": ("机关事业单位基本养老保险缴费支出", "20.00"), "2080506": ("机关事业单位职业年金缴费支出", "10.00"),
    "210": ("卫生健康支出", "15.00"), "21011": ("行政事业单位医疗", "15.00"),
    "2101101": ("行政单位医疗", "8.00"), "2101103": ("公务员医疗补助", "7.00"),
    "221": ("住房保障支出", "25.00"), "22102": ("住房改革支出", "25.00"),
    "2210201": ("住房公积金", "18.00"), "2210203": ("购房补贴", "7.00"),
}  # fmt: skip
TITLES = ("收入决算表", "支出决算表", "一般公共预算财政拨款支出决算表")
HEADS = ("本年收入合计|财政拨款收入", "本年支出合计|基本支出", "小计|基本支出")
EXCHANGE = {"2080505": "10.00", "2080506": "20.00"}


def table(title: str, head: str, amounts: dict[str, str]) -> str:
    lines = [f"科目编码|科目名称|{head}", "|合计|70.00|70.00"]
    lines += [f"{code}|{name}|{amount}|{amount}" for code, (name, own) in ITEMS.items()
              if (amount := amounts.get(code, own))]  # fmt: skip
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line.split("|")) + "</tr>" for line in lines)
    return f"<p>{title}</p><p>单位：万元</p><table>{rows}</table>"


def report(tmp_path: Path, **changed: dict[str, str]) -> Report:
    """Three tables of the same items; `changed` are the amounts that the first, second or third prints instead."""
    tables = [
        table(title, head, changed.get(f"table{n}", {}))
        for n, (title, head) in enumerate(zip(TITLES, HEADS, strict=True), 1)
    ]
    path = tmp_path / "account.html"
    path.write_text(f"<html><body><p>某县某局2023年度部门决算</p>{''.join(tables)}</body></html>", "utf-8")
    return check(read_document(path, "national").account)


def told(made: Report) -> list[Issue]:
    return [issue for issue in made.findings if issue.code == "D005"]


@pytest.mark.parametrize("number", [1, 2, 3])
def test_the_table_that_is_alone_has_its_lines_exchanged(number: int, tmp_path: Path) -> None:
    assert not told(report(tmp_path))
    made = report(tmp_path, **{f"table{number}": EXCHANGE})
    (issue,) = told(made)
    assert f"《{TITLES[number - 1]}》“2080505" in issue.message and "互换" in issue.message
    assert (issue.stated, issue.expected) == ("10.00万元、20.00万元", "20.00万元、10.00万元")
    # What follows from it is not told again: 表5 with more than all that was spent, items with other amounts.
    assert not [other.code for other in made.findings if other.code in ("X391", "X392")]


def test_two_tables_each_with_its_own_way_are_both_named(tmp_path: Path) -> None:
    """Without a third table it does not show which of the two is wrong."""
    rest = dict.fromkeys(("2080505", "2080506"), "")
    (issue,) = told(report(tmp_path, table1=rest, table3=EXCHANGE))
    assert "有一张表两行填反了" in issue.message


def test_amounts_that_differ_otherwise_are_no_exchange(tmp_path: Path) -> None:
    assert not told(report(tmp_path, table3={"2080505": "11.00", "2080506": "19.00"}))


def test_lines_exchanged_against_what_their_own_line_makes(tmp_path: Path) -> None:
    """年初＋收入－支出＝年末 fails in two lines by as much up and down: their outlays stand in each other's line."""
    def rows(first: str, second: str) -> str:
        lines = [
            "科目编码|科目名称|年初结转和结余|本年收入|本年支出||",
            "科目编码|科目名称|年初结转和结余|本年收入|小计|基本支出|项目支出",
            "|合计|3.00|90.00|91.00|0.00|91.00", "204|公共安全支出|3.00|90.00|91.00|0.00|91.00",
            "20405|法院|3.00|90.00|91.00|0.00|91.00", f"2040504|案件审判|3.00|60.00|{first}|0.00|{first}",
            f"2040505|案件执行|0.00|20.00|{second}|0.00|{second}", "2040506|“两庭”建设|0.00|10.00|10.00|0.00|10.00",
        ]  # fmt: skip
        closing = ("年末结转和结余", "年末结转和结余", "2.00", "2.00", "2.00", "2.00", "0.00", "0.00")
        whole = [f"{line}|{last}" for line, last in zip(lines, closing, strict=True)]
        made = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line.split("|")) + "</tr>" for line in whole)
        return f"<p>一般公共预算财政拨款收入支出决算表</p><p>单位：万元</p><table>{made}</table>"

    def made(first: str, second: str) -> list[Issue]:
        path = tmp_path / "account.html"
        body = f"<p>某县法院2021年度部门决算</p>{rows(first, second)}"
        path.write_text(f"<html><body>{body}</body></html>", "utf-8")
        return list(check(read_document(path, "national").account).findings)

    assert not [issue for issue in made("61.00", "20.00") if issue.severity == "error"]
    (issue,) = [issue for issue in made("20.00", "61.00") if issue.severity == "error"]
    assert (issue.code, issue.stated, issue.expected) == ("D005", "20.00万元、61.00万元", "61.00万元、20.00万元")
    assert Decimal("3.00") + 60 - 61 == 2
