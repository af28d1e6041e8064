"""This year's forms begun from last year's account (从上年决算开始): what carries over, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator

from juesuan.account import Account, Address, total
from juesuan.compiler.editor.content import FilingContent, Page, number_text
from juesuan.compiler.performance import WHOLE
from juesuan.compiler.workbook.plan import PlannedSheet, Slot, address_of, sheets
from juesuan.statute import TOTAL, OpeningPlan, Statute, level_of, lines

LAST = "上年"


def of_last_year(last: Account, statute: Statute) -> FilingContent:
    """The forms of the year of `statute` with what last year's account settles.

    That is the unit with its members and those texts that do not change from year to year, last year's figures beside
    this year's, the opening balances (上年年末即本年年初), and the indicators with their targets of the whole unit's
    self-evaluation, without actual values.
    Reasons and everything that happened this year stay blank. Amounts are yuan, as exact as `last` has them.
    """
    filled = FilingContent()
    for sheet in sheets(statute):
        page = filled.page(sheet.key)
        for slot in sheet.inputs if sheet.plan.layout == "fields" else ():
            text = _cell(last, slot, statute)
            if text:
                page.cells[slot.plan.key] = text
        for plan in sheet.plan.opening:
            _open(last, plan, sheet, page, statute)
        if sheet.plan.makes == "member":
            for name, note in last.unit.members:
                page.add(_taken({"name": name, "note": note}))
        if sheet.plan.makes == "indicator":
            _indicators(last, sheet, page)
    return filled


def _cell(last: Account, slot: Slot, statute: Statute) -> str:
    plan = slot.plan
    if plan.address:
        address = address_of(plan.address)
        if address.period != LAST:
            return ""
        fact = last.get(Address(address.form, address.row, address.column))
        return number_text(fact.figure.value) if fact else ""
    kind, _, key = plan.target.partition(".")
    if kind == "year":
        return str(statute.year)
    if kind == "unit":
        value = getattr(last.unit, key, "")
        return "\n".join(value) if isinstance(value, tuple) else str(value)
    overview = {field.key for field in statute.profile.overview if field.lasting}
    return last.texts.get(key, "") if kind == "texts" and key in overview else ""


def _open(last: Account, plan: OpeningPlan, sheet: PlannedSheet, page: Page, statute: Statute) -> None:
    amount = next(slot.plan.key for slot in sheet.inputs if slot.money)
    for row, place in _places(last, plan, statute):
        value = total(last.amount(address) for address in place[:1]) - total(last.amount(a) for a in place[1:])
        if value:
            page.add(_taken({"source": plan.source, "function": row, amount: number_text(value)}))


def _places(last: Account, plan: OpeningPlan, statute: Statute) -> Iterator[tuple[str, list[Address]]]:
    first = address_of(plan.place)
    if not plan.each:
        yield "", [first, *([address_of(plan.less)] if plan.less else [])]
        return
    for row in lines(last, statute, first.form):
        if row != TOTAL and level_of(row) == "项":
            yield row, [Address(first.form, row, first.column)]


def _indicators(last: Account, sheet: PlannedSheet, page: Page) -> None:
    taken = [slot for slot in sheet.inputs if slot.plan.key in ("level1", "level2", "name", "weight", "target")]
    for form in last.sheets:
        for indicator in form.indicators if form.kind == "整体" else ():
            values = {slot.plan.key: str(getattr(indicator, slot.plan.key)) for slot in taken}
            page.add(_taken({"subject": WHOLE, **values}))


def _taken(values: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in values.items() if value}
