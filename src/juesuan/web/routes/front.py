"""The front door: signing in, assets, health and metrics."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import func, select
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response

from juesuan.version import VERSION
from juesuan.web.auth import invitations
from juesuan.web.auth.passwords import WeakPasswordError
from juesuan.web.auth.sessions import BEFORE_COOKIE, COOKIE, before_token
from juesuan.web.auth.users import UserError
from juesuan.web.infra.audit import Actor
from juesuan.web.infra.models import Job
from juesuan.web.site.site import ASSETS, site_of, text_of, to

router = APIRouter()
_KEPT = {"cache-control": "public, max-age=86400"}


@router.get("/sign-in", name="sign_in_form")
def sign_insign_in_page(request: Request) -> Response:
    """The form for signing in."""
    return sign_in_page(request, 200, "")


@router.post("/sign-in", name="sign_in")
def sign_in(request: Request) -> Response:
    """Signs in, with a new session each time."""
    site = site_of(request)
    client = request.client.host if request.client else ""
    name = text_of(request, "name", 60)
    password = str(request.state.form.get("password", ""))
    with site.database.writing() as session:
        entry = site.signing.sign_in(session, name, password, text_of(request, "code", 10), client)
    if not entry.key:
        return sign_in_page(request, 401, entry.trouble)
    return signed_in(request, entry.key, text_of(request, "next"))


def signed_in(request: Request, key: str, address: str) -> Response:
    """Gives the browser the key of its session and sends it on to `address`, if that is a page of this server."""
    answer = RedirectResponse(onward_of(address), 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, key, httponly=True, samesite="lax", secure=secure, path="/")
    answer.delete_cookie(BEFORE_COOKIE)
    return answer


def sign_in_page(request: Request, status: int, trouble: str) -> Response:
    """The form for signing in, with what went wrong."""
    site = site_of(request)
    cookie = request.cookies.get(BEFORE_COOKIE) or secrets.token_urlsafe(24)
    sent = text_of(request, "next") if request.method == "POST" else ""
    onward = onward_of(request.query_params.get("next", "") or sent)
    token = before_token(site.secret, cookie)
    leave = site.oidc.leave() if site.oidc and "out" in request.query_params else ""
    page = site.page(
        request, "sign_in.html.jinja", status, token=token, trouble=trouble, onward=onward,
        single=site.oidc is not None, leave=leave, done="已退出本系统。" if leave else "",
    )
    _keep_before(request, page, cookie)
    return page


def _keep_before(request: Request, page: Response, cookie: str) -> None:
    secure = request.url.scheme == "https"
    page.set_cookie(BEFORE_COOKIE, cookie, httponly=True, samesite="strict", secure=secure, path="/")


def onward_of(address: str) -> str:
    """A page of this server to go on to; never another server."""
    parts = urlsplit(address)
    own = not parts.scheme and not parts.netloc and address.startswith("/") and not address.startswith(("//", "/\\"))
    return address if own and "\\" not in address else "/desk"


@router.get("/invitation", name="invitation")
def invitation(request: Request) -> Response:
    """What an invitation opens: the form for choosing one's password."""
    return _invitation_page(request, request.query_params.get("key", ""))


def _invitation_page(request: Request, key: str, trouble: str = "") -> Response:
    site = site_of(request)
    try:
        with site.database.reading() as session:
            user = invitations.invited(session, key, site.settings.clock())
    except UserError as error:
        return sign_in_page(request, 410, str(error))
    cookie = request.cookies.get(BEFORE_COOKIE) or secrets.token_urlsafe(24)
    page = site.page(
        request, "invitation.html.jinja", 400 if trouble else 200, user=user, key=key, trouble=trouble,
        token=before_token(site.secret, cookie),
    )
    _keep_before(request, page, cookie)
    return page


@router.post("/invitation", name="accept_invitation")
def accept_invitation(request: Request) -> Response:
    """Sets the password, ends what sessions the user had, and signs in; a one-time code is asked for as ever."""
    site = site_of(request)
    form, client = request.state.form, request.client.host if request.client else ""
    key, new, again = (str(form.get(name, "")) for name in ("key", "new", "again"))
    if new != again:
        return _invitation_page(request, key, "两次输入的口令不一样。")
    session_key = ""
    try:
        with site.database.writing() as session:
            now = site.settings.clock()
            user = invitations.accept(session, site.trail, site.passwords, key, new, client, now)
            site.signing.end_others(session, user.id)
            if not user.totp_secret:
                session_key = site.signing.begin(session, user, Actor(user.name, user.role, client))
    except (UserError, WeakPasswordError) as error:
        return _invitation_page(request, key, str(error))
    return signed_in(request, session_key, "") if session_key else to(request, "sign_in_form")


@router.get("/assets/style.css", name="style")
def style() -> Response:
    """The design."""
    return FileResponse(ASSETS / "style.css", headers=_KEPT)


@router.get("/assets/site.js", name="script")
def script() -> Response:
    """What pages do beyond forms and links; everything works without."""
    return FileResponse(ASSETS / "site.js", media_type="text/javascript", headers=_KEPT)


@router.get("/assets/desk.js", name="desk_script")
def desk_script() -> Response:
    """Saving and checking as one types."""
    return FileResponse(ASSETS / "desk.js", media_type="text/javascript", headers=_KEPT)


@router.get("/assets/blocks.js", name="blocks_script")
def blocks_script() -> Response:
    """Blocks of cells, chosen and copied."""
    return FileResponse(ASSETS / "blocks.js", media_type="text/javascript", headers=_KEPT)


@router.get("/assets/icon.svg", name="icon")
def icon() -> Response:
    """The mark of the site beside its name in the browser."""
    return FileResponse(ASSETS / "icon.svg", media_type="image/svg+xml", headers=_KEPT)


@router.get("/assets/htmx.min.js", name="library")
def library() -> Response:
    """htmx, vendored."""
    return FileResponse(ASSETS / "htmx.min.js", media_type="text/javascript", headers=_KEPT)


@router.get("/health", name="health")
def health(request: Request) -> Response:
    """Whether the server can do its work: the database answers."""
    with site_of(request).database.reading() as session:
        session.execute(select(1))
    return JSONResponse({"status": "ok", "version": VERSION})


@router.get("/metrics", name="metrics")
def metrics(request: Request) -> Response:
    """Figures on requests and jobs, for Prometheus."""
    site = site_of(request)
    with site.database.reading() as session:
        rows = session.execute(select(Job.state, func.count()).group_by(Job.state)).all()
        counted: dict[str, int] = {row[0]: row[1] for row in rows}
    for state in ("waiting", "running", "done", "failed"):
        site.metrics.jobs.labels(state).set(counted.get(state, 0))
    return Response(generate_latest(site.metrics.registry), media_type=CONTENT_TYPE_LATEST)
