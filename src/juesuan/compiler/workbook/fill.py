"""What stands in the cells of a workbook that is written already filled: the way back from Gathered to cells."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from juesuan.account import Project, Unit, plain
from juesuan.compiler.entries import Entry, Gathered
from juesuan.compiler.projects import budgeted
from juesuan.compiler.workbook.plan import PlannedSheet, Slot, address_of, template_of

Value = str | int | Decimal
Line = dict[str, Value]
"""Values by the key of their slot."""


class SheetContents(msgspec.Struct):
    """The values of one sheet: of its single cells, or of its lines."""

    cells: Line = {}
    lines: list[Line] = []


class Filler:
    """Finds the cells for everything in `gathered`, and knows what has found none."""

    def __init__(self, gathered: Gathered) -> None:
        self._gathered = gathered
        self._facts = {fact.address: fact for fact in gathered.facts}
        self._placed: set[int] = set()
        self._texts: set[str] = set()
        self._addresses: set[str] = set()

    def contents(self, sheet: PlannedSheet) -> SheetContents:
        """What stands in `sheet`."""
        if sheet.plan.layout == "fields":
            cells = {slot.plan.key: self._cell(slot) for slot in sheet.inputs}
            return SheetContents(cells={key: value for key, value in cells.items() if value is not None})
        match sheet.plan.makes:
            case "entries":
                lines = self._entry_lines(sheet)
            case "project":
                lines = [self._record(sheet, item, item.name) for item in self._projects(sheet)]
            case "sheet":
                lines = [self._record(sheet, item) for item in self._gathered.sheets]
            case "indicator":
                lines = [{**self._record(sheet, item), "subject": key} for key, item in self._gathered.indicators]
            case "key_work":
                lines = [self._record(sheet, item) for item in self._gathered.key_work]
            case "data_set":
                lines = [self._record(sheet, item) for item in self._gathered.data_sets]
            case "evidence":
                lines = [self._record(sheet, item) for item in self._gathered.bindings]
            case "member":
                unit = self._gathered.unit or Unit(name="")
                lines = [_taken(zip(("name", "note"), member, strict=True)) for member in unit.members]
            case _:
                lines = []
        self._texts_of_lines(sheet, lines)
        return SheetContents(lines=lines)

    def homeless(self) -> list[str]:
        """What has no cell in any of the sheets whose contents were asked for, in Chinese."""
        entries = [
            f"{entry.record} {entry.source} {entry.nature} {entry.function or entry.economy} {plain(entry.amount)} 元"
            for index, entry in enumerate(self._gathered.entries)
            if index not in self._placed and entry.amount
        ]
        facts = [str(address) for address in self._facts if str(address) not in self._addresses]
        texts = [key for key in self._gathered.texts if key not in self._texts]
        return entries + facts + texts

    def _cell(self, slot: Slot) -> Value | None:
        plan = slot.plan
        if plan.address:
            self._addresses.add(str(address_of(plan.address)))
            fact = self._facts.get(address_of(plan.address))
            if fact is None or (slot.money and not fact.figure.value and not plan.required):
                return None
            return fact.figure.value if slot.money else int(fact.figure.value)
        if plan.entry:
            return self._sum(slot, {}) or None
        kind, _, key = plan.target.partition(".")
        match kind:
            case "year":
                return self._gathered.year or None
            case "dates":
                return self._gathered.dates.get(key)
            case "texts":
                self._texts.add(key)
                return self._gathered.texts.get(key)
            case "unit":
                return _written(getattr(self._gathered.unit, key, None), slot)
            case _:
                return None

    def _sum(self, slot: Slot, line: Line) -> Decimal:
        amount = Decimal(0)
        for index, entry in enumerate(self._gathered.entries):
            if _belongs(entry, slot, line):
                self._placed.add(index)
                amount += entry.amount
        return amount

    def _entry_lines(self, sheet: PlannedSheet) -> list[Line]:
        """A line for every combination of code and source that an amount of the sheet has, in order of appearance."""
        keys = [key for key in ("source", "function") if sheet.slot(key)]
        needed = [key for key in keys if (slot := sheet.slot(key)) and slot.plan.required]
        found: dict[tuple[Value, ...], Line] = {}
        for entry in self._gathered.entries:
            line = _taken((key, getattr(entry, key)) for key in keys)
            belongs = any(slot.plan.entry and _belongs(entry, slot, line) for slot in sheet.slots)
            if belongs and entry.amount and all(key in line for key in needed):
                found.setdefault(tuple(line.values()), line)
        for line in found.values():
            for slot in sheet.slots:
                if slot.plan.entry and (amount := self._sum(slot, line)):
                    line[slot.plan.key] = amount
        return list(found.values())

    def _record(self, sheet: PlannedSheet, record: msgspec.Struct, name: str = "") -> Line:
        attributes = dict(self._gathered.attributes.get(name, ()))
        line: Line = {}
        for slot in sheet.inputs:
            field = slot.plan.target.partition(".")[2]
            value = getattr(record, field, None)
            if field == "budget" and isinstance(record, Project) and not record.budget and not _from_workbook(record):
                # A ledger knows nothing of the budget of a project: the cell is left to be filled in.
                continue
            written = _written(attributes.get(slot.plan.label) if value is None else value, slot)
            if written is not None:
                line[slot.plan.key] = written
        return line

    def _projects(self, sheet: PlannedSheet) -> Iterable[Project]:
        """The projects as the sheet has them: where it asks for no outlay, what is put down is budgeted."""
        spent = any(slot.plan.target == "project.outlay" for slot in sheet.inputs)
        return self._gathered.projects if spent else budgeted(self._gathered.projects)

    def _texts_of_lines(self, sheet: PlannedSheet, lines: list[Line]) -> None:
        for slot in sheet.inputs:
            if not slot.of_line:
                continue
            pattern = template_of(slot.plan.target)
            for key, text in self._gathered.texts.items():
                match = pattern.fullmatch(key)
                if match is None:
                    continue
                self._texts.add(key)
                where = match.groupdict()
                line = next((line for line in lines if where.items() <= line.items()), None)
                if line is None:
                    line = dict(where)
                    lines.append(line)
                line[slot.plan.key] = text


def _from_workbook(project: Project) -> bool:
    return project.source is None or bool(project.source.sheet)


def _belongs(entry: Entry, slot: Slot, line: Line) -> bool:
    """Whether `entry` is an amount of `slot` on `line`; a cell for an economic code takes it whatever its item."""
    plan = slot.plan.entry
    if plan is None or (entry.record, entry.nature, entry.period) != (plan.record, plan.nature, plan.period):
        return False
    if entry.part != plan.part:
        return False
    if plan.source and entry.source != plan.source:
        return False
    if slot.economy:
        return entry.economy == slot.economy
    if entry.economy and not entry.function:
        return False
    return all(line.get(key, "") == getattr(entry, key) for key in ("source", "function") if key in line)


def _written(value: object, slot: Slot) -> Value | None:
    """A value of a record as its cell holds it; None for what is left blank."""
    if isinstance(value, tuple):
        value = "\n".join(value)
    if isinstance(value, Decimal):
        return value * 100 if slot.plan.type == "share" else value
    return value if isinstance(value, str) and value else None


def _taken(pairs: Iterable[tuple[str, str]]) -> Line:
    return {key: value for key, value in pairs if value}
