"""The charts of the narrative: one Vega-Lite specification each, made from the declared series."""

from __future__ import annotations

from typing import Any

from juesuan.account import Account, plain, rounded
from juesuan.publisher.document import Chart
from juesuan.statute import MONEY_UNITS, ChartPlan, Measurer, Statute, Writer

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"


def figure(plan: ChartPlan, number: int, account: Account, statute: Statute) -> Chart | None:
    """Chart `number` of the document (图 n), in 万元; None where every amount of it is blank."""
    values = _values(plan, account, statute)
    if not any(value["数额"] != "0" for value in values):
        return None
    caption = f"图{number}：{plan.title}"
    words = "；".join(f"{_name(value)}{value['标签']}{plan.unit}" for value in values)
    spec = _pie(values, plan) if plan.kind == "pie" else _bars(values, plan)
    return Chart(plan.key, caption, spec, f"{caption}。{words}。")


def _name(value: dict[str, str]) -> str:
    return value["类别"] + value.get("系列", "")


def _values(plan: ChartPlan, account: Account, statute: Statute) -> list[dict[str, str]]:
    """The rows of data; amounts are text for Vega to parse, so that no float stands near money."""
    measurer, writer = Measurer(account, statute), Writer(account, statute)
    values = []

    def add(name: str, text: str, row: str | None, column: str | None) -> None:
        measured = measurer.quantity(text, {}, row, column)
        group, _, series = name.partition("|")
        amount = rounded(measured.amount / MONEY_UNITS[plan.unit], statute.profile.style.text_decimals)
        label = statute.amount_text(measured.amount, plan.unit, table=False)
        value = {"类别": group, "数额": plain(amount), "标签": label}
        values.append({**value, "系列": series} if series else value)

    for name, text in plan.series.items():
        add(writer.sentence(name), text, None, None)
    if plan.each:
        for row, column in measurer.loop(plan.each, plan.skip):
            if measurer.quantity(plan.share, {}, row, column).amount > 0:
                add(_label(plan, statute, row, column), plan.share, row, column)
    return values


def _label(plan: ChartPlan, statute: Statute, row: str | None, column: str | None) -> str:
    form = statute.forms[plan.each.partition("!")[0]]
    return form.columns[column].label if column else statute.name_of(form, row or "")


def _data(values: list[dict[str, str]]) -> dict[str, Any]:
    return {"values": values, "format": {"parse": {"数额": "number"}}}


def _bars(values: list[dict[str, str]], plan: ChartPlan) -> dict[str, Any]:
    category = {"field": "类别", "type": "nominal", "sort": None, "title": None, "axis": {"labelAngle": 0}}
    amount = {"field": "数额", "type": "quantitative", "title": plan.unit}
    encoding: dict[str, Any] = {"x": category, "y": amount}
    if any("系列" in value for value in values):
        series = {"field": "系列", "type": "nominal", "sort": None, "title": None}
        encoding |= {"xOffset": {"field": "系列", "sort": None}, "color": series}
    tooltip = [{"field": key, "type": "nominal"} for key in values[0] if key != "数额"]
    return {
        "$schema": SCHEMA,
        "data": _data(values),
        "width": 380,
        "height": 220,
        "encoding": encoding | {"tooltip": tooltip},
        "layer": [
            {"mark": {"type": "bar", "width": {"band": 0.8}}},
            {
                "mark": {"type": "text", "dy": -6, "baseline": "bottom"},
                "encoding": {"text": {"field": "标签"}, "color": {"value": "#333333"}},
            },
        ],
    }


def _pie(values: list[dict[str, str]], plan: ChartPlan) -> dict[str, Any]:
    total = {"op": "sum", "field": "数额", "as": "总额"}
    return {
        "$schema": SCHEMA,
        "data": _data(values),
        "transform": [
            {"joinaggregate": [total]},
            {"calculate": "datum['类别'] + ' ' + format(datum['数额'] / datum['总额'], '.1%')", "as": "说明"},
        ],
        "width": 380,
        "height": 240,
        "encoding": {
            "theta": {"field": "数额", "type": "quantitative", "stack": True},
            "color": {"field": "类别", "type": "nominal", "sort": None, "title": None},
            "tooltip": [{"field": "类别", "type": "nominal"}, {"field": "标签", "type": "nominal", "title": plan.unit}],
        },
        "layer": [
            {"mark": {"type": "arc", "outerRadius": 84}},
            {
                "mark": {"type": "text", "radius": 112},
                "encoding": {"text": {"field": "说明"}, "color": {"value": "#333333"}},
            },
        ],
    }
