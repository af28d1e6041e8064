"""The totals of a sheet: which columns have one, what a line sums; once for workbook and screen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from juesuan.account import total
from juesuan.compiler.workbook.plan import PlannedSheet, Slot

TOTALLED = ("entries", "project")
"""What the lines of a list become where its columns of amounts have totals."""


def has_totals(sheet: PlannedSheet) -> bool:
    """Whether the sheet is a list whose columns of amounts have totals."""
    return sheet.plan.layout == "list" and sheet.plan.makes in TOTALLED and any(slot.money for slot in sheet.slots)


def summed_slots(sheet: PlannedSheet) -> list[Slot]:
    """The columns that a line's sum adds up: the amounts of this year."""
    return [slot for slot in sheet.slots if slot.money and slot.plan.entry and slot.plan.entry.period == "本年"]


def line_total(sheet: PlannedSheet, line: Mapping[str, Decimal]) -> Decimal | None:
    """The sum in yuan of a line's amounts of this year by column key; None where it has none."""
    amounts = [line[slot.plan.key] for slot in summed_slots(sheet) if slot.plan.key in line]
    return total(amounts) if amounts else None


def column_total(sheet: PlannedSheet, slot: Slot, lines: Iterable[Mapping[str, Decimal]]) -> Decimal | None:
    """The sum in yuan of a column of amounts, or of the column of the lines' sums; None where nothing is filled in."""
    keys = [slot.plan.key] if slot.money else [other.plan.key for other in summed_slots(sheet)]
    amounts = [line[key] for line in lines for key in keys if key in line]
    return total(amounts) if amounts else None
