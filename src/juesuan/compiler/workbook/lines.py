"""The lines of a list, and the records of the account they become."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar

import msgspec

from juesuan.account import ZERO, Indicator, Issue, KeyWork, Project, Source
from juesuan.compiler.cells import lines as lines_of
from juesuan.compiler.entries import BindingLine, DataSetLine, Entry, Gathered, SheetText
from juesuan.compiler.messages import Message, issue_at, say
from juesuan.compiler.workbook.grid import FilledCell, SheetGrid
from juesuan.compiler.workbook.plan import INDICATOR_REASON, PlannedSheet, Slot, needs_function
from juesuan.statute import Statute

Value = str | int | Decimal
Record = TypeVar("Record", bound=msgspec.Struct)

IDENTITY: dict[str, tuple[str, ...]] = {
    "entries": ("source", "function"),
    "project": ("name", "fund"),
    "sheet": ("subject",),
    "indicator": ("subject", "level1", "level2", "name"),
    "member": ("name",),
    "data_set": ("name",),
    "evidence": ("subject", "name"),
    "": ("code",),
}
"""The slots that tell the lines of a list apart, by what the list makes."""


class FilledLine:
    """The good values of one line of a sheet, with the name of the cell each stands in."""

    def __init__(self, sheet: str, grid: SheetGrid, row: int) -> None:
        self.sheet = sheet
        self.row = row
        self.values: dict[str, Value] = {}
        self.cells: dict[str, str] = {}
        self.blanks: dict[str, str] = {}
        """The cells of the line that nothing stands in, by key."""
        self._grid = grid

    def put(self, key: str, value: Value, cell: str) -> None:
        """Record the value of the slot `key`."""
        self.values[key] = value
        self.cells[key] = cell

    def text(self, key: str) -> str:
        """A text of the line, empty where it has none."""
        return str(self.values.get(key, ""))

    def source(self, key: str = "") -> Source:
        """The place of a value, written or not, or of the line's first one."""
        own = self.cells.get(key) or self.blanks.get(key)
        return self._grid.source(own or next(iter(self.cells.values()), f"A{self.row}"))

    def problem(self, key: str, message: Message) -> Issue:
        """A problem with the value of `key`."""
        return issue_at(self.source(key), message)


def gather_line(sheet: PlannedSheet, line: FilledLine, found: Gathered, statute: Statute) -> None:
    """Add to `found` what a line says: its record, its amounts, its texts."""
    match sheet.plan.makes:
        case "entries":
            _entries(sheet, line, found, statute)
        case "project" if line.text("name"):
            project = _record(Project, sheet, line)
            found.projects.append(project)
            attributes = _attributes(sheet, line)
            if attributes:
                found.attributes[project.name] = attributes
        case "sheet" if line.text("subject"):
            found.sheets.append(_record(SheetText, sheet, line, place="place", at="deviation"))
        case "indicator" if line.text("subject"):
            # What is to be said of an indicator is mostly of its actual value.
            found.indicators.append((line.text("subject"), _record(Indicator, sheet, line, at="actual")))
        case "key_work":
            found.key_work.append(_record(KeyWork, sheet, line))
        case "data_set" if line.text("name"):
            found.data_sets.append(_record(DataSetLine, sheet, line))
        case "evidence" if line.text("subject") and line.text("name"):
            found.bindings.append(_record(BindingLine, sheet, line))
    _texts(sheet, line, found)


def _entries(sheet: PlannedSheet, line: FilledLine, found: Gathered, statute: Statute) -> None:
    """The amounts of a line; without the code or source that it must have they belong nowhere."""
    if any(slot.plan.required and not slot.money and slot.plan.key not in line.values for slot in sheet.inputs):
        return
    for slot in sheet.inputs:
        amount, plan = line.values.get(slot.plan.key), slot.plan.entry
        if plan is None or not isinstance(amount, Decimal) or not amount:
            continue
        source, function = plan.source or line.text("source"), line.text("function")
        missing = sheet.slot("function") and "function" not in line.values
        if missing and needs_function(statute, plan.record, source):
            message = say("function.needed", source=source, record=plan.record)
            found.problems.append(line.problem(slot.plan.key, message))
        found.entries.append(
            Entry(
                plan.record,
                source,
                amount,
                nature=plan.nature,
                function=function,
                economy=line.text("economy"),
                period=plan.period,
                place=line.source(slot.plan.key),
                part=plan.part,
            )
        )


