"""The budgets of synthetic units (合成数据): the nine tables that a unit publishes at the beginning of the year.

The budget is made from what the final account is compiled of: its approved budgets by item, with the basic expenditure
laid out by economic code as it was spent, and the money of its own that it expected. So the final account's year-start
budget is the published one, in total and by item, until something is planted in the published one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from random import Random

from juesuan.account import ZERO, Account, Address, Fact, Figure, total
from juesuan.compiler import Entry, Gathered
from juesuan.publisher import Block, Document, Heading, Text, table
from juesuan.statute import TOTAL, Statute
from juesuan.synthetic.faults import Planted
from juesuan.synthetic.unit import FISCAL, GENERAL, SYNTHETIC, yuan

BASIC, PROJECT, DOWN = "基本支出", "项目支出", "对附属单位补助支出"
STAFF = ("301", "303")
"""Classes of economic codes that are for staff (人员经费); the others keep the unit running (公用经费)."""

WHOLE, ITEM = "年初预算", "年初预算分项"
"""Kinds of contradictions: the published budget is another in total, or only in its items."""

Approved = dict[tuple[str, str], Decimal]
"""The approved general budget in yuan by item and nature."""


def approved_of(gathered: Gathered) -> Approved:
    """The general budget that was approved for a unit."""
    found: Approved = {}
    for entry in gathered.entries:
        if entry.period == "年初预算" and entry.source == GENERAL and entry.record == "支出":
            key = entry.function, entry.nature
            found[key] = found.get(key, ZERO) + entry.amount
    return found


def plant_in_budget(approved: Approved, kind: str, random: Random) -> tuple[Approved, Planted | None]:
    """The approved budget as it is published where `kind` is planted in it, and what was planted."""
    projects = sorted(key for key in approved if key[1] == PROJECT)
    if kind not in (WHOLE, ITEM) or not projects:
        return approved, None
    changed = dict(approved)
    function = random.choice(projects)[0]
    place = f"预5!{function}行3栏"
    before = approved[function, PROJECT]
    moved = yuan(random.randint(30_000, 900_000))
    if kind == WHOLE:
        changed[function, PROJECT] = before + moved
    else:
        # From one item to another: the total stays.
        moved = min(moved, yuan(before / 2))
        others = sorted({item for item, _ in approved if item != function and len(item) == len(function)})
        other = random.choice(others)
        changed[function, PROJECT] = before - moved
        changed[other, PROJECT] = changed.get((other, PROJECT), ZERO) + moved
    return changed, Planted(kind, place, str(before), str(changed[function, PROJECT]))


class _Maker:
    def __init__(self, account: Account) -> None:
        self.budget = account
        self._sums: dict[Address, Decimal] = {}

    def add(self, form: str, row: str, column: str, amount: Decimal) -> None:
        """Adds to a cell."""
        address = Address(form, row, column)
        self._sums[address] = self._sums.get(address, ZERO) + amount

    def tree(self, form: str, code: str, column: str, amount: Decimal, levels: tuple[int, ...] = (3, 5, 7)) -> None:
        """Adds to a code, to those above it, and to the total."""
        for row in (TOTAL, *(code[:level] for level in levels if len(code) >= level)):
            self.add(form, row, column, amount)

    def done(self) -> Account:
        """The account with every cell that is not nothing."""
        for address, amount in self._sums.items():
            if amount:
                self.budget.put(Fact(address, Figure(amount)))
        return self.budget


def budget_account(account: Account, gathered: Gathered, approved: Mapping[tuple[str, str], Decimal]) -> Account:
    """The published budget of the unit of a final `account` (yuan, exact)."""
    maker = _Maker(
        Account(
            "budget", account.year, account.unit, dates={"published": f"{account.year}-02-10"},
            texts={"说明": f"【{SYNTHETIC}：由 juesuan simulate 生成，不是任何真实单位的预算】"},
        )
    )  # fmt: skip
    general = total(approved.values())
    maker.add("预1", "1", "1", general)
    maker.add("预4", "1", "1", general)
    maker.add("预4", "本年收入", "1", general)
    for (function, nature), amount in approved.items():
        column = "2" if nature == BASIC else "3"
        for form in ("预3", "预5"):
            maker.tree(form, function, column, amount)
            maker.tree(form, function, "1", amount)
        maker.tree("预2", function, "一般", amount)
        maker.tree("预2", function, "1", amount)
        for column in ("2", "3"):
            for row in (function[:3], "本年支出", "支出总计"):
                maker.add("预4", row, column, amount)
    own = _own(maker, gathered.entries)
    for (function, _), amount in [*approved.items(), *own]:
        maker.add("预1", function[:3], "2", amount)
    whole = general + total(amount for _, amount in own)
    for row, column in (("本年收入合计", "1"), ("收入总计", "1"), ("本年支出合计", "2"), ("支出总计", "2")):
        maker.add("预1", row, column, whole)
    maker.add("预4", "收入总计", "1", general)
    _economic(maker, gathered.entries, approved)
    for fact in account.of_form("表9"):
        if fact.address.period == "本年" and fact.address.column in ("1", "2", "3", "4", "5", "6"):
            maker.add("预9", "金额", fact.address.column, fact.figure.value)
    return maker.done()


def _own(maker: _Maker, entries: Iterable[Entry]) -> list[tuple[tuple[str, str], Decimal]]:
    """What a unit expected to receive and spend beside the budget's money: as much as it came to."""
    outlays: dict[tuple[str, str], Decimal] = {}
    incomes: dict[tuple[str, str], Decimal] = {}
    for entry in entries:
        if entry.period != "本年" or entry.source in FISCAL:
            continue
        if entry.record == "支出":
            key = entry.function, entry.nature
            outlays[key] = outlays.get(key, ZERO) + entry.amount
        elif entry.record == "收入":
            key = entry.function, entry.source
            incomes[key] = incomes.get(key, ZERO) + entry.amount
    for (function, nature), amount in outlays.items():
        for column in ("1", {BASIC: "2", PROJECT: "3", DOWN: "6"}[nature]):
            maker.tree("预3", function, column, amount)
    for function in dict.fromkeys(function for function, _ in outlays):
        left = total(amount for (item, _), amount in outlays.items() if item == function)
        for source, column, row in (("上级补助收入", "上级", "6"), ("事业收入", "事业", "5")):
            part = min(left, incomes.get((function, source), ZERO))
            left -= part
            _received(maker, function, column, row, part)
        _received(maker, function, "其他", "9", left)
    return list(outlays.items())


