"""The progress board (进度): each organisation's state, days left or late, findings, and where it has published."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import msgspec
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from juesuan.account import spaceless
from juesuan.corpus.watch import Posting
from juesuan.statute import Kind
from juesuan.web.auth.organisations import in_order
from juesuan.web.auth.users import full_names
from juesuan.web.filing.seasons import season_of
from juesuan.web.filing.steps import load_way
from juesuan.web.infra.models import Filing, Organisation, Publication, ReviewFile, Season
from juesuan.web.portal.queries import unit_address
from juesuan.web.progress.posted import Disclosed, is_gone, told
from juesuan.web.review.reviews import STATES
from juesuan.web.site.site import local

KINDS: tuple[Kind, ...] = ("决算", "预算")
"""The disclosures that are followed."""

SITUATIONS = {
    "late": "逾期未公开", "working": "办理中", "early": "未到期", "open": "未开始", "published": "已公开",
}
"""Where one can stand. Nothing is missing before its last day: that is 未到期; without a day it is 未开始."""


class BoardPlace(msgspec.Struct, frozen=True):
    """Where something is to be seen: what it is called, its address, and the route that it needs a right to.

    Without a route it is elsewhere; `public` says whether everybody may see it.
    """

    name: str
    address: str
    route: str = ""
    public: bool = False


class ProgressLine(msgspec.Struct, frozen=True):
    """An organisation's disclosure of one year and kind.

    `state` says in words where it is, `days` how many are left until the last day (below nought: late by so many; of
    what is published how it was on the day on which it first was); `errors` and `warnings` are None where nothing was
    checked, `touched` and `by` are empty where nobody has done anything yet.
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
    places: tuple[BoardPlace, ...] = ()


class _Work(msgspec.Struct):
    """What there is of an organisation's disclosure."""

    filing: Filing | None = None
    document: ReviewFile | None = None
    publication: Publication | None = None
    published: str = ""
    """The day on which the first version was published, in Beijing; of what is posted on the unit's own site, first
    seen.
    """
    posted: Posting | None = None

    @property
    def begun(self) -> Filing | None:
        """The filing, if anybody has written anything in it since it was opened for the unit."""
        return self.filing if self.filing and not self.filing.untouched else None


def years(session: Session, visible: ColumnElement[bool], posted: Iterable[Disclosed]) -> list[int]:
    """The years that there is something of, the latest first."""
    found = {*session.scalars(select(Season.year)), *(year for _, year, _ in posted)}
    for table in (ReviewFile, Publication):
        found |= set(session.scalars(select(table.year).join(Organisation).where(visible).distinct()))
    return sorted((year for year in found if year), reverse=True)


def board(
    session: Session, visible: ColumnElement[bool], year: int, kinds: Sequence[Kind], today: date,
    posted: Mapping[Disclosed, Posting],
) -> list[ProgressLine]:
    """The lines of the organisations that are `visible`, by their places in the tree; of each one for each kind."""
    places = [each for each in in_order(session.scalars(select(Organisation).where(visible))) if each.kind != "bureau"]
    lines: list[dict[int, ProgressLine]] = []
    for kind in kinds:
        season = season_of(session, year, kind)
        approved = season.approved if season else ""
        found = _works(session, visible, year, kind)
        for each in places:
            posting = posted.get((spaceless(each.name), year, kind))
            if posting:
                _note_posting(found.setdefault(each.id, _Work()), posting)
        names = full_names(session, _people(found.values()))
        lines.append({
            each.id: _line(each, found.get(each.id, _Work()), year, kind, approved, today, names) for each in places
        })
    return [of_kind[each.id] for each in places for of_kind in lines]


def followed(session: Session, visible: ColumnElement[bool], year: int, posted: Iterable[Disclosed]) -> list[Kind]:
    """The kinds of which a year has something: a season, a filing, a file, a publication, a file posted elsewhere;
    final accounts if nothing.
    """
    found: set[str] = {*session.scalars(select(Season.kind).where(Season.year == year)),
                       *(kind for _, each, kind in posted if each == year)}
    for table, kind in ((ReviewFile, ReviewFile.disclosure), (Publication, Publication.kind)):
        found |= set(session.scalars(select(kind).join(Organisation).where(visible, table.year == year).distinct()))
    return [kind for kind in KINDS if kind in found] or [KINDS[0]]


