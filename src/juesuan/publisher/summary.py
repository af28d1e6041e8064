"""The performance summary (绩效摘要): the self-evaluations of one account on one page, with charts."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import msgspec

from juesuan.account import Account, Address, Indicator, PerformanceSheet, plain, printed, total
from juesuan.publisher.charts.drawing import PALETTE
from juesuan.publisher.charts.specifications import SCHEMA
from juesuan.publisher.document import Block, Cell, Chart, Document, Table, Text
from juesuan.publisher.evaluation import points
from juesuan.scoring import execution_rate, grade_of
from juesuan.statute import Statute
from juesuan.statute.comparison import load_key_figures

EXECUTION = "预算执行"
LINES = 6
"""How many lines of text the tables of the page have room for; what the scores leave goes to indicators that lost most.
"""
NAME_LINE, LOST_LINE = 13, 22
"""How many signs a line of the first column of both tables holds."""

FORMS_SHOWN = 3
"""How many forms the page has room for: that of the whole unit, and those of the projects with most money."""


def summary(account: Account, statute: Statute) -> Document:
    """The page of `account`. Raises ValueError where it has no self-evaluation forms."""
    if not account.sheets:
        raise ValueError("没有绩效自评表，不能生成绩效摘要")
    title = f"{account.unit.name}{account.year}年度绩效自评摘要"
    shown = _shown(account)
    blocks: list[Block] = [Text(_words(account, len(shown))), _scores(shown, statute)]
    room = LINES - sum(_lines(_name(sheet), NAME_LINE) for sheet in shown)
    if lost := _lost(account, room):
        blocks.append(lost)
    blocks += [_groups(shown, statute), _amounts(account, shown)]
    return Document(
        title=title,
        cover=(account.unit.name, f"{account.year}年度绩效自评摘要"),
        date="",
        subject=f"{account.year}年度绩效自评摘要",
        author=account.unit.name,
        year=account.year,
        blocks=tuple(blocks),
        timestamp=account.dates.get("published", ""),
        brief=True,
    )


def _shown(account: Account) -> list[PerformanceSheet]:
    """The forms that are shown, in their order: the whole unit's, then projects by their budget."""
    ranked = sorted(account.sheets, key=lambda sheet: (sheet.kind == "项目", -sheet.budget.value))[:FORMS_SHOWN]
    return [sheet for sheet in account.sheets if sheet in ranked]


def _name(sheet: PerformanceSheet) -> str:
    return sheet.title if sheet.kind == "项目" else "整体支出"


def _words(account: Account, shown: int) -> str:
    indicators = [indicator for sheet in account.sheets for indicator in sheet.indicators]
    proved = sum(1 for indicator in indicators if indicator.proof is not None)
    count = len(account.sheets) - sum(1 for sheet in account.sheets if sheet.kind == "整体")
    full = sum(1 for i in indicators if i.score is not None and i.score == i.weight)
    text = f"{account.year}年度自评整体支出和{count}个项目，共{len(indicators)}个指标，其中{full}个得满分"
    text += f"，{proved}个的实际完成值有业务数据佐证。" if proved else "。"
    left = len(account.sheets) - shown
    return f"{text}以下为预算数较大的{shown}张自评表，其余{left}张从略。" if left else text


def _scores(sheets: list[PerformanceSheet], statute: Statute) -> Table:
    heads = ("自评表", "全年预算数（万元）", "全年执行数（万元）", "执行率", "得分", "等级")
    body = []
    for sheet in sheets:
        scheme = statute.schemes[sheet.scheme]
        body.append((
            Cell(_name(sheet)),
            *(Cell(statute.amount_text(figure.value, "万元", table=True), "right")
              for figure in (sheet.budget, sheet.outlay)),
            Cell(_percent(execution_rate(sheet)), "right"),
            Cell(points(sheet.score, scheme.decimals), "right"),
            Cell(grade_of(sheet.score, scheme) if sheet.score is not None else "", "center"),
        ))
    header = (tuple(Cell(head, "center", header=True) for head in heads),)
    return Table("摘要得分", "", (30, 18, 18, 12, 12, 8), header, tuple(body), bare=True)


def _percent(rate: Fraction | None) -> str:
    return "" if rate is None else printed(Decimal(rate.numerator * 100) / Decimal(rate.denominator), 2) + "%"


def _shares(sheet: PerformanceSheet, statute: Statute) -> list[tuple[str, Decimal, Decimal]]:
    """Points earned and to be earned, by execution and level-1 indicator."""
    scheme = statute.schemes[sheet.scheme]
    found = [(EXECUTION, sheet.execution_score or Decimal(0), sheet.execution_points or scheme.execution.points)]
    for name in dict.fromkeys(indicator.level1 for indicator in sheet.indicators):
        group = [indicator for indicator in sheet.indicators if indicator.level1 == name]
        earned = total(i.score for i in group if i.score is not None)
        found.append((name, earned, total(i.weight for i in group)))
    return found


def _groups(sheets: list[PerformanceSheet], statute: Statute) -> Chart:
    values = [
        {"自评表": _name(sheet), "指标": name, "得分率": plain(_share(earned, weight)),
         "标签": f"{plain(earned)}/{plain(weight)}"}
        for sheet in sheets
        for name, earned, weight in _shares(sheet, statute)
    ]
    words = "；".join(f"{value['自评表']}{value['指标']}{value['标签']}" for value in values)
    caption = "图1：各类指标得分率（%，条上为得分/分值）"
    return Chart("摘要指标", caption, _bars(values), f"{caption}。{words}。")


def chart_of_points(account: Account, statute: Statute) -> Chart | None:
    """The chart of the points by kind of indicator, for itself; None where there are no self-evaluation forms."""
    if not account.sheets:
        return None
    made = _groups(_shown(account), statute)
    title = "各类指标得分率（%）"
    return msgspec.structs.replace(made, caption=title, description=f"{title}：{made.description.partition('。')[2]}")


