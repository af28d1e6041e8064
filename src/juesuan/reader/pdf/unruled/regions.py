"""Which lines of a page can be those of one table that no ruling lines show."""

from __future__ import annotations

import re
from collections.abc import Sequence

from juesuan.reader.pdf.unruled.pieces import PageLine, is_known
from juesuan.reader.tables.titles import names_a_table

_MOST_HEADS = 10
"""So many lines may be headings, above the first line with an amount."""
_LEAST_HEADS = 3
"""So many known headings make a table that has no amounts."""
_LEAST_LINES = 3
_LEAST_AMOUNTS = 4
"""Fewer lines of amounts, with fewer amounts in all, are no table."""
_MOST_LINES = 400
"""So many lines of one page are looked at for one table."""
_WIDE = 0.6
"""A piece that covers so much of the page is a sentence."""
_ALIGNED = 3.0
"""Texts whose left edges differ by less (points) are of one column."""
UNIT = re.compile(r"单位[:：]\s*(?:人民币)?(?:万|亿|千)?元")
_SENTENCE = re.compile(r"[。；]|[.…·]{4,}")


def region_end(lines: Sequence[PageLine], start: int, width: float, goes_on: bool) -> int:
    """Where the lines that can be of one table end, which begins at `start`; `start` where none does.

    Of one that goes on from the page before a single line may be left.
    """
    amounts = counted = 0
    headed = False
    at = last = start
    while at < min(len(lines), start + _MOST_LINES) and _within(lines[at], width):
        if not _may_begin(lines[at], width):
            # Another table begins, or this one below its title.
            if not counted:
                return start
            break
        if lines[at].shown:
            amounts += lines[at].shown
            counted += 1
            last = at + 1
        elif not counted and at - start >= _MOST_HEADS:
            return start
        headed = headed or (not counted and _is_headed(lines[at]))
        at += 1
    if not counted:
        return _end_of_headings(lines, start, at)
    if not (goes_on or headed or counted >= _LEAST_LINES or amounts >= _LEAST_AMOUNTS):
        return start
    return _with_blank_lines(lines, start, last, at)


def _end_of_headings(lines: Sequence[PageLine], start: int, stop: int) -> int:
    """Where a table without amounts ends, of which nothing shows but its headings; `start` where these are few."""
    headed = [n for n in range(start, min(stop, start + _MOST_HEADS)) if _is_headed(lines[n])]
    known = sum(is_known(piece.text) for n in headed for piece in lines[n].pieces)
    return headed[-1] + 1 if known >= _LEAST_HEADS else start


def _is_headed(line: PageLine) -> bool:
    """Whether a line has the headings of several columns."""
    known = sum(is_known(piece.text) for piece in line.pieces)
    return known > 1 and 2 * known >= len(line.pieces)


def _with_blank_lines(lines: Sequence[PageLine], start: int, last: int, stop: int) -> int:
    """Where the table ends that has amounts up to `last`: lines whose pieces begin below others of it are its too."""
    begins = [piece.left for line in lines[start:last] for piece in line.pieces]
    for line in lines[last:stop]:
        if not all(any(abs(piece.left - left) < _ALIGNED for left in begins) for piece in line.pieces):
            break
        last += 1
    return last


def _may_begin(line: PageLine, width: float) -> bool:
    return _within(line, width) and not names_a_table(line.text) and not UNIT.search(line.text)


def _within(line: PageLine, width: float) -> bool:
    """Whether a line can be one of a table: no sentence."""
    if _SENTENCE.search(line.text):
        return False
    return all(piece.right - piece.left < _WIDE * width for piece in line.pieces)
