"""PDF files whose tables have no lines: every figure is read as where the lines show the cells."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_raw
import pytest
import typst

from juesuan.account import Account
from juesuan.compiler import compile_sources
from juesuan.publisher import publish
from juesuan.publisher.fonts import font_directory
from juesuan.reader import read_document
from juesuan.reader.pdf_file import read_pdf
from juesuan.reader.raw import RawTable

ROOT = Path(__file__).parents[2]
EXAMPLES = {
    "决算": [ROOT / "examples/wuhan-2022/ledger.csv", ROOT / "examples/wuhan-2022/workbook.xlsx"],
    "预算": [ROOT / "examples/wuhan-2022/budget/ledger.csv", ROOT / "examples/wuhan-2022/budget/workbook.xlsx"],
}
REAL = ROOT.parent / "shared" / "real"


def without_lines(file: Path, folder: Path) -> Path:
    """A copy of a PDF without drawn lines and areas."""
    document = pdfium.PdfDocument(file)
    for page in document:
        for drawn in list(page.get_objects(filter=[pdfium_raw.FPDF_PAGEOBJ_PATH], max_depth=1)):
            page.remove_obj(drawn)
        page.gen_content()
    copy = folder / f"unruled-{file.name}"
    document.save(copy)
    document.close()
    return copy


def figures(account: Account) -> dict[str, Decimal]:
    """The figures that stand in statutory tables, by address."""
    forms = {table.form for table in account.tables}
    return {
        str(key): fact.figure.value for key, fact in account.facts.items()
        if fact.address.form in forms and fact.source and fact.source.box
    }  # fmt: skip


@pytest.mark.parametrize("kind", EXAMPLES)
def test_our_own_tables_without_lines_have_every_figure_in_its_place(kind: str, tmp_path: Path) -> None:
    account = compile_sources(EXAMPLES[kind]).account
    (file,) = publish(account, tmp_path, ["pdf"])
    ruled = figures(read_document(file).account)
    bare = figures(read_document(without_lines(file, tmp_path)).account)
    assert ruled
    assert {key: bare.get(key) for key in ruled} == ruled
    assert bare.keys() <= ruled.keys() | figures(account).keys() | account.facts.keys()


@pytest.mark.skipif(not REAL.is_dir(), reason="the real documents are not beside the repository")
@pytest.mark.parametrize("file", sorted(REAL.glob("*.pdf")), ids=lambda file: file.stem)
def test_published_tables_without_lines_have_every_figure_in_its_place(file: Path, tmp_path: Path) -> None:
    ruled = figures(read_document(file).account)
    bare = figures(read_document(without_lines(file, tmp_path)).account)
    assert {key: bare.get(key) for key in ruled} == ruled
    assert bare.keys() == ruled.keys()


TITLE = "#align(center)[2024年度收入决算表]\n#align(right)[单位：万元]\n"
THREE_LINES = """
#table(columns: (60pt, 110pt, 90pt, 90pt, 90pt), stroke: none, align: (left, left, right, right, right),
  table.hline(),
  [科目编码], [科目名称], table.cell(align: center)[本年收入合计], table.cell(align: center)[财政拨款收入],
  table.cell(align: center)[其他收入],
  table.hline(),
  [], [合计], [1,200.00], [1,000.00], [200.00],
  [205], [教育支出], [1,000.00], [800.00], [200.00],
  [20502], [普通教育], [1,000.00], [800.00], [200.00],
  [208], [社会保障和就业支出], [200.00], [200.00], [],
  [2080505], [机关事业单位基本养老保险缴费支出], [200.00], [200.00], [],
  table.hline(),
)
"""


def _typeset(source: str, folder: Path) -> list[list[list[str]]]:
    """The tables of a page set for the purpose, as the texts of their cells."""
    file = folder / "made.pdf"
    setting = '#set page(width: 595pt, height: 842pt)\n#set text(font: "Noto Serif CJK SC", size: 10.5pt, lang: "zh")\n'
    typst.compile((setting + source).encode(), output=str(file), font_paths=[str(font_directory())])
    tables = [block for block in read_pdf(file).blocks if isinstance(block, RawTable)]
    return [[[cell.text if cell else "" for cell in row] for row in table.grid()] for table in tables]


def test_a_table_of_three_lines(tmp_path: Path) -> None:
    """Only horizontal lines are drawn; a name that fills two lines is one, and blank cells stay where they are."""
    (table,) = _typeset(TITLE + THREE_LINES, tmp_path)
    assert table[0] == ["科目编码", "科目名称", "本年收入合计", "财政拨款收入", "其他收入"]
    assert table[1] == ["", "合计", "1,200.00", "1,000.00", "200.00"]
    assert table[4] == ["208", "社会保障和就业支出", "200.00", "200.00", ""]
    assert table[5] == ["2080505", "机关事业单位基本养老保险缴费支出", "200.00", "200.00", ""]


def test_headings_over_several_columns(tmp_path: Path) -> None:
    heads = """
#table(columns: (1fr,) * 6, stroke: none, align: center,
  table.cell(colspan: 3)[预算数], table.cell(colspan: 3)[决算数],
  [合计], [公务接待费], [公务用车运行维护费], [合计], [公务接待费], [公务用车运行维护费],
  [12.00], [2.00], [10.00], [9.50], [], [9.50],
)
"""
    (table,) = _typeset("#align(center)[“三公”经费支出决算表]\n#align(right)[单位：万元]\n" + heads, tmp_path)
    assert table[0] == ["预算数"] * 3 + ["决算数"] * 3
    assert table[-1] == ["12.00", "2.00", "10.00", "9.50", "", "9.50"]


def test_what_nothing_says_to_be_a_table_stays_text(tmp_path: Path) -> None:
    assert not _typeset("#align(center)[主要工作]\n" + THREE_LINES, tmp_path)
