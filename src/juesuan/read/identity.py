"""Whose account of which year a document is, and under which profile it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import msgspec

from juesuan.read.raw import RawDocument, RawTable, RawText
from juesuan.statute import NATIONAL, load_statute, profiles

_YEAR = re.compile(r"(20\d{2})年?度")
_UNIT = re.compile(r"^(?:编制)?(?:单位|部门)(?:名称)?[:：]\s*(\S.+)$")
_PART = re.compile(r"^第[一二三四五]部分\s*(.+?)(?:20\d{2}年度?)?(?:单位|部门)?(?:概况|决算表|决算情况说明).*$")
_OPENING = 60
"""How many paragraphs from the beginning are looked through for the place."""


class Identity(msgspec.Struct, frozen=True):
    """Unit, year and profile of a document; empty or zero where it does not say."""

    unit: str
    year: int
    profile: str


def identify(raw: RawDocument, profile: str | None = None) -> Identity:
    """Unit and year as most places of the document state them, and the profile of the place, unless one is given."""
    texts = list(_texts(raw))
    years = Counter(int(year) for text in texts for year in _YEAR.findall(text))
    named = Counter(name for text in texts for name in units(text))
    year = years.most_common(1)[0][0] if years else 0
    unit = named.most_common(1)[0][0] if named else ""
    return Identity(unit, year, profile or _profile(unit + "".join(texts[:_OPENING]), year))


def _texts(raw: RawDocument) -> Iterator[str]:
    for block in raw.blocks:
        if isinstance(block, RawText):
            yield block.text
        elif isinstance(block, RawTable):
            yield from (cell.text for cell in block.cells if cell.row < 3)


def units(text: str) -> Iterator[str]:
    """The unit that a line names: the heading of a table (单位：某中心) or of a part."""
    compact = re.sub(r"\s+", "", text)
    for pattern in (_UNIT, _PART):
        match = pattern.match(compact)
        if match and match[1] not in ("万元", "元") and not match[1].startswith("万元"):
            yield re.sub(r"单位[:：](万元|元)$", "", match[1])


def _profile(text: str, year: int) -> str:
    """The profile of the place that the text names, the one of the nearest year among several; else the national."""
    found = []
    for key in profiles():
        described = load_statute(key).profile
        place = described.place.removesuffix("市").removesuffix("省")
        if place and place in text:
            found.append((abs((described.year or year) - year), key))
    return min(found)[1] if found else NATIONAL
