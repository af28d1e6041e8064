"""A page copied into one line: its paragraphs found again at its numbered headings."""

from __future__ import annotations

import re
from itertools import pairwise

from juesuan.reader.formats.paragraphs import MARKER, is_title

_LEAST = 300
"""A shorter line is a paragraph, however it is made."""
_LEAST_BREAKS = 3
_LONGEST_HEADING = 60
_ENDS = "。；！？;!?"
_SENTENCE = re.compile("[。；，,;！？]")


def paragraphs_of(line: str) -> list[str]:
    """The paragraphs that a line runs together; the line itself where nothing shows that it is several.

    A blank ends a paragraph where a sentence ends before it and a number follows, and before and behind a heading.
    """
    if len(line) < _LEAST:
        return [line]
    chunks = line.split()
    found: list[list[str]] = [chunks[:1]]
    for before, chunk in pairwise(chunks):
        begins = before[-1] in _ENDS and MARKER.match(chunk)
        if begins or _is_heading(before) or _is_heading(chunk):
            found.append([chunk])
        else:
            found[-1].append(chunk)
    return [" ".join(part) for part in found] if len(found) > _LEAST_BREAKS else [line]


def _is_heading(chunk: str) -> bool:
    marked = MARKER.match(chunk)
    return bool(marked) and len(chunk) <= _LONGEST_HEADING and not _SENTENCE.search(chunk) and is_title(chunk)
