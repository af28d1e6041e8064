"""An amount that was published in 万元 stands beside the exact one of an export: that is no contradiction."""

from __future__ import annotations

from decimal import Decimal

import pytest

from juesuan.account import Address, Fact, Figure
from juesuan.compiler.tables import fill_tables
from juesuan.statute import load_statute

PLACE = Address("表9", "金额", "6")


@pytest.mark.parametrize("order", [1, -1])
def test_the_exact_amount_counts_and_the_rounded_one_is_told(order: int) -> None:
    facts = [Fact(PLACE, Figure(Decimal("218300"))), Fact(PLACE, Figure(Decimal("218266.42")))][::order]
    made = fill_tables([], facts, load_statute("national"))
    assert made.facts[PLACE].figure.value == Decimal("218266.42")
    (told,) = [fault for fault in made.faults if fault.code == "L204"]
    assert told.severity == "notice" and "218,300.00元" in told.message and "218,266.42元" in told.message


@pytest.mark.parametrize("typed", ["218200", "218265", "218300.01"])
def test_another_amount_is_a_contradiction_as_before(typed: str) -> None:
    facts = [Fact(PLACE, Figure(Decimal(typed))), Fact(PLACE, Figure(Decimal("218266.42")))]
    made = fill_tables([], facts, load_statute("national"))
    assert [fault.severity for fault in made.faults if fault.code == "L204"] == ["error"]
