"""The sheets of the workbook for one statute: as declared, with the columns and cells that forms and clauses add."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache, cached_property

import msgspec

from juesuan.account import Address
from juesuan.statute import CODE_LENGTHS, CellPlan, EntryPlan, Form, SheetPlan, Statute, Takes, Workbook
from juesuan.statute.articulation import NotationError, parse_place

EXTRA_CODES = "自定义科目"
"""The sheet where a unit declares codes that our tables lack."""

INSTRUCTIONS = "填报说明"
CODE_SHEET = "科目"
OPTION_SHEET = "选项"
INDICATOR_REASON = "indicator.reason"
"""The target of the column in which deviations of indicators are explained."""
COMPLAINTS = "待办清单"
"""The sheet that a marked copy has besides: the list of complaints."""
OWN_SHEETS = frozenset([INSTRUCTIONS, CODE_SHEET, OPTION_SHEET, COMPLAINTS])
"""Sheets of the workbook that hold nothing to read."""

COMPUTED = frozenset(["lookup", "sum"])
MONEY = frozenset(["yuan", "wan"])
_NUMERAL = re.compile(r"^(?:[一二三四五六七八九十]+、|\d+[.．、]\s*)")

_KNOWN_TO_LEDGER: frozenset[str] = frozenset(["收入", "支出"])

PROFILE_PROPERTY = "juesuan_profile"
"""The custom property in which a workbook remembers the profile it was made for."""

SHEETS_PROPERTY = "juesuan_sheets"
"""Custom property with the sheets that a workbook was made with, so that one deleted since is missed."""


class Slot(msgspec.Struct, frozen=True):
    """A column or cell of a sheet; `economy` is the economic code whose amount a generated cell holds."""

    plan: CellPlan
    economy: str = ""

    @property
    def computed(self) -> bool:
        """Whether the workbook itself fills it in."""
        return self.plan.type in COMPUTED

    @property
    def money(self) -> bool:
        """Whether it holds an amount of money."""
        return self.plan.type in MONEY

    @property
    def of_line(self) -> bool:
        """Whether its target names another cell of the line (texts.{function}:…)."""
        return "{" in self.plan.target

    @property
    def insisted(self) -> bool:
        """Whether leaving it empty is a fault here; a missing text becomes a marked gap of the narrative instead."""
        return self.plan.required and not self.plan.target.startswith("texts.")


class PlannedSheet(msgspec.Struct, frozen=True, dict=True):
    """A sheet with all of its columns or cells."""

    plan: SheetPlan
    slots: tuple[Slot, ...]

    @property
    def key(self) -> str:
        """The name on the sheet's tab."""
        return self.plan.key

    @cached_property
    def inputs(self) -> tuple[Slot, ...]:
        """The slots that somebody fills in."""
        return tuple(slot for slot in self.slots if not slot.computed)

    def slot(self, key: str) -> Slot | None:
        """The slot called `key`."""
        return next((slot for slot in self.slots if slot.plan.key == key), None)


def sheets(statute: Statute, *, ledger: bool = False) -> tuple[PlannedSheet, ...]:
    """The sheets of the workbook in order; with `ledger` without everything that a ledger knows."""
    declared: Workbook = statute.workbook
    found = []
    for plan in declared.sheets:
        if ledger and plan.ledger:
            continue
        slots = list(_slots(plan, statute))
        if ledger and plan.makes == "entries":
            slots = [slot for slot in slots if not known_to_ledger(slot)]
        if slots:
            found.append(PlannedSheet(plan, tuple(slots)))
    return tuple(found)


def unanswered(sheet: PlannedSheet, answered: frozenset[str]) -> PlannedSheet:
    """The sheet without the cells that exports answer: `answered` are the forms and addresses that they speak of.

    A list of amounts that would be left without one has no slots.
    """

    def stays(slot: Slot) -> bool:
        if slot.plan.entry:
            return not answered or slot.plan.entry.period != "本年"
        if not slot.plan.address:
            return True
        address = address_of(slot.plan.address)
        known = address.period == "本年" and (address.form in answered or str(address) in answered)
        return slot.insisted or not known

    slots = tuple(slot for slot in sheet.slots if stays(slot))
    if sheet.plan.makes == "entries" and not any(slot.money or slot.of_line for slot in slots):
        slots = ()
    return msgspec.structs.replace(sheet, slots=slots)


