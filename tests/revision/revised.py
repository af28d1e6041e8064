"""Documents for the tests of revisions: planted faults, and tracked changes accepted or rejected as Word does it."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lxml import etree

from juesuan.account import Source
from juesuan.reader import read_raw_document
from juesuan.reader.raw import RawDocument, RawText
from juesuan.revision.docx import DocxFile, Edit, Reviser, apply_edits
from juesuan.statute.language import compact

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def planted(path: Path, target: Path, *changes: tuple[str, str, str]) -> Path:
    """The document with texts changed: where (words of the paragraph or row), what stands there, what is put instead.

    The first paragraph with all the words is changed, else the first cell that is just the text in a row with them.
    """
    file = DocxFile(path)
    edits = []
    for where, old, new in changes:
        edits.append(_edit(file, where, old, new))
    apply_edits(file, edits, Reviser("x"), tracked=False)
    file.save(target)
    return target


def _edit(file: DocxFile, where: str, old: str, new: str) -> Edit:
    rows = {
        (source.sheet, _line(source)): {compact(place.text) for place in places}
        for source, places in file.index.places.items()
        if source.cell.startswith("A")
    }
    for source, places in file.index.places.items():
        for place in places:
            text = compact(place.text)
            if not source.cell and where in text and old in text[text.index(where) :]:
                start = text.index(old, text.index(where))
                return Edit(place, start, start + len(old), new)
            if source.cell and text == old and where in rows.get((source.sheet, _line(source)), ()):
                return Edit(place, 0, len(text), new)
    raise AssertionError(f"no place for {where} {old}")


def _line(source: Source) -> str:
    return "".join(sign for sign in source.cell if sign.isdigit())


def texts(path: Path) -> list[str]:
    """All that a document prints, changes accepted."""
    found: list[str] = []
    for block in read_raw_document(path).blocks:
        found.extend([block.text] if isinstance(block, RawText) else [cell.text for cell in block.cells])
    return found


def rewritten(path: Path, target: Path, accept: bool) -> Path:
    """The document with every tracked change accepted or rejected, and without comments in its text."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "word/document.xml":
                root = etree.fromstring(data)
                _settle(root, accept)
                data = etree.tostring(root)
            new.writestr(entry, data)
    return target


def _settle(root: Any, accept: bool) -> None:
    gone, stays = (f"{W}del", f"{W}ins") if accept else (f"{W}ins", f"{W}del")
    for mark in list(root.iter(gone)):
        mark.getparent().remove(mark)
    for mark in list(root.iter(stays)):
        for child in list(mark):
            mark.addprevious(child)
        mark.getparent().remove(mark)
    for text in list(root.iter(f"{W}delText")):
        text.tag = f"{W}t"
    for name in ("commentRangeStart", "commentRangeEnd", "commentReference"):
        for mark in list(root.iter(f"{W}{name}")):
            mark.getparent().remove(mark)


def comments(path: Path) -> list[str]:
    """The texts of all comments."""
    with zipfile.ZipFile(path) as package:
        if "word/comments.xml" not in package.namelist():
            return []
        root = etree.fromstring(package.read("word/comments.xml"))
    return ["\n".join("".join(t.text or "" for t in p.iter(f"{W}t")) for p in each) for each in root]


def in_word(path: Path, target: Path, body: str) -> Path:
    """A document made by python-docx whose body is replaced by `body`, as Word's other features write it."""
    import docx

    docx.Document().save(str(path))
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "word/document.xml":
                text = data.decode()
                start, end = text.index("<w:body>") + len("<w:body>"), text.index("<w:sectPr")
                data = (text[:start] + body + text[end:]).encode()
            new.writestr(entry, data)
    return target


def set_in_word(raw: RawDocument, target: Path) -> Path:
    """A document of another format as a plain Word file: its paragraphs and grids, cells that span merged."""
    import docx

    word = docx.Document()
    for block in raw.blocks:
        if isinstance(block, RawText):
            word.add_paragraph(block.text)
            continue
        table = word.add_table(block.height, block.width)
        # `table.cell` goes through the whole table every time, which makes a long table quadratic.
        grid = [row.cells for row in table.rows]
        for cell in block.cells:
            first = grid[cell.row][cell.column]
            last = grid[min(cell.row + cell.rowspan, block.height) - 1][
                min(cell.column + cell.colspan, block.width) - 1
            ]
            (first.merge(last) if last is not first else first).text = cell.text
        word.add_paragraph("")
    word.save(str(target))
    return target

CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def with_chart(path: Path, target: Path, title: str, series: dict[str, dict[str, str]]) -> Path:
    """The document with a chart of Word at its end: numbers by category and series, and the workbook behind them."""
    import io

    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Sheet1"
    parts = []
    for number, (name, values) in enumerate(series.items()):
        column = chr(ord("B") + number)
        sheet[f"{column}1"] = name
        for row, (category, text) in enumerate(values.items(), 2):
            sheet[f"A{row}"], sheet[f"{column}{row}"] = category, float(text)
        last = len(values) + 1
        parts.append(
            f"<c:ser><c:idx val='{number}'/><c:tx><c:strRef><c:f>Sheet1!${column}$1</c:f>{_cache('str', [name])}"
            f"</c:strRef></c:tx><c:cat><c:strRef><c:f>Sheet1!$A$2:$A${last}</c:f>{_cache('str', values)}</c:strRef>"
            f"</c:cat><c:val><c:numRef><c:f>Sheet1!${column}$2:${column}${last}</c:f>{_cache('num', values.values())}"
            "</c:numRef></c:val></c:ser>"
        )
    chart = (
        f"<c:chartSpace xmlns:c='{CHART}' xmlns:a='{DRAWING}' xmlns:r='{RELATIONS}'><c:chart><c:title><c:tx><c:rich>"
        f"<a:bodyPr/><a:p><a:r><a:t>{title}</a:t></a:r></a:p></c:rich></c:tx></c:title><c:plotArea><c:layout/>"
        f"<c:barChart><c:barDir val='col'/><c:grouping val='clustered'/>{''.join(parts)}<c:axId val='1'/>"
        "<c:axId val='2'/></c:barChart><c:catAx><c:axId val='1'/><c:scaling/><c:delete val='0'/><c:axPos val='b'/>"
        "<c:crossAx val='2'/></c:catAx><c:valAx><c:axId val='2'/><c:scaling/><c:delete val='0'/><c:axPos val='l'/>"
        "<c:crossAx val='1'/></c:valAx></c:plotArea></c:chart><c:externalData r:id='rId1'/></c:chartSpace>"
    )
    kept = io.BytesIO()
    book.save(kept)
    paragraph = (
        "<w:p><w:r><w:drawing><wp:inline distT='0' distB='0' distL='0' distR='0'><wp:extent cx='4000000' cy='2500000'/>"
        f"<wp:docPr id='900' name='图表'/><a:graphic xmlns:a='{DRAWING}'><a:graphicData uri='{CHART}'>"
        f"<c:chart xmlns:c='{CHART}' xmlns:r='{RELATIONS}' r:id='rIdChart'/></a:graphicData></a:graphic></wp:inline>"
        "</w:drawing></w:r></w:p>"
    )
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "word/document.xml":
                text = data.decode()
                at = text.rindex("<w:sectPr")
                data = (text[:at] + paragraph + text[at:]).encode()
            if entry.filename == "word/_rels/document.xml.rels":
                relation = f'<Relationship Id="rIdChart" Type="{RELATIONS}/chart" Target="charts/chart1.xml"/>'
                data = data.decode().replace("</Relationships>", relation + "</Relationships>").encode()
            if entry.filename == "[Content_Types].xml":
                types = (
                    '<Default Extension="xlsx" ContentType="application/vnd.openxmlformats-officedocument.'
                    'spreadsheetml.sheet"/><Override PartName="/word/charts/chart1.xml" ContentType="application/vnd.'
                    'openxmlformats-officedocument.drawingml.chart+xml"/>'
                )
                data = data.decode().replace("</Types>", types + "</Types>").encode()
            new.writestr(entry, data)
        new.writestr("word/charts/chart1.xml", chart)
        new.writestr(
            "word/charts/_rels/chart1.xml.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{RELATIONS}/package" Target="../embeddings/book1.xlsx"/></Relationships>',
        )
        new.writestr("word/embeddings/book1.xlsx", kept.getvalue())
    return target


def _cache(kind: str, values: Iterable[str]) -> str:
    points = "".join(f"<c:pt idx='{n}'><c:v>{text}</c:v></c:pt>" for n, text in enumerate(values))
    return f"<c:{kind}Cache><c:ptCount val='{len(list(values))}'/>{points}</c:{kind}Cache>"


def chart_data(path: Path) -> tuple[dict[str, dict[str, str]], list[list[object]]]:
    """The numbers of the chart of a document by series and category, and the cells of the workbook behind it."""
    import io

    import openpyxl

    space = {"c": CHART}
    with zipfile.ZipFile(path) as package:
        root = etree.fromstring(package.read("word/charts/chart1.xml"))
        book = openpyxl.load_workbook(io.BytesIO(package.read("word/embeddings/book1.xlsx")))
    found = {}
    for series in root.iterfind(".//c:ser", space):
        names = [v.text for v in series.iterfind("c:cat//c:v", space)]
        values = [v.text for v in series.iterfind("c:val//c:v", space)]
        found[series.findtext("c:tx//c:v", "", space)] = dict(zip(names, values, strict=True))
    return found, [list(row) for row in book["Sheet1"].iter_rows(values_only=True)]