@cache
def _fields(kind: type[Record]) -> tuple[msgspec.structs.FieldInfo, ...]:
    return msgspec.structs.fields(kind)


def _record(
    kind: type[Record], sheet: PlannedSheet, line: FilledLine, *, place: str = "source", at: str = ""
) -> Record:
    """The record that a line's targets make up; what it lacks is empty or zero, and reported elsewhere.

    The field `place` of it is where the line, or its value of the key `at`, stands in the workbook.
    """
    given: dict[str, Any] = {place: line.source(at)} if place else {}
    targets = {slot.plan.target.partition(".")[2]: slot.plan.key for slot in sheet.inputs}
    for field in _fields(kind):
        value = line.values.get(targets.get(field.name, ""))
        if value is not None:
            given[field.name] = lines_of(str(value)) if "tuple" in str(field.type) else value
        elif field.required and field.name not in given:
            given[field.name] = ZERO if field.type is Decimal else ""
    return kind(**given)


def _attributes(sheet: PlannedSheet, line: FilledLine) -> tuple[tuple[str, str], ...]:
    """What a project is ticked as: the choices that are no fields of it, by their labels."""
    fields = {field.name for field in _fields(Project)}
    return tuple(
        (slot.plan.label, line.text(slot.plan.key))
        for slot in sheet.inputs
        if slot.plan.target.partition(".")[2] not in fields and line.text(slot.plan.key)
    )


def _texts(sheet: PlannedSheet, line: FilledLine, found: Gathered) -> None:
    """The texts of a line, under keys made with its code."""
    for slot in sheet.inputs:
        if not slot.of_line or slot.plan.key not in line.values:
            continue
        try:
            key = slot.plan.target.removeprefix("texts.").format(**line.values)
        except KeyError:
            continue
        text = line.text(slot.plan.key)
        if found.texts.get(key, text) != text:
            first = found.text_sources[key].cell
            message = say("text.twice", code=line.text("function"), label=slot.plan.label, cell=first)
            found.problems.append(line.problem(slot.plan.key, message))
            continue
        found.texts[key] = text
        found.text_sources[key] = line.source(slot.plan.key)


def text_places(
    grid: SheetGrid, heading: int, columns: Mapping[int, Slot], lines: Sequence[FilledLine]
) -> dict[str, Source]:
    """Where the texts of a list's lines are written, by their keys, and the heading of each such column.

    The reason of an indicator has the cell that its line is known by in its key.
    """
    found: dict[str, Source] = {}
    for column, slot in columns.items():
        if not slot.of_line and slot.plan.target != INDICATOR_REASON:
            continue
        template = slot.plan.target.removeprefix("texts.")
        found[template] = grid.source(FilledCell(None, heading, column).name)
        for line in lines:
            key = f"{INDICATOR_REASON} {line.source().cell}" if not slot.of_line else ""
            with suppress(KeyError):
                key = key or template.format(**line.values)
                found.setdefault(key, grid.source(FilledCell(None, line.row, column).name))
    return found


def repeated(sheet: PlannedSheet, lines: Sequence[FilledLine]) -> list[Issue]:
    """A problem for each line that says of the same thing what an earlier one says."""
    keys = [key for key in IDENTITY.get(sheet.plan.makes, ()) if sheet.slot(key)]
    first: dict[tuple[str, ...], FilledLine] = {}
    problems = []
    for line in lines:
        what = tuple(line.text(key) for key in keys)
        if not any(what) or any(
            not line.text(key) and (slot := sheet.slot(key)) and slot.plan.required for key in keys
        ):
            continue
        earlier = first.setdefault(what, line)
        if earlier is not line:
            named = "、".join(text for text in what if text)
            problems.append(line.problem(keys[-1], say("duplicate", line=earlier.row, what=named)))
    return problems
