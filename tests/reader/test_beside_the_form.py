"""Columns and lines beside those of a form: ordinals, other classifications, other years, parts of a total."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl

from juesuan.checker import check
from juesuan.intake import refuse_what_is_no_document
from juesuan.reader import read_document
from juesuan.reader.account import Reading

UNIT = "某某县某某站"


def row(*cells: str) -> str:
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"


def read(tmp_path: Path, *parts: str, year: int = 2024) -> Reading:
    path = tmp_path / "document.html"
    path.write_text(f"<html><body><p>{UNIT}{year}年部门预算公开</p>{''.join(parts)}</body></html>", encoding="utf-8")
    return read_document(path)


def table(title: str, *lines: str) -> str:
    return f"<p>{title}</p><p>单位：万元</p><table>{''.join(lines)}</table>"


def yuan(reading: Reading, form: str, line: str, column: str) -> Decimal:
    fact = reading.account.facts.get(f"{form}!{line}行{column}栏")
    assert fact is not None, sorted(reading.account.facts)
    return fact.figure.value


def findings(reading: Reading) -> list[str]:
    report = check(reading.account, statute=reading.statute)
    return [f"{f.code} {f.message}" for f in report.findings if f.severity == "error" and f.code != "F101"]


EXPENDITURE = [
    ("", "合计", "52.00", "40.00", "12.00"),
    ("213", "农林水支出", "52.00", "40.00", "12.00"),
    ("21303", "水利", "52.00", "40.00", "12.00"),
    ("2130301", "行政运行", "40.00", "40.00", ""),
    ("2130306", "水利工程运行与维护", "12.00", "", "12.00"),
]


def test_the_column_of_ordinals_is_no_part_of_the_codes(tmp_path: Path) -> None:
    """序号 2 beside 213 is not the code 2213."""
    heads = (
        row("序号", "科目编码", "科目名称", "合计", "基本支出", "项目支出")
        + row("栏次", "1", "2", "3", "4", "5")
    )
    lines = [row(str(n), *cells) for n, cells in enumerate(EXPENDITURE, 1)]
    reading = read(tmp_path, table("一般公共预算支出表", heads, *lines))
    assert yuan(reading, "预5", "2130306", "3") == 120000
    assert reading.account.facts["预5!213行1栏"].figure.value == 520000
    assert not [label for label in reading.account.labels if label.printed]
    assert not findings(reading)


def test_a_line_for_each_pair_of_classifications_adds_up_to_its_code(tmp_path: Path) -> None:
    """30101 stands with 50101 and with 50501: the code has both amounts, and its class their sum."""
    names = ("部门经济科目编码", "部门经济科目名称", "政府经济科目编码", "政府经济科目名称")
    heads = row(*names, "合计", "人员经费", "公用经费")
    lines = [
        row("", "合计", "", "", "30.00", "26.00", "4.00"),
        row("301", "工资福利支出", "", "", "26.00", "26.00", ""),
        row("30101", "基本工资", "50101", "工资奖金津补贴", "9.00", "9.00", ""),
        row("30101", "基本工资", "50501", "工资福利支出", "11.00", "11.00", ""),
        row("30102", "津贴补贴", "50101", "工资奖金津补贴", "6.00", "6.00", ""),
        row("302", "商品和服务支出", "", "", "4.00", "", "4.00"),
        row("30201", "办公费", "50201", "办公经费", "4.00", "", "4.00"),
    ]
    reading = read(tmp_path, table("一般公共预算基本支出表", heads, *lines))
    assert yuan(reading, "预8", "30101", "1") == 200000
    assert not findings(reading)
    wrong = read(tmp_path, table("一般公共预算基本支出表", heads, *lines[:2], row(
        "30101", "基本工资", "50101", "工资奖金津补贴", "9.50", "9.50", ""), *lines[3:]))
    assert any("现相差0.50万元" in finding for finding in findings(wrong))


EXPENSES = [
    ("“三公”经费合计", "6.20", "5.10", "-1.10", "-17.74%"),
    ("1.因公出国（境）费", "0.00", "0.00", "0.00", ""),
    ("2.公务接待费", "1.20", "1.10", "-0.10", "-8.33%"),
    ("3.公务用车购置及运行维护费", "5.00", "4.00", "-1.00", "-20.00%"),
    ("其中：公务用车购置费", "0.00", "0.00", "0.00", ""),
    ("公务用车运行维护费", "5.00", "4.00", "-1.00", "-20.00%"),
]


def test_expenses_upright_beside_the_year_before(tmp_path: Path) -> None:
    heads = row("项目", "2023年预算数", "2024年预算数", "增减额", "增减率")
    reading = read(tmp_path, table("一般公共预算“三公”经费支出情况表", heads, *(row(*line) for line in EXPENSES)))
    assert [yuan(reading, "预9", "金额", column) for column in "136"] == [51000, 40000, 11000]
    assert not findings(reading)


def test_expenses_upright_beside_the_parts_of_their_total(tmp_path: Path) -> None:
    heads = row("项目", "资金性质", "", "") + row("", "合计", "一般公共预算财政拨款", "政府性基金预算财政拨款")
    lines = [row(line[0], line[2], line[2], "") for line in EXPENSES]
    reading = read(tmp_path, table("财政拨款“三公”经费支出表", heads, *lines))
    assert [yuan(reading, "预9", "金额", column) for column in "136"] == [51000, 40000, 11000]
    assert not findings(reading)


def test_expenses_of_units_below_each_other_in_three_groups_of_columns(tmp_path: Path) -> None:
    """2023年, 2024年 and 增减变化情况 side by side, a line for each unit below the total: the total of 2024 counts."""
    cars = ("公务用车购置及运行维护费", "公务用车购置费", "公务用车运行维护费")
    spent = ("小计", "因公出国（境）费用", "公务接待费", *cars)
    years = ("2023年", "2024年", "增减变化情况")
    group = "<td>合计</td><td colspan=6>一般公共预算拨款安排的“三公”经费预算</td><td>会议费</td><td>培训费</td>"
    heads = (
        f"<tr><td>单位名称</td>{''.join(f'<td colspan=9>{year}</td>' for year in years)}</tr>"
        f"<tr><td>单位名称</td>{group * 3}</tr>"
        + row("单位名称", *("合计", *spent, "会议费", "培训费") * 3)
    )
    amounts = (
        "10.00", "7.00", "", "2.00", "5.00", "", "5.00", "2.00", "1.00",
        "9.50", "6.50", "", "1.50", "5.00", "", "5.00", "2.00", "1.00",
        "-0.50", "-0.50", "", "-0.50", "", "", "", "", "",
    )  # fmt: skip
    lines = [row("合计", *amounts), row("某某站机关", *amounts[:9], "4.00", "1.00", "", *amounts[12:])]
    reading = read(tmp_path, table("部门综合预算一般公共预算拨款“三公”经费及会议费、培训费支出预算表", heads, *lines))
    assert [yuan(reading, "预9", "金额", column) for column in "136"] == [65000, 50000, 15000]
    assert not findings(reading)


def test_carry_over_within_the_grants_of_the_year_is_no_contradiction(tmp_path: Path) -> None:
    """财政拨款 60.00 is 52.00 of this year and 8.00 of last year's, in a table that lists the latter below it."""
    heads = row("收入", "", "支出", "") + row("项目", "预算数", "项目", "预算数")

    def lines(grants: str) -> list[str]:
        return [
            row("一、财政拨款", grants, "一、农林水支出", "60.00"),
            row("（1）一般公共预算拨款", "52.00", "", ""),
            row("（2）上年结转", "8.00", "", ""),
            row("本年收入合计", "60.00", "本年支出合计", "60.00"),
            row("收入总计", "60.00", "支出总计", "60.00"),
        ]

    assert not findings(read(tmp_path, table("部门综合预算收支总表", heads, *lines("60.00"))))
    assert any("财政拨款收入" in found for found in findings(read(tmp_path, table("收支总表", heads, *lines("61.00")))))


