"""XLSX: our own read back whole, values as they are shown, and damaged files."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
import xlsxwriter
from own_documents import account, bare, laid_out, laid_tables, mutations, published, read_or_refused, tables

from juesuan.publisher.document import Document, placed
from juesuan.reader.formats.excel.number_format import BUILT_IN, exact, shown
from juesuan.reader.formats.excel.xlsx import read_xlsx
from juesuan.reader.raw import RawDocument, RawTable, RawText


@pytest.fixture(scope="module")
def document() -> Document:
    return laid_out(account())


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(account(), tmp_path_factory.mktemp("xlsx"), "xlsx")


def same(read: str, printed: str) -> bool:
    """Whether the cell's exact value is what the table prints rounded."""
    if bare(read) == bare(printed):
        return True
    value = Decimal(read.replace(",", "")).quantize(Decimal("0.01"), ROUND_HALF_UP)
    return value == Decimal(printed.replace(",", ""))


def test_our_own_tables_are_read_back(document: Document, file: Path) -> None:
    found = {(table.cells[0].text): table for table in tables(read_xlsx(file))}
    laid = [table for table in laid_tables(document) if table.title and table.key.startswith("表")]
    # Besides the nine tables the workbook prints the self-evaluation forms and the key work.
    assert len(laid) == 9
    assert {bare(table.title) for table in laid} <= set(found)
    for table in laid:
        cells = {(cell.row, cell.column): cell for cell in found[bare(table.title)].cells}
        top = 3
        for part in (table.header, table.body):
            for line in placed(part, len(table.widths)):
                for place in line:
                    cell = cells.get((top + place.row, place.column))
                    text = cell.text if cell else ""
                    assert same(text, place.cell.text), (table.key, place)
                    if cell and text:
                        assert (cell.rowspan, cell.colspan) == (place.cell.rowspan, place.cell.colspan)
                        assert cell.source and re.fullmatch("[A-Z]+[0-9]+", cell.source.cell)
            top += len(part)


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        ("1777.5", "#,##0.00", "1,777.50"),
        ("1777.5049", "#,##0.00", "1777.5049"),
        ("805.80999999999995", "General", "805.81"),
        ("0.30000000000000004", "0.00", "0.30"),
        ("0", BUILT_IN[43], "-"),
        ("-12.5", BUILT_IN[43], "-12.50"),
        ("0.36", "0%", "36%"),
        ("0.35991", "0.00%", "35.991%"),
        ("0", "0.00;-0.00;;@", ""),
        ("-1234.5", r"#,##0.00_);[Red]\(#,##0.00\)", "(1,234.50)"),
        ("12345678", r"0\.0000", "1234.5678"),
        ("1777500", "#,##0.00,", "1,777.50"),
        ("45069", 'yyyy"年"m"月"d"日"', "2023年5月23日"),
        ("12", '0"人"', "12人"),
        ("208", "000", "208"),
        ("5", "G/通用格式", "5"),
    ],
)
def test_numbers_are_read_as_shown_unless_digits_would_be_lost(value: str, code: str, text: str) -> None:
    number = exact(value)
    assert number is not None
    assert shown(number, code) == text


def made(folder: Path) -> RawDocument:
    path = folder / "made.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("公开01表")
        sheet.merge_range("A1:C1", "收入决算表")
        sheet.write_rich_string("A2", "单", book.add_format({"bold": True}), "位：万元")
        sheet.write_number("B3", 0, book.add_format({"num_format": "0.00;-0.00;;@"}))
        sheet.write_formula("C3", "=1+1", None, 2)
        sheet.write_boolean("C4", True)
        sheet.write_blank("F40", None, book.add_format({"border": 1}))
        book.add_worksheet("空表")
        book.add_worksheet("旧数").hide()
    return read_xlsx(path)


def test_merged_hidden_and_computed_cells(tmp_path: Path) -> None:
    raw = made(tmp_path)
    (table,) = tables(raw)
    assert (table.height, table.width) == (4, 3)
    assert {cell.source.cell: cell.text for cell in table.cells if cell.text and cell.source} == {
        "A1": "收入决算表", "A2": "单位：万元", "C3": "2", "C4": "TRUE",
    }  # fmt: skip
    assert table.cells[0].colspan == 3
    assert any("旧数" in note for note in raw.notes) and any("显示为空白" in note for note in raw.notes)


TEXT = [
    "某县图书馆2023年度部门决算", "第三部分部门决算情况说明", "一、收入支出决算总体情况说明",
    "2023年度收入总计120.00万元，与上年相比增加20.00万元，增长20.00%，主要原因是新增图书购置项目。",
    "二、支出决算情况说明", "2023年度支出合计120.00万元，其中：基本支出80.00万元，占66.67%；项目支出40.00万元。",
]  # fmt: skip
TABLE = [["支出决算表"], ["单位：万元"], ["项目", "合计", "基本支出", "项目支出"], ["合计", 120, 80, 40],
         ["注：本表反映支出。"]]  # fmt: skip


@pytest.mark.parametrize("lines", [TEXT, [*TABLE, *TEXT[1:]], [*TEXT, *TABLE]], ids=["alone", "below", "above"])
def test_a_text_typed_into_the_cells_of_a_sheet_is_a_text(tmp_path: Path, lines: list[str | list[object]]) -> None:
    path = tmp_path / "说明.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("决算说明")
        for row, line in enumerate(lines):
            sheet.write_row(row, 0, [line] if isinstance(line, str) else line)
    blocks = read_xlsx(path).blocks
    texts = [block.text for block in blocks if isinstance(block, RawText)]
    assert texts == [line for line in lines if isinstance(line, str)]
    grids = [[cell.text for cell in block.cells if cell.text] for block in blocks if isinstance(block, RawTable)]
    assert grids == ([[str(cell) for line in TABLE for cell in line]] if lines is not TEXT else [])


def test_formulas_without_results_are_told(tmp_path: Path) -> None:
    made(tmp_path)
    content = io.BytesIO()
    with zipfile.ZipFile(tmp_path / "made.xlsx") as old, zipfile.ZipFile(content, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name).replace(b"<f>1+1</f><v>2</v>", b"<f>1+1</f>"))
    (tmp_path / "made.xlsx").write_bytes(content.getvalue())
    raw = read_xlsx(tmp_path / "made.xlsx")
    assert [item.text for item in raw.unplaced] == ["=1+1"]
    assert any("没有计算结果" in note for note in raw.notes)


def test_damaged_files_are_read_or_refused(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.xlsx"
    results = []
    for content in mutations(file.read_bytes(), parts=True):
        path.write_bytes(content)
        results.append(read_or_refused(read_xlsx, path))
    assert any(results) and not all(results)
