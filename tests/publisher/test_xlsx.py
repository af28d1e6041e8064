"""XLSX: totals are live formulas; what LibreOffice recomputes from the leaves alone equals what is printed."""

from __future__ import annotations

import re
import shutil
import subprocess
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import openpyxl
import pytest

from generate import Options, unit
from juesuan.account import Account, Address
from juesuan.compiler.assembly import assemble
from juesuan.publisher import lay_out
from juesuan.publisher.document import Document, Table
from juesuan.publisher.xlsx.formulas import cell_name, giving
from juesuan.publisher.xlsx.writer import _placed, write_xlsx
from juesuan.statute import Statute, load_statute

SOFFICE = shutil.which("soffice")
UNITS = [
    ("national", Options(items=12), 1),
    ("wuhan-2022", Options(items=6, ledger=False, deficit=True), 2),
    ("shanghai-2024", Options(items=8, magnitude=9), 3),
]


def made(key: str, shape: Options, seed: int) -> tuple[Statute, Account, Document]:
    statute = load_statute(key)
    account = assemble(unit(shape, seed, statute), statute).account
    return statute, account, lay_out(account, statute)


def cells(document: Document, statute: Statute) -> dict[Address, tuple[str, str, str]]:
    """Sheet, cell and printed text of every address."""
    found = {}
    for table in document.blocks:
        if isinstance(table, Table) and table.key in statute.forms:
            for row, column, cell in _placed(table.body, 3 + len(table.header)):
                if cell.address:
                    found[cell.address] = (statute.forms[table.key].title[:31], cell_name(row, column), cell.text)
    return found


@pytest.mark.parametrize(("key", "shape", "seed"), UNITS)
def test_every_total_is_a_formula(tmp_path: Path, key: str, shape: Options, seed: int) -> None:
    statute, account, document = made(key, shape, seed)
    write_xlsx(document, account, statute, tmp_path / "t.xlsx")
    book = openpyxl.load_workbook(tmp_path / "t.xlsx")
    tables = [form.title[:31] for form in statute.published]
    assert book.sheetnames[: len(tables)] == tables
    others = book.sheetnames[len(tables) :]
    # Forms stand in the workbook of every place, key work where the profile has a part for it: Shanghai's has none.
    parts = {part.key for part in statute.profile.parts}
    assert len([name for name in others if name.startswith("自评表")]) == len(account.sheets)
    assert ("重点工作完成情况表" in others) == bool(account.key_work and "重点工作" in parts)
    places = cells(document, statute)
    totals = set(giving(account, statute)) & set(places)
    for address, (sheet, name, text) in places.items():
        value = book[sheet][name].value
        if not text:
            assert value is None or value == ""
        elif address in totals:
            assert str(value).startswith("="), address
        else:
            assert isinstance(value, int | float), address
    # The totals that the law names are among them, wherever they carry an amount.
    named = {("表1", "27"), ("表1", "31"), ("表1", "58"), ("表1", "62"), ("表4", "59"), ("表6", "人员经费合计")}
    for address, (_, _, text) in places.items():
        total = (address.form, address.row) in named or (
            address.form in ("表2", "表3", "表5") and (address.column == "1" or len(address.row) < 7)
        )
        if total and text:
            assert address in totals, address


def test_the_formulas_read_like_the_law(tmp_path: Path) -> None:
    statute, account, document = made(*UNITS[1])
    write_xlsx(document, account, statute, tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx")["收入支出决算总表"]
    # Lines 1 to 31 stand in rows 7 to 37: title, two lines above the table, three of headings.
    assert sheet["A7"].value == "一、一般公共预算财政拨款收入" and sheet["B37"].value == "31"
    assert sheet["C33"].value == "=ROUND(SUM(C7:C14),6)"
    assert sheet["C37"].value == "=ROUND(SUM(C33:C35),6)"
    assert sheet["F33"].value == "=ROUND(SUM(F7:F32),6)"
    assert sheet["F37"].value == "=C37"


@pytest.mark.parametrize(("key", "shape", "seed"), UNITS)
def test_libreoffice_computes_what_is_printed(tmp_path: Path, key: str, shape: Options, seed: int) -> None:
    if SOFFICE is None:
        pytest.skip("没有 soffice（libreoffice-calc-nogui）")
    statute, account, document = made(key, shape, seed)
    path = tmp_path / "t.xlsx"
    write_xlsx(document, account, statute, path)
    # The stored results are wiped, so that only what LibreOffice itself computes can be read.
    book = openpyxl.load_workbook(path)
    formulas = sum(str(cell.value).startswith("=") for sheet in book for row in sheet.iter_rows() for cell in row)
    assert formulas > 50
    book.save(path)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    subprocess.run(
        [SOFFICE, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "out"), str(path)],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    again = openpyxl.load_workbook(tmp_path / "out" / "t.xlsx", data_only=True)
    for address, (sheet, name, text) in cells(document, statute).items():
        value = again[sheet][name].value
        if not text:
            assert value is None or value == "", address
            continue
        exact = account.amount(address) / 10000
        # Cells hold 万元 to the sixth decimal, which is a fen; binary noise lies below it.
        computed = Decimal(repr(value)).quantize(Decimal("0.000001"), ROUND_HALF_UP)
        assert computed == exact, address
        assert computed.quantize(Decimal("0.01"), ROUND_HALF_UP) == Decimal(text.replace(",", "")), address


def test_the_same_account_gives_the_same_bytes(tmp_path: Path) -> None:
    statute, account, document = made(*UNITS[0])
    for name in ("a.xlsx", "b.xlsx"):
        write_xlsx(document, account, statute, tmp_path / name)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert not re.search(rb"20\d\d-\d\d-\d\dT(?!00:00:00)", (tmp_path / "a.xlsx").read_bytes())
