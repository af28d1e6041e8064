"""Figures as evidence: whether the relations that a form declares within itself hold under one reading of a grid."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

from juesuan.account import Account, Address, Fact, Figure, Unit
from juesuan.reader.tables.placement.grid_reader import Recognised
from juesuan.statute import Expander, Statute, judge, lines


def agrees(recognised: Recognised, statute: Statute) -> bool:
    """Whether as many of the form's own relations hold as fail at least, its amounts at the addresses recognised."""
    account = Account(statute.profile.key, statute.year, Unit(""))
    for placed in recognised.amounts:
        amount = placed.amount
        if amount is not None:
            account.put(Fact(placed.address, Figure(amount.value, Decimal(1).scaleb(-amount.decimals))))
    expander = Expander(statute.forms, cache(lambda form: lines(account, statute, form)))
    held = failed = 0
    for relation in statute.relations.values():
        if relation.form != recognised.form.key:
            continue
        for instance in expander.instances(relation):
            if not any(account.get(address) for address in instance.addresses()):
                continue
            verdict = judge(instance, lambda address: _figure(account, address))
            if verdict is not None:
                failed += verdict.status == "不成立"
                held += verdict.status != "不成立"
    return failed <= held


def _figure(account: Account, address: Address) -> Figure | None:
    fact = account.get(address)
    return fact.figure if fact else None
