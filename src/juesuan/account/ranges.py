"""Ranges of values (DESIGN, rule 2): what is known of a figure that was printed rounded, and sums, ratios of such."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from juesuan.account.figure import Figure


class Range(msgspec.Struct, frozen=True):
    """A value as printed and the closed interval that it may have been rounded from."""

    value: Decimal
    low: Decimal
    high: Decimal

    def __add__(self, other: Range) -> Range:
        return Range(self.value + other.value, self.low + other.low, self.high + other.high)

    def __sub__(self, other: Range) -> Range:
        return Range(self.value - other.value, self.low - other.high, self.high - other.low)

    def __neg__(self) -> Range:
        return Range(-self.value, -self.high, -self.low)

    def __abs__(self) -> Range:
        ends = (abs(self.low), abs(self.high))
        return Range(abs(self.value), Decimal(0) if self.low <= 0 <= self.high else min(ends), max(ends))

    def meets(self, other: Range) -> bool:
        """Whether one value lies in both."""
        return self.low <= other.high and other.low <= self.high

    def gap(self, other: Range) -> Decimal:
        """How far the two lie apart; 0 where they meet."""
        return max(self.low - other.high, other.low - self.high, Decimal(0))

    def shifted(self, by: Decimal) -> Range:
        """The range of the value `by` more."""
        return Range(self.value + by, self.low + by, self.high + by)

    def holds_zero(self) -> bool:
        """Whether it may be nothing."""
        return self.low <= 0 <= self.high


NOTHING = Range(Decimal(0), Decimal(0), Decimal(0))


def range_of(figure: Figure, step: Decimal | None = None) -> Range:
    """The range of a figure that was printed with `step`, its own resolution unless given."""
    half = (figure.resolution if step is None else step) / 2
    return Range(figure.value, figure.value - half, figure.value + half)


def total_range(parts: Iterable[Range]) -> Range:
    """The sum; nothing for no parts."""
    whole = NOTHING
    for part in parts:
        whole = whole + part
    return whole


def ratio(part: Range, whole: Range) -> Range | None:
    """`part` to `whole`; None where the whole may be nothing."""
    if whole.holds_zero() or not whole.value:
        return None
    ends = [a / b for a in (part.low, part.high) for b in (whole.low, whole.high)]
    return Range(part.value / whole.value, min(ends), max(ends))


def grown(change: Range, level: Range) -> Range | None:
    """The rate of a change that led to `level`: it is of level − change, so that the two ends move together."""
    before = level - change
    if before.holds_zero() or not before.value:
        return None
    ends = [a / (b - a) for a in (change.low, change.high) for b in (level.low, level.high)]
    return Range(change.value / before.value, min(ends), max(ends))
