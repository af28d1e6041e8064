"""Shares against the amounts they are made of: part ÷ whole, or ÷ all parts together where no whole is stated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from juesuan.account import BUDGETS, Issue, ratio, total_range
from juesuan.checker.rules.prose.model.found import issue, name_of
from juesuan.checker.rules.prose.model.numbers import LEVELS, Number, Prose
from juesuan.checker.rules.prose.rates import SURE_DIGITS, RateReading, blamed, digits, holds
from juesuan.statute.language import load_document_words, load_prose_rules

_SHARE = re.compile(r"占(?:比|比重|比例)?(?:为|达|是)?\s*$")
_LEAST_LISTED = 3
"""So many parts with a share each show what they are shares of."""
_NEXT = 2
"""So many paragraphs apart the items of one list may be."""
_NEAR = 12
"""So many paragraphs apart the parts of one whole may be told, each with a list of its own below it."""


def check_shares(prose: Prose) -> Iterator[Issue]:
    """Every share that its amounts contradict (Z103)."""
    for number in prose.numbers:
        if number.measure == "占比" and number.stated.mention >= 0:
            issues = list(_shared(prose, number))
            yield from issues or _beyond(prose, number)


def _beyond(prose: Prose, number: Number) -> Iterator[Issue]:
    """Z103: a part that is said to be more than all of the whole it names, whatever its amounts are."""
    own = number.stated
    if number.value <= 1 or not own.base:
        return
    before = prose.text_of(own)[: own.start]
    named = f"{own.subject}{own.base}{before[before.rfind('占') :]}"
    other_side = ("收入" in own.base) != ("收入" in own.subject)
    # Outlay may be more than the income of the year, or than what was planned for it.
    if other_side or any(word in named for word in load_prose_rules().beyond_whole):
        return
    message = f"{name_of(number)}写作{number.text}；部分不会超过整体，占比不能超过100%。"
    yield issue(prose, "Z103", message, (number,), stated=number.text)


def _shared(prose: Prose, number: Number) -> Iterator[Issue]:
    own = number.stated
    parts = [n for n in prose.of(own.mention, *LEVELS) if n.stated.passage == own.passage]
    before = [n for n in parts if n.stated.start < own.start and n.stated.sentence == own.sentence]
    parts = before[-1:] or parts or _told_behind(prose, number)
    if not parts:
        return
    part = parts[-1]
    readings = [
        RateReading(ratio(part.range, whole.range), (part, whole), f"{part.text}÷{whole.text}")
        for whole in _wholes(prose, number, part)
    ]
    if not readings:
        readings = list(_of_all_parts(prose, number, part))
        if not any(holds(number, reading) for reading in readings):
            yield from blamed(prose, number, "Z103", readings) if readings else ()
        return
    if any(holds(number, reading) for reading in readings):
        return
    whole = whole_of_list(prose, number, part)
    if whole and all(reading.numbers[-1].value != whole.value for reading in readings):
        readings = [RateReading(ratio(part.range, whole.range), (part, whole), f"{part.text}÷{whole.text}")]
        if holds(number, readings[0]):
            return
    if all(reading.expected is None for reading in readings) and not part.value:
        return
    sure = digits(number) >= SURE_DIGITS and not _siblings_hold(prose, number, readings)
    if sure and any(holds(number, each) for each in _others(prose, number, part)):
        return
    readings = [_with_mistake(prose, number, each) for each in readings]
    yield from blamed(prose, number, "Z103", readings)


def _told_behind(prose: Prose, number: Number) -> list[Number]:
    """The one amount of the subject that its paragraph tells behind the share: 公用经费占9.97%。…，公用经费158万元."""
    own = number.stated
    found = [
        n for n in prose.passages[own.passage]
        if n.stated.subject == own.subject and n.stated.within == own.within and n.stated.start > own.start
        and n.measure in LEVELS and n.is_money
    ]  # fmt: skip
    return found if len(found) == 1 else []


def whole_of_list(prose: Prose, number: Number, part: Number) -> Number | None:
    """The amount told before of which all other shares of the sentence are shares; None where these name their whole.

    2.项目支出12万元，占支出总预算33%。按支出功能分类科目，分为：教育支出…，占81%；…: of the total, not of that item.
    """
    own = number.stated
    near = prose.passages[own.passage]
    lines = [n for at in range(own.passage - _NEXT, own.passage + _NEXT + 1) for n in prose.passages.get(at, ())]
    sentence = [share for share in near if share.stated.sentence == own.sentence]
    pairs = _listed(prose, part, sentence)
    if len(pairs) < _LEAST_LISTED:
        # The entries of the list are paragraphs of their own.
        pairs = _listed(prose, part, lines)
    if len(pairs) < _LEAST_LISTED or not _names_no_whole(prose, number):
        return None
    others = [(share, level) for share, level in pairs if share is not number]
    for whole in prose.numbers:
        alike = whole.measure == part.measure and whole.is_about == part.is_about
        if not alike or whole.stated.passage >= own.passage or whole.value <= part.value:
            continue
        if all(holds(share, RateReading(ratio(level.range, whole.range), (), "")) for share, level in others):
            return whole
    return None


def _listed(prose: Prose, part: Number, numbers: Sequence[Number]) -> list[tuple[Number, Number]]:
    """The shares among `numbers` that name no whole, each with the amount that its sentence tells."""
    return [
        (share, levels[-1])
        for share in numbers
        if share.measure == "占比" and _names_no_whole(prose, share)
        and (levels := [n for n in prose.of(share.stated.mention, part.measure)
                        if n.stated.sentence == share.stated.sentence])
    ]  # fmt: skip


def _names_no_whole(prose: Prose, share: Number) -> bool:
    """Whether nothing stands between 占 and the share."""
    return _SHARE.search(prose.text_of(share.stated)[: share.stated.start]) is not None


def _siblings_hold(prose: Prose, number: Number, readings: Sequence[RateReading]) -> bool:
    """Whether another share of the list that names the same whole is one of it: then this one is meant to be too.

    财政拨款收入占收入合计14.2%；事业收入占收入合计82.2%: the second may not be of the grand total. The items of a list
    may be paragraphs of their own.
    """
    wholes = [reading.numbers[-1] for reading in readings]
    first = number.stated.passage - _NEXT
    for other in (n for passage in range(first, first + 2 * _NEXT + 1) for n in prose.passages.get(passage, ())):
        own = other.stated
        if other.measure != "占比" or other is number or not own.base or own.base != number.stated.base:
            continue
        if own.section != number.stated.section:
            continue
        levels = [n for n in prose.of(own.mention, *LEVELS) if n.stated.sentence == own.sentence]
        if any(holds(other, RateReading(ratio(n.range, whole.range), (), "")) for n in levels for whole in wholes):
            return True
    return False


def _wholes(prose: Prose, number: Number, part: Number) -> list[Number]:
    """What a share may be of: the whole that it is told to be a part of, or the subject that it names."""
    own = number.stated
    found: list[Number] = []
    for mention in prose.ancestors(own.mention):
        found.extend(n for n in prose.of(mention, part.measure) if n.is_about == part.is_about)
        if found:
            break
    if own.base:
        named = [
            n for n in prose.subjects.get(own.base, ())
            if n.measure == part.measure and n.is_about == part.is_about and n.stated.mention != own.mention
        ]
        named = [n for n in named if n.stated.passage == own.passage or not prose.is_of_item(n)]
        fund = _fund_of_whole(prose, number)
        funds = load_document_words().fund_of
        named = [n for n in named if not fund or n.stated.fund == fund or n.stated.subject in funds]
        near = [n for n in named if n.stated.passage == own.passage]
        found = [*(n for n in found if n.stated.subject == own.base), *(near or named)]
    return list(dict.fromkeys(found))


def _fund_of_whole(prose: Prose, number: Number) -> str:
    """The fund that the text names with the whole of a share (占一般公共预算项目支出总额的100%); empty for none."""
    before = prose.text_of(number.stated)[: number.stated.start]
    return load_document_words().fund_at_start(before[before.rfind("占") + 1 :])[0] if "占" in before[-40:] else ""


def _others(prose: Prose, number: Number, part: Number) -> Iterator[RateReading]:
    """Any amount told before in the paragraph or the one before it: what the share may be of in other words."""
    for other in prose.numbers:
        same = other.measure == part.measure or {other.measure, part.measure} <= set(BUDGETS)
        alike = other.measure in LEVELS and other.is_about == part.is_about and same
        near = 0 <= number.stated.passage - other.stated.passage <= 2
        if alike and near and other.stated.mention != part.stated.mention:
            yield RateReading(ratio(part.range, other.range), (part, other), "")


def _with_mistake(prose: Prose, number: Number, reading: RateReading) -> RateReading:
    """The reading with the share of a neighbour, where the two were exchanged."""
    whole = reading.numbers[-1]
    for other in prose.passages[number.stated.passage]:
        if other.measure in LEVELS and other.is_about == whole.is_about and other not in reading.numbers:
            found = ratio(other.range, whole.range)
            if found and number.range.meets(found):
                return msgspec.structs.replace(reading, swapped=found, mistake=f"{other.stated.subject}的占比")
    return reading



def _of_all_parts(prose: Prose, number: Number, part: Number) -> Iterator[RateReading]:
    """The share of all parts together, where the text states each of them with its share and the whole nowhere."""
    own = number.stated
    shares = [
        n for n in prose.numbers
        if n.measure == "占比" and n.stated.base == own.base
        and n.stated.section == own.section and abs(n.stated.passage - own.passage) <= _NEAR
    ]  # fmt: skip
    parts = {n.stated.subject: level for n in shares for level in prose.of(n.stated.mention, part.measure)[:1]}
    for composition in load_prose_rules().compositions:
        if not set(composition.needed()) <= set(parts) <= set(composition.parts) or len(parts) < 2:
            continue
        added = total_range([each.range for each in parts.values()])
        others = tuple(each for each in parts.values() if each is not part)
        here = composition.whole == own.base and {n.stated.passage for n in shares} == {own.passage}
        # 占总支出的…, in paragraphs apart: that it is of all parts together another share has to show.
        shown = here or any(
            holds(n, RateReading(ratio(level.range, added), (), "")) and n.value
            for n in shares if n is not number for level in prose.of(n.stated.mention, part.measure)[:1]
        )  # fmt: skip
        if shown:
            yield RateReading(ratio(part.range, added), (part, *others), f"{part.text}÷各部分之和")
            return
    yield from _of_all_listed(prose, number, part)


def _of_all_listed(prose: Prose, number: Number, part: Number) -> Iterator[RateReading]:
    """The share of all that one sentence lists with a share each, where the other shares show that it is all.

    教育支出3,458.17万元，占74.0%；…；卫生健康支出222.09万元，占7.4%；…: three of four are shares of the sum.
    """
    own = number.stated
    shares = [n for n in prose.passages[own.passage] if n.measure == "占比" and n.stated.base == own.base]
    shares = [n for n in shares if n.stated.sentence == own.sentence]
    pairs = [(share, levels[0]) for share in shares if (levels := prose.of(share.stated.mention, part.measure))]
    if len(pairs) < _LEAST_LISTED or len(pairs) < len(shares) or part not in [level for _, level in pairs]:
        return
    added = total_range([level.range for _, level in pairs])
    others = [share for share, level in pairs if share is not number and level.value]
    held = [holds(share, RateReading(ratio(level.range, added), (), "")) for share, level in pairs if share in others]
    if len(held) >= _LEAST_LISTED - 1 and all(held):
        rest = tuple(level for _, level in pairs if level is not part)
        yield RateReading(ratio(part.range, added), (part, *rest), f"{part.text}÷各部分之和")
