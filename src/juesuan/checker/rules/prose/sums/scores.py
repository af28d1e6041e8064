"""Scores told in sentences: those of the parts make up that of the whole (预算执行9.38、产出50、效益27、满意度9).

The mean of the scores of all projects is what is told to be it, and the grade is that of the score.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from juesuan.account import Issue, plain, total
from juesuan.checker.rules.prose.model.found import issue
from juesuan.checker.rules.prose.model.numbers import Number, Prose
from juesuan.statute import Scheme
from juesuan.statute.language import expression, load_prose_rules, simplified

SCORE = "分"
"""The unit of scores and of full marks: each has sums of its own."""


def check_scores(prose: Prose, scheme: Scheme | None) -> Iterator[Issue]:
    """Sums and means of scores (Z114) and grades that are not those of the score by `scheme` (Z119)."""
    yield from _sums(prose)
    for numbers in prose.passages.values():
        yield from _means(prose, [n for n in numbers if n.stated.unit == SCORE], numbers)
        if scheme is not None:
            yield from _grades(prose, [n for n in numbers if n.stated.unit == SCORE], scheme)


def _sums(prose: Prose) -> Iterator[Issue]:
    """Z114: a score that is not the sum of the scores of its parts, where their full marks show that they are all.

    The execution of the budget may be told without its marks: then those of the others come to what is left for them.
    """
    rules = load_prose_rules().scores
    told = {n.stated.subject: n for n in prose.numbers if n.stated.unit == SCORE and n.measure == "数量"}
    scores = {name.removesuffix(rules.score): n for name, n in told.items() if name.endswith(rules.score)}
    marks = {name.removesuffix(rules.marks): n for name, n in told.items() if name.endswith(rules.marks)}
    wholes = [n for name, n in scores.items() if name.endswith(rules.wholes)]
    parts = [n for name, n in scores.items() if name in marks and n not in wholes]
    execution = [n for name, n in scores.items() if name not in marks and name.endswith(rules.execution)]
    full = total(n.value for name, n in marks.items() if name in scores)
    if len(wholes) != 1 or len(parts) != len(marks) or len(parts) < 2:
        return
    if full == rules.all_marks - rules.execution_marks and len(execution) == 1:
        parts = [*execution, *parts]
    elif full != rules.all_marks:
        return
    yield from _compared(prose, wholes[0], parts)


def _compared(prose: Prose, whole: Number, parts: list[Number]) -> Iterator[Issue]:
    added = total(part.value for part in parts)
    # A whole of 96 may be 95.6; a part of 10 is 10, though it is printed without decimals.
    if abs(whole.value - added) > whole.step / 2:
        names = "、".join(f"{part.stated.subject}{part.text}" for part in parts)
        message = f"{whole.stated.subject}{whole.text}，各部分（{names}）相加为{added}分。"
        yield issue(prose, "Z114", message, (whole, *parts), stated=whole.text, expected=f"{added}分")


def _means(prose: Prose, scores: Sequence[Number], numbers: Sequence[Number]) -> Iterator[Issue]:
    """Z114: 项目3个，…自评97分，…自评95.5分，…自评92分，平均得分95.83分: the mean of all of them, plain or by money."""
    rules = load_prose_rules().scores
    for mean in (n for n in scores if n.stated.subject.startswith(rules.means)):
        told = [n for n in scores if n.stated.start < mean.stated.start and n.stated.subject.endswith(rules.score)]
        parts = [n for n in told if not n.stated.subject.startswith(rules.means)]
        counted = any(n.value == len(parts) and n.stated.unit in rules.counted for n in numbers)
        if len(parts) < 2 or not counted:
            continue
        ways = [total(part.value for part in parts) / len(parts)]
        before = [[n for n in numbers if n.is_money and n.stated.end <= part.stated.start][-1:] for part in parts]
        weights = [found[0].value for found in before if found]
        if len(set(weights)) == len(parts):
            ways.append(total(p.value * w for p, w in zip(parts, weights, strict=True)) / total(weights))
        if not any(abs(way - mean.value) < max(mean.step, Decimal("0.01")) for way in ways):
            right = plain(round(ways[0], 2))
            message = f"{mean.stated.subject}{mean.text}，前面{len(parts)}个得分的平均数为{right}分。"
            yield issue(prose, "Z114", message, (mean, *parts), stated=mean.text, expected=f"{right}分")


def _grades(prose: Prose, scores: Sequence[Number], scheme: Scheme) -> Iterator[Issue]:
    """Z119: 自评总分96分，评价等次为“良”: the grade that the score has by the scheme."""
    rules = load_prose_rules().scores
    for score in (n for n in scores if n.stated.subject.endswith(rules.score)):
        text = prose.text_of(score.stated).translate(simplified())
        match = expression(rules.grades).match(text, score.stated.end)
        levels = scheme.grades.levels
        named = next((level.name for level in levels if match and level.name in match[0]), "")
        right = next((level.name for level in levels if score.value >= level.at_least), "")
        if named and right and named != right and score.value <= scheme.total:
            message = f"得分{score.text}，等级写的是“{named}”；按{scheme.grades.basis}应为“{right}”，另有规定的请说明。"
            yield issue(prose, "Z119", message, (score,), stated=named, expected=right)
