"""Random pairs of accounts of one unit (合成数据), a year apart, and what is left when the first is rolled forward.

The second year is another one by chance: items and projects come and go, amounts vanish, double, stay or turn, budgets
fall away, a fund begins or ends. Used by the tests with a few pairs and by `make campaign-roll` with 500.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path
from random import Random

import msgspec

from juesuan.account import Account, Address, Fact, Figure
from juesuan.compiler import Entry, assemble
from juesuan.inspection import inspect
from juesuan.publisher import Chart, Document, Table, Text, lay_out
from juesuan.publisher.docx import write_docx
from juesuan.reader import read, read_raw_document
from juesuan.reader.raw import RawText
from juesuan.revision import Rolled, roll_docx
from juesuan.revision.numbers import numbers_in
from juesuan.statute import Statute, load_statute
from juesuan.statute.language import compact
from juesuan.synthetic.unit import FIELDS, UnitMaker, UnitPlan, gathered_of, prior_facts, unit_of

NOTHING = Decimal(0)
GENERAL = "一般公共预算"
FUND, FUND_ITEM = "政府性基金预算", "2296002"


_UNIT = re.compile(r"[^\d.]+$")
ORDINALS = 100
"""Smaller whole numbers without a unit are numbers of lists."""


class Year(msgspec.Struct):
    """What the second year is made of, to be changed."""

    entries: list[Entry]
    facts: list[Fact]
    projects: list[object]


def pair(seed: int) -> tuple[Account, Account]:
    """The account of a random unit's 2023 and that of its 2024."""
    random = Random(f"roll:{seed}")
    profile = random.choice(["national", "wuhan-2022", "shanghai-2024"])
    field = random.randrange(len(FIELDS))
    head, staff = random.random() < 0.3, random.choice([3, 8, 26, 61, 140])
    plan = UnitPlan("100001", "某市服务中心合成数据", field, staff, head, "某市某局合成数据", False)
    before, after = load_statute(profile, 2023), load_statute(profile, 2024)
    maker = UnitMaker(plan, seed)
    first = maker.year(before, None, NOTHING, NOTHING)
    second = maker.year(after, first, NOTHING, NOTHING).gathered
    last = first.gathered
    if random.random() < 0.3:
        last = _with_fund(last, unit_of(plan), random, before)
    same = random.random() < 0.1
    source = last if same else second
    year = Year(list(source.entries), list(source.facts), list(source.projects))
    year.facts = [f for f in year.facts if f.address.period != "上年"] + prior_facts(last)
    for change in CHANGES:
        if not same and random.random() < 0.25:
            change(year, random, plan)
    gathered = gathered_of(unit_of(plan), year.entries, year.facts, year.projects, after)
    return assemble(last, before).account, assemble(gathered, after).account


def _with_fund(gathered: object, unit: object, random: Random, statute: Statute) -> object:
    """The year with money of a fund."""
    year = Year(list(gathered.entries), list(gathered.facts), list(gathered.projects))
    _fund(year, random, None)
    return gathered_of(unit, year.entries, year.facts, year.projects, statute)


def _fund(year: Year, random: Random, plan: UnitPlan | None) -> None:
    amount = Decimal(random.randrange(100_000, 9_000_000)) / 10
    year.entries.append(Entry("收入", FUND, amount, function=FUND_ITEM))
    year.entries.append(Entry("支出", FUND, amount, "项目支出", FUND_ITEM))
    if random.random() < 0.7:
        year.entries.append(Entry("支出", FUND, amount, "项目支出", FUND_ITEM, period="年初预算"))


def _moved(year: Year, random: Random, plan: UnitPlan) -> None:
    """An item that is gone, its money under another."""
    gone = FIELDS[plan.field][1][1]
    come = f"{gone[:5]}99"
    year.entries = [msgspec.structs.replace(e, function=come) if e.function == gone else e for e in year.entries]
    year.projects = [
        msgspec.structs.replace(p, function=come) if p.function == gone else p for p in year.projects
    ]


def _no_receptions(year: Year, random: Random, plan: UnitPlan) -> None:
    year.facts = [
        f
        for f in year.facts
        if f.address.period != "本年" or (f.address.column not in ("6", "12") and "接待" not in f.address.row)
    ]


def _reception_over(year: Year, random: Random, plan: UnitPlan) -> None:
    """More spent than planned on receptions."""
    spent = next((f.figure.value for f in year.facts if f.address == Address("表9", "金额", "12")), NOTHING)
    year.facts = [
        Fact(f.address, Figure(spent / 2)) if f.address == Address("表9", "金额", "6") else f for f in year.facts
    ]


def _unplanned(year: Year, random: Random, plan: UnitPlan) -> None:
    """An item without an approved budget."""
    item = FIELDS[plan.field][1][1]
    year.entries = [e for e in year.entries if not (e.period == "年初预算" and e.function == item)]


def _no_procurement(year: Year, random: Random, plan: UnitPlan) -> None:
    year.facts = [f for f in year.facts if f.address.form != "采购"]


