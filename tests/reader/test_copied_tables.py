"""Tables that copies of pages print as text: empty cells lost, run together, in the other script, with sentences."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from juesuan.account import Account
from juesuan.checker import check
from juesuan.reader import read_document
from juesuan.reader.account import Reading

LEFT = ("财政拨款收入", "上级补助收入", "事业收入", "经营收入", "附属单位上缴收入", "其他收入")
RIGHT = (
    "一般公共服务支出", "外交支出", "国防支出", "公共安全支出", "教育支出", "科学技术支出", "文化体育与传媒支出",
    "社会保障和就业支出", "医疗卫生与计划生育支出", "节能环保支出", "城乡社区支出", "农林水支出",
)  # fmt: skip
NUMERALS = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]
INCOME = {"财政拨款收入": "625.58", "事业收入": "34221.23"}
OUTLAY = {"医疗卫生与计划生育支出": "36341.62"}
BELOW = [
    ("本年收入合计", "34846.81", "本年支出合计", "36341.62"),
    ("用事业基金弥补收支差额", "1604.54", "结余分配", ""),
    ("年初结转和结余", "364.65", "年末结转和结余", "474.38"),
    ("总计", "36816.00", "总计", "36816.00"),
]
SCRIPTS = (
    "财拨业营属单农术体传医疗与计节环乡区结转余总额项栏补",
    "財撥業營屬單農術體傳醫療與計節環鄉區結轉餘總額項欄補",
)
TITLE = "某市医院2017年度部门决算\n收入支出决算总表\n单位：万元\n"


def _lines() -> list[list[str]]:
    """The lines of the table with the numbers of the lines, each cell; empty ones as well."""
    lines = []
    for n, name in enumerate(RIGHT):
        income = LEFT[n] if n < len(LEFT) else ""
        label = f"{NUMERALS[n]}、{income}" if income else ""
        lines.append([label, str(n + 1), INCOME.get(income, ""), f"{NUMERALS[n]}、{name}", str(n + 28),
                      OUTLAY.get(name, "")])  # fmt: skip
    for n, (left, amount, right, other) in enumerate(BELOW):
        lines.append([left, str(n + 13), amount, right, str(n + 40), other])
    return lines


def _read(text: str, folder: Path) -> Reading:
    path = folder / "page.txt"
    path.write_text(text, encoding="utf-8")
    return read_document(path)


def _amounts(account: Account) -> set[Decimal]:
    return {fact.figure.value / 10000 for fact in account.facts.values() if fact.figure.value}


def _cells_lost() -> str:
    """Each line without its empty cells, whose bars stand at the end."""
    shown = [["收入", "支出"], ["项目", "行次", "金额", "项目", "行次", "金额"], ["栏次", "1", "栏次", "2"], *_lines()]
    filled = [[cell for cell in line if cell] for line in shown]
    return TITLE + "\n".join(" | ".join(line) + " |" + "|" * (6 - len(line)) for line in filled)


def _in_one_line() -> str:
    """Every cell but the numbers of lines and the empty ones, a blank between two, totals with letters set apart."""
    cells = [cell for line in _lines() for cell in (line[0], line[2], line[3], line[5]) if cell]
    spaced = [" ".join(cell) if cell.startswith("本年") else cell for cell in cells]
    return "某市医院 2017年度部门决算 收入支出决算总表 单位:万元 收 项 入 目 金额 支 项 目 出 金额 " + " ".join(spaced)


@pytest.mark.parametrize("text", [_cells_lost(), _in_one_line()], ids=["empty cells lost", "in one line"])
def test_income_beside_outlay_is_read_whatever_became_of_its_empty_cells(text: str, tmp_path: Path) -> None:
    reading = _read(text, tmp_path)
    wanted = {Decimal(v) for v in (*INCOME.values(), *OUTLAY.values())}
    wanted |= {Decimal(cell) for line in BELOW for cell in line[1::2] if cell}
    assert [table.form for table in reading.account.tables] == ["表1"]
    assert _amounts(reading.account) == wanted
    assert not [each for each in check(reading.account, statute=reading.statute).findings if each.severity == "error"]
    wrong = _read(text.replace("34846.81", "34864.81"), tmp_path)
    found = check(wrong.account, statute=wrong.statute).findings
    assert any("34864.81" in f"{each.message}{each.stated}".replace(",", "") for each in found)


def test_a_table_in_traditional_signs_is_read_as_the_other(tmp_path: Path) -> None:
    simple = _cells_lost()
    traditional = simple.translate(str.maketrans(*SCRIPTS))
    assert _amounts(_read(traditional, tmp_path).account) == _amounts(_read(simple, tmp_path).account)


def test_sentences_in_a_cell_are_read_as_sentences(tmp_path: Path) -> None:
    text = (
        "某县2021年“三公”经费预算情况统计表 | ||\n单位:万元 | ||\n项目 | 本年预算数 | 备注 |\n合计 | 38.62 | |\n"
        "1、因公出国（境）费 | 0 | |\n2、公务接待费 | 25.18 | |\n3、公务用车运行维护费 | 13.44 | |\n"
        "增减情况说明：2021年度“三公”经费预算数为38.62万元，较2020年43.52万元减少4.90万元，同比下降12.7%。"
        "按照只减不增的原则从严控制。 |"
    )
    reading = _read(text, tmp_path)
    told = {(each.measure, each.text) for each in reading.account.stated}
    assert {("上年预算", "43.52万元"), ("变动额", "4.90万元"), ("变动率", "12.7%")} <= told
    codes = [each.code for each in check(reading.account, statute=reading.statute).findings]
    assert "Z101" in codes, "4.90/43.52 is 11.26 per cent, 12.7 is of this year's amount"


def test_a_form_of_evaluation_in_one_line(tmp_path: Path) -> None:
    text = (
        "项目支出绩效自评表 (2022年度) 项目名称 环境整治项目 主管部门 某镇人民政府 实施单位 某镇人民政府 "
        "项目资金 (万元) 年初预算数 全年预算数 全年执行数 分值 执行率 得分 年度资金总额: 62 61.38 60.15 10 98% 9.8 "
        "其中:本年财政拨款 62 61.38 60.15 绩效指标 一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分 "
        "偏差原因分析及改进措施 产出指标(50分) 数量指标 整治村数 ≥40个 40个 20 20 质量指标 清运率 ≥95% 97% 30 30 "
        "效益指标(30分) 社会效益指标 村容改善 效果明显 达成预期指标 30 30 经济效益指标 满意度指标(10分) 满意度指标 "
        "公众满意度 ≥90% 92% 10 9 总分 100 97.8"
    )
    reading = _read(text, tmp_path)
    (sheet,) = reading.account.sheets
    assert [each.name for each in sheet.indicators] == ["整治村数", "清运率", "村容改善", "公众满意度"]
    assert sheet.score == Decimal("97.8") and sheet.execution_score == Decimal("9.8")
    found = {each.code for each in check(reading.account, statute=reading.statute).findings if each.severity == "error"}
    assert "E107" in found and not found & {"E105", "E106", "E110"}, "9.8+20+30+30+9 is 98.8"


BUDGET_OF_TWO_YEARS = """某市某局2026年部门预算

