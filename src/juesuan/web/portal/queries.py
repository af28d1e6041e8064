"""What the portal shows, asked of the database: units, years, key figures, peers, forms, and what a search finds."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from urllib.parse import quote

import msgspec
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from juesuan.account import Address
from juesuan.corpus.compare import quantile
from juesuan.statute.comparison import Indicator, load_indicators
from juesuan.web.infra.models import (
    Organisation,
    Passage,
    Publication,
    PublishedFact,
    PublishedForm,
    PublishedIndicator,
)
from juesuan.web.publication import search
from juesuan.web.publication.build import NAME, FormLine
from juesuan.web.publication.search import Stretch

PAGE = 20
"""Results on one page of a search."""

SHOWN = 3
"""Passages shown of a result."""

_INDICATORS = select(PublishedIndicator.publication_id, PublishedIndicator.key, PublishedIndicator.value)

Values = dict[int, dict[Address, Decimal]]
"""Exact figures by publication and address."""


class PeerStanding(msgspec.Struct, frozen=True):
    """A unit's indicator among its peers: the value, quartiles and rank, or why there are none."""

    indicator: Indicator
    value: Decimal | None
    count: int
    quartiles: tuple[Decimal, Decimal, Decimal] | None = None
    rank: int = 0
    quarter: int = 0


class PublishedFormView(msgspec.Struct, frozen=True):
    """A self-evaluation form with its lines; `rate` is outlay over budget in percent."""

    row: PublishedForm
    budget: Decimal
    outlay: Decimal
    rate: Decimal | None
    lines: tuple[FormLine, ...]


class Hit(msgspec.Struct, frozen=True):
    """A publication that a search found, with the passages: heading, address within the page, text."""

    row: Publication
    name: list[Stretch]
    passages: list[tuple[str, str, list[Stretch]]]


def unit_address(code: str, year: int | None = None, version: int | None = None, rest: str = "") -> str:
    """The address of a unit, its year, a version of it."""
    parts = ["/units", quote(code, safe="")]
    if year is not None:
        parts.append(str(year))
    if version is not None:
        parts.append(f"v{version}")
    return "/".join([*parts, rest] if rest else parts)


