"""Old workbooks (.xls, .et) read without LibreOffice: values, merged cells, hidden sheets, damage."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from pathlib import Path

import pytest
import xlwt
from own_documents import mutations, read_or_refused, tables

from juesuan.account import UnreadableFileError
from juesuan.reader import read_document
from juesuan.reader.files import read_raw
from juesuan.reader.raw import RawDocument

DAY = xlwt.easyxf(num_format_str="yyyy/m/d")
SHARE = xlwt.easyxf(num_format_str="0.0%")


def workbook(fill: dict[str, list[list[object]]], hidden: str = "") -> xlwt.Workbook:
    book = xlwt.Workbook(encoding="utf-8")
    for name, lines in fill.items():
        sheet = book.add_sheet(name)
        sheet.visibility = int(name == hidden)
        for row, line in enumerate(lines):
            for column, value in enumerate(line):
                style = DAY if isinstance(value, datetime.date) else xlwt.Style.default_style
                if value is not None:
                    sheet.write(row, column, value, style)
    return book


@pytest.fixture(autouse=True)
def without_libreoffice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


def texts(document: RawDocument) -> list[str]:
    return [cell.text for table in tables(document) for cell in table.cells if cell.text]


@pytest.mark.parametrize("ending", ["xls", "et", "xlsx"])
def test_values_and_their_places(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"a.{ending}"
    lines = [["表"], [None], [" 甲 ", 0.1 + 0.2, 1234567.5, 12, -3.25, datetime.date(2023, 8, 1)]]
    workbook({"一": lines, "二": [["不读"]]}, hidden="二").save(str(path))
    document = read_raw(path)
    assert document.format == "xls" and document.file == path.name
    assert texts(document) == ["表", "甲", "0.3", "1234567.5", "12", "-3.25", "2023/8/1"]
    places = {cell.text: cell.source for cell in tables(document)[0].cells}
    assert str(places["1234567.5"]) == f"{path.name} 工作表“一” 单元格 C3"
    assert "“二”是隐藏的" in "".join(document.notes)


def test_merged_cells_reach_over_what_they_cover(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    book = xlwt.Workbook()
    sheet = book.add_sheet("s")
    sheet.write_merge(0, 0, 0, 3, "标题")
    sheet.write_merge(1, 2, 0, 0, "项目")
    sheet.write(1, 1, "决算数")
    sheet.write(2, 1, 5)
    book.save(str(path))
    (table,) = tables(read_raw(path))
    assert {cell.text: (cell.rowspan, cell.colspan) for cell in table.cells if cell.text} == {
        "标题": (1, 4), "项目": (2, 1), "决算数": (1, 1), "5": (1, 1),
    }  # fmt: skip


def test_numbers_are_read_as_they_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    book = xlwt.Workbook()
    sheet = book.add_sheet("s")
    sheet.write(0, 0, 0.453, SHARE)
    sheet.write(0, 1, 744.25, xlwt.easyxf(num_format_str="#,##0.00"))
    sheet.write(0, 2, 0, xlwt.easyxf(num_format_str="#,##0.00;-#,##0.00;"))
    sheet.write(0, 3, 0, xlwt.easyxf(num_format_str="0.00"))
    book.save(str(path))
    document = read_raw(path)
    assert texts(document) == ["45.3%", "744.25", "0.00"], "a zero that is not shown is a blank"
    assert "显示为空白" in "".join(document.notes)


def test_a_published_table_in_an_old_workbook_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    head = [["2023年度支出决算表"], ["单位：示例市信息中心"], [None] * 4 + ["单位：元"]]
    head.append(["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"])
    body: list[list[object]] = [[2080150, "事业运行", 300.5, 200.25, 100.25], ["合计", None, 300.5, 200.25, 100.25]]
    workbook({"支出": head + body}).save(str(path))
    account = read_document(path).account
    assert (account.unit.name, account.year) == ("示例市信息中心", 2023)
    spent = {address: fact.figure.value for address, fact in account.facts.items()}
    assert spent["表3!2080150行3栏"] == Decimal("100.25") and spent["表3!合计行1栏"] == Decimal("300.5")


def test_damaged_old_workbooks_are_read_or_refused(tmp_path: Path) -> None:
    out = io.BytesIO()
    workbook({"表": [["项目", "决算数"], ["甲", 5]]}).save(out)
    path = tmp_path / "damaged.xls"
    for content in mutations(out.getvalue()):
        path.write_bytes(content)
        if not content.startswith(b"%PDF"):
            read_or_refused(read_raw, path)


def test_half_an_old_workbook_is_refused_in_words(tmp_path: Path) -> None:
    out = io.BytesIO()
    workbook({"表": [["项目", "决算数"]] * 400}).save(out)
    path = tmp_path / "half.xls"
    path.write_bytes(out.getvalue()[: len(out.getvalue()) // 3])
    with pytest.raises(UnreadableFileError, match=r"half\.xls.*重新获取"):
        read_raw(path)
