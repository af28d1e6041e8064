"""Single sign-on: to the provider and back."""

from __future__ import annotations

import msgspec
from fastapi import APIRouter
from sqlalchemy import select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from juesuan.web.auth.oidc import LONGEST, NotSignedInError, Provider, Started
from juesuan.web.infra.audit import Actor
from juesuan.web.infra.models import User
from juesuan.web.infra.sealing import UnsealedError
from juesuan.web.routes.front import onward_of, sign_in_page, signed_in
from juesuan.web.site.guard import RefusedError
from juesuan.web.site.site import Site, site_of

router = APIRouter()
COOKIE = "juesuan_oidc"
"""What ties the answer of the provider to the browser that was sent there."""

OWNER = "oidc"
STRANGER = "统一身份认证认出了您，但本系统没有这个用户，或者已停用、要用本系统的口令登录。请联系系统管理员。"


@router.get("/sign-in/oidc", name="oidc_begin")
def oidc_begin(request: Request) -> Response:
    """Sends the browser to the provider."""
    site, provider = _provider(request)
    try:
        address, started = provider.begin(onward_of(request.query_params.get("next", "")))
    except NotSignedInError as error:
        return sign_in_page(request, 503, str(error))
    answer = RedirectResponse(address, 303)
    sealed = site.sealer.seal(msgspec.json.encode(started).decode(), OWNER)
    # The provider's answer is a link from elsewhere: strict would keep the cookie back.
    answer.set_cookie(
        COOKIE, sealed, max_age=LONGEST, httponly=True, samesite="lax", secure=request.url.scheme == "https",
        path="/sign-in/oidc",
    )
    return answer


@router.get("/sign-in/oidc/back", name="oidc_back")
def oidc_back(request: Request, code: str = "", state: str = "", iss: str = "", error: str = "") -> Response:
    """Signs in who comes back from the provider, if this server knows them."""
    site, provider = _provider(request)
    started = _started(site, request.cookies.get(COOKIE, ""))
    client = request.client.host if request.client else ""
    name, key = "", ""
    try:
        if error:
            raise NotSignedInError("没有在统一身份认证登录，或没有同意。请重新登录。")
        name = provider.finish(started, state, code, iss)
        trouble = STRANGER
    except NotSignedInError as refused:
        trouble = str(refused)
    with site.database.writing() as session:
        user = session.scalars(select(User).where(User.name == name).with_for_update(of=User)).first() if name else None
        actor = Actor(name, user.role if user else "public", client)
        if user is not None and user.active and name not in site.settings.local_users:
            # The first password that was to be changed is not the one they use.
            user.must_change = False
            key = site.signing.begin(session, user, actor)
        else:
            after = {"via": "oidc", "reason": trouble}
            site.trail.append(session, actor, "sign_in.refused", f"user:{name[:60]}", after=after)
    answer = signed_in(request, key, started.onward) if key and started else sign_in_page(request, 401, trouble)
    answer.delete_cookie(COOKIE, path="/sign-in/oidc")
    return answer


def _provider(request: Request) -> tuple[Site, Provider]:
    site = site_of(request)
    if site.oidc is None:
        raise RefusedError(404, "没有这个页面。")
    return site, site.oidc


def _started(site: Site, cookie: str) -> Started | None:
    try:
        return msgspec.json.decode(site.sealer.open(cookie, OWNER), type=Started) if cookie else None
    except (UnsealedError, msgspec.DecodeError):
        return None
