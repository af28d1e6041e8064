"""The PDF: what a reader, a printer and an archive rely on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pdfplumber
import pikepdf
import pypdfium2
import pytest

from juesuan.publisher.document import Chart, Document, Heading, Table, Text, contents
from juesuan.publisher.pdf.writer import page_numbers, write_pdf
from publisher.sample import LONG, NASTY, TABLE_1, TABLE_4, sample


def bare(text: str) -> str:
    """The text without white space, which line breaks put in."""
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def pages(pdf_file: Path) -> list[str]:
    with pypdfium2.PdfDocument(pdf_file) as file:
        return [page.get_textpage().get_text_range() for page in file]


def pages_with(pages: list[str], text: str) -> list[int]:
    return [number for number, page in enumerate(pages) if bare(text) in bare(page)]


def test_every_text_is_found_again(document: Document, pages: list[str]) -> None:
    whole = bare("".join(pages))
    for block in document.blocks:
        if isinstance(block, Heading | Text):
            # A paragraph may run over the foot of a page, where the page number stands between its parts.
            assert bare(block.text)[:20] in whole
            assert bare(block.text)[-12:] in whole
        elif isinstance(block, Chart):
            assert bare(block.caption) in whole
        else:
            for text in (block.title, block.number, block.left, block.right, *block.notes):
                assert bare(text) in whole


def test_every_cell_is_found_again_in_reading_order(document: Document, pages: list[str]) -> None:
    for block in document.blocks:
        if isinstance(block, Table) and block.title and block.key != "整体自评表":
            found = bare("".join(pages[page] for page in pages_with(pages, block.body[0][0].text)))
            whole = bare("".join(pages))
            for row in block.body:
                line = "".join(bare(cell.text) for cell in row if bare(cell.text))
                assert line in whole, (block.key, line)
            assert found


def test_markup_signs_stay_text(pages: list[str]) -> None:
    assert bare(NASTY) in bare("".join(pages))


def test_small_tables_take_one_page(pages: list[str]) -> None:
    for table in (TABLE_1, TABLE_4):
        (page,) = pages_with(pages, table.title)[1:]
        for text in (*(cell.text for row in table.body for cell in row), *table.notes):
            assert bare(text) in bare(pages[page])


def test_the_header_of_a_long_table_stands_on_each_of_its_pages(pages: list[str]) -> None:
    names = [row[1].text for row in LONG.body]
    covered = [page for page in pages if any(name in page for name in names)]
    assert len(covered) >= 4
    for page in covered:
        assert "本年支出合计" in page
        assert "项目支出" in page


def test_wide_tables_lie_and_pages_keep_their_numbers(pdf_file: Path, pages: list[str]) -> None:
    with pypdfium2.PdfDocument(pdf_file) as file:
        lying = [number for number, page in enumerate(file) if page.get_width() > page.get_height()]
    assert lying == pages_with(pages, "2022年度收入决算表（表2）")[1:]
    assert bare(pages[lying[0]]).endswith(f"—{lying[0] - 1}—")
    assert "—" not in pages[0] + pages[1]
    for number, page in enumerate(pages[2:], 1):
        assert f"—{number}—" in bare(page)


def test_no_figure_is_broken_over_lines(pages: list[str], document: Document) -> None:
    figures = {
        cell.text
        for block in document.blocks
        if isinstance(block, Table)
        for row in block.body
        for cell in row
        if re.fullmatch(r"[\d,]+\.\d\d", cell.text)
    }
    whole = "".join(pages)
    assert all(figure in whole for figure in figures)


def test_contents_name_the_right_pages(document: Document, pages: list[str]) -> None:
    numbers = page_numbers(document)
    listed = bare(pages[1])
    for entry in contents(document):
        assert bare(entry.text) in bare(pages[numbers[entry.anchor] + 1])
        assert re.search(re.escape(bare(entry.text)) + rf"\.*{numbers[entry.anchor]}", listed)


def test_bookmarks_metadata_and_archive_marks(document: Document, pdf_file: Path) -> None:
    with pikepdf.open(pdf_file) as file:
        metadata = file.open_metadata()
        assert metadata["pdfaid:part"] == "2"
        assert metadata["pdfaid:conformance"] == "B"
        assert metadata["dc:title"] == document.title
        assert document.author in str(metadata["dc:creator"])
        assert str(file.Root.Lang).startswith("zh")
        with file.open_outline() as outline:
            tops = [item.title for item in outline.root]
            below = [child.title for item in outline.root for child in item.children]
    assert tops == [block.text for block in document.blocks if isinstance(block, Heading) and block.level == 1]
    assert TABLE_1.title in below


def fonts_of(file: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    for thing in file.objects:
        if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor":
            yield thing


def test_fonts_are_embedded_and_the_copied_one_is_not_used(pdf_file: Path) -> None:
    with pikepdf.open(pdf_file) as file:
        descriptors = list(fonts_of(file))
        assert descriptors
        for descriptor in descriptors:
            assert any(name in descriptor for name in ("/FontFile", "/FontFile2", "/FontFile3"))
            assert "Noto" in str(descriptor.FontName)


def test_rules_of_tables_are_paths(pdf_file: Path, pages: list[str]) -> None:
    (page,) = pages_with(pages, TABLE_1.title)[1:]
    with pdfplumber.open(pdf_file) as file:
        (found,) = file.pages[page].find_tables()
        rows = found.extract()
    assert len(rows) == len(TABLE_1.header) + len(TABLE_1.body)
    assert [cell or "" for cell in rows[3]][1:3] == ["1", "1,777.50"]


def test_same_document_same_bytes(document: Document, pdf_file: Path, tmp_path: Path) -> None:
    from juesuan.publisher.pdf import writer as pdf

    pdf._compile.cache_clear()
    write_pdf(document, tmp_path / "again.pdf")
    assert (tmp_path / "again.pdf").read_bytes() == pdf_file.read_bytes()


def test_a_draft_is_marked_on_every_page(tmp_path: Path) -> None:
    write_pdf(sample(draft=True), tmp_path / "draft.pdf")
    with pypdfium2.PdfDocument(tmp_path / "draft.pdf") as file:
        assert all("不得公开" in page.get_textpage().get_text_range() for page in file)


def test_a_sign_without_a_glyph_is_named(document: Document, tmp_path: Path) -> None:
    strange = msgspec.structs.replace(document, blocks=(Text("笑脸😀"),))
    with pytest.raises(ValueError, match="😀"):
        write_pdf(strange, tmp_path / "strange.pdf")


def test_an_empty_document_is_a_cover(document: Document, tmp_path: Path) -> None:
    write_pdf(msgspec.structs.replace(document, blocks=()), tmp_path / "empty.pdf")
    with pypdfium2.PdfDocument(tmp_path / "empty.pdf") as file:
        assert bare(document.cover[0]) in bare(file[0].get_textpage().get_text_range())


def test_a_cell_longer_than_a_page_is_torn_and_nothing_lost(document: Document, tmp_path: Path) -> None:
    words = "".join(f"第{number}句原因分析。" for number in range(700))
    table = msgspec.structs.replace(LONG, body=(LONG.body[0], (*LONG.body[1][:1], msgspec.structs.replace(
        LONG.body[1][1], text=words), *LONG.body[1][2:])))  # fmt: skip
    write_pdf(msgspec.structs.replace(document, blocks=(table,)), tmp_path / "tall.pdf")
    with pypdfium2.PdfDocument(tmp_path / "tall.pdf") as file:
        whole = bare("".join(page.get_textpage().get_text_range() for page in file))
    assert all(f"第{number}句" in whole for number in range(700))


def test_own_fonts_come_first(document: Document, tmp_path: Path) -> None:
    from juesuan.publisher.fonts import font_directory

    folder = tmp_path / "fonts"
    folder.mkdir()
    (folder / "heiti.ttf").write_bytes((font_directory() / "SimHei.ttf").read_bytes())
    write_pdf(document, tmp_path / "own.pdf", fonts=folder)
    with pikepdf.open(tmp_path / "own.pdf") as file:
        assert any("SimHei" in str(descriptor.FontName) for descriptor in fonts_of(file))
    with pytest.raises(ValueError, match="不存在"):
        write_pdf(document, tmp_path / "none.pdf", fonts=tmp_path / "nowhere")
