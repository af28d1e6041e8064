"""Shares against the amounts they are made of: part ÷ whole, or ÷ all parts together where no whole is stated."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from juesuan.account import BUDGETS, Issue, ratio, total_range
from juesuan.checker.rules.prose.model.numbers import LEVELS, Number, Prose
from juesuan.checker.rules.prose.rates import SURE_DIGITS, Reading, blamed, digits, holds
from juesuan.statute.language import load_prose_rules

_NEAR = 12
"""So many paragraphs apart the parts of one whole may be told, each with a list of its own below it."""


def check_shares(prose: Prose) -> Iterator[Issue]:
    """Every share that its amounts contradict (Z103)."""
    for number in prose.numbers:
        if number.measure == "占比" and number.stated.mention >= 0:
            yield from _shared(prose, number)


def _shared(prose: Prose, number: Number) -> Iterator[Issue]:
    own = number.stated
    parts = [n for n in prose.of(own.mention, *LEVELS) if n.stated.passage == own.passage]
    before = [n for n in parts if n.stated.start < own.start and n.stated.sentence == own.sentence]
    parts = before[-1:] or parts
    if not parts:
        return
    part = parts[-1]
    readings = [
        Reading(ratio(part.range, whole.range), (part, whole), f"{part.text}÷{whole.text}")
        for whole in _wholes(prose, number, part)
    ]
    if not readings:
        readings = list(_of_all_parts(prose, number, part))
        if not any(holds(number, reading) for reading in readings):
            yield from blamed(prose, number, "Z103", readings) if readings else ()
        return
    if any(holds(number, reading) for reading in readings):
        return
    if all(reading.expected is None for reading in readings) and not part.value:
        return
    if digits(number) >= SURE_DIGITS and any(holds(number, each) for each in _others(prose, number, part)):
        return
    readings = [_with_mistake(prose, number, each) for each in readings]
    yield from blamed(prose, number, "Z103", readings)


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
        near = [n for n in named if n.stated.passage == own.passage]
        found = [*(n for n in found if n.stated.subject == own.base), *(near or named)]
    return list(dict.fromkeys(found))


def _others(prose: Prose, number: Number, part: Number) -> Iterator[Reading]:
    """Any amount told before in the paragraph or the one before it: what the share may be of in other words."""
    for other in prose.numbers:
        same = other.measure == part.measure or {other.measure, part.measure} <= set(BUDGETS)
        alike = other.measure in LEVELS and other.is_about == part.is_about and same
        near = 0 <= number.stated.passage - other.stated.passage <= 2
        if alike and near and other.stated.mention != part.stated.mention:
            yield Reading(ratio(part.range, other.range), (part, other), "")


def _with_mistake(prose: Prose, number: Number, reading: Reading) -> Reading:
    """The reading with the share of a neighbour, where the two were exchanged."""
    whole = reading.numbers[-1]
    for other in prose.passages[number.stated.passage]:
        if other.measure in LEVELS and other.is_about == whole.is_about and other not in reading.numbers:
            found = ratio(other.range, whole.range)
            if found and number.range.meets(found):
                return msgspec.structs.replace(reading, swapped=found, mistake=f"{other.stated.subject}的占比")
    return reading



def _of_all_parts(prose: Prose, number: Number, part: Number) -> Iterator[Reading]:
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
            holds(n, Reading(ratio(level.range, added), (), "")) and n.value
            for n in shares if n is not number for level in prose.of(n.stated.mention, part.measure)[:1]
        )  # fmt: skip
        if shown:
            yield Reading(ratio(part.range, added), (part, *others), f"{part.text}÷各部分之和")
            return
