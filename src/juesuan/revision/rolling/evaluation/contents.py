"""The lines of the contents of a document (目录), which come and go with what they name."""

from __future__ import annotations

import re
from typing import Any

from juesuan.revision.docx import Copies, copied
from juesuan.revision.docx.names import P, R, W

_FIELD = f"{W}fldChar"
_LINE = re.compile(r"(.+?)[.…·]*\d+")
"""A line of the contents: a title and the number of its page."""


def in_contents(text: str, title: str) -> bool:
    """Whether a text (without white space) is the line of the contents for a title."""
    match = _LINE.fullmatch(text)
    return match is not None and match[1] == title


def stands_alone(line: Any) -> bool:
    """Whether no field that goes on behind a line begins in it: the contents themselves in their first line."""
    open_ones = 0
    for mark in line.iter(_FIELD):
        open_ones = max(0, open_ones + {"begin": 1, "end": -1}.get(mark.get(f"{W}fldCharType"), 0))
    return open_ones == 0


def listed_before(line: Any) -> Copies:
    """Puts a copy of a line in front of it, within the same field; gives which element is the copy of which."""
    clone, copies = copied(line)
    for run in _last_ends(clone):
        run.getparent().remove(run)
    line.addprevious(clone)
    return copies


def keep_end(line: Any) -> None:
    """Before a line is taken out: the end of the contents that stands in it goes to the line before."""
    before = next((element for element in line.itersiblings(preceding=True) if element.tag == P), None)
    if before is not None:
        for run in _last_ends(line):
            before.append(run)


def _last_ends(line: Any) -> list[Any]:
    """The runs in which a field ends that began before the line."""
    open_ones, found = 0, []
    for mark in line.iter(_FIELD):
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            open_ones += 1
        elif kind == "end" and open_ones:
            open_ones -= 1
        elif kind == "end" and mark.getparent().tag == R:
            found.append(mark.getparent())
    return found
