"""DOCX: our own read back whole, what Word can put into a document, and damaged files."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from own_documents import (
    account,
    assert_same_tables,
    assert_same_texts,
    laid_out,
    mutations,
    published,
    read_or_refused,
    tables,
    texts,
)  # fmt: skip

from juesuan.account import UnreadableFileError
from juesuan.publisher.document import Document, Heading
from juesuan.reader.formats.docx import read_docx
from juesuan.reader.raw import RawDocument, RawText

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMES = (
    f'xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


@pytest.fixture(scope="module")
def document() -> Document:
    return laid_out(account())


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(account(), tmp_path_factory.mktemp("docx"), "docx")


def made(folder: Path, body: str, **parts: str) -> RawDocument:
    path = folder / "made.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", f"<w:document {NAMES}><w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            package.writestr(f"word/{name}.xml", f"<w:{name} {NAMES}>{content}</w:{name}>")
    return read_docx(path)


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{p(text)}</w:tc>"


def test_our_own_tables_and_texts_are_read_back(document: Document, file: Path) -> None:
    raw = read_docx(file)
    assert_same_tables(document, raw)
    assert_same_texts(document, raw)
    assert raw.format == "docx" and not raw.unplaced and not raw.notes


def test_headings_have_their_level_and_contents_have_none(document: Document, file: Path) -> None:
    raw = read_docx(file)
    levels = {block.text: block.heading for block in raw.blocks if isinstance(block, RawText) and block.heading}
    for block in document.blocks:
        if isinstance(block, Heading) and block.listed:
            assert levels[block.text.replace("　", "")] == block.level
    contents = [block for block in raw.blocks if isinstance(block, RawText) and block.text.endswith("\t12")]
    assert contents and not any(block.heading for block in contents)


def test_spans_nested_tables_and_text_boxes(tmp_path: Path) -> None:
    across, down = '<w:gridSpan w:val="2"/>', '<w:vMerge w:val="restart"/>'
    inner = f"<w:tbl><w:tr>{tc('内')}{tc('表')}</w:tr></w:tbl>"
    box = f"<w:txbxContent>{p('框中文字')}</w:txbxContent>"
    raw = made(
        tmp_path,
        "<w:tbl>"
        f"<w:tr>{tc('项目', across)}{tc('数', down)}</w:tr>"
        f"<w:tr>{tc('甲')}{tc('乙')}{tc('', '<w:vMerge/>')}</w:tr>"
        f"<w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr>{tc('丙')}<w:tc>{p('丁')}{inner}</w:tc></w:tr>"
        "</w:tbl><w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>" + box + "</wps:txbx></w:drawing>"
        "</mc:Choice><mc:Fallback><w:pict><v:textbox>" + box + "</v:textbox></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r></w:p>",
    )
    outer, nested = tables(raw)
    assert [(c.text, c.row, c.column, c.rowspan, c.colspan) for c in outer.cells] == [
        ("项目", 0, 0, 1, 2), ("数", 0, 2, 2, 1), ("甲", 1, 0, 1, 1), ("乙", 1, 1, 1, 1), ("丙", 2, 1, 1, 1),
        ("丁", 2, 2, 1, 1),
    ]  # fmt: skip
    assert [c.text for c in nested.cells] == ["内", "表"]
    assert str(nested.cells[1].source) == "made.docx 第2张表 第1行第2列"
    assert texts(raw) == ["框中文字"]


def test_automatic_numbers_are_read_as_printed(tmp_path: Path) -> None:
    levels = (
        '<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl>'
        '<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>'
    )
    numbering = (
        f'<w:abstractNum w:abstractNumId="7">{levels}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>'
    )
    first, second = (f'<w:numPr><w:ilvl w:val="{n}"/><w:numId w:val="1"/></w:numPr>' for n in (0, 1))
    body = [p("收入", first), p("其一", second), p("其二", second), *[p("支出", first)] * 11, p("其一", second)]
    read = texts(made(tmp_path, "".join(body), numbering=numbering))
    assert read[:4] == ["一、收入", "1.其一", "2.其二", "二、支出"]
    assert read[-2:] == ["十二、支出", "1.其一"]


def test_only_what_is_printed_is_read(tmp_path: Path) -> None:
    def run(text: str, properties: str = "") -> str:
        return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"

    raw = made(
        tmp_path,
        f"<w:p>{run('支出')}<w:del><w:r><w:delText>九</w:delText></w:r></w:del><w:ins>{run(' 805.81')}</w:ins>"
        f"{run('机密', '<w:vanish/>')}{run(' 万元')}"
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r></w:p>' + p("后文"),
    )
    assert texts(raw) == ["支出805.81万元", "后文"]


def test_a_table_of_one_column_is_a_frame_around_text(tmp_path: Path) -> None:
    raw = made(tmp_path, f"<w:tbl><w:tr>{tc('一、收入')}</w:tr></w:tbl>")
    assert texts(raw) == ["一、收入"] and not tables(raw)


@pytest.mark.parametrize("body", ["&lol;", "<w:p", "<w:tbl><w:tr><w:tc>" * 300])
def test_broken_xml_is_refused(tmp_path: Path, body: str) -> None:
    with pytest.raises(UnreadableFileError, match="损坏"):
        made(tmp_path, body)


def test_entities_are_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.docx"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("word/document.xml", '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>')
    with pytest.raises(UnreadableFileError, match="不允许"):
        read_docx(path)


def test_damaged_files_are_read_or_refused(file: Path, tmp_path: Path) -> None:
    path = tmp_path / "damaged.docx"
    results = []
    for content in mutations(file.read_bytes(), parts=True):
        path.write_bytes(content)
        results.append(read_or_refused(read_docx, path))
    assert any(results) and not all(results)
