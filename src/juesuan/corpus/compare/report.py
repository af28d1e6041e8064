"""What a comparison came to: lines for the terminal and CSV, JSON, and one page of HTML with its charts inside."""

from __future__ import annotations

import html
import io
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from juesuan.account import CsvWriter
from juesuan.corpus.compare.peers import PeerGroup, RankedValue, Trend, rounded
from juesuan.publisher import Chart
from juesuan.publisher.charts import svg
from juesuan.statute import load_statute
from juesuan.statute.comparison import address_of

HEADINGS = (
    "年度", "层级", "类别", "指标", "单位编码", "单位", "数值", "计量单位", "名次", "共", "四分位", "中位数", "异常",
)  # fmt: skip
SHOWN = 15

NAME_WIDTH = 46
"""Points that the name of a quartile takes in a chart."""

CLOSE = Decimal("0.08")
"""The part of the range of values within which the names of two quartiles would touch."""


def rows_of(groups: Iterable[PeerGroup]) -> list[tuple[str, ...]]:
    """Every value as a line of the table, best first."""
    found: list[tuple[str, ...]] = []
    for group in groups:
        median = str(rounded(group.quartiles[1])) if group.quartiles else ""
        for value in group.values:
            found.append(
                (str(group.year), group.level, group.kind, group.indicator.name, value.unit, value.name,
                 str(rounded(value.value)), group.indicator.unit, str(value.rank), str(len(group.values)),
                 str(value.quarter), median, value.outlier)
            )  # fmt: skip
    return found


def csv_text(groups: Iterable[PeerGroup]) -> str:
    """The table as CSV."""
    out = io.StringIO()
    writer = CsvWriter(out)
    writer.line(HEADINGS)
    writer.lines(rows_of(groups))
    return out.getvalue()


def json_text(groups: Iterable[PeerGroup], trends: Iterable[Trend]) -> str:
    """Everything as JSON; amounts as text, for they are exact."""
    data = {
        "groups": [
            {
                "indicator": g.indicator.key, "name": g.indicator.name, "unit": g.indicator.unit,
                "basis": g.indicator.basis, "year": g.year, "level": g.level, "kind": g.kind, "refused": g.refused,
                "without": g.without, "quartiles": [str(rounded(q)) for q in g.quartiles or ()],
                "mad": None if g.mad is None else str(rounded(g.mad)),
                "values": [_value(value) for value in g.values],
            }
            for g in groups
        ],
        "trends": [
            {"indicator": t.indicator.key, "level": t.level, "kind": t.kind,
             "medians": [[year, str(median)] for year, median in t.medians]}
            for t in trends
        ],
    }  # fmt: skip
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


def _value(value: RankedValue) -> dict[str, Any]:
    return {
        "unit": value.unit, "name": value.name, "value": str(rounded(value.value)), "rank": value.rank,
        "quarter": value.quarter, "outlier": value.outlier,
        "against": None if value.against is None else str(value.against),
    }  # fmt: skip


def text_of(groups: Sequence[PeerGroup], trends: Sequence[Trend]) -> str:
    """For the terminal: quartiles, the first and last, what is out of the ordinary and why."""
    lines = []
    for group in groups:
        lines.append(f"{group.title}（{group.indicator.unit}）")
        if group.refused or group.quartiles is None:
            lines.append(f"  {group.refused}")
            continue
        low, median, high = (rounded(bound) for bound in group.quartiles)
        without = f"；{group.without} 个单位没有数据" if group.without else ""
        lines.append(f"  {len(group.values)} 个单位，四分位 {low} / {median} / {high}{without}")
        for value in group.values[:SHOWN]:
            lines.append(f"  {value.rank}\t{value.name}\t{rounded(value.value)}")
        if len(group.values) > SHOWN:
            lines.append(f"  ……共 {len(group.values)} 个，见 --output")
        lines.extend(f"  异常：{value.name} {value.outlier}" for value in group.values if value.outlier)
    for trend in trends:
        summary = "，".join(f"{year}年 {median}" for year, median in trend.medians)
        peers = "、".join(part for part in (trend.level, trend.kind) if part) or "全部"
        lines.append(f"趋势（中位数，{trend.indicator.unit}）：{peers} {trend.indicator.name}：{summary}")
    return "\n".join(lines) + "\n"


