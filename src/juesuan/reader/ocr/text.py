"""The text of an upright page picture: the lines within each cell and outside the tables, each read by itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from statistics import median

import cv2
import numpy

from juesuan.reader.formats.spacing import tidy
from juesuan.reader.ocr.engine import Picture, PixelBox, RecognisedText, read_lines
from juesuan.reader.ocr.picture import PagePicture
from juesuan.reader.pdf.characters import Run
from juesuan.reader.pdf.grid import RuledGrid
from juesuan.reader.pdf.native import Box
from juesuan.reader.pdf.page import PAGE_NUMBER

UNSURE = 0.9
"""A reading less sure than this is looked at again."""

_GUESSED = 0.6
"""A reading outside of tables less sure than this comes from a drawing or a stamp."""

_INSET = 3
"""Pixels within the border of a cell that may still belong to its lines."""

_AROUND = 5
"""Pixels of paper left around a line that is read."""

_LEAST_INK = 14
"""Fewer pixels of ink in a cell are no sign: the least is a dash."""

_LOW = 12
"""Lower strips of ink are dots, commas and dashes, or the upper part of a sign."""

_ENLARGED = (2.0, 1.5, 3.0)
_NUMERIC = re.compile(r"[-−－]?\d[\d,.，．。、·]*%?")
_WHOLE_NUMBER = re.compile(r"[-−－]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?%?")
_SIMPLE = str.maketrans("決產業務與資額國電", "决产业务与资额国电")
"""Signs of the other script that the recognition takes for the simplified ones."""
_STRANGE = str.maketrans("，．。、·", ",..,.")


@dataclass
class RecognisedPage:
    """The lines of a page as runs, which of them are unsure, and the pictures of cells that hold figures."""

    runs: list[Run] = field(default_factory=list)
    unsure: list[str] = field(default_factory=list)
    figures: list[tuple[Box, Picture]] = field(default_factory=list)
    guessed: list[str] = field(default_factory=list)
    """What pieces of drawings may say: no text of the page."""
    illegible: list[Box] = field(default_factory=list)
    """Cells with ink that nothing was read from."""


def read_text(sheet: PagePicture, grids: Sequence[RuledGrid]) -> RecognisedPage:
    """Every line of text of the page, in cells of `grids` as their ink shows, elsewhere as they were detected."""
    boxes = [grid.region_box(region) for grid in grids for region in grid.regions]
    cells = [(box, _strips(sheet, sheet.pixels(box))) for box in boxes]
    places: list[tuple[PixelBox, Box | None]] = [(strip, box) for box, strips in cells for strip in strips]
    places += [(box, None) for box in _outside(sheet, grids)]
    crops = [cropped(sheet.grey, strip) for strip, _ in places]
    found = _again_where_unsure(crops, read_lines(crops))
    page = RecognisedPage()
    legible: set[Box] = set()
    for (strip, cell), read in zip(places, found, strict=True):
        text = _normal(tidy(read.text))
        if not text:
            continue
        if cell is not None:
            legible.add(cell)
        elif read.confidence < _GUESSED:
            page.guessed.append(text)
            continue
        page.runs.append(_run(sheet, strip, text))
        if read.confidence < UNSURE and re.search(r"\d", text) and not PAGE_NUMBER.fullmatch(text):
            page.unsure.append(text)
    for box, strips in cells:
        if strips and box not in legible:
            page.illegible.append(box)
        elif len(strips) == 1:
            page.figures.append((box, cropped(sheet.grey, strips[0])))
    _even(page.runs)
    return page


def other_readings(picture: Picture) -> list[str]:
    """What a cell may say as well, when it is enlarged, sharpened, thickened or thinned; most frequent first."""
    looks = list(_looks(picture))
    texts = [_normal(tidy(read.text)) for read in read_lines(looks)]
    return sorted({text for text in texts if text}, key=lambda text: (-texts.count(text), text))


def cropped(grey: Picture, box: PixelBox) -> Picture:
    """The line in `box` with some paper around it."""
    left, top, right, bottom = box
    part = grey[top:bottom, left:right]
    paper = int(numpy.percentile(part, 90)) if part.size else 255
    framed = cv2.copyMakeBorder(
        part, _AROUND, _AROUND, _AROUND, _AROUND, cv2.BORDER_CONSTANT, value=(paper, paper, paper, paper)
    )
    return numpy.asarray(framed, numpy.uint8)


def _looks(picture: Picture) -> Iterable[Picture]:
    for factor in _ENLARGED:
        large = _enlarged(picture, factor)
        yield large
        yield numpy.asarray(cv2.normalize(large, large.copy(), 0, 255, cv2.NORM_MINMAX), numpy.uint8)
        blurred = cv2.GaussianBlur(large, (0, 0), 1.2)
        yield numpy.asarray(cv2.addWeighted(large, 1.8, blurred, -0.8, 0), numpy.uint8)
        yield numpy.asarray(blurred, numpy.uint8)
        _, plain = cv2.threshold(blurred, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        yield numpy.asarray(plain, numpy.uint8)
        yield numpy.asarray(cv2.erode(large, numpy.ones((2, 2), numpy.uint8)), numpy.uint8)
        yield _widened(large)


def _enlarged(picture: Picture, factor: float) -> Picture:
    return numpy.asarray(cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC), numpy.uint8)


def _widened(picture: Picture) -> Picture:
    return numpy.asarray(cv2.copyMakeBorder(picture, 6, 6, 14, 14, cv2.BORDER_REPLICATE), numpy.uint8)


def _again_where_unsure(crops: Sequence[Picture], found: Sequence[RecognisedText]) -> list[RecognisedText]:
    """The readings, those that are unsure, empty or look like a damaged figure taken again from enlarged pictures."""
    best = list(found)
    again = [number for number, read in enumerate(found) if _doubtful(read)]
    for factor in _ENLARGED[:2]:
        looks = [_widened(_enlarged(crops[number], factor)) for number in again]
        for number, read in zip(again, read_lines(looks), strict=True):
            if _rank(read) > _rank(best[number]):
                best[number] = read
    return best


def _rank(read: RecognisedText) -> tuple[bool, bool, float]:
    text = _normal(tidy(read.text))
    whole = not _NUMERIC.fullmatch(text) or _WHOLE_NUMBER.fullmatch(text) is not None
    return (bool(text), whole, read.confidence)


def _doubtful(read: RecognisedText) -> bool:
    return read.confidence < UNSURE or not all(_rank(read)[:2])


def _normal(text: str) -> str:
    """The text with the points and commas of a figure as they are printed; nothing else is changed."""
    if not _NUMERIC.fullmatch(text):
        return text.translate(_SIMPLE)
    plain = text.translate(_STRANGE)
    head, point, last = plain.rpartition(".")
    if point and "." in head and re.fullmatch(r"[-−]?\d{1,3}([.,]\d{3})*", head) and len(last) <= 2:
        # 1.597.51: a comma taken for a point.
        plain = head.replace(".", ",") + point + last
    return plain if _WHOLE_NUMBER.fullmatch(plain) else text


def _strips(sheet: PagePicture, cell: PixelBox) -> list[PixelBox]:
    """The lines of ink in a cell from top to bottom."""
    left, top, right, bottom = cell
    left, top, right, bottom = left + _INSET, top + _INSET - 1, right - _INSET, bottom - _INSET + 1
    ink = sheet.ink[top:bottom, left:right]
    if ink.size == 0 or cv2.countNonZero(ink) < _LEAST_INK:
        return []
    bands = _merged(_bands(numpy.asarray((ink > 0).any(axis=1))))
    strips: list[PixelBox] = []
    for first, last in bands:
        columns = numpy.flatnonzero((ink[first:last] > 0).any(axis=0))
        box = (left + int(columns[0]), top + first, left + int(columns[-1]) + 1, top + last)
        if cv2.countNonZero(ink[first:last]) >= _LEAST_INK:
            strips.append(box)
    return strips


def _bands(filled: numpy.typing.NDArray[numpy.bool_]) -> list[tuple[int, int]]:
    """Where the filled stretches begin and end."""
    edges = numpy.flatnonzero(numpy.diff(numpy.concatenate(([False], filled, [False])).astype(numpy.int8)))
    return [(int(first), int(last)) for first, last in zip(edges[::2], edges[1::2], strict=True)]


def _merged(bands: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Bands with those that are parts of a line put together: the strokes of 二, the dots of a colon."""
    if len(bands) < 2:
        return bands
    usual = median(last - first for first, last in bands if last - first >= _LOW or len(bands) < 3)
    usual = max(usual, 2 * _LOW)
    made = [bands[0]]
    for first, last in bands[1:]:
        start, end = made[-1]
        low = min(last - first, end - start) < 0.6 * usual
        if low and last - start <= 1.25 * usual and first - end < 0.5 * usual:
            made[-1] = (start, last)
        else:
            made.append((first, last))
    return made


