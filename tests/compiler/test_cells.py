"""Single cells: exact or refused, never guessed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from juesuan.compiler import cells
from juesuan.compiler.messages import BadValueError, say
from juesuan.statute import load_rules


@given(st.integers(0, 10**14))
def test_every_amount_of_fen_survives_a_float(fen: int) -> None:
    exact = Decimal(fen).scaleb(-2)
    assert cells.amount(float(exact)) == exact
    assert cells.amount(str(exact)) == exact
    assert cells.amount(f"{exact:,}") == exact


@given(st.lists(st.integers(0, 10**9), max_size=30))
def test_sums_do_not_drift(fens: list[int]) -> None:
    floats = sum(fen / 100 for fen in fens)
    assert cells.amount(float(floats)) == Decimal(sum(fens)).scaleb(-2)


def test_noise_of_binary_arithmetic_is_no_third_decimal() -> None:
    assert cells.amount(0.1 + 0.2) == Decimal("0.30")
    assert cells.amount("0.30000000000000004") == Decimal("0.30")


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("1.2万", "应填 12000"),
        ("12,000元", "应填 12000"),
        ("¥3", "应填 3"),
        ("12,00元", "只填数字，例如"),
        ("一万", "只填数字，例如"),
        (True, "不是数字"),
        ("-", "没有发生的请留空"),
        (1.234, "应为元：12340"),
        (1.23456789, "应最多两位小数"),
        (-1, "负数"),
        (float("inf"), "不是数字"),
        ("1e9", "“1e9”是科学计数法；请写出全部数字：1000000000"),
        ("１.5E+3", "请写出全部数字：1500"),
        ("123456789012345678901", "有 21 位整数，不会是一个单位的金额"),
        ("9" * 400, "有 400 位整数"),
        ("10000000亿", "有 16 位整数"),
    ],
)
def test_amounts_that_are_refused(value: cells.Raw, message: str) -> None:
    with pytest.raises(BadValueError, match=message):
        cells.amount(value)


@pytest.mark.parametrize("value", [None, "", "  ", "　"])
def test_blanks(value: cells.Raw) -> None:
    assert cells.amount(value) is None and cells.count(value) is None and cells.text(value) is None
    assert cells.share(value) is None and cells.iso_date(value, "") is None and cells.choice(value, []) is None


@pytest.mark.parametrize("value", ["2023-09-05", "2023/9/5", "2023年9月5日", "20230905", "2023.9.5", 20230905])
def test_dates(value: cells.Raw) -> None:
    assert cells.iso_date(value, "") == "2023-09-05"


@pytest.mark.parametrize("value", ["9月5日", "2023-13-01", 45000.0, "2023"])
def test_dates_that_are_refused(value: cells.Raw) -> None:
    with pytest.raises(BadValueError, match="应填如 2023-09-15"):
        cells.iso_date(value, "2023-09-15")


def test_shares() -> None:
    assert cells.share(95) == Decimal("0.95") == cells.share("95%") == cells.share(0.95, percent=True)
    assert cells.share(0) == 0


def test_messages_say_what_would_be_right() -> None:
    """Every message names the remedy (应, 请, 须); those about whole files may only say what the file is."""
    parts = ("file.", "code.nearest", "nearest", "ledger.more")
    messages = {key: text for rule in load_rules().values() for key, text in rule.messages.items()}
    assert [key for key, text in messages.items() if not set("应请须") & set(text) and not key.startswith(parts)] == []
    with pytest.raises(KeyError):
        say("没有")
