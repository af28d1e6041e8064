"""The objects of a page that are not characters: its ruling lines, and how much of it is pictures.

Programs draw the lines of a table in every way there is: as strokes, as thin filled rectangles, as the border of a
rectangle for each cell, all in one path or each in its own, and inside forms with a matrix of their own.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise

from juesuan.reader.pdf import native
from juesuan.reader.pdf.native import Box, Matrix

MOST_OBJECTS = 200_000
"""Objects and path segments read of one page; a page of tables has some hundreds."""

_THICKEST = 3.0
"""What is thinner than this is a line, what is thicker a surface (points)."""

_SHORTEST = 1.5
"""Shorter strokes are dots."""

_DEEPEST = 12

_MOST_CLIP = 60
"""Clips of more segments than this follow a drawing and cut no text."""

Rule = tuple[float, float, float]
"""A ruling line: where it stands (y of a horizontal, x of a vertical), where it begins and ends along itself."""


@dataclass
class PageObjects:
    """What the objects of a page come to, in the coordinates of the page before it is turned."""

    horizontal: list[Rule] = field(default_factory=list)
    vertical: list[Rule] = field(default_factory=list)
    pictures: float = 0.0
    """Area of the pictures, in square points."""
    complete: bool = True
    """False where the page has more objects than are read."""


class _Walk:
    def __init__(self) -> None:
        self.found = PageObjects()
        self.left = MOST_OBJECTS

    def object(self, item: int, within: Matrix, depth: int) -> None:
        kind = native.kind_of(item)
        if kind == native.PATH:
            self._path(item, within)
        elif kind == native.IMAGE:
            left, bottom, right, top = native.apply_box(within, native.bounds(item))
            area = (right - left) * (top - bottom)
            if math.isfinite(area):
                self.found.pictures += area
        elif kind == native.FORM and depth < _DEEPEST:
            inner = native.multiply(native.matrix(item), within)
            for number in range(native.count_form(item)):
                child = native.form_object(item, number)
                if child and self._counted(1):
                    self.object(child, inner, depth + 1)

    def _counted(self, number: int) -> bool:
        """Whether `number` more objects may be read."""
        self.left -= number
        if self.left < 0:
            self.found.complete = False
        return self.found.complete

    def _path(self, item: int, within: Matrix) -> None:
        segments = native.count_segments(item)
        if segments <= 6:
            # The usual line or thin rectangle is known by its bounds alone.
            box = native.bounds(item)
            if within is not native.IDENTITY:
                box = native.apply_box(within, box)
            width, height = box[2] - box[0], box[3] - box[1]
            if width <= _THICKEST or height <= _THICKEST:
                self._thin(box)
                return
        if self._counted(segments):
            self._segments(item, segments, within)

    def _thin(self, box: Box) -> None:
        left, bottom, right, top = box
        width, height = right - left, top - bottom
        if width > height and width > _SHORTEST:
            self.found.horizontal.append(((bottom + top) / 2, left, right))
        elif height > width and height > _SHORTEST:
            self.found.vertical.append(((left + right) / 2, bottom, top))

    def _segments(self, item: int, number: int, within: Matrix) -> None:
        fill, stroke = native.draw_mode(item)
        if not (fill or stroke):
            return
        transform = native.multiply(native.matrix(item), within)
        outline: list[tuple[float, float]] = []
        straight = True
        for index in range(number):
            segment = native.path_segment(item, index)
            kind = native.segment_kind(segment)
            x, y = native.apply(transform, *native.point(segment))
            if kind == native.MOVE_TO:
                self._outline(outline, straight, stroke)
                outline, straight = [(x, y)], True
                continue
            if kind != native.LINE_TO:
                straight = False
            outline.append((x, y))
            if native.segment_closes(segment) and outline[0] != (x, y):
                outline.append(outline[0])
        self._outline(outline, straight, stroke)

    def _outline(self, outline: list[tuple[float, float]], straight: bool, stroke: bool) -> None:
        """One part of a path: each of its sides where it is stroked, itself where it is a thin surface."""
        if len(outline) < 2 or not straight:
            return
        xs, ys = [x for x, _ in outline], [y for _, y in outline]
        box = (min(xs), min(ys), max(xs), max(ys))
        if box[2] - box[0] <= _THICKEST or box[3] - box[1] <= _THICKEST:
            self._thin(box)
        elif stroke:
            for (x0, y0), (x1, y1) in pairwise(outline):
                if abs(x1 - x0) < 0.5 or abs(y1 - y0) < 0.5:
                    self._thin((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))


def read_objects(page: int) -> PageObjects:
    """Walks the objects of the page behind the address `page`."""
    walk = _Walk()
    number = native.count_page(page)
    if number > MOST_OBJECTS:
        walk.found.complete = False
        number = MOST_OBJECTS
    for index in range(number):
        item = native.page_object(page, index)
        if item and native.kind_of(item) != native.TEXT:
            walk.object(item, native.IDENTITY, 0)
        if not walk.found.complete:
            break
    return walk.found


def moved(rules: PageObjects, transform: Matrix) -> tuple[list[Rule], list[Rule]]:
    """The horizontal and vertical rules under `transform`, a turn by right angles and a shift."""
    boxes = [(start, level, end, level) for level, start, end in rules.horizontal]
    boxes += [(level, start, level, end) for level, start, end in rules.vertical]
    horizontal: list[Rule] = []
    vertical: list[Rule] = []
    for box in boxes:
        left, bottom, right, top = native.apply_box(transform, box)
        if right - left > top - bottom:
            horizontal.append((bottom, left, right))
        else:
            vertical.append((left, bottom, top))
    return horizontal, vertical


def hidden(item: int) -> bool:
    """Whether a page object lies wholly outside the region it is clipped to.

    Spreadsheet programs print the rest of a cell on each page that the cell reaches, and show of it what belongs there.
    """
    clip = native.clip_of(item)
    if not clip:
        return False
    shown: Box | None = None
    for number in range(max(native.clip_paths(clip), 0)):
        segments = native.clip_segments(clip, number)
        if 0 < segments <= _MOST_CLIP:
            # Two corners are enough of a rectangle.
            corners = (0, 2) if segments in (4, 5) else range(segments)
            for corner, index in enumerate(corners):
                x, y = native.point(native.clip_segment(clip, number, index))
                if corner == 0:
                    left = right = x
                    bottom = top = y
                else:
                    left, right = (x, right) if x < left else (left, x if x > right else right)
                    bottom, top = (y, top) if y < bottom else (bottom, y if y > top else top)
            shown = (
                (left, bottom, right, top)
                if shown is None
                else (max(shown[0], left), max(shown[1], bottom), min(shown[2], right), min(shown[3], top))
            )
    if shown is None:
        return False
    left, bottom, right, top = native.bounds(item)
    middle = (bottom + top) / 2
    return right < shown[0] - 1 or left > shown[2] + 1 or middle < shown[1] - 1 or middle > shown[3] + 1
