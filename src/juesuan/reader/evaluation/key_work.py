"""The key work table (重点工作完成情况表): what was to be done and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from juesuan.account import KeyWork
from juesuan.reader.evaluation.words import bare
from juesuan.reader.raw import RawCell, RawTable
from juesuan.statute import load_evaluation

HEAD = 6
"""How far down the headers may stand: a sheet of a workbook has its title and captions above them."""
_TEXTS = ("matter", "goal", "outcome")


def is_key_work(table: RawTable) -> bool:
    """Whether a grid has the headers of the key work table."""
    return _header(table) is not None


def _header(table: RawTable) -> tuple[int, dict[str, int]] | None:
    words = load_evaluation().key_work
    meanings = {bare(text): key for key, texts in words.items() for text in texts}
    for number, row in enumerate(table.grid()[:HEAD]):
        named = [(bare(cell.text) if cell else "", place) for place, cell in enumerate(row)]
        found = {meanings[text]: place for text, place in reversed(named) if text in meanings}
        if "matter" in found and "outcome" in found:
            return number, found
    return None


def read_key_work(table: RawTable, before: Sequence[KeyWork] = ()) -> list[KeyWork]:
    """The lines of the table behind those of `before`, which it goes on from where it has no headers of its own.

    A line without a number and a matter belongs to the one above it. Empty where the grid is no such table.
    """
    header = _header(table)
    if header is None and not _continues(table, before):
        return []
    first, columns = header or (-1, {key: table.width - 3 + n for n, key in enumerate(_TEXTS)})
    lines = list(before)
    for row in table.grid()[first + 1 :]:
        texts = {key: _text(row, columns.get(key)) for key in _TEXTS}
        if not any(texts.values()):
            continue
        if not texts["matter"] and lines:
            goal, outcome = lines[-1].goal + texts["goal"], lines[-1].outcome + texts["outcome"]
            lines[-1] = msgspec.structs.replace(lines[-1], goal=goal, outcome=outcome)
            continue
        source = next((cell.source for cell in row if cell and cell.text.strip()), None)
        lines.append(KeyWork(texts["matter"], texts["goal"], texts["outcome"], source))
    return lines


def _continues(table: RawTable, before: Sequence[KeyWork]) -> bool:
    """Whether a grid without headers goes on where `before` ended: its first line has the next number or none."""
    first = next((row for row in table.grid() if any(cell and cell.text.strip() for cell in row)), None)
    if not before or first is None or table.width not in (3, 4):
        return False
    number = first[0].text.strip(" 、.") if first[0] else ""
    return number in ("", str(len(before) + 1))


def _text(row: Sequence[RawCell | None], place: int | None) -> str:
    cell = row[place] if place is not None and place < len(row) else None
    return cell.text.strip() if cell else ""
