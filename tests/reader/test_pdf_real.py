"""Published files as they are: figures and sentences typed in by hand from looking at the pages."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pdfplumber
import pytest

from juesuan.reader.pdf_file import read_pdf
from juesuan.reader.raw import RawDocument, RawTable, RawText

REAL = Path(__file__).parents[3] / "shared" / "real"
PUTUO = "shanghai-putuo-finance-2024.pdf"
DAMAGED = "shanghai-putuo-finance-2024-damaged.pdf"
BUDGET = "shanghai-putuo-finance-budget-2025.pdf"
TEMPLATE = "shanghai-template-2024.pdf"

pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real documents are not beside the repository")


@cache
def read(name: str) -> RawDocument:
    return read_pdf(REAL / name)


def tables(name: str) -> list[RawTable]:
    return [block for block in read(name).blocks if isinstance(block, RawTable)]


def texts(name: str) -> list[str]:
    return [block.text for block in read(name).blocks if isinstance(block, RawText)]


def after(name: str, title: str) -> list[list[str]]:
    """The rows of the table under `title`."""
    found = False
    for block in read(name).blocks:
        if isinstance(block, RawText):
            found = found or (block.text == title and block.source is not None and block.source.page > 3)
        elif found:
            return [["" if cell is None else cell.text for cell in row] for row in block.grid()]
    raise AssertionError(title)


@pytest.mark.parametrize(
    ("name", "shapes"),
    [
        (
            PUTUO,
            [(4, 3), (32, 4), (23, 11), (23, 10), (34, 7), (24, 7), (43, 8), (6, 12), (12, 10), (12, 10)],
        ),
        (
            BUDGET,
            [(16, 4), (23, 9), (23, 7), (10, 7), (23, 7), (16, 7), (16, 7), (33, 6), (4, 7)],
        ),
        (
            TEMPLATE,
            [(9, 3), (30, 4), (10, 9), (10, 8), (32, 7), (10, 5), (40, 6), (5, 12), (6, 8), (6, 8)],
        ),
        # one table is missing in the damaged copy
        (
            DAMAGED,
            [(4, 3), (32, 4), (23, 11), (34, 7), (24, 7), (42, 8), (5, 12), (12, 10), (12, 10)],
        ),
    ],
    ids=["account", "budget", "template", "damaged"],
)
def test_tables_and_their_sizes(name: str, shapes: list[tuple[int, int]]) -> None:
    assert [(table.height, table.width) for table in tables(name)] == shapes
    assert read(name).notes == ()
    assert read(name).unplaced == ()


def test_income_and_spending() -> None:
    rows = after(PUTUO, "收入支出决算总表")
    assert rows[0] == ["收入", "收入", "支出", "支出"]
    assert rows[1] == ["项目", "决算数", "项目", "决算数"]
    assert rows[2] == ["一、一般公共预算财政拨款收入", "2,940.05", "一、一般公共服务支出", "2,106.66"]
    assert rows[9] == ["八、其他收入", "6.20", "八、社会保障和就业支出", "326.71"]
    assert rows[28] == ["本年收入合计", "2,946.25", "本年支出合计", "2,940.05"]
    # these three stand on the next page
    assert rows[29:] == [
        ["使用非财政拨款结余（含专用结余）", "", "结余分配", ""],
        ["年初结转和结余", "49.14", "年末结转和结余", "55.34"],
        ["总计", "2,995.39", "总计", "2,995.39"],
    ]


def test_codes_in_three_columns_and_rows_on_the_next_page() -> None:
    rows = after(PUTUO, "收入决算表")
    assert rows[0][:5] == ["项目"] * 4 + ["本年收入合计"]
    assert rows[3] == ["类", "款", "项", "合计", "2,946.25", "2,940.05", "", "", "", "", "6.20"]
    assert rows[6] == ["201", "06", "01", "行政运行", "1,511.90", "1,511.89", "", "", "", "", "0.01"]
    assert rows[13][:5] == ["208", "05", "05", "机关事业单位基本养老保险缴费支出", "160.75"]
    assert rows[18][:6] == ["210", "11", "01", "行政单位医疗", "60.99", "60.99"]
    assert rows[22][:6] == ["221", "02", "03", "购房补贴", "258.50", "258.50"]


def test_a_table_in_two_columns_over_two_pages() -> None:
    rows = after(PUTUO, "一般公共预算财政拨款基本支出决算表")
    assert rows[3] == ["301", "", "工资福利支出", "2,082.85", "302", "", "商品和服务支出", "171.07"]
    assert rows[14] == ["301", "13", "住房公积金", "187.19", "302", "12", "因公出国（境）费用", ""]
    assert rows[-1] == ["人员经费合计"] * 3 + ["2,152.26"] + ["公用经费合计"] * 3 + ["184.65"]
    table = next(t for t in tables(PUTUO) if (t.height, t.width) == (43, 8))
    assert {cell.source.page for cell in table.cells if cell.source} == {16, 17}


def test_headers_of_five_rows() -> None:
    rows = after(PUTUO, "财政拨款“三公”经费支出决算表")
    assert rows[4] == ["预算数", "决算数"] * 6
    assert rows[5] == ["0.95", "", "", "", "", "", "", "", "", "", "0.95", ""]
    assert rows[1][4:10] == ["公务用车购置及运行费"] * 6


def test_yuan_and_their_repeated_header() -> None:
    rows = after(BUDGET, "2025年部门收入预算总表")
    assert rows[3] == ["201", "", "", "一般公共服务支出", "22,186,440.80", "22,186,440.80", "", "", ""]
    assert [row[0] for row in rows].count("功能分类科目编码") == 1
    assert rows[-1] == ["合计"] * 4 + ["31,214,205.80", "31,214,205.80", "", "", ""]
    rows = after(BUDGET, "2025年部门“三公”经费和机关运行经费预算表")
    assert rows[-1] == ["0.95", "", "0.95", "", "", "", "229.43"]


def test_captions_stand_before_their_table() -> None:
    blocks = read(BUDGET).blocks
    for number, block in enumerate(blocks):
        if isinstance(block, RawTable):
            before = [other.text for other in blocks[number - 3 : number] if isinstance(other, RawText)]
            assert any(re.match("单位[：:](元|万元)$", text) for text in before)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (PUTUO, "本年收入合计2946.25万元，其中：财政拨款收入2940.05万元，占99.79%；其他收入6.2万元，占0.21%；"),
        (
            PUTUO,
            "一般公共预算财政拨款支出2940.05万元，占本年支出合计的100.00%。与2023年度相比，一般公共预算财政拨款支出减少"
            "63.14万元，下降2.10%。主要原因：基本支出中人员进出及退休变化，以及项目支出中合同支付进度条款等原因减少支付。",
        ),
        (PUTUO, "第三部分上海市普陀区财政局2024年度部门决算情况说明"),
        # over the break of pages 4 and 5, and 24 and 25 begin with a heading
        (
            PUTUO,
            "（十）执行国家和本市债务管理的制度和政策，建立规范合理的政府债务管理及风险预警机制，加快形成管理规范、"
            "风险可控、成本合理、运行高效的地方政府举债融资机制。",
        ),
        (PUTUO, "（三）国有资产占有使用情况说明"),
        (BUDGET, "9.“卫生健康支出（类）行政事业单位医疗（款）行政单位医疗（项）”78.21万元，主要用于局本级和所属单位"
                 "在职人员基本医疗保险费。"),
        (BUDGET, "注:本部门2025年无政府性基金预算财政拨款安排的预算，故本表为空表。"),
        (TEMPLATE, "一、主要职能"),
    ],
)  # fmt: skip
def test_paragraphs(name: str, text: str) -> None:
    assert text in texts(name)


def test_what_is_clipped_away_is_not_read_twice() -> None:
    """Pages 7 and 8 of the budget both hold the whole cell and each shows its part."""
    found = texts(BUDGET)
    for number in range(1, 12):
        assert len([text for text in found if text.startswith(f"{number}.“")]) == 1


@pytest.mark.parametrize("name", [PUTUO, BUDGET, TEMPLATE, DAMAGED])
def test_cells_are_those_that_pdfplumber_finds(name: str) -> None:
    """Where pdfplumber finds a table of the same shape on a page, its cells have the same text."""
    raw = read(name)
    pages: dict[int, set[str]] = {}
    for block in raw.blocks:
        if isinstance(block, RawTable):
            for cell in block.cells:
                if cell.source and cell.text:
                    pages.setdefault(cell.source.page, set()).add(re.sub(r"\s", "", cell.text))
    compared = 0
    with pdfplumber.open(REAL / name) as file:
        for number, page in enumerate(file.pages, 1):
            # A repeated header is left out of the joined table, so that only what stands in the first part is sure.
            for table in page.extract_tables():
                for text in (cell for row in table for cell in row if cell):
                    bare = re.sub(r"\s", "", text)
                    known = pages.get(number, set()) | pages.get(number - 1, set()) if number > 1 else set()
                    if bare and re.fullmatch(r"[\d,.]+", bare):
                        assert bare in pages.get(number, set()), (number, text)
                        compared += 1
                    elif bare:
                        assert bare in known, (number, text)
    assert compared > (20 if name == TEMPLATE else 100)
