"""A page that is a picture made into what a page of text is made into: tables and lines, each with its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy
import pypdfium2.raw as pdfium

from juesuan.reader.ocr.engine import Picture
from juesuan.reader.ocr.picture import SCALE, PagePicture, sheet_of
from juesuan.reader.ocr.text import RecognisedPage, other_readings, read_text
from juesuan.reader.pdf import native
from juesuan.reader.pdf.grid import find_grids
from juesuan.reader.pdf.native import Box, Matrix
from juesuan.reader.pdf.page import PageContent, arranged
from juesuan.reader.pdf.table import TablePart

Progress = Callable[[int, int], None]
"""Told how many of how many scanned pages have been read."""

A4_LENGTH = 842.0
"""Points of the longer side of A4, which pages are taken for that give no believable size."""

_BELIEVABLE = (500.0, 1300.0)
"""Points of the longer side of pages as they are printed, up to A3."""

_EVEN = 6.0
"""Grey levels that an empty sheet of paper varies by."""

_MOST_NAMED = 5


@dataclass
class SecondLook:
    """The pictures of recognised cells, kept to be read once more where their figures contradict the others."""

    pictures: dict[tuple[int, Box], Picture] = field(default_factory=dict)

    def readings(self, page: int, box: Box) -> tuple[str, ...]:
        """Other readings of the cell at `box`, likely ones first; none where its picture was not kept."""
        picture = self.pictures.get((page, box))
        return tuple(other_readings(picture)) if picture is not None else ()


def scanned_page(
    picture: Picture, length: float, number: int, before: TablePart | None, second: SecondLook
) -> PageContent:
    """The page that a grey `picture` shows, whose longer side has `length` points on the page as it is shown.

    `before` is the table that the page before ended with; pictures of cells are put into `second`.
    """
    small, large = _BELIEVABLE
    nominal = length if small <= length <= large else A4_LENGTH
    factor = nominal * SCALE / max(picture.shape)
    if abs(factor - 1) > 0.01:
        method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
        picture = numpy.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=method), numpy.uint8)
    sheet = sheet_of(picture)
    shown = native.multiply(sheet.layout, (length / nominal, 0.0, 0.0, length / nominal, 0.0, 0.0))
    content = PageContent(number, sheet.width, sheet.height, shown, recognised=True)
    _fill(content, sheet, before, second)
    if not content.items and picture.std() > _EVEN:
        content.notes.append(f"第{number}页是图像，没有认出文字。")
        content.unplaced.append(f"第{number}页（图像）")
    return content


def _fill(content: PageContent, sheet: PagePicture, before: TablePart | None, second: SecondLook) -> None:
    grids, complete = find_grids(sheet.horizontal, sheet.vertical)
    if not complete:
        content.notes.append(f"第{content.number}页的线条过多，没有识别其中的表格。")
    text = read_text(sheet, grids)
    content.items = arranged(content, text.runs, grids, before)
    content.blank = not content.items
    for box, picture in text.figures:
        second.pictures[content.number, shown_box(content.shown, box)] = picture
    if content.items:
        content.notes.extend(_doubts(content.number, text))
    content.unplaced.extend(f"（认不清的图文）{piece}" for piece in text.guessed)


def _doubts(number: int, text: RecognisedPage) -> list[str]:
    """Notes on what was read with doubt, or not at all."""
    notes: list[str] = []
    unsure = [piece for piece in text.unsure if re.search(r"\d.*\d", piece)]
    if unsure:
        named = "、".join(f"“{piece[:30]}”" for piece in unsure[:_MOST_NAMED])
        more = "等" if len(unsure) > _MOST_NAMED else ""
        notes.append(f"第{number}页有{len(unsure)}处数字识别把握不大：{named}{more}，请对照原件。")
    if text.illegible:
        notes.append(f"第{number}页有{len(text.illegible)}个单元格有墨迹但认不出文字，请对照原件。")
    return notes


def shown_box(shown: Matrix, box: Box) -> Box:
    """The box on the page as it is shown, in tenths of a point."""
    if shown is not native.IDENTITY:
        box = native.apply_box(shown, box)
    left, bottom, right, top = box
    return (round(left, 1), round(bottom, 1), round(right, 1), round(top, 1))


def rendered(path: Path, index: int) -> tuple[Picture, float] | None:
    """Page `index` of a PDF as a grey picture, and its longer side in points; None where it cannot be drawn."""
    document = pdfium.FPDF_LoadDocument(f"{path}\0".encode(), None)
    if not document:
        return None
    try:
        page = pdfium.FPDF_LoadPage(document, index)
        if not page:
            return None
        try:
            return _drawn(page)
        finally:
            pdfium.FPDF_ClosePage(page)
    finally:
        pdfium.FPDF_CloseDocument(document)


def _drawn(page: Any) -> tuple[Picture, float] | None:
    width, height = float(pdfium.FPDF_GetPageWidthF(page)), float(pdfium.FPDF_GetPageHeightF(page))
    length = max(width, height)
    if min(width, height) < 1:
        return None
    small, large = _BELIEVABLE
    scale = SCALE if small <= length <= large else A4_LENGTH * SCALE / length
    across, down = max(round(width * scale), 1), max(round(height * scale), 1)
    bitmap = pdfium.FPDFBitmap_CreateEx(across, down, pdfium.FPDFBitmap_Gray, None, 0)
    if not bitmap:
        return None
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, across, down, 0xFFFFFFFF)
        flags = pdfium.FPDF_ANNOT | pdfium.FPDF_GRAYSCALE
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, across, down, 0, flags)
        stride = int(pdfium.FPDFBitmap_GetStride(bitmap))
        at = native.address(pdfium.FPDFBitmap_GetBuffer(bitmap))
        data = (pdfium.ctypes.c_ubyte * (stride * down)).from_address(at)
        whole = numpy.frombuffer(data, numpy.uint8).reshape(down, stride)
        return whole[:, :across].copy(), length
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)
