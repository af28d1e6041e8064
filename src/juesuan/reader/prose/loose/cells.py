"""Tables that are merely loose text: cells one on a line, or with bars between them; rows of a grid that is no form."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from juesuan.account import Source
from juesuan.reader.formats.plain_lines import cells_of_line
from juesuan.reader.prose.loose.headings import headings_run_together
from juesuan.reader.prose.normal import normal_form
from juesuan.reader.raw import RawBlock, RawTable, RawText
from juesuan.statute import Lexicon

_VALUE = re.compile(r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?|[-/]{1,3}")
_LABELLED = re.compile(r"(?P<label>.*[^\d.,\s%+-][)）]?)\s*(?P<value>-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?)")
_SENTENCE = re.compile(r"[。;!?]|,(?!\d{3})")
_HEADING_BELOW = re.compile(
    r"^(?:[一二三四五六七八九十]+[、.]|\([一二三四五六七八九十]+\)).*(?:说明|情况|解释|原因|变化)(?:如下)?:?$"
)
"""The heading of the text below a table: `二、情况说明`; a line of the table without a number may be numbered too."""
_YEARS = re.compile(r"20\d{2}年?度?(?:[决预]算数?)?|(?:20\d{2}年?度?)?[比较](?:20\d{2}年?度?|上年)(?:增减|变动).{0,6}")
"""The labels of a table with a line for each year."""
_HEAD = re.compile(
    r"\(?(?:金额)?单位:.{1,6}\)?|项目|合计|小计|总计|栏次|行次|备注|年度|年份|金额|数额|收入|支出"
    r"|(?:支出)?(?:功能|经济)?(?:分类)?科目(?:名称|编码)?|(?:增减|变动)(?:[额率%]|金额|幅度|比例|变化)?\(?%?\)?"
)
"""Headings that name no amount, and those of changes."""
_LONGEST = 45
_LEAST = 4
"""Fewer cells one after another are no table."""


class LooseCell(msgspec.Struct, frozen=True):
    """A cell: its text in normal form, where it stands in the printed paragraph, and which one that is."""

    text: str
    printed: str
    passage: int
    start: int
    end: int
    source: Source | None = None

    @property
    def is_value(self) -> bool:
        """Whether it holds a number and nothing else."""
        return bool(_VALUE.fullmatch(self.text))

    @property
    def is_blank(self) -> bool:
        """Whether nothing stands in it."""
        return not self.text


def cells_of(block: RawBlock, passage: int, lexicon: Lexicon) -> list[LooseCell] | None:
    """The cells that a paragraph or an unplaced grid consists of; None where it is running text."""
    if isinstance(block, RawTable):
        return [
            LooseCell(normal_form(cell.text, lexicon).text, cell.text, passage, 0, len(cell.text), cell.source)
            for cell in sorted(block.cells, key=lambda cell: (cell.row, cell.column))
        ]
    assert isinstance(block, RawText)
    barred = "|" in block.text
    found = list(_cells(block, passage, lexicon))
    texts = [cell.text for cell in found if cell.text]
    long = [text for text in texts if len(text) > _LONGEST and not headings_run_together(text, lexicon)]
    if long or any(_SENTENCE.search(text) for text in texts):
        return None
    if not barred and not all(_like_a_cell(text, lexicon) for text in texts):
        return None
    return found


def _cells(block: RawText, passage: int, lexicon: Lexicon) -> Iterator[LooseCell]:
    at = 0
    parts = block.text.split("|")
    if len(parts) > 1 and not parts[-1].strip():
        parts.pop()
    for part in parts:
        if spans := cells_of_line(part):
            for start, end in spans:
                text = normal_form(part[start:end], lexicon).text.strip()
                yield LooseCell(text, part[start:end], passage, at + start, at + end, block.source)
            at += len(part) + 1
            continue
        text = normal_form(part, lexicon).text.strip()
        labelled = _LABELLED.fullmatch(text)
        if labelled and not _VALUE.fullmatch(text) and not re.search(r"[年月第]$|^[(\d]+$", labelled["label"]):
            cut = part.rstrip().rfind(part.rstrip().split()[-1][-len(labelled["value"]) :]) if part.strip() else 0
            yield LooseCell(labelled["label"].strip(), part[:cut], passage, at, at + cut, block.source)
            yield LooseCell(labelled["value"], part[cut:], passage, at + cut, at + len(part), block.source)
        else:
            yield LooseCell(text, part, passage, at, at + len(part), block.source)
        at += len(part) + 1


def _like_a_cell(text: str, lexicon: Lexicon) -> bool:
    if _VALUE.fullmatch(text):
        return True
    if len(headings_run_together(text, lexicon)) > 1:
        return True
    if len(text) > 30:
        return False
    if _HEAD.fullmatch(text):
        return True
    if _YEARS.fullmatch(text):
        return True
    return any(word.category in ("subject", "measure", "economic", "item") for _, _, word in lexicon.find(text))


def loose_tables(blocks: Sequence[RawBlock], lexicon: Lexicon) -> list[list[LooseCell]]:
    """The runs of cells that are tables: a few labels and at least one number among them."""
    runs: list[list[LooseCell]] = []
    held: list[LooseCell] = []
    for number, block in enumerate([*blocks, None]):
        cells = cells_of(block, number, lexicon) if block is not None else None
        if cells is not None:
            held.extend(cells)
            continue
        held = _without_headings_below(held)
        if _is_table(held):
            runs.append(held)
        held = []
    return runs


def _without_headings_below(cells: list[LooseCell]) -> list[LooseCell]:
    """The cells without the headings under them, which begin the text that follows."""
    last = len(cells)
    while last and _HEADING_BELOW.match(cells[last - 1].text):
        last -= 1
    return cells[:last]


def _is_table(cells: Sequence[LooseCell]) -> bool:
    values = sum(cell.is_value and bool(re.search(r"\d", cell.text)) for cell in cells)
    labels = sum(not cell.is_value and not cell.is_blank for cell in cells)
    return len(cells) >= _LEAST and values > 0 and labels > 1
