"""What people wrote stays text in the workbooks and CSV files that others open; our own formulas stay live."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import zipfile
from pathlib import Path

import msgspec
import openpyxl
import pytest
from sqlalchemy import select

from juesuan.account import bare
from juesuan.checker import check
from juesuan.checker.reports import Checked, Unreadable, write_problem_list
from juesuan.compiler.editor.content import FilingContent, contents_of, of_workbook
from juesuan.compiler.workbook.plan import sheets
from juesuan.compiler.workbook.writer import write_contents
from juesuan.corpus.jurisdiction.organisation import read_organisation
from juesuan.publisher import lay_out
from juesuan.publisher.data import write_csv
from juesuan.publisher.document import Cell, Document, Table
from juesuan.publisher.xlsx.writer import write_xlsx
from juesuan.statute import load_statute
from juesuan.web.infra.models import Organisation
from juesuan.web.portal.open_data import FactRow, as_csv

from .conftest import City
from .samples import account

ATTACKS = (
    '=HYPERLINK("http://127.0.0.1/","甲")', "=1+1", "+1+1", "-1+1", "@SUM(1)", "{=1+1}", "http://127.0.0.1/甲",
    "external:甲.xlsx", "\t=1+1", "＝1+1",
)
MARK = '=WEBSERVICE("http://127.0.0.1/")'


def _formulas(path: Path) -> dict[str, str]:
    return {
        f"{sheet.title}!{cell.coordinate}": str(cell.value)
        for sheet in openpyxl.load_workbook(path) for row in sheet.iter_rows() for cell in row
        if cell.data_type == "f"
    }


def _links(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as package:
        return [name for name in package.namelist() if name.startswith("xl/worksheets/_rels") and b"hyperlink" in
                package.read(name)]


def _poisoned(document: Document, mark: str) -> Document:
    """The document with every text of every table replaced by the mark."""
    def cell(given: Cell) -> Cell:
        keep = given.address is not None or given.amount is not None
        return given if keep else msgspec.structs.replace(given, text=mark)

    def block(given: object) -> object:
        if not isinstance(given, Table):
            return given
        return msgspec.structs.replace(
            given, title=mark, number=mark, left=mark, right=mark, notes=(mark,),
            header=tuple(tuple(map(cell, row)) for row in given.header),
            body=tuple(tuple(map(cell, row)) for row in given.body),
        )
    return msgspec.structs.replace(document, blocks=tuple(map(block, document.blocks)))


@pytest.mark.parametrize("attack", [MARK, "{=1+1}", "http://127.0.0.1/", "external:甲.xlsx"])
def test_the_published_workbook_has_the_products_formulas_and_no_others(tmp_path: Path, attack: str):
    made = account()
    statute = load_statute(made.profile, made.year)
    document = lay_out(made, statute)
    write_xlsx(document, made, statute, tmp_path / "clean.xlsx")
    write_xlsx(_poisoned(document, attack), made, statute, tmp_path / "poisoned.xlsx")
    clean, poisoned = _formulas(tmp_path / "clean.xlsx"), _formulas(tmp_path / "poisoned.xlsx")
    assert list(poisoned.values()) == list(clean.values()) and len(clean) > 50
    assert _links(tmp_path / "poisoned.xlsx") == []


def _full_of(attack: str, profile: str, year: int) -> FilingContent:
    filled = FilingContent()
    for sheet in sheets(load_statute(profile, year)):
        cells = {slot.plan.key: attack for slot in sheet.inputs}
        if sheet.plan.layout == "list":
            filled.page(sheet.key).add(cells)
        else:
            filled.page(sheet.key).cells.update(cells)
    return filled


@pytest.mark.parametrize("attack", [MARK, "+1+1", "-1+1", "@SUM(1)", "external:甲.xlsx"])
def test_the_desks_workbook_gives_back_what_was_typed_as_text(tmp_path: Path, attack: str):
    statute = load_statute("wuhan-2022", 2022)
    filled, path = _full_of(attack, "wuhan-2022", 2022), tmp_path / "workbook.xlsx"
    write_contents(path, statute, contents_of(filled, statute))
    assert not [place for place, text in _formulas(path).items() if attack.lstrip("=+-@") in text]
    assert _links(path) == []
    again, _ = of_workbook(path, statute)
    for key, page in filled.pages.items():
        assert {k: v.strip() for k, v in again.page(key).cells.items()} == {
            k: v.strip() for k, v in page.cells.items()}, key
        assert [[v.strip() for v in line.cells.values()] for line in again.page(key).lines] == [
            [v.strip() for v in line.cells.values()] for line in page.lines], key


def test_the_problem_list_is_all_text(tmp_path: Path):
    made = msgspec.structs.replace(account(), unit=msgspec.structs.replace(account().unit, name=MARK))
    report = check(made, statute=load_statute(made.profile, made.year), file=MARK)
    path = tmp_path / "problems.xlsx"
    write_problem_list(path, [Checked(report, (), ())], [Unreadable(MARK, MARK)])
    assert _formulas(path) == {} and _links(path) == []
    assert MARK in {cell.value for row in openpyxl.load_workbook(path).active.iter_rows() for cell in row}


def _named(name: str) -> dict[str, object]:
    row = dict.fromkeys(FactRow.model_fields, name)
    return row | {"year": 2022, "version": 1, "value": "-12.50"}


def test_open_data_shelters_texts_and_leaves_negative_amounts(tmp_path: Path):
    for attack in ATTACKS:
        text = as_csv([_named(attack)], list(FactRow.model_fields)).decode("utf-8-sig")
        (row,) = csv.DictReader(io.StringIO(text, newline=""))
        assert row["value"] == "-12.50"
        assert not row["unit"].lstrip().startswith(("=", "+", "-", "@", "＝")) and bare(row["unit"]) == attack


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_libreoffice_opens_the_published_figures_without_a_formula(tmp_path: Path):
    made = account()
    facts = dict(list(made.facts.items())[:5])
    unit = msgspec.structs.replace(made.unit, name=MARK)
    evil = msgspec.structs.replace(made, unit=unit, facts=facts)
    path = tmp_path / "facts.csv"
    write_csv(evil, load_statute(made.profile, made.year), path)
    # 44 comma, 34 quotes, 76 UTF-8; formulas evaluated, as somebody would who says yes to everything.
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless",
         "--infilter=CSV:44,34,76,1,,0,false,true,false,false,false,-1,true", "--convert-to", "xlsx", "--outdir",
         str(tmp_path), str(path)], check=True, capture_output=True, timeout=120,
    )
    assert _formulas(tmp_path / "facts.xlsx") == {}
    rows = list(openpyxl.load_workbook(tmp_path / "facts.xlsx").active.iter_rows(values_only=True))
    assert {row[1] for row in rows[1:]} == {f"'{MARK}"}
    assert all(isinstance(row[9], int | float) for row in rows[1:]), "amounts are numbers"


def test_names_of_organisations_come_back_as_they_were(city: City, tmp_path: Path):
    text = f"代码,名称,类型,上级代码\n901,\"'{MARK.replace(chr(34), chr(34) * 2)}\",预算单位,100\n"
    manager = city.browser("manager")
    manager.get("/organisations")
    assert manager.post("/organisations", files={"file": ("a.csv", text.encode())}).status_code == 200
    with city.site.database.reading() as session:
        assert session.scalars(select(Organisation.name).where(Organisation.code == "901")).one() == MARK
    path = tmp_path / "organisation.csv"
    path.write_text(f"单位编码,单位名称,上级编码,层级,性质,编制人数,类别\n1,'{MARK.replace(chr(34), '')},,,,,\n",
                    encoding="utf-8")
    (member,) = read_organisation(path).members
    assert member.name == MARK.replace('"', "")
