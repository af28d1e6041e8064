"""Tables that a document prints in parts, each with the headings again: put together before they are recognised."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import msgspec

from juesuan.reader.raw import RawBlock, RawTable, RawText

_HEADS = 8
"""The headings of a table stand within so many of its first lines."""
_BETWEEN = re.compile(r"[(（]?(?:续表?|接上表|续上表)[)）]?|[-—第]*\d{1,4}[-—页]*|(?:金额)?单位[:：].*|公开\d+表.*|")

Title = Callable[[str], str]
"""What a paragraph is the title of; empty where it is none."""


def together(blocks: Sequence[RawBlock], title: Title) -> list[RawBlock]:
    """The blocks with the parts of one table as one table.

    A part goes on where nothing but page numbers, 续表, the same title and its unit stand between, and where it begins
    with the headings of the table before it.
    """
    found: list[RawBlock] = []
    between: list[RawText] = []
    last: RawTable | None = None
    named = ""
    for block in blocks:
        if isinstance(block, RawText):
            between.append(block)
            continue
        titles = [name for text in between if (name := title(text.text))]
        if last is not None and all(_passes(text.text, named, title) for text in between):
            skipped = _repeated(last, block)
            if skipped:
                last = _joined(last, block, skipped)
                found[-1] = last
                between = []
                continue
        found.extend(between)
        found.append(block)
        between, last, named = [], block, titles[-1] if titles else named
    return [*found, *between]


def _passes(text: str, named: str, title: Title) -> bool:
    plain = re.sub(r"\s+", "", text)
    return bool(_BETWEEN.fullmatch(plain)) or (bool(named) and title(text) == named)


def _texts(table: RawTable) -> list[tuple[str, ...]]:
    return [tuple(re.sub(r"\s+", "", cell.text) if cell else "" for cell in cells) for cells in table.grid()]


def _repeated(first: RawTable, second: RawTable) -> int:
    """How many lines the second part begins with that the first had as its headings; 0 where it is no part of it."""
    if first.width != second.width:
        return 0
    above, below = _texts(first)[:_HEADS], _texts(second)
    if not below or below[0] not in above or len(set(below[0]) - {""}) < 2:
        return 0
    start = above.index(below[0])
    same = 0
    for one, other in zip(above[start:], below, strict=False):
        if one != other:
            break
        same += 1
    return same


def _joined(first: RawTable, second: RawTable, skipped: int) -> RawTable:
    shift = first.height - skipped
    cells = tuple(
        msgspec.structs.replace(cell, row=cell.row + shift) for cell in second.cells if cell.row >= skipped
    )
    return msgspec.structs.replace(first, cells=(*first.cells, *cells), height=first.height + second.height - skipped)
