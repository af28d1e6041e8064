"""The forms of performance goals of a budget with this year's money, goals and indicators."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from juesuan.account import ZERO, Account, PerformanceGoals, Source, bare_text
from juesuan.reader import TextPlace
from juesuan.revision.docx import DocxFile, Edit
from juesuan.revision.numbers import numbers_in
from juesuan.revision.rolling.evaluation.indicators import IndicatorRoller
from juesuan.revision.rolling.evaluation.texts import goal_texts
from juesuan.revision.rolling.evaluation.values import scale_of
from juesuan.revision.rolling.evaluation.view import FormsOutcome, FormView, row_of
from juesuan.revision.rolling.evaluation.wholes import FormsOfProjects
from juesuan.revision.rolling.progress import Progress
from juesuan.revision.texts import Texts
from juesuan.statute import MONEY_UNITS, Statute, load_evaluation


def matched_goals(last: Account, account: Account) -> Iterator[tuple[PerformanceGoals, PerformanceGoals | None]]:
    """Last year's forms of goals, each with this year's of the same thing."""
    for old in last.goals:
        same = [
            new
            for new in account.goals
            if new.kind == old.kind and (old.kind == "整体" or bare_text(new.title) == bare_text(old.title))
        ]
        yield old, same[0] if len(same) == 1 else None


def goal_edits(
    file: DocxFile,
    texts: Texts,
    last: Account,
    account: Account,
    statute: Statute,
    progress: Progress,
    outcome: FormsOutcome,
) -> Iterator[Edit]:
    """The edits of the forms of goals; whole forms come and go as those of self-evaluation do."""
    pairs = list(matched_goals(last, account))
    views = [
        FormView(file, texts, old.source.sheet if old.source else "", statute, progress) for old, _ in pairs
    ]
    for view, (old, new) in zip(views, pairs, strict=True):
        if new is not None:
            yield from _form(view, old, new, outcome)
    wholes = FormsOfProjects(file, texts, last, account.year - last.year, outcome)
    yield from wholes.edits(views, pairs, account.goals, "绩效目标表", _form)


def _form(view: FormView, old: PerformanceGoals, new: PerformanceGoals, outcome: FormsOutcome) -> Iterator[Edit]:
    written: set[str] = set()
    yield from _money(view, old, new, written)
    yield from goal_texts(view, view.cells, old.goals, new.goals)
    yield from IndicatorRoller(view, old.indicators, new.indicators, old.title, outcome).edits()
    labels = {part.label for part in old.parts} | written
    added = [part.label for part in new.parts if part.label not in labels and part.budget and part.budget.value]
    place = old.source or Source()
    outcome.problems.extend((place, f"“{old.title}”今年新有的“{label}”没有写入") for label in added)


def _money(view: FormView, old: PerformanceGoals, new: PerformanceGoals, written: set[str]) -> Iterator[Edit]:
    """The budget of the year and its parts: the amounts behind their labels, and in blanks behind them; `written`
    gets the labels.
    """
    after = {part.label: part.budget.value for part in new.parts if part.budget}
    before: dict[str, Decimal] = dict.fromkeys(after, ZERO)
    before |= {part.label: part.budget.value for part in old.parts if part.budget}
    wholes = [label for each in load_evaluation().goal_forms.sums if each.yearly for label in each.whole]
    before |= {label: old.budget.value for label in wholes if label not in before}
    after |= {label: new.budget.value for label in wholes if label not in after}
    label, row, scale = "", 0, MONEY_UNITS["万元"]
    blanks: list[tuple[TextPlace, Decimal]] = []
    for source in view.cells:
        text = "".join(view.texts.of(source)).removeprefix("其中").lstrip(":：")
        if row_of(source) != row:
            label, row = "", row_of(source)
        if text in before:
            label = text
            continue
        number = next(numbers_in(text), None)
        places = view.places(source)
        value = after.get(label, ZERO)
        if label and not text and len(places) == 1 and value:
            blanks.append((places[0], value))
            written.add(label)
        if not label or number is None or number.start or len(places) != 1:
            continue
        found = scale_of(number, before[label])
        if found is not None:
            scale = found if number.value else scale
            view.progress.settle(source, 0, number.start, number.end, "更新")
            style = view.texts.style(source, number.unit)
            yield Edit(places[0], number.start, number.end, style.printed(value / scale))
            written.add(label)
        label = ""
    for place, value in blanks:
        yield Edit(place, 0, 0, view.texts.style(view.cells[0], "").printed(value / scale))
