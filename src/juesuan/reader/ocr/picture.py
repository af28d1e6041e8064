"""Pictures of pages made upright: small turns found and undone, ink told from paper, ruling lines from ink."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy

from juesuan.reader.ocr.engine import Picture, PixelBox, find_lines, read_lines
from juesuan.reader.pdf import native
from juesuan.reader.pdf.native import Box, Matrix
from juesuan.reader.pdf.objects import Rule

RESOLUTION = 200
"""Dots per inch at which pages are looked at."""

SCALE = RESOLUTION / 72
"""Pixels of a point."""

_STEEPEST = 6.0
"""Degrees by which a page may lie askew."""

_LONG = 100
"""A straight stroke of so many pixels (13 mm) is no part of a character."""

_SHORT = 22
"""Shorter strokes are ruling lines nowhere."""

_THICK = 14
"""Thicker strokes are surfaces."""

_PIECE = 50
"""Pieces of long strokes have so many pixels: more than a stroke of a character in running text."""

_BREAK = 9
"""Breaks in a line of fewer pixels are closed."""

_MARGIN = 4
"""Pixels at the ends of a short stroke that other lines may cross."""

_MEETS = 2
"""Pixels within which a ruling line ends at another."""

_BESIDE = 0.25
"""How much of a ruling line may have ink beside it: text may touch it."""

_SPECK = 9
"""Fewer pixels together are dust."""


@dataclass
class PagePicture:
    """A page as a picture, upright: its grey levels, its ink without ruling lines, and those lines.

    `layout` turns points of the upright picture (from its lower left corner) into those of the page as it is shown.
    """

    grey: Picture
    ink: Picture
    horizontal: list[Rule]
    vertical: list[Rule]
    lines: list[PixelBox]
    layout: Matrix

    @property
    def width(self) -> float:
        """Width in points."""
        return float(self.grey.shape[1]) / SCALE

    @property
    def height(self) -> float:
        """Height in points."""
        return float(self.grey.shape[0]) / SCALE

    def points(self, box: PixelBox) -> Box:
        """The box in points from the lower left corner."""
        left, top, right, bottom = box
        return (left / SCALE, self.height - bottom / SCALE, right / SCALE, self.height - top / SCALE)

    def pixels(self, box: Box) -> PixelBox:
        """The box in pixels, within the picture."""
        left, bottom, right, top = box
        height, width = self.grey.shape
        return (
            min(max(round(left * SCALE), 0), width),
            min(max(round((self.height - top) * SCALE), 0), height),
            min(max(round(right * SCALE), 0), width),
            min(max(round((self.height - bottom) * SCALE), 0), height),
        )


def sheet_of(picture: Picture) -> PagePicture:
    """The page that a grey picture at RESOLUTION shows, turned upright."""
    straight, layout = _straight(picture)
    lines = find_lines(straight)
    turns = _quarter_turns(straight, lines)
    if turns:
        layout = native.multiply(_quarter(straight, turns), layout)
        straight = numpy.ascontiguousarray(numpy.rot90(straight, -turns))
        lines = find_lines(straight)
    dark = _dark(straight)
    rows, columns = _strokes(dark)
    height = straight.shape[0]
    ruled = numpy.zeros_like(dark)
    for left, top, right, bottom in (*rows, *columns):
        ruled[max(top - 2, 0) : bottom + 2, max(left - 2, 0) : right + 2] = 255
    grey = straight.copy()
    grey[ruled > 0] = _paper(straight)
    ink = _without_specks(numpy.where(ruled > 0, numpy.uint8(0), dark))
    horizontal = [((height - (t + b) / 2) / SCALE, left / SCALE, right / SCALE) for left, t, right, b in rows]
    vertical = [
        ((left + right) / 2 / SCALE, (height - bottom) / SCALE, (height - top) / SCALE)
        for left, top, right, bottom in columns
    ]
    return PagePicture(grey, ink, horizontal, vertical, lines, layout)


def _paper(picture: Picture) -> int:
    """The grey of the paper."""
    return int(numpy.percentile(picture, 70))


def _dark(picture: Picture) -> Picture:
    """Ink as 255, paper as 0, whatever the light of the place."""
    smooth = cv2.GaussianBlur(picture, (3, 3), 0)
    return numpy.asarray(
        cv2.adaptiveThreshold(smooth, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 51, 22), numpy.uint8
    )


def _without_specks(ink: Picture) -> Picture:
    number, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    keep = numpy.zeros(number, numpy.uint8)
    keep[1:] = numpy.where(stats[1:, cv2.CC_STAT_AREA] >= _SPECK, 255, 0)
    return numpy.asarray(keep[labels], numpy.uint8)


def _straight(picture: Picture) -> tuple[Picture, Matrix]:
    """The picture with its lines level, and the matrix from its points to those of the picture as it was."""
    degrees = _askew(picture)
    if abs(degrees) < 0.03:
        return picture, native.IDENTITY
    height, width = picture.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
    straight = cv2.warpAffine(
        picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT,
        borderValue=_paper(picture),
    )  # fmt: skip
    (a, b, e), (c, d, f) = cv2.invertAffineTransform(turn).tolist()
    # From rows counted from above, in pixels, to points counted from below.
    tall = height / SCALE
    back: Matrix = (a, -c, -b, d, e / SCALE + b * tall, tall - f / SCALE - d * tall)
    return numpy.asarray(straight, numpy.uint8), back


def _askew(picture: Picture) -> float:
    """By how many degrees, counter-clockwise, the picture has to be turned for its lines to be level."""
    factor = 1000 / max(picture.shape)
    small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    dark = cv2.adaptiveThreshold(small, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15)
    if cv2.countNonZero(dark) < 50:
        return 0.0
    height, width = dark.shape

    def sharpness(degrees: float) -> float:
        """How much rows and columns differ from their neighbours: most where lines lie along them."""
        turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.0)
        turned = cv2.warpAffine(dark, turn, (width, height), flags=cv2.INTER_LINEAR)
        rows = numpy.diff(turned.sum(axis=1, dtype=numpy.float64))
        columns = numpy.diff(turned.sum(axis=0, dtype=numpy.float64))
        return float((rows**2).sum() + (columns**2).sum())

    best = 0.0
    for step, reach in ((0.5, _STEEPEST), (0.1, 0.5), (0.025, 0.1)):
        number = round(reach / step)
        angles = [best + step * count for count in range(-number, number + 1)]
        best = max(angles, key=lambda angle: (sharpness(angle), -abs(angle)))
    return best


def _quarter_turns(picture: Picture, lines: list[PixelBox]) -> int:
    """How many quarter turns clockwise make the text upright."""
    long = [box for box in lines if max(box[2] - box[0], box[3] - box[1]) > 2 * min(box[2] - box[0], box[3] - box[1])]
    if not long:
        return 0
    upright = sum(1 for left, top, right, bottom in long if right - left > bottom - top)
    lying = 2 * upright < len(long)
    some = sorted(long, key=lambda box: abs((box[2] - box[0]) - (box[3] - box[1])), reverse=True)[:24]
    # Not the longest alone, which may be frames of pictures, and no more than tell.
    some = some[:: max(len(some) // 8, 1)]
    crops = [numpy.rot90(picture[t:b, x:r], 1 if lying else 0) for x, t, r, b in some]
    sure = _sureness(crops)
    if sure > 0.9 and not lying:
        return 0
    over = _sureness([numpy.rot90(crop, 2) for crop in crops])
    # Crops of lying text were turned to the left: upright after one more half turn means a turn to the right.
    if lying:
        return 3 if sure >= over else 1
    return 2 if over > sure + 0.1 else 0


def _sureness(crops: list[Picture]) -> float:
    found = read_lines([numpy.ascontiguousarray(crop) for crop in crops])
    return sum(read.confidence for read in found if read.text.strip()) / len(crops)


def _quarter(picture: Picture, turns: int) -> Matrix:
    """From the points of the picture turned clockwise by `turns` quarters to those before."""
    height, width = picture.shape[0] / SCALE, picture.shape[1] / SCALE
    return {
        1: (0.0, 1.0, -1.0, 0.0, width, 0.0),
        2: (-1.0, 0.0, 0.0, -1.0, width, height),
        3: (0.0, -1.0, 1.0, 0.0, 0.0, height),
    }[turns]


def _strokes(dark: Picture) -> tuple[list[PixelBox], list[PixelBox]]:
    """The ruling lines, lying and standing: long strokes, and short ones that go from one of these to another."""
    kept_rows = _straight_strokes(dark, (_PIECE, _BREAK, _LONG), lying=True)
    kept_columns = _straight_strokes(dark, (_PIECE, _BREAK, _LONG), lying=False)
    rest = dark.copy()
    for left, top, right, bottom in (*kept_rows, *kept_columns):
        rest[max(top - 2, 0) : bottom + 2, max(left - 2, 0) : right + 2] = 0
    rest_rows = [box for box in _straight_strokes(dark, (_SHORT,), lying=True) if _alone(rest, box, lying=True)]
    rest_columns = [box for box in _straight_strokes(dark, (_SHORT,), lying=False) if _alone(rest, box, lying=False)]
    while True:
        more_rows = [box for box in rest_rows if _spans(box, kept_columns, lying=True)]
        more_columns = [box for box in rest_columns if _spans(box, kept_rows, lying=False)]
        if not more_rows and not more_columns:
            return kept_rows, kept_columns
        kept_rows += more_rows
        kept_columns += more_columns
        rest_rows = [box for box in rest_rows if box not in more_rows]
        rest_columns = [box for box in rest_columns if box not in more_columns]


def _straight_strokes(dark: Picture, lengths: tuple[int, ...], *, lying: bool) -> list[PixelBox]:
    """Straight strokes: pieces of the first length, breaks of the second closed, and of that what has the third."""
    found = cv2.dilate(dark, cv2.getStructuringElement(cv2.MORPH_RECT, (1, 3) if lying else (3, 1)))
    for operation, length in zip((cv2.MORPH_OPEN, cv2.MORPH_CLOSE, cv2.MORPH_OPEN), lengths, strict=False):
        kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (length, 1) if lying else (1, length))
        found = cv2.morphologyEx(found, operation, kernel)
    number, _, stats, _ = cv2.connectedComponentsWithStats(numpy.asarray(found, numpy.uint8), connectivity=8)
    boxes: list[PixelBox] = []
    for index in range(1, number):
        left, top, width, height = (int(value) for value in stats[index, :4])
        along, thickness = (width, height) if lying else (height, width)
        if along > 4 * thickness and thickness <= _THICK:
            # Without the pixel that was added on either side.
            boxes.append(
                (left, top + 1, left + width, top + height - 1)
                if lying
                else (left + 1, top, left + width - 1, top + height)
            )
    return boxes


def _alone(dark: Picture, box: PixelBox, *, lying: bool) -> bool:
    """Whether a stroke has paper on both sides, as no stroke of a character has."""
    left, top, right, bottom = box
    area = dark if lying else dark.T
    first, last, low, high = (left, right, top, bottom) if lying else (top, bottom, left, right)
    # Other lines may cross at the ends.
    first, last = first + _MARGIN, last - _MARGIN
    sides = (area[max(low - 5, 0) : max(low - 2, 0), first:last], area[high + 2 : high + 5, first:last])
    beside = [(side > 0).any(axis=0) for side in sides if side.shape[0]]
    if any(inked.mean() > _BESIDE for inked in beside):
        return False
    # What crosses a line between its ends is the other stroke of 十.
    return len(beside) < 2 or not (beside[0] & beside[1]).any()


def _spans(box: PixelBox, others: list[PixelBox], *, lying: bool) -> bool:
    """Whether both ends of a stroke lie on strokes of the other direction."""
    left, top, right, bottom = box
    middle = (top + bottom) / 2 if lying else (left + right) / 2
    ends = (left, right) if lying else (top, bottom)
    met = [False, False]
    for x, y, far, low in others:
        near, beyond, first, last = (x, far, y, low) if lying else (y, low, x, far)
        if first - _MEETS <= middle <= last + _MEETS:
            for number, end in enumerate(ends):
                met[number] = met[number] or near - _MEETS <= end <= beyond + _MEETS
    return all(met)
