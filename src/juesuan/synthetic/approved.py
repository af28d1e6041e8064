"""The budgets of synthetic units (合成数据): what the compiler makes the budget of a year of, and nothing else.

A unit's budget is what its final account says was approved: by item, with the basic expenditure laid out by economic
code as it was spent; its projects and their goals; 三公 as budgeted; the money of its own that it expected. So the two
documents agree in every figure that they share until something is planted in the account.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from juesuan.account import ZERO, Address, Fact, Figure, Period, total
from juesuan.compiler import Entry, Gathered, SheetText
from juesuan.statute import Statute
from juesuan.synthetic.unit import FISCAL, GENERAL, OTHER, SYNTHETIC, summed, texts, yuan

BASIC, PROJECT = "基本支出", "项目支出"
STAFF = ("301", "303")
"""Classes of economic codes that are for staff (人员经费); the others keep the unit running (公用经费)."""

PROFILES = {True: "budget", False: "budget-unit"}
"""The profile of a department's budget, and of a unit's."""

MORE = Decimal("1.25")
"""How much more is planned to be bought than comes to be bought."""
KEPT = {"预留中小": Decimal("0.4"), "预留小微": Decimal("0.24")}
"""The shares of it that are kept for small and middle-sized businesses (政府采购促进中小企业发展管理办法)."""
BOUGHT = ("货物", "工程", "服务")
OUTINGS = ("2", "4", "5", "6")
"""The columns of 三公 that are filled in, the same in 表9 and 预9."""

Amounts = dict[tuple[str, str], Decimal]
"""Yuan by item and nature."""


def budget_of(final: Gathered, statute: Statute, before: Gathered | None) -> Gathered:
    """What the budget of the year of a `final` account is compiled of, under the budget's `statute`; `before` is what
    last year's final account was compiled of, and gives last year's outcome and last year's budget.
    """
    entries = [*_general(final.entries), *_own(final.entries)]
    facts = [*_stated(final, entries)]
    if before is not None:
        last = [*_general(before.entries), *_own(before.entries)]
        entries += [
            Entry("支出", GENERAL, amount, nature, function, period="上年执行")
            for (function, nature), amount in _amounts(before.entries, "本年", (GENERAL,)).items()
        ]
        facts += _last_year(before, last)
    return Gathered(
        unit=final.unit,
        year=statute.year,
        entries=entries,
        facts=facts,
        texts={
            **texts(statute, entries),
            "说明": f"【{SYNTHETIC}：由 juesuan simulate 生成，不是任何真实单位的预算】",
        },
        dates={"published": f"{statute.year}-02-10"},
        projects=[
            msgspec.structs.replace(
                project, budget=project.initial or ZERO, outlay=ZERO, initial=None, results=(), outputs=()
            )
            for project in final.projects
        ],
        sheets=[SheetText(sheet.subject, goals=sheet.goals) for sheet in final.sheets],
        indicators=[
            (subject, msgspec.structs.replace(indicator, actual="", reason=""))
            for subject, indicator in final.indicators
        ],
    )


def _amounts(entries: Iterable[Entry], period: Period, sources: tuple[str, ...]) -> Amounts:
    found: Amounts = {}
    for entry in entries:
        if (entry.record, entry.period) == ("支出", period) and entry.source in sources:
            key = entry.function, entry.nature
            found[key] = found.get(key, ZERO) + entry.amount
    return found


def _general(entries: Iterable[Entry]) -> list[Entry]:
    """The approved general budget: what is received and what it is for; basic expenditure in the proportions by
    economic code in which it was spent.
    """
    entries = list(entries)
    spent: dict[str, dict[str, Decimal]] = {}
    for entry in entries:
        if (entry.period, entry.source, entry.record, entry.nature) == ("本年", GENERAL, "支出", BASIC):
            codes = spent.setdefault(entry.function, {})
            codes[entry.economy] = codes.get(entry.economy, ZERO) + entry.amount
    found: list[Entry] = []
    approved = _amounts(entries, "年初预算", (GENERAL,))
    for (function, nature), amount in approved.items():
        if nature != BASIC:
            found.append(Entry("支出", GENERAL, amount, nature, function))
            continue
        codes = spent[function]
        whole, left = total(codes.values()), amount
        for place, (economy, outlay) in enumerate(sorted(codes.items()), 1):
            part = left if place == len(codes) else yuan(amount * outlay / whole)
            left -= part
            found.append(Entry("支出", GENERAL, part, nature, function, economy))
    for function in dict.fromkeys(function for function, _ in approved):
        amount = total(amount for (item, _), amount in approved.items() if item == function)
        found.append(Entry("收入", GENERAL, amount, function=function))
    return found


def _own(entries: Iterable[Entry]) -> list[Entry]:
    """What a unit expected to receive and spend beside the budget's money: as much as it came to spend."""
    entries = list(entries)
    sources = {entry.source for entry in entries} - set(FISCAL)
    outlays = _amounts(entries, "本年", tuple(sorted(sources)))
    found = [Entry("支出", OTHER, amount, nature, function) for (function, nature), amount in outlays.items()]
    for function in dict.fromkeys(function for function, _ in outlays):
        left = total(amount for (item, _), amount in outlays.items() if item == function)
        of_item = [entry for entry in entries if entry.function == function]
        for source in ("上级补助收入", "事业收入"):
            part = min(left, summed(of_item, "收入", (source,)))
            left -= part
            found.append(Entry("收入", source, part, function=function))
        found.append(Entry("收入", "其他收入", left, function=function))
    return [entry for entry in found if entry.amount]


