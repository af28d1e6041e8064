"""Amounts of sentences: how precisely a narrative prints them, and the figure that a number states."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from juesuan.account import Claim, Figure
from juesuan.statute import MONEY_UNITS, load_lexicon
from juesuan.statute.language import PERCENT, load_document_words

_LARGE, _ROUND = 100, 5
"""Whole amounts of 万元 from the first on, and no multiple of the second, were rounded; others may be budgets of just
so much, printed without their zeros."""

_LONGEST_BEFORE, _LONGEST_BEHIND = 14, 14
"""So many signs around the beginning of a wording may be one name."""


def money_decimals(claims: Iterable[Claim]) -> int:
    """The decimals that amounts of 万元 have at least where the narrative drops trailing zeros, else 0.

    Where two of three amounts are whole, whole 万元 is how the text is written and no zeros were dropped: then each
    amount is as precise as it is printed.
    """
    wan = MONEY_UNITS["万元"]
    steps = [
        claim.figure.resolution
        for claim in claims
        if 1 <= claim.figure.resolution <= wan and claim.figure.value
    ]
    finer = [step for step in steps if step < wan]
    if 3 * len(finer) <= len(steps):
        return 0
    return max(-int(step.scaleb(-4).adjusted()) for step in finer)


def figure_of(text: str, unit: str, least: int = 0) -> Figure:
    """The figure that a number states; an amount of 万元 that may have lost its zeros has `least` decimals.

    A large amount that is not round (17,192万元) has lost none: it was rounded.
    """
    plain = text.replace(",", "").replace("−", "-")
    value = Decimal(plain)
    decimals = len(plain.partition(".")[2])
    if unit == "万元" and (decimals or abs(value) < _LARGE or not value % _ROUND):
        decimals = max(decimals, least)
    scale = Decimal("0.01") if unit == PERCENT else MONEY_UNITS.get(unit, Decimal(1))
    exact = unit not in MONEY_UNITS and unit != PERCENT and not decimals
    return Figure(value * scale, Decimal(0) if exact else scale.scaleb(-decimals))


def amid_a_name(text: str, at: int) -> bool:
    """Whether a fund that is named at `at` is the end of another's name: 财政拨款收入 in 一般公共预算财政拨款收入."""
    begin, funds = max(0, at - _LONGEST_BEFORE), load_document_words().fund_at_start
    if not funds(text[at:])[0]:
        return False
    found = load_lexicon().find(text[begin : at + _LONGEST_BEHIND])
    return any(
        begin + start < at < begin + end and word.category == "subject" and funds(text[begin + start :])[0]
        for start, end, word in found
    )  # fmt: skip
