"""Texts taken back from an edited document: put into what was gathered, and written into a copy of the workbook."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from juesuan.account import Source, cell_name
from juesuan.compiler.entries import Gathered, SheetText
from juesuan.compiler.marking.saving import kept_drop_downs, save_with_values
from juesuan.compiler.workbook import PlannedSheet, sheets
from juesuan.compiler.workbook.grid import SheetGrid, open_book
from juesuan.statute import Statute

_LISTS = {"主要成效": "results", "产出和效益": "outputs"}
_WORDS = {"问题": "problems", "改进措施": "improvement"}
_ORDINAL = re.compile(r"(?:^|[；;。\n])\s*[一二三四五六七八九十]是")
_NUMBER = re.compile(r"^\s*\d+[.．、]\s*")


class Position(msgspec.Struct, frozen=True):
    """Where a text belongs in the workbook: the list that makes records of a kind, the record's line, its field."""

    makes: str
    field: str
    source: Source | None


def take_texts(gathered: Gathered, texts: Mapping[str, str]) -> list[str]:
    """Puts texts of an edited document in the place of those gathered; gives the keys that belong nowhere.

    Keys are those of the account's texts, or name a text of a project (项目:…), of a self-evaluation form (自评表:…) or
    of a line of the key work (重点工作:2:goal).
    """
    return [key for key, text in texts.items() if not _take(gathered, key, text)]


def _take(gathered: Gathered, key: str, text: str) -> bool:
    kind, _, rest = key.partition(":")
    name, _, field = rest.rpartition(":")
    if kind == "项目" and (attribute := {**_LISTS, **_WORDS}.get(field)):
        found = [n for n, project in enumerate(gathered.projects) if project.name == name]
        for n in found[:1]:
            value = items(text) if field in _LISTS else text
            gathered.projects[n] = msgspec.structs.replace(gathered.projects[n], **{attribute: value})
        return bool(found)
    if kind == "自评表":
        return _take_sheet(gathered, name, field, text)
    if kind == "重点工作" and field in ("matter", "goal", "outcome") and name.isdigit():
        index = int(name) - 1
        if index < len(gathered.key_work):
            gathered.key_work[index] = msgspec.structs.replace(gathered.key_work[index], **{field: text})
        return index < len(gathered.key_work)
    gathered.texts[key] = text
    return True


def _take_sheet(gathered: Gathered, name: str, field: str, text: str) -> bool:
    subject, _, number = name.rpartition(":")
    if number.isdigit() and field == "reason":
        found = [n for n, (owner, _) in enumerate(gathered.indicators) if owner == subject]
        if int(number) > len(found):
            return False
        position = found[int(number) - 1]
        owner, indicator = gathered.indicators[position]
        gathered.indicators[position] = owner, msgspec.structs.replace(indicator, reason=text)
        return True
    if field not in ("goals", "deviation", "improvement"):
        return False
    value = numbered(text) if field == "goals" else text
    found = [n for n, sheet in enumerate(gathered.sheets) if sheet.subject == name]
    if not found:
        gathered.sheets.append(SheetText(name))
        found = [len(gathered.sheets) - 1]
    gathered.sheets[found[0]] = msgspec.structs.replace(gathered.sheets[found[0]], **{field: value})
    return True


def items(text: str) -> tuple[str, ...]:
    """The items of a sentence that counts them (一是…；二是…), or the lines of a text."""
    if _ORDINAL.search(text):
        parts = (part.strip().rstrip("；;。") for part in _ORDINAL.split(text))
        return tuple(part for part in parts if part)
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def numbered(text: str) -> tuple[str, ...]:
    """The lines of a text without their numbers (1. …)."""
    return tuple(_NUMBER.sub("", line).strip() for line in text.splitlines() if line.strip())


def write_texts(
    source: Path, target: Path, statute: Statute, gathered: Gathered, texts: Mapping[str, str]
) -> tuple[list[Source], list[str]]:
    """Writes a copy of the workbook at `source` with texts taken back; `gathered` is what the workbook itself says.

    Gives the cells that were written and the keys that no cell was found for. Raises OSError.
    """
    from openpyxl import load_workbook
    from openpyxl.styles import Alignment

    book = load_workbook(source)
    values = load_workbook(source, data_only=True)
    for name, rules in kept_drop_downs(source).items():
        for rule in rules:
            book[name].add_data_validation(rule)
    opened = open_book(source)
    written: list[Source] = []
    homeless: list[str] = []
    for key, text in texts.items():
        place = _cell(key, gathered, statute, opened.grid, opened.names) or _listed(key, book, statute)
        if place is None or place.sheet not in book.sheetnames:
            homeless.append(key)
            continue
        cell: Any = book[place.sheet][place.cell]
        if not text:
            _cleared(book[place.sheet], cell.row)
            written.append(Source(file=target.name, sheet=place.sheet, cell=place.cell))
            continue
        cell.value = _stored(key, text)
        cell.data_type = "s"
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        written.append(Source(file=target.name, sheet=place.sheet, cell=place.cell))
    save_with_values(book, values, target)
    return written, homeless


