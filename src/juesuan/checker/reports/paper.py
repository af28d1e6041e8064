"""From the page as it is shown to the paper of the PDF: crop box and rotation."""

from __future__ import annotations

from typing import Any

Box = tuple[float, float, float, float]


def shown_size(page: Any) -> tuple[float, float]:
    """Width and height (points) of a pikepdf page as it is shown."""
    left, bottom, right, top = _frame(page)
    width, height = right - left, top - bottom
    return (height, width) if _rotation(page) % 180 else (width, height)


def on_paper(page: Any, box: Box) -> Box:
    """A box on the page as it is shown, in the page's own coordinates, which lie before cropping and turning."""
    left, bottom, right, top = _frame(page)
    turn = _rotation(page)

    def back(x: float, y: float) -> tuple[float, float]:
        if turn == 90:
            return right - y, bottom + x
        if turn == 180:
            return right - x, top - y
        if turn == 270:
            return left + y, top - x
        return left + x, bottom + y

    (x0, y0), (x1, y1) = back(box[0], box[1]), back(box[2], box[3])
    return round(min(x0, x1), 2), round(min(y0, y1), 2), round(max(x0, x1), 2), round(max(y0, y1), 2)


def _frame(page: Any) -> Box:
    """The part of the paper that is shown: the crop box within the media box."""
    media, crop = _sides(page.mediabox), _sides(page.cropbox)
    return max(crop[0], media[0]), max(crop[1], media[1]), min(crop[2], media[2]), min(crop[3], media[3])


def _sides(box: Any) -> Box:
    x0, y0, x1, y1 = (float(side) for side in box)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _rotation(page: Any) -> int:
    """The rotation of the page, which it may have from the tree above it."""
    node = page.obj
    for _ in range(50):
        if "/Rotate" in node:
            return int(node.Rotate) % 360
        if "/Parent" not in node:
            break
        node = node.Parent
    return 0