def test_panes_that_tell_the_expenditure_again_are_left_out(tmp_path: Path) -> None:
    heads = row("收入", "", "支出", "", "", "") + row("项目", "预算数", "按功能科目", "预算数", "按支出结构", "预算数")
    lines = [
        row("一、一般公共预算拨款", "52.00", "一、农林水支出", "52.00", "一、基本支出", "40.00"),
        row("", "", "", "", "二、项目支出", "12.00"),
        row("本年收入合计", "52.00", "本年支出合计", "52.00", "本年支出合计", "52.00"),
        row("上年结余", "", "年终结余", "", "年终结余", ""),
        row("收入总计", "52.00", "支出总计", "52.00", "支出总计", "52.00"),
    ]
    reading = read(tmp_path, table("部门收支总体情况表", heads, *lines))
    assert yuan(reading, "预1", "213", "2") == 520000
    assert yuan(reading, "预1", "支出总计", "2") == 520000
    assert not [item for item in reading.account.unplaced if item.form]


def test_a_workbook_of_published_tables_is_no_ledger(tmp_path: Path) -> None:
    """One of its tables lists projects with code and amount, as a ledger does: the others say what it is."""
    book = openpyxl.Workbook()
    for title in ("部门收支总表", "部门收入总表", "一般公共预算支出表"):
        sheet = book.create_sheet(title)
        sheet.append([f"{UNIT}2024年{title}"])
        sheet.append(["科目编码", "科目名称", "合计"])
        sheet.append(["213", "农林水支出", 52])
    sheet = book.create_sheet("项目")
    sheet.append(["单位编码", "项目名称", "功能科目编码", "部门经济科目编码", "资金性质", "金额"])
    sheet.append(["101001", "渠道维修", "2130306", "30213", "一般公共预算", 12])
    path = tmp_path / "budget.xlsx"
    book.save(path)
    refuse_what_is_no_document(path)


