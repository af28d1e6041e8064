"""Figures: rounding half up once, printing, intervals."""

from __future__ import annotations

from decimal import Decimal

import pytest

from juesuan.account import Figure, plain, printed, rounded, total


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        ("0.005", 2, "0.01"), ("0.004999", 2, "0.00"), ("-0.005", 2, "-0.01"), ("2.5", 0, "3"), ("-2.5", 0, "-3"),
        ("1.005", 2, "1.01"), ("2.675", 2, "2.68"), ("0.125", 2, "0.13"), ("0.135", 2, "0.14"), ("99.995", 2, "100.00"),
        ("1777.50", 1, "1777.5"), ("0.4599999", 1, "0.5"), ("123456789012345.675", 2, "123456789012345.68"),
    ],
)  # fmt: skip
def test_half_up(value: str, decimals: int, expected: str) -> None:
    assert str(rounded(Decimal(value), decimals)) == expected


@pytest.mark.parametrize(
    ("value", "decimals", "trim", "grouping", "expected"),
    [
        ("1777.5", 2, False, False, "1777.50"),
        ("1777.5", 2, True, True, "1,777.5"),
        ("1777.5", 2, False, True, "1,777.50"),
        ("1000", 2, True, True, "1,000"),
        ("1000", 0, True, True, "1,000"),
        ("100", 0, True, False, "100"),
        ("999.995", 2, False, True, "1,000.00"),
        ("-1234567.891", 2, False, True, "-1,234,567.89"),
        ("0", 2, False, True, "0.00"),
        ("0", 2, True, True, "0"),
        ("-0.004", 2, False, False, "0.00"),
        ("-0.004", 2, True, False, "0"),
        ("-0", 2, False, False, "0.00"),
        ("-0.005", 2, False, False, "-0.01"),
        ("36.0", 1, True, False, "36"),
        ("38.6666666666", 1, True, False, "38.7"),
        ("1E+3", 2, True, True, "1,000"),
    ],
)
def test_printed(value: str, decimals: int, trim: bool, grouping: bool, expected: str) -> None:
    assert printed(Decimal(value), decimals, trim=trim, grouping=grouping) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1.50", "1.5"), ("100", "100"), ("1E+2", "100"), ("-0.00", "0"), ("0.10", "0.1"), ("1E-7", "0.0000001")],
)  # fmt: skip
def test_plain(value: str, expected: str) -> None:
    assert plain(Decimal(value)) == expected


def test_the_interval_of_a_printed_figure() -> None:
    """1,597.51 万元: anything from 15,975,050 to 15,975,150 yuan."""
    figure = Figure(Decimal(15975100), Decimal(100))
    assert (figure.low, figure.high) == (Decimal(15975050), Decimal(15975150))
    exact = Figure(Decimal("15975108.31"))
    assert exact.low == exact.high == exact.value


def test_total() -> None:
    assert total([]) == 0
    assert total([Decimal("0.1")] * 10) == Decimal("1.0")
