"""Tables of the classification that a copy has run together in one line of text: made grids again.

…项目 本年收入合计 财政拨款收入 科目编码 科目名称 栏次 1 2 合计 100.00 90.00 205 教育支出 80.00 70.00 …: each line is a
code, a name and as many amounts as all others; nothing but white space lies between them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from juesuan.account import bare, spaceless
from juesuan.reader.raw import RawBlock, RawCell, RawTable, RawText
from juesuan.statute import Statute
from juesuan.statute.language import load_aliases

_AMOUNT = r"-?(?:\d{1,3}(?:,\d{3})+|\d+)\.\d+|-|0"
_ROW = re.compile(
    rf"(?:(?<![\d.,])(?P<code>\d{{3}}|\d{{5}}|\d{{7}})\s*(?P<name>[^\d\s。，；：|]{{2,30}})|(?P<total>合\s?计))"
    rf"\s*(?P<amounts>(?:{_AMOUNT})(?:\s+(?:{_AMOUNT})(?!\d))*)"
)
_HEADS = re.compile(
    r"项\s*目(?P<heads>[^。；]*?)(?:支出)?(?:功能|经济)?(?:分类)?(?:科目编码|科目名称|栏次|类\s+款)[^。；]*$"
)
_LEAST = 4
"""So many lines one after another are a table."""
_REACH = 200
"""So many signs before the first line may be the headings."""


def separated(blocks: Sequence[RawBlock], statute: Statute) -> Iterator[RawBlock]:
    """The blocks, each paragraph with such a table in it as what stands before, the table, and what stands behind."""
    for block in blocks:
        if isinstance(block, RawText) and (run := _run(block.text)):
            yield from _apart(block, run, statute)
        else:
            yield block


def _run(text: str) -> list[re.Match[str]]:
    """The lines of the first table in a text: as many amounts each, one directly behind the other; empty for none."""
    rows: list[re.Match[str]] = []
    for match in _ROW.finditer(text):
        follows = rows and not text[rows[-1].end() : match.start()].strip()
        if rows and not (follows and _width(match) == _width(rows[0])):
            if len(rows) >= _LEAST:
                break
            rows = []
        if _width(match) > 1:
            rows.append(match)
    return rows if len(rows) >= _LEAST and sum(row["code"] is not None for row in rows) >= _LEAST - 1 else []


def _width(row: re.Match[str]) -> int:
    return len(row["amounts"].split())


def _apart(block: RawText, rows: Sequence[re.Match[str]], statute: Statute) -> Iterator[RawBlock]:
    text, width = block.text, _width(rows[0])
    before, behind = text[: rows[0].start()], text[rows[-1].end() :]
    headed = _HEADS.search(before[-_REACH:])
    heads = _split(bare(spaceless(headed["heads"])), width, known_heads(statute)) if headed else []
    lines = [["科目编码", "科目名称", *heads]] if heads else []
    lines += [[row["code"] or "", row["name"] or "合计", *row["amounts"].split()] for row in rows]
    cells = tuple(
        RawCell(cell, number, column, source=block.source)
        for number, line in enumerate(lines) for column, cell in enumerate(line)
    )  # fmt: skip
    start = max(0, len(before) - _REACH) + headed.start() if headed else len(before)
    sentences, _, titles = before[:start].rpartition("。")
    for part in (f"{sentences}。" if sentences else "", titles):
        if part.strip():
            yield msgspec.structs.replace(block, text=part.strip())
    yield RawTable(cells, len(lines), width + 2, block.source)
    if behind.strip():
        yield msgspec.structs.replace(block, text=behind.strip())


def known_heads(statute: Statute) -> frozenset[str]:
    """The headings of all forms, and the words that other places have for them."""
    heads = {
        bare(head) for form in statute.readable for block in form.blocks for column in block.columns
        for head in column.heads
    }  # fmt: skip
    return frozenset(heads | set(load_aliases().headings))


def _split(text: str, count: int, known: frozenset[str]) -> list[str]:
    """The `count` headings that a text without gaps is made of; empty where it is not."""
    if not count:
        return []
    if count == 1:
        return [text] if text in known else []
    for end in range(len(text) - 1, 0, -1):
        if text[:end] in known and (rest := _split(text[end:], count - 1, known)):
            return [text[:end], *rest]
    return []