def test_two_digits_that_changed_places_are_told_by_name_and_order(tmp_path: Path) -> None:
    """13 behind 29, with the name of 30231, is 30231: no class is off its parts then."""
    names = ("经济分类科目编码", "", "经济分类科目名称", "合计", "人员经费", "公用经费")
    heads = row(*names) + row("类", "款", "", "", "", "")
    lines = [
        row("302", "", "商品和服务支出", "9.00", "", "9.00"),
        row("", "13", "维修（护）费", "2.00", "", "2.00"),
        row("", "29", "福利费", "3.00", "", "3.00"),
        row("", "13", "公务用车运行维护费", "4.00", "", "4.00"),
        row("合计", "", "", "9.00", "", "9.00"),
    ]
    reading = read(tmp_path, table("一般公共预算基本支出表", heads, *lines))
    assert yuan(reading, "预8", "30231", "1") == 40000
    assert [(label.row, label.printed) for label in reading.account.labels if label.printed] == [("30231", "13")]
    (finding,) = findings(reading)
    assert finding.startswith("C104") and "应为 30231" in finding


def test_a_label_broken_over_lines_is_that_of_its_first_line(tmp_path: Path) -> None:
    """机关事业单位 / 基本养老保险 / 缴费支出 in three lines; 行政运行 above 公用经费 are two names."""
    lines = (
        row("科目编码", "科目名称", "合计", "基本支出", "项目支出"), row("", "合计", "130.00", "110.00", "20.00"),
        row("201", "一般公共服务支", "100.00", "80.00", "20.00"), row("", "出", "", "", ""),
        row("20106", "财政事务", "100.00", "80.00", "20.00"), row("2010601", "行政运行", "80.00", "80.00", ""),
        row("", "公用经费", "", "", ""),
        row("2010602", "一般行政管理", "20.00", "", "20.00"), row("", "事务", "", "", ""),
        row("208", "社会保障和就业", "30.00", "30.00", ""), row("", "支出", "", "", ""),
        row("20805", "行政事业单位养老支出", "30.00", "30.00", ""),
        row("2080505", "机关事业单位", "20.00", "20.00", ""), row("", "基本养老保险", "", "", ""),
        row("", "缴费支出", "", "", ""),
        row("2080506", "机关事业单位职业年金缴费", "10.00", "10.00", ""), row("", "支出", "", "", ""),
    )  # fmt: skip
    reading = read(tmp_path, table("一般公共预算支出表", *lines))
    names = {label.row: label.text for label in reading.account.labels}
    assert names["201"] == "一般公共服务支出"
    assert names["2010602"] == "一般行政管理事务" and names["2010601"] == "行政运行"
    assert names["2080505"] == "机关事业单位基本养老保险缴费支出" and names["2080506"] == "机关事业单位职业年金缴费支出"
    assert yuan(reading, "预5", "2080505", "1") == 200000
    assert not findings(reading)