2026年一般公共预算支出情况表

单位：万元

| 功能分类科目 | | 2025年预算数 | 2026年预算数 | | |
|---|---|---|---|---|---|
| 科目编码 | 科目名称 | | 小计 | 基本支出 | 项目支出 |
| | 合计 | 12.00 | 11.00 | 8.00 | 3.00 |
| 201 | 一般公共服务支出 | 12.00 | 11.00 | 8.00 | 3.00 |
| 20101 | 人大事务 | 12.00 | 11.00 | 8.00 | 3.00 |
| 2010101 | 行政运行 | 9.00 | 8.00 | 8.00 | |
| 2010104 | 人大会议 | 3.00 | 3.00 | | 3.00 |
"""


def test_last_years_column_before_those_of_the_year_is_no_name(tmp_path: Path) -> None:
    path = tmp_path / "budget.md"
    path.write_text(BUDGET_OF_TWO_YEARS, encoding="utf-8")
    reading = read_document(path)
    assert {label.row: label.text for label in reading.account.labels}["2010101"] == "行政运行"
    assert reading.account.facts["预5!2010104行3栏"].figure.value == Decimal(30000)
    assert not [each for each in check(reading.account, statute=reading.statute).findings if each.code == "C102"]


FUND = """某市某局2023年度部门决算

政府性基金预算财政拨款收入支出决算表

单位：某市某局 金额单位：万元

| 科目编码 | 科目名称 | 年初结转和结余 | 本年收入 | 本年支出 | | | 年末结转和结余 |
|---|---|---|---|---|---|---|---|
| | | | | 小计 | 基本支出 | 项目支出 | |
| | 合计 | 0.00 | 160.00 | 160.00 | 0.00 | 160.00 | 0.00 |
| 212 | 城乡社区支出 | 0.00 | 160.00 | 160.00 | 0.00 | 160.00 | 0.00 |
| 21208 | 国有土地使用权出让收入安排的支出 | 0.00 | 160.00 | 160.00 | 0.00 | 160.00 | 0.00 |
| 2120804 | 农村基础设施建设支出 | 0.00 | 160.00 | 160.00 | 0.00 | 160.00 | 0.00 |

八、政府性基金预算支出决算情况说明

2023年没有使用政府性基金预算拨款安排的支出。
"""


def test_a_fund_that_the_text_denies_and_its_table_has(tmp_path: Path) -> None:
    path = tmp_path / "account.md"
    path.write_text(FUND, encoding="utf-8")
    reading = read_document(path)
    assert reading.account.unit.name == "某市某局"
    found = check(reading.account, statute=reading.statute).findings
    assert [each.stated for each in found if each.code == "Z134"] == ["没有使用政府性基金预算拨款"]
    path.write_text(FUND.replace("2023年没有使用政府性基金预算拨款安排的支出", "本年收入160.00万元"), encoding="utf-8")
    sound = read_document(path)
    assert not [each for each in check(sound.account, statute=sound.statute).findings if each.code == "Z134"]
