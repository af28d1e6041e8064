"""A table that a copy has run together in one line of text: its headings, then each label with its numbers.

项 目 预算数 决算数 合 计 65.00 64.87 公务接待费 21.00 21.00 …: what stands there is a table, though no mark says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec

from juesuan.reader.prose.loose.cells import LooseCell
from juesuan.reader.prose.normal import Normal

_NUMBER = r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?"
_HEAD = re.compile(r"项目(?P<heads>[^\d。;,]{4,60}?)(?=合计|总计|小计|三公|因公|一、|1[、.])")
_ROW = re.compile(rf"(?P<label>(?:\d{{1,2}}[、.])?[^\d。;]{{2,40}}?)(?P<numbers>{_NUMBER}(?: {_NUMBER})*)")
_LEAST = 3
"""So many lines have as many numbers as there are headings, or it is no table."""


class Inline(msgspec.Struct, frozen=True):
    """The cells of such a table, and from where to where in the normal form it reaches."""

    cells: tuple[LooseCell, ...]
    start: int
    end: int


def inline_table(normal: Normal, printed: str, passage: int, width: Callable[[str], int]) -> Inline | None:
    """The table in a paragraph; `width` says how many columns a run of headings names, 0 for none. None for no table.

    A label whose numbers are not as many as the columns is left out: nobody can tell which of them are missing. Where
    the label of the next line is lost, the first numbers are those of the label that stands before them.
    """
    head = _HEAD.search(normal.text)
    columns = width(head["heads"]) if head else 0
    if head is None or columns < 2:
        return None
    cells = [_cell(normal, printed, passage, *head.span())]
    at, rows = head.end(), 0
    while row := _ROW.match(normal.text, at):
        numbers = [(row.start("numbers") + n.start(), row.start("numbers") + n.end())
                   for n in re.finditer(_NUMBER, row["numbers"])]  # fmt: skip
        if len(numbers) < columns:
            break
        if len(numbers) % columns == 0:
            cells.append(_cell(normal, printed, passage, *row.span("label")))
            cells.extend(_cell(normal, printed, passage, *span) for span in numbers[:columns])
            rows += 1
        at = row.end()
    return Inline(tuple(cells), head.start(), at) if rows >= _LEAST else None


def without(normal: Normal, table: Inline) -> Normal:
    """The text without the table: a full stop stands for each of its signs, so that all others keep their places."""
    text = normal.text
    return Normal(text[: table.start] + "。" * (table.end - table.start) + text[table.end :], normal.places)


def _cell(normal: Normal, printed: str, passage: int, start: int, end: int) -> LooseCell:
    first, last = normal.printed(start, end)
    return LooseCell(normal.text[start:end], printed[first:last], passage, first, last)