def _cleared(page: Any, row: int) -> None:
    """Empties a line of a list whose text was taken out."""
    for cell in page[row]:
        cell.value = None


def _stored(key: str, text: str) -> str:
    """A text as its cell holds it: lists one item a line."""
    kind, _, field = key.partition(":")[0], "", key.rpartition(":")[2]
    if kind == "项目" and field in _LISTS:
        return "\n".join(items(text))
    if kind == "自评表" and field == "goals":
        return "\n".join(numbered(text))
    return text


def _position(key: str, gathered: Gathered) -> Position | None:
    """Where a text of a record belongs; None for one that is no record's, or whose record no line makes."""
    kind, _, rest = key.partition(":")
    name, _, field = rest.rpartition(":")
    if kind == "项目" and (attribute := {**_LISTS, **_WORDS}.get(field)):
        source = next((project.source for project in gathered.projects if project.name == name), None)
        return Position("project", attribute, source)
    if kind == "重点工作" and name.isdigit() and int(name) <= len(gathered.key_work):
        return Position("key_work", field, gathered.key_work[int(name) - 1].source)
    if kind == "自评表":
        subject, _, number = name.rpartition(":")
        if number.isdigit() and field == "reason":
            lines = [line for owner, line in gathered.indicators if owner == subject]
            return Position("indicator", field, lines[int(number) - 1].source if int(number) <= len(lines) else None)
        return Position("sheet", field, next((s.place for s in gathered.sheets if s.subject == name), None))
    return None


def _cell(key: str, gathered: Gathered, statute: Statute, grid: Any, names: list[str]) -> Source | None:
    """The cell that a text is written in, where the workbook has one for it."""
    if key in gathered.text_sources or key in gathered.places:
        return gathered.text_sources.get(key) or gathered.places[key]
    position = _position(key, gathered)
    if position is None or position.source is None or position.source.sheet not in names:
        return None
    plan = next((sheet for sheet in sheets(statute) if sheet.plan.makes == position.makes), None)
    row = int(re.sub(r"\D", "", position.source.cell) or 0)
    if plan is None or not row:
        return None
    return _column(grid(position.source.sheet), plan, f"{position.makes}.{position.field}", row)


def _column(grid: SheetGrid, plan: PlannedSheet, target: str, row: int) -> Source | None:
    _, columns = grid.headings(plan.slots)
    column = next((column for column, slot in columns.items() if slot.plan.target == target), 0)
    return grid.source(cell_name(row - 1, column - 1)) if column else None


def _listed(key: str, book: Any, statute: Statute) -> Source | None:
    """The cell of a list whose lines are texts by their place or name (增补段落): that of its line, or of a new one."""
    kind, _, name = key.partition(":")
    for sheet in sheets(statute):
        slots = [slot for slot in sheet.slots if slot.plan.target.startswith(f"texts.{kind}:{{")]
        if not slots or sheet.plan.layout != "list":
            continue
        keyed = slots[0].plan.target.rpartition("{")[2].rstrip("}")
        if sheet.key not in book.sheetnames:
            _made(book, sheet)
        page = book[sheet.key]
        heads = {_plain(cell.value): (cell.row, cell.column) for row in page.iter_rows(max_row=12) for cell in row}
        labels = {slot.plan.key: _plain(slot.plan.label) for slot in sheet.slots}
        if labels[keyed] not in heads or labels[slots[0].plan.key] not in heads:
            return None
        head, first = heads[labels[keyed]]
        column = heads[labels[slots[0].plan.key]][1]
        row = next(_free(page, head + 1, first, name))
        page.cell(row, first).value = name
        page.cell(row, first).data_type = "s"
        return Source(sheet=sheet.key, cell=page.cell(row, column).coordinate)
    return None


def _free(page: Any, row: int, column: int, name: str) -> Iterator[int]:
    """The row with a name, else the first row without one."""
    while page.cell(row, column).value not in (None, "", name):
        row += 1
    known = next((r for r in range(row, page.max_row + 1) if page.cell(r, column).value == name), row)
    yield known


def _made(book: Any, sheet: PlannedSheet) -> None:
    """The sheet of a list in a workbook that is older than it."""
    page = book.create_sheet(sheet.key)
    page["A1"], page["A2"] = sheet.plan.title, sheet.plan.guide
    for column, slot in enumerate(sheet.slots, 1):
        page.cell(3, column, slot.plan.label)
        page.column_dimensions[page.cell(3, column).column_letter].width = slot.plan.width or 14


def _plain(value: Any) -> str:
    return re.sub(r"[\s*＊]", "", str(value or ""))
