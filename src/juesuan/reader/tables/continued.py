"""Tables that a document prints in parts, each with the headings again: put together before they are recognised."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import msgspec

from juesuan.account import spaceless
from juesuan.reader.amounts import read_amount
from juesuan.reader.raw import RawBlock, RawTable, RawText

_TELLING = 2
"""Repeated headings have so many different texts at least."""
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
            if skipped is not None:
                last = _joined(last, block, skipped)
                found[-1] = last
                between = []
                continue
        found.extend(between)
        found.append(block)
        between, last, named = [], block, titles[-1] if titles else named
    return [*found, *between]


def _passes(text: str, named: str, title: Title) -> bool:
    plain = spaceless(text)
    return bool(_BETWEEN.fullmatch(plain)) or (bool(named) and title(text) == named)


def _texts(table: RawTable) -> list[tuple[str, ...]]:
    return [tuple(spaceless(cell.text) if cell else "" for cell in cells) for cells in table.grid()]


def _repeated(first: RawTable, second: RawTable) -> int | None:
    """How many lines the second part begins with that the first had as its headings; None where it is no part of it.

    A part without headings goes on with amounts in its first line, under the headings of the part before.
    """
    if first.width != second.width:
        return None
    above, below = _texts(first)[:_HEADS], _texts(second)
    if not below:
        return None
    start = above.index(below[0]) if below[0] in above else None
    if start is None:
        return 0 if _goes_on(above, below) else None
    same = 0
    for one, other in zip(above[start:], below, strict=False):
        if one != other:
            break
        same += 1
    texts = {text for line in below[:same] for text in line} - {""}
    return same if len(texts) >= _TELLING else None


def _goes_on(above: Sequence[tuple[str, ...]], below: Sequence[tuple[str, ...]]) -> bool:
    """Whether a grid has no headings of its own: its first line already has amounts, as the one before has at last."""
    first = [text for text in below[0] if text]
    amounts = sum(1 for text in first if read_amount(text) is not None)
    headed = any(line and not any(read_amount(text) for text in line) for line in above)
    return headed and len(first) > 1 and amounts > 0 and not _counted(first)


def _counted(texts: Sequence[str]) -> bool:
    """Whether a line counts columns (1 2 3 …) rather than printing amounts."""
    numbers = [int(text) for text in texts if text.isdigit()]
    return bool(numbers) and numbers == list(range(1, len(numbers) + 1))


def _joined(first: RawTable, second: RawTable, skipped: int) -> RawTable:
    shift = first.height - skipped
    cells = tuple(
        msgspec.structs.replace(cell, row=cell.row + shift) for cell in second.cells if cell.row >= skipped
    )
    return msgspec.structs.replace(first, cells=(*first.cells, *cells), height=first.height + second.height - skipped)
