"""The DOCX: what an editor in Word or WPS relies on."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import docx
import msgspec
import pytest
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENTATION
from docx.oxml.ns import qn

from juesuan.publisher.document import Chart, Document, Heading, Table, Text, contents, placed
from juesuan.publisher.docx.writer import write_docx
from juesuan.publisher.pdf.writer import page_numbers
from publisher.sample import CHART, GAPPED, LONG, sample


@pytest.fixture(scope="module")
def word(docx_file: Path) -> WordDocument:
    return docx.Document(str(docx_file))


def tables(document: Document) -> list[Table]:
    return [block for block in document.blocks if isinstance(block, Table)]


def test_every_text_is_a_paragraph_of_its_style(document: Document, word: WordDocument) -> None:
    found = {(paragraph.text, paragraph.style.style_id) for paragraph in word.paragraphs if paragraph.style}
    for block in document.blocks:
        if isinstance(block, Heading):
            style = f"Heading{block.level}" + ("" if block.listed else "Unlisted")
            assert (block.text, style) in found
        elif isinstance(block, Text):
            assert (block.text, "NormalIndent" if block.indent else "Normal") in found
        elif isinstance(block, Chart):
            assert (block.caption, "FigureCaption") in found
        else:
            assert all((note, "TableNote") in found for note in block.notes)
            assert not block.title or (block.title, "TableTitle") in found
            assert not block.left or (f"{block.left}\t{block.right}", "TableCaption") in found


def test_every_cell_stands_at_its_place_with_its_spans(document: Document, word: WordDocument) -> None:
    assert len(word.tables) == len(tables(document))
    for table, made in zip(tables(document), word.tables, strict=True):
        width, above = len(table.widths), 0
        assert len(made.columns) == width
        # python-docx lays the whole table out again for every cell that is asked for: once is enough.
        grid = made._cells
        for part in (table.header, table.body):
            for line in placed(part, width):
                for place in line:
                    top, across = above + place.row, place.column
                    first = grid[top * width + across]
                    last = grid[(top + place.cell.rowspan - 1) * width + across + place.cell.colspan - 1]
                    assert first.text == place.cell.text
                    assert first._tc is last._tc
                    right, bottom = place.column + place.cell.colspan, above + place.row + place.cell.rowspan
                    assert right == width or grid[top * width + right]._tc is not first._tc
                    assert bottom * width == len(grid) or grid[bottom * width + across]._tc is not first._tc
            above += len(part)


def test_header_rows_repeat_and_rows_stay_whole(document: Document, word: WordDocument) -> None:
    for table, made in zip(tables(document), word.tables, strict=True):
        marks = [row._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in made.rows]
        assert marks == [True] * len(table.header) + [False] * len(table.body)
    long = next(made for made in word.tables if len(made.rows) == len(LONG.body) + 1)
    assert all(row._tr.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in long.rows)


def test_amounts_are_right_aligned_and_columns_fixed(word: WordDocument) -> None:
    long = next(made for made in word.tables if len(made.rows) == len(LONG.body) + 1)
    cell = long.cell(1, 2)
    assert cell.text == "1,234.56"
    assert cell.paragraphs[0].alignment is not None
    assert cell.paragraphs[0].alignment.name == "RIGHT"
    assert long.autofit is False
    assert all(column.width and column.width > 0 for column in long.columns)


def test_wide_tables_lie_in_sections_of_their_own(word: WordDocument) -> None:
    orientations = [section.orientation for section in word.sections]
    assert orientations.count(WD_ORIENTATION.LANDSCAPE) == 1
    assert orientations[-1] == WD_ORIENTATION.PORTRAIT
    for section in word.sections:
        assert section.page_width and section.page_height
        assert (section.page_width > section.page_height) == (section.orientation == WD_ORIENTATION.LANDSCAPE)


def test_page_numbers_begin_after_cover_and_contents(word: WordDocument) -> None:
    sections = list(word.sections)
    assert all(section.footer.is_linked_to_previous for section in sections[:2])
    footer = sections[2].footer
    assert not footer.is_linked_to_previous
    assert re.fullmatch(r"—  —", "".join(run.text for run in footer.paragraphs[0].runs))
    assert footer.paragraphs[0]._p.find(qn("w:fldSimple")).get(qn("w:instr")).strip() == "PAGE"
    assert sections[2]._sectPr.find(qn("w:pgNumType")).get(qn("w:start")) == "1"


def test_contents_are_a_field_with_entries_written_out(document: Document, word: WordDocument) -> None:
    body = word.element.body
    block = body.find(qn("w:sdt"))
    codes = [element.text.strip() for element in block.iter(qn("w:instrText"))]
    assert codes[0].startswith("TOC ")
    bookmarks = {mark.get(qn("w:name")) for mark in body.iter(qn("w:bookmarkStart"))}
    links = list(block.iter(qn("w:hyperlink")))
    numbers = page_numbers(document)
    assert len(links) == len(contents(document))
    for link, entry in zip(links, contents(document), strict=True):
        assert link.get(qn("w:anchor")) in bookmarks
        assert "".join(text.text for text in link.iter(qn("w:t"))) == f"{entry.text}{numbers[entry.anchor]}"
    kinds = [mark.get(qn("w:fldCharType")) for mark in block.iter(qn("w:fldChar"))]
    assert kinds.count("begin") == kinds.count("separate") == kinds.count("end") == len(links) + 1
    assert not any(mark.get(qn("w:dirty")) for mark in block.iter(qn("w:fldChar")))


def test_titles_of_listed_tables_have_an_outline_level(word: WordDocument) -> None:
    titles = [p for p in word.paragraphs if p.style and p.style.style_id == "TableTitle"]
    assert titles
    for title in titles:
        assert title._p.pPr is not None
        assert title._p.pPr.find(qn("w:outlineLvl")).get(qn("w:val")) == "1"


def test_typefaces_are_those_of_official_documents(word: WordDocument) -> None:
    def face(key: str) -> str:
        style = next(style for style in word.styles if style.style_id == key)
        return str(style.element.find(f".//{qn('w:rFonts')}").get(qn("w:eastAsia")))

    assert [face(key) for key in ("Normal", "Heading1", "Heading2", "Heading3", "TableText")] == [
        "仿宋_GB2312", "方正小标宋简体", "黑体", "楷体_GB2312", "宋体",
    ]  # fmt: skip


def test_charts_speak(word: WordDocument) -> None:
    described = [element.get("descr") for element in word.element.body.iter(qn("wp:docPr"))]
    assert len(described) == 2
    assert described[0] == CHART.description


def test_gaps_are_yellow(word: WordDocument) -> None:
    paragraph = next(p for p in word.paragraphs if p.text == GAPPED)
    marked = [run.text for run in paragraph.runs if run.font.highlight_color is not None]
    assert marked == ["【待填写：变动原因】"]


def test_properties_say_whose_it_is(document: Document, word: WordDocument) -> None:
    properties = word.core_properties
    assert (properties.title, properties.author, properties.language) == (document.title, document.author, "zh-CN")
    assert properties.created is not None
    assert properties.created.isoformat().startswith("2023-10-25")
    assert properties.comments == ""


def test_a_draft_is_marked_in_the_header(tmp_path: Path, word: WordDocument) -> None:
    write_docx(sample(draft=True), tmp_path / "draft.docx")
    draft = docx.Document(str(tmp_path / "draft.docx"))
    assert all("不得公开" in section.header.paragraphs[0].text for section in draft.sections)
    assert not any("不得公开" in p.text for section in word.sections for p in section.header.paragraphs)


def test_same_document_same_bytes(document: Document, docx_file: Path, tmp_path: Path) -> None:
    write_docx(document, tmp_path / "again.docx")
    assert (tmp_path / "again.docx").read_bytes() == docx_file.read_bytes()
    with zipfile.ZipFile(docx_file) as package:
        assert {member.date_time for member in package.infolist()} == {(2000, 1, 1, 0, 0, 0)}


def test_nothing_of_the_template_is_left(docx_file: Path, word: WordDocument) -> None:
    with zipfile.ZipFile(docx_file) as package:
        names = {re.sub(r"\d+", "", name) for name in package.namelist()}
    assert names == {
        "[Content_Types].xml", "_rels/.rels", "docProps/core.xml", "word/_rels/document.xml.rels", "word/document.xml",
        "word/footer.xml", "word/media/image.png", "word/settings.xml", "word/styles.xml", "word/theme/theme.xml",
    }  # fmt: skip
    settings = word.settings.element
    assert settings.find(qn("w:updateFields")) is None
    modes = {option.get(qn("w:name")): option.get(qn("w:val")) for option in settings.iter(qn("w:compatSetting"))}
    assert modes["compatibilityMode"] == "15"


def test_control_characters_do_no_harm(document: Document, tmp_path: Path) -> None:
    odd = msgspec.structs.replace(document, blocks=(Text("前\x00\x0b后"), Heading(1, "标\x07题")))
    write_docx(odd, tmp_path / "odd.docx")
    texts = [paragraph.text for paragraph in docx.Document(str(tmp_path / "odd.docx")).paragraphs]
    assert "前后" in texts
    assert "标题" in texts


def test_a_sign_that_only_word_has_stands_in_the_docx(document: Document, tmp_path: Path) -> None:
    strange = msgspec.structs.replace(document, blocks=(Heading(1, "第一部分 笑脸😀"), Text("再笑😀😀")))
    write_docx(strange, tmp_path / "strange.docx")
    word = docx.Document(str(tmp_path / "strange.docx"))
    assert "再笑😀😀" in [paragraph.text for paragraph in word.paragraphs]
    links = list(word.element.body.iter(qn("w:hyperlink")))
    assert "".join(text.text for text in links[0].iter(qn("w:t"))) == "第一部分 笑脸😀1"


def test_an_empty_document_opens(document: Document, tmp_path: Path) -> None:
    write_docx(msgspec.structs.replace(document, blocks=()), tmp_path / "empty.docx")
    assert document.cover[0] in docx.Document(str(tmp_path / "empty.docx")).paragraphs[0].text
