"""A document as a person leaves it: typed without content controls, runs torn by spelling and fonts, a footnote, a text
box in two forms, a field around a number, a comment and a tracked change that nobody has settled."""

from __future__ import annotations

import copy
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import docx
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.text.paragraph import Paragraph

_NOTES = (
    "<w:footnotes {spaces}><w:footnote w:id='1'><w:p><w:r><w:footnoteRef/></w:r>"
    "<w:r><w:t>{text}</w:t></w:r></w:p></w:footnote></w:footnotes>"
)
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
_BOX = (
    "<w:txbxContent><w:p><w:r><w:t>{begin}</w:t></w:r><w:r><w:t>{end}</w:t></w:r></w:p></w:txbxContent>"
)
_TWICE = (
    '<w:r {spaces} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml">'
    '<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
    "<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)


def retyped(path: Path, target: Path, sentence: str, note: str, box: str) -> Path:
    """The document at `path` as typed by hand; `note` stands as a footnote, `box` in a text box of the paragraph that
    has `sentence`."""
    document = docx.Document(str(path))
    body = document.element.body
    for control in list(body.iter(qn("w:sdt"))):
        for child in list(control.find(qn("w:sdtContent"))):
            control.addprevious(child)
        control.getparent().remove(control)
    _torn(body, Random(5))
    anchor = next(p for p in body.iterchildren(qn("w:p")) if sentence in _text(p))
    _field_around_a_number(anchor)
    notes = _NOTES.format(spaces=nsdecls("w"), text=note).encode()
    part = Part(PackURI("/word/footnotes.xml"), _KIND, notes, document.part.package)
    document.part.relate_to(part, _RELATION)
    anchor.append(parse_xml(f'<w:r {nsdecls("w")}><w:footnoteReference w:id="1"/></w:r>'))
    half = len(box) // 2
    inner = _BOX.format(begin=box[:half], end=box[half:])
    anchor.append(parse_xml(_TWICE.format(spaces=nsdecls("w"), box=inner)))
    marks = f'{nsdecls("w")} w:author="李四" w:date="2023-09-01T00:00:00Z"'
    anchor.append(parse_xml(f'<w:ins {marks} w:id="901"><w:r><w:t>（见附表）</w:t></w:r></w:ins>'))
    anchor.append(parse_xml(f'<w:del {marks} w:id="902"><w:r><w:delText>99.99万元</w:delText></w:r></w:del>'))
    runs = Paragraph(anchor, document._body).runs
    document.add_comment(runs[:1], text="请核对，去年是12.34万元。", author="张三", initials="张")
    document.save(str(target))
    return target


def boxes(path: Path) -> list[str]:
    """What the text boxes say after all changes are accepted, in each of their forms."""
    return [_text(box) for box in docx.Document(str(path)).element.body.iter(qn("w:txbxContent"))]


def _text(element: Any) -> str:
    return "".join(text.text or "" for text in element.iter(qn("w:t")))


def _torn(body: Any, random: Random) -> None:
    """Cuts every text in pieces of a few signs."""
    for run in list(body.iter(qn("w:r"))):
        texts = run.findall(qn("w:t"))
        said = texts[0].text if len(texts) == 1 else ""
        if not said or len(said) < 4 or len(run) > 1 + (run.find(qn("w:rPr")) is not None):
            continue
        cuts = [0, *sorted(random.sample(range(1, len(said)), max(1, len(said) // 7))), len(said)]
        for start, end in reversed(list(pairwise(cuts[1:]))):
            piece = copy.deepcopy(run)
            piece.find(qn("w:t")).text = said[start:end]
            run.addnext(piece)
        texts[0].text = said[: cuts[1]]
        run.addprevious(parse_xml(f'<w:proofErr {nsdecls("w")} w:type="spellStart"/>'))


def _field_around_a_number(paragraph: Any) -> None:
    run = next(run for run in paragraph.findall(qn("w:r")) if any(sign.isdigit() for sign in _text(run)))
    for kind in ("begin", "instr", "separate"):
        mark = OxmlElement("w:r")
        if kind == "instr":
            mark.append(parse_xml(f'<w:instrText {nsdecls("w")}> DOCPROPERTY 收入 </w:instrText>'))
        else:
            mark.append(parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>'))
        run.addprevious(mark)
    end = OxmlElement("w:r")
    end.append(parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="end"/>'))
    run.addnext(end)
