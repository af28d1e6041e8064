"""What the public sees first of an account: numbers, plain sentences, charts in words; nothing for a blank."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import msgspec
import pytest

import juesuan
from juesuan.account import Account, Address, Fact, Figure
from juesuan.publisher import Glance, glance
from juesuan.statute import load_statute
from juesuan.statute.comparison import load_glance

EXAMPLE = Path(__file__).parents[2] / "examples" / "wuhan-2022"


@pytest.fixture(scope="module")
def example() -> Account:
    return juesuan.compile([EXAMPLE / "ledger.csv", EXAMPLE / "workbook.xlsx"])


def _seen(account: Account) -> dict[str, Glance]:
    return {each.key: each for each in glance(account, load_statute(account.profile, account.year))}


def test_the_numbers_of_the_example_in_plain_words(example: Account):
    """By hand from the example's tables: income 1777.5, outlay 805.81 + 971.69, last year 2103.42, budget 3227.02."""
    seen = _seen(example)
    assert list(seen) == [item.key for item in load_glance().items]
    assert (seen["收入"].number, seen["收入"].unit) == ("1,777.5", "万元")
    assert "基本支出）805.81万元，占45.3%" in seen["支出"].sentence
    assert "项目支出）971.69万元，占54.7%" in seen["支出"].sentence
    assert seen["变动"].number == "-325.92" and "少325.92万元，下降15.5%" in seen["变动"].sentence
    assert seen["三公"].number == "1.16" and "是预算的31.4%" in seen["三公"].sentence
    assert (seen["预算"].number, seen["预算"].unit) == ("55.1", "%")
    assert (seen["绩效"].number, seen["绩效"].unit) == ("91.02", "分")
    assert "社会保障和就业支出1,597.51万元，占89.9%" in seen["用途"].sentence


def test_each_has_a_chart_that_is_told_in_words(example: Account):
    for each in _seen(example).values():
        assert each.chart is not None, each.key
        assert each.chart.description.startswith(each.chart.caption), "no number of a figure of the narrative"
        assert any(sign.isdigit() for sign in each.chart.description)


def _without(account: Account, *periods: str) -> Account:
    facts = {key: fact for key, fact in account.facts.items() if fact.address.period not in periods}
    return msgspec.structs.replace(account, facts=facts)


def test_what_is_not_published_is_not_told_as_nothing(example: Account):
    seen = _seen(_without(example, "上年", "年初预算"))
    assert "变动" not in seen and "预算" not in seen
    assert "比上年" not in seen["三公"].sentence
    assert "绩效" not in _seen(msgspec.structs.replace(example, sheets=()))


def test_a_blank_of_the_tables_is_no_column_of_nought(example: Account):
    """By hand from 表9: no line for journeys and purchases, 公务接待 has a budget of 0.7 and no outlay."""
    chart = _seen(example)["三公"].chart
    assert chart is not None
    assert chart.description == (
        "“三公”经费预算和决算：公务用车运行预算3万元；公务用车运行决算1.16万元；公务接待预算0.7万元；公务接待决算未填。"
    )
    made = msgspec.structs.replace(example, facts=dict(example.facts))
    made.put(Fact(Address("表9", "金额", "12"), Figure(Decimal(0))))
    chart = _seen(made)["三公"].chart
    assert chart is not None and chart.description.endswith("公务接待预算0.7万元；公务接待决算0万元。")


def test_more_than_last_year_bears_its_sign(example: Account):
    made = msgspec.structs.replace(example, facts=dict(example.facts))
    for address in (Address("表1", "31", "1", "上年"),):
        made.put(Fact(address, Figure(made.amount(address) - 10_000_000)))
    assert _seen(made)["变动"].number == "+674.08"


def test_amounts_are_in_the_portals_unit_whatever_the_place_prints(example: Account):
    law = load_statute(example.profile, example.year)
    style = msgspec.structs.replace(law.profile.style, text_money="元")
    other = msgspec.structs.replace(law, profile=msgspec.structs.replace(law.profile, style=style))
    assert [each.sentence for each in glance(example, other)] == [each.sentence for each in glance(example, law)]
