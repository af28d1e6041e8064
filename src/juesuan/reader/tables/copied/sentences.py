"""Sentences that stand in a cell of a table (增减情况说明：…减少490万元): they are read as the paragraphs they are."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Sequence

import msgspec

from juesuan.account import spaceless
from juesuan.reader.raw import RawBlock, RawCell, RawTable, RawText
from juesuan.reader.tables.titles import is_table_number

_SHORTEST = 40
_STATED = re.compile(r"\d(?:\.\d+)?\s*(?:[百千万亿萬億]?元|%|％)")
_STOPS = re.compile(r"[，,。；;：:](?!\d)")
_FEWEST = 2


def with_sentences_apart(blocks: Sequence[RawBlock], kept: Container[int]) -> Iterator[RawBlock]:
    """The blocks, each table followed by the sentences with amounts that stood in its cells.

    The tables `kept`, by identity, stay as they are: forms whose texts are read with their cells.
    """
    for block in blocks:
        if not isinstance(block, RawTable) or id(block) in kept:
            yield block
            continue
        told = [cell for cell in block.cells if _is_sentence(cell)]
        if not told:
            yield block
            continue
        cells = tuple(msgspec.structs.replace(cell, text="") if cell in told else cell for cell in block.cells)
        yield msgspec.structs.replace(block, cells=cells)
        yield from (RawText(cell.text, cell.source) for cell in told)


def _is_sentence(cell: RawCell) -> bool:
    text = cell.text
    return len(text) >= _SHORTEST and len(_STOPS.findall(text)) >= _FEWEST and _STATED.search(text) is not None


_CAPTION = re.compile(r"(?:(?:编制|填报|填表|公开|预算)?(?:单位|部门)(?:名称)?|(?:金额)?单位)[:：].*")


def captions_as_texts(blocks: Iterable[RawBlock]) -> Iterator[RawBlock]:
    """The blocks, a line of cells that only says whose table it is and in what money as paragraphs.

    编制部门：某局 and 单位：万元 with a tab between them stand over a table whose cells come one a line.
    """
    for block in blocks:
        texts = [cell for cell in block.cells if cell.text.strip()] if isinstance(block, RawTable) else []
        lines = {cell.row for cell in texts}
        captions = len(lines) == 1 and all(
            _CAPTION.fullmatch(spaceless(cell.text)) or is_table_number(cell.text) for cell in texts
        )
        if captions:
            yield from (RawText(cell.text, cell.source) for cell in texts)
        else:
            yield block
