"""Findings on the words: blanks left, choices left, years, units, doubled stops, other units' names."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache

import msgspec

from juesuan.account import Account, Issue, Passage
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.wording.annual import check_annual
from juesuan.checker.rules.wording.enumerated import check_enumerated, check_listed
from juesuan.checker.rules.wording.found import around, wording_issue
from juesuan.checker.rules.wording.headings import check_headings
from juesuan.checker.rules.wording.kinds import check_kinds
from juesuan.checker.rules.wording.missing import check_missing, punctuated
from juesuan.checker.rules.wording.residue import check_residue
from juesuan.checker.rules.wording.twice import check_twice
from juesuan.checker.rules.wording.years import check_titles, check_years
from juesuan.statute.language import NUMBER, ResidueWords, compact, expression, load_document_words, load_residue

DIGITS = 4
"""An amount must have as many digits to be taken for one of the tables written in the wrong unit."""

_TWICE = re.compile(r"(?<=[、，：:])([\u4e00-\u9fff]{3,14})、\1(?=[、，。；等])")
_PERSON = 8
"""So many signs before a blank may say that it is of a person."""
_CLAUSE = 16
"""So far before a direction stands what it is against."""

_FLAT = "持平"
_LEAST_YUAN = 1000
"""Nothing that a unit spends in a year on one matter is less."""
_WAN = re.compile(rf"{NUMBER}万元")
_STOP = re.compile("[，,。；;：:（(]")
_YUAN = re.compile(rf"(?<![\d.,])({NUMBER})元")
_NAMED = re.compile(r"^(?:[一二三四五六七八九十]+、)?([^，。；：（）\d]{4,40}?)20\d{2}年度?")


def check_wording(context: CheckContext) -> Iterator[Issue]:
    """Everything in the words that the figures need not be asked about; one finding for each rule and paragraph."""
    account, statute = context.account, context.statute
    if is_blank(account.unit.name) and not account.facts:
        # A template is blank throughout; its years are not.
        yield from check_years(context, load_residue())
        return
    yield from check_headings(account.passages, statute)
    wording = load_residue()
    if not account.facts and not any(each.subject for each in account.stated):
        yield from check_titles(context, wording)
        return
    amounts = context.derived(_printed_amounts)
    yield from check_years(context, wording)
    yield from check_annual(context, wording)
    yield from check_kinds(context)
    yield from check_twice(context, amounts)
    yield from check_listed([(passage, punctuated(text)) for passage, text in context.texts])
    for passage, text in context.texts:
        yield from _left(text, passage, wording)
        yield from check_missing(text, passage)
        yield from check_residue(text, passage)
        yield from check_enumerated(punctuated(text), passage)
        yield from _units(text, passage, amounts, wording)
        yield from _doubled(text, passage, wording)
        yield from _listed_twice(text, passage)
        yield from _unpaired(text, passage, wording)
        yield from _names(text, passage, account, wording)


@cache
def _choices(pairs: tuple[tuple[str, str], ...]) -> re.Pattern[str]:
    both = [pair for first, second in pairs for pair in ((first, second), (second, first))]
    return re.compile("|".join(rf"{first}(?:（或?{second}）|/{second})" for first, second in both))


def _left(text: str, passage: Passage, wording: ResidueWords) -> Iterator[Issue]:
    blank = expression(wording.blanks).search(text)
    if blank and not _latin(text, blank.start(), blank.end()) and not _of_person(text, blank.start(), wording):
        message = f"“{around(passage, blank.start(), blank.end())}”里的“{blank.group(0)}”没有填写。"
        yield wording_issue("W101", message, passage.source, blank.group(0))
    for choice in (*_choices(wording.choices).finditer(text), *expression(wording.unchosen).finditer(text)):
        before = text[max(0, choice.start() - _CLAUSE) : choice.start()]
        if "，" in choice.group(0) and any(word in before for word in wording.level_unless):
            continue
        what = "又说增减、又说持平" if _FLAT in choice.group(0) else "没有选定"
        message = f"“{around(passage, choice.start(), choice.end())}”里的“{choice.group(0)}”{what}。"
        yield wording_issue("W102", message, passage.source, choice.group(0))


def _of_person(text: str, at: int, wording: ResidueWords) -> bool:
    """Whether what is left out is a name or number of a person (项目负责人：××)."""
    return any(word in text[max(0, at - _PERSON) : at] for word in wording.persons)


def is_blank(text: str) -> bool:
    """Whether a text still has a place to be filled in (XX局)."""
    return expression(load_residue().blanks).search(text) is not None


def _latin(text: str, start: int, end: int) -> bool:
    """Whether a mark is part of a Latin word or number (IPXX, 1xx), not a blank."""
    adjacent = text[max(0, start - 1) : start] + text[end : end + 1]
    return any(sign.isascii() and sign.isalnum() and sign not in "Xx" for sign in adjacent)


def _printed_amounts(context: CheckContext) -> set[str]:
    """The amounts of the tables as 万元 with two decimals, those with enough digits not to occur by chance."""
    texts = (f"{fact.figure.value / 10000:.2f}" for fact in context.account.facts.values() if fact.figure.value)
    return {text for text in texts if len(text.replace(".", "").lstrip("0")) >= DIGITS}


def _units(text: str, passage: Passage, amounts: set[str], wording: ResidueWords) -> Iterator[Issue]:
    for unit in wording.units:
        if unit in text:
            start = text.index(unit)
            message = f"“{around(passage, start, start + len(unit))}”里的单位“{unit}”重复。"
            yield wording_issue("W104", message, passage.source, unit, _once(unit))
    for match in _YUAN.finditer(text):
        number = Decimal(match.group(1).replace(",", "").replace("−", "-"))
        if f"{number:.2f}" in amounts and f"{number * 10000:.2f}" not in amounts:
            message = f"“{around(passage, *match.span())}”的单位写作元，表中这个数以万元为单位。"
            yield wording_issue("W104", message, passage.source, f"{match.group(1)}元", f"{match.group(1)}万元")
        elif 0 < number < _LEAST_YUAN and _is_outlay(text, match.start(), wording):
            message = f"“{around(passage, *match.span())}”只有{match.group(1)}元，同段其他金额都是万元，请核对单位。"
            found = wording_issue("W104", message, passage.source, f"{match.group(1)}元", f"{match.group(1)}万元")
            yield msgspec.structs.replace(found, severity="warning")


def _is_outlay(text: str, at: int, wording: ResidueWords) -> bool:
    """Whether a few yuan at `at` are told as an outlay among amounts in 万元, and are no price, rate or mean."""
    before = _STOP.split(text[:at])[-1]
    alone = len(_YUAN.findall(text)) == 1 and _WAN.search(text) is not None
    told = re.search(wording.outlays, before) is not None
    return alone and told and not any(word in before for word in wording.prices)


def _once(text: str) -> str:
    """The half of a text that is one thing written twice; empty for any other."""
    half = text[: len(text) // 2]
    return half if half * 2 == text else ""


def _doubled(text: str, passage: Passage, wording: ResidueWords) -> Iterator[Issue]:
    for marks in wording.doubled:
        start = text.find(marks)
        # A row of dots is the leader of a table of contents.
        if start >= 0 and text[start : start + 4] != marks[0] * 4:
            message = f"“{around(passage, start, start + len(marks))}”里的标点“{marks}”重复。"
            yield wording_issue("W105", message, passage.source, marks, _once(marks))
            break
    for words in wording.doubled_words:
        start = text.find(words)
        # Cells of a table that were copied one behind the other stand apart (收入 收入 支出 支出).
        if start >= 0 and words in passage.text:
            message = f"“{around(passage, start, start + len(words))}”里的“{words}”重复。"
            yield wording_issue("W118", message, passage.source, words, words[: len(words) // 2])


def _unpaired(text: str, passage: Passage, wording: ResidueWords) -> Iterator[Issue]:
    """W122: half a pair of quotation marks in a sentence that is whole."""
    for opening, closing in wording.quotes:
        if not text.endswith("。") or "|" in passage.text or text.count(opening) == text.count(closing):
            continue
        depths = itertools.accumulate((sign == opening) - (sign == closing) for sign in text)
        at = next((at for at, depth in enumerate(depths) if depth < 0), text.rfind(opening))
        message = f"“{around(passage, at, at + 1)}”里的引号“{text[at]}”没有另一半。"
        yield wording_issue("W122", message, passage.source, text[at])


def _listed_twice(text: str, passage: Passage) -> Iterator[Issue]:
    """One thing named twice, one behind the other, in a list: 住房公积金、住房公积金、办公费."""
    for match in _TWICE.finditer(text):
        message = f"“{around(passage, *match.span())}”里的“{match[1]}”列了两遍。"
        yield wording_issue("W118", message, passage.source, match[0], match[1])


def _names(text: str, passage: Passage, account: Account, wording: ResidueWords) -> Iterator[Issue]:
    own = compact(account.unit.name)
    match = _NAMED.match(text)
    if not match or not own or is_blank(text):
        return
    name = match.group(1).removeprefix("第").lstrip("一二三四五六七八九十部分").removeprefix("纳入")
    if name.endswith(wording.bodies) and not _abbreviates(name, own) and not _abbreviates(own, name):
        message = f"“{around(passage, *match.span(1))}”里的单位是“{name}”，与决算单位“{account.unit.name}”不同。"
        yield wording_issue("W106", message, passage.source, name, account.unit.name)


_NUMBERED_BODY = re.compile("第?[一二三四五六七八九十]+(?=[小中大幼]|实验|人民医院|医院|中心)")
"""What tells bodies of one name apart: 第二小学 is not the 小学 of the same road."""


def _abbreviates(short: str, long: str) -> bool:
    """Whether every sign of `short` stands in `long` in the same order (市人社局 for 市人力资源和社会保障局).

    What every such body is called (人民政府, 办事处) may be added or left out.
    """
    signs: Iterable[str] = iter(long)
    general = load_document_words().organisations.general
    core = next((short.removesuffix(end) for end in general if short.endswith(end) and short != end), short)
    return all(sign in signs for sign in core) and _NUMBERED_BODY.findall(short) == _NUMBERED_BODY.findall(long)
