"""Pictures of the pages of a PDF, and where on them a figure stands."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import msgspec

from juesuan.account import JuesuanError, Source

Box = tuple[float, float, float, float]
"""left, bottom, right, top in points on the page as it is shown."""

RESOLUTION = 110
"""Dots per inch: small print of a table is still read easily."""

COLOURS = 32
CELL = 160.0
"""Points of width: a place that is wider is no cell of a table."""

PADDING = 1.5
"""Points around the ink of a figure."""

PHOTOGRAPH = 160_000
"""A page that takes more bytes than this in few colours is a photograph and better off as JPEG."""


class ReportPicture(msgspec.Struct, frozen=True):
    """A page as a picture: its size in points, and the picture as a data address."""

    number: int
    width: float
    height: float
    data: str


class PagesError(JuesuanError):
    """The pages of a file cannot be pictured."""


class Pages:
    """The pages of an open PDF."""

    def __init__(self, document: Any) -> None:
        self._document = document
        self.count = len(document)

    def picture(self, number: int) -> ReportPicture:
        """Page `number` (from 1) as a picture."""
        page = self._document[number - 1]
        width, height = page.get_size()
        bitmap = page.render(scale=RESOLUTION / 72, draw_annots=True)
        return ReportPicture(number, width, height, _encoded(bitmap.to_pil().convert("RGB")))

    def operand(self, place: Source, stated: str) -> Box | None:
        """As `figure`, but None for a paragraph that does not print the figure, which was derived from it."""
        box = self.figure(place, stated)
        derived = box is not None and box == place.box and box[2] - box[0] > CELL
        return None if derived else box

    def figure(self, place: Source, stated: str) -> Box | None:
        """The box of the figure `stated` within the box of `place`, which may be a whole paragraph.

        The box of `place` where the figure is not found there exactly once; None without a box or such a page.
        """
        if place.box is None or not 1 <= place.page <= self.count:
            return None
        page = self._document[place.page - 1]
        if page.get_rotation():
            return place.box
        left, bottom, _, _ = page.get_bbox()
        text = page.get_textpage()
        for number in _writings(stated):
            found = [_shifted(box, -left, -bottom) for box in _search(text, number)]
            inside = [box for box in found if _within(box, place.box)]
            if len(inside) == 1:
                return inside[0]
        return place.box


@contextmanager
def opened(path: Path) -> Iterator[Pages]:
    """The pages of the PDF at `path`. Raises PagesError where it cannot be opened."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
    except (pypdfium2.PdfiumError, OSError) as error:
        raise PagesError(f"打不开 {path.name} 的页面（{error}）。") from error
    document.init_forms()
    try:
        yield Pages(document)
    finally:
        document.close()


def _encoded(image: Any) -> str:
    """Few colours for print, JPEG for a photograph."""
    few = io.BytesIO()
    image.quantize(COLOURS, dither=0).save(few, "PNG", optimize=True)
    if len(few.getvalue()) <= PHOTOGRAPH:
        return _data_address("png", few.getvalue())
    photograph = io.BytesIO()
    image.save(photograph, "JPEG", quality=70, optimize=True)
    smaller = photograph.getvalue() if len(photograph.getvalue()) < len(few.getvalue()) else few.getvalue()
    return _data_address("jpeg" if smaller is photograph.getvalue() else "png", smaller)


def _data_address(kind: str, content: bytes) -> str:
    kind = "jpeg" if content.startswith(b"\xff\xd8") else kind
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


def _writings(stated: str) -> Iterator[str]:
    """The ways in which a figure of a finding (2,961.68万元, 71.73%) may be printed, the most telling first."""
    match = re.search(r"-?[\d,]+(?:\.\d+)?", stated)
    if not match:
        return
    try:
        value = Decimal(match.group().replace(",", ""))
    except InvalidOperation:
        return
    short = f"{value.normalize():f}"
    decimals = len(short.partition(".")[2])
    ways = [match.group(), match.group().replace(",", ""), f"{value:,.{decimals}f}", short]
    yield from dict.fromkeys(ways)


def _search(text: Any, number: str) -> Iterator[Box]:
    """The boxes of a number in the text of a page, where it is not part of a longer one."""
    searcher = text.search(number)
    while found := searcher.get_next():
        start, count = found
        before = text.get_text_range(start - 1, 1) if start else ""
        after = text.get_text_range(start + count, 2) if start + count < text.count_chars() else ""
        if re.match(r"[\d.,]", before) or re.match(r"\d|[.,]\d", after):
            continue
        boxes = [text.get_charbox(index) for index in range(start, start + count)]
        yield (
            min(box[0] for box in boxes) - PADDING, min(box[1] for box in boxes) - PADDING,
            max(box[2] for box in boxes) + PADDING, max(box[3] for box in boxes) + PADDING,
        )


def _shifted(box: Box, x: float, y: float) -> Box:
    return box[0] + x, box[1] + y, box[2] + x, box[3] + y


def _within(box: Box, around: Box, slack: float = 3.0) -> bool:
    middle = ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2)
    across = around[0] - slack <= middle[0] <= around[2] + slack
    return across and around[1] - slack <= middle[1] <= around[3] + slack


def pages_of(places: Iterable[Source | None]) -> list[int]:
    """The pages on which any of `places` has a box, in order."""
    return sorted({place.page for place in places if place and place.page and place.box})
