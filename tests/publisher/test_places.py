"""What a profile of a place promises is what it compiles: tables, parts and sections as its contents list has them."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from pathlib import Path

import msgspec
import pytest

import juesuan
from juesuan.account import Account
from juesuan.compiler import assemble
from juesuan.inspection import compile_sources, inspect
from juesuan.publisher import Document, Heading, Table, lay_out
from juesuan.publisher.document import contents as contents_of
from juesuan.statute import load_statute, profiles
from juesuan.statute.language import compact
from juesuan.synthetic.unit import UnitMaker, UnitPlan

EXCERPTS = Path(__file__).parents[3] / "shared" / "real" / "excerpts"
EXAMPLES = Path(__file__).parents[2] / "examples" / "wuhan-2022"
UNIT = "某市服务中心合成数据"
PLAN = UnitPlan("100001", UNIT, 2, 26, False, "某市某局合成数据", False)

LISTS = {
    "008": ("xinjiang", 2019, "乌尔禾区"),
    "011": ("guangxi", 2023, "北海市城市照明管理处"),
    "013": ("hunan", 2021, "关市镇人民政府"),
    "018": ("jiangxi", 2021, "龙华镇政府(?:本级)?"),
    "027": ("yunnan", 2017, ""),
    "031": ("tianjin", 2022, ""),
    "042": ("gansu", 2022, ""),
    "044": ("hunan", 2023, "洪江市人民政府办公室"),
    "051": ("henan", 2019, "安阳市应急管理局"),
    "070": ("jiangsu", 2016, "连云港市数字化城市管理监督指挥中心"),
    "090": ("hubei", 2019, "武汉市武昌区人民政府杨园街办事处"),
    "102": ("inner-mongolia", 2018, ""),
    "105": ("jiangxi", 2020, "永丰县人民法院"),
    "110": ("inner-mongolia", 2019, ""),
    "014": ("beijing", 2023, ""),
}
"""The contents lists, by the number of the excerpt: profile, year, and the unit's name in the titles."""

_NUMBER = "[一二三四五六七八九十]"
_HEADED = rf"(?:表{_NUMBER}[:：]|[（(]{_NUMBER}+[)）])"
_START = re.compile(rf"(?=第{_NUMBER}部分)|(?<![第一二三四五六七八九十])(?={_NUMBER}+、)|(?={_HEADED})")
_ORDINAL = re.compile(rf"^(?:第{_NUMBER}部分[:：]?|{_NUMBER}+、|{_HEADED})")


@cache
def account_of(profile: str, year: int) -> Account:
    """A small unit's account of a year under a profile."""
    statute = load_statute(profile, year)
    return assemble(UnitMaker(PLAN, 1).year(statute, None, Decimal(0), Decimal(0)).gathered, statute).account


@cache
def document_of(profile: str, year: int) -> Document:
    return lay_out(account_of(profile, year), load_statute(profile, year), draft=True)


def plain(text: str, unit: str = UNIT) -> str:
    """A title without its number, the unit, years, pages and quotation marks."""
    text = re.sub(unit, "", _ORDINAL.sub("", compact(text))) if unit else _ORDINAL.sub("", compact(text))
    text = re.sub(r"\d{4}年度?|（表\d+）|[《》“”。]|\.{2,}|\d+$|-\d+-", "", text)
    return re.sub(r"^[:：]", "", text)


def contents(document: Document) -> tuple[list[str], list[str], list[str]]:
    """The titles of parts, tables and sections in order; sections with those below a common heading."""
    parts, tables, sections = [], [], []
    inside = ""
    for block in document.blocks:
        if isinstance(block, Table) and block.heading and "自评表" not in block.title:
            tables.append(plain(block.title))
        elif isinstance(block, Heading) and block.level == 1:
            inside = plain(block.text)
            parts.append(inside)
        elif isinstance(block, Heading) and block.key.startswith("地方表"):
            tables.append(plain(block.text))
        elif isinstance(block, Heading) and (block.level == 2 or block.place.startswith("题·")):
            sections.append(plain(block.text))
    return parts, tables, sections


