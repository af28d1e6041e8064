"""The equations that a document prints under its tables are read and hold, or are said not to."""

from __future__ import annotations

from decimal import Decimal

import pytest

from juesuan.account import Account, Address, Fact, Figure, Passage, SeenTable, Unit
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.tables.printed import check_equations
from juesuan.statute import load_statute


def _found(note: str, **amounts: str) -> list[tuple[str, str]]:
    """Findings on table 1 (rows by r27="10.00" in 万元) with a note under it."""
    table = SeenTable("表1", "收入支出决算总表", notes=(Passage(note),))
    account = Account("national", 2023, Unit("某中心"), tables=(table,))
    for row, amount in amounts.items():
        address = Address("表1", row[1:], "1" if int(row[1:]) < 32 else "2")
        account.put(Fact(address, Figure(Decimal(amount) * 10000, Decimal(100))))
    return [(f.code, f.difference) for f in check_equations(CheckContext(account, load_statute("national")))]


def test_the_forms_own_equations_are_not_judged_twice() -> None:
    notes = "27行 = (1+2+3+4+5+6+7+8)行； 31行 = (27+28+29)行；58行 = (32+33+...+57)行；62行=(58+59+60)行。"
    assert _found(notes, r27="10.00", r1="9.00") == []


def test_an_equation_that_differs_from_the_form_is_noticed() -> None:
    # Line 8 is left out; the figures fit all the same.
    assert _found("27行=(1+2+3+4+5+6+7)行", r27="10.00", r1="10.00") == [("P102", "")]


def test_a_printed_equation_that_the_table_breaks() -> None:
    found = _found("27行=(1+2+3+4+5+6+7)行", r27="10.00", r1="6.00", r8="4.00")
    assert found == [("P102", ""), ("P101", "4.00万元")]


def test_an_equation_of_the_units_own_is_held_against_its_table() -> None:
    assert _found("31行 = 62行；2行=(3+4)行", r31="10.00", r62="10.00", r2="3.00", r3="1.00", r4="2.00") == []
    assert _found("2行=(3+4)行", r2="3.00", r3="1.00", r4="1.00") == [("P101", "1.00万元")]


@pytest.mark.parametrize(
    "note", ["注：本表反映总收支情况。", "比例=执行数/预算数×100%", "A=B", "99行=(98+97)行", "27行="]
)
def test_what_is_no_equation_of_the_table_is_passed_over(note: str) -> None:
    assert _found(note, r27="10.00", r1="10.00") == []


def test_an_equation_is_of_the_lines_as_the_table_numbers_them() -> None:
    """A table of 2019 with 25 for 本年收入合计: read by the numbers of the form, 25 would be another line."""
    numbers = (("1", "1"), ("8", "8"), ("25", "27"))
    table = SeenTable("表1", "收入支出决算总表", notes=(Passage("25行=(1+8)行"),), numbers=numbers)
    account = Account("national", 2023, Unit("某中心"), tables=(table,))
    for row, amount in (("27", "10.00"), ("1", "6.00"), ("8", "4.00")):
        account.put(Fact(Address("表1", row, "1"), Figure(Decimal(amount) * 10000, Decimal(100))))
    law = load_statute("national")
    assert [f.code for f in check_equations(CheckContext(account, law))] in ([], ["P102"])
    account.put(Fact(Address("表1", "8", "1"), Figure(Decimal(50000), Decimal(100))))
    assert "P101" in [f.code for f in check_equations(CheckContext(account, law))]
