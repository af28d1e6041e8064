"""Paragraphs that hard line breaks have cut, even within a word, put together again for reading."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from juesuan.account import Source
from juesuan.reader.formats.paragraphs import is_title
from juesuan.reader.raw import RawText

_BEGINS = re.compile(
    r"^\s*(?:第?[一二三四五六七八九十]+(?:部分|[、.．章节])|[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[、.．](?!\d)|[①-⑳]|#|\|)"
)
_ENDS = "。；;：:！!？?|"
_STOPS = re.compile("[，,。、；;：:]")
_SHORTEST = 16
"""A shorter line is whole: a heading, a cell."""
_WRAPPED = 0.4
"""So many of the long lines end without a stop in a text whose lines are broken at a width."""


class Joined(msgspec.Struct, frozen=True):
    """A paragraph made of the blocks `parts`: the number of each and where its text begins."""

    text: str
    parts: tuple[tuple[int, int], ...]
    sources: tuple[Source | None, ...]

    def place(self, start: int, end: int) -> tuple[int, int, int, Source | None]:
        """The block that the offset `start` lies in, start and end within it, and its source."""
        index = max(n for n, (_, begins) in enumerate(self.parts) if begins <= start)
        number, begins = self.parts[index]
        stop = self.parts[index + 1][1] if index + 1 < len(self.parts) else len(self.text)
        return number, start - begins, min(end, stop) - begins, self.sources[index]


def joined(blocks: Sequence[tuple[int, RawText]]) -> Iterator[Joined]:
    """The paragraphs of `blocks` (with their numbers), those joined whose sentence goes on in the next line."""
    long = [block.text for _, block in blocks if len(block.text) >= _SHORTEST]
    wrapped = bool(long) and sum(text.rstrip()[-1:] not in _ENDS for text in long) > _WRAPPED * len(long)
    held: list[tuple[int, RawText]] = []
    for number, block in blocks:
        goes_on = held and held[-1][0] == number - 1 and _goes_on(held, block.text, wrapped)
        if held and not goes_on:
            yield _join(held)
            held = []
        held.append((number, block))
    if held:
        yield _join(held)


def _goes_on(held: Sequence[tuple[int, RawText]], below: str, wrapped: bool) -> bool:
    above = held[-1][1].text.rstrip()
    if above[-1:].isdigit() and below[:1].isdigit():
        return False
    if len(above) < _SHORTEST or above[-1] in _ENDS or _BEGINS.match(below) or not below.strip():
        return False
    if is_title(above) and not _STOPS.search(above):
        return False
    if _BEGINS.match(above) and not _STOPS.search(_BEGINS.sub("", above)):
        return False
    return wrapped or _STOPS.search(above) is not None


def _join(held: Sequence[tuple[int, RawText]]) -> Joined:
    parts: list[tuple[int, int]] = []
    text = ""
    for number, block in held:
        parts.append((number, len(text)))
        text += block.text
    return Joined(text, tuple(parts), tuple(block.source for _, block in held))
