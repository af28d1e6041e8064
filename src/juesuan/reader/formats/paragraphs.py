"""Paragraphs put together again where a page break or a hard line break has cut a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import msgspec

from juesuan.reader.raw import RawText

_ENDS = "。！？；：!?;:…"
_CLOSERS = "”’\"'）)】]」』》〉"
_OPEN = "，、,（(“‘《〈【[—"
_NO_BEGINNING = "，。、；：！？）)】》〉”’％%的"

MARKER = re.compile(
    r"第[一二三四五六七八九十\d]{1,3}(?:部分|章|节|条)"
    r"|[一二三四五六七八九十]{1,3}[、.．]"
    r"|[（(][一二三四五六七八九十\d]{1,3}[）)]"
    r"|\d{1,2}[、.．](?!\d)"
    r"|\d{1,2}[）)]"
    r"|[①-⑳]"
)
"""What begins a paragraph of a list or a heading."""
_LABEL = re.compile(
    r"(?:图|表|附件|附表)\s*[\d一二三四五六七八九十]|公开\d|目录|附[件表]|[^，。；：:、]{1,10}[：:]"
    r"|\d+(?:行|栏)(?:各[行栏])?="
)
"""What else stands on a line of its own: captions, notes, `单位：万元`, printed equations."""
_SHORTEST = 15
"""A shorter line is no line of a paragraph that a page break has cut."""


class SourceLine(msgspec.Struct, frozen=True):
    """A paragraph as the file has it; `starts` where its own mark (a bullet) says that it is a new one."""

    text: RawText
    starts: bool = False


def goes_on(above: str, below: str) -> bool:
    """Whether the sentence of the paragraph `above` goes on in the one `below`, both tidy."""
    if not above or not below:
        return False
    core = above.rstrip(_CLOSERS)
    if not core or core[-1] in _ENDS or MARKER.match(below) or _LABEL.match(below) or _caption(above):
        return False
    if above[-1] in _OPEN:
        return True
    marker = MARKER.match(above)
    body = above[marker.end() :] if marker else above
    if below[0] in _NO_BEGINNING:
        return len(above) >= _SHORTEST
    return len(above) >= _SHORTEST and re.search("[，。；、]", body) is not None


def _caption(text: str) -> bool:
    label = _LABEL.match(text)
    # 注：and 说明： begin sentences, which may be cut like any other.
    return label is not None and not re.match(r"(?:注|备注|说明|其中|原因|主要)", text) and len(text) < 40


def joined(lines: Iterable[SourceLine]) -> Iterator[RawText]:
    """The paragraphs, those that a sentence goes on in joined to the one above; their place is that of the first."""
    held: RawText | None = None
    for line in lines:
        text = line.text
        if held and not held.heading and not text.heading and not line.starts and goes_on(held.text, text.text):
            held = msgspec.structs.replace(held, text=glued(held.text, text.text))
            continue
        if held:
            yield held
        held = text
    if held:
        yield held


def glued(above: str, below: str) -> str:
    """Two tidy pieces of one sentence put together, with a blank only between Latin words or figures."""
    blank = above[-1:].isascii() and below[:1].isascii() and above[-1:].isalnum() and below[:1].isalnum()
    return f"{above}{' ' if blank else ''}{below}"
