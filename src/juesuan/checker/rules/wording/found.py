"""Issues on words, quoting the document as it is printed."""

from __future__ import annotations

from juesuan.account import Issue, Passage, Source
from juesuan.statute import load_rules

BESIDE = 14
"""Signs before and after the words in question that a message quotes."""


def wording_issue(code: str, message: str, source: Source | None, stated: str = "", expected: str = "") -> Issue:
    """An issue of rule `code` at one place."""
    return Issue(code, load_rules()[code].severity, message, (source,) if source else (), stated, expected)


def around(passage: Passage, start: int, end: int) -> str:
    """What stands in a paragraph at offsets of its compact form, with some signs before and after, as printed."""
    text = "".join(passage.text.split())
    left, right = max(0, start - BESIDE), end + BESIDE
    return ("…" if left else "") + text[left:right] + ("…" if right < len(text) else "")
