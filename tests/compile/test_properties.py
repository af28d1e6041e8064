"""The laws that every generated unit must obey: relations over printed figures, one figure one text, exact round trips."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from random import Random

import msgspec
import pytest
from compile.evaluate import Unknown, amount, half_up, quantity
from generate import COMPARED, GENERAL, Options, options, unit
from hypothesis import given, settings
from hypothesis import strategies as st

from juesuan.account import Account, Address, Claim, Figure, from_json, to_json
from juesuan.compile.assemble import Compilation, assemble
from juesuan.compile.entries import Entry, Gathered
from juesuan.publish import lay_out
from juesuan.publish.document import Document, Table
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

    expander = Expander(statute.forms, lambda form: lines(account, statute, form))
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


@profile
@given(shape=options(), seed=seeds)
def test_every_relation_holds_over_the_printed_figures(key: str, shape: Options, seed: int) -> None:
    _, statute, made_of = made(shape, seed, key)
    assert [fault.message for fault in made_of.faults if fault.error] == []
    assert made_of.missing == () and made_of.final
    cells = printed_cells(lay_out(made_of.account, statute), statute)
    # What compile itself lets pass with an explanation (W, B) need not hold in print either.
    assert broken_in_print(made_of.account, statute, cells) <= {fault.code for fault in made_of.faults}


@profile
@given(shape=options(), seed=seeds)
def test_every_figure_is_printed_once_as_it_is(key: str, shape: Options, seed: int) -> None:
    _, statute, made_of = made(shape, seed, key)
    cells = printed_cells(lay_out(made_of.account, statute), statute)
    for form in statute.published:
        for fact in made_of.account.of_form(form.key):
            [text] = cells.pop(fact.address)
            assert amount(text) == half_up(fact.figure.value / WAN, 2)
            assert not re.search(r"-0(\.0*)?$", text)
    assert {text for texts in cells.values() for text in texts} <= {""}


def claims(account: Account) -> Iterator[tuple[str, Claim]]:
    for section in account.narrative:
        for paragraph in section.paragraphs:
            for claim in paragraph.claims:
                yield paragraph.text, claim


@profile
@given(shape=options(), seed=seeds)
def test_every_claim_states_its_quantity_and_the_same_figure_is_the_same_text(
    key: str, shape: Options, seed: int
) -> None:
    _, statute, made_of = made(shape, seed, key)
    style = statute.profile.style
    texts: dict[tuple[Decimal, str], str] = {}
    for paragraph, claim in claims(made_of.account):
        text = paragraph[claim.start : claim.end]
        try:
            value, unit_ = quantity(claim, statute, made_of.account)
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


@profile
@given(shape=options(), seed=seeds)
def test_the_prose_says_nothing_that_it_must_not(key: str, shape: Options, seed: int) -> None:
    _, _, made_of = made(shape, seed, key)
    for section in made_of.account.narrative:
        assert section.paragraphs
        for paragraph in section.paragraphs:
            assert not NEVER.search(paragraph.text), paragraph.text
            for budget, actual, word in re.findall(
                r"预算为([\d,.]+)万元，支出决算为([\d,.]+)万元[^。]*?[，。](?:支出)?决算数(小于|大于|与)", paragraph.text
            ):
                difference = amount(actual) - amount(budget)
                sign = "小于" if difference < 0 else "大于" if difference > 0 else "与"
                assert word == sign, paragraph.text


@profile
@given(shape=options(max_items=4), seed=seeds)
def test_json_round_trip_is_exact(key: str, shape: Options, seed: int) -> None:
    _, _, made_of = made(shape, seed, key)
    data = to_json(made_of.account)
    again = from_json(data)
    assert again == made_of.account
    assert to_json(again) == data


@profile
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
    codes = {fault.code for fault in after.faults if fault.error}
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
@pytest.mark.parametrize("prior", COMPARED)
@settings(max_examples=6)
@given(seed=seeds)
def test_a_large_unit(key: str, prior: str, seed: int) -> None:
    shape = Options(items=60, prior=prior, budget=prior, magnitude=9)
    _, statute, made_of = made(shape, seed, key)
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
    assert any(fault.error and "相差 500.00" in fault.message for fault in compilation.faults)
    assert not compilation.final
