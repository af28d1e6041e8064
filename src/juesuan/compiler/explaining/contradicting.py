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


def contradicts(asked: ReasonAsked, text: str) -> bool:
    """Whether `text` says that money grew where the figures fell, or fell where they grew."""
    words = load_prose_rules().reasons
    if not text or not asked.change or words.speaks_of_former(text):
        return False
    direction = words.direction(text)
    return bool(direction) and (direction > 0) != (asked.change > 0)


def contradicting(asked: Iterable[ReasonAsked], gathered: Gathered, statute: Statute) -> Iterator[Issue]:
    """An issue for each reason that says that money grew where the figures fell, or fell where they grew (Z161)."""
    for reason in asked:
        if contradicts(reason, reason.text):
            short = reason.text if len(reason.text) <= _SHOWN else reason.text[:_SHOWN] + "…"
            place = place_for(reason.key, gathered)
            text = f"{reason.described(statute)}，原因却写“{short}”，方向相反。"
            found = issue_under(AGAINST, text, place, stands_at(place))
            yield msgspec.structs.replace(found, address=reason.key, stated=reason.text)
