"""Amounts that stand in a form and were not read: what they could change is not decided against the document."""

from __future__ import annotations

from juesuan.account import Account, Address, Unplaced
from juesuan.statute import Instance


def may_be_unread(address: Address, account: Account) -> bool:
    """Whether the blank at `address` may be one of the amounts that were not read."""
    blank = address.period == "本年" and account.get(address) is None
    return blank and any(left.form and _at(left, address) for left in account.unplaced)


def may_miss(instance: Instance, account: Account) -> bool:
    """Whether an amount that was not read may belong into an equation.

    An amount without a line may be a part of any sum over the lines of its column, one without a column of any sum over
    the columns of its line, one without either of any sum in its form. An equation of two figures that were both read
    (本年收入合计 in two tables) misses nothing, wherever else amounts are left.
    """
    return any(_touches(left, instance, account) for left in account.unplaced if left.form)


def _touches(left: Unplaced, instance: Instance, account: Account) -> bool:
    mine = {address for address in instance.addresses() if address.period == "本年" and _at(left, address)}
    whole = bool(left.row and left.column)
    return len(mine) > 1 or any(whole or account.get(address) is None for address in mine)


def _at(left: Unplaced, address: Address) -> bool:
    """Whether an amount may stand at `address` for all that is known of its place."""
    return left.form == address.form and left.row in ("", address.row) and left.column in ("", address.column)
