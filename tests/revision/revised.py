"""Documents for the tests of revisions: planted faults, and tracked changes accepted or rejected as Word does it."""

from __future__ import annotations

import zipfile
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
        for cell in block.cells:
            first = table.cell(cell.row, cell.column)
            last = table.cell(
                min(cell.row + cell.rowspan, block.height) - 1, min(cell.column + cell.colspan, block.width) - 1
            )
            (first.merge(last) if last is not first else first).text = cell.text
        word.add_paragraph("")
    word.save(str(target))
    return target
