"""One page read: its tables and lines of text in the order they stand."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pypdfium2.raw as pdfium

from juesuan.reader.pdf import native
from juesuan.reader.pdf.characters import Characters, Run, box_of, line_text, lines_of
from juesuan.reader.pdf.grid import RuledGrid, find_grids
from juesuan.reader.pdf.native import Box, Matrix
from juesuan.reader.pdf.objects import PageObjects, moved, read_objects
from juesuan.reader.pdf.table import TablePart, fill
from juesuan.reader.pdf.unruled import without_rules

PAGE_NUMBER = re.compile(
    r"[-—–－―一\s·•.]*\d{1,4}[-—–－―一\s·•.]*"
    r"|第?\s*\d{1,4}\s*页?\s*[/／，,共]\s*共?\s*\d{1,4}\s*页?"
    r"|第\s*[\d一二三四五六七八九十百]+\s*页"
)
_PART_TITLE = re.compile(r"第[一二三四五六七八九十]+(部分|章|节|条)")
_MARGIN = 0.12
"""How much of the height of a page its head and its foot are, each."""

_LITTLE = 30
"""Fewer signs than this on a page that is all picture are a stamp or a line of the copier."""


@dataclass(slots=True)
class TextLine:
    """A line of text outside tables; `lone` where something else stands beside it on the same height."""

    text: str
    box: Box
    baseline: float
    size: float
    page: int
    lone: bool = False
    first: float = 0.0
    """Width of what stands before its first possible break: it had to fit on the line before."""


@dataclass
class PageContent:
    """What a page holds, in coordinates in which its text is upright; `shown` turns them into those of the page."""

    number: int
    width: float
    height: float
    shown: Matrix
    items: list[TextLine | TablePart] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)
    blank: bool = False
    scan: bool = False
    """Whether it is a picture, with no text but what a stamp or a page number has."""
    recognised: bool = False
    """Whether its text was recognised from a picture."""


def read_page(document: Any, index: int, characters: Characters, before: TablePart | None) -> PageContent | None:
    """Page `index` of the document; None where pdfium cannot open it.

    `before` is the table that the page before ended with, which may go on here.
    """
    page = pdfium.FPDF_LoadPage(document, index)
    if not page:
        return None
    try:
        text = pdfium.FPDFText_LoadPage(page)
        try:
            return _content(page, text, index + 1, characters, before)
        finally:
            if text:
                pdfium.FPDFText_ClosePage(text)
    finally:
        pdfium.FPDF_ClosePage(page)


def _content(page: Any, text: Any, number: int, characters: Characters, before: TablePart | None) -> PageContent:
    handle, text_handle = native.address(page), native.address(text)
    objects = read_objects(handle)
    upright = characters.angle(text_handle) if text else 0
    rotation = 90 * (int(pdfium.FPDFPage_GetRotation(page)) % 4)
    frame = _frame(page)
    layout = _turn(frame, upright)
    shown = native.IDENTITY
    if upright != rotation:
        shown = native.multiply(native.inverse(layout), _turn(frame, rotation))
    width, height = frame[2] - frame[0], frame[3] - frame[1]
    if upright % 180:
        width, height = height, width
    content = PageContent(number, width, height, shown)
    runs: list[Run] = []
    if text:
        found = characters.read(text_handle, layout, upright)
        runs = [run for run in found.runs if _inside(run, width, height)]
        if found.nameless:
            content.notes.append(f"第{number}页有{found.nameless}个字的字体没有文字编码，读不出，以“\ufffd”代替。")
        if found.turned:
            content.unplaced.append(found.turned)
        if not found.complete:
            content.notes.append(f"第{number}页的文字过多，只读了前面一部分。")
    if not objects.complete:
        content.notes.append(f"第{number}页的图形对象过多，只读了前面一部分，表格线可能不全。")
    content.items = arranged(content, runs, _grids(content, objects, layout), before)
    content.blank = not content.items
    content.scan = _is_picture(content, objects.pictures / (width * height or 1.0))
    return content


def _is_picture(content: PageContent, share: float) -> bool:
    """Whether a page is a picture, of which pictures cover `share`: with no text, or hardly any over a whole page."""
    if content.blank:
        return share > 0.2
    signs = sum(len(item.text) if isinstance(item, TextLine) else _LITTLE for item in content.items)
    return share > 0.8 and signs < _LITTLE


def _frame(page: Any) -> Box:
    """The part of the plane that the page shows, before it is turned."""
    box = pdfium.FS_RECTF()
    if pdfium.FPDF_GetPageBoundingBox(page, ctypes.byref(box)):
        return (box.left, box.bottom, box.right, box.top)
    return (0.0, 0.0, float(pdfium.FPDF_GetPageWidthF(page)), float(pdfium.FPDF_GetPageHeightF(page)))


def _turn(frame: Box, degrees: int) -> Matrix:
    """The matrix that turns the page clockwise and puts its lower left corner at the origin."""
    left, bottom, right, top = frame
    if degrees == 90:
        return (0.0, -1.0, 1.0, 0.0, -bottom, right)
    if degrees == 180:
        return (-1.0, 0.0, 0.0, -1.0, right, top)
    if degrees == 270:
        return (0.0, 1.0, -1.0, 0.0, top, -left)
    return native.IDENTITY if left == bottom == 0 else (1.0, 0.0, 0.0, 1.0, -left, -bottom)


def _inside(run: Run, width: float, height: float) -> bool:
    """Whether a run stands on the page; what lies beside it nobody can see."""
    return -1 <= (run.left + run.right) / 2 <= width + 1 and -1 <= run.middle <= height + 1


def _grids(content: PageContent, objects: PageObjects, layout: Matrix) -> list[RuledGrid]:
    horizontal, vertical = objects.horizontal, objects.vertical
    if layout is not native.IDENTITY:
        horizontal, vertical = moved(objects, layout)
    grids, complete = find_grids(horizontal, vertical)
    if not complete:
        content.notes.append(f"第{content.number}页的线条过多，没有识别其中的表格。")
    return grids


def arranged(
    content: PageContent, runs: list[Run], grids: list[RuledGrid], before: TablePart | None
) -> list[TextLine | TablePart]:
    """The runs of a page as tables and lines from top to bottom, without page number."""
    parts: list[TablePart] = []
    # The smaller first: a table within a cell of another has its own text.
    for grid in sorted(grids, key=lambda grid: (grid.xs[-1] - grid.xs[0]) * (grid.ys[0] - grid.ys[-1])):
        # A column alone is a frame around text, or the scale of a chart.
        if _columns(grid) == 1 and not _continues(grid, before, content):
            continue
        left, bottom, right, top = grid.box
        within: list[Run] = []
        rest: list[Run] = []
        for run in runs:
            x, y = (run.left + run.right) / 2, run.middle
            (within if left <= x <= right and bottom <= y <= top else rest).append(run)
        if within:
            parts.append(fill(grid, within, content.number))
            runs = rest
    told = [line for line in lines_of(runs) if not _numbers_a_page(line, content.height)]
    unruled = without_rules(told, content.width, content.number, before)
    if unruled:
        taken = {id(run) for part in unruled for run in part.runs}
        runs = [run for run in runs if id(run) not in taken]
        parts.extend(unruled)
    lines = _lines(runs, content.number)
    _drop_page_number(lines, content.height)
    keyed: list[tuple[float, float, TextLine | TablePart]] = [(-part.box[3], part.box[0], part) for part in parts]
    keyed += [(-line.baseline - 0.3 * line.size, line.box[0], line) for line in lines]
    keyed.sort(key=lambda entry: entry[:2])
    return [item for _, _, item in keyed]


def _columns(grid: RuledGrid) -> int:
    """How many cells stand side by side at most."""
    return max(len(set(row)) for row in grid.owner)


def _continues(grid: RuledGrid, before: TablePart | None, content: PageContent) -> bool:
    """Whether a single frame at the head of a page is the rest of a table's last cell."""
    return (
        before is not None
        and before.page == content.number - 1
        and abs(before.xs[0] - grid.xs[0]) < 3
        and abs(before.xs[-1] - grid.xs[-1]) < 3
        and grid.ys[0] > 0.8 * content.height
    )