def test_one_column_under_the_outlay_is_its_total(tmp_path: Path) -> None:
    """The form divides the outlay by kind (人员经费, 公用经费, 项目支出); the unit prints 预算数 alone."""
    lines = (
        row("收入", "", "支出", ""), row("项目", "预算数", "项目", "预算数"),
        row("一、一般公共预算拨款收入", "388,912", "一、社会保障和就业支出", "47,830"),
        row("四、事业收入", "88,600", "二、卫生健康支出", "429,682"), row("收入总计", "477,512", "支出总计", "477,512"),
    )  # fmt: skip
    path = tmp_path / "document.html"
    title = "<p>上海市某区某所2026年预算单位财务收支预算总表</p><p>单位：元</p>"
    path.write_text(f"<html><body>{title}<table>{''.join(lines)}</table></body></html>", encoding="utf-8")
    reading = read_document(path, profile="shanghai-unit-budget-2025")
    assert yuan(reading, "预1", "208", "2") == 47830 and yuan(reading, "预1", "支出总计", "2") == 477512


def test_a_line_that_only_heads_others_is_not_their_total(tmp_path: Path) -> None:
    """一、“三公”经费支出 is blank; （一）支出合计 has the amounts."""
    lines = (
        row("项目", "行次", "全年预算数", "决算统计数"), row("一、“三公”经费支出", "1", "", ""),
        row("（一）支出合计", "2", "21.00", "17.54"), row("1．因公出国（境）费", "3", "0.00", "0.00"),
        row("2．公务用车购置及运行维护费", "4", "16.00", "14.36"), row("（1）公务用车购置费", "5", "0.00", "0.00"),
        row("（2）公务用车运行维护费", "6", "16.00", "14.36"), row("3．公务接待费", "7", "5.00", "3.18"),
        row("（1）国内接待费", "8", "5.00", "3.18"),
    )  # fmt: skip
    path = tmp_path / "document.html"
    title = f"<p>{UNIT}2022年度部门决算</p><p>“三公”经费、行政参公单位机关运行经费情况表</p><p>单位：万元</p>"
    path.write_text(f"<html><body>{title}<table>{''.join(lines)}</table></body></html>", encoding="utf-8")
    reading = read_document(path)
    amounts = {k: f.figure.value for k, f in reading.account.facts.items() if k.startswith("表9")}
    assert [amounts[f"表9!金额行{column}栏"] for column in ("1", "7", "12")] == [210000, 175400, 31800]
    assert not reading.account.unplaced and not findings(reading)


def test_the_odd_amount_of_a_list_is_held_against_the_column_of_the_others(tmp_path: Path) -> None:
    """支出包括：…: three classes are those of the total statement, the fourth stands nowhere."""
    lines = (
        row("收入", "", "支出", ""), row("项目", "预算数", "项目", "预算数"),
        row("一、一般公共预算拨款收入", "1,000.00", "一、一般公共服务支出", "600.00"),
        row("", "", "八、社会保障和就业支出", "200.00"), row("", "", "九、卫生健康支出", "120.00"),
        row("", "", "十九、住房保障支出", "80.00"), row("收入总计", "1,000.00", "支出总计", "1,000.00"),
    )  # fmt: skip
    text = (
        "<p>二、关于收支总表的说明</p><p>收支总预算1,000.00万元。支出包括：一般公共服务支出600.00万元、社会保障和就业支出200.00万元、"
        "卫生健康支出{}万元、住房保障支出80.00万元。</p>"
    )
    whole = table("部门收支总表", *lines)
    assert not findings(read(tmp_path, whole, text.format("120.00")))
    (found,) = findings(read(tmp_path, whole, text.format("123.00")))
    assert found.startswith("Z111") or ("Z181" in found and "120.00" in found), found


