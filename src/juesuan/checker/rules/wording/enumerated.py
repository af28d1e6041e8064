"""How many there are said to be, and how many are named: 内设机构6个，分别为：预算、专户、农财、三资、出纳."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from juesuan.account import NUMERALS, Issue, Passage
from juesuan.checker.rules.wording.found import around, wording_issue
from juesuan.statute.language import load_residue

_BRACKETS = re.compile(r"（[^（）]*）")
_AND = re.compile("[和及与]")
_LEAST_NAMED = 2
_LONGEST_NAME = 24
_NAME_OF_NUMBERS = re.compile(r"\d")
_LINE = re.compile(r"^(\d{1,2})[.、．](?!\d)[^。；]{2,40}[。；]?$")
"""A line of a numbered list."""


@cache
def _counted(enumerations: tuple[str, ...]) -> re.Pattern[str]:
    introduced = "|".join(enumerations)
    return re.compile(rf"(\d{{1,2}})[个家项名][^，。；：、\d]{{0,12}}，?(?:{introduced})：?([^。；，]+)")


@cache
def _introducing(enumerations: tuple[str, ...]) -> re.Pattern[str]:
    introduced = "|".join(enumerations)
    return re.compile(rf"(\d{{1,2}})[个家项名][^，。；：、\d]{{0,12}}，?(?:{introduced})：?$")


def check_enumerated(text: str, passage: Passage) -> Iterator[Issue]:
    """W119: a count whose names follow and are fewer or more. What ends with 等 names only some.

    `text` is the compact form of the paragraph. Names joined by 和 may be one (住房和城乡建设局) or two.
    """
    for match in _counted(load_residue().enumerations).finditer(text):
        listed = _BRACKETS.sub("", match[2])
        names = [name for name in listed.split("、") if name]
        open_ended = listed.endswith("等") or _NAME_OF_NUMBERS.search(listed) or "等" in names[-1]
        if len(names) < _LEAST_NAMED or open_ended or any(len(name) > _LONGEST_NAME for name in names):
            continue
        most = len(names) + sum(len(_AND.findall(name)) for name in names)
        if not len(names) <= int(match[1]) <= most:
            message = f"“{around(passage, *match.span())}”：写的是{match[1]}个，后面列出的是{len(names)}个。"
            yield wording_issue("W119", message, passage.source, match[1], str(len(names)))
    yield from _counted_behind(text, passage)


def _joins_two(name: str) -> bool:
    """Whether 和 stands between two names of offices (总务处和德育处), and not within one (住房和城乡建设局)."""
    sides = _AND.split(name)
    return len(sides) == 2 and all(re.search(load_residue().offices, side) for side in sides)


def _counted_behind(text: str, passage: Passage) -> Iterator[Issue]:
    """W119: 内设办公室、教导处、总务处和德育处共三个科室: four are named."""
    for match in re.finditer(load_residue().enumerations_before, text):
        listed = re.split("[，。；：]", text[: match.start()])[-1]
        names = [name for name in _BRACKETS.sub("", listed).split("、") if name]
        count = NUMERALS.find(match[1]) + 1 if match[1] in NUMERALS else int(match[1]) if match[1].isdigit() else 2
        usual = all(len(name) <= _LONGEST_NAME and not _NAME_OF_NUMBERS.search(name) for name in names)
        most = len(names) + sum(len(_AND.findall(name)) for name in names)
        least = len(names) + sum(_joins_two(name) for name in names)
        if len(names) <= _LEAST_NAMED or not usual or "等" in listed or least <= count <= most:
            continue
        message = f"“{around(passage, *match.span())}”：写的是{match[1]}个，前面列出的是{most}个。"
        yield wording_issue("W119", message, passage.source, match[1], str(most))


def check_listed(texts: Sequence[tuple[Passage, str]]) -> Iterator[Issue]:
    """W119: a count that ends a paragraph, and a numbered list below with more or fewer lines (共12个，包括：)."""
    for at, (passage, text) in enumerate(texts):
        match = _introducing(load_residue().enumerations).search(text)
        if match is None or not text.endswith("："):
            continue
        last = 0
        for _, line in texts[at + 1 :]:
            numbered = _LINE.match(line)
            if numbered is None or int(numbered[1]) != last + 1:
                break
            last += 1
        if last >= _LEAST_NAMED and last != int(match[1]):
            message = f"“{around(passage, *match.span(1))}”：写的是{match[1]}个，下面列出的是{last}个。"
            yield wording_issue("W119", message, passage.source, match[1], str(last))
