"""The audit trail: filtered, page by page, and as a list to be kept."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from urllib.parse import quote, urlencode

import msgspec
from fastapi import APIRouter
from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from juesuan.account import CsvWriter
from juesuan.web.infra import audit
from juesuan.web.infra.models import AuditEntry, User, moment
from juesuan.web.infra.settings import NATIONAL_TIME
from juesuan.web.site.site import Site, local, site_of
from juesuan.web.trail.words import load_words, worded

router = APIRouter()
SHOWN = 100
AT_ONCE = 1000
"""Entries that an export holds at a time."""

HEADINGS = ("序号", "时间（北京时间）", "用户名", "姓名", "角色", "来自", "做了什么", "代号", "对象", "内容", "指纹")


class TrailFilter(msgspec.Struct, frozen=True):
    """What is asked for; empty: everything. Days are those of Beijing."""

    person: str = ""
    action: str = ""
    subject: str = ""
    since: str = ""
    until: str = ""

    @property
    def any(self) -> bool:
        """Whether anything is asked for."""
        return self != TrailFilter()

    def query(self) -> Select[AuditEntry]:
        """The entries, the latest first."""
        query = select(AuditEntry).order_by(AuditEntry.id.desc())
        if self.person:
            known = select(User.name).where(User.full_name.contains(self.person, autoescape=True))
            query = query.where(or_(AuditEntry.actor == self.person, AuditEntry.actor.in_(known)))
        if self.action:
            query = query.where(AuditEntry.action == self.action)
        if self.subject:
            query = query.where(or_(*(
                field.contains(self.subject, autoescape=True)
                for field in (AuditEntry.subject, AuditEntry.before, AuditEntry.after)
            )))
        if self.since:
            query = query.where(AuditEntry.moment >= _begins(date.fromisoformat(self.since)))
        if self.until:
            query = query.where(AuditEntry.moment < _begins(date.fromisoformat(self.until) + timedelta(days=1)))
        return query


def _begins(day: date) -> str:
    return moment(datetime.combine(day, time(), NATIONAL_TIME))


def _filter(request: Request) -> TrailFilter:
    given = {name: request.query_params.get(name, "").strip()[:100] for name in TrailFilter.__struct_fields__}
    return TrailFilter(**given | {name: _day(given[name]) for name in ("since", "until")})


def _day(text: str) -> str:
    """A day in ISO; empty for what is none."""
    try:
        return date.fromisoformat(text).isoformat() if "1900" < text < "9999" else ""
    except ValueError:
        return ""


@router.get("/audit", name="audit_trail")
def audit_trail(request: Request, before: int = 0) -> Response:
    """The trail, latest first; its first page tells whether the chain holds."""
    site, wanted = site_of(request), _filter(request)
    with site.database.reading() as session:
        query = wanted.query().limit(SHOWN + 1)
        entries = list(session.scalars(query.where(AuditEntry.id < before) if before > 0 else query))
        verdict = None if before > 0 or wanted.any else audit.verify(session)
        total = session.scalar(select(func.count(AuditEntry.id))) or 0
        shown = worded(session, entries[:SHOWN])
    given = {name: value for name, value in msgspec.structs.asdict(wanted).items() if value}
    return site.page(
        request, "audit.html.jinja", entries=shown, total=total, verdict=verdict, wanted=wanted,
        actions=load_words().actions, query=urlencode(given),
        older=urlencode(given | {"before": str(entries[SHOWN - 1].id)}) if len(entries) > SHOWN else "",
    )


@router.get("/audit.csv", name="audit_list")
def audit_list(request: Request) -> Response:
    """What is asked for as a list, whole values and digests with it."""
    site, wanted = site_of(request), _filter(request)
    name = f"审计日志 {site.settings.clock().astimezone(NATIONAL_TIME):%Y-%m-%d}.csv"
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return StreamingResponse(_listed(site, wanted), media_type="text/csv; charset=utf-8", headers=headers)


def _listed(site: Site, wanted: TrailFilter) -> Iterator[bytes]:
    """The list, a piece at a time: each piece from a look of its own, so that nobody waits for who loads slowly."""
    yield "\ufeff".encode() + _lines([HEADINGS])
    last = 0
    while True:
        with site.database.reading() as session:
            query = wanted.query().limit(AT_ONCE)
            entries = list(session.scalars(query.where(AuditEntry.id < last) if last else query))
            rows = _rows(session, entries, site)
        if not entries:
            return
        yield _lines(rows)
        last = entries[-1].id


def _rows(session: Session, entries: list[AuditEntry], site: Site) -> list[list[str]]:
    roles = site.rights.roles
    return [
        [
            str(each.entry.id), local(each.entry.moment), each.entry.actor, each.person,
            roles.get(each.entry.role, each.entry.role), each.entry.client, each.action, each.entry.action,
            each.subject, "；".join(each.changes), each.entry.digest,
        ]
        for each in worded(session, entries, longest=100_000)
    ]


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO(newline="")
    CsvWriter(text, "\r\n").lines(rows)
    return text.getvalue().encode()


