"""Charts drawn from their Vega-Lite specification in one house style, once per process and shared by all formats."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from threading import Lock
from typing import Any

from juesuan.publisher.charts.helper import ChartHelper
from juesuan.publisher.document import Chart
from juesuan.publisher.fonts import SANS

INK = "#1a1a1a"
PALETTE = ("#1f4e79", "#c08a3e", "#7d9cbb", "#8c3b2f", "#5f7a61", "#b9b9b9", "#4a4a68", "#d9c59a")
"""Dark blue, ochre, light blue, brick, sage …: neighbours differ in lightness, as they must in grey print."""

HOUSE: Mapping[str, Any] = {
    "background": "white",
    "font": SANS,
    "padding": 6,
    "view": {"stroke": None, "continuousWidth": 460, "continuousHeight": 240, "discreteWidth": 460},
    "range": {"category": list(PALETTE), "ordinal": {"scheme": "blues"}, "ramp": {"scheme": "blues"}},
    "mark": {"color": PALETTE[0], "font": SANS},
    "bar": {"color": PALETTE[0], "discreteBandSize": {"band": 0.62}},
    "line": {"strokeWidth": 2},
    "arc": {"stroke": "white", "strokeWidth": 1},
    "text": {"color": INK, "fontSize": 12},
    "axis": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelColor": INK,
        "titleColor": INK,
        "domainColor": "#666666",
        "tickColor": "#666666",
        "gridColor": "#e3e3e3",
        "labelLimit": 260,
    },
    "axisX": {"labelAngle": 0, "grid": False},
    "legend": {
        "labelFontSize": 12,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "labelColor": INK,
        "titleColor": INK,
        "labelLimit": 260,
        "orient": "bottom",
        "layout": {"bottom": {"anchor": "middle"}},
    },
    "title": {"fontSize": 14, "fontWeight": "normal", "color": INK},
    "header": {"labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal"},
}

_guard = Lock()


def _merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    result = dict(base)
    for name, value in over.items():
        below = result.get(name)
        result[name] = _merged(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return result


def specification(chart: Chart) -> dict[str, Any]:
    """The chart's specification in the house style; what the chart itself configures comes first."""
    own = {name: value for name, value in chart.spec.items() if name not in ("config", "$schema")}
    return own | {"config": _merged(HOUSE, chart.spec.get("config", {}))}


def _canonical(chart: Chart) -> str:
    return json.dumps(specification(chart), ensure_ascii=False, sort_keys=True, default=str)


def svg(chart: Chart) -> str:
    """The chart as SVG text, the same for the same specification. Raises ValueError where it cannot be drawn."""
    with _guard:
        return _svg(_canonical(chart))


def png(chart: Chart, scale: float = 2.0) -> bytes:
    """The chart as a PNG image, `scale` pixels per unit of the drawing. Raises ValueError where it cannot be drawn."""
    with _guard:
        return _png(_canonical(chart), scale)


def prepare() -> None:
    """Starts the drawing engine beside this process, so that it is warm when the first chart is asked for.

    Optional: without it charts are drawn in this process, the engine's second of start-up included.
    """
    _helper()


@lru_cache(maxsize=64)
def _svg(specification_text: str) -> str:
    helper = _helper() if _helper.cache_info().currsize else None
    drawn = helper.draw(specification_text) if helper else None
    return drawn if drawn is not None else str(_converter().vegalite_to_svg(specification_text))


@lru_cache(maxsize=64)
def _png(specification_text: str, scale: float) -> bytes:
    return bytes(_converter().svg_to_png(_svg(specification_text), scale=scale))


@lru_cache(maxsize=1)
def _helper() -> ChartHelper:
    return ChartHelper()


def _converter() -> Any:
    # Imported on first use: a document without charts need not start a JavaScript engine.
    from juesuan.publisher.charts.helper import converter

    return converter()