def known_to_ledger(slot: Slot) -> bool:
    """Whether a ledger knows what stands there: this year's income and outlay, and sums of them."""
    entry = slot.plan.entry
    if entry is None:
        return slot.plan.type == "sum"
    return entry.record in _KNOWN_TO_LEDGER and entry.period == "本年"


def _slots(plan: SheetPlan, statute: Statute) -> Iterator[Slot]:
    if plan.texts:
        for field in statute.profile.overview:
            yield Slot(
                CellPlan(
                    key=field.key,
                    label=field.title,
                    type="long",
                    required=field.required,
                    help=field.wanted,
                    target=f"texts.{field.key}",
                )
            )
    yield from (Slot(cell) for cell in plan.cells)
    if plan.columns_from:
        yield from _of_rows(statute, plan.columns_from.form, plan.columns_from.record)
    if plan.cells_from:
        yield from _of_codes(statute, plan.cells_from.form)
    if plan.reasons:
        for key, section in statute.reasons():
            yield Slot(CellPlan(key=key, label=key, type="long", target=f"texts.{key}", group=section))


def _of_rows(statute: Statute, form: str, record: str) -> Iterator[Slot]:
    """A column for each line of the form that collects one source of `record`."""
    for row in statute.forms[form].rows.values():
        if row.takes and row.takes.record == record and row.takes.sources:
            source = row.takes.sources[0]
            entry = EntryPlan(record=record, source=source)
            yield Slot(CellPlan(key=source, label=_NUMERAL.sub("", row.label), type="yuan", entry=entry))


def _of_codes(statute: Statute, key: str) -> Iterator[Slot]:
    """A cell for each economic code of the form at the level where amounts are recorded (款)."""
    form = statute.forms[key]
    collecting = [form.takes] if form.takes else [column.takes for column in form.columns.values() if column.takes]
    if not collecting or collecting[0] is None:
        return
    takes = collecting[0]
    entry = EntryPlan(
        record=takes.record,
        source=takes.sources[0] if takes.sources else "",
        nature=takes.natures[0] if takes.natures else "",
    )
    for code in _recorded(form, [each for each in collecting if each], statute):
        name = statute.economic.name(code, statute.year)
        group = statute.economic.name(code[:3], statute.year)
        cell = CellPlan(
            key=code, label=f"{code} {name}".strip(), type="yuan", entry=entry, group=f"{code[:3]} {group}".strip()
        )
        yield Slot(cell, economy=code)


def _recorded(form: Form, collecting: Sequence[Takes], statute: Statute) -> list[str]:
    """The economic codes that amounts of a form are recorded by: those it prints, else those of its classes."""
    codes = form.codes or {entry.code for entry in statute.economic.of_year(statute.year)}
    classes = tuple(known for takes in collecting for known in takes.classes)
    return sorted(
        code for code in codes if len(code) == CODE_LENGTHS["款"] and (not classes or code.startswith(classes))
    )


def needs_function(statute: Statute, record: str, source: str) -> bool:
    """Whether a published table shows this record and source by functional items, so that the item must be known."""
    collectors = (
        column.takes
        for form in statute.published
        if form.classification == "功能分类"
        for column in form.columns.values()
    )
    return any(
        takes is not None and takes.record == record and takes.sources in ((source,), ()) for takes in collectors
    )


@cache
def address_of(text: str) -> Address:
    """The address of a cell's fact, from its notation. Raises NotationError."""
    place = parse_place(text)
    if place.rows is None or place.columns is None or place.form is None:
        raise NotationError(f"“{text}”没有同时写明表、行和栏")
    return Address(place.form, place.rows.key, place.columns.key, place.period)


def addresses(statute: Statute) -> Iterator[Address]:
    """The addresses of all single cells of the workbook."""
    for sheet in sheets(statute):
        for slot in sheet.slots:
            if slot.plan.address:
                yield address_of(slot.plan.address)


def template_of(target: str) -> re.Pattern[str]:
    """A pattern for the keys that a target of a line can take: `texts.{function}:主要用于` finds the function."""
    literal = re.escape(target.removeprefix("texts."))
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^:]+)", literal))