def spread_chart(group: PeerGroup) -> Chart:
    """The values from the least to the greatest, with the quartiles as lines and what is out of the ordinary marked."""
    ordered = sorted(group.values, key=lambda value: (value.value, value.unit))
    data = [
        {"序": place, "值": float(value.value), "类": "异常" if value.outlier else "一般", "单位": value.name}
        for place, value in enumerate(ordered, 1)
    ]
    names = ("四分之一", "中位数", "四分之三")
    bounds = [{"界": float(bound), "名": name} for bound, name in zip(group.quartiles or (), names, strict=False)]
    last = {"field": "界", "type": "quantitative"}
    half = len(data) / 2
    # The name of a unit stands on the side on which there is room for it.
    sides = (("left", 8, f"datum['序'] <= {half}"), ("right", -8, f"datum['序'] > {half}"))
    color = {"field": "类", "type": "nominal", "title": None, "sort": ["一般", "异常"]}
    spec = {
        "layer": [
            {
                "data": {"values": data},
                "mark": {"type": "point", "filled": True},
                "encoding": {
                    "x": {"field": "序", "type": "quantitative", "title": "单位（由低到高）",
                          "axis": {"tickMinStep": 1, "format": "d"}, "scale": {"domainMin": 0}},
                    "y": {"field": "值", "type": "quantitative", "title": group.indicator.unit,
                          "scale": {"zero": False}},
                    "color": color,
                },
            },
            {
                "data": {"values": bounds},
                "mark": {"type": "rule", "strokeDash": [4, 3]},
                "encoding": {"y": last},
            },
            # Behind the lines, which would cross them.
            *(
                {
                    "data": {"values": [bound]},
                    "mark": {"type": "text", "align": "left", "baseline": "middle", "fontSize": 9,
                             "x": {"expr": f"width + {4 + NAME_WIDTH * place}"}},
                    "encoding": {"y": last, "text": {"field": "名"}},
                }
                for place, bound in zip(_apart(group), bounds, strict=True)
            ),
            *(
                {
                    "data": {"values": data},
                    "transform": [{"filter": f"datum['类'] == '异常' && {where}"}],
                    "mark": {"type": "text", "align": align, "dx": shift, "fontSize": 9},
                    "encoding": {
                        "x": {"field": "序", "type": "quantitative"},
                        "y": {"field": "值", "type": "quantitative"},
                        "text": {"field": "单位"},
                    },
                }
                for align, shift, where in sides
            ),
        ],
    }
    return Chart(f"分布 {group.title}", group.title, spec, group.title)


def _apart(group: PeerGroup) -> list[int]:
    """In which column the name of each quartile stands: beside that of the one below where the two lie close."""
    values = [value.value for value in group.values]
    near = (max(values) - min(values)) * CLOSE
    places: list[int] = []
    for number, bound in enumerate(group.quartiles or ()):
        below = (group.quartiles or ())[number - 1] if number else None
        places.append(places[-1] + 1 if below is not None and bound - below <= near else 0)
    return places


def scatter_chart(group: PeerGroup) -> Chart | None:
    """Each unit's value against the indicator that it is shown against; None where there is none."""
    data = [
        {"甲": float(value.against), "乙": float(value.value)} for value in group.values if value.against is not None
    ]
    if not data:
        return None
    spec = {
        "data": {"values": data},
        "mark": {"type": "point", "filled": True},
        "encoding": {
            "x": {"field": "甲", "type": "quantitative", "title": group.indicator.against, "scale": {"zero": False}},
            "y": {"field": "乙", "type": "quantitative", "title": group.indicator.name, "scale": {"zero": False}},
        },
    }
    return Chart(f"对照 {group.title}", f"{group.title}与{group.indicator.against}", spec, group.title)


