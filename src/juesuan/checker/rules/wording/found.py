"""Issues on words, quoting the document as it is printed."""

from __future__ import annotations

from juesuan.account import Issue, Passage, Source, spaceless
from juesuan.statute import load_rules
from juesuan.statute.language import compact_places

BESIDE = 14
"""Signs before and after the words in question that a message quotes."""


def wording_issue(code: str, message: str, source: Source | None, stated: str = "", expected: str = "") -> Issue:
    """An issue of rule `code` at one place."""
    return Issue(code, load_rules()[code].severity, message, (source,) if source else (), stated, expected)


def around(passage: Passage, start: int, end: int) -> str:
    """What stands in a paragraph at offsets of its compact form, with some signs before and after, as printed."""
    places = compact_places(passage.text)
    left, right = max(0, start - BESIDE), min(len(places), end + BESIDE)
    printed = passage.text[places[left] : places[right - 1] + 1] if left < right else ""
    return ("…" if left else "") + spaceless(printed) + ("…" if right < len(places) else "")
