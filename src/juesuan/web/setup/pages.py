"""The first run: a bureau and its administrator made by a one-time link, and the steps from there to open filings."""

from __future__ import annotations

import secrets

from fastapi import APIRouter
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from juesuan.web.auth.organisations import KINDS
from juesuan.web.auth.passwords import WeakPasswordError
from juesuan.web.auth.sessions import BEFORE_COOKIE, COOKIE, before_token
from juesuan.web.auth.users import UserError, add_user
from juesuan.web.filing import filings as filings_room
from juesuan.web.filing.seasons import all_seasons, roles_switched
from juesuan.web.infra.audit import SYSTEM, Actor
from juesuan.web.infra.models import Filing, Organisation, Season, User
from juesuan.web.site.guard import RefusedError
from juesuan.web.site.setting_up import NEEDED, setup_steps, without_people
from juesuan.web.site.site import Site, identity_of, site_of, text_of

router = APIRouter()
ADMINISTRATOR = "bureau_admin"
MOST_AT_ONCE = 300
"""So many filings are opened by one click."""

GONE = "这个链接用过了，或者过期了：请看服务启动时打印的链接；服务器已经有用户的，请登录。"


def first_address(site: Site, base: str) -> str:
    """The one-time address at which an empty server is set up; empty for one that has users."""
    with site.database.reading() as session:
        return "" if _has_users(session) else f"{base}/first?key={site.first_links.make()}"


def _has_users(session: Session) -> bool:
    return bool(session.scalar(select(func.count(User.id))))


@router.get("/first", name="first_run")
def first_run(request: Request) -> Response:
    """The form for the bureau and its first administrator."""
    return _first(request, request.query_params.get("key", ""))


def _first(request: Request, key: str, trouble: str = "") -> Response:
    site = site_of(request)
    with site.database.reading() as session:
        if _has_users(session) or not site.first_links.good(key):
            raise RefusedError(410, GONE)
    cookie = request.cookies.get(BEFORE_COOKIE) or secrets.token_urlsafe(24)
    page = site.page(
        request, "first.html.jinja", 400 if trouble else 200, key=key, trouble=trouble,
        token=before_token(site.secret, cookie), given=request.state.form,
    )
    secure = request.url.scheme == "https"
    page.set_cookie(BEFORE_COOKIE, cookie, httponly=True, samesite="strict", secure=secure, path="/")
    return page


@router.post("/first", name="begin_first")
def begin_first(request: Request) -> Response:
    """Makes the bureau and its administrator, and signs in."""
    site, form = site_of(request), request.state.form
    key, new = str(form.get("key", "")), str(form.get("new", ""))
    code, bureau, name = text_of(request, "code", 40), text_of(request, "bureau", 200), text_of(request, "name", 60)
    if new != str(form.get("again", "")):
        return _first(request, key, "两次输入的口令不一样。")
    if not bureau or not code or "/" in code:
        return _first(request, key, "请写明财政部门的名称和代码；代码里不能有 /。")
    client = request.client.host if request.client else ""
    try:
        with site.database.writing() as session:
            if _has_users(session) or not site.first_links.good(key):
                raise RefusedError(410, GONE)
            _found(session, site, code, bureau)
            add_user(
                session, site.trail, site.passwords, SYSTEM, name=name, full_name=text_of(request, "full_name", 100),
                role=ADMINISTRATOR, organisation=code, password=new,
            )
            user = session.scalars(select(User).where(User.name == name)).one()
            session_key = site.signing.begin(session, user, Actor(name, ADMINISTRATOR, client))
    except (UserError, WeakPasswordError) as error:
        return _first(request, key, str(error))
    site.first_links.take(key)
    answer = RedirectResponse(request.app.url_path_for("setup"), 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, session_key, httponly=True, samesite="lax", secure=secure, path="/")
    answer.delete_cookie(BEFORE_COOKIE)
    return answer


def _found(session: Session, site: Site, code: str, name: str) -> None:
    """The bureau, where a list of organisations has not brought it already."""
    if session.scalar(select(Organisation.id).where(Organisation.code == code)) is not None:
        return
    row = Organisation(code=code, name=name, kind="bureau", parent_id=None, path=f"?{code}")
    session.add(row)
    session.flush()
    row.path = f"/{row.id}/"
    after = {"name": name, "kind": "bureau", "parent": ""}
    site.trail.append(session, SYSTEM, "organisation.add", f"organisation:{code}", after=after)


@router.get("/setup", name="setup")
def setup(request: Request) -> Response:
    """The steps, and how far each has come."""
    return _setup(request)


def _setup(request: Request, trouble: str = "", done: str = "") -> Response:
    site = site_of(request)
    with site.database.reading() as session:
        steps = setup_steps(session)
        season = next(iter(all_seasons(session)), None)
        left = _left(session, season) if season else []
        besides = roles_switched(all_seasons(session))
        lacking = without_people(session, {kind: roles + besides.get(kind, ()) for kind, roles in NEEDED.items()})
        bureau = session.scalars(select(Organisation).where(Organisation.kind == "bureau")).first()
    return site.page(
        request, "setup.html.jinja", 400 if trouble else 200, steps=steps, season=season, left=len(left),
        trouble=trouble, done=done, bureau=bureau, kinds=KINDS, most=MOST_AT_ONCE, lacking=lacking,
    )


def _left(session: Session, season: Season) -> list[Organisation]:
    """The departments and units that have not begun a year."""
    begun = select(Filing.organisation_id).where(Filing.season_id == season.id)
    query = select(Organisation).where(Organisation.kind != "bureau", Organisation.id.not_in(begun))
    return list(session.scalars(query.order_by(Organisation.code)))


@router.post("/setup/filings", name="open_filings")
def open_filings(request: Request) -> Response:
    """Begins the latest year's filings of all who have not, so that everybody finds theirs open."""
    site, me = site_of(request), identity_of(request)
    with site.database.writing() as session:
        season = next(iter(all_seasons(session)), None)
        if season is None:
            return _setup(request, "还没有开放填报的年度，请先做第 3 步。")
        places = _left(session, season)[:MOST_AT_ONCE]
        for place in places:
            filings_room.begin(session, site, me, place, season)
    return _setup(request, done=f"已为 {len(places)} 个部门和单位打开 {season.named}的填报，填报人登录就能看到。")
