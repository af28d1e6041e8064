"""The days of approval and publication as they were filled in, held against the year and each other."""

from __future__ import annotations

from collections.abc import Iterator

from juesuan.account import Account, Issue
from juesuan.compiler.entries import Gathered
from juesuan.compiler.explaining.missing import stands_at
from juesuan.statute import APPROVED, PUBLISHED, Statute, day_of, load_deadlines

CODE = "F112"
"""The checker's rule on these dates."""


def misdated(account: Account, statute: Statute, gathered: Gathered) -> Iterator[Issue]:
    """An issue for each date that cannot be (an error) or is later than the law allows (to be explained)."""
    approved, published = (day_of(account.dates.get(name, "")) for name in (APPROVED, PUBLISHED))
    for fault in load_deadlines().faults(statute.profile.kind, account.year, approved, published):
        place = gathered.text_sources.get(fault.on)
        where = stands_at(place) if place else ""
        yield Issue(CODE, fault.severity, fault.text, (place,) if place else (), where=where)
