"""What we publish as PDF is read back: every cell in its place, every paragraph of the narrative whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from juesuan.compiler import compile_sources
from juesuan.publisher import publish
from juesuan.publisher.document import Chart, Document, Heading, Table, Text, placed
from juesuan.publisher.layout import lay_out
from juesuan.reader.pdf_file import read_pdf
from juesuan.reader.raw import RawDocument, RawTable, RawText
from juesuan.statute import load_statute

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022"


def bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def document() -> Document:
    account = compile_sources([EXAMPLE / "ledger.csv", EXAMPLE / "workbook.xlsx"]).account
    return lay_out(account, load_statute(account.profile, account.year))


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[bool, Path]:
    """The published PDF, and that of the draft."""
    account = compile_sources([EXAMPLE / "ledger.csv", EXAMPLE / "workbook.xlsx"]).account
    folder = tmp_path_factory.mktemp("own")
    return {draft: publish(account, folder, ["pdf"], draft=draft)[0] for draft in (False, True)}


@pytest.fixture(scope="module", params=[False, True], ids=["final", "draft"])
def raw(request: pytest.FixtureRequest, files: dict[bool, Path]) -> RawDocument:
    return read_pdf(files[request.param])


def tables(raw: RawDocument) -> list[RawTable]:
    return [block for block in raw.blocks if isinstance(block, RawTable)]


def test_every_table_is_one_table_with_every_cell_in_its_place(document: Document, raw: RawDocument) -> None:
    laid = [block for block in document.blocks if isinstance(block, Table)]
    found = tables(raw)
    assert [(len(table.header) + len(table.body), len(table.widths)) for table in laid] == [
        (table.height, table.width) for table in found
    ]
    for table, read in zip(laid, found, strict=True):
        grid = read.grid()
        for places in placed([*table.header, *table.body], len(table.widths)):
            for place in places:
                cell = grid[place.row][place.column]
                assert cell is not None
                assert bare(cell.text) == bare(place.cell.text), (table.key, place)
                assert (cell.row, cell.column, cell.rowspan, cell.colspan) == (
                    place.row, place.column, place.cell.rowspan, place.cell.colspan,
                ), (table.key, place)  # fmt: skip
        assert len(read.cells) == sum(len(row) for row in (*table.header, *table.body))


def test_amounts_keep_their_text_to_the_letter(document: Document, raw: RawDocument) -> None:
    for table, read in zip((b for b in document.blocks if isinstance(b, Table)), tables(raw), strict=True):
        grid = read.grid()
        for places in placed([*table.header, *table.body], len(table.widths)):
            for place in places:
                if place.cell.align == "right":
                    cell = grid[place.row][place.column]
                    assert cell is not None
                    assert cell.text == place.cell.text


def test_headings_and_paragraphs_are_whole(document: Document, raw: RawDocument) -> None:
    found = [bare(block.text) for block in raw.blocks if isinstance(block, RawText)]
    for block in document.blocks:
        if isinstance(block, Text) or (isinstance(block, Heading) and block.level > 1):
            assert bare(block.text) in found, block.text


def test_titles_units_and_notes_stand_around_their_tables(document: Document, raw: RawDocument) -> None:
    laid = [block for block in document.blocks if isinstance(block, Table)]
    places = [number for number, block in enumerate(raw.blocks) if isinstance(block, RawTable)]
    for table, place in zip(laid, places, strict=True):
        if table.bare:
            continue
        before = [block.text for block in raw.blocks[max(place - 4, 0) : place] if isinstance(block, RawText)]
        after = [block.text for block in raw.blocks[place + 1 : place + 6] if isinstance(block, RawText)]
        for text in (table.title, table.number, table.left, table.right):
            assert not text or bare(text) in [bare(other) for other in before], (table.key, text)
        for note in table.notes:
            assert any(bare(note) in bare(text) for text in after), (table.key, note)


def test_page_numbers_and_the_mark_of_a_draft_are_gone(document: Document, raw: RawDocument) -> None:
    texts = [block.text for block in raw.blocks if isinstance(block, RawText)]
    assert not [text for text in texts if re.fullmatch(r"[—\s]*\d+[—\s]*", text) and "—" in text]
    assert not [text for text in texts if "草稿" in text]
    assert not [item for item in raw.unplaced if "草" in item.text]


def test_all_texts_come_in_the_order_of_the_document(document: Document, raw: RawDocument) -> None:
    whole = "".join(bare(block.text) for block in raw.blocks if isinstance(block, RawText))
    place = whole.index(bare(document.date))
    for block in document.blocks:
        text = block.caption if isinstance(block, Chart) else getattr(block, "text", "")
        if text and not (isinstance(block, Heading) and block.level == 1):
            place = whole.index(bare(text), place)


def test_every_block_and_cell_says_where_it_stands(raw: RawDocument) -> None:
    for block in raw.blocks:
        sources = [block.source] + ([cell.source for cell in block.cells] if isinstance(block, RawTable) else [])
        for source in sources:
            assert source is not None and source.box is not None
            left, bottom, right, top = source.box
            assert 0 <= left < right <= 842 and 0 <= bottom < top <= 842
            assert 1 <= source.page <= raw.pages
            assert source.file == raw.file


def test_reading_twice_gives_the_same(files: dict[bool, Path], raw: RawDocument) -> None:
    again = read_pdf(next(path for path in files.values() if path.name == raw.file))
    assert again == raw
