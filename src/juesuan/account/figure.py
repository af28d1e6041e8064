"""Figures: exact decimals that remember how precisely they were printed."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Context, Decimal

import msgspec

ZERO = Decimal(0)
ONE = Decimal(1)

WAN = Decimal(10000)
"""Yuan in one 万元."""


class Figure(msgspec.Struct, frozen=True, omit_defaults=True):
    """An exact decimal and the resolution it was printed with.

    `value` is in the base unit of its quantity: yuan for money, the plain number for counts (辆、人次), a ratio of one
    for shares (45.3 % is 0.453). `resolution` is the step of the printed notation in the same base unit: 100 yuan for a
    万元 amount with two decimals, zero for an amount that is not rounded at all.
    """

    value: Decimal
    resolution: Decimal = ZERO

    @property
    def low(self) -> Decimal:
        """The least value that would have been printed like this (DESIGN, rule 2: v − ½·10⁻ᵈ)."""
        return self.value - self.resolution / 2

    @property
    def high(self) -> Decimal:
        """The greatest value that would have been printed like this (v + ½·10⁻ᵈ)."""
        return self.value + self.resolution / 2

    def meets(self, other: Figure) -> bool:
        """Whether both may have been printed for one value."""
        return self.low <= other.high and other.low <= self.high


MOST_DIGITS = 28
"""What decimals are worked out with unless they have more digits themselves."""


def rounded(value: Decimal, decimals: int) -> Decimal:
    """`value` rounded half up (四舍五入, away from zero on the half) to `decimals` places."""
    # What somebody types may have more digits than the usual context holds.
    digits = max(MOST_DIGITS, value.adjusted() + decimals + 2)
    return value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP, context=Context(prec=digits))


def decimals_written(value: Decimal) -> int:
    """How many decimals a number is written with: 2 for 1.50."""
    exponent = value.as_tuple().exponent
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def plain(value: Decimal) -> str:
    """The shortest ordinary notation of a decimal: no exponent, no trailing zeros, `0` for every zero."""
    if not value:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def printed(value: Decimal, decimals: int, *, trim: bool = False, grouping: bool = False) -> str:
    """`value` as a document prints it: rounded half up once, optionally without trailing zeros, with thousands commas.

    A negative amount that rounds to zero is printed without its sign.
    """
    amount = rounded(value, decimals)
    if not amount:
        amount = abs(amount)
    text = format(amount, f"{',' if grouping else ''}.{decimals}f")
    if trim and "." in text:
        text = text.rstrip("0").rstrip(".")
    return text


def total(values: Iterable[Decimal]) -> Decimal:
    """The exact sum of `values`, zero for none."""
    return sum(values, ZERO)


def with_unit(value: Decimal, unit: str = "元", step: Decimal = ZERO) -> str:
    """A value in base units (yuan, the plain count) as a message gives it: 1,777.50万元, 17,775,000.00元, 3辆.

    Money has two decimals, and more where the document prints it in smaller steps of so many yuan.
    """
    if unit in ("万元", "元"):
        scale = WAN if unit == "万元" else ONE
        decimals = max(2, -(step / scale).normalize().adjusted()) if step else 2
        return f"{printed(value / scale, decimals, grouping=True)}{unit}"
    return f"{plain(value)}{unit}"
