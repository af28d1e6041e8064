"""Charts as pictures of a Word file: the drawing, and the room that it takes."""

from __future__ import annotations

import struct

import msgspec

from juesuan.publisher import pages as layout
from juesuan.publisher.charts import drawing as charts
from juesuan.publisher.document import Chart

ENGLISH_METRIC_UNITS = 12700
CHART_SCALE = 2.5


class Picture(msgspec.Struct, frozen=True):
    """A PNG and its width and height on the page, in English Metric Units."""

    png: bytes
    across: int
    down: int


def picture(chart: Chart) -> Picture:
    """A chart drawn for Word, at most as wide as the text. Raises ValueError where it cannot be drawn."""
    image = charts.png(chart, CHART_SCALE)
    across, down = struct.unpack(">II", image[16:24])
    width = min(layout.TEXT_WIDTH, across / CHART_SCALE * 0.85)
    return Picture(image, round(width * ENGLISH_METRIC_UNITS), round(width * down / across * ENGLISH_METRIC_UNITS))