def _works(session: Session, visible: ColumnElement[bool], year: int, kind: Kind) -> dict[int, _Work]:
    found: dict[int, _Work] = {}
    filings = select(Filing).join(Season).join(Organisation, Filing.organisation_id == Organisation.id)
    for filing in session.scalars(filings.where(visible, Season.year == year, Season.kind == kind)):
        found.setdefault(filing.organisation_id, _Work()).filing = filing
    wanted = (visible, ReviewFile.year == year, ReviewFile.disclosure == kind)
    documents = select(ReviewFile).join(Organisation).where(*wanted)
    for document in session.scalars(documents.order_by(ReviewFile.id)):
        found.setdefault(document.organisation_id, _Work()).document = document
    published = select(Publication).join(Organisation).where(
        visible, Publication.current, Publication.year == year, Publication.kind == kind
    )
    for publication in session.scalars(published):
        found.setdefault(publication.organisation_id, _Work()).publication = publication
    first = select(Publication.organisation_id, func.min(Publication.published)).join(Organisation).where(
        visible, Publication.state == "published", Publication.year == year, Publication.kind == kind
    )
    for place, moment in session.execute(first.group_by(Publication.organisation_id)):
        # A correction does not make late what had come in time.
        found.setdefault(place, _Work()).published = local(moment)[:10]
    return found


def _note_posting(work: _Work, posting: Posting) -> None:
    work.posted = posting
    if not is_gone(posting):
        day = posting.first[:10]
        work.published = min(work.published or day, day)


def _people(works: Iterable[_Work]) -> Iterable[str]:
    for work in works:
        yield work.filing.updated_by if work.filing else ""
        yield work.document.uploader if work.document else ""
        yield work.publication.publisher if work.publication else ""


def _line(
    place: Organisation, work: _Work, year: int, kind: Kind, approved: str, today: date, names: dict[str, str]
) -> ProgressLine:
    document, filing, publication = work.document, work.begun, work.publication
    due = load_way().due(place.kind, approved, kind) or (document.due if document else "") or (
        work.posted.due if work.posted else "")
    day = date.fromisoformat(work.published) if work.published else today
    days = (date.fromisoformat(due) - day).days if due else None
    if work.published:
        situation = "published"
    elif days is not None and days < 0:
        situation = "late"
    elif filing or document:
        situation = "working"
    else:
        situation = "early" if due else "open"
    # What is missing from a filing that nobody has touched is no fault of anybody's.
    there = (each for each in (filing, document) if each and _is_checked(each))
    checked: Filing | ReviewFile | None = next(there, None)
    touched = max([
        (publication.published, names.get(publication.publisher, "")) if publication else ("", ""),
        (filing.updated, names.get(filing.updated_by, "")) if filing else ("", ""),
        (document.created if document else "", names.get(document.uploader, "") if document else ""),
    ])
    return ProgressLine(
        place, year, kind, situation, _state(work, situation), due, days, checked.errors if checked else None,
        checked.warnings if checked else None, *touched, tuple(_places(work)),
    )


def _is_checked(row: Filing | ReviewFile) -> bool:
    return bool(row.counted if isinstance(row, Filing) else row.year)


def _state(work: _Work, situation: str) -> str:
    there = []
    if work.publication:
        there.append(f"已公开第{work.publication.version}版")
    if work.posted:
        there.append(told(work.posted))
    # What is in hand besides the version that is public is a correction, or a file that nobody decided upon.
    filing = work.begun
    if filing and not (work.publication and filing.state == "approved"):
        title = load_way().states[filing.state].title
        there.append(title if title.startswith("填报") and not work.publication else
                     f"{'更正' if work.publication else '填报'}：{title}")
    elif work.document and not (work.publication and work.document.state == "accepted"):
        there.append(f"{'另一份文件' if work.publication else '文件'}：{STATES[work.document.state]}")
    elif work.filing and not filing and not work.publication:
        there.append("还没有填写")
    if there:
        return "；".join(there)
    return SITUATIONS[situation] if situation == "early" else "未开始"


def _places(work: _Work) -> Iterable[BoardPlace]:
    if work.publication:
        row = work.publication
        address = unit_address(row.organisation.code, row.year, kind=row.kind)
        yield BoardPlace("公开平台", address, "unit_year", public=True)
    if work.posted and not is_gone(work.posted):
        yield BoardPlace("单位网站", work.posted.url, public=True)
    if work.filing:
        yield BoardPlace("填报", f"/filings/{work.filing.id}", "filing")
    if work.document:
        yield BoardPlace("审核文件", f"/documents/{work.document.id}", "document")


def counted(lines: Sequence[ProgressLine]) -> dict[str, int]:
    """How many stand where."""
    return {key: sum(line.situation == key for line in lines) for key in SITUATIONS}
