"""The numbers of a document as CSV: what each is of, what it measures, how far it was understood."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING

from juesuan.account import MEASURES, CsvWriter, StatedFigure, printed
from juesuan.statute import Lexicon, load_lexicon

if TYPE_CHECKING:
    from juesuan.reader import Reading

_VALUE = re.compile(r"[≥≤＝=<>＞＜]?\s*(?P<value>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>[^\d\s]{0,4})")
"""A value of an indicator that is one number with its unit."""

HEADER = ("text", "subject", "measure", "value", "unit", "base", "period", "address", "status", "why", "place")


def write_claims(reading: Reading) -> None:
    """Write one line for every number of the prose, then one for every figure of a table, to the standard output."""
    writer = CsvWriter(sys.stdout)
    writer.line(list(HEADER))
    writer.lines(_lines(reading))
    writer.lines(_of_tables(reading))
    writer.lines(_of_evaluations(reading))


def _lines(reading: Reading) -> Iterator[tuple[str, ...]]:
    lexicon = load_lexicon()
    for stated in reading.account.stated:
        yield (
            stated.text, stated.subject, stated.called or stated.measure, _value(stated, lexicon),
            _unit(stated, lexicon), _base(stated),
            f"{stated.year}年" if stated.year else "", stated.address, stated.status, stated.why,
            str(stated.source or ""),
        )  # fmt: skip


def _of_tables(reading: Reading) -> Iterator[tuple[str, ...]]:
    """The figures that tables of the document print; what only its prose states stands among those of the prose."""
    account, statute = reading.account, reading.statute
    prose = {(stated.address, stated.source) for stated in account.stated}
    for table in account.tables:
        form = statute.forms[table.form]
        for fact in account.of_form(table.form):
            if fact.source is None or (str(fact.address), fact.source) in prose:
                continue
            column = form.columns[fact.address.column]
            named = [head.removesuffix("数") for head in column.heads if head.removesuffix("数") in MEASURES]
            unit = form.unit_of(fact.address.row)
            text = statute.amount_text(fact.figure.value, unit, table=True)
            rows = sum(len(block.rows) for block in form.blocks)
            name = column.label.removesuffix(f"{named[0]}数") if named else column.label
            subject = name if rows == 1 else statute.name_of(form, fact.address.row)
            yield (
                text, subject, named[0] if named else statute.profile.kind, text.replace(",", ""), unit, "",
                f"{account.year}年" if account.year else "", str(fact.address), "可核对", "", str(fact.source),
            )  # fmt: skip


def _of_evaluations(reading: Reading) -> Iterator[tuple[str, ...]]:
    """Money, rates and points of the self-evaluation forms (绩效自评表); amounts in 万元, rates in per cent."""
    period = f"{reading.account.year}年" if reading.account.year else ""
    for sheet in reading.account.sheets:
        named = {"年初预算": "initial", "全年预算": "budget", "决算": "outlay", "完成率": "stated_rate"}
        stated = [(sheet.title, measure, getattr(sheet, key), sheet.place(key)) for measure, key in named.items()]
        for fund in sheet.funds:
            money = {"年初预算": fund.initial, "全年预算": fund.budget, "决算": fund.outlay}
            stated += [(fund.label, measure, figure, fund.source) for measure, figure in money.items()]
        for subject, measure, figure, place in stated:
            if figure is None or not figure.resolution:
                continue
            unit, scale = ("%", Decimal("0.01")) if measure == "完成率" else ("万元", Decimal(10000))
            text = printed(figure.value / scale, max(0, -int((figure.resolution / scale).adjusted())))
            yield text, subject, measure, text, unit, "", period, "", "可核对", "", str(place or "")
        scores = [(sheet.title, sheet.score, sheet.place("score"))]
        scores.append(("预算执行", sheet.execution_score, sheet.place("execution")))
        scores += [(each.name, each.score, each.source) for each in sheet.indicators]
        for subject, score, place in scores:
            if score is not None:
                points, text = f"{subject}得分", str(score)
                yield text, points, "数量", text, "分", "", period, "", "可核对", "", str(place or "")
        for indicator in sheet.indicators:
            for subject, text in ((f"{indicator.name}（目标）", indicator.target), (indicator.name, indicator.actual)):
                match = _VALUE.fullmatch(text.strip())
                if match:
                    measure = "占比" if match["unit"] in ("%", "％") else "数量"
                    value, unit = match["value"].replace(",", ""), match["unit"].replace("％", "%")
                    where = str(indicator.source or "")
                    yield text, subject, measure, value, unit, "", period, "", "可核对", "", where


def _unit(stated: StatedFigure, lexicon: Lexicon) -> str:
    """The unit as it is usually written: 807.95万 is in 万元."""
    if stated.unit not in lexicon.money:
        return stated.unit
    return next(each for each, scale in lexicon.money.items() if scale == lexicon.scale(stated.unit))


def _value(stated: StatedFigure, lexicon: Lexicon) -> str:
    """The number in its printed unit and precision, a change with its sign."""
    if stated.figure is None or stated.status == "不是数据":
        return ""
    scale = lexicon.scale(stated.unit)
    step = stated.figure.resolution / scale
    decimals = max(0, -int(step.adjusted())) if step else 0
    text = printed(stated.figure.value / scale, decimals)
    return f"±{text.lstrip('-')}" if stated.unchosen else text


def _base(stated: StatedFigure) -> str:
    return f"{stated.base}（{stated.base_year}年）" if stated.base == "上年" and stated.base_year else stated.base
