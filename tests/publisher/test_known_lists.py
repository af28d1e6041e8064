"""Places whose contents lists were seen on public pages, not in ../shared/real: tables, parts and sections in order."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import load_workbook

import juesuan
from juesuan.checker import check
from juesuan.compiler import assemble
from juesuan.inspection import compile_sources
from juesuan.publisher import Table, lay_out
from juesuan.reader import read_document
from juesuan.statute import load_statute
from juesuan.synthetic.unit import UnitMaker
from publisher.test_places import EXCERPTS, PLAN, UNIT, account_of, contents, document_of

FIRST = ("收入支出决算总表", "收入决算表", "支出决算表", "财政拨款收入支出决算总表")
FUND, CAPITAL = "政府性基金预算财政拨款收入支出决算表", "国有资本经营预算财政拨款支出决算表"
TABLES = {
    # 内蒙古自治区公共资源交易中心、巴彦淖尔市审计局、包头市商务局, 2022: one list.
    ("inner-mongolia", 2022): (
        *FIRST, "项目收入支出决算表", "一般公共预算财政拨款支出决算表", "一般公共预算财政拨款基本支出决算明细表",
        "一般公共预算财政拨款项目支出决算明细表", FUND, CAPITAL, "财政拨款三公经费支出决算表",
        "机构运行经费支出、国有资产占用情况及政府采购支出信息表",
    ),
    # 湛江市人民政府行政服务中心, 2021.
    ("guangdong", 2021): (
        *FIRST, "一般公共预算财政拨款支出决算表", "一般公共预算财政拨款基本支出决算明细表",
        "一般公共预算财政拨款三公经费支出决算表", FUND, CAPITAL,
    ),
    # 柞水县审计局, 2020.
    ("shaanxi", 2020): (
        FIRST[0], "收入决算总表", "支出决算总表", FIRST[3], "一般公共预算财政拨款支出决算表",
        "一般公共预算财政拨款基本支出决算表", "一般公共预算财政拨款三公经费及会议费、培训费支出决算表", FUND, CAPITAL,
    ),
    # 泸州市中医医院, 2023, as far as the list was seen (seven); the issue says thirteen, 三公 last.
    ("sichuan", 2023): (
        *FIRST, "财政拨款支出决算明细表", "一般公共预算财政拨款支出决算表", "一般公共预算财政拨款支出决算明细表",
        "一般公共预算财政拨款基本支出决算表", "一般公共预算财政拨款项目支出决算表", FUND,
        "国有资本经营预算财政拨款收入支出决算表", CAPITAL, "财政拨款三公经费支出决算表",
    ),
}  # fmt: skip
PARTS = {
    ("inner-mongolia", 2022): [
        "部门概况", "部门决算情况说明", "名词解释", "决算公开联系方式及信息反馈渠道", "部门决算表",
    ],
    ("guangdong", 2021): ["概况", "部门决算表", "部门决算情况说明", "名词解释"],
    ("shaanxi", 2020): ["部门概况", "部门决算表", "部门决算情况说明", "专业名词解释"],
    ("sichuan", 2023): ["单位概况", "单位决算情况说明", "名词解释", "附件", "附表"],
}  # fmt: skip
MONGOLIA = (
    "收入支出决算总体情况说明", "收入决算情况说明", "支出决算情况说明", "财政拨款收入支出决算总体情况说明",
    "一般公共预算支出决算情况说明", "一般公共预算基本支出决算情况说明", "一般公共预算项目支出决算情况说明",
    "财政拨款三公经费支出决算情况说明", "政府性基金预算财政拨款支出决算情况说明",
    "国有资本经营预算财政拨款支出决算情况说明", "项目支出决算情况说明", "机构运行经费支出决算情况说明",
    "政府采购支出决算情况说明", "国有资产占用情况说明", "预算绩效情况说明",
)  # fmt: skip
SICHUAN = (
    *MONGOLIA[:4], "一般公共预算财政拨款支出决算情况说明", "一般公共预算财政拨款基本支出决算情况说明", MONGOLIA[7],
    "政府性基金预算支出决算情况说明", "国有资本经营预算支出决算情况说明",
)  # fmt: skip
SECTIONS = {("inner-mongolia", 2022): MONGOLIA, ("sichuan", 2023): SICHUAN}


@pytest.mark.parametrize("place", TABLES)
def test_a_place_compiles_the_list_that_was_seen(place: tuple[str, int]) -> None:
    parts, tables, sections = contents(document_of(*place))
    assert tuple(tables) == TABLES[place]
    assert parts[: len(PARTS[place])] == PARTS[place]
    if place in SECTIONS:
        assert tuple(section for section in sections if section in SECTIONS[place]) == SECTIONS[place]


def test_a_court_of_hainan_is_answered_in_its_words() -> None:
    """028: the section's title, and what it says of 三公; all that the excerpts hold of the place."""
    if not EXCERPTS.is_dir():
        pytest.skip("the excerpts lie beside the repository")
    title = "一般公共预算财政拨款“三公”经费支出决算情况说明"
    assert title in (EXCERPTS / "028.txt").read_text(encoding="utf-8")
    _, tables, sections = contents(document_of("hainan", 2021))
    assert title.replace("“", "").replace("”", "") in sections
    assert all(table.endswith("公开表") for table in tables)
    assert [table for table in tables if "三公" in table] == [
        "一般公共预算财政拨款三公经费支出决算公开表", "三公经费相关统计数公开表",
    ]  # fmt: skip