def _no_projects(year: Year, random: Random, plan: UnitPlan) -> None:
    """The year without projects, and the money for them."""
    gone = [e for e in year.entries if e.nature == "项目支出" and e.period == "本年" and e.source == GENERAL]
    kept = [e for e in year.entries if not (e.nature == "项目支出" and e.source == GENERAL)]
    for entry in gone:
        income = next((n for n, e in enumerate(kept) if _pays(e, entry)), None)
        if income is None:
            return
        kept[income] = msgspec.structs.replace(kept[income], amount=kept[income].amount - entry.amount)
    year.entries = [e for e in kept if e.amount]
    year.projects = []


def _pays(income: Entry, outlay: Entry) -> bool:
    """Whether income of an item covers an outlay of it."""
    same = (income.source, income.function) == (outlay.source, outlay.function)
    return income.record == "收入" and same and income.amount >= outlay.amount


CHANGES: tuple[Callable[[Year, Random, UnitPlan], None], ...] = (
    _fund, _moved, _no_receptions, _reception_over, _unplanned, _no_procurement, _no_projects,
)  # fmt: skip


class Outcome(msgspec.Struct):
    """What became of the numbers of a document, and what is wrong with it: each list must be empty."""

    renewed: int
    unchanged: int
    listed: int
    tables: list[str]
    """Figures of tables that are not this year's and not listed."""
    silent: list[str]
    """Numbers of last year's document that this year's has not, still there and not listed."""
    strange: list[str]
    """Numbers that neither document has."""
    errors: list[str]
    """What our check finds."""

    @property
    def sound(self) -> bool:
        return not (self.tables or self.silent or self.strange or self.errors)


def outcome(seed: int, folder: Path) -> Outcome:
    """Rolls the document of one pair."""
    last, this = pair(seed)
    laws = [load_statute(account.profile, account.year) for account in (last, this)]
    documents = [lay_out(account, law, draft=True) for account, law in zip((last, this), laws, strict=True)]
    old, new = (_numbers(_texts(document)) for document in documents)
    path, target = folder / f"{seed}-上年.docx", folder / f"{seed}-今年.docx"
    plain = tuple(block for block in documents[0].blocks if not isinstance(block, Chart))
    write_docx(msgspec.structs.replace(documents[0], blocks=plain), path)
    rolled = roll_docx(path, target, this, profile=last.profile)
    listed = {f"{abs(entry.number.value).normalize():f}" for entry in rolled.left}
    now = _numbers(
        text
        for block in read_raw_document(target).blocks
        for text in ([block.text] if isinstance(block, RawText) else [cell.text for cell in block.cells])
        if "\t" not in text
    )
    unlisted = [each for each in sorted(now - new) if _UNIT.sub("", each) not in listed]
    own = _errors_of(documents[1], folder / f"{seed}-公开.docx") if rolled.report.count("error") else set()
    return Outcome(
        rolled.renewed, rolled.unchanged, len(rolled.left),
        _stale(read(target), this, laws[1], rolled),
        [each for each in unlisted if each in old],
        [each for each in unlisted if each not in old],
        [
            f"{f.code} {f.message}"
            for f in rolled.report.findings
            if f.severity == "error" and f.code not in own and not _follows(f.message, rolled)
        ],
    )  # fmt: skip


def _errors_of(document: Document, path: Path) -> set[str]:
    """What our check finds in the document that is published of this year's figures: not the rolled one's doing."""
    plain = tuple(block for block in document.blocks if not isinstance(block, Chart))
    write_docx(msgspec.structs.replace(document, blocks=plain), path)
    report = inspect(path, document.profile).report
    return {finding.code for finding in report.findings if finding.severity == "error"}


def _follows(message: str, rolled: Rolled) -> bool:
    """Whether a finding is of a number that is listed as last year's."""
    if "自评表的执行数合计" in message:
        # This year's figures give no form of a project at all: last year's forms stay, every number of them listed.
        return any("今年的数里没有自评表" in entry.why for entry in rolled.left)
    listed = {entry.number.text + entry.number.unit for entry in rolled.left}
    return any(len(text) > len("0%") + 1 and text in message for text in listed)


def _texts(document: Document) -> Iterable[str]:
    for block in document.blocks:
        if isinstance(block, Table):
            yield from (cell.text for row in (*block.header, *block.body) for cell in row)
            yield from (*block.notes, block.title, block.number)
        else:
            yield block.text if isinstance(block, Text) else getattr(block, "text", "")
    yield from (*document.cover, document.date)


def _numbers(texts: Iterable[str]) -> set[str]:
    """The numbers of texts with their units, written in one way."""
    return {
        f"{abs(number.value).normalize():f}{number.unit}"
        for text in texts
        for number in numbers_in(compact(text))
        if number.unit or number.value % 1 or abs(number.value) >= ORDINALS
    }


def _stale(document: Account, this: Account, law: Statute, rolled: Rolled) -> list[str]:
    """The figures of published tables that are not this year's."""
    found = []
    listed = {entry.number.value for entry in rolled.left}
    for key, fact in document.facts.items():
        if fact.address.period != "本年" or not law.forms[fact.address.form].published:
            continue
        known = this.facts.get(key)
        wanted = known.figure.value if known else NOTHING
        if abs(fact.figure.value - wanted) > fact.figure.resolution and fact.figure.value not in listed:
            found.append(f"{key}：{fact.figure.value}，应为 {wanted}")
    return found
