"""Paragraphs put together again where a page break or a hard line break has cut a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from juesuan.reader.formats.plain_lines import cells_of_line
from juesuan.reader.raw import RawText
from juesuan.statute.language import simplified

_ENDS = "。！？；：!?;:…|"
_CLOSERS = "”’\"'）)】]」』》〉"
_OPEN = "，、,（(“‘《〈【[—"
_DASHES = "—–-－"
_EMPTY_CELL = re.compile(rf"\d\s*[{re.escape(_DASHES)}]+$")
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
_TITLE = re.compile(r"(?:说明|情况|决算|预算|公开|报告|公示|[总明细]?表)(?:[（(][^（）()]*[）)])?$")
_BRACKETED = re.compile("[（(][^（）()]*[）)]$")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_SHORTEST = 15
"""A shorter line is no line of a paragraph that a page break has cut."""
_WRAPPED = 0.4
"""So many of the long lines end without a stop in a text whose lines are broken at a width."""
_LINES = 4
"""So many long lines show whether a text is broken at a width."""
_FULL = 0.85
"""A line that reaches so much of the width has been broken there, whatever its words."""


class SourceLine(msgspec.Struct, frozen=True):
    """A paragraph as the file has it; `starts` where its own mark (a bullet) says that it is a new one.

    `apart` where a blank line stands above it: then only an unfinished sentence joins it to that, not its width.
    """

    text: RawText
    starts: bool = False
    apart: bool = False


def wrapped_width(texts: Sequence[str]) -> int:
    """How wide the lines of a text are that was broken at a width, even within words; 0 where it was not.

    Such a text is what is copied from a PDF or a printed page: most of its longer lines end in the middle of a
    sentence, and they are about as long.
    """
    long = [text.rstrip() for text in texts if len(text) >= _SHORTEST and not is_title(text)]
    cut = sorted(len(text) for text in long if text.rstrip(_CLOSERS)[-1:] not in _ENDS)
    if len(long) < _LINES or len(cut) <= _WRAPPED * len(long):
        return 0
    width = cut[len(cut) // 2]
    alike = sum(abs(length - width) <= (1 - _FULL) * width for length in cut)
    return width if alike > len(cut) / 2 else 0


def is_title(text: str) -> bool:
    """Whether a line ends as a title does, and not as a sentence that was broken."""
    return bool(_TITLE.search(text.rstrip().translate(simplified())))


def goes_on(above: str, below: str, width: int = 0, last: str = "") -> bool:
    """Whether the sentence of the paragraph `above` goes on in the one `below`, both tidy.

    `width` is that of `wrapped_width`, `last` the last line of a paragraph that was put together of several.
    """
    if not above or not below or (above[-1].isdigit() and below[0].isdigit()):
        return False
    core = above.rstrip(_CLOSERS)
    # A dash alone, or behind a figure, is a cell that holds nothing.
    if not core.strip(_DASHES) or _EMPTY_CELL.search(core) or core[-1] in _ENDS:
        return False
    if cells_of_line(above) or cells_of_line(below):
        return False
    if MARKER.match(below) or _LABEL.match(below) or _caption(above):
        return False
    if above[-1] in _OPEN:
        return True
    marker = MARKER.match(above)
    body = above[marker.end() :] if marker else above
    if len(above) < _SHORTEST:
        return False
    if below[0] in _NO_BEGINNING or re.search("[，。；、]", _BRACKETED.sub("", body)):
        return True
    return bool(width) and not is_title(below) and _broken(last or above, width, marker is not None and not last)


def _broken(above: str, width: int, numbered: bool) -> bool:
    """Whether a line without a stop was broken at the width of the text: no title, and no heading that is short."""
    if is_title(above) or len(_CHINESE.findall(above)) < len(above) / 2:
        return False
    return len(above) >= (_FULL * width if numbered else width / 2)


def _caption(text: str) -> bool:
    label = _LABEL.match(text)
    # 注：and 说明： begin sentences, which may be cut like any other.
    return label is not None and not re.match(r"(?:注|备注|说明|其中|原因|主要)", text) and len(text) < 40


def joined(lines: Iterable[SourceLine]) -> Iterator[RawText]:
    """The paragraphs, those that a sentence goes on in joined to the one above; their place is that of the first."""
    lines = list(lines)
    width = wrapped_width([line.text.text for line in lines])
    held: RawText | None = None
    last = ""
    for line in lines:
        text = line.text
        joins = held and not held.heading and not text.heading and not line.starts
        if held and joins and goes_on(held.text, text.text, 0 if line.apart else width, last):
            held, last = msgspec.structs.replace(held, text=glued(held.text, text.text)), text.text
            continue
        if held:
            yield held
        held, last = text, ""
    if held:
        yield held


def glued(above: str, below: str) -> str:
    """Two tidy pieces of one sentence put together, with a blank only between Latin words or figures."""
    blank = above[-1:].isascii() and below[:1].isascii() and above[-1:].isalnum() and below[:1].isalnum()
    return f"{above}{' ' if blank else ''}{below}"
