"""Amounts that stand in a form and were not read: what they could change is not decided against the document."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from itertools import combinations

from juesuan.account import Account, Address, Unplaced, spaceless
from juesuan.statute import MONEY_UNITS, Instance, Verdict

MOST = 12
"""With more unread amounts than this, what they may come to is not asked."""

TOGETHER = 3
"""So many of the unread amounts are added up."""

_SIGNS = str.maketrans({",": "", "，": "", "．": ".", "－": "-", "−": "-"})


def may_be_unread(address: Address, account: Account) -> bool:
    """Whether the blank at `address` may be one of the amounts that were not read."""
    blank = address.period == "本年" and account.get(address) is None
    return blank and any(left.form and _at(left, address) for left in account.unplaced)


def may_miss(instance: Instance, verdict: Verdict, account: Account) -> bool:
    """Whether amounts that were not read may be what a broken equation misses.

    An amount without a line may be a part of any sum over the lines of its column, one without a column of any sum over
    the columns of its line, one without either of any sum in its form. An equation of two figures that were both read
    (本年收入合计 in two tables) misses nothing, wherever else amounts are left; and neither does one that is out by
    something that the amounts left do not come to.
    """
    left = [item for item in account.unplaced if item.form and _touches(item, instance, account)]
    blank = [each for each in instance.addresses() if each.period == "本年" and account.get(each) is None]
    if any(_left_in_line(address, account) > 1 for address in blank):
        # Several amounts of a line without a column: which of them stand where is not sure, nor what is blank.
        return True
    return bool(left) and _comes_to([item.text for item in left], verdict)


def _left_in_line(address: Address, account: Account) -> int:
    """How many amounts of the line of an address have no column."""
    lines = ((item.form, item.row) for item in account.unplaced if not item.column)
    return sum(line == (address.form, address.row) for line in lines)


def _comes_to(texts: Sequence[str], verdict: Verdict) -> bool:
    """Whether some of the printed amounts come to what an equation is out by, whatever unit they are printed in."""
    amounts = [amount for text in texts if (amount := _amount(text)) is not None]
    if not amounts or len(amounts) < len(texts) or len(amounts) > MOST:
        return True
    size = abs(verdict.residual)
    parts = (part for number in range(1, TOGETHER + 1) for part in combinations(amounts, number))
    sums = {sum(part, Decimal(0)) for part in parts} | {sum(amounts, Decimal(0))}
    slack = verdict.limit + verdict.limit
    return any(abs(size - abs(amount) * scale) <= slack for amount in sums for scale in MONEY_UNITS.values())


def _amount(text: str) -> Decimal | None:
    plain = spaceless(text).translate(_SIGNS)
    try:
        return Decimal(plain)
    except InvalidOperation:
        return None


def _touches(left: Unplaced, instance: Instance, account: Account) -> bool:
    mine = {address for address in instance.addresses() if address.period == "本年" and _at(left, address)}
    whole = bool(left.row and left.column)
    return len(mine) > 1 or any(whole or account.get(address) is None for address in mine)


def _at(left: Unplaced, address: Address) -> bool:
    """Whether an amount may stand at `address` for all that is known of its place."""
    return left.form == address.form and left.row in ("", address.row) and left.column in ("", address.column)
