"""Printed amounts read: blanks, thousands commas, split numbers, and how precisely they were printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache

import msgspec

from juesuan.statute import MONEY_UNITS

BLANKS = frozenset(["", "-", "—", "－", "–", "/", "——", "--"])
"""What stands in a cell that says nothing; a printed zero is not among them."""

_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(r"[-−－]?(\d{1,3}([,，]\d{3})+|\d+)([.．]\d+)?")
_CURRENCY = re.compile(r"([-−－]?)[¥￥]([-−－]?)(?=[\d０-９])")
_BOOKED = re.compile(r"[(（]((?:\d{1,3}(?:[,，]\d{3})+|\d+)[.．]\d{2})[)）]")
"""An amount below nought as bookkeepers write it; a whole number in brackets counts something."""
_WITH_UNIT = re.compile(r"(.*\d)(万元|元)")
_SIGNS = str.maketrans("，．－−０１２３４５６７８９", ",.--0123456789")


_UNITS = "|".join(MONEY_UNITS)
_MONEY = re.compile(rf"(?:单位|金额单位)[:：]\s*(?:人民币)?({_UNITS})|[(（]\s*(?:单位[:：])?({_UNITS})\s*[)）]")


class Amount(msgspec.Struct, frozen=True):
    """A number as printed: its value in the unit of the table, its decimals, and whether blanks within were joined."""

    value: Decimal
    decimals: int
    joined: bool = False


def money_of(texts: Sequence[str]) -> str:
    """The unit of money (元, 万元, 千元…) that the first of `texts` to name one names; empty where none does."""
    return next((match[1] or match[2] for text in texts if (match := _MONEY.search(text))), "")


def blank(text: str) -> bool:
    """Whether a cell says nothing at all."""
    return text.strip() in BLANKS


@lru_cache(maxsize=16384)
def read_amount(text: str) -> Amount | None:
    """The amount that a cell prints, or None where it prints none or something else.

    A number that layout has torn (`1,597.5 1`) is joined, and says so.
    """
    compact = _CURRENCY.sub(r"\1\2", _BOOKED.sub(r"-\1", _SPACE.sub("", text)))
    if not _NUMBER.fullmatch(compact):
        return None
    plain = compact.translate(_SIGNS).replace(",", "")
    decimals = len(plain.partition(".")[2])
    return Amount(Decimal(plain), decimals, joined=_SPACE.search(text.strip()) is not None)


def unit_behind(text: str) -> tuple[Decimal, int, str] | None:
    """An amount with its own unit (1,234.50元): its value, its decimals, and 元 or 万元; None for any other text."""
    match = _WITH_UNIT.fullmatch(_SPACE.sub("", text))
    amount = read_amount(match[1]) if match else None
    return (amount.value, amount.decimals, match[2]) if match and amount else None
