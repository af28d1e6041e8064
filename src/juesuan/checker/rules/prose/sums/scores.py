"""Scores told in sentences: those of the parts make up that of the whole (预算执行9.38、产出50、效益27、满意度9)."""

from __future__ import annotations

from collections.abc import Iterator

from juesuan.account import Issue, total
from juesuan.checker.rules.prose.model.found import issue
from juesuan.checker.rules.prose.model.numbers import Number, Prose
from juesuan.statute.language import load_prose_rules

SCORE = "分"
"""The unit of scores and of full marks: each has sums of its own."""


def check_scores(prose: Prose) -> Iterator[Issue]:
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
