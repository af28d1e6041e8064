"""Reasons held against the direction of what they explain, as soon as they are written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from juesuan.account import Issue
from juesuan.compiler.entries import Gathered
from juesuan.compiler.explaining.missing import place_for, stands_at
from juesuan.compiler.messages import issue_under
from juesuan.statute import Statute
from juesuan.statute.language import ReasonAsked, load_prose_rules

AGAINST = "Z161"
"""The rule of the checker on reasons against the direction of the figures."""

_SHOWN = 40


def contradicting(asked: Iterable[ReasonAsked], gathered: Gathered, statute: Statute) -> Iterator[Issue]:
    """An issue for each reason that says that money grew where the figures fell, or fell where they grew (Z161)."""
    words = load_prose_rules().reasons
    for reason in asked:
        if not reason.text or not reason.change or words.speaks_of_former(reason.text):
            continue
        direction = words.direction(reason.text)
        if direction and (direction > 0) != (reason.change > 0):
            short = reason.text if len(reason.text) <= _SHOWN else reason.text[:_SHOWN] + "…"
            place = place_for(reason.key, gathered)
            at = f"{stands_at(place)}：" if place else ""
            text = f"{at}{reason.described(statute)}，原因却写“{short}”，方向相反。"
            found = issue_under(AGAINST, text, place)
            yield msgspec.structs.replace(found, address=reason.key, stated=reason.text)
