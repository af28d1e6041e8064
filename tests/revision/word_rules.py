"""What Word and WPS demand of a DOCX (ISO/IEC 29500-1, transitional), held against the parts of a file.

The order of children is that of the schema's sequences; a program that reads less strictly still opens a file that
keeps them. Neither Word nor WPS can be run here.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"

ORDER = {
    "rPr": """ins del moveFrom moveTo rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss
        imprint noProof snapToGrid vanish webHidden color spacing w kern position sz szCs highlight u effect bdr shd
        fitText vertAlign rtl cs em lang eastAsianLayout specVanish oMath rPrChange""",
    "pPr": """pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs
        suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd
        snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment
        textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange""",
    "tcPr": """cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark
        headers cellIns cellDel cellMerge tcPrChange""",
    "tblPr": """tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing
        tblInd tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription tblPrChange""",
    "sectPr": """headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType
        pgNumType cols formProt vAlign noEndnote titlePg textDirection bidi rtlGutter docGrid printerSettings""",
    "sdtPr": """rPr alias tag id lock placeholder temporary showingPlcHdr dataBinding label tabIndex equation comboBox
        date docPartObj docPartList dropDownList picture richText text citation group bibliography""",
    "tbl": "tblPr tblGrid tr sdt",
    "tc": "tcPr p",
    "sdt": "sdtPr sdtEndPr sdtContent",
}  # fmt: skip
"""The children of an element in the order that they must have; those not named are not looked at."""

MARKED = {f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo")}
_PLACES = {name: {child: n for n, child in enumerate(children.split())} for name, children in ORDER.items()}
_ANYWHERE = {"tbl": ("tr", "sdt"), "sectPr": ("headerReference", "footerReference"), "tc": ("p",)}


def broken_rules(path: Path) -> list[str]:
    """What of a DOCX Word might refuse or repair; nothing for a sound file."""
    with zipfile.ZipFile(path) as package:
        names = package.namelist()
        parts = {n: etree.fromstring(package.read(n)) for n in names if n.endswith((".xml", ".rels"))}
    found = [f"{name} twice" for name, count in Counter(names).items() if count > 1]
    for name, root in parts.items():
        if name.startswith("word/") and name.endswith(".xml"):
            found += [f"{name}: {told}" for told in _of_part(root)]
    return [*found, *_links(names, parts)]


def _of_part(root: Any) -> Iterator[str]:
    for element in root.iter():
        name = element.tag.removeprefix(W) if isinstance(element.tag, str) else ""
        yield from _order(element, name)
        if name == "tc" and element[-1].tag != f"{W}p":
            yield "a cell does not end with a paragraph"
        if name == "tr" and element.find(f".//{W}tc") is None:
            yield "a row without a cell"
        if name == "tbl" and (following := element.getnext()) is not None and following.tag == element.tag:
            yield "two tables without a paragraph between them"
        if name in ("ins", "del") and element.getparent().tag in MARKED:
            yield f"w:{name} within another change"
        if name == "t" and any(each.tag == f"{W}del" for each in element.iterancestors()):
            yield f"w:t within w:del: {element.text}"
        if name == "delText" and not any(each.tag in MARKED for each in element.iterancestors()):
            yield f"w:delText outside of w:del: {element.text}"
        if name == "r" and element.getparent().tag == element.tag:
            yield "a run within a run"
        around = {each.tag for each in element.iterancestors()} if name == "p" else set()
        if f"{W}p" in around and f"{W}txbxContent" not in around:
            yield "a paragraph within a paragraph"
    yield from _grid(root)
    yield from _numbers(root)


def _order(element: Any, name: str) -> Iterator[str]:
    places = _PLACES.get(name, {})
    children = [child.tag.removeprefix(W) for child in element if isinstance(child.tag, str)]
    known = [child for child in children if child in places]
    if [places[child] for child in known] != sorted(places[child] for child in known) and name != "tbl":
        yield f"order within w:{name}: {' '.join(known)}"
    twice = [c for c, n in Counter(known).items() if n > 1 and c not in _ANYWHERE.get(name, ())]
    if twice:
        yield f"twice within w:{name}: {twice}"


def _grid(root: Any) -> Iterator[str]:
    """Every row covers no more columns than the grid has, and what goes on from above goes on from something."""
    for table in root.iter(f"{W}tbl"):
        width = len(table.findall(f"{W}tblGrid/{W}gridCol"))
        above: set[int] = set()
        for row in table.iter(f"{W}tr"):
            if next(row.iterancestors(f"{W}tbl")) is not table:
                continue
            before = row.find(f"{W}trPr/{W}gridBefore")
            at, merged = int(before.get(f"{W}val")) if before is not None else 0, set()
            for cell in row.iter(f"{W}tc"):
                if next(cell.iterancestors(f"{W}tr")) is not row:
                    continue
                span, mark = cell.find(f"{W}tcPr/{W}gridSpan"), cell.find(f"{W}tcPr/{W}vMerge")
                if mark is not None:
                    merged.add(at)
                    if mark.get(f"{W}val", "continue") == "continue" and at not in above:
                        yield "a merged cell goes on that begins nowhere"
                at += int(span.get(f"{W}val")) if span is not None else 1
            if at > width:
                yield f"a row of {at} columns in a grid of {width}"
            above = merged


def _numbers(root: Any) -> Iterator[str]:
    """Numbers that must be unique: of changes, bookmarks, comments, controls, drawings."""
    kinds = {
        "changes": [e.get(f"{W}id") for e in root.iter(*MARKED)],
        "bookmarks": [e.get(f"{W}id") for e in root.iter(f"{W}bookmarkStart")],
        "names of bookmarks": [e.get(f"{W}name") for e in root.iter(f"{W}bookmarkStart")],
        "comments": [e.get(f"{W}id") for e in root.iter(f"{W}commentReference")],
        "controls": [e.get(f"{W}val") for e in root.iter(f"{W}id") if e.getparent().tag == f"{W}sdtPr"],
        "drawings": [e.get("id") for e in root.iter() if isinstance(e.tag, str) and e.tag.endswith("}docPr")],
    }
    for kind, numbers in kinds.items():
        twice = [number for number, count in Counter(numbers).items() if count > 1]
        if twice:
            yield f"{kind} with one number: {twice[:5]}"
    for start, end in (("bookmarkStart", "bookmarkEnd"), ("commentRangeStart", "commentRangeEnd")):
        begun, ended = ({e.get(f"{W}id") for e in root.iter(f"{W}{name}")} for name in (start, end))
        if begun != ended:
            yield f"{start} without its end, or the other way round: {sorted(begun ^ ended)[:5]}"
    fields = Counter(mark.get(f"{W}fldCharType") for mark in root.iter(f"{W}fldChar"))
    if fields["begin"] != fields["end"]:
        yield f"fields that begin {fields['begin']} times and end {fields['end']} times"


def _links(names: list[str], parts: dict[str, Any]) -> Iterator[str]:
    """Every relation leads to a part, every reference to a relation, every part has a type, comments are there."""
    defaults = {e.get("Extension", "").lower() for e in parts["[Content_Types].xml"].iter(f"{TYPES}Default")}
    types = {e.get("PartName") for e in parts["[Content_Types].xml"].iter(f"{TYPES}Override")}
    for name in names:
        typed = name.rpartition(".")[2].lower() in defaults or f"/{name}" in types
        if not typed and name != "[Content_Types].xml" and not name.endswith("/"):
            yield f"{name} has no type"
    yield from (f"a type for {name}, which is not there" for name in types if name.lstrip("/") not in names)
    for name, root in parts.items():
        if not name.endswith(".rels"):
            continue
        folder = posixpath.dirname(posixpath.dirname(name))
        owner = posixpath.join(folder, posixpath.basename(name).removesuffix(".rels"))
        keys = {e.get("Id"): e for e in root.iter(f"{PACKAGE}Relationship")}
        if len(keys) != len(root):
            yield f"{name}: two relations with one key"
        for relation in keys.values():
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target"))).lstrip("/")
            if relation.get("TargetMode") != "External" and target not in names:
                yield f"{name}: {relation.get('Target')} is not there"
        if owner in parts:
            used = {v for e in parts[owner].iter() for k, v in e.attrib.items() if k.startswith(REL)}
            yield from (f"{owner}: no relation {key}" for key in used - keys.keys() if key)
    document, comments = parts["word/document.xml"], parts.get("word/comments.xml")
    known = {e.get(f"{W}id") for e in comments} if comments is not None else set()
    told = {e.get(f"{W}id") for e in document.iter(f"{W}commentReference")}
    if told != known:
        yield f"comments and references to them differ: {sorted(told ^ known)[:5]}"
