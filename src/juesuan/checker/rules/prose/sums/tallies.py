"""Counts by grade, complete lists and disjoint amounts against their whole, parts that are more than their whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from juesuan.account import BUDGETS, Issue, Severity, total_range
from juesuan.checker.rules.prose.model.found import amount, issue
from juesuan.checker.rules.prose.model.numbers import Number, Prose
from juesuan.checker.rules.prose.sums.scores import SCORE
from juesuan.statute.language import Disjoint, Tallied, load_prose_rules

_LEAST_PARTS = 2


def check_tallies(prose: Prose) -> Iterator[Issue]:
    """Z114: projects by grade that are not all of them; Z111: disjoint amounts that come to more than their whole."""
    rules = load_prose_rules()
    for numbers in prose.passages.values():
        # Scores count nothing: 平均得分91.6分，其中“优”9个.
        counts = [n for n in numbers if n.measure == "数量" and n.stated.unit != SCORE]
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


def check_exhaustive(prose: Prose) -> Iterator[Issue]:
    """Z114, Z111: parts of a list that shows to be complete and does not make up its whole; Z117: a part that is more
    than its whole.

    A list shows that it is complete by a part of nothing, by another measure that adds up, or by words (地上, 地下).
    """
    for numbers in prose.passages.values():
        yield from _with_nothing(prose, numbers)
        yield from _by_measures(prose, numbers)
        yield from _complements(prose, numbers)
    yield from _bounded(prose)


def _with_nothing(prose: Prose, numbers: Sequence[Number]) -> Iterator[Issue]:
    """Counts of one unit in one sentence behind their whole, of which one is nothing: a form that names every kind.

    公务用车3辆，其中：轿车0辆、越野车1辆、载客汽车1辆: what is not named has none either.
    """
    for whole in numbers:
        own = whole.stated
        if whole.measure != "数量" or not whole.value or own.unit not in load_prose_rules().listed_units:
            continue
        parts = [
            n for n in numbers
            if n.measure == "数量" and n.stated.within == own.mention and n.stated.unit == own.unit
            and n.stated.sentence == own.sentence
        ]  # fmt: skip
        if len(parts) > _LEAST_PARTS and any(not part.value for part in parts):
            yield from _of_list(prose, whole, parts)


def _complements(prose: Prose, numbers: Sequence[Number]) -> Iterator[Issue]:
    """Two counts of one sentence that exclude each other and leave nothing: 地上8013平方米，地下5356平方米."""
    for whole in (n for n in numbers if n.measure == "数量" and n.value):
        parts = [
            n for n in numbers
            if n.measure == "数量" and n.stated.within == whole.stated.mention and n.stated.unit == whole.stated.unit
            and n.stated.sentence == whole.stated.sentence
        ]  # fmt: skip
        for words in load_prose_rules().complements:
            named = [n for word in words for n in parts if n.stated.subject.startswith(word)]
            if len(parts) == len(named) == len(words) and named[0] is not named[1]:
                yield from _of_list(prose, whole, named, "warning")


def _by_measures(prose: Prose, numbers: Sequence[Number]) -> Iterator[Issue]:
    """Parts with several measures each (16批次、110人次、1.08万元；…): where one adds up to its whole, all do."""
    rows: list[list[Number]] = []
    for number in numbers:
        if number.measure not in ("数量", "决算", *BUDGETS) or number.stated.mention < 0:
            continue
        if rows and rows[-1][0].stated.mention == number.stated.mention:
            rows[-1].append(number)
        else:
            rows.append([number])
    run: list[list[Number]] = []
    for row in [*rows, []]:
        alike = bool(run) and [n.stated.unit for n in row] == [n.stated.unit for n in run[0]]
        if alike and len(row) > 1:
            run.append(row)
            continue
        if len(run) >= _LEAST_PARTS:
            yield from _columns(prose, numbers, run)
        run = [row]


def _columns(prose: Prose, numbers: Sequence[Number], run: Sequence[Sequence[Number]]) -> Iterator[Issue]:
    first = run[0][0].stated
    before = [n for n in numbers if n.stated.start < first.start and n.measure in ("数量", "决算", *BUDGETS)]
    wholes = [next((n for n in reversed(before) if _alike(n, cell)), None) for cell in run[0]]
    columns = [(whole, [row[at] for row in run]) for at, whole in enumerate(wholes) if whole is not None]
    held = [
        whole.value and (whole.range - total_range([part.range for part in parts])).holds_zero()
        for whole, parts in columns
    ]
    if any(held):
        for (whole, parts), holds in zip(columns, held, strict=True):
            if not holds:
                yield from _of_list(prose, whole, parts)


def _alike(one: Number, other: Number) -> bool:
    """Whether two numbers of a list measure the same: counts of one unit, budgets, or what was spent."""
    same = one.measure == other.measure or {one.measure, other.measure} <= set(BUDGETS)
    return one.stated.unit == other.stated.unit and same


def _of_list(
    prose: Prose, whole: Number, parts: Sequence[Number], severity: Severity | None = None
) -> Iterator[Issue]:
    added = total_range([part.range for part in parts])
    if (whole.range - added).holds_zero():
        return
    stated, expected = whole.text, amount(added.value, whole)
    names = "、".join(f"{part.stated.subject}{part.text}" for part in parts)
    message = f"{whole.stated.subject}{stated}，所列各项（{names}）相加为{expected}。"
    code = "Z111" if whole.is_money else "Z114"
    yield issue(prose, code, message, (whole, *parts), stated=stated, expected=expected, severity=severity)


def _bounded(prose: Prose) -> Iterator[Issue]:
    """What can never be more than something else that the document tells: 保有量 than all vehicles."""
    for bound in load_prose_rules().bounds:
        parts = [n for n in prose.subjects.get(bound.part, ()) if n.measure == "数量" and n.value]
        wholes = [n for n in prose.subjects.get(bound.whole, ()) if n.measure == "数量"]
        if len({n.value for n in wholes}) != 1:
            continue
        over = [n for n in parts if n.value > wholes[0].value and n.stated.year == wholes[0].stated.year]
        for number in over[:1]:
            message = f"{bound.part}{number.text}，{bound.whole}只有{wholes[0].text}：{bound.say}。"
            yield issue(prose, "Z117", message, (number, wholes[0]), stated=number.text, expected=wholes[0].text)
