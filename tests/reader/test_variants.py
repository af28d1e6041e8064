"""Tables as other places and years print them: every figure at its address, whatever the layout."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from juesuan.account import Account
from juesuan.checker import check
from juesuan.reader import read_document
from juesuan.reader.tables.titles import form_of_title
from juesuan.statute import load_statute

WAN = Decimal(10000)


def page(title: str, rows: list[list[str]], unit: str = "示例县文化馆", year: int = 2022) -> str:
    lines = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return (
        f"<p>{year}年度{unit}部门决算</p><p>{title}</p><p>单位：{unit}</p><p>金额单位：万元</p><table>{lines}</table>"
    )


def read(text: str, folder: Path) -> Account:
    path = folder / "account.html"
    path.write_text(f"<html><body>{text}</body></html>", encoding="utf-8")
    return read_document(path).account


def amounts(account: Account) -> dict[str, Decimal]:
    return {key: fact.figure.value / WAN for key, fact in account.facts.items()}


def decimals(**expected: str) -> dict[str, Decimal]:
    return {key.replace("_", "!"): Decimal(value) for key, value in expected.items()}


@pytest.mark.parametrize(
    ("title", "form"),
    [
        ("一般公共预算财政拨款“三公”经费支出决算表", "表9"),
        ("一般公共预算财政拨款“三公”经费及会议费、培训费支出决算表", "表9"),
        ("“三公”经费、行政参公单位机关运行经费情况表", "表9"),
        ("收入决算总表", "表2"),
        ("支出决算表（分科目）", "表3"),
        ("财政拨款收支决算总表", "表4"),
        ("一般公共预算财政拨款收入支出决算表", "表5"),
        ("一般公共预算财政拨款基本支出决算明细表", "表6"),
        ("附表3：支出决算表", "表3"),
        ("泸州市示例医院2023年度收入支出决算总表", "表1"),
        ("财政拨款支出决算明细表", "财政拨款明细"),
        ("一般公共预算财政拨款项目支出决算表", "一般项目"),
        ("国有资本经营预算财政拨款收入支出决算表", "表8"),
    ],
)
def test_titles_of_other_places(title: str, form: str) -> None:
    found = form_of_title(title, load_statute("national"))
    assert found is not None and found.key == form


def test_a_longer_title_is_another_table() -> None:
    law = load_statute("national")
    assert form_of_title("社会保险基金收入支出决算表", law) is None
    assert form_of_title("2022年度一般公共预算支出预算执行情况", law) is None


def test_sichuan_prints_two_tables_of_state_capital() -> None:
    law = load_statute("sichuan")
    titles = ["国有资本经营预算财政拨款收入支出决算表", "国有资本经营预算财政拨款支出决算表"]
    assert [form.key for title in titles if (form := form_of_title(title, law))] == ["国资收支", "表8"]


def test_older_numbers_and_names_of_lines(tmp_path: Path) -> None:
    """2018: without state capital, so every number behind it is another; classes under their former names."""
    rows = [
        ["收入", "收入", "收入", "支出", "支出", "支出"],
        ["项目", "行次", "决算数", "项目", "行次", "决算数"],
        ["栏次", "", "1", "栏次", "", "2"],
        ["一、一般公共预算财政拨款收入", "1", "90.00", "一、一般公共服务支出", "28", "10.00"],
        ["二、政府性基金预算财政拨款收入", "2", "5.00", "七、文化体育与传媒支出", "34", "70.00"],
        ["三、上级补助收入", "3", "1.00", "九、医疗卫生与计划生育支出", "36", "8.00"],
        ["四、事业收入", "4", "2.00", "十四、资源勘探信息等支出", "41", "3.00"],
        ["本年收入合计", "22", "98.00", "本年支出合计", "50", "91.00"],
        ["用事业基金弥补收支差额", "23", "1.00", "结余分配", "51", "2.00"],
        ["年初结转和结余", "24", "4.00", "年末结转和结余", "52", "10.00"],
        ["总计", "26", "103.00", "总计", "54", "103.00"],
    ]
    account = read(page("收入支出决算总表", rows, year=2018), tmp_path)
    assert account.unplaced == ()
    assert amounts(account) == {
        "表1!1行1栏": 90, "表1!2行1栏": 5, "表1!4行1栏": 1, "表1!5行1栏": 2, "表1!27行1栏": 98,
        "表1!28行1栏": 1, "表1!29行1栏": 4, "表1!31行1栏": 103, "表1!32行2栏": 10, "表1!38行2栏": 70,
        "表1!40行2栏": 8, "表1!45行2栏": 3, "表1!58行2栏": 91, "表1!59行2栏": 2, "表1!60行2栏": 10, "表1!62行2栏": 103,
    }  # fmt: skip


def test_columns_of_budgets_in_table_1(tmp_path: Path) -> None:
    rows = [
        ["项目", "行次", "年初预算数", "全年预算数", "决算数"] * 2,
        [
            *["一、一般公共预算财政拨款收入", "1", "80.00", "85.00", "90.00"],
            *["一、一般公共服务支出", "32", "79.00", "84.00", "89.00"],
        ],
        ["本年收入合计", "27", "81.00", "86.00", "90.00", "本年支出合计", "58", "78.00", "83.00", "89.00"],
    ]  # fmt: skip
    account = read(page("收入支出决算总表", rows), tmp_path)
    assert account.unplaced == ()
    assert amounts(account) == {
        "表1!1行1栏": 90, "表1!27行1栏": 90, "表1!32行2栏": 89, "表1!58行2栏": 89,
        "表1!1行收入年初栏": 80, "表1!27行收入年初栏": 81, "表1!1行收入全年栏": 85, "表1!27行收入全年栏": 86,
        "表1!32行支出年初栏": 79, "表1!58行支出年初栏": 78, "表1!32行支出全年栏": 84, "表1!58行支出全年栏": 83,
    }  # fmt: skip


def findings(account: Account, severity: str) -> list[str]:
    return [f"{f.code} {f.message}" for f in check(account).findings if f.severity == severity]


def income(*lines: list[str], total: str) -> list[list[str]]:
    return [
        ["项目", "行次", "决算数", "项目", "行次", "决算数"],
        *([*line, "", "", ""] for line in lines),
        ["本年收入合计", "27", total, "本年支出合计", "58", total],
        ["总计", "31", total, "总计", "62", total],
    ]


def test_an_unknown_line_leaves_its_total_undecided(tmp_path: Path) -> None:
    """The line is in the total: 90 + 3 + 7 = 100. Nothing is said against it, but that it was not decided is."""
    lines = [
        ["一、一般公共预算财政拨款收入", "1", "90.00"],
        ["二、事业收入", "5", "3.00"],
        ["三、当地自设的收入", "9", "7.00"],
    ]
    rows = income(*lines, total="100.00")
    rows[1][3:] = ["一、一般公共服务支出", "32", "99.00"]
    account = read(page("收入支出决算总表", rows), tmp_path)
    assert [(item.text, item.form, item.row, item.column) for item in account.unplaced] == [("7.00", "表1", "", "1")]
    assert not any(f.startswith("T101") for f in findings(account, "error"))
    # What the line cannot belong into is still decided: outlays of 99 are not 100.
    assert any("T103" in f for f in findings(account, "error"))


def test_a_wrong_total_of_a_table_read_whole_is_an_error(tmp_path: Path) -> None:
    lines = [["一、一般公共预算财政拨款收入", "1", "90.00"], ["二、事业收入", "5", "3.00"]]
    account = read(page("收入支出决算总表", income(*lines, total="100.00")), tmp_path)
    assert account.unplaced == ()
    assert any("T101" in f for f in findings(account, "error"))


def test_one_line_for_the_three_funds(tmp_path: Path) -> None:
    """2018 and 2019: 财政拨款收入 95 with 5 of it from funds, and 3 of other kinds; 100 is not their total."""
    lines = [
        ["一、财政拨款收入", "1", "95.00"],
        ["其中：政府性基金预算财政拨款", "2", "5.00"],
        ["二、上级补助收入", "3", "1.00"],
        ["三、事业收入", "4", "2.00"],
    ]
    sound = read(page("收入支出决算总表", income(*lines, total="98.00"), year=2019), tmp_path)
    assert sound.unplaced == ()
    assert amounts(sound)["表1!财政拨款行1栏"] == 95 and amounts(sound)["表1!2行1栏"] == 5
    assert not any(f.startswith("T101") for f in findings(sound, "error"))
    wrong = read(page("收入支出决算总表", income(*lines, total="100.00"), year=2019), tmp_path)
    assert any("T101" in f for f in findings(wrong, "error"))


def test_income_with_a_column_of_fees_kept_in_the_treasury(tmp_path: Path) -> None:
    first = ["科目编码", "科目名称", "本年收入合计", "财政拨款收入", "上级补助收入"]
    last = ["经营收入", "附属单位上缴收入", "其他收入"]
    rows = [
        [*first, "事业收入", "事业收入", *last],
        [*first, "小计", "其中：教育收费", *last],
        ["205", "教育支出", "10.00", "6.00", "", "3.00", "2.00", "", "", "1.00"],
    ]  # fmt: skip
    account = read(page("收入决算表", rows), tmp_path)
    assert account.unplaced == ()
    assert amounts(account) == {
        "表2!205行1栏": 10, "表2!205行2栏": 6, "表2!205行4栏": 3, "表2!205行教育收费栏": 2, "表2!205行7栏": 1,
    }  # fmt: skip


def test_general_budget_with_income_and_balances(tmp_path: Path) -> None:
    rows = [
        ["科目编码", "科目名称", "年初结转和结余", "本年收入", *["本年支出"] * 3, "年末结转和结余"],
        ["科目编码", "科目名称", "年初结转和结余", "本年收入", "合计", "基本支出", "项目支出", "年末结转和结余"],
        ["207", "文化旅游体育与传媒支出", "1.00", "9.00", "8.00", "5.00", "3.00", "2.00"],
    ]
    account = read(page("一般公共预算财政拨款收入支出决算表", rows), tmp_path)
    assert account.unplaced == ()
    assert amounts(account) == {
        "表5!207行年初栏": 1, "表5!207行收入栏": 9, "表5!207行1栏": 8, "表5!207行2栏": 5, "表5!207行3栏": 3,
        "表5!207行年末栏": 2,
    }  # fmt: skip


def test_basic_outlay_in_three_columns(tmp_path: Path) -> None:
    rows = [
        ["经济分类科目编码", "科目名称", "合计", "人员经费", "公用经费"],
        ["301", "工资福利支出", "8.00", "8.00", ""],
        ["30101", "基本工资", "8.00", "8.00", ""],
        ["302", "商品和服务支出", "2.00", "", "2.00"],
        ["合计", "", "10.00", "8.00", "2.00"],
    ]
    account = read(page("一般公共预算财政拨款基本支出决算表", rows), tmp_path)
    found = amounts(account)
    assert found["表6!301行1栏"] == 8 and found["表6!30101行1栏"] == 8 and found["表6!302行1栏"] == 2
    assert found["表6!人员经费合计行1栏"] == 8 and found["表6!公用经费合计行1栏"] == 2


def test_three_outlays_upright_with_counts_below(tmp_path: Path) -> None:
    rows = [
        ["项目", "行次", "预算数", "决算数"],
        ["合计", "1", "9.00", "7.00"],
        ["1．因公出国（境）费", "2", "", ""],
        ["2．公务用车购置及运行维护费", "3", "6.00", "5.00"],
        ["（1）公务用车购置费", "4", "", ""],
        ["（2）公务用车运行维护费", "5", "6.00", "5.00"],
        ["3．公务接待费", "6", "3.00", "2.00"],
        ["公务用车保有量（辆）", "7", "", "2"],
        ["国内公务接待批次（个）", "8", "", "12"],
    ]
    account = read(page("财政拨款“三公”经费支出决算表", rows), tmp_path)
    found = amounts(account)
    assert {key: value for key, value in found.items() if key.startswith("表9")} == {
        "表9!金额行1栏": 9, "表9!金额行3栏": 6, "表9!金额行5栏": 6, "表9!金额行6栏": 3,
        "表9!金额行7栏": 7, "表9!金额行9栏": 5, "表9!金额行11栏": 5, "表9!金额行12栏": 2,
    }  # fmt: skip
    assert account.facts["三公明细!保有量行数栏"].figure.value == 2
    assert account.facts["三公明细!国内接待批次行数栏"].figure.value == 12


MEETINGS = ["会议费", "培训费"]
CARS = "公务用车购置及运行维护费"


def test_meetings_and_training_with_a_total_of_all(tmp_path: Path) -> None:
    """Shaanxi: 三公 4 = 1 + 3, with meetings 2 and training 0.50 the total of all is 6.50."""
    outings = "一般公共预算财政拨款安排的“三公”经费"
    rows = [
        ["项目", "合计", *[outings] * 6, *MEETINGS],
        ["项目", "合计", "小计", "因公出国（境）费用", "公务接待费", *[CARS] * 3, *MEETINGS],
        ["项目", "合计", "小计", "因公出国（境）费用", "公务接待费", "小计", "购置费", "运行维护费", *MEETINGS],
        ["栏次", *(str(number) for number in range(1, 10))],
        ["预算数", "7.00", "4.50", "", "1.50", "3.00", "", "3.00", "2.00", "0.50"],
        ["决算数", "6.50", "4.00", "", "1.00", "3.00", "", "3.00", "2.00", "0.50"],
        ["增减额", "-0.50", "-0.50", "", "-0.50", "", "", "", "", ""],
    ]
    account = read(page("一般公共预算财政拨款“三公”经费及会议费、培训费支出决算表", rows, year=2019), tmp_path)
    assert amounts(account) == decimals(
        表9_金额行全部预算栏="7.00", 表9_金额行1栏="4.50", 表9_金额行3栏="3.00", 表9_金额行5栏="3.00",
        表9_金额行6栏="1.50",
        表9_金额行会议预算栏="2.00", 表9_金额行培训预算栏="0.50",
        表9_金额行全部决算栏="6.50", 表9_金额行7栏="4.00", 表9_金额行9栏="3.00",
        表9_金额行11栏="3.00", 表9_金额行12栏="1.00",
        表9_金额行会议决算栏="2.00", 表9_金额行培训决算栏="0.50",
    )  # fmt: skip
    assert {item.form for item in account.unplaced} == {""}
    assert findings(account, "error") == []


@pytest.mark.parametrize(("total", "errors"), [("4.00", 0), ("6.50", 0), ("5.00", 1)])
def test_meetings_and_training_in_or_beside_the_total(total: str, errors: int, tmp_path: Path) -> None:
    """Of 合计 alone the headings do not say whether it includes them: 4.00 does not, 6.50 does, 5.00 is wrong."""
    rows = [
        ["合计", "因公出国（境）费", *[CARS] * 3, "公务接待费", *MEETINGS],
        ["合计", "因公出国（境）费", "小计", "购置费", "运行维护费", "公务接待费", *MEETINGS],
        [total, "", "3.00", "", "3.00", "1.00", "2.00", "0.50"],
    ]
    account = read(page("一般公共预算财政拨款“三公”经费及会议费、培训费支出决算表", rows), tmp_path)
    assert account.unplaced == ()
    assert len(findings(account, "error")) == errors


def test_three_outlays_without_budget(tmp_path: Path) -> None:
    rows = [
        ["合计", "因公出国（境）费", *["公务用车购置及运行费"] * 3, "公务接待费"],
        ["合计", "因公出国（境）费", "小计", "购置费", "运行费", "公务接待费"],
        ["7.00", "", "5.00", "", "5.00", "2.00"],
    ]
    account = read(page("“三公”经费支出决算表", rows), tmp_path)
    assert amounts(account) == {
        "表9!金额行7栏": 7, "表9!金额行9栏": 5, "表9!金额行11栏": 5, "表9!金额行12栏": 2,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "profile"),
    [
        ("四川省示例局", "sichuan"),
        ("泸州市示例医院", "sichuan"),
        ("武汉市示例局", "wuhan-2022"),
        ("柞水县示例局", "shaanxi"),
        ("楚雄彝族自治州示例中心", "yunnan"),
        ("北京市示例局", "beijing"),
        ("内蒙古自治区示例中心", "inner-mongolia"),
        ("湛江市示例中心", "guangdong"),
        ("示例县文化馆", "national"),
    ],
)
def test_the_place_is_told_by_the_name_of_the_unit(unit: str, profile: str, tmp_path: Path) -> None:
    rows = [["项目", "行次", "决算数"], ["总计", "31", "1.00"]]
    assert read(page("收入支出决算总表", rows, unit), tmp_path).profile == profile


def test_a_detailed_table_of_sichuan_by_economic_code(tmp_path: Path) -> None:
    """Lines by function, columns by economic class and item; 3.00 + 1.00 = 4.00, and 4.00 + 2.00 = 6.00."""
    staff, goods = ["工资福利支出"] * 3, ["商品和服务支出"] * 2
    rows = [
        ["科目编码", "科目名称", "合计", *staff, *goods, "当地自设的列"],
        ["科目编码", "科目名称", "合计", "小计", "基本工资", "津贴补贴", "小计", "办公费", "当地自设的列"],
        ["合计", "合计", "6.00", "4.00", "3.00", "1.00", "2.00", "2.00", "0.50"],
        ["208", "社会保障和就业支出", "6.00", "4.00", "3.00", "1.00", "2.00", "2.00", "0.50"],
    ]
    account = read(page("一般公共预算财政拨款支出决算明细表", rows), tmp_path)
    assert amounts(account) == {
        f"一般明细!{row}行{column}栏": Decimal(value)
        for row in ("合计", "208")
        for column, value in zip(("1", "301", "30101", "30102", "302", "30201"), (6, 4, 3, 1, 2, 2), strict=True)
    }
    assert [(item.text, item.form, item.row, item.column) for item in account.unplaced] == [
        ("0.50", "一般明细", "合计", ""),
        ("0.50", "一般明细", "208", ""),
    ]
    assert findings(account, "error") == []
    rows[3][4] = "2.00"
    wrong = findings(read(page("一般公共预算财政拨款支出决算明细表", rows), tmp_path), "error")
    assert any("基本工资" in f for f in wrong)


def test_the_whole_of_a_share_is_not_what_the_sentence_compares(tmp_path: Path) -> None:
    """卫生健康支出……，占一般公共预算财政拨款支出的3.03%，……决算数小于年初预算数: of the class, not of its whole."""
    path = tmp_path / "account.txt"
    path.write_text(
        "示例市某某局2023年度部门决算\n五、一般公共预算财政拨款支出决算情况说明\n"
        "1.卫生健康支出年初预算数为2.00万元，支出决算数为1.98万元，占一般公共预算财政拨款支出的3.03%，"
        "完成年初预算的99%，决算数小于年初预算数的主要原因是人员减少。\n",
        "utf-8",
    )
    statements = read_document(path).account.statements
    assert not [each for each in statements if each.text.startswith("一般公共预算财政拨款支出的3.03")]