def _lines(runs: Sequence[Run], page: int) -> list[TextLine]:
    lines: list[TextLine] = []
    for line in lines_of(runs):
        pieces: list[list[Run]] = [line[:1]]
        for run in line[1:]:
            last = pieces[-1][-1]
            wide = run.left - last.right > 4 * max(run.em, last.em)
            if wide and not run.text.isdigit() and not _PART_TITLE.fullmatch(line_text(pieces[-1])):
                pieces.append([run])
            else:
                pieces[-1].append(run)
        for piece in pieces:
            signs = [run for run in piece if max(run.text) >= "\u2e80"] or piece
            size = max(run.em for run in signs)
            lines.append(
                TextLine(line_text(piece), box_of(piece), piece[0].baseline, size, page, len(pieces) > 1, _first(piece))
            )
    return lines


_UNBROKEN = re.compile(
    r"[“‘（《〈「(\[]*(?:[\w.,%\-]*[A-Za-z0-9][\w.,%\-]*|.)[，。；：、！？）》”’」%％)\]]*", re.ASCII
)


def _first(piece: list[Run]) -> float:
    """The width of what cannot be broken at the start of a line."""
    run = piece[0]
    found = _UNBROKEN.match(run.text)
    end = found.end() if found else 1
    return (run.lefts[end] if end < len(run.lefts) else run.right) - run.left


def _numbers_a_page(line: Sequence[Run], height: float) -> bool:
    middle = line[0].middle
    return not _MARGIN * height < middle < (1 - _MARGIN) * height and PAGE_NUMBER.fullmatch(line_text(line)) is not None


def _drop_page_number(lines: list[TextLine], height: float) -> None:
    if not lines:
        return
    lowest, highest = min(line.baseline for line in lines), max(line.baseline for line in lines)
    for line in list(lines):
        middle = (line.box[1] + line.box[3]) / 2
        at_edge = line.baseline - lowest < 2 or highest - line.baseline < 2
        if at_edge and not _MARGIN * height < middle < (1 - _MARGIN) * height and PAGE_NUMBER.fullmatch(line.text):
            lines.remove(line)