def _share(earned: Decimal, weight: Decimal) -> Decimal:
    return (100 * earned / weight).quantize(Decimal("0.01")) if weight else Decimal(0)


def _bars(values: list[dict[str, str]]) -> dict[str, Any]:
    axis = {"field": "得分率", "type": "quantitative", "title": None, "scale": {"domain": [0, 118]},
            "axis": {"values": [0, 50, 100]}}
    kinds = {"field": "指标", "type": "nominal", "sort": None, "title": None}
    return {
        "$schema": SCHEMA,
        "data": {"values": values, "format": {"parse": {"得分率": "number"}}},
        "height": {"step": 10},
        "width": 330,
        "encoding": {
            "y": {"field": "自评表", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 170}},
            "yOffset": {"field": "指标", "sort": None},
            "x": axis,
        },
        "layer": [
            {"mark": {"type": "bar"}, "encoding": {"color": {**kinds, "scale": {"range": list(PALETTE[:6])}}}},
            {"mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 9},
             "encoding": {"text": {"field": "标签"}}},
        ],
    }


def _amounts(account: Account, sheets: list[PerformanceSheet]) -> Chart:
    """Execution rates, and beside them this year and last year where last year's figures are given."""
    rates = [{"项": _name(sheet), "值": _percent(execution_rate(sheet)).rstrip("%") or "0"} for sheet in sheets]
    years = _years(account)
    parts = [_plain_bars(rates, "执行率（%）", 150)]
    caption = "图2：预算执行率"
    words = "；".join(f"{rate['项']}{rate['值']}%" for rate in rates)
    if years:
        caption += "和收支的上年、本年比较"
        words += "；" + "；".join(f"{year['项']}{year['年']}{year['值']}万元" for year in years)
        parts.append(_year_bars(years))
    return Chart("摘要金额", caption, {"$schema": SCHEMA, "hconcat": parts}, f"{caption}。{words}。")


def _years(account: Account) -> list[dict[str, str]]:
    found = []
    for figure in load_key_figures().summary:
        name, address = figure.name, figure.address
        before = account.get(Address(address.form, address.row, address.column, "上年"))
        now = account.get(address)
        if before is None or now is None:
            continue
        for year, fact in ((f"{account.year - 1}年", before), (f"{account.year}年", now)):
            amount = (fact.figure.value / 10000).quantize(Decimal("0.01"))
            found.append({"项": name, "年": year, "值": plain(amount)})
    return found


def _plain_bars(values: list[dict[str, str]], title: str, width: int) -> dict[str, Any]:
    category = {"field": "项", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 160}}
    return {
        "title": {"text": title, "anchor": "start", "fontSize": 12},
        "data": {"values": values, "format": {"parse": {"值": "number"}}},
        "width": width,
        "height": {"step": 22},
        "encoding": {
            "y": category,
            "x": {"field": "值", "type": "quantitative", "title": None, "scale": {"domain": [0, 125]},
                  "axis": {"values": [0, 50, 100]}},
        },
        "layer": [
            {"mark": {"type": "bar"}},
            {"mark": {"type": "text", "align": "left", "dx": 4, "fontSize": 11},
             "encoding": {"text": {"field": "值", "format": ".2f"}}},
        ],
    }


def _year_bars(values: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "title": {"text": "上年和本年（万元）", "anchor": "start", "fontSize": 12},
        "data": {"values": values, "format": {"parse": {"值": "number"}}},
        "width": 170,
        "height": {"step": 11},
        "encoding": {
            "y": {"field": "项", "type": "nominal", "sort": None, "title": None, "axis": {"labelLimit": 130}},
            "yOffset": {"field": "年", "sort": None},
            "x": {"field": "值", "type": "quantitative", "title": None, "axis": {"tickCount": 3}},
        },
        "layer": [
            {"mark": {"type": "bar"},
             "encoding": {"color": {"field": "年", "type": "nominal", "sort": None, "title": None,
                                    "scale": {"range": [PALETTE[2], PALETTE[0]]}}}},
            {"mark": {"type": "text", "align": "left", "dx": 3, "fontSize": 9},
             "encoding": {"text": {"field": "值", "format": ",.2f"}}},
        ],
    }


def _lines(text: str, signs: int) -> int:
    return -(-len(text) // signs)


def _lost(account: Account, room: int) -> Table | None:
    """The indicators that lost most points, as many as fit into `room` lines."""
    lines: list[tuple[Decimal, str, str, str, str]] = []
    for sheet in account.sheets:
        for indicator in sheet.indicators:
            if indicator.score is not None and indicator.score < indicator.weight:
                lines.append(_missed(sheet, indicator))
    lines.sort(key=lambda line: (-line[0], line[1], line[2]))
    fitting = 0
    for line in lines:
        room -= _lines(f"{line[1]}：{line[2]}", LOST_LINE)
        if room < 0:
            break
        fitting += 1
    if not fitting:
        return None
    heads = ("失分的指标", "目标值", "实际完成值", "失分")
    body = tuple(
        (Cell(f"{form}：{name}"), Cell(target, "center"), Cell(actual, "center"), Cell(points(lost), "right"))
        for lost, form, name, target, actual in lines[:fitting]
    )
    header = (tuple(Cell(head, "center", header=True) for head in heads),)
    return Table("摘要失分", "", (46, 18, 18, 10), header, body, bare=True)


def _missed(sheet: PerformanceSheet, indicator: Indicator) -> tuple[Decimal, str, str, str, str]:
    lost = indicator.weight - (indicator.score or Decimal(0))
    return lost, _name(sheet), indicator.name, indicator.target, indicator.actual
