"""Texts of an edited document put where they are filled in on the screen."""

from __future__ import annotations

import re
from collections.abc import Mapping

from juesuan.compiler.editor.content import ContentBook, ContentLine, FilingContent, Page
from juesuan.compiler.editor.examination import place_of_text
from juesuan.compiler.marking.taking import items, numbered
from juesuan.compiler.workbook.plan import PlannedSheet, Slot
from juesuan.statute import Statute

_PROJECT = {"主要成效": "results", "产出和效益": "outputs", "问题": "problems", "改进措施": "improvement"}
_LISTS = ("project.results", "project.outputs")
_GOALS = "sheet.goals"
_TEXTS = "texts."


def put_texts(filled: FilingContent, statute: Statute, texts: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Writes texts, by the keys that an account has them under, into `filled`.

    Gives the sheets that were written to, and the keys that have no cell: their line was not filled in.
    """
    book = ContentBook(filled, statute)
    sheets: dict[str, None] = {}
    homeless: list[str] = []
    for key, text in texts.items():
        sheet = _put(filled, book, key, text)
        if sheet:
            sheets[sheet] = None
        else:
            homeless.append(key)
    return list(sheets), homeless


def _put(filled: FilingContent, book: ContentBook, key: str, text: str) -> str:
    kind, _, rest = key.partition(":")
    name, _, field = rest.rpartition(":")
    if kind == "项目" and field in _PROJECT:
        return _in_record(filled, book, f"project.{_PROJECT[field]}", "project.name", name, 0, text)
    if kind == "自评表":
        subject, _, number = name.rpartition(":")
        if number.isdigit():
            return _in_record(
                filled, book, f"indicator.{field}", "indicator.subject", subject, int(number) - 1, text
            )
        return _in_record(filled, book, f"sheet.{field}", "sheet.subject", name, 0, text)
    if kind == "重点工作" and name.isdigit():
        return _in_record(filled, book, f"key_work.{field}", "", "", int(name) - 1, text)
    return _in_text(filled, book, key, text)


def _in_record(
    filled: FilingContent, book: ContentBook, target: str, named: str, name: str, number: int, text: str
) -> str:
    """Writes into the line of a record: of those whose cell `named` says `name`, the one of that number."""
    for sheet in book.sheets.values():
        slots = {slot.plan.target: slot for slot in sheet.inputs}
        if target not in slots:
            continue
        key = slots[named].plan.key if named in slots else ""
        lines = [line for line in filled.page(sheet.key).lines if not key or line.cells.get(key, "").strip() == name]
        if number < len(lines):
            lines[number].cells[slots[target].plan.key] = _stored(target, text)
            return sheet.key
    return ""


def _stored(target: str, text: str) -> str:
    """A text as its cell holds it: lists one item a line."""
    if target in _LISTS:
        return "\n".join(items(text))
    return "\n".join(numbered(text)) if target == _GOALS else text


def _in_text(filled: FilingContent, book: ContentBook, key: str, text: str) -> str:
    spot = place_of_text(key, book, filled)
    if spot is not None:
        page = filled.page(spot.sheet)
        line = page.line(spot.line) if spot.line else None
        (line.cells if line else page.cells)[spot.key] = text
        return spot.sheet
    for sheet in book.sheets.values():
        for slot in sheet.inputs:
            where = _line_of(slot, key)
            if where is None:
                continue
            page = filled.page(sheet.key)
            line = next((each for each in page.lines if _is_of(each.cells, where)), None)
            if line is None and not sheet.plan.makes:
                line = _new(sheet, page, where)
            if line is not None:
                line.cells[slot.plan.key] = text
                return sheet.key
    return ""


def _line_of(slot: Slot, key: str) -> dict[str, str] | None:
    """The cells that tell the line of a text (增补:{place}), whatever signs they hold; None for another's text."""
    target = slot.plan.target
    if not slot.of_line or not target.startswith(_TEXTS):
        return None
    pattern = re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(target.removeprefix(_TEXTS)))
    match = re.fullmatch(pattern, key)
    return match.groupdict() if match else None


def _is_of(cells: Mapping[str, str], where: Mapping[str, str]) -> bool:
    return all(cells.get(name, "").strip() == value for name, value in where.items())


def _new(sheet: PlannedSheet, page: Page, where: Mapping[str, str]) -> ContentLine:
    known = {slot.plan.key for slot in sheet.slots}
    return page.add({name: value for name, value in where.items() if name in known})
