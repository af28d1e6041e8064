"""What the public sees first of an account or a budget: numbers, each with a sentence and a small chart."""

from __future__ import annotations

import msgspec

from juesuan.account import Account
from juesuan.publisher.charts.specifications import figure
from juesuan.publisher.document import Chart
from juesuan.publisher.summary import chart_of_points
from juesuan.statute import ChartPlan, Measurer, Statute, Writer
from juesuan.statute.comparison import GlanceItem, load_glance
from juesuan.statute.language import Measured

MONEY, PERCENT = "万元", "%"


class Glance(msgspec.Struct, frozen=True):
    """A number as it is printed, its unit, the sentence that says what it is, and its chart where there is one."""

    key: str
    title: str
    number: str
    unit: str
    sentence: str
    chart: Chart | None


def glance(account: Account, statute: Statute) -> tuple[Glance, ...]:
    """The numbers declared for its kind that `account` has, in 万元 whatever the place prints."""
    style = msgspec.structs.replace(statute.profile.style, text_money=MONEY)
    law = msgspec.structs.replace(statute, profile=msgspec.structs.replace(statute.profile, style=style))
    items = load_glance(statute.profile.kind).items
    return tuple(made for item in items if (made := _made(item, account, law)) is not None)


def _made(item: GlanceItem, account: Account, statute: Statute) -> Glance | None:
    sentence = "".join(p.text for p in Writer(account, statute).section(item.section).paragraphs)
    if not sentence:
        return None
    number, unit = "", ""
    if item.number:
        measured = Measurer(account, statute).quantity(item.number, {})
        if measured.value is None:
            return None
        number, unit = _printed(item, measured, statute), measured.unit
    return Glance(item.key, item.title, number, unit, sentence, _chart(item, account, statute))


def _printed(item: GlanceItem, measured: Measured, statute: Statute) -> str:
    if measured.unit == PERCENT:
        return statute.percent_text(measured.amount)[0]
    number = statute.amount_text(measured.amount, measured.unit, table=False)
    return f"+{number}" if item.signed and measured.amount > 0 and number.strip("0.") else number


def _chart(item: GlanceItem, account: Account, statute: Statute) -> Chart | None:
    if item.scores:
        return chart_of_points(account, statute)
    plan = item.chart if isinstance(item.chart, ChartPlan) else statute.charts.get(item.chart)
    made = figure(plan, 0, account, statute, blank_as_nothing=False) if plan else None
    if made is None or plan is None:
        return None
    # It stands for itself, and is no numbered figure of the narrative.
    words = made.description.partition("。")[2]
    description = f"{plan.title}：{words}"
    return msgspec.structs.replace(made, key=f"一眼:{item.key}", caption=plan.title, description=description)
