"""Names of items wherever prose writes them with their level (……（类）……（款）……（项）), held to the classification."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec

from juesuan.account import Issue, Source, bare_text
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.names import called_otherwise, check_names, stem
from juesuan.statute import CODE_LENGTHS, CodeTable, Statute, level_of, load_rules

_NAMED = re.compile(
    r"((?:[^（）()。；：，、“”‘’\d.]|（(?![类款项一二三四五六七八九十]+）)[\u4e00-\u9fff]{1,8}）){2,40})（([类款项])）"
)
_LISTED_CLASS = re.compile(r"(?:^|[^\u4e00-\u9fff])([\u4e00-\u9fff]{4,20}支出)[”\"]?\s*\d[\d,.]*\s*万?元")
_CODED = re.compile(r"([\u4e00-\u9fff]{3,30})[（(](2\d{2}|2\d{4}|2\d{6})[）)]")
"""A name of the functional classification with its code behind it."""
_SHORTEST = 4
"""Shorter names differ from each other by a sign themselves."""


class _Name(msgspec.Struct, frozen=True):
    """A name of the classification: its code and whether it holds in the year."""

    code: str
    name: str
    now: bool


class _Names:
    """The names of a classification by level and stem, those of other years as well."""

    def __init__(self, table: CodeTable, year: int) -> None:
        self.by_stem: dict[tuple[int, str], list[_Name]] = defaultdict(list)
        self.of_level: dict[int, list[_Name]] = defaultdict(list)
        for entry in table.of_year(year):
            self._add(_Name(entry.code, entry.name, True))
        for code in {name.code for names in self.of_level.values() for name in names}:
            current = table.name(code, year)
            for former in table.names(code):
                if stem(former) != stem(current):
                    self._add(_Name(code, former, False))

    def _add(self, name: _Name) -> None:
        self.by_stem[len(name.code), stem(name.name)].append(name)
        self.of_level[len(name.code)].append(name)


@lru_cache(maxsize=16)
def _names_of(table: CodeTable, year: int) -> _Names:
    """The names of the classification, the same for every document of the year."""
    return _Names(table, year)


def check_item_names(context: CheckContext) -> Iterator[Issue]:
    """N64: names that are not those of the code that a sentence is of, and former, misplaced and slipped names."""
    misnamed = list(check_names(context))
    yield from misnamed
    yield from _elsewhere(context, misnamed)


def _elsewhere(context: CheckContext, misnamed: Sequence[Issue]) -> Iterator[Issue]:
    statute = context.statute
    names = _names_of(statute.functional, statute.year)
    known = {(place, each.stated) for each in misnamed for place in each.places}
    places: dict[tuple[str, str, str], list[Source]] = defaultdict(list)
    for passage, text in context.texts:
        for slip in _slips(text, names, statute):
            if passage.source and (passage.source, slip[0]) not in known:
                known.add((passage.source, slip[0]))
                places[slip].append(passage.source)
    for (written, official, why), where in places.items():
        yield called_otherwise(written, official, why, tuple(where), load_rules()["N64"].severity)


def _slips(text: str, names: _Names, statute: Statute) -> Iterator[tuple[str, str, str]]:
    """What is written, what it should be, and what kind of name it is, for each name of `text` that is not official."""
    yield from _former_classes(text, names, statute)
    yield from _miscoded(text, names, statute)
    parent, end = "", -1
    for match in _NAMED.finditer(text):
        length = CODE_LENGTHS[match[2]]
        if match.start() != end or len(parent) >= length:
            parent = ""
        end = match.end()
        written = match[1]
        same = [name for name in _ending(names, length, written) if name.code.startswith(parent)]
        now = [name for name in same if name.now]
        if now:
            parent = now[0].code if len({name.code for name in now}) == 1 else parent
            continue
        if same:
            official = statute.functional.name(same[0].code, statute.year)
            yield written, official, f"是科目 {same[0].code} 以前的名称"
            parent = same[0].code
            continue
        elsewhere = [name for name in _ending(names, length, written) if name.now]
        if parent and len(elsewhere) == 1:
            above = elsewhere[0].code[:-2]
            owner = statute.functional.name(above, statute.year)
            yield written, f"{owner}（{above}）的{elsewhere[0].name}", "不属于前面所写的上级科目"
            continue
        level = next((name for other in CODE_LENGTHS.values() if other != length
                      for name in names.by_stem.get((other, stem(written)), ()) if name.now), None)  # fmt: skip
        if level is not None and len(stem(written)) >= _SHORTEST:
            yield written, _path(level.code, statute), f"不是{match[2]}，是{level_of(level.code)}"
            parent = level.code
            continue
        close = _closest(names, length, written, parent)
        if close is not None:
            yield written, close.name, "与科目名称差一两个字"
            parent = close.code


def _path(code: str, statute: Statute) -> str:
    """An item with what it is of, as prose writes it: 住房保障支出（类）住房改革支出（款）住房公积金（项）."""
    above = (code[:length] for length in CODE_LENGTHS.values() if length <= len(code))
    return "".join(f"{statute.functional.name(each, statute.year)}（{level_of(each)}）" for each in above)


def _miscoded(text: str, names: _Names, statute: Statute) -> Iterator[tuple[str, str, str]]:
    """Names with the code of another item behind them: 文物保护（2070205）, which is 2070204."""
    for match in _CODED.finditer(text):
        length, code = len(match[2]), match[2]
        own = statute.functional.name(code, statute.year)
        named = [name for name in _ending(names, length, match[1]) if name.now]
        if not own or len(named) != 1 or named[0].code == code or stem(match[1]).endswith(stem(own)):
            continue
        if any(stem(former) == stem(named[0].name) for former in statute.functional.names(code)):
            continue
        written = f"{named[0].name}（{code}）"
        yield written, f"{named[0].name}（{named[0].code}）", f"后面的编码是“{own}”的"


def _former_classes(text: str, names: _Names, statute: Statute) -> Iterator[tuple[str, str, str]]:
    """Classes listed under a former name, with an amount and without their level (“文化体育与传媒支出”82.51万元)."""
    length = CODE_LENGTHS["类"]
    for match in _LISTED_CLASS.finditer(text):
        same = names.by_stem.get((length, stem(match[1])), ())
        if same and not any(name.now for name in same):
            official = statute.functional.name(same[0].code, statute.year)
            yield match[1], official, f"是科目 {same[0].code} 以前的名称"


def _ending(names: _Names, length: int, written: str) -> list[_Name]:
    """The names of a level that `written` is, or ends with behind words of the sentence (主要用于住房保障支出)."""
    plain = stem(written)
    for start in range(len(plain)):
        found = names.by_stem.get((length, plain[start:]), ())
        # A short former name (文化, 农业) behind other words is part of a name that is none of the classification.
        sure = [name for name in found if name.now or start == 0 or len(plain) - start >= _SHORTEST]
        if sure:
            return sure
    return []


def _closest(names: _Names, length: int, written: str, parent: str) -> _Name | None:
    """The one name of the level that `written` differs from by a sign, or by two signs that changed places."""
    plain, whole = stem(written), bare_text(written)
    found = {
        name.code: name
        for name in names.of_level[length]
        if name.now and name.code.startswith(parent)
        and (_slipped(plain, official := stem(name.name)) or _turned(plain, official)
             or _turned(whole, bare_text(name.name)))
    }
    same = {stem(name.name) for name in found.values()}
    return next(iter(found.values())) if len(same) == 1 else None


def _turned(written: str, official: str) -> bool:
    """Whether two signs of a name changed places (农水林支出)."""
    if len(official) < _SHORTEST or sorted(written) != sorted(official):
        return False
    return sum(a != b for a, b in zip(written, official, strict=True)) == 2


def _slipped(written: str, official: str) -> bool:
    if len(official) < _SHORTEST or abs(len(written) - len(official)) > 1 or written == official:
        return False
    if len(written) == len(official):
        differ = [n for n, (a, b) in enumerate(zip(written, official, strict=True)) if a != b]
        return len(differ) == 1
    short, long = sorted((written, official), key=len)
    return any(long[:n] + long[n + 1 :] == short for n in range(len(long)))
