"""What is wrong with the accounts of a jurisdiction: an issue, the unit it is about, and the level of its account."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import msgspec

from juesuan.account import Issue, StatedOperand, place_in_file, with_unit
from juesuan.statute import load_rules
from juesuan.statute.checking import load_rollup


class UnitIssue(msgspec.Struct, frozen=True):
    """An issue with the account of a unit, at one of the levels; an empty unit is nobody's."""

    unit: str
    issue: Issue
    level: str = ""


def transfer_issue(
    level: str, unit: str, transfer: str, paid: Decimal, received: Decimal, parts: Sequence[tuple[str, str, Decimal]]
) -> UnitIssue:
    """Transfers within a group that payers and receivers book differently.

    `parts` are unit, what it booked, and how much (yuan).
    """
    plan = next(one for one in load_rollup().transfers if one.key == transfer)
    gap = with_unit(abs(paid - received))
    message = (
        f"内部往来两边不符，{plan.outlay}共 {with_unit(paid)}，"
        f"{plan.income}共 {with_unit(received)}，相差 {gap}。其中："
        + "；".join(f"{name} {what} {with_unit(amount)}" for name, what, amount in parts)
    )
    found = Issue(
        "J123", load_rules()["J123"].severity, message, stated=f"{paid:.2f}", expected=f"{received:.2f}",
        difference=gap, operands=tuple(
            StatedOperand(f"{name} {what}", with_unit(amount)) for name, what, amount in parts
        ),
        where=f"{level}{unit}", address=transfer,
    )
    return UnitIssue(unit, found, level)


def in_unit_order(found: Iterable[UnitIssue]) -> list[UnitIssue]:
    """By unit, and those of a unit as they stand in its files."""
    return sorted(found, key=lambda one: (one.unit, place_in_file(one.issue)))
