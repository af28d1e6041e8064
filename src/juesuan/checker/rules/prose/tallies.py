"""Counts by grade against how many there are, and amounts of which none is part of another against their whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from juesuan.account import Issue, total_range
from juesuan.checker.rules.prose.model.found import amount, issue
from juesuan.checker.rules.prose.model.numbers import Number, Prose
from juesuan.statute.language import Disjoint, Tallied, load_prose_rules


def check_tallies(prose: Prose) -> Iterator[Issue]:
    """Z114: projects by grade that are not all of them; Z111: disjoint amounts that come to more than their whole."""
    rules = load_prose_rules()
    for numbers in prose.passages.values():
        counts = [n for n in numbers if n.measure == "数量"]
        for tallied in rules.tallied:
            yield from _grades(prose, counts, tallied)
    for disjoint in rules.disjoint:
        yield from _disjoint(prose, disjoint)


def _grades(prose: Prose, counts: Sequence[Number], tallied: Tallied) -> Iterator[Issue]:
    whole: Number | None = None
    parts: list[Number] = []
    for number in counts:
        subject = number.stated.subject
        if any(subject.endswith(word) or (word in subject and len(word) > 1) for word in tallied.parts) and whole:
            parts.append(number)
        elif any(word in subject for word in tallied.wholes):
            yield from _sum(prose, whole, parts)
            whole, parts = number, []
    yield from _sum(prose, whole, parts)


def _sum(prose: Prose, whole: Number | None, parts: Sequence[Number]) -> Iterator[Issue]:
    if whole is None or len(parts) < 2:
        return
    added = total_range([part.range for part in parts])
    if (whole.range - added).holds_zero():
        return
    names = "、".join(f"{part.stated.subject}{part.text}" for part in parts)
    message = f"{whole.stated.subject}{whole.text}，各类（{names}）相加为{amount(added.value, whole)}。"
    yield issue(
        prose, "Z114", message, (whole, *parts), stated=whole.text, expected=amount(added.value, whole)
    )


def _disjoint(prose: Prose, rule: Disjoint) -> Iterator[Issue]:
    """Amounts of one paragraph that exclude each other, against the whole told last before."""
    for numbers in prose.passages.values():
        parts = [n for n in numbers if n.stated.subject == rule.part and n.measure in ("决算", "预算")]
        before = [
            n
            for n in prose.subjects.get(rule.whole, ())
            if parts and n.measure in ("决算", "预算") and n.stated.mention < parts[0].stated.mention
        ]
        if len(parts) < 2 or not before:
            continue
        whole, added = before[-1], total_range([part.range for part in parts])
        if (whole.range - added).high < 0:
            names = "＋".join(part.text for part in parts)
            message = f"{rule.say}（{names}）相加为{amount(added.value, whole)}，超过{rule.whole}{whole.text}。"
            yield issue(prose, "Z111", message, (whole, *parts), stated=amount(added.value, whole), expected=whole.text)
