"""One sound account in many layouts: every figure at its address, no error, and a changed figure is found."""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from decimal import Decimal
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from generate import Options, options, unit
from juesuan.account import Account
from juesuan.checker import check
from juesuan.compiler.assembly import assemble
from juesuan.reader import read_document
from juesuan.statute import load_statute
from reader.layout_files import write
from reader.layouts import Layout, Printer, changed, layouts, printed

TRIES = int(os.environ.get("JUESUAN_LAYOUTS", "20"))
"""`make campaign-layouts` sets it to the full size."""

seeds = st.integers(0, 2**32 - 1)
sized = settings(
    max_examples=TRIES, deadline=None, derandomize=TRIES <= 20,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


def account(shape: Options, seed: int) -> Account:
    law = load_statute("national")
    return assemble(unit(shape, seed, law), law).account


def errors(path: Path) -> tuple[Account, list[str]]:
    reading = read_document(path, profile="national")
    report = check(reading.account, statute=reading.statute)
    # A file of tables only has no narrative: what is missing of it is no matter here.
    found = [f"{f.code} {f.message}" for f in report.findings if f.severity == "error" and f.code[0] in "TXSPD"]
    return reading.account, found


def figures(of: Account) -> dict[str, Decimal]:
    forms = {f"表{n}" for n in range(1, 10)}
    own = [f for f in of.facts.values() if f.address.period == "本年" and f.address.form in forms]
    return {str(fact.address): fact.figure.value for fact in own if fact.figure.value}


@given(layouts(), options(max_items=6), seeds)
@sized
def test_every_figure_is_placed_and_nothing_is_alleged(layout: Layout, shape: Options, seed: int) -> None:
    made = account(shape, seed)
    law = load_statute("national")
    pages = list(Printer(made, law, layout).pages())
    if not pages:
        return
    with tempfile.TemporaryDirectory() as folder:
        read, found = errors(write(pages, layout, law.year, Path(folder)))
    assert figures(read) == printed(pages, layout)
    assert found == []
    assert [item for item in read.unplaced if item.form] == []


def test_a_changed_figure_is_found() -> None:
    """One figure of a sound account raised in print: at least 95 in 100 are found, whatever the layout."""
    law = load_statute("national")
    caught: Counter[bool] = Counter()
    missed: list[str] = []
    chance = Random(2022)

    @given(layouts(), seeds)
    @sized
    def attempt(layout: Layout, seed: int) -> None:
        made = account(Options(), seed)
        pages = list(Printer(made, law, layout).pages())
        # 三公 has bounds rather than equations for what is spent: its leaves are held by their sums.
        address = chance.choice([a for page in pages for a in page.places if made.amount(a)])
        changed(pages, layout, address, Decimal("3.00") if layout.unit == "万元" else Decimal("30.00"))
        with tempfile.TemporaryDirectory() as folder:
            _, found = errors(write(pages, layout, law.year, Path(folder)))
        caught[bool(found)] += 1
        if not found:
            missed.append(f"{address} {layout}")

    attempt()
    assert caught[True] >= Decimal("0.95") * caught.total(), missed
