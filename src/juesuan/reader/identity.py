"""Whose account of which year a document is, and under which profile it stands."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import PurePath

import msgspec

from juesuan.reader.raw import RawDocument, RawTable, RawText
from juesuan.reader.tables.titles import form_of_title
from juesuan.statute import load_statute
from juesuan.statute.loader.load import BASES, heads
from juesuan.statute.profile import Kind

_YEARS: dict[Kind, re.Pattern[str]] = {"决算": re.compile(r"(20\d{2})年?度"), "预算": re.compile(r"(20\d{2})年")}
_IN_NAME = re.compile(r"(?<!\d)(20\d{2})(?!\d)")
_LONGEST = 60
"""A title of a table has no more signs than this."""
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
    kind = load_statute(profile).profile.kind if profile else _kind(raw)
    pattern = _YEARS[kind]
    years = Counter(int(year) for text in texts for year in pattern.findall(text))
    if kind == "预算":
        # A budget speaks of last year on every page: the titles of its tables say which year it is of.
        titles = [text for text in texts if form_of_title(text, load_statute(BASES[kind]))]
        years = Counter(int(year) for text in titles for year in pattern.findall(text)) or years
    named = Counter(name for text in texts for name in units(text))
    # Workbooks with nothing but tables may print no year anywhere: then the file's name tells it, where it names one.
    of_file = {int(found) for found in _IN_NAME.findall(PurePath(raw.file).stem)}
    year = years.most_common(1)[0][0] if years else of_file.pop() if len(of_file) == 1 else 0
    unit = named.most_common(1)[0][0] if named else ""
    return Identity(unit, year, profile or _profile(unit, "".join(texts[:_OPENING]), year, kind))


def _kind(raw: RawDocument) -> Kind:
    """Whether the document is a budget or final accounts, by which of their tables it prints more of."""
    laws = {kind: load_statute(key) for kind, key in BASES.items()}
    texts = [text for text in _texts(raw) if len(text) <= _LONGEST]
    found = {
        kind: len({form.key for text in texts if (form := form_of_title(text, law))}) for kind, law in laws.items()
    }
    return "预算" if found["预算"] > found["决算"] else "决算"


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


def _profile(unit: str, text: str, year: int, kind: Kind) -> str:
    """The profile of the place that the unit's name, else the text, names, of the nearest year; else the national."""
    for where in (unit, text):
        found = []
        for described in heads(kind):
            place = re.sub("[市省]$|壮族自治区$|自治区$", "", described.place)
            if any(name and name in where for name in (place, *described.places)):
                found.append((abs((described.year or year) - year), described.key))
        if found:
            return min(found)[1]
    return BASES[kind]
