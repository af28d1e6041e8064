"""Organisations and users."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from urllib.parse import quote

import msgspec
from fastapi import APIRouter
from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from juesuan.web.auth import invitations, user_list
from juesuan.web.auth import users as people
from juesuan.web.auth.lists import BadListError
from juesuan.web.auth.organisations import KINDS, in_order
from juesuan.web.auth.organisations import import_organisations as take_list
from juesuan.web.auth.user_list import HEADINGS
from juesuan.web.infra.models import Invitation, Organisation, User, moment
from juesuan.web.site.guard import within
from juesuan.web.site.site import identity_of, site_of, text_of, to

router = APIRouter()
NO_LIST = "请选择 CSV 文件，或者把表格粘贴进来。"


def _list_of(request: Request, most: int) -> bytes:
    """The list that was sent as a file or pasted, one byte more than `most` where it is longer; empty for none."""
    file, pasted = request.state.form.get("file"), request.state.form.get("pasted", "")
    if isinstance(file, UploadFile) and file.filename:
        return file.file.read(most + 1)
    return pasted.strip("\r\n").encode() if isinstance(pasted, str) else b""


@router.get("/organisations", name="organisations")
def organisations(request: Request) -> Response:
    """The tree, as far as one may see it."""
    return _tree(request)


def _tree(request: Request, trouble: str = "", done: str = "") -> Response:
    site = site_of(request)
    with site.database.reading() as session:
        rows = in_order(session.scalars(select(Organisation).where(within(request))))
    seen = {str(row.id) for row in rows}
    lines = [(sum(part in seen for part in row.path.split("/")) - 1, row) for row in rows]
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
    data = _list_of(request, site.settings.form_limit * 8)
    if not data or len(data) > site.settings.form_limit * 8:
        return _tree(request, "文件太大。" if data else NO_LIST)
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


class InvitationLink(msgspec.Struct, frozen=True):
    """An invitation, shown once."""

    user: User
    address: str


def _users(
    request: Request,
    trouble: str = "",
    done: str = "",
    first: tuple[str, str] = ("", ""),
    links: Sequence[InvitationLink] = (),
) -> Response:
    site = site_of(request)
    now = moment(site.settings.clock())
    wanted = request.query_params.get("q", "").strip()[:60]
    with site.database.reading() as session:
        query = select(User).join(Organisation).order_by(User.name)
        if wanted:
            fields = (User.name, User.full_name, Organisation.name, Organisation.code)
            query = query.where(or_(*(field.contains(wanted, autoescape=True) for field in fields)))
        rows = list(session.scalars(query))
        places = list(session.scalars(select(Organisation).order_by(Organisation.code)))
        open_until: dict[int, str] = {
            row.user_id: row.expires for row in session.scalars(select(Invitation).where(Invitation.expires > now))
        }
    return site.page(
        request, "users.html.jinja", 400 if trouble else 200, users=rows, places=places, roles=people.roles(),
        trouble=trouble, done=done, first=first, links=links, now=now, wanted=wanted, open_until=open_until,
        days=invitations.VALID.days, headings=HEADINGS, elsewhere=bool(site.oidc or site.settings.directory),
    )


def _links(request: Request, session: Session, invited: Iterable[User]) -> list[InvitationLink]:
    """New invitations as addresses to be handed out."""
    site, me = site_of(request), identity_of(request)
    now = site.settings.clock()
    # Where the administrator is, whoever is invited gets to as well.
    base = (site.settings.address or str(request.base_url)).rstrip("/")
    path = request.app.url_path_for("invitation")
    # In the query, which the log leaves out.
    return [
        InvitationLink(user, f"{base}{path}?key={invitations.invite(session, site.trail, me.actor, user, now)}")
        for user in invited
    ]


@router.post("/users", name="add_user")
def add_user(request: Request) -> Response:
    """A new user with an invitation, whose link is shown once."""
    site, me = site_of(request), identity_of(request)
    name = text_of(request, "name", 60)
    try:
        with site.database.writing() as session:
            people.add_user(
                session, site.trail, site.passwords, me.actor, name=name, full_name=text_of(request, "full_name", 100),
                role=text_of(request, "role"), organisation=text_of(request, "organisation"),
            )
            user = session.scalars(select(User).where(User.name == name)).one()
            links = _links(request, session, [user])
    except people.UserError as error:
        return _users(request, str(error))
    return _users(request, links=links)


@router.post("/users/list", name="import_users")
def import_users(request: Request) -> Response:
    """Takes over a list, from a file or pasted; those who are new get invitations."""
    site, me = site_of(request), identity_of(request)
    data = _list_of(request, site.settings.form_limit)
    if not data or len(data) > site.settings.form_limit:
        return _users(request, "文件太大。" if data else NO_LIST)
    try:
        with site.database.writing() as session:
            taken = user_list.import_users(session, site.trail, me.actor, data)
            links = _links(request, session, taken.added)
    except (BadListError, people.UserError) as error:
        return _users(request, f"没有导入，请改好后重新导入。\n{error}")
    return _users(request, done=f"新增 {len(links)} 个用户，修改 {taken.changed} 个。", links=links)


@router.get("/users.csv", name="user_list")
def user_table(request: Request) -> Response:
    """All users as a list that can be changed and taken in again."""
    with site_of(request).database.reading() as session:
        content = user_list.written(session.scalars(select(User).order_by(User.name)))
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote('用户清单.csv')}"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


@router.get("/users/{user_id}", name="user")
def user(request: Request, user_id: int) -> Response:
    """One user, to be changed."""
    return _user(request, user_id)


def _user(request: Request, user_id: int, trouble: str = "") -> Response:
    site = site_of(request)
    with site.database.reading() as session:
        row = session.get_one(User, user_id)
        places = list(session.scalars(select(Organisation).order_by(Organisation.code)))
    return site.page(
        request, "user.html.jinja", 400 if trouble else 200, row=row, places=places, roles=people.roles(),
        trouble=trouble,
    )


@router.post("/users/{user_id}", name="change_user")
def change_user(request: Request, user_id: int) -> Response:
    """Another name, role or organisation."""
    site, me = site_of(request), identity_of(request)
    try:
        with site.database.writing() as session:
            row = session.get_one(User, user_id)
            home = people.organisation_of(session, text_of(request, "organisation", 40))
            full_name, role = text_of(request, "full_name", 100), text_of(request, "role", 30)
            changed = people.change_user(session, site.trail, me.actor, row, full_name, role, home)
    except people.UserError as error:
        return _user(request, user_id, str(error))
    return _users(request, done=f"{row.name} 已修改。" if changed else f"{row.name} 没有改动。")


@router.post("/users/{user_id}/invitation", name="invite_user")
def invite_user(request: Request, user_id: int) -> Response:
    """A new link for a user who lost the first, or the password."""
    with site_of(request).database.writing() as session:
        links = _links(request, session, [session.get_one(User, user_id)])
    return _users(request, links=links)


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