@pytest.mark.parametrize("ending", ["公开表", "批复", "批复表"])
def test_hainans_tables_are_known_by_either_ending(ending: str, tmp_path: Path) -> None:
    statute = load_statute("hainan", 2021)
    plan = type(PLAN)("100001", "海口市服务中心合成数据", 2, 26, False, "海口市某局合成数据", False)
    gathered = UnitMaker(plan, 1).year(statute, None, *(juesuan.account.ZERO,) * 2).gathered
    account = assemble(gathered, statute).account
    page = juesuan.publish(account, tmp_path, ["html"], draft=True)[0]
    page.write_text(page.read_text(encoding="utf-8").replace("决算公开表", f"决算{ending}"), encoding="utf-8")
    reading = read_document(page)
    assert (reading.statute.profile.key, reading.account.year) == ("hainan", 2021)
    assert [table.form for table in reading.account.tables if table.form] == list(statute.profile.order)
    report = check(reading.account, statute=reading.statute)
    assert [f.message for f in report.findings if f.severity == "error"] == []


def test_shaanxi_prints_who_has_cleared_it_on_the_cover() -> None:
    account, statute = account_of("shaanxi", 2020), load_statute("shaanxi", 2020)
    account.texts.update({"保密审查情况": "已审查", "审签情况": "已审签"})
    assert lay_out(account, statute).cover == (
        f"{UNIT}2020年部门决算", "保密审查情况：已审查", "部门主要负责人审签情况：已审签",
    )  # fmt: skip


def test_inner_mongolias_projects_are_told_and_asked_for() -> None:
    account, statute = account_of("inner-mongolia", 2022), load_statute("inner-mongolia", 2022)
    told = [p.text for section in account.narrative for p in section.paragraphs if "项目支出" in section.title]
    clauses = {claim.clause for s in account.narrative for p in s.paragraphs for claim in p.claims}
    assert {"N1601", "N1611"} <= clauses
    spent = account.facts["表5!合计行3栏"].figure.value / 10000
    assert any(f"一般公共预算财政拨款项目支出{spent:,.2f}万元" in text for text in told)
    asked = {field.key for field in statute.profile.overview if field.required}
    assert {"项目收支", "一般公共预算项目支出明细"} <= asked
    earlier = {field.key for field in load_statute("inner-mongolia", 2021).profile.overview}
    assert "项目收支" not in earlier and "执行分析" in earlier


EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022"


def test_inner_mongolias_projects_are_made_of_what_was_given() -> None:
    """The example has no carry-over, and its ledger an economic class for each outlay: both tables follow from it."""
    made = compile_sources([EXAMPLE / "ledger.csv", EXAMPLE / "workbook.xlsx"], "inner-mongolia")
    assert [note.code for note in made.notes if note.code == "L207"] == ["L207", "L207"]
    assert made.account.texts["项目收支"].splitlines() == [
        "2080108 人社系统信息化建设项目||784.05|784.05|", "2080199 日常系统运行经费项目||187.64|187.64|",
    ]  # fmt: skip
    items = [line.split("|") for line in made.account.texts["一般公共预算项目支出明细"].splitlines()]
    assert [(cells[0], cells[1]) for cells in items] == [
        ("2080108 信息化建设", "784.05"), ("2080199 其他人力资源和社会保障管理事务支出", "187.64"),
    ]  # fmt: skip
    for cells in items:
        assert sum(Decimal(cell) for cell in cells[2:] if cell) == Decimal(cells[1])
    # One page shows them, and no text is asked for that the program wrote.
    tables = {block.key: block for block in lay_out(made.account, made.statute).blocks if isinstance(block, Table)}
    assert [cell.text for cell in tables["地方表项目收支表"].body[0]] == [
        "2080108 人社系统信息化建设项目", "", "784.05", "784.05", "",
    ]  # fmt: skip
    assert not {"项目收支", "一般公共预算项目支出明细"} & {missing.address for missing in made.missing}


def test_inner_mongolias_projects_are_asked_for_where_they_do_not_follow(tmp_path: Path) -> None:
    """Money carried over may be of any project, and a ledger without economic classes says none."""
    book = load_workbook(EXAMPLE / "workbook.xlsx")
    book["结转结余"].cell(5, 1).value, book["结转结余"].cell(5, 4).value = "一般公共预算", 1000
    book.save(tmp_path / "workbook.xlsx")
    lines = list(csv.DictReader((EXAMPLE / "ledger.csv").open(encoding="utf-8-sig")))
    column = next(name for name in lines[0] if "ECO" in name)
    for line in lines:
        line[column] = "" if line["支出性质"] == "项目支出" else line[column]
    with (tmp_path / "ledger.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(lines)
    made = compile_sources([tmp_path / "ledger.csv", tmp_path / "workbook.xlsx"], "inner-mongolia")
    assert not [note for note in made.notes if note.code == "L207"]
    assert {"项目收支", "一般公共预算项目支出明细"} <= {missing.address for missing in made.missing}
