"""Headings: titles of tables that lost a sign, numbers of a list that were skipped, tables named by a wrong number."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from juesuan.account import NUMERALS, Issue, Passage, ordinal_of
from juesuan.checker.rules.wording.found import wording_issue
from juesuan.statute import Statute
from juesuan.statute.language import compact, load_residue

_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]+、|\d{1,2}[.、．])(?:20\d{2}年度?)?(.{3,40}?)[.…·\d]*$")
_TABLE = "表"
_DOCUMENTS = ("决算", "预算")
_ITEM = re.compile(r"^(\d{1,2})[.、．](?!\d)")
_SECTION = re.compile(rf"^[（(]([{NUMERALS}])[）)][^。；，]{{2,40}}(?:情况|说明|变化|概况)[^。；，]{{0,6}}$")
"""A numbered heading in a line of its own."""
_ABOVE = re.compile(rf"^(?:[{NUMERALS}]+[、.．]|第[{NUMERALS}]+部分)")
_WIDE = str.maketrans("()", "（）")
_LISTED_TABLE = re.compile(r"表(\d{1,2})[:：]([^:：。；，]{4,40}?表)")
_REFERENCE = re.compile(r"[（(]?(?:详?见|参见)(?:附)?表(\d{1,2})[）)]?")
_STOP = re.compile("[。；，]")
_LONGEST_TITLE = 45
_FURTHEST = 12
"""An item further down than so many paragraphs is none of the same list."""


def check_headings(passages: Sequence[Passage], statute: Statute) -> Iterator[Issue]:
    """Titles without their first or last sign (W115), numbers left out or told twice (W116), wrong ones (W121)."""
    texts = [compact(passage.text) for passage in passages]
    yield from _titles(texts, passages, _known_titles(statute))
    yield from _numbers(texts, passages)
    yield from _sections(texts, passages)
    yield from _twice(texts, passages)
    yield from _references(texts, passages)


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


def _sections(texts: Sequence[str], passages: Sequence[Passage]) -> Iterator[Issue]:
    """W116: （一）…情况 and then （三）…情况, under one heading, with no （二） between them."""
    last, at = 0, 0
    for n, text in enumerate(texts):
        match = _SECTION.match(text)
        if match is None:
            last = 0 if _ABOVE.match(text) else last
            continue
        number = NUMERALS.index(match[1]) + 1
        left = f"（{NUMERALS[number - 2]}）"
        between = texts[at : n + 1]
        if last and number == last + 2 and not any(left in each.translate(_WIDE) for each in between):
            message = f"标题编号从（{NUMERALS[last - 1]}）跳到（{match[1]}），缺{left}：“{text[:20]}”。"
            yield wording_issue("W116", message, passages[n].source, f"（{match[1]}）", left)
        last, at = number, n


def _twice(texts: Sequence[str], passages: Sequence[Passage]) -> Iterator[Issue]:
    """W116: 五、…表 六、…表 六、…表: of titles in a row two have one number."""
    for n in range(2, len(texts)):
        row = texts[n - 2 : n + 1]
        if any(len(text) > _LONGEST_TITLE or _STOP.search(text) for text in row):
            continue
        before, first, second = (ordinal_of(text) for text in row)
        if first and first == second and before and before != first and before[-1] == first[-1]:
            message = f"编号“{first.rstrip('、')}”用了两次：“{row[1][:20]}”“{row[2][:20]}”。"
            yield wording_issue("W116", message, passages[n].source, first)


def _references(texts: Sequence[str], passages: Sequence[Passage]) -> Iterator[Issue]:
    """W121: “三公”经费支出决算为1.36万元（见表9）, where the contents have that table as 表7."""
    listed = {int(match[1]): match[2] for text in texts for match in _LISTED_TABLE.finditer(text)}
    for text, passage in zip(texts, passages, strict=True):
        for match in _REFERENCE.finditer(text):
            sentence = _STOP.split(text[: match.start()])[-1]
            title = listed.get(int(match[1]), "")
            about = [word for word in load_residue().tables_about if word in sentence]
            if not title or len(about) != 1 or about[0] in title:
                continue
            right = [number for number, other in listed.items() if about[0] in other]
            if len(right) == 1:
                message = f"“{sentence[-30:]}{match[0]}”：表{match[1]}是《{title}》，说{about[0]}的是表{right[0]}。"
                yield wording_issue("W121", message, passage.source, f"表{match[1]}", f"表{right[0]}")


def _somewhere(texts: Sequence[str], number: int) -> bool:
    """Whether an item of that number stands within a paragraph or under another sign ((2), ②, 二、)."""
    mark = re.compile(rf"(?<![\d.]){number}[.、．）)](?!\d)|[（(]{number}[）)]|[②③④⑤⑥⑦⑧⑨]")
    return any(mark.search(text) for text in texts)