def _outside(sheet: PagePicture, grids: Sequence[RuledGrid]) -> list[PixelBox]:
    """The detected lines that stand in no grid, drawn close around their ink."""
    frames = [sheet.pixels(grid.box) for grid in grids]
    found: list[PixelBox] = []
    for left, top, right, bottom in sheet.lines:
        x, y = (left + right) / 2, (top + bottom) / 2
        if any(a <= x <= c and b <= y <= d for a, b, c, d in frames):
            continue
        ink = sheet.ink[top:bottom, left:right] > 0
        rows, columns = numpy.flatnonzero(ink.any(axis=1)), numpy.flatnonzero(ink.any(axis=0))
        if len(rows) and len(columns):
            found.append(
                (left + int(columns[0]), top + int(rows[0]), left + int(columns[-1]) + 1, top + int(rows[-1]) + 1)
            )
    return found


def _weight(sign: str) -> float:
    """The width of a sign in ems, about."""
    return 1.0 if sign >= "\u2e80" or sign in "“”‘’—…" else 0.53


def _run(sheet: PagePicture, strip: PixelBox, text: str) -> Run:
    left, bottom, right, top = sheet.points(strip)
    weights = [_weight(sign) for sign in text]
    unit = (right - left) / sum(weights)
    lefts = [left + unit * before for before in accumulate(weights[:-1], initial=0.0)]
    tall = top - bottom
    # The ink of Chinese signs is nearly as high as their size, that of figures seven tenths of it.
    high = tall / 0.92 if max(text) >= "\u2e80" else tall / 0.74
    em = unit if len(text) >= 6 and 0.7 * high < unit < 1.2 * high else high
    middle = (top + bottom) / 2
    return Run(text, left, right, middle - 0.35 * em, em, False, lefts, 0)


def _even(runs: list[Run]) -> None:
    """Sizes that differ by what measuring misses made the same."""
    sizes: list[list[Run]] = []
    for run in sorted(runs, key=lambda run: (run.em, -run.baseline, run.left)):
        if sizes and run.em <= 1.12 * sizes[-1][0].em:
            sizes[-1].append(run)
        else:
            sizes.append([run])
    for group in sizes:
        usual = median(run.em for run in group)
        for run in group:
            middle = run.middle
            run.em = usual
            run.baseline = middle - 0.35 * usual
    level = 0.0
    for number, run in enumerate(sorted(runs, key=lambda run: (-run.baseline, run.left))):
        # What stands on one line has one baseline: the order on the page goes by it.
        if number == 0 or level - run.baseline > 0.2 * run.em:
            level = run.baseline
        run.baseline = level
