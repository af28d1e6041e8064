"""The statutory tables as laid out: headings that fill the grid, lines of each profile, notes, empty tables."""

from __future__ import annotations

import re

import pytest

from generate import Options, unit
from juesuan.account import Account
from juesuan.compiler.assembly import assemble
from juesuan.publisher import lay_out
from juesuan.publisher.document import Cell, Table, placed
from juesuan.statute import Statute, load_statute, profiles

FULL = Options()
NOTHING = Options(funds=(), own=False, items=0, prior="absent", outings="none", running=False)


def made(key: str, shape: Options = FULL, seed: int = 11) -> tuple[Statute, Account, dict[str, Table]]:
    statute = load_statute(key)
    account = assemble(unit(shape, seed, statute), statute).account
    blocks = lay_out(account, statute).blocks
    return statute, account, {b.key: b for b in blocks if isinstance(b, Table) and b.key in statute.forms}


def texts(rows: tuple[tuple[Cell, ...], ...]) -> list[list[str]]:
    return [[cell.text for cell in row] for row in rows]


@pytest.mark.parametrize("key", profiles())
@pytest.mark.parametrize("shape", [FULL, NOTHING], ids=["full", "empty"])
def test_headings_and_lines_fill_the_grid(key: str, shape: Options) -> None:
    statute, _, tables = made(key, shape)
    assert list(tables) == list(statute.profile.order)
    for table in tables.values():
        width = len(table.widths)
        for rows in (table.header, table.body):
            # `placed` refuses a table that does not fill its grid.
            assert sum(place.cell.colspan * place.cell.rowspan for row in placed(rows, width) for place in row) == (
                width * len(rows)
            )


def test_table_1_of_wuhan_prints_lines_and_column_numbers() -> None:
    _, _, tables = made("wuhan-2022")
    table = tables["表1"]
    assert table.title == "2022年度收入支出决算总表（表1）"
    assert (table.left, table.right) == ("单位：示例市某某中心", "单位：万元")
    assert texts(table.header) == [
        ["收入", "支出"],
        ["项目", "行次", "决算数", "项目", "行次", "决算数"],
        ["栏次", "", "1", "栏次", "", "2"],
    ]
    body = texts(table.body)
    assert len(body) == 31
    assert body[0][:2] == ["一、一般公共预算财政拨款收入", "1"] and body[0][3:5] == ["一、一般公共服务支出", "32"]
    assert body[25][3:5] == ["二十六、抗疫特别国债安排的支出", "57"]
    assert body[30][:2] == ["总计", "31"] and body[30][3:5] == ["总计", "62"]
    assert body[30][2] == body[30][5]
    assert table.notes == (
        "注：1. 本表反映单位本年度的总收支和年末结转结余情况。",
        "2. 本套报表金额单位转换时可能存在尾数误差。",
        "27行 = (1+2+3+4+5+6+7+8)行；31行 = (27+28+29)行；58行 = (32+33+...+57)行；62行 = (58+59+60)行。",
    )


def test_table_9_of_wuhan_has_three_storeys_of_headings() -> None:
    _, _, tables = made("wuhan-2022")
    assert texts(tables["表9"].header) == [
        ["预算数", "决算数"],
        ["合计", "因公出国（境）费", "公务用车购置及运行维护费", "公务接待费"] * 2,
        ["小计", "公务用车购置费", "公务用车运行维护费"] * 2,
        [str(number) for number in range(1, 13)],
    ]


def test_shanghai_prints_no_line_numbers_and_pairs_the_outings() -> None:
    statute, _, tables = made("shanghai-2024")
    assert list(tables)[6] == "表9"
    for table in tables.values():
        assert not {"行次", "栏次"} & {cell.text for row in (*table.header, *table.body) for cell in row}
    classes = [row[2] for row in texts(tables["表1"].body) if re.match("[一二三四五六七八九十]+、", row[2])]
    assert len(classes) == 24
    assert classes[-1] == "二十四、抗疫特别国债安排的支出"
    [row] = tables["表9"].body
    order = [cell.address.column for cell in row if cell.address]
    assert order == ["1", "7", "2", "8", "3", "9", "4", "10", "5", "11", "6", "12"]
    assert texts(tables["表9"].header)[-1][:2] == ["预算数", "决算数"]
    # The total stands last in table 5.
    assert tables["表5"].body[-1][0].text == "合计"
    assert statute.profile.unit_word == "部门" and tables["表1"].left.startswith("部门：")


@pytest.mark.parametrize("key", profiles())
def test_every_code_stands_under_its_parents_in_order(key: str) -> None:
    statute, _, tables = made(key)
    for form in ("表2", "表3", "表5", "表7", "表8"):
        codes = [row[0].text for row in tables[form].body if row[0].text.isdigit()]
        assert codes == sorted(set(codes))
        assert all(code[:length] in codes for code in codes for length in (3, 5) if length < len(code))
        for row in tables[form].body:
            if row[0].text.isdigit():
                assert row[1].text == statute.functional.name(row[0].text, statute.year) != ""


@pytest.mark.parametrize(
    ("key", "table", "sentence"),
    [
        ("wuhan-2022", "表7", "说明：本单位当年无政府性基金预算财政拨款收入支出"),
        ("wuhan-2022", "表8", "说明：本单位当年无国有资本经营预算财政拨款支出"),
        ("shanghai-2024", "表7", "说明：示例市某某中心2024年度没有政府性基金预算财政拨款收入和支出，故本表无数据。"),
    ],
)
def test_an_empty_table_is_published_and_says_so(key: str, table: str, sentence: str) -> None:
    _, _, tables = made(key, NOTHING)
    found = tables[table]
    assert found.notes[-1] == sentence
    assert {cell.text for row in found.body for cell in row} == {"", "合计"}
    _, _, full = made(key)
    assert sentence not in full[table].notes
