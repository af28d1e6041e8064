"""The ministry's own sheets (财决各表) compiled: the ledger's account, and all that they say beyond it listed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest
from export_files import WAN, Layout, nine_tables, write
from hypothesis import given, settings
from hypothesis import strategies as st
from ministry_files import ministry_sheets, spent_in
from test_exports import EXAMPLE, WORKBOOK, nine

from generate import options, unit
from juesuan.compiler import Compilation, assemble
from juesuan.inspection import ask_for_rest, compile_sources
from juesuan.intake import take_in
from juesuan.statute import load_statute


@pytest.fixture(scope="module")
def ledgers() -> Compilation:
    return compile_sources([EXAMPLE / "ledger.csv", WORKBOOK])


def written(ledgers: Compilation, path: Path, layout: Layout | None = None) -> Path:
    spent = spent_in(EXAMPLE / "ledger.csv")
    return write(ministry_sheets(ledgers.account, ledgers.statute, spent, layout), path)


@pytest.mark.parametrize("ending", [".xls", ".xlsx"])
@pytest.mark.parametrize("codes", [1, 3])
def test_the_account_is_the_ledgers(ledgers: Compilation, tmp_path: Path, codes: int, ending: str) -> None:
    made = compile_sources([written(ledgers, tmp_path / f"财决{ending}", Layout(codes=codes))])
    assert made.sound, made.messages()[:5]
    assert nine(made.account) == nine(ledgers.account)


def test_counts_assets_and_procurement_come_from_the_supplement(ledgers: Compilation, tmp_path: Path) -> None:
    made = compile_sources([written(ledgers, tmp_path / "财决.xls")])
    for form in ("三公明细", "采购", "资产"):
        wanted = {k: f.figure.value for k, f in ledgers.account.facts.items() if f.address.form == form}
        # Repairs and insurance, and the small firms' part by kind, stand in no sheet of the ministry.
        unknown = ("维修费", "保险费", "货物中小", "服务中小")
        wanted = {key: value for key, value in wanted.items() if not any(name in key for name in unknown)}
        assert {k: f.figure.value for k, f in made.account.facts.items() if f.address.form == form} == wanted
    fact = made.account.facts["资产!百万设备行数栏"]
    assert fact.figure.value == 5 and fact.source and fact.source.sheet.startswith("F03")
    assert "采购和资产" not in {missing.address for missing in made.missing if missing.code == "L205"}


def test_what_has_no_place_in_the_disclosure_is_listed(ledgers: Compilation, tmp_path: Path) -> None:
    made = compile_sources([written(ledgers, tmp_path / "财决.xls")])
    unused = {note.place.sheet.partition(" ")[0]: note.message for note in made.notes if note.code == "Q205"}
    # Budgets by class and the third block's classes, economic classes by item, and persons.
    assert {"Z01", "Z05", "Z05_1", "Z05_2", "Z08", "F02"} <= unused.keys()
    assert "C7" in unused["Z01"] and "O15" in unused["Z01"], "年初预算数, and 经济分类支出合计 in the third block"
    assert "Z03" not in unused and "Z04" not in unused, "all of these have a place"


def test_projects_are_known_by_name_from_their_sheet(ledgers: Compilation, tmp_path: Path) -> None:
    """财决06表 lists them below their items: the workbook that asks for the rest has them, with what was spent."""
    made = take_in([written(ledgers, tmp_path / "财决.xls")])
    assert made.exports is not None
    listed = {(each.name, each.function, each.outlay) for each in made.exports.projects}
    assert listed == {(each.name, each.function, each.outlay) for each in ledgers.account.projects}
    asked = tmp_path / "补充.xlsx"
    ask_for_rest([tmp_path / "财决.xls"], asked)
    cells = [cell for row in openpyxl.load_workbook(asked)["项目"].iter_rows(values_only=True) for cell in row]
    assert "人社系统信息化建设项目" in cells and "日常系统运行经费项目" in cells and 7840500 in cells
    # Only income, which the disclosure does not have by project, is told as without a place.
    told = [note.message for note in made.notes if note.code == "Q205" and note.place.sheet.startswith("Z06")]
    assert len(told) == 1 and "G" in told[0] and "I" not in told[0].partition("：")[2]


def test_the_third_block_is_held_to_the_other_sheets(ledgers: Compilation, tmp_path: Path) -> None:
    spent = spent_in(EXAMPLE / "ledger.csv")
    sheets = ministry_sheets(ledgers.account, ledgers.statute, spent)
    line = next(line for line in sheets[0].lines if "二、项目支出" in line)
    line[-1] = Decimal(9716900 + 500)
    made = compile_sources([write(sheets, tmp_path / "财决.xls")])
    said = [fault.message for fault in made.faults if fault.code == "L204"]
    assert len(said) == 1 and "“Z01 " in said[0] and "“Z04 " in said[0] and "9,717,400.00元" in said[0]


def test_public_and_ministrys_sheets_together_are_one_account(ledgers: Compilation, tmp_path: Path) -> None:
    public = write(nine_tables(ledgers.account, ledgers.statute, Layout(money="万元")), tmp_path / "公开.xlsx")
    made = compile_sources([public, written(ledgers, tmp_path / "财决.xls")])
    assert made.sound, made.messages()[:5]
    # Of two figures for one cell the exact one counts; two closing sums of 表6 stand only in the rounded table.
    wanted, got = nine(ledgers.account), nine(made.account)
    rounded = {key for key in wanted if wanted[key] != got[key]}
    assert rounded == {"表6!人员经费合计行1栏", "表6!公用经费合计行1栏"}


@settings(max_examples=12)
@given(shape=options(max_items=5), seed=st.integers(0, 2**32 - 1), money=st.sampled_from(["元", "万元"]))
def test_any_units_public_tables_give_its_account(
    tmp_path_factory: pytest.TempPathFactory, shape: object, seed: int, money: str
) -> None:
    """All three funds, own income, openings, deficits: whatever accounts look like."""
    law = load_statute("wuhan-2022")
    account = assemble(unit(shape, seed, law), law).account
    path = tmp_path_factory.mktemp("unit") / "导出.xls"
    layout = Layout(money=money, codes=1 + 2 * (seed % 2), total_last=bool(seed % 3), unit=account.unit.name)
    made = compile_sources([write(nine_tables(account, law, layout), path)], "wuhan-2022")
    wanted, got = nine(account), nine(made.account)
    limit = Decimal(0) if money == "元" else WAN / 200
    assert {k: (v, got.get(k)) for k, v in wanted.items() if abs(v - got.get(k, Decimal(0))) > limit} == {}
    assert {k: v for k, v in got.items() if k not in wanted and v > limit} == {}


@settings(max_examples=8)
@given(shape=options(max_items=5), seed=st.integers(0, 2**32 - 1))
def test_any_units_ministry_sheets_give_its_account(
    tmp_path_factory: pytest.TempPathFactory, shape: object, seed: int
) -> None:
    law = load_statute("wuhan-2022")
    gathered = unit(shape, seed, law)
    account = assemble(gathered, law).account
    sheets = [s for s in ministry_sheets(account, law, {}) if not s.name.startswith(("Z05", "Z08"))]
    basic = nine_tables(account, law, Layout(unit=account.unit.name))[5]
    path = write([*sheets, basic], tmp_path_factory.mktemp("unit") / "财决.xlsx")
    made = compile_sources([path], "wuhan-2022", accept=True)
    wanted, got = nine(account), nine(made.account)
    # The sums of 三公 by kind are in the supplement, which has no column for every one of them.
    compared = {k: v for k, v in wanted.items() if not k.startswith("表9")}
    assert {k: (v, got.get(k)) for k, v in compared.items() if v != got.get(k)} == {}


def test_the_exports_budget_is_held_to_the_published_one(ledgers: Compilation, tmp_path: Path) -> None:
    """财决01-1表 has the approved budget by class (年初预算数), the published budget the same."""
    sheets = ministry_sheets(ledgers.account, ledgers.statute, spent_in(EXAMPLE / "ledger.csv"))
    heads = next(line for line in sheets[1].lines if "年初预算数" in line and "项目(按功能分类)" in line)
    place = heads.index("项目(按功能分类)") + 3
    # The class 208 as the workbook has it, and the class 210 with 500 yuan more.
    for label, more in (("八、社会保障和就业支出", 0), ("九、卫生健康支出", 500)):
        line = next(line for line in sheets[1].lines if label in line)
        code = {"八": "208", "九": "210"}[label[0]]
        line[place] = ledgers.account.facts[f"年初预算!表5!{code}行1栏"].figure.value + more
    made = compile_sources([write(sheets, tmp_path / "财决.xls"), WORKBOOK])
    (note,) = [note for note in made.notes if note.code == "Q208"]
    assert "210 卫生健康支出" in note.message and "849,400.00元" in note.message and "848,900.00元" in note.message
