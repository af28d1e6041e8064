"""Lines of text joined into paragraphs, within a page and over page breaks.

A PDF knows no paragraphs. What ends one is a line that could have taken the next word and did not; what begins one is
an indent, or a mark such as “一、”. Both are measured against the margins that most lines of the document keep.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from juesuan.reader.pdf.native import Box
from juesuan.reader.pdf.page import TextLine
from juesuan.reader.pdf.table import glue

_MARK = re.compile(
    r"第[一二三四五六七八九十百]+(部分|章|节|条)"
    r"|[一二三四五六七八九十]{1,3}[、.．]"
    r"|[（(][一二三四五六七八九十]{1,3}[）)]"
    r"|\d{1,2}[、.．](?!\d)"
    r"|[（(]\d{1,2}[）)]"
    r"|注[：:]"
)
_PART = re.compile(r"第[一二三四五六七八九十]+部分")
_ENDS = tuple("。；：！？.;:!?…」”")
_LEADER = re.compile(r"[.…·]{3,}\s*\d+$")
"""The end of an entry of a table of contents."""
_STOPS = tuple("。！？")
_FULL = 3
"""So many lines that end at one place are full."""


@dataclass(frozen=True)
class Margins:
    """Where the lines of a page begin and end."""

    left: float
    right: float
    leading: float = 0.0
    """The usual distance of one line to the next; 0 where there are too few to tell."""


@dataclass
class PdfParagraph:
    """A paragraph with the page and box where it begins."""

    text: str
    page: int
    box: Box


def margins_of(pages: Mapping[int, tuple[float, Sequence[TextLine]]]) -> dict[int, Margins]:
    """The margins of every page, given each page's width and lines.

    A page with many lines, or whose full lines end well before those of other pages, has margins of its own; the others
    have those of all pages of their width.
    """
    by_width: dict[int, list[TextLine]] = {}
    for width, lines in pages.values():
        by_width.setdefault(round(width), []).extend(_long(lines, width))
    common = {width: _margins(lines, width) for width, lines in by_width.items()}
    found = {}
    for number, (width, lines) in pages.items():
        own = _long(lines, width)
        many = len(own) >= 12 or _ends_before(own, common[round(width)])
        found[number] = _margins(own, width) if many else common[round(width)]
    return found


def _ends_before(lines: Sequence[TextLine], usual: Margins) -> bool:
    """Whether several lines of a page end at one place that is no margin of the others: tables of a width of their own
    stand on those.
    """
    right = max((line.box[2] for line in lines), default=usual.right)
    full = [line for line in lines if right - line.box[2] < line.size]
    return len(full) >= _FULL and all(usual.right - right > 2 * line.size for line in full)


def _long(lines: Iterable[TextLine], width: float) -> list[TextLine]:
    return [line for line in lines if not line.lone and line.box[2] - line.box[0] > 0.5 * width]


def _margins(lines: Sequence[TextLine], width: float) -> Margins:
    if not lines:
        return Margins(0.12 * width, 0.88 * width)
    lefts = Counter(round(line.box[0] / 3) for line in lines)
    rights = Counter(round(line.box[2] / 6) for line in lines)
    enough = max(2, 0.04 * len(lines)) if len(lines) > 3 else 1
    left = min((place for place, count in lefts.items() if count >= enough), default=min(lefts))
    right = max((place for place, count in rights.items() if count >= enough), default=max(rights))
    steps = Counter(
        round(above.baseline - below.baseline)
        for above, below in pairwise(lines)
        if above.page == below.page and below.baseline < above.baseline
    )
    step, times = min(steps.most_common(3), key=lambda entry: (-entry[1], entry[0]), default=(0, 0))
    return Margins(
        min(line.box[0] for line in lines if round(line.box[0] / 3) == left),
        max(line.box[2] for line in lines if round(line.box[2] / 6) == right),
        step if times >= 4 else 0.0,
    )


def paragraphs(lines: Sequence[TextLine], margins: Mapping[int, Margins]) -> list[PdfParagraph]:
    """The paragraphs that `lines`, in reading order and with no table between them, make."""
    found: list[PdfParagraph] = []
    before: TextLine | None = None
    for line in lines:
        if before is None or _begins(found[-1].text, before, line, margins):
            found.append(PdfParagraph(line.text, line.page, line.box))
        else:
            last = found[-1]
            last.text += glue(last.text, line.text) + line.text
            if line.page == last.page:
                last.box = _around(last.box, line.box)
        before = line
    return found


def _begins(text: str, before: TextLine, line: TextLine, margins: Mapping[int, Margins]) -> bool:
    """Whether `line` begins a paragraph after `before`, with which the paragraph `text` has ended so far."""
    size = min(before.size, line.size)
    if before.lone or line.lone or max(before.size, line.size) > 1.25 * size:
        return True
    if _PART.match(line.text) or _LEADER.search(text):
        return True
    mine, its = margins[line.page], margins[before.page]
    if before.page == line.page:
        step = before.baseline - line.baseline
        if step <= 0 or step > 3 * size or step > 1.6 * mine.leading > 0:
            return True
    elif abs((mine.right - mine.left) - (its.right - its.left)) > 2 * size:
        return True
    room = its.right - before.box[2]
    if line.box[0] - mine.left > 1.2 * size:
        return not (room < 2 * size and _is_title_rest(before, its, line, mine))
    if room > line.first + 0.8 * size:
        return True
    return bool(_MARK.match(line.text)) and (text.endswith(_ENDS) or _is_heading(text))


def _is_title_rest(before: TextLine, its: Margins, line: TextLine, mine: Margins) -> bool:
    """Whether `line` is the second line of a title, both lines standing in the middle."""
    return (
        abs(before.box[0] - line.box[0]) > line.size
        and _centred(before, its)
        and _centred(line, mine)
        and not _MARK.match(line.text)
        and not before.text.endswith(_ENDS)
    )


def _centred(line: TextLine, margins: Margins) -> bool:
    return abs(line.box[0] + line.box[2] - margins.left - margins.right) < 2 * line.size and (
        line.box[0] - margins.left > 1.2 * line.size
    )


def _is_heading(text: str) -> bool:
    return len(text) < 40 and bool(_MARK.match(text)) and not any(stop in text for stop in _STOPS)


def _around(one: Box, other: Box) -> Box:
    return (min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3]))
