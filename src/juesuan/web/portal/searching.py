"""What a search of the portal finds: publications that hold all terms, with the passages in which they stand.

Making a statement takes longer than the database needs to answer it, so each is made once for every form of question.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session

from juesuan.statute import Kind
from juesuan.web.infra.models import Organisation, Publication, SearchPassage
from juesuan.web.portal.queries import current
from juesuan.web.publication import search
from juesuan.web.publication.build import NAME
from juesuan.web.publication.search import FoundStretch

PAGE = 20
"""Results on one page of a search."""

SHOWN = 3
"""Passages shown of a result."""

_ROWS = select(Publication).where(Publication.id.in_(bindparam("numbers", expanding=True)))


class Hit(msgspec.Struct, frozen=True):
    """A publication that a search found, with the passages: heading, address within the page, text."""

    row: Publication
    name: list[FoundStretch]
    passages: list[tuple[str, str, list[FoundStretch]]]


def find(
    session: Session, query: str, department: Organisation | None, year: int | None, page: int,
    kind: Kind | None = None,
) -> tuple[int, list[Hit]]:
    """How many current publications hold all terms of `query`, and those of a page (from 1), names before texts."""
    terms = search.terms_of(query)
    if not terms:
        return 0, []
    embedded = search.is_embedded(session)
    given: dict[str, Any] = search.parameters(embedded, terms)
    if department:
        given["below"] = department.path
    if year is not None:
        given["year"] = year
    # The index is asked once, for numbers only: a word that stands in every account is as quick as can be.
    numbers = session.scalars(
        _holding(embedded, len(terms), department is not None, year is not None, kind), given
    ).all()
    shown = numbers[(page - 1) * PAGE : page * PAGE]
    rows = sorted(session.scalars(_ROWS, {"numbers": shown}), key=lambda row: shown.index(row.id))
    passages = _passages(session, embedded, [row.id for row in rows], terms)
    return len(numbers), [Hit(row, search.marked(row.unit, terms), passages[row.id]) for row in rows]


@cache
def _holding(embedded: bool, terms: int, in_department: bool, of_year: bool, kind: Kind | None) -> Select[int]:
    """The numbers of the current publications that hold so many terms, in the order in which they are shown."""
    conditions: list[ColumnElement[bool]] = [Publication.id.in_(search.holding(embedded, terms))]
    if in_department:
        # A path is of digits and strokes: nothing in it stands for other signs.
        conditions.append(Organisation.path.startswith(bindparam("below")))
    if of_year:
        conditions.append(Publication.year == bindparam("year"))
    return (
        select(Publication.id).join(Organisation, Publication.organisation_id == Organisation.id)
        .where(current(*conditions, kind=kind)).order_by(
            Publication.id.not_in(search.named(embedded, terms)), Publication.year.desc(), Organisation.code,
            Publication.kind,
        )
    )


def _passages(
    session: Session, embedded: bool, numbers: Sequence[int], terms: Sequence[str]
) -> dict[int, list[tuple[str, str, list[FoundStretch]]]]:
    """The first passages of each publication with each term, up to SHOWN; running text before lines of tables."""
    found: dict[int, dict[int, SearchPassage]] = {number: {} for number in numbers}
    statement = _standing(embedded, SHOWN if len(terms) == 1 else 1)
    for term in terms:
        for each in session.scalars(statement, search.parameters(embedded, [term]) | {"numbers": numbers}):
            found[each.publication_id][each.id] = each
    return {
        number: [
            (each.heading, each.anchor, search.marked(each.text, terms))
            for each in sorted(list(own.values())[:SHOWN], key=lambda each: (each.kind, each.id))
        ]
        for number, own in found.items()
    }


@cache
def _standing(embedded: bool, most: int) -> Select[SearchPassage]:
    """The first `most` passages of each of some publications in which a term stands."""
    order = (SearchPassage.kind, SearchPassage.id)
    place = func.row_number().over(partition_by=SearchPassage.publication_id, order_by=order)
    ranked = select(SearchPassage.id, place.label("place")).where(
        SearchPassage.publication_id.in_(bindparam("numbers", expanding=True)), SearchPassage.kind != NAME,
        search.matching(embedded),
    ).subquery()
    return select(SearchPassage).join(ranked, SearchPassage.id == ranked.c.id).where(ranked.c.place <= most).order_by(
        SearchPassage.kind, SearchPassage.id
    )
