"""The charts of the narrative: one Vega-Lite specification each, made from the declared series."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from juesuan.account import Account, plain, rounded, total
from juesuan.publisher.document import Chart
from juesuan.statute import MONEY_UNITS, ChartPlan, Measurer, Statute, Writer

BLANK = "未填"
"""What is written where a cell of the tables is blank: it is not nought."""

MOST_SLICES = 6
THINNEST = Decimal("0.08")
"""The thinnest slice, of one, whose label does not touch its neighbour's."""
NARROWEST, WIDEST = 380, 460
"""How wide columns may be, in units of the drawing (about a point)."""
DIGIT_WIDTH, SIGN_WIDTH, GAP = 7, 12, 12
"""How wide a digit and a Chinese sign are, and what stays free beside a label."""

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"


def figure(
    plan: ChartPlan, number: int, account: Account, statute: Statute, *, blank_as_nothing: bool = True
) -> Chart | None:
    """Chart `number` of the document (图 n), in 万元; None where every amount of it is blank.

    Without `blank_as_nothing` a blank is no column of nought: it is named as such, and a group of blanks is left out.
    """
    values = _values(plan, account, statute)
    values = [_plain(value) for value in values] if blank_as_nothing else _stated(values)
    if not any(value["数额"] != "0" for value in values):
        return None
    caption = f"图{number}：{plan.title}"
    words = "；".join(f"{_name(value)}{value['标签']}{'' if value['标签'] == BLANK else plan.unit}" for value in values)
    return Chart(plan.key, caption, specification_of(values, plan), f"{caption}。{words}。")


def _name(value: dict[str, str]) -> str:
    return value["类别"] + value.get("系列", "")


def _plain(value: dict[str, str]) -> dict[str, str]:
    """A row of data without the mark of a blank."""
    return {key: text for key, text in value.items() if key != BLANK}


def _stated(values: list[dict[str, str]]) -> list[dict[str, str]]:
    """The rows of groups that state an amount; of a blank beside one it is said that it is."""
    groups = {value["类别"] for value in values if BLANK not in value}
    return [_plain(value | {"标签": BLANK} if BLANK in value else value) for value in values if value["类别"] in groups]


def _values(plan: ChartPlan, account: Account, statute: Statute) -> list[dict[str, str]]:
    """The rows of data, with a mark for a blank; amounts are text for Vega to parse: no float stands near money."""
    measurer, writer = Measurer(account, statute), Writer(account, statute)
    values = []

    def add(name: str, text: str, row: str | None, column: str | None) -> None:
        measured = measurer.quantity(text, {}, row, column)
        group, _, series = name.partition("|")
        amount = rounded(measured.amount / MONEY_UNITS[plan.unit], statute.profile.style.text_decimals)
        label = statute.amount_text(measured.amount, plan.unit, table=False)
        value = {"类别": group, "数额": plain(amount), "标签": label}
        if measured.value is None:
            value[BLANK] = BLANK
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
    return {"values": values, "format": {"parse": {"数额": "number", "序": "number"}}}


def specification_of(values: list[dict[str, str]], plan: ChartPlan) -> dict[str, Any]:
    """The form in which the values can be read: a pie only where every slice has room for its label.

    A pie of one slice says nothing and one of 99.4 and 0.6 per cent cannot be read: lying bars with amount and share
    stand instead, as for columns whose names or amounts would touch each other.
    """
    if plan.kind == "pie":
        return _pie(values, plan) if _sliced(values) else _lying(_with_shares(values), plan)
    width = _columns_width(values)
    return _lying(values, plan) if width > WIDEST else _bars(values, plan, max(width, NARROWEST))


def _sliced(values: list[dict[str, str]]) -> bool:
    amounts = [Decimal(value["数额"]) for value in values]
    whole = sum(amounts)
    return 1 < len(amounts) <= MOST_SLICES and min(amounts) >= whole * THINNEST


def _with_shares(values: list[dict[str, str]]) -> list[dict[str, str]]:
    """The values in order of size, each label with its share."""
    whole = total(Decimal(value["数额"]) for value in values)
    ordered = sorted(values, key=lambda value: Decimal(value["数额"]), reverse=True)
    return [
        {**value, "标签": f"{value['标签']}（{rounded(Decimal(value['数额']) * 100 / whole, 1)}%）"}
        for value in ordered
    ]


def _columns_width(values: list[dict[str, str]]) -> int:
    """How wide columns are in which neither names nor labels touch, in units of the drawing."""
    groups = list(dict.fromkeys(value["类别"] for value in values))
    bars = max(sum(value["类别"] == group for value in values) for group in groups)
    label = max(len(value["标签"]) * (SIGN_WIDTH if value["标签"] == BLANK else DIGIT_WIDTH) for value in values)
    name = max(len(group) for group in groups) * SIGN_WIDTH
    return len(groups) * max(bars * (label + GAP), name + GAP)


def _lying(values: list[dict[str, str]], plan: ChartPlan) -> dict[str, Any]:
    category = {"field": "类别", "type": "nominal", "sort": None, "title": None}
    # The axis reaches beyond the longest bar, so that its label has room within the drawing.
    longest = max(Decimal(value["数额"]) for value in values)
    reach = {"domainMin": 0, "domainMax": int(longest * 3 / 2) + 1, "nice": False}
    amount = {"field": "数额", "type": "quantitative", "title": plan.unit, "scale": reach, "axis": {"tickCount": 4}}
    encoding: dict[str, Any] = {"y": category, "x": amount}
    if any("系列" in value for value in values):
        series = {"field": "系列", "type": "nominal", "sort": None, "title": None}
        encoding |= {"yOffset": {"field": "系列", "sort": None}, "color": series}
    tooltip = [{"field": key, "type": "nominal"} for key in values[0] if key != "数额"]
    return {
        "$schema": SCHEMA,
        "data": _data(values),
        "width": 320,
        "height": max(60, 34 * len(values)),
        "encoding": encoding | {"tooltip": tooltip},
        "layer": [
            {"mark": {"type": "bar", "height": {"band": 0.7}}},
            {
                "mark": {"type": "text", "dx": 5, "align": "left", "baseline": "middle"},
                "encoding": {"text": {"field": "标签"}, "color": {"value": "#333333"}},
            },
        ],
    }


def _bars(values: list[dict[str, str]], plan: ChartPlan, width: int) -> dict[str, Any]:
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
        "width": width,
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
        "data": _data([{**value, "序": str(place)} for place, value in enumerate(values)]),
        "transform": [
            {"joinaggregate": [total]},
            {"calculate": "format(datum['数额'] / datum['总额'], '.1%')", "as": "说明"},
        ],
        "width": 380,
        "height": 240,
        "encoding": {
            "theta": {"field": "数额", "type": "quantitative", "stack": True},
            "color": {"field": "类别", "type": "nominal", "sort": None, "title": None, "legend": {"columns": 3}},
            # Slices and labels in one order, or a label stands at another's slice.
            "order": {"field": "序", "type": "quantitative"},
            "tooltip": [{"field": "类别", "type": "nominal"}, {"field": "标签", "type": "nominal", "title": plan.unit}],
        },
        "layer": [
            {"mark": {"type": "arc", "outerRadius": 84}},
            {
                "mark": {"type": "text", "radius": 112},
                "encoding": {"text": {"field": "说明"}, "detail": {"field": "类别"}, "color": {"value": "#333333"}},
            },
        ],
    }