def trend_chart(trend: Trend) -> Chart:
    """The medians over the years."""
    data = [{"年": str(year), "值": float(median)} for year, median in trend.medians]
    peers = "、".join(part for part in (trend.level, trend.kind) if part) or "全部"
    title = f"{peers} {trend.indicator.name}（中位数）"
    spec = {
        "data": {"values": data},
        "mark": {"type": "line", "point": True},
        "encoding": {
            "x": {"field": "年", "type": "ordinal", "title": "年度"},
            "y": {"field": "值", "type": "quantitative", "title": trend.indicator.unit},
        },
    }
    return Chart(f"趋势 {title}", title, spec, title)


_STYLE = (
    "body{font-family:sans-serif;max-width:60em;margin:2em auto;padding:0 1em;color:#1a1a1a;line-height:1.6}"
    "table{border-collapse:collapse}td,th{border:1px solid #999;padding:.2em .6em;text-align:left}"
    "td.n{text-align:right}.o{color:#8c3b2f}h2{margin-top:2em}figure{margin:1em 0}"
)


def chart_files(groups: Sequence[PeerGroup], trends: Sequence[Trend]) -> dict[str, str]:
    """Every chart as a picture of its own (SVG), by its title. Raises ValueError where one cannot be drawn."""
    charts = [
        chart for group in groups if group.quartiles is not None
        for chart in (spread_chart(group), scatter_chart(group)) if chart is not None
    ]
    return {chart.key: svg(chart) for chart in (*charts, *map(trend_chart, trends))}


def page(groups: Sequence[PeerGroup], trends: Sequence[Trend]) -> str:
    """One page of HTML that needs nothing else. Raises ValueError where a chart cannot be drawn."""
    parts = [
        "<!DOCTYPE html>\n<html lang=\"zh\"><meta charset=\"utf-8\"><title>决算比较</title>",
        f"<style>{_STYLE}</style><h1>决算比较</h1>",
        "<p>只比较同一层级、同一类别、同一年度的单位；分子或分母没有数据的单位不比，单位太少的不比。"
        "异常按中位数和中位绝对偏差判断，是提请核实，不是结论。</p>",
    ]
    for group in groups:
        parts.append(f"<h2>{html.escape(group.title)}（{html.escape(group.indicator.unit)}）</h2>")
        parts.append(f"<p>{html.escape(_definition(group))}</p>")
        if group.refused or group.quartiles is None:
            parts.append(f"<p>{html.escape(group.refused)}</p>")
            continue
        parts.append(f"<figure>{svg(spread_chart(group))}</figure>")
        scatter = scatter_chart(group)
        if scatter:
            parts.append(f"<figure>{svg(scatter)}</figure>")
        parts.append(_table(group))
    for trend in trends:
        chart = trend_chart(trend)
        parts.append(f"<h2>{html.escape(chart.caption)}</h2><figure>{svg(chart)}</figure>")
    return "\n".join(parts) + "\n</html>\n"


def _definition(group: PeerGroup) -> str:
    over = f" ÷ {_quantity_text(group.indicator.denominator)}" if group.indicator.denominator else ""
    summary = f"{_quantity_text(group.indicator.numerator)}{over}；依据：{group.indicator.basis}"
    return f"{summary}；{group.without} 个单位没有数据。" if group.without else f"{summary}。"


def _quantity_text(quantity: str) -> str:
    """A quantity by the names of its table, line and column; the number of staff and the score by their own."""
    address = address_of(quantity)
    return load_statute("national").describe(address) if address is not None else quantity


def _table(group: PeerGroup) -> str:
    low, median, high = (rounded(bound) for bound in group.quartiles or (Decimal(0),) * 3)
    lines = [f"<p>四分位：{low}、{median}、{high}；中位绝对偏差 {rounded(group.mad or Decimal(0))}。</p>"]
    lines.append("<table><tr><th>名次</th><th>单位</th><th>数值</th><th>四分位</th><th>异常</th></tr>")
    for value in group.values:
        lines.append(
            f"<tr><td class=\"n\">{value.rank}</td><td>{html.escape(value.name)}</td>"
            f"<td class=\"n\">{rounded(value.value):,}</td><td class=\"n\">{value.quarter}</td>"
            f"<td class=\"o\">{html.escape(value.outlier)}</td></tr>"
        )
    return "\n".join([*lines, "</table>"])
