"""The filled-in workbook, read: every value with its place, and every fault of every cell in one pass."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from juesuan.account import Fact, Figure, Issue, Source, Unit
from juesuan.compiler import cells
from juesuan.compiler.coding import Coding
from juesuan.compiler.entries import Entry, Gathered
from juesuan.compiler.messages import BadValueError, Message, issue, issue_at, say, unreadable
from juesuan.compiler.workbook.compare import compare
from juesuan.compiler.workbook.grid import FIELD_VALUE, Book, FilledCell, SheetGrid, normal, open_book
from juesuan.compiler.workbook.lines import FilledLine, Value, gather_line, repeated, text_places
from juesuan.compiler.workbook.plan import EXTRA_CODES, OWN_SHEETS, PlannedSheet, Slot, address_of, sheets
from juesuan.statute import Statute

WHOLE_SHEET = 3
"""So many amounts that look like 万元 tell that the whole sheet is in 万元."""
GUIDE_HEADS = frozenset(["项目", "填写内容", "单位", "说明"])
INHERITED = frozenset(["function", "economy", "choice", "text"])
"""Types whose value a merged cell gives to every line it covers; an amount counts once."""


def read_workbook(path: Path, statute: Statute) -> Gathered:
    """Everything in the workbook at `path`, with a problem for every cell that is wrong; what is right is kept.

    Amounts are exact yuan. Raises UnreadableSourceError for a file that is no workbook of ours.
    """
    return read_book(open_book(path), statute)


def read_book(book: Book, statute: Statute) -> Gathered:
    """The same for sheets that are open already. Raises UnreadableSourceError where none of them is ours."""
    return _Reading(book, statute).run()


class _Reading:
    """One pass over one workbook."""

    def __init__(self, book: Book, statute: Statute) -> None:
        self._book = book
        self._statute = statute
        self._plan = sheets(statute)
        self._found = Gathered()
        self._unit: dict[str, Value] = {}
        self._members: list[tuple[str, str]] = []
        self._options: dict[str, list[str]] = {}
        self._coding = Coding(statute)
        self._lines: dict[str, list[FilledLine]] = {}
        self._in_wan: dict[str, list[Issue]] = {}
        """The amounts of each sheet that look like 万元."""

    def run(self) -> Gathered:
        names = {normal(name): name for name in self._book.names}
        present = {sheet.key: names[normal(sheet.key)] for sheet in self._plan if normal(sheet.key) in names}
        if not present:
            raise unreadable(say("file.strange", file=self._book.file))
        self._prepare(present)
        for sheet in self._plan:
            if sheet.key in present:
                grid = self._book.grid(present[sheet.key])
                (self._read_list if sheet.plan.layout == "list" else self._read_fields)(grid, sheet)
        self._missing_and_unknown(present)
        if self._unit or self._members:
            fields: dict[str, Any] = {"name": "", "nature": "", **self._unit}
            fields["offices"] = cells.lines(str(fields.get("offices", "")))
            self._found.unit = Unit(**fields, members=tuple(self._members))
        self._found.problems.extend(compare(self._plan, self._lines, self._found))
        self._say_once_what_whole_sheets_are_in()
        return self._found

    def _say_once_what_whole_sheets_are_in(self) -> None:
        """One message for a sheet in 万元 throughout, instead of one for each amount that shows it."""
        for sheet, found in self._in_wan.items():
            if len(found) < WHOLE_SHEET:
                continue
            cells_of = "、".join(place.cell for each in found for place in each.places)
            message = say("sheet.wan", count=len(found), cells=cells_of)
            whole = self._on_sheet(sheet, message)
            whole = msgspec.structs.replace(whole, places=tuple(place for each in found for place in each.places))
            self._found.problems[:] = [
                whole if each is found[0] else each
                for each in self._found.problems
                if each is found[0] or not any(each is other for other in found)
            ]

    def _missing_and_unknown(self, present: dict[str, str]) -> None:
        """Sheets that were deleted, given another name, or are none of ours: what they say is not taken for nothing."""
        made_with = self._book.made_with
        missing = {
            sheet.plan.title: sheet.key
            for sheet in self._plan
            if sheet.key not in present
            and (
                (sheet.key in made_with and _has_amounts(sheet))
                or (sheet.plan.layout == "fields" and not sheet.plan.ledger and any(s.insisted for s in sheet.inputs))
            )
        }
        for name in self._book.names:
            if name in (*present.values(), *OWN_SHEETS) or not any(self._book.grid(name).rows(0)):
                continue
            first = self._book.grid(name).row(1).get(1)
            key = missing.pop(cells.text(first.value) or "", "") if first else ""
            message = say("sheet.renamed", sheet=name, key=key) if key else say("sheet.unknown", sheet=name)
            self._found.problems.append(self._on_sheet(name, message))
        for key in missing.values():
            self._found.problems.append(self._on_sheet(key, say("sheet.missing", sheet=key)))

    def _prepare(self, present: dict[str, str]) -> None:
        """Read ahead what other cells are held against: the unit's own codes, and names that may be chosen."""
        extra: dict[str, str] = {}
        for sheet in self._plan:
            text_sources = {slot.plan.options_from for other in self._plan for slot in other.inputs}
            wanted = [slot for slot in sheet.inputs if f"{sheet.key}.{slot.plan.key}" in text_sources]
            if sheet.key not in present or not (wanted or sheet.key == EXTRA_CODES):
                continue
            grid = self._book.grid(present[sheet.key])
            heading, columns = grid.headings(sheet.slots)
            for row in grid.rows(heading):
                filled = {c: grid.resolved(cell) for c, cell in grid.row(row).items() if c in columns}
                line = {columns[c].plan.key: cells.text(cell.value) for c, cell in filled.items() if cell}
                for slot in wanted:
                    name = line.get(slot.plan.key)
                    if name:
                        self._options.setdefault(f"{sheet.key}.{slot.plan.key}", []).append(name)
                if sheet.key == EXTRA_CODES and (code := line.get("code")) and code.isdigit() and len(code) in (5, 7):
                    extra[code] = line.get("name") or ""
        self._coding = Coding(self._statute, extra)

    def _on_sheet(self, sheet: str, message: Message) -> Issue:
        return issue(message, Source(file=self._book.file, sheet=sheet), f"工作表“{sheet}”")

    def _problem(self, grid: SheetGrid, cell: str, message: Message) -> None:
        self._found.problems.append(issue_at(grid.source(cell), message))

    def _value(self, grid: SheetGrid, found: FilledCell, slot: Slot) -> Value | None:
        """The value of a cell; None with the problem noted where it cannot be taken."""
        if found.error:
            key = "uncached" if found.error == "=" else "error"
            self._problem(grid, found.name, say(key, found=found.error))
            return None
        try:
            return self._read(found, slot)
        except BadValueError as error:
            self._problem(grid, found.name, error.message)
            if error.message.key == "amount.wan":
                self._in_wan.setdefault(grid.sheet, []).append(self._found.problems[-1])
            return error.remainder or None

    def _read(self, found: FilledCell, slot: Slot) -> Value | None:
        value, plan, year = found.value, slot.plan, self._statute.year
        if plan.target == "year":
            return cells.year(value, year)
        if plan.options_from:
            return self._chosen(value, slot)
        readers: dict[str, Callable[[], Value | None]] = {
            "yuan": lambda: cells.amount(value),
            "wan": lambda: cells.amount_in_wan(value),
            "count": lambda: cells.count(value),
            "points": lambda: cells.points(value),
            "share": lambda: cells.share(value, percent=found.percent),
            "date": lambda: cells.iso_date(value, f"{year + 1}-09-15"),
            "choice": lambda: cells.choice(value, plan.options),
            "function": lambda: self._coding.read(value, "功能分类"),
            "economy": lambda: self._coding.read(value, "经济分类"),
        }
        reader = readers.get(plan.type)
        if reader:
            return reader()
        text = cells.text(value, percent=found.percent)
        return " ".join(text.split("\n")) if text and plan.type == "text" else text

    def _chosen(self, value: cells.Raw, slot: Slot) -> str | None:
        """An option that another sheet gives, or one of the fixed ones."""
        found = cells.text(value)
        options = [*slot.plan.options, *self._options.get(slot.plan.options_from, [])]
        if found is None or found in options:
            return found
        raise BadValueError(
            say(
                "subject",
                found=found,
                fixed="、".join(slot.plan.options),
                sheet=slot.plan.options_from.partition(".")[0],
                nearest=cells.nearest(found, options),
            )
        )

    # sheets of single cells

    def _read_fields(self, grid: SheetGrid, sheet: PlannedSheet) -> None:
        names, rows = grid.labels(sheet)
        heads = [found.column for row in (2, 3, 4) for found in grid.row(row).values() if found.value == FIELD_VALUE]
        column = heads[0] if heads else names + 1
        values: FilledLine = FilledLine(sheet.key, grid, 0)
        for row, slot in rows.items():
            found = grid.resolved(grid.at(row, column)) if not slot.computed else None
            value = self._value(grid, found, slot) if found else None
            name = FilledCell(None, row, column).name
            kind, _, key = slot.plan.target.partition(".")
            if kind == "texts":
                self._found.places[key] = grid.source(name)
            elif slot.plan.address:
                self._found.places[str(address_of(slot.plan.address))] = grid.source(name)
            if value is not None:
                values.put(slot.plan.key, value, name)
                self._place(grid, slot, value, name)
            elif slot.insisted and not found:
                self._problem(grid, name, say("required.field", label=slot.plan.label))
        for slot in sheet.inputs:
            if slot.insisted and slot not in rows.values():
                self._problem(grid, "A1", say("label.missing", label=slot.plan.label))
        self._unknown_rows(grid, rows, names, column)
        self._lines[sheet.key] = [values]

    def _unknown_rows(self, grid: SheetGrid, rows: dict[int, Slot], names: int, column: int) -> None:
        """Report values beside names that are not ours, but not sums: ours, or of the user's own."""
        for row in grid.rows(min(rows, default=0)):
            label, value = grid.at(row, names), grid.at(row, column)
            if row in rows or value is None or value.formula or value.value in GUIDE_HEADS:
                continue
            shown = cells.shown(label.value) if label else ""
            self._problem(grid, value.name, say("label.unknown", label=shown))

    def _place(self, grid: SheetGrid, slot: Slot, value: Value, name: str) -> None:
        """Put the value of a single cell where it belongs."""
        source = grid.source(name)
        plan = slot.plan
        if plan.address and isinstance(value, Decimal | int):
            if value or plan.required or not slot.money:
                self._found.facts.append(Fact(address_of(plan.address), Figure(Decimal(value)), source))
        elif plan.entry and isinstance(value, Decimal):
            if value:
                entry = plan.entry
                self._found.entries.append(
                    Entry(
                        entry.record,
                        entry.source,
                        value,
                        nature=entry.nature,
                        economy=slot.economy,
                        period=entry.period,
                        place=source,
                    )
                )
        else:
            self._place_target(plan.target, value, source)

    def _place_target(self, target: str, value: Value, source: Source) -> None:
        kind, _, key = target.partition(".")
        if kind == "year" and isinstance(value, int):
            self._found.year = value
        elif kind == "unit":
            self._unit[key] = value
            self._found.text_sources[target] = source
        elif kind in ("texts", "dates"):
            (self._found.texts if kind == "texts" else self._found.dates)[key] = str(value)
            self._found.text_sources[key] = source

    # lists

    def _read_list(self, grid: SheetGrid, sheet: PlannedSheet) -> None:
        heading, columns = grid.headings(sheet.slots)
        content = [row for row in grid.rows(heading) if self._fills(grid, row, columns)]
        if content or (not heading and any(grid.rows(0))):
            for slot in sheet.inputs:
                if slot.insisted and slot not in columns.values():
                    self._problem(grid, f"A{heading or 1}", say("header.missing", label=slot.plan.label))
        self._unknown_columns(grid, heading, columns)
        read = [self._line(grid, sheet, row, columns) for row in content] if heading else []
        lines = [line for line in read if line is not None]
        for line in lines:
            gather_line(sheet, line, self._found, self._statute)
        self._found.places.update(text_places(grid, heading, columns, lines))
        if sheet.plan.makes == "member":
            self._members = [(str(line.values.get("name", "")), str(line.values.get("note", ""))) for line in lines]
        self._found.problems.extend(repeated(sheet, lines))
        self._lines[sheet.key] = lines

    def _fills(self, grid: SheetGrid, row: int, columns: dict[int, Slot]) -> bool:
        return any(c in columns and not columns[c].computed for c in grid.row(row))

    def _line(self, grid: SheetGrid, sheet: PlannedSheet, row: int, columns: dict[int, Slot]) -> FilledLine | None:
        """A line's values; None for a line of totals, which is reported once and not as an unknown code besides."""
        line = FilledLine(sheet.key, grid, row)
        faults = len(self._found.problems)
        without: list[tuple[Slot, str]] = []
        for column, slot in sorted(columns.items()):
            if slot.computed:
                continue
            found = grid.resolved(grid.at(row, column))
            if found is None and slot.plan.type in INHERITED:
                found = grid.resolved(grid.merged(row, column))
            if found:
                value = self._value(grid, found, slot)
                if value is not None:
                    line.put(slot.plan.key, value, FilledCell(None, row, column).name)
                elif slot.plan.type in ("function", "economy") and cells.is_total(found.value):
                    del self._found.problems[faults + 1 :]
                    return None
                continue
            line.blanks[slot.plan.key] = name = FilledCell(None, row, column).name
            if slot.insisted:
                without.append((slot, name))
        texts_only = sheet.plan.makes == "entries" and _texts_only(sheet, line)
        for slot, name in without:
            if not (texts_only and slot.plan.type == "choice"):
                self._problem(grid, name, say("required", label=slot.plan.label))
        return line

    def _unknown_columns(self, grid: SheetGrid, heading: int, columns: dict[int, Slot]) -> None:
        """Report columns that are not ours and hold something; a user's own sums beside ours do no harm."""
        seen: set[int] = set()
        for row in grid.rows(heading):
            for column, found in grid.row(row).items():
                if column in columns or column in seen or found.formula or not heading:
                    continue
                seen.add(column)
                head = grid.at(heading, column)
                label = cells.shown(head.value) if head else ""
                self._problem(grid, head.name if head else found.name, say("header.unknown", label=label))


def _texts_only(sheet: PlannedSheet, line: FilledLine) -> bool:
    """Whether a line of amounts has none and only says something of its item: then it needs no source of funds."""
    filled = [slot for slot in sheet.inputs if slot.plan.key in line.values]
    return any(slot.of_line for slot in filled) and not any(slot.money for slot in filled)


def _has_amounts(sheet: PlannedSheet) -> bool:
    """Whether a sheet asks for figures, whose absence would be published as nothing."""
    return any(slot.plan.type in ("yuan", "wan", "count") for slot in sheet.inputs)
