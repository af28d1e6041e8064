"""The files under review as a reviewer goes through them: looked for, put in order, and held against the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy.orm import Session
from starlette.datastructures import QueryParams

from juesuan.account import spaceless
from juesuan.checker.reports import Chapter, Since, compared, counted, known_of
from juesuan.web.infra.models import ReviewFile
from juesuan.web.review.reviews import STATES, chapter_on, located_of
from juesuan.web.site.site import Site

ORDERS = {"": "先到期的在前", "errors": "错误多的在前", "unit": "按单位", "latest": "后上传的在前"}
"""The orders that a reviewer may choose, with their names; the first is that of a queue nobody asked anything of."""

_STATE_ORDER = {"unreadable": 0, "read": 1, "returned": 2, "waiting": 3, "accepted": 4}


class Asked(msgspec.Struct, frozen=True):
    """What of the queue is asked for: a state, words of the name of file or unit, an order."""

    state: str = ""
    words: str = ""
    order: str = ""

    def of(self, rows: Sequence[ReviewFile], dues: Mapping[int, str]) -> list[ReviewFile]:
        """The files that are asked for, in the order asked for."""
        found = [row for row in rows if self._takes(row)]
        found.sort(key=lambda row: (row.state == "accepted", dues[row.id] or "9999", _STATE_ORDER[row.state], -row.id))
        if self.order == "errors":
            found.sort(key=lambda row: (-row.errors, -row.warnings))
        elif self.order == "unit":
            found.sort(key=lambda row: (row.organisation.code, row.unit, row.year, row.disclosure, row.id))
        elif self.order == "latest":
            found.sort(key=lambda row: -row.id)
        return found

    def _takes(self, row: ReviewFile) -> bool:
        if self.state and row.state != self.state:
            return False
        known = (row.name, row.unit, row.organisation.name, row.year or "", row.disclosure)
        names = spaceless("|".join(map(str, known))).lower()
        return all(word.lower() in names for word in self.words.split())


def asked_for(query: QueryParams) -> Asked:
    """What the address of the queue asks for; what is not known there counts as not asked."""
    state, order = query.get("state", ""), query.get("order", "")
    return Asked(state if state in STATES else "", query.get("q", "").strip()[:100], order if order in ORDERS else "")


class Again(msgspec.Struct, frozen=True):
    """A file that came after another of the same unit, year and kind: that one, what became of its findings, counts."""

    before: ReviewFile
    since: Since
    counts: dict[str, int]


def came_again(session: Session, site: Site, chapter: Chapter, document: ReviewFile, others: Sequence[ReviewFile]
               ) -> Again | None:
    """A document held against the one read before it, of `others`; None where there is none."""
    before = next((row for row in others if row.id < document.id and row.state not in ("waiting", "unreadable")), None)
    earlier = chapter_on(site, before) if before else None
    if before is None or earlier is None:
        return None
    now = chapter.checked.with_found([located_of(entry) for entry in chapter.entries])
    held = compared(known_of(located_of(entry) for entry in earlier.entries), now)
    return Again(before, held.since, counted(held)) if held.since else None
