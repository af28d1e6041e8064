"""Tables of budgets in the layouts of other places: totals, codes within labels, own money, captions beside a tab."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from juesuan.checker import check
from juesuan.reader import read_document
from juesuan.reader.account import Reading

HEAD = "<p>某某县统计局2023年部门预算公开</p>"


def read(tmp_path: Path, title: str, *lines: str) -> Reading:
    """A budget with one table, its lines with a bar between their cells."""
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line.split("|")) + "</tr>" for line in lines)
    path = tmp_path / "budget.html"
    path.write_text(f"<html><body>{HEAD}<p>{title}</p><p>单位：万元</p><table>{rows}</table></body></html>", "utf-8")
    return read_document(path, profile="budget")


def wan(reading: Reading, *addresses: str) -> list[str]:
    facts = reading.account.facts
    return [f"{facts[a].figure.value / Decimal(10000):.2f}" if a in facts else "" for a in addresses]


def loose(reading: Reading) -> list[str]:
    return [item.text for item in reading.account.unplaced]


def test_the_total_of_all_lines_may_bear_the_name_of_the_years_income(tmp_path: Path) -> None:
    reading = read(
        tmp_path, "财政拨款收支总表", "项目|预算数|项目|合计|一般公共预算|政府性基金预算|国有资本经营预算",
        "一、本年收入|90.00|一、本年支出|100.00|100.00||", "一般公共预算资金|90.00|一般公共服务支出|60.00|60.00||",
        "二、上年结转|10.00|教育支出|40.00|40.00||", "一般公共预算拨款|10.00|二、结转下年||||",
        "收入合计|100.00|支出合计|100.00|100.00||",
    )  # fmt: skip
    assert wan(reading, "预4!收入总计行1栏", "预4!支出总计行2栏", "预4!支出总计行3栏") == ["100.00"] * 3
    assert wan(reading, "预4!本年收入行1栏", "预4!11行1栏") == ["90.00", "10.00"]
    assert not loose(reading)


def test_classes_with_their_codes_and_totals_called_subtotals(tmp_path: Path) -> None:
    reading = read(
        tmp_path, "部门收支总体情况表", "收入||支出|", "项目|预算数|功能分类|预算数",
        "财政拨款（补助）|80.00|201一般公共服务支出|60.00", "一般公共预算|80.00|202外交支出|",
        "教育收费（财政专户）|5.00|205教育支出|30.00", "小  计|85.00|小  计|90.00",
        "单位上年结余（不包括国库集中支付额度结余）|5.00|结转下年|", "收入总计|90.00|支出总计|90.00",
    )  # fmt: skip
    assert wan(reading, "预1!财政拨款行1栏", "预1!1行1栏", "预1!4行1栏", "预1!上年结转行1栏") == [
        "80.00", "80.00", "5.00", "5.00"
    ]
    assert wan(reading, "预1!201行2栏", "预1!205行2栏", "预1!本年支出合计行2栏") == ["60.00", "30.00", "90.00"]
    assert not loose(reading)


def test_a_heading_over_the_lines_may_have_the_words_of_a_line(tmp_path: Path) -> None:
    reading = read(
        tmp_path, "财政拨款收支总体情况表", "财政拨款收入||财政拨款支出||||",
        "项目|合计|功能分类|合计|一般公共预算|政府性基金预算|国有资本经营预算",
        "财政拨款（补助）|90.00|201一般公共服务支出|60.00|60.00||", "一般公共预算|90.00|205教育支出|30.00|30.00||",
        "收入总计|90.00|支出总计|90.00|90.00||",
    )  # fmt: skip
    assert wan(reading, "预4!本年收入行1栏", "预4!1行1栏", "预4!收入总计行1栏") == ["90.00"] * 3
    assert wan(reading, "预4!201行3栏", "预4!205行2栏", "预4!支出总计行3栏") == ["60.00", "30.00", "90.00"]
    assert not loose(reading)


def test_own_money_stands_for_its_parts(tmp_path: Path) -> None:
    """单位资金 in the place of 事业收入 and the others: the total is held to it, with its parts printed or not."""
    def lines(own: str, *parts: str) -> list[str]:
        return ["项目|预算数|项目|预算数", "一、一般公共预算拨款|80.00|一、教育支出|100.00",
                f"五、单位资金|{own}||", *parts, "收入总计|100.00|支出总计|100.00"]  # fmt: skip

    for parts in ((), ("其中：事业收入|0.00||", "其他收入|20.00||")):
        reading = read(tmp_path, "收支预算总表", *lines("20.00", *parts))
        assert wan(reading, "预1!单位资金行1栏") == ["20.00"]
        assert not [issue for issue in check(reading.account).findings if issue.code.startswith("B1")]
        wrong = check(read(tmp_path, "收支预算总表", *lines("12.00", *parts)).account)
        assert "B101" in [issue.code for issue in wrong.findings]


def test_a_rate_headed_with_the_sign_of_percent_is_beside_the_form(tmp_path: Path) -> None:
    reading = read(
        tmp_path, "一般公共预算“三公”经费支出预算表", "项目|2022年预算数|2023年预算数|增减额|增减%",
        "一、“三公”经费合计|6.00|5.00|-1.00|-16.67%", "1.因公出国（境）费用|0.00|0.00|0.00|—",
        "2.公务接待费|2.00|1.00|-1.00|-50.00%", "3.公务用车购置及运行费|4.00|4.00|0.00|0.00%",
        "其中：公务用车购置费|0.00|0.00|0.00|—", "公务用车运行维护费|4.00|4.00|0.00|0.00%",
    )  # fmt: skip
    assert wan(reading, *(f"预9!金额行{column}栏" for column in "123456")) == [
        "5.00", "0.00", "4.00", "0.00", "4.00", "1.00"
    ]


ONE_BY_ONE = """类|款|项|功能分类科目名称|小计|基本支出|项目支出|201|||一般公共服务支出|60.00|60.00||\
201|05||统计信息事务|60.00|60.00||201|05|01|行政运行|60.00|60.00||205|||教育支出|30.00||30.00|\
205|08||进修及培训|30.00||30.00|205|08|03|培训支出|30.00||30.00||||合计|90.00|60.00|30.00"""
TEXT = """某某县统计局2023年部门预算公开
表一：部门收支总体情况表
编制部门：某某县统计局\t单位：万元
项目\t预算数\t项目\t预算数
一般公共预算拨款\t90.00\t一般公共服务支出\t60.00
\t\t教育支出\t30.00
收入总计\t90.00\t支出总计\t90.00