def _stated(final: Gathered, entries: Iterable[Entry]) -> Iterable[Fact]:
    """What no entry says: 三公, what keeps an office running, what is to be bought, what the unit owns."""
    bought: dict[str, Decimal] = {}
    for fact in final.facts:
        address = fact.address
        if address.period != "本年":
            continue
        if address.form == "表9" and address.column in OUTINGS:
            yield Fact(Address("预9", "金额", address.column), fact.figure)
        elif address.form == "采购" and address.row in BOUGHT:
            bought[address.row] = yuan(fact.figure.value * MORE)
            yield Fact(Address("采购预算", address.row, "数"), Figure(bought[address.row]))
        elif address.form == "资产":
            yield Fact(msgspec.structs.replace(address, form="占用资产"), fact.figure)
    for row, share in KEPT.items():
        if bought:
            yield Fact(Address("采购预算", row, "数"), Figure(yuan(total(bought.values()) * share)))
    running = _running(final, entries)
    if running:
        yield Fact(Address("预9", "金额", "机关"), Figure(running))


def _running(final: Gathered, entries: Iterable[Entry]) -> Decimal:
    """What keeps an office running (机关运行经费): the running costs of an administrative unit."""
    if final.unit is None or final.unit.nature != "行政单位":
        return ZERO
    return total(e.amount for e in entries if e.economy and e.economy[:3] not in STAFF and e.period == "本年")


def _last_year(before: Gathered, last: list[Entry]) -> Iterable[Fact]:
    """What a budget states of last year's: its totals, and 三公."""
    general = _amounts(last, "本年", (GENERAL,))
    fiscal = total(general.values())
    amounts = {
        ("预1", "收入总计", "1"): summed(last, "支出"),
        ("预4", "收入总计", "1"): fiscal,
        ("预5", "合计", "1"): fiscal,
        **{
            ("预5", "合计", column): total(amount for (_, nature), amount in general.items() if nature == kind)
            for column, kind in (("2", BASIC), ("3", PROJECT))
        },
        ("预6", "合计", "1"): ZERO,
        ("预7", "合计", "1"): ZERO,
    }
    running = _running(before, last)
    if running:
        amounts["预9", "金额", "机关"] = running
    outings = dict.fromkeys(OUTINGS, ZERO)
    for fact in before.facts:
        if (fact.address.form, fact.address.period) == ("表9", "本年") and fact.address.column in OUTINGS:
            outings[fact.address.column] = fact.figure.value
    amounts.update({("预9", "金额", column): amount for column, amount in outings.items()})
    return [Fact(Address(*place, "上年"), Figure(amount)) for place, amount in amounts.items()]
