"""The one place where rights are enforced: before every route, from the table in rights.yaml."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote, urlsplit

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request

from juesuan.account import JuesuanError
from juesuan.web.auth.sessions import BEFORE_COOKIE, COOKIE, SignedInUser, before_token
from juesuan.web.infra.models import Filing, Organisation, ReviewFile, User, Waiver
from juesuan.web.site.site import Site, identity_of, site_of

MOST_FILES = 300
"""Files in one upload."""

MOST_FIELDS = 40_000
"""Fields in one form of who is signed in: without scripts a sheet is sent whole, each cell with what it was."""

MOST_FIELDS_OF_STRANGERS = 1_000

LONGEST_NUMBER = 10
"""Digits that no number of a thing has: the database could not look for it."""

LOCAL = frozenset(["127.0.0.1", "localhost"])
"""What a personal desk is called by the browser of its owner."""

SAFE = frozenset(["GET", "HEAD"])
ENTERING = frozenset(["sign_in", "accept_invitation", "begin_first"])
"""Forms of who is not signed in yet, tied to the browser by a cookie of their own."""

BEFORE_CHANGE = frozenset(["my_account", "change_password", "sign_out"])
"""What a user with a first password may open besides public pages."""


class RefusedError(JuesuanError):
    """A request is refused; `status` and a sentence for the person."""

    def __init__(self, status: int, reason: str, onward: str = "") -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.onward = onward


Owner = Callable[[Session, int], str | None]


def _organisation_path(session: Session, identity: int) -> str | None:
    return session.scalar(select(Organisation.path).where(Organisation.id == identity))


def _user_path(session: Session, identity: int) -> str | None:
    return session.scalar(select(Organisation.path).join(User).where(User.id == identity))


def _document_path(session: Session, identity: int) -> str | None:
    return session.scalar(select(Organisation.path).join(ReviewFile).where(ReviewFile.id == identity))


def _waiver_path(session: Session, identity: int) -> str | None:
    return session.scalar(select(Organisation.path).join(Waiver).where(Waiver.id == identity))


def _filing_path(session: Session, identity: int) -> str | None:
    return session.scalar(select(Organisation.path).join(Filing).where(Filing.id == identity))


OWNERS: dict[str, Owner] = {
    "organisation_id": _organisation_path,
    "user_id": _user_path,
    "document_id": _document_path,
    "waiver_id": _waiver_path,
    "filing_id": _filing_path,
}
"""For each parameter of a route that names a thing: the path of the organisation it belongs to."""


async def guard(request: Request) -> None:
    """Lets a request through to its route, or raises RefusedError; puts identity and form into its state."""
    site = site_of(request)
    route = request.scope["route"].name
    if site.settings.personal and request.url.hostname not in LOCAL:
        # A page elsewhere may give its own name the address of this computer.
        raise RefusedError(421, "这里只接受本机的访问。")
    identity = await run_in_threadpool(_identify, site, request)
    request.state.identity = identity
    right = site.rights.right_of(route)
    scope = site.rights.scope(identity.role, right)
    if scope is None:
        if identity.role == "public" and site.settings.personal:
            raise RefusedError(401, "这个页面由“决算”程序打开：请再双击一次“决算”图标，或运行 juesuan desk。")
        if identity.role == "public":
            raise RefusedError(401, "请先登录。", f"/sign-in?next={quote(request.url.path)}")
        raise RefusedError(403, f"您的角色没有“{site.rights.rights[right].title}”的权利。")
    if identity.must_change and right != "open" and route not in BEFORE_CHANGE:
        raise RefusedError(403, "请先修改初始口令。", "/account")
    form = FormData()
    if request.method not in SAFE:
        form = await _form_of(request, identity)
        _demand_own_form(site, request, identity, route, form)
    _demand_text(request, form)
    request.state.form = form
    # Each on its own: what the form names must not stand in for what the address names.
    given = (*request.path_params.items(), *form.multi_items())
    named = [(name, value) for name, value in given if name in OWNERS]
    if named:
        await run_in_threadpool(_demand_scope, site, identity, right, named)


async def _form_of(request: Request, identity: SignedInUser) -> FormData:
    """The form that was sent. Raises RefusedError for one with too many fields or files, or none that can be read."""
    most = MOST_FIELDS_OF_STRANGERS if identity.role == "public" else MOST_FIELDS
    try:
        return await request.form(max_files=MOST_FILES, max_fields=most)
    except HTTPException as error:
        if "Too many fields" in error.detail:
            reason = f"一次提交的内容太多（最多 {most} 项），没有保存。请分几次提交。"
        elif "Too many files" in error.detail:
            reason = f"一次上传的文件太多（最多 {MOST_FILES} 个），没有收下。请分几次上传。"
        elif "maximum size" in error.detail:
            reason = "有一格内容太长（最多 1 MB），没有保存。请缩短后再提交。"
        else:
            reason = "提交的内容读不出来，没有保存。请刷新页面后重新提交。"
        raise RefusedError(400, reason) from None


def within(request: Request, right: str = "") -> ColumnElement[bool]:
    """The organisations that whoever asks may see through this route, or by `right`, as a condition for a query."""
    site, identity = site_of(request), identity_of(request)
    scope = site.rights.scope(identity.role, right or site.rights.right_of(request.scope["route"].name))
    if scope is None:
        return false()
    if scope == "all":
        return true()
    return Organisation.path.startswith(identity.path) if scope == "below" else Organisation.path == identity.path


def _identify(site: Site, request: Request) -> SignedInUser:
    client = request.client.host if request.client else ""
    bearer = request.headers.get("authorization", "")
    if bearer and secrets.compare_digest(bearer.encode(), f"Bearer {site.monitor}".encode()):
        return SignedInUser("monitor", role="monitor", client=client)
    key = request.cookies.get(COOKIE, "")
    if not key:
        return SignedInUser(client=client)
    with site.database.reading() as session:
        identity, stale = site.signing.identity(session, key, client)
    if identity.user_id:
        site.rates.note_session(key, identity.name)
    if stale:
        with site.database.writing() as session:
            site.signing.note_seen(session, identity)
    return identity


def _demand_own_form(site: Site, request: Request, identity: SignedInUser, route: str, form: FormData) -> None:
    """Raises RefusedError unless the form was made by this server for this browser (CSRF)."""
    given = form.get("csrf") or request.headers.get("x-csrf-token", "")
    cookie = request.cookies.get(BEFORE_COOKIE, "")
    wanted = (before_token(site.secret, cookie) if cookie else "") if route in ENTERING else identity.csrf
    if _from_elsewhere(site, request) or not wanted or not isinstance(given, str) or not secrets.compare_digest(
        given.encode(), wanted.encode()
    ):
        site.metrics.refused.labels("csrf").inc()
        raise RefusedError(403, "这张表单已失效，请刷新页面后重新提交。")


def _demand_text(request: Request, form: FormData) -> None:
    """Raises RefusedError where the address or the form holds a NUL: no text has one, and PostgreSQL keeps none."""
    given = [*request.path_params.values(), *request.query_params.values(), *(part for pair in form.multi_items()
             for part in pair)]
    if any(isinstance(value, str) and "\x00" in value for value in given):
        raise RefusedError(400, "内容里有不是文字的字符，请删去后再提交。")


def _from_elsewhere(site: Site, request: Request) -> bool:
    """Whether the browser says that a page of another site sent this form."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return True
    origin = request.headers.get("origin")
    if origin is None:
        return False
    # The scheme is not compared: behind a proxy that ends TLS it is another here than in the browser.
    own = {request.headers.get("host", ""), urlsplit(site.settings.address).netloc}
    sender = urlsplit(origin)
    # A proxy may leave the port out of the host that it passes on.
    return not sender.netloc or (sender.netloc not in own and sender.hostname not in own)


def _demand_scope(site: Site, identity: SignedInUser, right: str, named: Sequence[tuple[str, Any]]) -> None:
    """Raises RefusedError for a thing that does not exist or is out of reach: the answer does not tell which."""
    scope = site.rights.scope(identity.role, right)
    with site.database.reading() as session:
        for name, value in named:
            number = str(value)
            known = number.isascii() and number.isdigit() and len(number) < LONGEST_NUMBER
            path = OWNERS[name](session, int(number)) if known else None
            below = scope == "below" and path is not None and path.startswith(identity.path)
            if path is None or not (scope == "all" or below or path == identity.path):
                raise RefusedError(404, "没有这一项，或者不在您的范围内。")
