"""The progress board (进度): each organisation's state, days left or late, findings, and where it has published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import msgspec
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from juesuan.statute import Kind
from juesuan.web.auth.users import full_names
from juesuan.web.filing.seasons import season_of
from juesuan.web.filing.steps import load_way
from juesuan.web.infra.models import Document, Filing, Organisation, Publication, Season
from juesuan.web.portal.queries import unit_address
from juesuan.web.review.reviews import STATES
from juesuan.web.site.site import local

KINDS: tuple[Kind, ...] = ("决算", "预算")
"""The disclosures that are followed."""

SITUATIONS = {
    "late": "逾期未公开", "working": "办理中", "early": "未到期", "open": "未开始", "published": "已公开",
}
"""Where one can stand. Nothing is missing before its last day: that is 未到期; without a day it is 未开始."""


class Place(msgspec.Struct, frozen=True):
    """Where something is to be seen: what it is called and its address."""

    name: str
    address: str


class ProgressLine(msgspec.Struct, frozen=True):
    """An organisation's disclosure of one year and kind.

    `state` says in words where it is, `days` how many are left until the last day (below nought: late by so many; of
    what is published how it was on that day); `errors` and `warnings` are None where nothing was checked.
    """

    organisation: Organisation
    year: int
    kind: Kind
    situation: str
    state: str
    due: str = ""
    days: int | None = None
    errors: int | None = None
    warnings: int | None = None
    touched: str = ""
    by: str = ""
    places: tuple[Place, ...] = ()


class _Work(msgspec.Struct):
    """What there is of an organisation's disclosure."""

    filing: Filing | None = None
    document: Document | None = None
    publication: Publication | None = None


def years(session: Session, visible: ColumnElement[bool]) -> list[int]:
    """The years that there is something of, the latest first."""
    found = set(session.scalars(select(Season.year)))
    for table in (Document, Publication):
        found |= set(session.scalars(select(table.year).join(Organisation).where(visible).distinct()))
    return sorted((year for year in found if year), reverse=True)


def board(
    session: Session, visible: ColumnElement[bool], year: int, kinds: Sequence[Kind], today: date
) -> list[ProgressLine]:
    """The lines of the organisations that are `visible`, by their places in the tree; of each one for each kind."""
    query = select(Organisation).where(visible).order_by(Organisation.path)
    places = [each for each in session.scalars(query) if each.kind != "bureau"]
    lines: list[dict[int, ProgressLine]] = []
    for kind in kinds:
        season = season_of(session, year, kind)
        approved = season.approved if season else ""
        found = _works(session, visible, year, kind)
        names = full_names(session, _people(found.values()))
        lines.append({
            each.id: _line(each, found.get(each.id, _Work()), year, kind, approved, today, names) for each in places
        })
    return [of_kind[each.id] for each in places for of_kind in lines]


def followed(session: Session, visible: ColumnElement[bool], year: int) -> list[Kind]:
    """The kinds of which a year has something: a season, a filing, a file, a publication; final accounts if nothing."""
    found = set(session.scalars(select(Season.kind).where(Season.year == year)))
    for table, kind in ((Document, Document.disclosure), (Publication, Publication.kind)):
        found |= set(session.scalars(select(kind).join(Organisation).where(visible, table.year == year).distinct()))
    return [kind for kind in KINDS if kind in found] or [KINDS[0]]


def _works(session: Session, visible: ColumnElement[bool], year: int, kind: Kind) -> dict[int, _Work]:
    found: dict[int, _Work] = {}
    filings = select(Filing).join(Season).join(Organisation, Filing.organisation_id == Organisation.id)
    for filing in session.scalars(filings.where(visible, Season.year == year, Season.kind == kind)):
        found.setdefault(filing.organisation_id, _Work()).filing = filing
    documents = select(Document).join(Organisation).where(visible, Document.year == year, Document.disclosure == kind)
    for document in session.scalars(documents.order_by(Document.id)):
        found.setdefault(document.organisation_id, _Work()).document = document
    published = select(Publication).join(Organisation).where(
        visible, Publication.current, Publication.year == year, Publication.kind == kind
    )
    for publication in session.scalars(published):
        found.setdefault(publication.organisation_id, _Work()).publication = publication
    return found


def _people(works: Iterable[_Work]) -> Iterable[str]:
    for work in works:
        yield work.filing.updated_by if work.filing else ""
        yield work.document.uploader if work.document else ""


def _line(
    place: Organisation, work: _Work, year: int, kind: Kind, approved: str, today: date, names: dict[str, str]
) -> ProgressLine:
    document, filing, publication = work.document, work.filing, work.publication
    due = load_way().due(place.kind, approved, kind) or (document.due if document else "")
    day = date.fromisoformat(local(publication.published)[:10]) if publication else today
    days = (date.fromisoformat(due) - day).days if due else None
    if publication:
        situation = "published"
    elif days is not None and days < 0:
        situation = "late"
    elif filing or document:
        situation = "working"
    else:
        situation = "early" if due else "open"
    checked = filing if filing and filing.counted else document if document and document.year else None
    touched = max([
        (publication.published if publication else "", ""),
        (filing.updated if filing else "", names.get(filing.updated_by, "") if filing else ""),
        (document.created if document else "", names.get(document.uploader, "") if document else ""),
    ])
    return ProgressLine(
        place, year, kind, situation, _state(work, situation), due, days, checked.errors if checked else None,
        checked.warnings if checked else None, *touched, tuple(_places(work)),
    )


def _state(work: _Work, situation: str) -> str:
    there = []
    if work.publication:
        there.append(f"已公开第{work.publication.version}版")
    # What is in hand besides the version that is public is a correction, or a file that nobody decided upon.
    if work.filing and not (work.publication and work.filing.state == "approved"):
        there.append(f"{'更正' if work.publication else '填报'}：{load_way().states[work.filing.state].title}")
    elif work.document and not (work.publication and work.document.state == "accepted"):
        there.append(f"{'另一份文件' if work.publication else '文件'}：{STATES[work.document.state]}")
    if there:
        return "；".join(there)
    return SITUATIONS[situation] if situation == "early" else "未开始"


def _places(work: _Work) -> Iterable[Place]:
    if work.publication:
        row = work.publication
        yield Place("公开平台", unit_address(row.organisation.code, row.year, kind=row.kind))
    if work.filing:
        yield Place("填报", f"/filings/{work.filing.id}")
    if work.document:
        yield Place(work.document.name, f"/documents/{work.document.id}")


def counted(lines: Sequence[ProgressLine]) -> dict[str, int]:
    """How many stand where."""
    return {key: sum(line.situation == key for line in lines) for key in SITUATIONS}
