"""Equations as a document that prints one line in place of several states them: 财政拨款收入 for the three funds."""

from __future__ import annotations

import msgspec

from juesuan.account import Account, Address
from juesuan.statute import Form, Instance, Operand, Statute


def regrouped(instance: Instance, account: Account, statute: Statute) -> Instance | None:
    """`instance` in the lines that the document prints; None where it needs some of the lines that stand as one.

    A form declares which lines another one sums (`sums`). Where a document has that line and not all of those, an
    equation over all of them holds for the one line; an equation over some of them cannot be decided unless they are
    printed beside it (其中：政府性基金预算财政拨款).
    """
    absent = {table.form: frozenset(table.absent) for table in account.tables if table.absent}
    for key in {address.form for address in instance.addresses()} & set(absent):
        form = statute.forms[key]
        for row in form.rows.values():
            lacking = [f"{part}行" in absent[key] for part in row.sums]
            if lacking and (all(lacking) if row.alone else any(lacking)):
                found = _with(instance, form, row.line, frozenset(row.sums), account)
                if found is None:
                    return None
                instance = found
    return instance


def _with(instance: Instance, form: Form, whole: str, parts: frozenset[str], account: Account) -> Instance | None:
    column = next(iter(form.layout.columns_of(whole)))
    if account.get(Address(form.key, whole, column)) is None:
        return instance
    left = _side(instance.left, form.key, whole, parts)
    right = _side(instance.right, form.key, whole, parts)
    found = msgspec.structs.replace(instance, left=left, right=right)
    needed = [a for a in found.addresses() if a.form == form.key and a.row in parts and a.period == "本年"]
    return found if all(account.get(address) for address in needed) else None


def _side(operands: tuple[Operand, ...], form: str, whole: str, parts: frozenset[str]) -> tuple[Operand, ...]:
    """The operands of one side with the line `whole` in place of `parts`, where all of them are there."""
    mine = [o for o in operands if o.address.form == form and o.address.row in parts and o.address.period == "本年"]
    if {o.address.row for o in mine} != parts or len({(o.sign, o.address.column) for o in mine}) != 1:
        return operands
    first = mine[0]
    one = Operand(first.sign, Address(form, whole, first.address.column))
    return tuple(one if o is first else o for o in operands if o is first or o not in mine)
