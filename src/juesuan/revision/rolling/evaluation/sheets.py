"""The self-evaluation forms with this year's figures: money, scores, indicators, texts; whole forms come and go."""

from __future__ import annotations

import re
from collections.abc import Iterator

from juesuan.account import Account, PerformanceSheet, bare_text, plain
from juesuan.revision.docx import DocxFile, Edit
from juesuan.revision.numbers import numbers_in
from juesuan.revision.rolling.evaluation.indicators import IndicatorRoller
from juesuan.revision.rolling.evaluation.texts import texts_of_form
from juesuan.revision.rolling.evaluation.values import (
    SCORES,
    is_rate,
    points_like,
    printed_value,
    scale_of,
    value_of,
)
from juesuan.revision.rolling.evaluation.view import FormsOutcome, FormView, row_of
from juesuan.revision.rolling.evaluation.wholes import FormsOfProjects
from juesuan.revision.rolling.progress import Progress
from juesuan.revision.texts import Texts
from juesuan.statute import Statute

AMOUNTS = ("budget", "outlay", "basic", "project", "initial", "execution_score", "score", "stated_rate")
"""The fields of a form that are one number in a place of their own."""

_POINTS = re.compile(r"\d+(?:\.\d+)?(?:分(?=[）)×x*])|(?=×))")
_DATE = re.compile(r"20\d{2}年\d{1,2}月\d{1,2}日")


def matched(last: Account, account: Account) -> Iterator[tuple[PerformanceSheet, PerformanceSheet | None]]:
    """Last year's forms, each with this year's of the same thing."""
    for old in last.sheets:
        same = [
            new
            for new in account.sheets
            if new.kind == old.kind and (old.kind == "整体" or bare_text(new.title) == bare_text(old.title))
        ]
        yield old, same[0] if len(same) == 1 else None


def evaluation_edits(
    file: DocxFile,
    texts: Texts,
    last: Account,
    account: Account,
    statute: Statute,
    progress: Progress,
    outcome: FormsOutcome,
) -> Iterator[Edit]:
    """The edits of the forms; whole forms of projects come and go."""
    pairs = list(matched(last, account))
    views = [FormView(file, texts, table_of(old), statute, progress) for old, _ in pairs]
    for view, (old, new) in zip(views, pairs, strict=True):
        if new is not None:
            yield from _captions(file, texts, old, new, progress)
            yield from _form(view, old, new, outcome)
    wholes = FormsOfProjects(file, texts, last, account.year - last.year, outcome)
    yield from wholes.edits(views, pairs, account.sheets, "自评表", _form)


def table_of(sheet: PerformanceSheet) -> str:
    """The table that a form stands in."""
    own = sheet.source.sheet if sheet.source else ""
    return next((source.sheet for _, source in sheet.places if source.sheet), own)


def _form(view: FormView, old: PerformanceSheet, new: PerformanceSheet, outcome: FormsOutcome) -> Iterator[Edit]:
    yield from _fields(view, old, new)
    yield from _rates(view, old, new)
    yield from IndicatorRoller(view, old.indicators, new.indicators, old.title, outcome).edits()
    yield from texts_of_form(view, old, new)
    _settle_points(view, old, new)


def _captions(
    file: DocxFile, texts: Texts, old: PerformanceSheet, new: PerformanceSheet, progress: Progress
) -> Iterator[Edit]:
    """The date, which may stand above the form."""
    source = dict(old.places).get("date")
    places = file.index.places.get(source, ()) if source is not None else ()
    if source is None or not new.date or not places:
        return
    match = _DATE.search(texts.of(source)[0])
    if match:
        year, month, day = (int(part) for part in new.date.split("-"))
        progress.settle(source, 0, *match.span(), "更新")
        yield Edit(places[0], *match.span(), f"{year}年{month}月{day}日")


def _fields(view: FormView, old: PerformanceSheet, new: PerformanceSheet) -> Iterator[Edit]:
    for field, source in old.places:
        places = view.places(source)
        if field not in AMOUNTS or not source.cell or not places:
            continue
        before, after = printed_value(old, field), value_of(new, field)
        if before is None or after is None:
            continue
        for part, text in enumerate(view.texts.of(source)):
            for number in numbers_in(text):
                scale = scale_of(number, before)
                if scale is None:
                    continue
                printed = view.texts.style(source, number.unit).printed(after / scale)
                if field in SCORES:
                    printed = points_like(after / scale, number)
                elif number.decimals and "." in number.text:
                    printed = f"{after / scale:.{number.decimals}f}" if number.text.endswith("0") else printed
                view.progress.settle(source, part, number.start, number.end, "更新")
                yield Edit(places[part], number.start, number.end, printed)
                break


def _rates(view: FormView, old: PerformanceSheet, new: PerformanceSheet) -> Iterator[Edit]:
    """Execution rates that stand in the line of the money without being read: those that follow from it."""
    outlay = old.place("outlay")
    before, after = value_of(old, "stated_rate"), value_of(new, "stated_rate")
    if outlay is None or before is None or after is None or old.stated_rate is not None:
        return
    for source in view.of_row(row_of(outlay)):
        for part, text in enumerate(view.texts.of(source)):
            number = next(numbers_in(text), None)
            if number is None or number.unit != "%" or not is_rate(old, number):
                continue
            view.progress.settle(source, part, number.start, number.end, "更新")
            printed = f"{after * 100:.{number.decimals}f}"
            yield Edit(view.places(source)[part], number.start, number.end, printed)


def _settle_points(view: FormView, old: PerformanceSheet, new: PerformanceSheet) -> None:
    """The points that a form gives, where they are the same this year."""
    weights = [{bare_text(each.name): each.weight for each in sheet.indicators} for sheet in (old, new)]
    points = {plain(old.execution_points)} if old.execution_points is not None else set()
    if weights[0] == weights[1]:
        points |= {plain(each.weight) for each in old.indicators} | {plain(each.points) for each in old.allotments}
    for source in view.cells:
        for part, text in enumerate(view.texts.of(source)):
            if text in points:
                view.progress.settle(source, part, 0, len(text), "不变", "自评表的分值")
            for match in _POINTS.finditer(text):
                if weights[0] == weights[1] or match[0].removesuffix("分") in points:
                    view.progress.settle(source, part, *match.span(), "不变", "自评表的分值")

