"""The texts of a form: what the unit writes itself, this year's or last year's to be confirmed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from juesuan.account import PerformanceSheet, Source
from juesuan.revision.docx import Edit
from juesuan.revision.numbers import numbers_in
from juesuan.revision.rolling.evaluation.view import FormView
from juesuan.revision.rolling.progress import ordinals_in
from juesuan.revision.rolling.wording import CONFIRM, SUGGESTED
from juesuan.statute.language import compact, load_revision_words

_TEXTS = ("goals_done", "deviation", "improvement")


def texts_of_form(view: FormView, old: PerformanceSheet, new: PerformanceSheet) -> Iterator[Edit]:
    """Goals, what was done of them, reasons, improvements: this year's where there are any, else last year's marked."""
    places = dict(old.places)
    if "goals" in places:
        yield from goal_texts(view, [places["goals"]], old.goals, new.goals)
    for field in _TEXTS:
        source = places.get(field)
        if source is not None and source.cell:
            yield from _text(view, source, getattr(new, field))


def _text(view: FormView, source: Source, text: str) -> Iterator[Edit]:
    printed = "".join(view.texts.of(source))
    if text and compact(text) != printed:
        view.settle(source, "更新")
        yield from view.put(source, text)
    elif text:
        view.settle(source, "不变", "今年的文字相同")
    else:
        yield from to_confirm(view, source)


def to_confirm(view: FormView, source: Source) -> Iterator[Edit]:
    """Last year's words, marked; "none" and the like say nothing of a year."""
    if "".join(view.texts.of(source)).rstrip("。；;") in load_revision_words().nothing:
        return
    view.doubt(source, "沿用上年的文字里的数")
    comments: tuple[str, ...] = (CONFIRM,)
    for place in view.places(source):
        # Its numbers are marked as last year's besides.
        at, ordinals = 0, dict(ordinals_in(place.text))
        for number in (*(n for n in numbers_in(place.text) if n.start not in ordinals), None):
            stop = number.start if number else len(place.text)
            if at < stop:
                yield Edit(place, at, stop, None, comments, SUGGESTED)
                comments = ()
            at = number.end if number else stop


def goal_texts(view: FormView, cells: Sequence[Source], old: Sequence[str], new: Sequence[str]) -> Iterator[Edit]:
    """The goals in words (年度绩效目标), in the paragraphs and with the numbers that last year's stand in."""
    numbered = [compact(f"{number}.{goal}") for number, goal in enumerate(old, 1)]
    printed = {"".join(numbered), "".join(map(compact, old))}
    for source in cells if old else ():
        paragraphs, places = view.texts.of(source), view.places(source)
        if "".join(paragraphs) not in printed or not places:
            continue
        if not new:
            yield from to_confirm(view, source)
            return
        same = [compact(goal) for goal in old] == [compact(goal) for goal in new]
        view.settle(source, "不变" if same else "更新", "绩效目标，今年的相同" if same else "")
        if same:
            return
        lines = [f"{number}. {goal}" if len(new) > 1 else goal for number, goal in enumerate(new, 1)]
        if len(paragraphs) == 1:
            yield Edit(places[0], 0, len(paragraphs[0]), "\n".join(lines))
            return
        for part, text in enumerate(paragraphs):
            rest = "\n".join(lines[part:]) if part == len(paragraphs) - 1 else "".join(lines[part : part + 1])
            yield Edit(places[part], 0, len(text), rest)
        return
