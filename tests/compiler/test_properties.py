"""The laws that every generated unit must obey: relations over printed figures, one figure one text, round trips."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import cache
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from compiler.evaluate import Unknown, amount, half_up, quantity
from generate import GENERAL, Options, options, unit
from juesuan.account import Account, Address, Claim, Figure, from_json, to_json
from juesuan.compiler.assembly import Compilation, assemble
from juesuan.compiler.entries import Entry, Gathered
from juesuan.publisher import lay_out
from juesuan.publisher.document import Document, Table
from juesuan.statute import Expander, Statute, judge, lines, load_statute

PROFILES = ("national", "wuhan-2022", "shanghai-2024")
WAN = Decimal(10000)
STEP = Decimal(100)
"""The resolution of a printed figure: 0.01 万元 in yuan."""

seeds = st.integers(0, 2**32 - 1)
profile = pytest.mark.parametrize("key", PROFILES)


def made(shape: Options, seed: int, key: str) -> tuple[Gathered, Statute, Compilation]:
    statute = load_statute(key)
    gathered = unit(shape, seed, statute)
    return gathered, statute, assemble(gathered, statute)


def printed_cells(document: Document, statute: Statute) -> dict[Address, list[str]]:
    """What the published tables print at each address."""
    found: dict[Address, list[str]] = {}
    for block in document.blocks:
        if isinstance(block, Table) and block.key in statute.forms:
            for row in block.body:
                for cell in row:
                    if cell.address:
                        found.setdefault(cell.address, []).append(cell.text)
    return found


def broken_in_print(account: Account, statute: Statute, cells: dict[Address, list[str]]) -> set[str]:
    """The relations that do not hold over the printed figures; a figure of no published table counts as it is."""
    published = set(statute.profile.order)

    def figure(address: Address) -> Figure | None:
        if address.period == "本年" and address.form in published:
            texts = cells.get(address, [""])
            return Figure(amount(texts[0]) * WAN, STEP) if texts[0] else None
        fact = account.get(address)
        return fact.figure if fact else None

    expander = Expander(statute.forms, cache(lambda form: lines(account, statute, form)))
    broken = set()
    for relation in statute.relations.values():
        for instance in expander.instances(relation):
            supplement = [a for a in instance.addresses() if a.form not in published]
            if any(account.get(address) is None for address in supplement):
                continue
            verdict = judge(instance, figure)
            if verdict and verdict.status == "不成立":
                broken.add(relation.code)
    return broken


def check_relations(statute: Statute, compilation: Compilation, cells: dict[Address, list[str]]) -> None:
    assert [fault.message for fault in compilation.faults if fault.severity == "error"] == []
    assert compilation.missing == () and compilation.final
    # What compile itself lets pass with an explanation (W, B) need not hold in print either.
    assert broken_in_print(compilation.account, statute, cells) <= {fault.code for fault in compilation.faults}


def check_cells(statute: Statute, account: Account, cells: dict[Address, list[str]]) -> None:
    """Every figure is printed once, as it is, and no other."""
    left = dict(cells)
    for form in statute.published:
        for fact in account.of_form(form.key):
            [text] = left.pop(fact.address)
            assert amount(text) == half_up(fact.figure.value / WAN, 2)
            assert not re.search(r"-0(\.0*)?$", text)
    assert {text for texts in left.values() for text in texts} <= {""}


def claims(account: Account) -> Iterator[tuple[str, Claim]]:
    for section in account.narrative:
        for paragraph in section.paragraphs:
            for claim in paragraph.claims:
                yield paragraph.text, claim


def check_claims(statute: Statute, account: Account) -> None:
    """Every claim prints its quantity, rounded half up once; the same quantity is the same text wherever it stands."""
    style = statute.profile.style
    texts: dict[tuple[Decimal, str], str] = {}
    for paragraph, claim in claims(account):
        text = paragraph[claim.start : claim.end]
        try:
            value, unit_ = quantity(claim, statute, account)
        except Unknown:
            continue
        assert texts.setdefault((abs(value), unit_), text) == text
        if unit_ == "%":
            decimals = max(style.percent_decimals, len(text.partition(".")[2]))
            assert amount(text) == half_up(abs(value) * 100, decimals), (paragraph, claim)
        elif unit_ == "万元":
            assert amount(text) == half_up(abs(value) / WAN, 2), (paragraph, claim)
            assert claim.figure == Figure(amount(text) * WAN, STEP)
            assert ("," in text) == (style.text_grouping and amount(text) >= 1000)
            assert style.text_trim or re.search(r"\.\d\d$", text)
        else:
            assert amount(text) == value, (paragraph, claim)


NEVER = re.compile(
    r"增加[(（]减少|[{}]|None|nan|NaN|万元万元|元元|%%|[-－−]\s*\d|，，|。。|；。|：。|，。|【"
    r"|(增加|减少|增长|下降)0(\.0+)?(万元|%)"
)  # fmt: skip
COMPARED_IN_PROSE = re.compile(
    r"预算为([\d,.]+)万元，支出决算为([\d,.]+)万元[^。]*?[，。](?:支出)?决算数(小于|大于|与)"
)


def check_prose(account: Account) -> None:
    """Nothing is said that must not be, and the words of direction agree with the figures beside them."""
    for section in account.narrative:
        assert section.paragraphs
        for paragraph in section.paragraphs:
            assert not NEVER.search(paragraph.text), paragraph.text
            for budget, actual, word in COMPARED_IN_PROSE.findall(paragraph.text):
                difference = amount(actual) - amount(budget)
                sign = "小于" if difference < 0 else "大于" if difference > 0 else "与"
                assert word == sign, paragraph.text


@profile
@settings(max_examples=25)
@given(shape=options(max_items=10), seed=seeds)
def test_what_is_published_holds_together(key: str, shape: Options, seed: int) -> None:
    _, statute, compilation = made(shape, seed, key)
    account = compilation.account
    cells = printed_cells(lay_out(account, statute), statute)
    check_relations(statute, compilation, cells)
    check_cells(statute, account, cells)
    check_claims(statute, account)
    check_prose(account)
    data = to_json(account)
    assert from_json(data) == account
    assert to_json(from_json(data)) == data


@profile
@settings(max_examples=8)
@given(shape=options(max_items=5), seed=seeds)
def test_the_order_of_entries_changes_nothing(key: str, shape: Options, seed: int) -> None:
    gathered, statute, made_of = made(shape, seed, key)
    shuffled = list(gathered.entries)
    Random(seed).shuffle(shuffled)
    facts = list(gathered.facts)
    Random(seed).shuffle(facts)
    other = assemble(msgspec.structs.replace(gathered, entries=shuffled, facts=facts), statute)
    assert to_json(other.account) == to_json(made_of.account) == to_json(assemble(gathered, statute).account)
    assert other.faults == made_of.faults


def this_year(compilation: Compilation, address: str) -> Decimal:
    fact = compilation.account.facts.get(address)
    return fact.figure.value if fact else Decimal(0)


@profile
@settings(max_examples=20)
@given(shape=options(max_items=4), seed=seeds, delta=st.integers(1, 10**6), which=st.integers(0, 10**6))
def test_a_changed_amount_is_caught_or_carried_everywhere(
    key: str, shape: Options, seed: int, delta: int, which: int
) -> None:
    gathered, statute, before = made(shape, seed, key)
    changeable = [entry for entry in gathered.entries if entry.period == "本年"]
    if not changeable:
        return
    entry = changeable[which % len(changeable)]
    index = next(n for n, other in enumerate(gathered.entries) if other is entry)
    changed = msgspec.structs.replace(entry, amount=entry.amount + delta)
    entries = [*gathered.entries[:index], changed, *gathered.entries[index + 1 :]]
    after = assemble(msgspec.structs.replace(gathered, entries=entries), statute)
    codes = {fault.code for fault in after.faults if fault.severity == "error"}
    # What the fund no longer covers is overspent, and said to be.
    overspent = any(this_year(after, f"表4!60行{column}栏") < 0 for column in "2345")
    assert ("T415" in codes) == overspent
    codes -= {"T415"}
    basic = entry.source == GENERAL and entry.nature == "基本支出"
    if basic and bool(entry.function) != bool(entry.economy):
        assert codes == {"X36"}
        return
    assert codes == set()
    moved = {
        place: this_year(after, place) - this_year(before, place)
        for place in ("表1!27行1栏", "表1!29行1栏", "表1!31行1栏", "表1!58行2栏", "表1!60行2栏", "表1!62行2栏")
    }
    received = delta if entry.record == "收入" else 0
    opened = delta if entry.record == "年初结转" else 0
    spent = delta if entry.record == "支出" else 0
    assert moved == {
        "表1!27行1栏": received,
        "表1!29行1栏": opened,
        "表1!31行1栏": received + opened,
        "表1!58行2栏": spent,
        "表1!60行2栏": received + opened - spent,
        "表1!62行2栏": received + opened,
    }


@profile
def test_a_large_unit(key: str) -> None:
    shape = Options(items=60, magnitude=9)
    _, statute, made_of = made(shape, 60, key)
    assert made_of.final
    cells = printed_cells(lay_out(made_of.account, statute), statute)
    assert broken_in_print(made_of.account, statute, cells) <= {fault.code for fault in made_of.faults}


@profile
def test_a_unit_with_nothing_at_all(key: str) -> None:
    statute = load_statute(key)
    shape = Options(funds=(), own=False, items=0, prior="absent", outings="none", running=False)
    made_of = assemble(unit(shape, 1, statute), statute)
    assert made_of.final
    assert made_of.account.facts == {}
    assert broken_in_print(made_of.account, statute, {}) == set()


def test_an_entry_that_no_table_shows_is_never_lost_silently() -> None:
    """Shanghai's table 1 has no line for 债务付息支出 (232): the total of table 3 then stands alone."""
    statute = load_statute("shanghai-2024")
    gathered = unit(Options(items=2), 7, statute)
    gathered.entries.append(Entry("支出", "其他资金", Decimal(500), "项目支出", "2320301"))
    gathered.entries.append(Entry("收入", "其他收入", Decimal(500), function="2320301"))
    compilation = assemble(gathered, statute)
    assert any(fault.severity == "error" and "相差 500.00" in fault.message for fault in compilation.faults)
    assert not compilation.final
