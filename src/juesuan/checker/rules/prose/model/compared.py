"""The amounts of a mention that a change, a rate or a completion is told between."""

from __future__ import annotations

from collections.abc import Sequence

from juesuan.account import BUDGETS, FORMER, StatedMeasure
from juesuan.checker.rules.prose.model.numbers import Number, Prose, of_same_year
from juesuan.statute.language import unique_subjects


def levels_for(prose: Prose, mention: int, number: Number) -> list[Number]:
    """The amounts of a mention that a change may lead to: the outlay; without one the budget, if it is not the base.

    What an approved budget was changed to within the year is told against it: 年初批复842万元，调整预算736.20万元.
    """
    spent = prose.levels(mention, "决算", "数量")
    if number.stated.base in BUDGETS:
        later: tuple[StatedMeasure, ...] = ("调整预算", "全年预算") if number.stated.base == "年初预算" else ()
        return spent or prose.of(mention, *later)
    if number.stated.base == "上年预算" and (told := _before(number, prose.of(mention, *BUDGETS))):
        # 决算337万元……主要是部门预算402万元比2014年部门预算276万元增加126万元: from a budget to a budget.
        return told
    return [n for n in spent if of_same_year(n, number)] or prose.levels(mention, *BUDGETS)


def _before(number: Number, told: Sequence[Number]) -> list[Number]:
    """Those of `told` that stand before a number in its sentence."""
    own = number.stated
    return [n for n in told if n.stated.sentence == own.sentence and n.stated.end <= own.start]


def bases_for(prose: Prose, mention: int, number: Number, anywhere: bool = False) -> list[Number]:
    """The amounts of a mention that a change may be against; `anywhere`: a budget told elsewhere as well."""
    base = number.stated.base
    if base in BUDGETS:
        found = prose.of(mention, base) or prose.of(mention, *like(base))
        return found or (only_budget(prose, mention, number, (base, *like(base))) if anywhere else [])
    if base in ("上年", "上年预算", "上年决算"):
        year, own = number.stated.base_year, number.stated.year
        told = [n for n in prose.of(mention, *FORMER) if not year or n.stated.base_year in (0, year)]
        if own and own != prose.account.year and not prose.levels(mention, "决算", *BUDGETS):
            # 2025年完成9万元，比上年减少1万元, in the budget of 2026: of one year with the change, no base of it.
            told = [n for n in told if n.stated.year != own or n.stated.base_year]
        # 比2023年预算数减少 is not against what was spent in 2023, unless the sentence tells nothing else.
        found = [
            n for n in told
            if (n.stated.sentence <= number.stated.sentence if base in ("上年", n.measure)
                else n.stated.sentence == number.stated.sentence and n.stated.end <= number.stated.start)
        ]  # fmt: skip
        exact = [n for n in _before(number, found) if n.measure == base]
        return exact or found or (_only_former(prose, mention, number) if anywhere else [])
    return []


def _only_former(prose: Prose, mention: int, number: Number) -> list[Number]:
    """The one amount of last year that the document tells of a subject of which it has one; none where it has several.

    Only beside the amount of this year, in a statement of both years.
    """
    own = number.stated
    subject = prose.subject_of(mention)
    measure = "上年预算" if own.base == "上年预算" else "上年决算"
    found = [n for n in prose.subjects.get(subject, ()) if n.measure == measure and n.stated.passage <= own.passage]
    beside = [n for n in found if any(m.measure == "决算" and m.stated.subject == subject
                                      for m in prose.passages[n.stated.passage])]  # fmt: skip
    return beside[:1] if subject in unique_subjects() and len({n.value for n in found}) == 1 else []


def only_budget(prose: Prose, mention: int, number: Number, measures: Sequence[str]) -> list[Number]:
    """The one budget that the document tells of a subject of which it has one; nothing where it tells several."""
    own = number.stated
    subject = prose.subject_of(mention)
    if subject not in unique_subjects() or prose.of(mention, *BUDGETS):
        return []
    found = [
        n for n in prose.subjects.get(subject, ())
        if n.measure in measures and n.stated.year == own.year and n.stated.passage <= own.passage
        and (n.stated.fund == own.fund or not n.stated.fund or not own.fund)
    ]  # fmt: skip
    return found[-1:] if len({n.value for n in found}) == 1 else []


def like(base: str) -> tuple[StatedMeasure, ...]:
    """Budgets that another word for a budget may mean; the approved and the final budget are not the same."""
    if base == "预算":
        return BUDGETS
    return ("预算",) if base == "年初预算" else ("预算", "调整预算", "全年预算")
