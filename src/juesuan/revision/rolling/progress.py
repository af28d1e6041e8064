"""What became of every number of a document that was rolled forward."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import msgspec

from juesuan.account import Source
from juesuan.revision.numbers import PrintedNumber, numbers_in
from juesuan.revision.texts import Texts
from juesuan.statute import load_evaluation

Fate = Literal["更新", "不变", "待核"]
"""更新: this year's; 不变: no figure of a year (an ordinal, a code); 待核: last year's, to be seen to by a person."""

LEFT = "cyan"
"""The highlight of numbers that still are last year's."""

Key = tuple[Source, int, int]
"""A place, the paragraph of it, the offset of the number."""


_ORDINAL = re.compile(r"(?:(?<=[。；;：:])|^)[（(]?\d{1,2}[)）.．、](?!\d)|(?<=[表图])\d{1,2}(?!\d)")
_OPTION = re.compile(r"(?<!\d)[（(]?\d{1,2}[)）.．、](?!\d)")
"""The number of what may be ticked: 1.部门预算项目■ 2.财政专项资金□."""


def ordinals_in(text: str) -> Iterator[tuple[int, int]]:
    """Where the numbers stand that only count: of paragraphs, tables, boxes to tick."""
    words = load_evaluation()
    boxes = any(sign in text for sign in (*words.ticked, *words.unticked))
    return (match.span() for match in (_OPTION if boxes else _ORDINAL).finditer(text))


class RolledNumber(msgspec.Struct):
    """A number and its fate."""

    source: Source
    part: int
    number: PrintedNumber
    context: str
    fate: Fate = "待核"
    why: str = "没有认出说的是什么"


class Progress:
    """Keeps the fate of every number; what nobody accounts for is 待核."""

    def __init__(self, texts: Texts) -> None:
        self.entries: dict[Key, RolledNumber] = {}
        self._there: dict[tuple[Source, int], list[RolledNumber]] = {}
        for source, paragraphs in texts.texts.items():
            for part, text in enumerate(paragraphs):
                for number in numbers_in(text):
                    context = text[max(0, number.start - 14) : number.end + 8]
                    entry = RolledNumber(source, part, number, context)
                    self.entries[source, part, number.start] = entry
                    self._there.setdefault((source, part), []).append(entry)

    def settle(self, source: Source, part: int, start: int, end: int, fate: Fate, why: str = "") -> None:
        """Says what became of the numbers between two offsets of a text, those that nothing was said of before."""
        for entry in self._within(source, part, start, end):
            if entry.fate == "待核":
                entry.fate, entry.why = fate, why

    def doubt(self, source: Source, part: int, start: int, end: int, why: str) -> None:
        """Says why the numbers between two offsets still are last year's."""
        for entry in self._within(source, part, start, end):
            if entry.fate == "待核":
                entry.why = why

    def _within(self, source: Source, part: int, start: int, end: int) -> Iterator[RolledNumber]:
        for entry in self._there.get((source, part), ()):
            if start <= entry.number.start < end:
                yield entry

    def count(self, fate: Fate) -> int:
        """How many numbers have a fate."""
        return sum(entry.fate == fate for entry in self.entries.values())

    def left(self) -> list[RolledNumber]:
        """The numbers that are to be seen to, in the order of the document."""
        return [entry for entry in self.entries.values() if entry.fate == "待核"]
