"""Numbers in a text: found with their unit, and printed anew as the one that stood there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

import msgspec

from juesuan.account import printed, spaceless
from juesuan.statute import load_lexicon

_NUMBER = re.compile(r"(?<![\d.,，．])[-−－]?(?:\d{1,3}(?:[,，]\d{3})+|\d+)(?:[.．]\d+)?(?![\d])")
_SIGNS = str.maketrans("，．－−０１２３４５６７８９", ",.--0123456789")
_QUANTITY = re.compile(r"^([^\d\-−]*)([-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)(\D*)$")


class PrintedNumber(msgspec.Struct, frozen=True):
    """A number as it stands in a text (offsets without white space), and the unit behind it."""

    text: str
    start: int
    end: int
    unit: str = ""

    @property
    def value(self) -> Decimal:
        """In its own unit."""
        return Decimal(self.text.translate(_SIGNS).replace(",", ""))

    @property
    def decimals(self) -> int:
        """How many it is printed with."""
        return len(self.text.translate(_SIGNS).partition(".")[2])

    @property
    def base(self) -> Decimal:
        """In base units: yuan, a ratio of one, the plain count."""
        return self.value * load_lexicon().scale(self.unit)


def numbers_in(text: str) -> Iterator[PrintedNumber]:
    """Every number of a text without white space, from left to right."""
    lexicon = load_lexicon()
    plain = text.translate(_SIGNS)
    for match in _NUMBER.finditer(text):
        yield PrintedNumber(match[0], *match.span(), lexicon.unit_at(plain, match.end()))


def quantity(text: str) -> PrintedNumber | None:
    """What a finding states or expects, where it is one number with words before and a unit behind it; else None."""
    match = _QUANTITY.match(spaceless(text).translate(_SIGNS))
    if match is None or (match[3] and not load_lexicon().is_unit(match[3])):
        return None
    return PrintedNumber(match[2], match.start(2), match.end(2), match[3])


FEW = 4
"""From so few numbers nobody knows how many decimals a document prints."""


class NumberStyle(msgspec.Struct, frozen=True):
    """How a document prints its numbers: with thousands commas, without trailing zeros, with how many decimals."""

    grouped: bool
    trimmed: bool
    decimals: int

    def printed(self, value: Decimal) -> str:
        """`value` as this document prints one."""
        return printed(value, self.decimals, trim=self.trimmed, grouping=self.grouped)


def style_of(numbers: Iterable[PrintedNumber], least: int = 0, *, trimmed: bool = False) -> NumberStyle:
    """The style of numbers that are of one kind; `least` decimals where trailing zeros are dropped.

    `trimmed` is what holds where they do not show whether zeros are dropped.
    """
    every = list(numbers)
    large = [number for number in every if abs(number.value) >= 1000]
    grouped = 2 * sum("," in number.text.translate(_SIGNS) for number in large) > len(large)
    counted = sorted(number.decimals for number in every)
    # A few finer ones stand in other hands' texts and tables.
    usual = counted[len(counted) * 9 // 10] if counted else 0
    shorter = sum(number.decimals < usual for number in every)
    zeros = sum(number.decimals == usual and number.text.endswith("0") for number in every)
    if shorter or zeros:
        trimmed = shorter > zeros
    decimals = max(usual, least) if shorter and len(counted) < FEW else usual
    return NumberStyle(grouped, trimmed and bool(decimals), decimals)