def listed(number: str, unit: str) -> tuple[list[str], list[str], list[str]]:
    """The same of a contents list, as far as it goes: to where a part begins again."""
    text = (EXCERPTS / f"{number}.txt").read_text(encoding="utf-8").partition("\n")[2]
    text = re.sub(r"决算\s*\n\s*(?=情况说明|表)", "决算", text).replace("目 第一部分 录", "第一部分 ")
    text = compact(re.sub(r"(第[一二三四五六]部分)\s*\n", r"\1", text))
    start = re.search(r"第[一二三四五]部分", text)
    parts: list[str] = []
    tables: list[str] = []
    sections: list[str] = []
    seen: set[str] = set()
    for entry in (each for each in _START.split(text[start.start() if start else 0 :]) if each):
        title = plain(re.sub(r"\.{3,}.*|\d、.*", "", entry), unit)
        if entry.startswith("第"):
            if entry[:4] in seen:
                break
            seen.add(entry[:4])
            parts.append(title)
        elif parts and re.search(r"表$|报表|附表", parts[-1]):
            tables.append(f"{title}表" if title.endswith("决算") else title)
        else:
            sections.append(title)
    return parts, tables, sections


BELOW = {"机关运行经费支出说明", "政府采购支出说明", "国有资产占用情况说明", "预算绩效情况说明"}
"""Sections below a common heading, which some lists do not detail."""
NATIONAL = {"国有资本经营预算财政拨款支出决算情况说明", "政府性基金预算财政拨款收入支出决算情况说明"}
MORE: dict[str, set[str]] = {
    "011": BELOW,
    "013": {
        "财政拨款收入支出决算总体情况说明", "政府性基金预算收入支出决算情况", "关于机关运行经费支出说明",
        "一般性支出情况说明", "关于政府采购支出说明", "关于国有资产占用情况说明", "关于预算绩效情况的说明", *NATIONAL,
    },
    "027": BELOW,
    "044": NATIONAL,
    "090": BELOW,
    "102": NATIONAL,
}  # fmt: skip
"""Sections that the law asks for and the list does not name, by the list."""
TOWNSHIP = ["政府性基金预算财政拨款收入支出决算表", "国有资本经营预算财政拨款支出决算表"]
"""What the law has published beside the seven tables of a township (013)."""


@pytest.mark.parametrize("number", LISTS)
def test_a_place_compiles_what_its_contents_list_has(number: str) -> None:
    if not EXCERPTS.is_dir():
        pytest.skip("the contents lists lie beside the repository")
    profile, year, unit = LISTS[number]
    parts, tables, sections = contents(document_of(profile, year))
    wanted_parts, wanted_tables, wanted_sections = listed(number, unit)
    assert tables == [*wanted_tables, *(TOWNSHIP if number == "013" else [])]
    # A unit without key work has no part for it; the forms of self-evaluation are published where there are any.
    wanted_parts = [part for part in wanted_parts if "报表详见" not in part and not part.startswith("重点工作")]
    if number in ("070", "110", "014"):
        assert [part for part in parts if part in wanted_parts] == wanted_parts
    else:
        assert [part for part in parts if part != "附件"] == [part for part in wanted_parts if part != "附件"]
    if wanted_sections:
        kept = [section for section in sections if section in wanted_sections]
        assert kept == wanted_sections
        assert set(sections) - set(wanted_sections) <= MORE.get(number, set())


def test_every_place_compiles_and_prints_no_table_empty_without_a_word() -> None:
    for profile in profiles():
        statute = load_statute(profile, 2022)
        for block in document_of(profile, 2022).blocks:
            if isinstance(block, Table) and block.key.startswith("地方表"):
                filled = any(cell.text for row in block.body for cell in row[1:])
                assert filled or any(re.search("无|没有|合成", note) for note in block.notes), (profile, block.title)
        for table in statute.profile.tables:
            assert table.source, f"{profile} {table.title}: where it comes from is said"


def test_no_two_lines_of_a_place_s_contents_are_alike() -> None:
    for name in profiles():
        if load_statute(name, 2023).profile.kind == "预算":
            continue
        account, statute = msgspec.structs.replace(account_of(name, 2023)), load_statute(name, 2023)
        first = next(sheet for sheet in account.sheets if sheet.kind == "项目")
        account.sheets = (*account.sheets, msgspec.structs.replace(first, title="另一个项目"))
        listed = [(line.level, line.text) for line in contents_of(lay_out(account, statute, draft=True))]
        assert len(listed) == len(set(listed)), name
        assert any("另一个项目" in text for _, text in listed), name


