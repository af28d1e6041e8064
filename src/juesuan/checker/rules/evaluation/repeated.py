"""The same quantity stated with different values: in the forms, in the narrative, in the key work table (E144)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache

import msgspec

from juesuan.account import (
    Account,
    Indicator,
    Issue,
    PerformanceSheet,
    Source,
    StatedOperand,
    bare_text,
    spaceless,
    without_ordinal,
)
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.evaluation.notes import about, finding, named
from juesuan.checker.rules.evaluation.texts import PerformanceStatement, paired, project_reviews
from juesuan.scoring import Value, comparable, parse_value, printed_step
from juesuan.statute import load_evaluation

_LEAST = 4
"""How many signs two names must share at least to mean the same quantity."""
_NUMBER = re.compile(r"(?<![\d.,])\d[\d,]*(?:\.\d+)?(?![\d.])")
_UNIT = re.compile(r"[万亿千百]*[\u4e00-\u9fff%‰]{0,3}")
_BREAK = re.compile(r"[，。；：、（）()\s“”‘’！？\d]")


class StatedQuantity(msgspec.Struct, frozen=True):
    """A quantity that a text states: its name as written, its value as written, and where."""

    name: str
    value: str
    where: str
    source: Source | None


def check_repeated_values(context: CheckContext) -> Iterator[Issue]:
    """Indicators whose actual value the text or the key work table states otherwise under the same name."""
    account = context.account
    whole = [sheet for sheet in account.sheets if sheet.kind == "整体"]
    projects = [sheet for sheet in account.sheets if sheet.kind == "项目"]
    reviews = context.derived(project_reviews)
    places = {entry.source for entry in reviews}
    general = [s for s in _key_work(account) if s.value]
    texts = [passage for passage in context.passages if passage.source is None or passage.source not in places]
    for passage in texts:
        general.extend(quantities(passage.text, "正文", passage.source))
    for sheet in whole:
        yield from about(sheet, _against(sheet, general))
    for entry, sheet in paired(reviews, projects):
        yield from about(sheet, _against(sheet, _review(context, entry)))
    for sheet in whole:
        others = [(other, i) for other in projects for i in other.indicators]
        yield from about(sheet, _forms(sheet, others))


def _key_work(account: Account) -> Iterator[StatedQuantity]:
    for work in account.key_work:
        yield from quantities(work.outcome, "重点工作完成情况", work.source)


def _review(context: CheckContext, entry: PerformanceStatement) -> list[StatedQuantity]:
    for passage in context.passages:
        if passage.source == entry.source and entry.name in spaceless(passage.text):
            return list(quantities(passage.text, "正文", passage.source))
    return []


def quantities(text: str, where: str, source: Source | None) -> Iterator[StatedQuantity]:
    """The named figures of a text: the words right before a number, and the number with its unit."""
    words = load_evaluation()
    compact = spaceless(text)
    for match in _NUMBER.finditer(compact):
        before = _BREAK.split(compact[: match.start()])[-1]
        unit = _UNIT.match(compact, match.end())
        if any(before.endswith(word) for word in words.about):
            continue
        name = _without_end(before, words.reaching)
        if len(name) >= _LEAST and not any(word in name for word in words.qualifiers):
            yield StatedQuantity(name, match[0] + (unit[0] if unit else ""), where, source)


def _without_end(text: str, endings: Sequence[str]) -> str:
    ending = next((word for word in endings if text.endswith(word) and len(text) > len(word)), "")
    return text.removesuffix(ending)


@lru_cache(maxsize=4096)
def core(name: str) -> str:
    """A name without ordinals and the words in front that do not change what it means (全市, 有效)."""
    text = bare_text(without_ordinal(spaceless(name)))
    generic = load_evaluation().generic
    while beginning := next((word for word in generic if text.startswith(word) and len(text) > len(word)), ""):
        text = text.removeprefix(beginning)
    return text


def same_name(one: str, other: str) -> bool:
    """Whether two names mean the same quantity: alike but for order, or one ends in the whole of the other."""
    first, second = core(one), core(other)
    if min(len(first), len(second)) < _LEAST:
        return False
    if set(first) == set(second):
        return True
    longer, shorter = (first, second) if len(first) >= len(second) else (second, first)
    rest = longer.removesuffix(shorter)
    return rest != longer and not any(word in rest for word in load_evaluation().qualifiers)


def _against(sheet: PerformanceSheet, stated: Sequence[StatedQuantity]) -> Iterator[Issue]:
    for indicator in sheet.indicators:
        other = [s for s in stated if same_name(indicator.name, s.name) and differ(indicator.actual, s.value)]
        if not other:
            continue
        listing = "；".join(dict.fromkeys(f"{s.where}写“{s.name}”{s.value}" for s in other))
        text = f"{named(sheet)}“{indicator.name}”的完成值为{indicator.actual}，{listing}；看来是同一个量，请核对。"
        operands = tuple(StatedOperand(s.name, s.value, s.source) for s in other)
        places = [indicator.source, *(s.source for s in other)]
        yield finding("E144", text, places, indicator.actual, other[0].value, operands=operands)


def _forms(sheet: PerformanceSheet, others: Sequence[tuple[PerformanceSheet, Indicator]]) -> Iterator[Issue]:
    """Counts of the whole unit that the form of a project states otherwise: a notice, since its share may differ."""
    for indicator in sheet.indicators:
        if parse_value(indicator.actual).kind not in ("数量", "次数", "金额"):
            continue
        for other, line in others:
            if core(indicator.name) != core(line.name) or not differ(indicator.actual, line.actual):
                continue
            text = (f"“{indicator.name}”在{named(sheet)}为{indicator.actual}，在{named(other)}为{line.actual}；"
                    "同一个量的请核对。")
            places = [indicator.source, line.source]
            yield finding("E144", text, places, indicator.actual, line.actual, severity="notice")


def differ(one: str, other: str) -> bool:
    """Whether two written values are figures of one kind that cannot be the same number."""
    first, second = parse_value(one), parse_value(other)
    if first.comparison not in ("", "=") or first.number is None:
        return False
    if not second.unit and second.number is not None:
        # “1110.71万” beside 985万人: the text leaves the unit to the name.
        second = parse_value(f"{other}{_unit(first)}")
    if second.number is None or second.comparison not in ("", "=") or not comparable(first, second):
        return False
    if first.unit != second.unit:
        return False
    gap = abs(Fraction(first.number) - Fraction(second.number))
    return gap > Fraction(printed_step(first) + printed_step(second)) / 2


def _unit(value: Value) -> str:
    return value.unit.partition("/")[0]
