"""What the portal shows, asked of the database: units, years, key figures, peers and forms."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from urllib.parse import quote

import msgspec
from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from juesuan.account import Address
from juesuan.corpus.compare import quantile
from juesuan.statute import Kind
from juesuan.statute.comparison import ComparedIndicator, load_indicators
from juesuan.web.infra.models import (
    Organisation,
    Publication,
    PublishedFact,
    PublishedForm,
    PublishedIndicator,
)
from juesuan.web.publication.build import PublishedFormLine

_INDICATORS = select(PublishedIndicator.publication_id, PublishedIndicator.key, PublishedIndicator.value)

Values = dict[int, dict[Address, Decimal]]
"""Exact figures by publication and address."""


class PeerStanding(msgspec.Struct, frozen=True):
    """A unit's indicator among its peers: the value, quartiles and rank, or why there are none."""

    indicator: ComparedIndicator
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
    lines: tuple[PublishedFormLine, ...]


def unit_address(
    code: str, year: int | None = None, version: int | None = None, rest: str = "", kind: str = "决算"
) -> str:
    """The address of a unit, its year, a version of the year's account or budget."""
    parts = ["/units", quote(code, safe="")]
    if year is not None:
        parts.append(str(year))
    if kind == "预算":
        parts.append("budget")
    if version is not None:
        parts.append(f"v{version}")
    return "/".join([*parts, rest] if rest else parts)


def address_of(row: Publication, rest: str = "", *, stable: bool = False) -> str:
    """The address of what a version is of, or (`stable`) of this very version."""
    return unit_address(row.organisation.code, row.year, row.version if stable else None, rest, row.kind)


def current(*conditions: ColumnElement[bool], kind: Kind | None = "决算") -> ColumnElement[bool]:
    """The condition for current versions of a kind (None: of any), and those given."""
    of_kind = [Publication.kind == kind] if kind else []
    return and_(Publication.current, *of_kind, *conditions)


def organisation(session: Session, code: str) -> Organisation | None:
    """The organisation with a code."""
    # PostgreSQL takes no text with this sign in it.
    return None if "\0" in code else session.scalars(select(Organisation).where(Organisation.code == code)).first()


def versions(session: Session, organisation_id: int, year: int, kind: Kind = "决算") -> list[Publication]:
    """The published versions of a unit's year and kind, the latest first."""
    query = select(Publication).where(
        Publication.organisation_id == organisation_id, Publication.year == year, Publication.kind == kind,
        Publication.state == "published",
    )
    return list(session.scalars(query.order_by(Publication.version.desc())))


def of_unit(session: Session, organisation_id: int, kind: Kind | None = "决算") -> list[Publication]:
    """The current versions of a unit, the latest year first, of one year the final account first."""
    query = select(Publication).where(current(Publication.organisation_id == organisation_id, kind=kind))
    return list(session.scalars(query.order_by(Publication.year.desc(), Publication.kind)))


def latest(session: Session, limit: int) -> list[Publication]:
    """The versions that were published last."""
    query = select(Publication).where(Publication.state == "published")
    return list(session.scalars(query.order_by(Publication.published.desc(), Publication.id.desc()).limit(limit)))


def years(session: Session, kind: Kind | None = "决算") -> list[int]:
    """The years that something of a kind is published of, the latest first."""
    query = select(Publication.year).where(current(kind=kind)).distinct()
    return list(session.scalars(query.order_by(Publication.year.desc())))


def departments(session: Session) -> list[Organisation]:
    """All departments, by code."""
    query = select(Organisation).where(Organisation.kind == "department").order_by(Organisation.code)
    return list(session.scalars(query))


def below(department: Organisation) -> ColumnElement[bool]:
    """The condition that an organisation is this department or belongs to it."""
    return Organisation.path.startswith(department.path, autoescape=True)


def listed(session: Session, *conditions: ColumnElement[bool], kind: Kind | None = "决算") -> list[Publication]:
    """Current versions by the organisations' codes."""
    query = select(Publication).join(Organisation).where(current(*conditions, kind=kind))
    return list(session.scalars(query.order_by(Organisation.code, Publication.year.desc(), Publication.kind)))


def published_below(session: Session) -> dict[int, list[int]]:
    """For each organisation that has published or has somebody below it who has: the units' numbers, one per document.

    A unit with accounts of two years, or with account and budget, stands there twice.
    """
    result: dict[int, list[int]] = {}
    query = select(Organisation.path, Organisation.id).join(Publication).where(current(kind=None))
    for path, number in session.execute(query):
        for above in path.strip("/").split("/"):
            result.setdefault(int(above), []).append(number)
    return result


class Totals(msgspec.Struct, frozen=True):
    """How much is published: final accounts, budgets, corrections of either."""

    accounts: int
    budgets: int
    corrections: int


def totals(session: Session) -> Totals:
    """How many final accounts and budgets there are, and how many corrections."""
    query = select(Publication.kind, func.count()).where(current(kind=None)).group_by(Publication.kind)
    counts = {row[0]: row[1] for row in session.execute(query)}
    corrected = session.scalar(
        select(func.count()).where(Publication.state == "published", Publication.version > 1)
    )
    return Totals(counts.get("决算", 0), counts.get("预算", 0), corrected or 0)


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


def _standing(indicator: ComparedIndicator, found: dict[int, Decimal], own: int, fewest: int) -> PeerStanding:
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
            lines = msgspec.json.decode(form.indicators, type=tuple[PublishedFormLine, ...])
            budget, outlay = Decimal(form.budget), Decimal(form.outlay)
            rate = outlay * 100 / budget if budget > 0 else None
            result[form.publication_id].append(PublishedFormView(form, budget, outlay, rate, lines))
    return result


def named(session: Session, codes: Sequence[str], year: int, kind: Kind = "决算") -> list[Publication]:
    """The current versions of the units with these codes, in their order."""
    query = select(Publication).join(Organisation)
    rows = session.scalars(
        query.where(current(Publication.year == year, Organisation.code.in_(codes), kind=kind))
    ).all()
    return sorted(rows, key=lambda row: codes.index(row.organisation.code))

