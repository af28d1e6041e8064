"""The year that a document is of, by all that speaks for it: titles, headings, sentences, what it compares with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import PurePath

import msgspec

from juesuan.account import spaceless

_FULL_WIDTH = str.maketrans("０１２３４５６７８９○", "0123456789〇")
_CHINESE = {sign: str(value) for value, sign in enumerate("零一二三四五六七八九")} | {"〇": "0"}
_CHINESE_YEAR = re.compile(r"二[〇零]([〇零一二三])([〇零一二三四五六七八九])(?=年)")
_SHORT_YEAR = re.compile(r"(?<!\d)([12]\d)(?=年度?(?:部门|单位|[决预]算|三公|“三公))")
_DATE = re.compile(r"20\d{2}\s*(?:年\s*\d{1,2}\s*月|[-/.]\s*\d{1,2}\s*[-/.]\s*\d{1,2})(?:\s*\d{1,2}\s*日)?|https?://\S+|20\d{2}号")
_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)(?:年度?|-度?|(?=[决预]算|度|部门|单位))")
_BARE_YEAR = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_COMPARED = re.compile(r"(?:较|比|与|同|和|对比|截[至止]|自|从|于|按照|根据)\s*$")
_AGAINST = re.compile(r"(?:较|比|与|同)\s*$")
_ABOUT = re.compile("决算|预算|三公|经费|绩效|收支|情况表")
_SENTENCE = re.compile(r"[。；]|[，,].{12}")
_TITLE_LENGTH = 60
_OPENING = 30
"""Short lines among so many paragraphs from the beginning are taken for the title of the whole."""


class Sign(msgspec.Struct, frozen=True):
    """Something that speaks for a year: how much, and the words."""

    year: int
    weight: int
    text: str


def signs_of_year(texts: Sequence[str], titles: Iterable[str], file: str) -> list[Sign]:
    """What of a document speaks for which year: `titles` are those of its tables, `texts` its paragraphs in order.

    A year that the text compares with speaks for the year after it; dates and addresses speak for none.
    """
    found: list[Sign] = []
    plain = [_plain(text) for text in texts]
    for number, text in enumerate(plain):
        title = _is_title(text)
        following = plain[number + 1] if number + 1 < len(plain) else ""
        about = _ABOUT.search(text) or (title and len(text) < 40 and _is_title(following) and _ABOUT.search(following))
        for match in _YEAR.finditer(text):
            before = text[: match.start()]
            if _COMPARED.search(before):
                if _AGAINST.search(before):
                    found.append(Sign(int(match[1]) + 1, 1, text))
            elif title and about:
                found.append(Sign(int(match[1]), 8 if number < _OPENING else 3, text))
            else:
                found.append(Sign(int(match[1]), 1, text))
    found += [Sign(int(m[1]), 4, title) for title in titles for m in _YEAR.finditer(_plain(title))]
    if not found:
        named = {int(year) for year in _BARE_YEAR.findall(PurePath(file).stem)}
        found = [Sign(named.pop(), 1, file)] if len(named) == 1 else []
    return found


def year_of(signs: Iterable[Sign]) -> int:
    """The year that most speaks for; 0 where nothing does."""
    weights: Counter[int] = Counter()
    for sign in signs:
        weights[sign.year] += sign.weight
    return max(weights, key=lambda year: (weights[year], year)) if weights else 0


def _plain(text: str) -> str:
    text = spaceless(text).translate(_FULL_WIDTH)
    text = _CHINESE_YEAR.sub(lambda m: f"20{_CHINESE[m[1]]}{_CHINESE[m[2]]}", text)
    return _SHORT_YEAR.sub(r"20\1", _DATE.sub("", text))


def _is_title(text: str) -> bool:
    return 0 < len(text) <= _TITLE_LENGTH and not _SENTENCE.search(text)