表二：财政拨款收支总体情况表
编制部门：某某县统计局普查中心\t单位：万元
项目\t预算数\t项目\t合计\t一般公共预算
一般公共预算\t90.00\t一般公共服务支出\t60.00\t60.00
\t\t教育支出\t30.00\t30.00
收入总计\t90.00\t支出总计\t90.00\t90.00

表三：一般公共预算支出情况表
编制部门：某某县统计局\t单位：万元
""" + ONE_BY_ONE.replace("|", "\n")


def test_captions_with_a_tab_between_them_stand_over_the_table_below(tmp_path: Path) -> None:
    """The unit that a table names within its grid is that of the table; one of another body is told."""
    path = tmp_path / "budget.txt"
    path.write_text(TEXT, "utf-8")
    reading = read_document(path)
    assert [table.unit for table in reading.account.tables] == [
        "某某县统计局", "某某县统计局普查中心", "某某县统计局"
    ]
    assert not loose(reading)
    found = [issue for issue in check(reading.account).findings if issue.code == "F105"]
    assert [issue.stated for issue in found] == ["某某县统计局普查中心"]


def test_income_may_be_told_as_grants_in_one_line(tmp_path: Path) -> None:
    """Some places print 财政拨款收入 alone, and not the three funds that it is made of."""
    reading = read(
        tmp_path, "部门收支总表", "收入||支出|", "项目|预算数|项目|预算数",
        "一、财政拨款收入|80.00|一、一般公共服务支出|60.00", "二、其他收入|5.00|二、教育支出|30.00",
        "本年收入合计|85.00|本年支出合计|90.00", "上年结转（结余）|5.00|结转下年|", "收入总计|90.00|支出总计|90.00",
    )  # fmt: skip
    found = check(reading.account, statute=reading.statute).findings
    assert not [issue for issue in found if issue.code in ("B101", "B104", "B106")]