def test_a_table_that_no_figure_fills_is_asked_for() -> None:
    """政府购买服务 stands in no sheet: the text with its lines is missing until it is written."""
    account = account_of("beijing", 2023)
    statute = load_statute("beijing", 2023)
    bare = msgspec.structs.replace(account, texts={**account.texts, "政府购买服务": ""})
    table = next(b for b in lay_out(bare, statute, draft=True).blocks if isinstance(b, Table) and "购买服务" in b.title)
    assert table.body[0][0].text == "【待填：政府购买服务决算公开情况表】"
    field = next(field for field in statute.profile.overview if field.key == "政府购买服务")
    assert field.required and "|" in field.wanted
    lines = "物业服务|后勤服务|12.50\n印刷｜其他｜3.00"
    written = msgspec.structs.replace(account, texts={**account.texts, "政府购买服务": lines})
    table = next(b for b in lay_out(written, statute).blocks if isinstance(b, Table) and "购买服务" in b.title)
    rows = [[cell.text for cell in row] for row in table.body]
    assert rows == [["物业服务", "后勤服务", "12.50"], ["印刷", "其他", "3.00"]]


def test_tables_of_the_place_print_the_accounts_figures() -> None:
    """Yunnan's table of 三公 and running costs, Tianjin's of projects: what the account says."""
    account, statute = account_of("yunnan", 2022), load_statute("yunnan", 2022)
    tables = {b.title: b for b in lay_out(account, statute, draft=True).blocks if isinstance(b, Table)}
    running = tables["“三公”经费、行政参公单位机关运行经费情况表"]
    total = account.facts["表9!金额行7栏"].figure.value
    assert running.body[0][2].text == statute.amount_text(total, "万元", table=True)
    assert any("机关运行经费" in row[0].text for row in running.body)
    general = tables["一般公共预算财政拨款收入支出决算表"]
    heads = [cell.text for row in general.header for cell in row]
    assert "年初结转和结余" in heads and "本年收入" in heads and "年末结转和结余" in heads
    account, statute = account_of("tianjin", 2022), load_statute("tianjin", 2022)
    projects = next(b for b in lay_out(account, statute).blocks if isinstance(b, Table) and b.title == "项目支出决算表")
    assert [row[0].text for row in projects.body] == [project.name for project in account.projects]


@pytest.mark.parametrize("profile", profiles(kind="决算"))
def test_the_cover_calls_the_account_as_its_tables_and_parts_do(profile: str) -> None:
    statute = load_statute(profile, 2022)
    cover = "".join(document_of(profile, 2022).cover)
    other = {"部门": "单位决算", "单位": "部门决算"}[statute.profile.unit_word]
    assert other not in cover and UNIT in cover


def test_a_table_by_items_has_one_total_and_no_line_without_an_amount() -> None:
    """四川's projects by item: the example spends 971.69 万元 on projects of two items under 20801 of 208."""
    statute = load_statute("sichuan", 2022)
    account = compile_sources([EXAMPLES / "ledger.csv", EXAMPLES / "workbook.xlsx"], profile="sichuan").account
    table = next(
        block for block in lay_out(account, statute, draft=True).blocks
        if isinstance(block, Table) and block.title.endswith("一般公共预算财政拨款项目支出决算表")
    )
    assert [[cell.text for cell in row] for row in table.body] == [
        ["", "合计", "971.69"],
        ["208", "社会保障和就业支出", "971.69"],
        ["20801", "人力资源和社会保障管理事务", "971.69"],
        ["2080108", "信息化建设", "784.05"],
        ["2080199", "其他人力资源和社会保障管理事务支出", "187.64"],
    ]


def test_a_place_s_budget_compiles_what_its_contents_list_has() -> None:
    """Ningxia (037): tables of fiscal funds first; what the law has published besides comes last."""
    made = compile_sources([EXAMPLES / "budget"], "ningxia-budget")
    parts, tables, _ = contents(lay_out(made.account, made.statute, draft=True))
    assert [title for title in tables if "绩效目标表" not in title] == [
        "财政拨款收支总表",
        "财政拨款支出总表",
        "一般公共预算支出表",
        "一般公共预算基本支出表",
        "一般公共预算三公经费支出表",
        "政府性基金预算支出表",
        "部门收支总表",
        "部门收入总表",
        "部门支出总表",
        "国有资本经营预算支出表",
    ]
    parts = [re.sub(r"\d{4}年", "", part) for part in parts]
    assert parts[:4] == ["单位概况", "部门预算表", "部门预算情况说明", "名词解释"]


def test_own_documents_of_places_are_read_without_an_error(tmp_path: Path) -> None:
    """Tables that no form is are told as such, and no figure of them is taken for another's."""
    word = juesuan.publish(account_of("yunnan", 2017), tmp_path, ["docx"], draft=True)[0]
    errors = [finding for finding in inspect(word, "yunnan").report.findings if finding.severity == "error"]
    assert errors == []
