"""Text replaced in place: torn over runs, in links, content controls, fields, others' changes; all else as it was."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from lxml import etree
from revised import W, comments, in_word, rewritten, texts

from juesuan.revision.docx import DocxFile, Edit, Reviser, apply_edits, obstacle

BOLD = '<w:rPr><w:b/><w:color w:val="FF0000"/></w:rPr>'


def run(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*content: str) -> str:
    return f"<w:p>{''.join(content)}</w:p>"


HYPERLINK = f'<w:hyperlink w:anchor="x">{run("1,787")}{run(".50", BOLD)}</w:hyperlink>'
CONTROL = f'<w:sdt><w:sdtPr><w:tag w:val="x"/></w:sdtPr><w:sdtContent>{run("1,787.50")}</w:sdtContent></w:sdt>'
FIELD = (
    '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>=SUM(ABOVE)</w:instrText></w:r>'
    f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("1,787.50", BOLD)}'
    '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
INSERTED = f'<w:ins w:id="7" w:author="某人">{run("本年1,787.50万")}</w:ins>'
DELETED = f'<w:del w:id="8" w:author="某人"><w:r><w:delText>1,600.00</w:delText></w:r></w:del>{run("1,787.50")}'


@pytest.mark.parametrize(
    "content",
    [
        run("收入1,787.50万元"),
        run("收入1,7") + run("87", BOLD) + run(".50万元"),
        run("收入") + HYPERLINK + run("万元"),
        run("收入") + CONTROL + run("万元"),
        run("收入") + FIELD + run("万元"),
        run("收入") + INSERTED + run("元"),
        run("收入") + DELETED + run("万元"),
        run("收入 1,787") + '<w:bookmarkStart w:id="3" w:name="b"/>' + run(". 50 万元") + '<w:bookmarkEnd w:id="3"/>',
        run("收入1,787.5") + f"{HYPERLINK.replace('1,787', '0').replace('.50', '万')}" + run("元"),
    ],
    ids=["run", "runs", "link", "control", "field", "inserted", "deleted", "blanks", "half in a link"],
)
def test_a_number_is_replaced_wherever_it_stands(tmp_path: Path, content: str) -> None:
    path = in_word(tmp_path / "plain.docx", tmp_path / "made.docx", paragraph(run("前一段")) + paragraph(content))
    before = texts(path)
    file = DocxFile(path)
    place = list(file.index.places.values())[-1][0]
    start = place.text.index("1,787.50")
    edit = Edit(place, start, start + 8, "1,777.50", ("第一行\n第二行",))
    assert obstacle(edit) == ""
    apply_edits(file, [edit], Reviser("juesuan", "2024-05-06T07:08:09"), tracked=True)
    target = tmp_path / "revised.docx"
    file.save(target)

    wanted = ["".join(text.split()).replace("1,787.50", "1,777.50") for text in before]
    assert ["".join(text.split()) for text in texts(target)] == wanted
    assert ["".join(t.split()) for t in texts(rewritten(target, tmp_path / "yes.docx", accept=True))] == wanted
    if "某人" not in content:
        assert texts(rewritten(target, tmp_path / "no.docx", accept=False)) == before
    assert comments(target) == ["第一行\n第二行"]
    with zipfile.ZipFile(target) as package:
        root = etree.fromstring(package.read("word/document.xml"))
        assert b"comments.xml" in package.read("[Content_Types].xml")
    ids = [e.get(f"{W}id") for e in root.iter(f"{W}ins", f"{W}del")]
    assert len(ids) == len(set(ids))
    mine = [e for e in root.iter(f"{W}ins") if e.get(f"{W}author") == "juesuan"]
    assert [e.get(f"{W}date") for e in mine] == ["2024-05-06T07:08:09"]
    assert not any(e.getparent().tag == f"{W}ins" for e in mine)


def test_formatting_is_that_of_the_text_replaced(tmp_path: Path) -> None:
    body = paragraph(run("收入"), run("1,787.50", BOLD), run("万元"))
    file = DocxFile(in_word(tmp_path / "plain.docx", tmp_path / "made.docx", body))
    place = next(iter(file.index.places.values()))[0]
    apply_edits(file, [Edit(place, 4, 10, "77.51"), Edit(place, 0, 2, "支出")], Reviser("juesuan"), tracked=False)
    made = [(r.findtext(f"{W}t"), r.find(f"{W}rPr/{W}b") is not None) for r in file.body.iter(f"{W}r")]
    assert made == [("支出", False), ("1,", True), ("77.51", True), ("万元", False)]


def test_a_run_goes_on_with_what_else_it_holds(tmp_path: Path) -> None:
    body = paragraph(f'<w:r>{BOLD}<w:t>一、1,787.50</w:t><w:tab/><w:t>万元</w:t><w:br/><w:t>合计1,787.50</w:t></w:r>')
    path = in_word(tmp_path / "plain.docx", tmp_path / "made.docx", body)
    file = DocxFile(path)
    place = next(iter(file.index.places.values()))[0]
    apply_edits(
        file, [Edit(place, 2, 10, "1"), Edit(place, 14, 22, "2"), Edit(place, 0, 0, "附")], Reviser("x"), tracked=True
    )
    target = tmp_path / "revised.docx"
    file.save(target)
    assert texts(target) == ["附一、1\t万元合计2"]
    assert texts(rewritten(target, tmp_path / "no.docx", accept=False)) == texts(path)


def test_what_cannot_be_changed_in_place_is_said(tmp_path: Path) -> None:
    bound = CONTROL.replace('<w:tag w:val="x"/>', '<w:dataBinding w:xpath="/a" w:storeItemID="{1}"/>')
    inner = f"<w:txbxContent>{paragraph(run('框里1,787.50'))}</w:txbxContent>"
    drawn = f'<v:textbox xmlns:v="urn:schemas-microsoft-com:vml">{inner}</v:textbox>'
    box = f"<w:r><w:pict>{drawn}</w:pict></w:r>"
    body = paragraph(run("收入"), bound) + paragraph(run("外面"), box)
    file = DocxFile(in_word(tmp_path / "plain.docx", tmp_path / "made.docx", body))
    control, _, inside = (places[0] for places in file.index.places.values())
    assert "内容控件" in obstacle(Edit(control, 2, 10, "1"))
    assert not obstacle(Edit(inside, 2, 10, "1"))
    apply_edits(file, [Edit(inside, 0, 0, None, ("框里有问题",))], Reviser("juesuan"), tracked=True)
    target = tmp_path / "revised.docx"
    file.save(target)
    assert comments(target) == ["框里有问题"]
    with zipfile.ZipFile(target) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    reference = next(root.iter(f"{W}commentReference"))
    assert not [e for e in reference.iterancestors() if e.tag.endswith("txbxContent")]


def test_an_empty_cell_is_filled(tmp_path: Path) -> None:
    cell = "<w:tc><w:tcPr/><w:p><w:pPr><w:rPr><w:b/></w:rPr></w:pPr></w:p></w:tc>"
    row = f"<w:tr><w:tc><w:tcPr/>{paragraph(run('合计'))}</w:tc>{cell}</w:tr>"
    file = DocxFile(in_word(tmp_path / "plain.docx", tmp_path / "made.docx", f"<w:tbl>{row}{row}</w:tbl>"))
    empty = next(places for source, places in file.index.places.items() if source.cell == "B2")[0]
    apply_edits(file, [Edit(empty, 0, 0, "5.00")], Reviser("juesuan"), tracked=True)
    target = tmp_path / "revised.docx"
    file.save(target)
    assert texts(target) == ["合计", "", "合计", "5.00"]
    with zipfile.ZipFile(target) as package:
        root = etree.fromstring(package.read("word/document.xml"))
    assert next(root.iter(f"{W}ins")).find(f"{W}r/{W}rPr/{W}b") is not None
