"""The normal form of a text, in which the lexicon is looked for: one script, one kind of bracket, no ornaments.

Every sign of the normal form knows where it stands in the text as printed.
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from juesuan.statute import Lexicon
from juesuan.statute.language import PRONUNCIATION, simplified

_QUOTES = frozenset("“”\"‘’'「」『』《》〈〉*＊`")
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0x3014: 0x5B, 0x3015: 0x5D}
_ONE_FOR_ONE = str.maketrans("﹪․﹐○－−–—", "%.,〇----")
_BRACKET = re.compile(r"\(([^()\d]{1,60})\)")
_CODED_NAME = re.compile(r"(?<!\d)(2\d{2}(?:\d{2}){0,2})\(([^()\d]{2,30})\)")
_ASIDE = re.compile(r"不?含|包括|指|见|按|以下|简称|其中|不包|如|即|注|下同|扣除|剔除|主要|详见|单位名称")
_LOST_SIGN = re.compile(r"(?<=\d)\?+(?=[万亿千]?元|%)")
"""What a copy puts for a blank that it has no sign for: 4660.5445?万元."""
_HEADING_BEFORE = re.compile(
    r"[(（]?[一二三四五六七八九十\d]+[)）]?[、.．]?[^。，；：,;:]{2,40}(?:情况|说明|变化)(?=20\d{2}年(?!度?[^，。]{0,8}(?:情况|说明)))"
)
"""A heading with the first sentence behind it in one line: 1、…比2019年增减情况 2020年预算内收入安排812.30万元."""
_REACH = 12
"""So many signs on each side of a bracket may belong to a name that it stands in."""
_ORDINAL = re.compile(r"[一二三四五六七八九十]+")
_KEPT_IN_BRACKETS = frozenset(("direction", "subject", "item", "economic", "change", "level"))


class Normal(msgspec.Struct, frozen=True):
    """A text in normal form; `places` says for each sign (and for the end) where it stands in the printed text."""

    text: str
    places: tuple[int, ...]

    def printed(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the printed text of what stands from `start` to `end` of the normal form."""
        return self.places[start], self.places[end - 1] + 1 if end > start else self.places[start]


@lru_cache(maxsize=2048)
def normal_form(printed: str, lexicon: Lexicon) -> Normal:
    """`printed` in normal form: brackets that hold words only, and are no part of a name, are left out."""
    widened = printed.translate(_FULL_WIDTH).translate(_ONE_FOR_ONE).translate(simplified())
    places = [n for n, sign in enumerate(widened) if sign not in _QUOTES]
    text = "".join(widened[n] for n in places)
    text, places = _cut(text, places, [m.span() for m in PRONUNCIATION.finditer(text)])
    text, places = _cut(text, places, [m.span() for m in re.finditer(r"\s+", text) if not _between(text, *m.span())])
    if heading := _HEADING_BEFORE.match(text):
        at = heading.end()
        text, places = f"{text[:at]}。{text[at:]}", [*places[:at], places[at], *places[at:]]
    text, places = _cut(text, places, [m.span() for m in _LOST_SIGN.finditer(text)])
    # 2050701（特殊学校教育）1294.67万元: the name beside the code of an item is what the amount is of.
    named = [m for m in _CODED_NAME.finditer(text) if lexicon.exact(m[2]) is not None]
    signs = [span for m in named for span in ((m.start(1), m.start(2)), (m.end(2), m.end()))]
    text, places = _cut(text, places, signs)
    while asides := [m.span() for m in _BRACKET.finditer(text) if _is_aside(m, lexicon)]:
        text, places = _cut(text, places, asides)
    return Normal(text, (*places, len(printed)))


def _between(text: str, start: int, end: int) -> bool:
    """Whether a blank stands between two numbers, so that it keeps them apart."""
    return text[start - 1 : start].isdigit() and text[end : end + 1].isdigit()


def _is_aside(match: re.Match[str], lexicon: Lexicon) -> bool:
    inside = match[1]
    if len(inside) == 1 or _ORDINAL.fullmatch(inside) or lexicon.is_unit(inside):
        return False
    if _ASIDE.match(inside):
        # 使用非财政拨款结余(含专用结余) is a name as a whole.
        before = match.string[max(0, match.start() - 12) : match.end()]
        return not any(lexicon.exact(before[n:]) for n in range(len(before) - len(match[0])))
    if _is_within_a_name(match, lexicon):
        return False
    words = [word for _, _, word in lexicon.find(inside)]
    return not any(word.category in _KEPT_IN_BRACKETS for word in words)


def _is_within_a_name(match: re.Match[str], lexicon: Lexicon) -> bool:
    """Whether a name goes on behind the bracket: 中医(民族医)药专项."""
    first = max(0, match.start() - _REACH)
    around = match.string[first : match.end() + _REACH]
    start, end = match.start() - first, match.end() - first
    return any(begin < start and stop > end for begin, stop, _ in lexicon.find(around))


def _cut(text: str, places: list[int], spans: list[tuple[int, int]]) -> tuple[str, list[int]]:
    if not spans:
        return text, places
    normal_text: list[str] = []
    positions: list[int] = []
    at = 0
    for start, end in spans:
        normal_text.append(text[at:start])
        positions.extend(places[at:start])
        at = end
    normal_text.append(text[at:])
    positions.extend(places[at:])
    return "".join(normal_text), positions
