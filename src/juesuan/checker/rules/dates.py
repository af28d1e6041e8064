"""The days of approval and publication, held against the year and each other."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from juesuan.account import Issue, Source
from juesuan.checker.engine.context import CheckContext
from juesuan.statute import APPROVED, PUBLISHED, day_of, load_deadlines


def check_dates(context: CheckContext) -> Iterator[Issue]:
    """F112: approved or published in a year that cannot be, published before it was approved, or later than allowed."""
    kind, year = context.statute.profile.kind, context.account.year
    if not year:
        return
    days: dict[str, date] = {}
    places: dict[str, Source] = {}
    for name in (APPROVED, PUBLISHED):
        if day := day_of(context.account.dates.get(name, "")):
            days[name] = day
            continue
        stated = load_deadlines().stated[name]
        for passage, text in context.texts:
            if day := stated.find(text, kind, year):
                days[name] = day
                if passage.source:
                    places[name] = passage.source
                break
    for fault in load_deadlines().faults(kind, year, days.get(APPROVED), days.get(PUBLISHED)):
        where = (places[fault.on],) if fault.on in places else ()
        yield Issue("F112", fault.severity, f"{fault.text}。", where)
