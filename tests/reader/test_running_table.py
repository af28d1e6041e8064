"""机构运行信息表 and the other tables of 三公 expenses that go on with counts, assets and procurement."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from juesuan.checker import check
from juesuan.reader import read_document
from juesuan.reader.account import Reading

PANES = [
    ("项目", "预算数", "决算数", "项目", "决算数"),
    ("一、“三公”经费支出", "—", "—", "四、机关运行经费", "61.40"),
    ("（一）支出合计", "9.00", "8.20", "（一）行政单位", "61.40"),
    ("1.因公出国（境）费", "0.00", "0.00", "五、国有资产占用情况", "—"),
    ("2.公务用车购置及运行维护费", "6.00", "5.70", "（一）车辆数合计（辆）", "3"),
    ("（1）公务用车购置费", "0.00", "0.00", "1.机要通信用车", "1"),
    ("（2）公务用车运行维护费", "6.00", "5.70", "2.应急保障用车", "2"),
    ("3.公务接待费", "3.00", "2.50", "六、政府采购支出信息", "—"),
    ("（1）国内接待费", "—", "2.50", "（一）政府采购支出合计", "40.00"),
    ("（二）相关统计数", "—", "—", "1.政府采购货物支出", "10.00"),
    ("1.公务用车保有量（辆）", "—", "2", "2.政府采购工程支出", "0.00"),
    ("2.国内公务接待批次（个）", "—", "31", "3.政府采购服务支出", "30.00"),
    ("3.国内公务接待人次（人）", "—", "248", "", ""),
]
UPRIGHT = [
    ("项目", "行次", "年初预算数", "全年预算数", "决算统计数"),
    ("栏次", "", "1", "2", "3"),
    ("一、“三公”经费支出", "1", "—", "—", "—"),
    ("（一）支出合计", "2", "9.50", "9.00", "8.20"),
    ("1.因公出国（境）费", "3", "", "", ""),
    ("2.公务用车购置及运行维护费", "4", "6.00", "6.00", "5.70"),
    ("（1）公务用车购置费", "5", "", "", ""),
    ("（2）公务用车运行维护费", "6", "6.00", "6.00", "5.70"),
    ("3.公务接待费", "7", "3.50", "3.00", "2.50"),
    ("（二）相关统计数", "8", "—", "—", "—"),
    ("1.公务用车保有量（辆）", "9", "—", "—", "2"),
    ("2.国内公务接待批次（个）", "10", "—", "—", "31"),
    ("二、机关运行经费", "11", "—", "—", "61.40"),
    ("（一）行政单位", "12", "—", "—", "61.40"),
]


def read(tmp_path: Path, title: str, lines: list[tuple[str, ...]], text: str = "") -> Reading:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in line) + "</tr>" for line in lines)
    body = f"<p>某某县某某局2021年度部门决算</p><p>{text}</p><p>{title}</p><p>单位：万元</p><table>{rows}</table>"
    path = tmp_path / "account.html"
    path.write_text(f"<html><body>{body}</body></html>", encoding="utf-8")
    return read_document(path, profile="national")


def values(reading: Reading, *addresses: str) -> list[Decimal | None]:
    facts = reading.account.facts
    return [facts[address].figure.value if address in facts else None for address in addresses]


def test_expenses_counts_assets_and_procurement_side_by_side(tmp_path: Path) -> None:
    reading = read(tmp_path, "机构运行信息表", PANES)
    assert values(reading, "表9!金额行1栏", "表9!金额行7栏", "表9!金额行12栏") == [90000, 82000, 25000]
    assert values(reading, "三公明细!保有量行数栏", "三公明细!国内接待批次行数栏") == [2, 31]
    assert values(reading, "资产!车辆行数栏", "资产!应急保障用车行数栏") == [3, 2]
    assert values(reading, "采购!总额行数栏", "采购!服务行数栏", "机关运行!金额行数栏") == [400000, 300000, 614000]
    assert not [item for item in reading.account.unplaced if item.form]


def test_the_amended_budget_of_expenses_beside_the_first_one(tmp_path: Path) -> None:
    """全年预算数 is the budget of the form; 年初预算数 stands beside it."""
    reading = read(tmp_path, "财政拨款“三公”经费、行政参公单位机关运行经费情况表", UPRIGHT)
    assert values(reading, "表9!金额行1栏", "表9!金额行6栏", "表9!金额行7栏") == [90000, 30000, 82000]
    assert values(reading, "三公明细!保有量行数栏", "机关运行!金额行数栏") == [2, 614000]
    assert not [item for item in reading.account.unplaced if item.form]


def test_a_count_of_the_text_is_held_to_that_of_the_table(tmp_path: Path) -> None:
    text = "2021年公务接待费支出2.50万元，国内公务接待13批次，248人次。"
    reading = read(tmp_path, "机构运行信息表", PANES, text)
    report = check(reading.account, statute=reading.statute)
    assert any("13" in f.message and "31" in f.message for f in report.findings)


def test_cars_by_kind_are_held_to_their_number(tmp_path: Path) -> None:
    lines = [
        ("项目", "行次", "数量"),
        ("一、车辆数合计（台、辆）", "1", "19"),
        ("1．副部（省）级及以上领导用车", "2", "0"),
        ("2．主要领导干部用车", "3", "0"),
        ("3．机要通信用车", "4", "1"),
        ("4．应急保障用车", "5", "2"),
        ("5．执法执勤用车", "6", "9"),
        ("6．特种专业技术用车", "7", "7"),
        ("7．离退休干部用车", "8", "0"),
        ("8．其他用车", "9", "0"),
        ("二、单价50万元（含）以上通用设备（台、套）", "10", "4"),
        ("三、单价100万元（含）以上专用设备（台、套）", "11", "1"),
    ]

    def found(sound: list[tuple[str, ...]]) -> list[str]:
        reading = read(tmp_path, "国有资产占用情况表", sound)
        report = check(reading.account, statute=reading.statute)
        return [f.code for f in report.findings if f.code in ("S65", "U001") and f.severity != "notice"]

    assert found(lines) == []
    assert found([*lines[:6], ("5．执法执勤用车", "6", "6"), *lines[7:]]) == ["S65"]


def test_vehicles_of_a_sentence_bear_the_names_of_newer_forms(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "某县农业局2023年度部门决算\n第三部分 2023年度部门决算情况说明\n十一、国有资产占用情况说明\n"
        "截至2023年12月31日，本部门共有车辆6辆，其中：副部（省）级及以上领导用车0辆、主要负责人用车1辆、机要通信用车2辆、"
        "离退休干部服务用车2辆、其他用车1辆；单位价值100万元以上设备（不含车辆）0台（套）。", encoding="utf-8")
    reading = read_document(tmp_path / "a.txt")
    rows = [f"资产!{row}行数栏" for row in ("车辆", "主要领导干部用车", "机要通信用车", "离退休干部用车", "其他用车")]
    assert values(reading, *rows) == [6, 1, 2, 2, 1]


def test_a_count_is_of_the_year_not_of_its_change(tmp_path: Path) -> None:
    """The columns of the year before and of changes stand behind the year's own."""
    rows = [
        ("项目", "2021年预算数", "2021年决算数", "2020年决算数", "比上年增减"),
        ("合计", "9.00", "8.20", "8.00", "0.20"), ("因公出国（境）费", "0.00", "0.00", "0.00", "0.00"),
        ("公务用车购置及运行维护费", "6.00", "5.70", "5.60", "0.10"),
        ("公务用车购置费", "0.00", "0.00", "0.00", "0.00"),
        ("公务用车运行维护费", "6.00", "5.70", "5.60", "0.10"), ("公务接待费", "3.00", "2.50", "2.40", "0.10"),
        ("公务用车保有量（辆）", "3", "2", "2", "0"), ("国内公务接待批次（个）", "40", "31", "28", "3"),
    ]  # fmt: skip
    reading = read(tmp_path, "财政拨款“三公”经费支出决算表", rows)
    assert values(reading, "三公明细!保有量行数栏", "三公明细!国内接待批次行数栏") == [2, 31]
