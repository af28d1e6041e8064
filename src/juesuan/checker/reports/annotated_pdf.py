"""The checked PDF with its findings as annotations: the pages themselves stay as they are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from juesuan.account import SEVERITY_NAMES, Issue, Severity, Source
from juesuan.checker.reports.locations import Accepted, Checked, Located
from juesuan.checker.reports.paper import on_paper, shown_size
from juesuan.checker.reports.pictures import Box, Pages, PagesError, opened
from juesuan.statute import Statute, load_statute
from juesuan.statute.register import advice_on, basis_of

AUTHOR = "决算核对"

Colour = tuple[float, float, float]

COLOURS: dict[Severity, Colour] = {
    "error": (0.90, 0.22, 0.18),
    "warning": (0.95, 0.65, 0.10),
    "notice": (0.25, 0.52, 0.80),
}
ACCEPTED: Colour = (0.55, 0.58, 0.62)

PRINTED = 4
"""The flag of an annotation that is printed with its page."""

NOTE_SIZE = 20
POPUP = (220, 130)
OPERANDS_MARKED = 12
"""A finding with more operands than this has only its own places marked: a page full of frames shows nothing."""


class Annotation(msgspec.Struct, frozen=True):
    """One annotation: Highlight on a figure that is found fault with, Square around one that it was held against."""

    kind: str
    page: int
    box: Box
    colour: Colour
    title: str
    text: str


def write_marked(path: Path, checked: Checked) -> None:
    """The PDF of `checked` with its findings marked, at `path`. Raises PagesError where it cannot be opened."""
    import pikepdf

    with opened(checked.path) as pages:
        marks = list(_marks(checked, pages))
    try:
        document = pikepdf.open(checked.path)
    except (pikepdf.PdfError, pikepdf.PasswordError, OSError) as error:
        raise PagesError(f"不能在 {checked.path.name} 上标注（{error}）。") from error
    with document:
        for number, mark in enumerate(marks, 1):
            _annotate(document, mark, f"juesuan-{number}")
        loose = _loose_text(checked)
        if loose:
            _note(document, loose)
        document.save(path, deterministic_id=True, fix_metadata_version=False)


def _marks(checked: Checked, pages: Pages) -> Iterator[Annotation]:
    statute = load_statute(checked.report.profile, checked.report.year)
    for located in checked.found:
        yield from _of_finding(located, pages, statute, COLOURS[located.finding.severity], None)
    for accepted in checked.accepted:
        yield from _of_finding(accepted.located, pages, statute, ACCEPTED, accepted)


def _of_finding(
    located: Located, pages: Pages, statute: Statute, colour: Colour, accepted: Accepted | None
) -> Iterator[Annotation]:
    finding = located.finding
    level = "已接受" if accepted else SEVERITY_NAMES[finding.severity]
    title = f"{level} {finding.code}"
    own = set()
    for place in dict.fromkeys(finding.places):
        box = pages.figure(place, finding.stated)
        if box:
            own.add((place.page, place.box))
            yield Annotation("Highlight", place.page, box, colour, title, finding_text(finding, statute, accepted))
    if len(finding.operands) > OPERANDS_MARKED or accepted:
        return
    for operand in dict.fromkeys(finding.operands):
        there = operand.source
        if there and (there.page, there.box) not in own:
            box = pages.operand(there, operand.stated)
            if box:
                text = f"[{finding.code}] 参与核对的数：{operand.name} = {operand.stated}"
                yield Annotation("Square", there.page, box, colour, f"对照 {finding.code}", text)


def finding_text(finding: Issue, statute: Statute, accepted: Accepted | None = None) -> str:
    """What a note beside a finding says: rule, message, what is stated and expected, equation, basis, advice."""
    level = "已接受" if accepted else SEVERITY_NAMES[finding.severity]
    parts = [f"[{finding.code}] {level}：{finding.message}"]
    entries = (
        ("原为", finding.stated),
        ("应为", finding.expected),
        ("公式", finding.equation),
        ("依据", basis_of(finding, statute)),
        ("建议", "" if accepted else advice_on(finding, statute)),
    )
    parts.extend(f"{name}：{value}" for name, value in entries if value)
    if accepted:
        until = f"（至{accepted.until}）" if accepted.until else ""
        parts.append(f"接受的理由：{accepted.reason}{until}")
    return "\n".join(parts)


def _has_place(places: Sequence[Source]) -> bool:
    return any(place.page and place.box for place in places)


def _loose_text(checked: Checked) -> str:
    """The findings that have no place on a page, for one note on the first."""
    statute = load_statute(checked.report.profile, checked.report.year)
    parts = [finding_text(f, statute) for f in checked.report.findings if not _has_place(f.places)]
    for accepted in checked.accepted:
        if not _has_place(accepted.located.finding.places):
            parts.append(finding_text(accepted.located.finding, statute, accepted))
    parts.extend(f"本程序的问题：{fault}" for fault in checked.report.faults)
    return "\n\n".join(parts)


def _annotate(document: Any, mark: Annotation, name: str) -> None:
    from pikepdf import Array, Dictionary, Name, String

    page = document.pages[mark.page - 1]
    left, bottom, right, top = on_paper(page, mark.box)
    annotation = document.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name("/" + mark.kind),
            Rect=Array([left, bottom, right, top]),
            C=Array(mark.colour),
            CA=0.45 if mark.kind == "Highlight" else 1,
            F=PRINTED,
            NM=String(name),
            T=String(AUTHOR),
            Subj=String(mark.title),
            Contents=String(mark.text),
            P=page.obj,
        )
    )
    if mark.kind == "Highlight":
        annotation.QuadPoints = Array([left, top, right, top, left, bottom, right, bottom])
    else:
        annotation.BS = Dictionary(W=1, S=Name.D, D=Array([3, 2]))
    annotation.AP = Dictionary(N=_appearance(document, mark, (left, bottom, right, top)))
    _append(document, page, annotation, (right, top))


def _appearance(document: Any, mark: Annotation, box: Box) -> Any:
    """What the annotation looks like, so that every reader shows the same."""
    from pikepdf import Array, Dictionary, Name, Stream

    left, bottom, right, top = box
    red, green, blue = mark.colour
    if mark.kind == "Highlight":
        drawing = f"/G gs {red} {green} {blue} rg {left} {bottom} {right - left} {top - bottom} re f"
        state = Dictionary(Type=Name.ExtGState, BM=Name.Multiply, ca=0.45)
    else:
        width, height = right - left - 1, top - bottom - 1
        drawing = f"/G gs {red} {green} {blue} RG 1 w [3 2] 0 d {left + 0.5} {bottom + 0.5} {width} {height} re S"
        state = Dictionary(Type=Name.ExtGState, CA=1)
    stream = Stream(document, drawing.encode())
    stream.Type = Name.XObject
    stream.Subtype = Name.Form
    stream.BBox = Array([left, bottom, right, top])
    stream.Resources = Dictionary(ExtGState=Dictionary(G=state))
    if mark.kind == "Highlight":
        # Blending with the page needs a transparency group of its own.
        stream.Group = Dictionary(S=Name.Transparency)
    return document.make_indirect(stream)


def _note(document: Any, text: str) -> None:
    """A note in the upper left corner of the first page."""
    from pikepdf import Array, Dictionary, Name, String

    page = document.pages[0]
    height = shown_size(page)[1]
    box = (8.0, height - 8 - NOTE_SIZE, 8.0 + NOTE_SIZE, height - 8)
    annotation = document.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Text,
            Rect=Array(on_paper(page, box)),
            Name=Name.Note,
            C=Array(COLOURS["warning"]),
            F=PRINTED | 8 | 16,
            NM=String("juesuan-0"),
            T=String(AUTHOR),
            Subj=String("没有具体位置的问题"),
            Contents=String(text),
            P=page.obj,
        )
    )
    _append(document, page, annotation, (8.0 + NOTE_SIZE, height - 8))


def _append(document: Any, page: Any, annotation: Any, corner: tuple[float, float]) -> None:
    """The annotation and its popup, after those that the page has already."""
    from pikepdf import Array, Dictionary, Name

    x, y = corner
    popup = document.make_indirect(
        Dictionary(
            Type=Name.Annot,
            Subtype=Name.Popup,
            Rect=Array([x + 8, y - POPUP[1], x + 8 + POPUP[0], y]),
            Parent=annotation,
            Open=False,
            F=PRINTED | 8 | 16,
        )
    )
    annotation.Popup = popup
    present = page.obj.get("/Annots")
    page.obj.Annots = Array([*(present or ()), annotation, popup])