def _received(maker: _Maker, function: str, column: str, row: str, amount: Decimal) -> None:
    maker.tree("预2", function, column, amount)
    maker.tree("预2", function, "1", amount)
    maker.add("预1", row, "1", amount)


def _economic(maker: _Maker, entries: Iterable[Entry], approved: Mapping[tuple[str, str], Decimal]) -> None:
    """Basic expenditure by economic code, in the proportions in which it was spent."""
    spent: dict[str, dict[str, Decimal]] = {}
    for entry in entries:
        if entry.period == "本年" and entry.source == GENERAL and entry.nature == BASIC:
            codes = spent.setdefault(entry.function, {})
            codes[entry.economy] = codes.get(entry.economy, ZERO) + entry.amount
    for (function, nature), amount in approved.items():
        if nature != BASIC:
            continue
        codes = spent[function]
        whole, left = total(codes.values()), amount
        for place, (economy, outlay) in enumerate(sorted(codes.items()), 1):
            part = left if place == len(codes) else yuan(amount * outlay / whole)
            left -= part
            for column in ("1", "2" if economy[:3] in STAFF else "3"):
                maker.tree("预8", economy, column, part, (3, 5))


def budget_document(budget: Account, statute: Statute) -> Document:
    """The budget laid out: cover, what the unit is, the nine tables, a word on them."""
    name = budget.unit.name
    title = f"{name}{budget.year}年部门预算"
    blocks: list[Block] = [
        Heading(1, "第一部分　部门概况", "部分1"),
        Text(f"本单位为{SYNTHETIC}，由程序生成，不是任何真实单位。"),
        Heading(1, "第二部分　部门预算表", "部分2"),
        *(table(budget, statute, form) for form in statute.published),
        Heading(1, "第三部分　部门预算情况说明", "部分3"),
        Text("由程序生成的合成文字。"),
    ]
    return Document(
        title, (title, SYNTHETIC), f"{budget.year}年2月10日", f"{budget.year}年度部门预算公开（{SYNTHETIC}）", name,
        budget.year, tuple(blocks), timestamp=budget.dates["published"],
    )  # fmt: skip
