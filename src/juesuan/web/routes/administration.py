"""Organisations, users, the audit trail."""

from __future__ import annotations

from fastapi import APIRouter
from sqlalchemy import select
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from juesuan.web.auth import users as people
from juesuan.web.auth.organisations import KINDS, BadListError
from juesuan.web.auth.organisations import import_organisations as take_list
from juesuan.web.auth.passwords import WeakPasswordError
from juesuan.web.infra import audit
from juesuan.web.infra.models import Organisation, User, moment
from juesuan.web.site.guard import within
from juesuan.web.site.site import identity_of, site_of, text_of, to

router = APIRouter()


@router.get("/organisations", name="organisations")
def organisations(request: Request) -> Response:
    """The tree, as far as one may see it."""
    return _tree(request)


def _tree(request: Request, trouble: str = "", done: str = "") -> Response:
    site = site_of(request)
    with site.database.reading() as session:
        rows = list(session.scalars(select(Organisation).where(within(request)).order_by(Organisation.code)))
    below: dict[int | None, list[Organisation]] = {}
    seen = {row.id for row in rows}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in seen else None, []).append(row)
    lines: list[tuple[int, Organisation]] = []
    waiting = [(0, row) for row in reversed(below.get(None, []))]
    while waiting:
        depth, row = waiting.pop()
        lines.append((depth, row))
        waiting += [(depth + 1, child) for child in reversed(below.get(row.id, []))]
    status = 400 if trouble else 200
    return site.page(
        request, "organisations.html.jinja", status, lines=lines, kinds=KINDS, trouble=trouble, done=done
    )


@router.get("/organisations/{organisation_id}", name="organisation")
def organisation(request: Request, organisation_id: int) -> Response:
    """One organisation with those below it."""
    site = site_of(request)
    with site.database.reading() as session:
        row = session.get_one(Organisation, organisation_id)
        members = list(session.scalars(
            select(Organisation).where(Organisation.parent_id == row.id, within(request)).order_by(Organisation.code)
        ))
    return site.page(request, "organisation.html.jinja", row=row, members=members, kinds=KINDS)


@router.post("/organisations", name="import_organisations")
def import_organisations(request: Request) -> Response:
    """Takes over a list in CSV."""
    site = site_of(request)
    file = request.state.form.get("file")
    if not isinstance(file, UploadFile):
        return _tree(request, "请选择 CSV 文件。")
    data = file.file.read(site.settings.form_limit * 8 + 1)
    if len(data) > site.settings.form_limit * 8:
        return _tree(request, "文件太大。")
    try:
        with site.database.writing() as session:
            added, changed = take_list(session, site.trail, identity_of(request).actor, data)
    except BadListError as error:
        return _tree(request, str(error))
    return _tree(request, done=f"新增 {added} 个机构，修改 {changed} 个。")


@router.get("/users", name="users")
def users(request: Request) -> Response:
    """All users."""
    return _users(request)


def _users(request: Request, trouble: str = "", first: tuple[str, str] = ("", "")) -> Response:
    site = site_of(request)
    now = moment(site.settings.clock())
    with site.database.reading() as session:
        rows = list(session.scalars(select(User).order_by(User.name)))
        places = list(session.scalars(select(Organisation).order_by(Organisation.code)))
    status = 400 if trouble else 200
    return site.page(
        request, "users.html.jinja", status, users=rows, places=places, roles=people.roles(), trouble=trouble,
        first=first, now=now,
    )


@router.post("/users", name="add_user")
def add_user(request: Request) -> Response:
    """A new user, whose first password is shown once."""
    site, me = site_of(request), identity_of(request)
    name = text_of(request, "name", 60)
    try:
        with site.database.writing() as session:
            password = people.add_user(
                session, site.trail, site.passwords, me.actor, name=name, full_name=text_of(request, "full_name", 100),
                role=text_of(request, "role"), organisation=text_of(request, "organisation"),
            )
    except (people.UserError, WeakPasswordError) as error:
        return _users(request, str(error))
    return _users(request, first=(name, password))


@router.post("/users/{user_id}/password", name="reset_password")
def reset_password(request: Request, user_id: int) -> Response:
    """A new first password, shown once."""
    site, me = site_of(request), identity_of(request)
    with site.database.writing() as session:
        user = session.get_one(User, user_id)
        password = people.reset_password(session, site.trail, site.passwords, me.actor, user)
        site.signing.end_others(session, user_id)
    return _users(request, first=(user.name, password))


@router.post("/users/{user_id}/switch", name="switch_user")
def switch_user(request: Request, user_id: int) -> Response:
    """Lets a user sign in or not."""
    site, me = site_of(request), identity_of(request)
    try:
        with site.database.writing() as session:
            user = session.get_one(User, user_id)
            people.switch_user(session, site.trail, me.actor, user, text_of(request, "active") == "1")
            site.signing.end_others(session, user_id)
    except people.UserError as error:
        return _users(request, str(error))
    return to(request, "users")


@router.get("/audit", name="audit_trail")
def audit_trail(request: Request, before: int = 0) -> Response:
    """The trail, latest first, and whether the chain holds."""
    site = site_of(request)
    with site.database.reading() as session:
        entries, total = audit.recent(session, max(0, before))
        verdict = audit.verify(session)
    return site.page(request, "audit.html.jinja", entries=entries, total=total, verdict=verdict)