def test_an_item_is_held_against_its_whole_where_parts_stand_beside_it(tmp_path: Path) -> None:
    """群众文化（项）: 146.84 in all tables, of which 100.00 and 46.84; the text has neither."""
    heads = ("科目编码", "科目名称", "合计", "基本支出", "项目支出")
    lines = (
        row(*heads), row("", "合计", "146.84", "100.00", "46.84"),
        row("207", "文化旅游体育与传媒支出", "146.84", "100.00", "46.84"),
        row("20701", "文化和旅游", "146.84", "100.00", "46.84"),
        row("2070109", "群众文化", "146.84", "100.00", "46.84"),
    )  # fmt: skip
    tables = table("部门支出总表", *lines) + table("一般公共预算支出表", *lines)
    text = "<p>4.文化旅游体育与传媒支出（类）文化和旅游（款）群众文化（项）2024年预算数为{}万元，主要用于文化馆。</p>"
    assert not findings(read(tmp_path, tables, text.format("146.84")))
    (found,) = findings(read(tmp_path, tables, text.format("164.84")))
    assert found.startswith("Z181") and "146.84" in found


def test_an_empty_table_of_a_fund_that_another_table_has(tmp_path: Path) -> None:
    total = (
        row("收入", "", "支出", ""), row("项目", "预算数", "项目", "预算数"),
        row("一、一般公共预算拨款收入", "800.00", "一、一般公共服务支出", "800.00"),
        row("二、政府性基金预算拨款收入", "180.00", "十一、城乡社区支出", "180.00"),
        row("收入总计", "980.00", "支出总计", "980.00"),
    )  # fmt: skip
    spent = row("科目编码", "科目名称", "合计", "基本支出", "项目支出")
    items = (spent, row("", "合计", "980.00", "800.00", "180.00"))
    whole = (table("部门收支总表", *total), table("部门支出总表", *items), table("政府性基金预算支出表", spent))
    found = [each for each in findings(read(tmp_path, *whole)) if each.startswith("F103")]
    assert len(found) == 1 and "180.00" in found[0]


def test_a_share_of_a_list_is_held_against_the_total_of_the_others(tmp_path: Path) -> None:
    """The whole stands in the table only; four shares are of it, the fifth is not."""
    amounts = {
        "201": ("一般公共服务支出", "600.00"), "205": ("教育支出", "200.00"), "208": ("社会保障和就业支出", "100.00"),
        "210": ("卫生健康支出", "60.00"), "221": ("住房保障支出", "40.00"),
    }  # fmt: skip
    lines = (
        row("科目编码", "科目名称", "合计"), row("", "合计", "1,000.00"),
        *(row(code, name, value) for code, (name, value) in amounts.items()),
    )  # fmt: skip
    shares = dict(zip(amounts, ("60.00", "20.00", "10.00", "6.00", "4.00"), strict=True))

    def told(**changed: str) -> list[str]:
        texts = [
            f"<p>{n}.{name}（类）{value}万元，占{changed.get(f'c{code}', shares[code])}%。</p>"
            for n, (code, (name, value)) in enumerate(amounts.items(), 1)
        ]
        return findings(read(tmp_path, table("一般公共预算支出表", *lines), "<p>五、支出结构情况</p>", *texts))

    assert not told()
    (found,) = told(c208="13.00")
    assert found.startswith("Z103") and "应为10.00%" in found


def test_what_a_project_carries_over_is_not_all_that_is_carried_over(tmp_path: Path) -> None:
    lines = (
        row("科目编码", "科目名称", "合计", "上年结转", "一般公共预算"), row("", "合计", "538.05", "38.05", "500.00"),
        row("213", "农林水支出", "538.05", "38.05", "500.00"),
    )  # fmt: skip
    text = "<p>九、重点项目</p><p>1.公益林生态效益补偿项目，预算安排241.75万元，其中上年结转21.75万元。</p>"
    assert not findings(read(tmp_path, table("部门收入总表", *lines), text))


def test_a_longer_name_is_none_of_the_line_that_it_ends_with(tmp_path: Path) -> None:
    """离线存储介质购置费 is no 公务用车购置费."""
    lines = (
        row("合计", "因公出国（境）费", "公务用车购置及运行费", "", "", "公务接待费"),
        row("", "", "小计", "购置费", "运行费", ""), row("5.00", "0.00", "3.00", "0.00", "3.00", "2.00"),
    )  # fmt: skip
    text = (
        "<p>项目经费情况说明</p><p>本项目2024年度预算安排98.64万元，资金来源为一般公共预算。其中：纸质档案扫描加工费62.40万元、"
        "离线存储介质购置费36.24万元。</p>"
    )
    assert not findings(read(tmp_path, table("一般公共预算“三公”经费支出表", *lines), text))
