"""Headings: titles of tables that lost a sign, and numbers of a list that were skipped."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from juesuan.account import Issue, Passage
from juesuan.checker.rules.wording.found import wording_issue
from juesuan.statute import Statute
from juesuan.statute.language import compact

_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+、|\d{1,2}[.、．])(?:20\d{2}年度?)?(.{3,40}?)[.…·\d]*$")
_TABLE = "表"
_DOCUMENTS = ("决算", "预算")
_ITEM = re.compile(r"^(\d{1,2})[.、．](?!\d)")
_FURTHEST = 12
"""An item further down than so many paragraphs is none of the same list."""


def check_headings(passages: Sequence[Passage], statute: Statute) -> Iterator[Issue]:
    """W115: a listed title that is a prescribed one without its first or last sign; W116: a number left out."""
    texts = [compact(passage.text) for passage in passages]
    yield from _titles(texts, passages, _known_titles(statute))
    yield from _numbers(texts, passages)


def _known_titles(statute: Statute) -> frozenset[str]:
    titles = {compact(form.title) for form in statute.forms.values()}
    return frozenset(titles)


def _titles(texts: Sequence[str], passages: Sequence[Passage], known: frozenset[str]) -> Iterator[Issue]:
    named = [match[1] if (match := _NUMBERED.match(text)) else "" for text in texts]
    for n, name in enumerate(named):
        if not name or name in known:
            continue
        adjacent = (*named[max(0, n - 1) : n], *named[n + 1 : n + 2])
        listed = len(adjacent) == 2 and all(other.endswith(_TABLE) for other in adjacent)
        whole = next((title for title in known if title[1:] == name), "") if name.endswith(_TABLE) else ""
        if listed and name.endswith(_DOCUMENTS):
            whole = f"{name}{_TABLE}"
        if whole:
            message = f"标题“{name}”少了字，应为“{whole}”。"
            yield wording_issue("W115", message, passages[n].source, name, whole)


def _numbers(texts: Sequence[str], passages: Sequence[Passage]) -> Iterator[Issue]:
    last, at = 0, 0
    for n, text in enumerate(texts):
        match = _ITEM.match(text)
        if match is None:
            continue
        number = int(match[1])
        if last and number == last + 2 and n - at <= _FURTHEST and not _somewhere(texts[at : n + 1], last + 1):
            message = f"编号从{last}跳到{number}，缺第{last + 1}项：“{text[:20]}”。"
            yield wording_issue("W116", message, passages[n].source, f"{number}", f"{last + 1}")
        last, at = number, n


def _somewhere(texts: Sequence[str], number: int) -> bool:
    """Whether an item of that number stands within a paragraph or under another sign ((2), ②, 二、)."""
    mark = re.compile(rf"(?<![\d.]){number}[.、．）)](?!\d)|[（(]{number}[）)]|[②③④⑤⑥⑦⑧⑨]")
    return any(mark.search(text) for text in texts)