def current(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition for current versions, and those given."""
    return and_(Publication.current, *conditions)


def organisation(session: Session, code: str) -> Organisation | None:
    """The organisation with a code."""
    # PostgreSQL takes no text with this sign in it.
    return None if "\0" in code else session.scalars(select(Organisation).where(Organisation.code == code)).first()


def versions(session: Session, organisation_id: int, year: int) -> list[Publication]:
    """The published versions of a unit's year, the latest first."""
    query = select(Publication).where(
        Publication.organisation_id == organisation_id, Publication.year == year, Publication.state == "published"
    )
    return list(session.scalars(query.order_by(Publication.version.desc())))


def of_unit(session: Session, organisation_id: int) -> list[Publication]:
    """The current versions of a unit, the latest year first."""
    query = select(Publication).where(current(Publication.organisation_id == organisation_id))
    return list(session.scalars(query.order_by(Publication.year.desc())))


def latest(session: Session, limit: int) -> list[Publication]:
    """The versions that were published last."""
    query = select(Publication).where(Publication.state == "published")
    return list(session.scalars(query.order_by(Publication.published.desc(), Publication.id.desc()).limit(limit)))


def years(session: Session) -> list[int]:
    """The years that something is published of, the latest first."""
    return list(session.scalars(select(Publication.year).where(current()).distinct().order_by(Publication.year.desc())))


def departments(session: Session) -> list[Organisation]:
    """All departments, by code."""
    query = select(Organisation).where(Organisation.kind == "department").order_by(Organisation.code)
    return list(session.scalars(query))


def below(department: Organisation) -> ColumnElement[bool]:
    """The condition that an organisation is this department or belongs to it."""
    return Organisation.path.startswith(department.path, autoescape=True)


def listed(session: Session, *conditions: ColumnElement[bool]) -> list[Publication]:
    """Current versions by the organisations' codes."""
    query = select(Publication).join(Organisation).where(current(*conditions))
    return list(session.scalars(query.order_by(Organisation.code, Publication.year.desc())))


def published_below(session: Session) -> dict[int, list[int]]:
    """For each organisation that has published or has somebody below it who has: the units' numbers, one per account.

    A unit with accounts of two years stands there twice.
    """
    result: dict[int, list[int]] = {}
    query = select(Organisation.path, Organisation.id).join(Publication).where(current())
    for path, number in session.execute(query):
        for above in path.strip("/").split("/"):
            result.setdefault(int(above), []).append(number)
    return result


def totals(session: Session) -> tuple[int, int, int]:
    """How many units have published, how many accounts there are, and how many corrections."""
    query = select(func.count(Publication.organisation_id.distinct()), func.count()).where(current())
    units, accounts = session.execute(query).one()
    corrected = session.scalar(
        select(func.count()).where(Publication.state == "published", Publication.version > 1)
    )
    return units, accounts, corrected or 0


def coverage(session: Session, year: int) -> tuple[int, int]:
    """How many departments and units have published their accounts of `year`, and how many there are."""
    published = session.scalar(select(func.count(Publication.organisation_id.distinct())).where(
        current(Publication.year == year)
    ))
    there = session.scalar(select(func.count()).select_from(Organisation).where(Organisation.kind != "bureau"))
    return published or 0, there or 0


def values(session: Session, rows: Sequence[Publication], addresses: Collection[Address]) -> Values:
    """The figures at `addresses` in the current versions `rows`; a blank cell has none."""
    result: Values = {row.id: {} for row in rows}
    wanted = {(each.form, each.row, each.column, str(each.period)): each for each in addresses}
    for part in range(0, len(rows), 500):
        query = select(
            PublishedFact.publication_id, PublishedFact.form, PublishedFact.row, PublishedFact.column,
            PublishedFact.period, PublishedFact.value,
        ).where(
            PublishedFact.publication_id.in_([row.id for row in rows[part : part + 500]]),
            PublishedFact.form.in_({each.form for each in addresses}),
            PublishedFact.row.in_({each.row for each in addresses}),
            PublishedFact.column.in_({each.column for each in addresses}),
        )
        for number, form, row, column, period, value in session.execute(query):
            address = wanted.get((form, row, column, period))
            if address:
                result[number][address] = Decimal(value)
    return result


def standings(session: Session, row: Publication) -> tuple[list[PeerStanding], int]:
    """Where a unit stands among those of the same kind and nature in its year, and how many these are."""
    peers = session.scalars(
        select(Publication.id).join(Organisation).where(current(
            Publication.year == row.year, Publication.nature == row.nature,
            Organisation.kind == row.organisation.kind,
        ))
    ).all()
    found: dict[str, dict[int, Decimal]] = {}
    for part in range(0, len(peers), 500):
        for number, key, value in session.execute(_INDICATORS.where(
            PublishedIndicator.publication_id.in_(peers[part : part + 500])
        )):
            found.setdefault(key, {})[number] = Decimal(value)
    plan = load_indicators()
    return [
        _standing(indicator, found.get(indicator.key, {}), row.id, plan.fewest) for indicator in plan.indicators
    ], len(peers)


def _standing(indicator: Indicator, found: dict[int, Decimal], own: int, fewest: int) -> PeerStanding:
    value = found.get(own)
    if value is None or len(found) < fewest:
        return PeerStanding(indicator, value, len(found))
    ordered = sorted(found.values())
    first, median, third = (quantile(ordered, Decimal(part) / 4) for part in (1, 2, 3))
    high = indicator.better == "高"
    rank = 1 + sum(1 for other in ordered if (other > value if high else other < value))
    quarter = 1 + sum(1 for bound in (first, median, third) if value > bound)
    return PeerStanding(indicator, value, len(found), (first, median, third), rank, quarter)


def indicators(session: Session, rows: Sequence[Publication]) -> dict[int, dict[str, Decimal]]:
    """The indicators of current versions, by publication and key."""
    result: dict[int, dict[str, Decimal]] = {row.id: {} for row in rows}
    for part in range(0, len(rows), 500):
        numbers = [row.id for row in rows[part : part + 500]]
        for number, key, value in session.execute(_INDICATORS.where(PublishedIndicator.publication_id.in_(numbers))):
            result[number][key] = Decimal(value)
    return result


def forms(session: Session, rows: Sequence[Publication]) -> dict[int, list[PublishedFormView]]:
    """The self-evaluation forms of current versions."""
    result: dict[int, list[PublishedFormView]] = {row.id: [] for row in rows}
    for part in range(0, len(rows), 500):
        numbers = [row.id for row in rows[part : part + 500]]
        query = select(PublishedForm).where(PublishedForm.publication_id.in_(numbers)).order_by(PublishedForm.id)
        for form in session.scalars(query):
            lines = msgspec.json.decode(form.indicators, type=tuple[FormLine, ...])
            budget, outlay = Decimal(form.budget), Decimal(form.outlay)
            rate = outlay * 100 / budget if budget > 0 else None
            result[form.publication_id].append(PublishedFormView(form, budget, outlay, rate, lines))
    return result


def find(
    session: Session, query: str, department: Organisation | None, year: int | None, page: int
) -> tuple[int, list[Hit]]:
    """How many current publications hold all terms of `query`, and those of a page (from 1), names before texts."""
    terms = search.terms_of(query)
    if not terms:
        return 0, []
    conditions: list[ColumnElement[bool]] = [Publication.id.in_(search.holding(session, terms))]
    if department:
        conditions.append(below(department))
    if year is not None:
        conditions.append(Publication.year == year)
    order = (Publication.id.not_in(search.named(session, terms)), Publication.year.desc(), Organisation.code)
    # The index is asked once, for numbers only: a word that stands in every account is as quick as can be.
    numbers = session.scalars(
        select(Publication.id).join(Organisation, Publication.organisation_id == Organisation.id)
        .where(current(*conditions)).order_by(*order)
    ).all()
    shown = numbers[(page - 1) * PAGE : page * PAGE]
    rows = sorted(
        session.scalars(select(Publication).where(Publication.id.in_(shown))), key=lambda row: shown.index(row.id)
    )
    passages = _passages(session, [row.id for row in rows], terms)
    return len(numbers), [Hit(row, search.marked(row.unit, terms), passages[row.id]) for row in rows]


def _passages(
    session: Session, numbers: Sequence[int], terms: Sequence[str]
) -> dict[int, list[tuple[str, str, list[Stretch]]]]:
    """The first passages of each publication with each term, up to SHOWN; running text before lines of tables."""
    found: dict[int, dict[int, Passage]] = {number: {} for number in numbers}
    most = SHOWN if len(terms) == 1 else 1
    for term in terms:
        place = func.row_number().over(partition_by=Passage.publication_id, order_by=(Passage.kind, Passage.id))
        ranked = select(Passage.id, place.label("place")).where(
            Passage.publication_id.in_(numbers), Passage.kind != NAME, search.matching(session, term)
        ).subquery()
        for each in session.scalars(select(Passage).join(ranked, Passage.id == ranked.c.id).where(
            ranked.c.place <= most
        ).order_by(Passage.kind, Passage.id)):
            found[each.publication_id][each.id] = each
    return {
        number: [
            (each.heading, each.anchor, search.marked(each.text, terms))
            for each in sorted(list(own.values())[:SHOWN], key=lambda each: (each.kind, each.id))
        ]
        for number, own in found.items()
    }


def named(session: Session, codes: Sequence[str], year: int) -> list[Publication]:
    """The current versions of the units with these codes, in their order."""
    rows = session.scalars(
        select(Publication).join(Organisation).where(current(Publication.year == year, Organisation.code.in_(codes)))
    ).all()
    return sorted(rows, key=lambda row: codes.index(row.organisation.code))


def published(session: Session, *conditions: ColumnElement[bool]) -> list[Publication]:
    """All published versions, the latest first."""
    query = select(Publication).join(Organisation).where(Publication.state == "published", *conditions)
    return list(session.scalars(query.order_by(Publication.published.desc(), Publication.id.desc())))


