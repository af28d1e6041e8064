"""Clauses read: the sentence that a clause writes, turned into a pattern that gives its figures back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, cached_property, lru_cache

import msgspec

from juesuan.statute.clause import PLACEHOLDER, Case, Clause
from juesuan.statute.script import PRONUNCIATION, simplified

NUMBER = r"[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
NAME_SIGN = r"(?:[^（）。；]|（(?![类款项]）)[^（）]{1,8}）)"
"""A sign of the name of an item, or what the name has in brackets: 政府办公厅（室）及相关机构事务."""
NAMES = ("类名", "款名", "项名", "栏名", "行名", "项目名称")
"""Words of a clause that say which line or column a sentence is about."""

_BRACKETS = str.maketrans("()〔〕％，．", "（）（）%，.")
_OMITTED = re.compile(rf"\s+|{PRONUNCIATION.pattern}")
_LOOSE = {
    "：": "[：:]?", "，": "[，,、]?", "。": "[。；]?", "、": "[、.．]?", "；": "[；;。]?", " ": "", ".": r"[.．、]?",
}
"""Punctuation that units write as they like."""

SHORTEST = 8
"""The least number of signs that a sentence without figures must have to be recognised."""


class Pattern(msgspec.Struct, frozen=True, dict=True):
    """A wording of a clause as a regular expression with a group for each quantity and name, in order.

    Most wordings stand in no document at all: `literals` are signs without which one cannot, so that its expression
    need not even be compiled.
    """

    source: str
    literals: tuple[str, ...]
    quantities: tuple[str, ...]
    names: tuple[str, ...]
    case: Case
    weight: int
    """How many literal signs it has: the more, the surer the match."""
    cut: bool = False
    """Whether the wording goes on behind what is matched."""

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """The regular expression."""
        return re.compile(self.source)

    def search(self, text: str, start: int = 0) -> re.Match[str] | None:
        """The first place at or behind `start` where the wording stands."""
        return next(self.finditer(text, start), None)

    def finditer(self, text: str, start: int = 0) -> Iterator[re.Match[str]]:
        """Every place at or behind `start` where the wording stands."""
        if all(literal in text for literal in self.literals):
            yield from self.expression.finditer(text, start)


@lru_cache(maxsize=4096)
def compact(text: str) -> str:
    """A text as patterns see it: without white space, in simplified signs, with one kind of bracket.

    The comma sign within numbers stays. Sign by sign it is what `compact_places` says of the printed text.
    """
    joined = _OMITTED.sub("", text).translate(_BRACKETS)
    if not joined.isascii():
        joined = joined.translate(simplified())
    return re.sub(r"(?<=\d)，(?=\d{3}(?!\d))", ",", joined)


def compact_places(text: str) -> list[int]:
    """Where each sign of the compact form of `text` stands in it."""
    left_out = {at for match in _OMITTED.finditer(text) for at in range(*match.span())}
    return [at for at in range(len(text)) if at not in left_out]


LIST = "列举:"
"""How a clause marks a list of names (主要包括：…)."""


@cache
def _pattern(text: str, case: Case, quantities: frozenset[str], lists: bool = False) -> Pattern | None:
    parts: list[str] = []
    pieces: list[str] = []
    found: list[str] = []
    names: list[str] = []
    weight = 0
    captured = [m for m in PLACEHOLDER.finditer(text) if m.group(1) in quantities or (lists and m[1].startswith(LIST))]
    last = max((m.end() for m in captured), default=0)
    end = 0
    for match in PLACEHOLDER.finditer(text):
        literal = text[end : match.start()]
        if match.start() > last > 0:
            break
        parts.append(_literal(literal))
        pieces.extend(_sure(literal))
        weight += len(literal)
        name = match.group(1)
        if name in quantities:
            parts.append(f"({NUMBER})")
            found.append(name)
        elif name in NAMES:
            parts.append(r"([^（）。；：，]+?)")
            names.append(name)
        elif lists and name.startswith(LIST):
            parts.append(r"([^。；：]+)")
            found.append(name)
        else:
            parts.append(_word(name))
        end = match.end()
    tail, *left = re.split(r"[，。；：（]", text[last:]) if last else [text[end:]]
    parts.append(_literal(tail))
    pieces.extend(_sure(tail))
    weight += len(tail)
    # Placeholders come back in the order of their groups: names and quantities are told apart by the pattern's text.
    if not found and not names and weight < SHORTEST:
        return None
    groups = {*found, *names}
    order = tuple(m.group(1) for m in PLACEHOLDER.finditer(text) if m.group(1) in groups)
    selected = order[: len(found) + len(names)]
    return Pattern("".join(parts), tuple(dict.fromkeys(pieces)), selected, tuple(names), case, weight, any(left))


def _literal(text: str) -> str:
    return "".join(_LOOSE.get(sign, re.escape(sign)) for sign in text.translate(_BRACKETS))


def _sure(text: str) -> list[str]:
    """The stretches of a literal that must stand as they are."""
    stretches = re.split("[" + re.escape("".join(_LOOSE)) + "]", text.translate(_BRACKETS))
    return [stretch for stretch in stretches if len(stretch) > 1]


def _word(name: str) -> str:
    if name.startswith(("理由:", "文:", "列举:")):
        return r"[^。；]*?"
    known = {
        "年度": r"\d{4}", "上年": r"\d{4}", "序": r"\d{1,3}", "类": "（类）", "款": "（款）", "项": "（项）",
        "称谓": r"(?:本|我)?(?:单位|部门)", "部门单位": "(?:单位|部门)", "单位": r"[^，。；：]{0,40}?",
    }
    return known.get(name, r"[^，。；]*?")


def patterns(clause: Clause, inherited: frozenset[str]) -> list[Pattern]:
    """The patterns of a clause's cases and variants, the surest first; `inherited` are the paragraph's quantities."""
    quantities = inherited | frozenset(clause.let)
    found = [_pattern(case.text, case, quantities) for case in clause.cases if case.text]
    # With its lists too, where the document words them alike; the figures alone are recognised otherwise.
    found += [_pattern(case.text, case, quantities, True) for case in clause.cases if f"{{{LIST}" in case.text]
    plain = clause.cases[-1] if clause.cases else Case("")
    found.extend(_pattern(text, msgspec.structs.replace(plain, when=""), quantities) for text in clause.variants)
    return sorted(_distinct(p for p in found if p), key=lambda p: (-len(p.quantities), -p.weight))


def _distinct(found: Iterable[Pattern]) -> Iterable[Pattern]:
    """Each expression once: wordings that only differ behind what is matched (小于, 大于) say no condition."""
    by_text: dict[str, Pattern] = {}
    for pattern in found:
        known = by_text.get(pattern.source)
        if known is None:
            by_text[pattern.source] = pattern
        elif known.case.when != pattern.case.when:
            plain = msgspec.structs.replace(known.case, when="")
            by_text[pattern.source] = msgspec.structs.replace(known, case=plain)
    # What a longer wording begins with as well is no condition either, where the words that tell it come later.
    return [
        msgspec.structs.replace(one, case=msgspec.structs.replace(one.case, when=""))
        if one.cut and any(source != text and source.startswith(text) for source in by_text)
        else one
        for text, one in by_text.items()
    ]
