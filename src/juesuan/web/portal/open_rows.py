"""The rows of open data, asked of the database page by page: each row once, by a number that only grows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, false, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from juesuan.statute import Kind
from juesuan.statute.comparison import load_indicators
from juesuan.web.auth.organisations import KINDS
from juesuan.web.infra.models import Organisation, Publication, PublishedFact, PublishedForm, PublishedIndicator
from juesuan.web.portal import queries as portal
from juesuan.web.portal.open_data import Disclosed, Row
from juesuan.web.publication.publications import files_of


class RowQuery(msgspec.Struct, frozen=True):
    """What is asked for: filters (empty: all), the number behind which the page begins, and its rows."""

    base: str = ""
    unit: str = ""
    department: str = ""
    year: int = 0
    disclosure: Disclosed = "决算"
    form: str = ""
    period: str = ""
    key: str = ""
    every_version: bool = False
    after: int = 0
    limit: int = 100

    @property
    def kind(self) -> Kind | None:
        """The kind asked for; None for both."""
        return None if self.disclosure == "全部" else self.disclosure


UNKNOWN = "未知"
"""What is said of what was not read."""

Page = tuple[list[Row], int | None]
"""Rows, and the number behind which the next page begins; None where there is none."""


def departments(session: Session, wanted: RowQuery) -> Page:
    """Departments with how many of their units have published."""
    query = select(Organisation).where(Organisation.kind == "department")
    rows, onward = _paged(session, query, Organisation.id, wanted)
    below = portal.published_below(session)
    return [{"code": row.code, "name": row.name, "units": len(set(below.get(row.id, ())))} for row in rows], onward


def units(session: Session, wanted: RowQuery) -> Page:
    """Units that have published."""
    published = select(Publication.organisation_id).where(portal.current(kind=wanted.kind))
    query = select(Organisation).where(Organisation.id.in_(published), *_conditions(session, wanted, years=False))
    if wanted.year:
        query = query.where(Organisation.id.in_(published.where(Publication.year == wanted.year)))
    rows, onward = _paged(session, query, Organisation.id, wanted)
    heads = portal.departments(session)
    result = []
    all_years: dict[int, list[Publication]] = {}
    for each in portal.listed(session, Publication.organisation_id.in_([row.id for row in rows]), kind=None):
        all_years.setdefault(each.organisation_id, []).append(each)
    for row in rows:
        own = all_years[row.id]
        above = max((h for h in heads if row.path.startswith(h.path)), key=lambda h: len(h.path), default=None)
        result.append({
            "code": row.code, "name": row.name, "kind": KINDS[row.kind],
            "nature": next((each.nature for each in own if each.nature), UNKNOWN),
            "department_code": above.code if above else "", "department": above.name if above else "",
            "years": _years(own, "决算"), "budget_years": _years(own, "预算"),
            "url": wanted.base + portal.unit_address(row.code),
        })
    return result, onward


def _years(own: Sequence[Publication], kind: Kind) -> str:
    return " ".join(str(each.year) for each in reversed(own) if each.kind == kind)


def years(session: Session) -> list[Row]:
    """All years, the latest first."""
    query = select(Publication.year, Publication.kind, func.count()).where(portal.current(kind=None))
    found = session.execute(query.group_by(Publication.year, Publication.kind))
    counts = {(year, kind): count for year, kind, count in found}
    return [
        {"year": year, "accounts": counts.get((year, "决算"), 0), "budgets": counts.get((year, "预算"), 0)}
        for year in sorted({year for year, _ in counts}, reverse=True)
    ]


def publications(session: Session, wanted: RowQuery) -> Page:
    """Publications, the current ones or every version."""
    chosen = [Publication.state == "published" if wanted.every_version else portal.current(kind=None)]
    chosen += [Publication.kind == wanted.kind] if wanted.kind else []
    query = select(Publication).join(Organisation).where(*chosen, *_conditions(session, wanted))
    rows, onward = _paged(session, query, Publication.id, wanted)
    files = {row.id: files_of(row) for row in rows}
    return [
        {
            "unit_code": row.organisation.code, "unit": row.unit, "year": row.year,
            "disclosure": row.kind, "version": row.version, "current": row.current,
            "title": row.title, "profile": row.profile, "nature": row.nature or UNKNOWN,
            "published": row.published, "fingerprint": row.digest,
            "sm3": next((file.sm3 for file in files[row.id] if file.name == "account.json"), ""),
            "note": row.note, "files": " ".join(file.name for file in files[row.id]),
            "url": wanted.base + portal.address_of(row, stable=True),
        }
        for row in rows
    ], onward


def facts(session: Session, wanted: RowQuery) -> Page:
    """Figures of current publications."""
    conditions = [
        column == value
        for column, value in ((PublishedFact.form, wanted.form), (PublishedFact.period, wanted.period)) if value
    ]
    rows, onward = _of_publications(session, PublishedFact, wanted, conditions)
    fields = ("form", "period", "row", "row_name", "column", "column_name", "value", "measure", "resolution")
    return [
        _named(publication, code) | {"disclosure": publication.kind, "version": publication.version}
        | {name: getattr(row, name) for name in fields}
        for row, publication, code in rows
    ], onward


def indicators(session: Session, wanted: RowQuery) -> Page:
    """Indicators of comparison of current publications."""
    conditions = [PublishedIndicator.key == wanted.key] if wanted.key else []
    rows, onward = _of_publications(session, PublishedIndicator, wanted, conditions)
    declared = {each.key: each for each in load_indicators().indicators}
    return [
        _named(publication, code) | {
            "key": row.key, "name": declared[row.key].name, "value": row.value, "measure": declared[row.key].unit,
            "basis": declared[row.key].basis,
        }
        for row, publication, code in rows if row.key in declared
    ], onward


def forms(session: Session, wanted: RowQuery) -> Page:
    """Self-evaluation forms, and forms of goals, of current publications."""
    rows, onward = _of_publications(session, PublishedForm, wanted, [])
    fields = ("kind", "title", "scheme", "budget", "outlay", "score")
    return [
        _named(publication, code) | {"disclosure": publication.kind} | {name: getattr(row, name) for name in fields}
        | {"indicators": json.loads(row.indicators)}
        for row, publication, code in rows
    ], onward


def _named(publication: Publication, code: str) -> Row:
    return {"unit_code": code, "unit": publication.unit, "year": publication.year}


def _of_publications(
    session: Session, table: Any, wanted: RowQuery, conditions: Sequence[ColumnElement[bool]]
) -> tuple[list[Any], int | None]:
    query = (
        select(table, Publication, Organisation.code)
        .join(Publication, table.publication_id == Publication.id)
        .join(Organisation, Publication.organisation_id == Organisation.id)
        .where(
            portal.current(*_conditions(session, wanted), kind=wanted.kind), *conditions, table.id > wanted.after
        )
    )
    rows = list(session.execute(query.order_by(table.id).limit(wanted.limit + 1)))
    more = len(rows) > wanted.limit
    return rows[: wanted.limit], rows[wanted.limit - 1][0].id if more else None


def _paged(
    session: Session, query: Any, number: InstrumentedAttribute[int], wanted: RowQuery
) -> tuple[list[Any], int | None]:
    query = query.where(number > wanted.after).order_by(number).limit(wanted.limit + 1)
    rows = list(session.scalars(query))
    more = len(rows) > wanted.limit
    return rows[: wanted.limit], rows[wanted.limit - 1].id if more else None


def _conditions(session: Session, wanted: RowQuery, years: bool = True) -> list[ColumnElement[bool]]:
    result: list[ColumnElement[bool]] = []
    if wanted.unit:
        result.append(Organisation.code == wanted.unit)
    if wanted.department:
        department = portal.organisation(session, wanted.department)
        result.append(portal.below(department) if department else false())
    if wanted.year and years:
        result.append(Publication.year == wanted.year)
    return result
