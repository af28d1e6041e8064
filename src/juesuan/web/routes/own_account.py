"""One's own account: the desk one begins at, the password, one-time codes, signing out."""

from __future__ import annotations

import pyotp
import segno
from fastapi import APIRouter
from sqlalchemy import func, select
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from juesuan.web.auth.passwords import WeakPasswordError, totp_step
from juesuan.web.auth.sessions import COOKIE
from juesuan.web.auth.users import UserError
from juesuan.web.auth.users import change_password as set_password
from juesuan.web.filing.steps import load_way
from juesuan.web.infra.models import Filing, Organisation, ReviewFile, Season, SignedIn, User
from juesuan.web.infra.sealing import UnsealedError, totp_owner
from juesuan.web.personal.pages import personal_desk
from juesuan.web.site.guard import within
from juesuan.web.site.site import Site, identity_of, site_of, text_of, to

router = APIRouter()
MOST_WAITING = 20
"""So many filings that wait for whoever signs in are listed on their desk."""


@router.get("/desk", name="desk")
def desk(request: Request) -> Response:
    """Where one's work begins."""
    site, me = site_of(request), identity_of(request)
    if site.settings.personal:
        return personal_desk(request)
    way = load_way()
    turn = [key for key, state in way.states.items() if me.role in state.holders]
    with site.database.reading() as session:
        filings = select(Filing).join(Organisation).join(Season).order_by(Season.year.desc(), Organisation.code)
        own: dict[str, Filing] = {}
        for row in session.scalars(filings.where(
            within(request, "edit_filings"), Organisation.id == me.organisation_id
        )):
            own.setdefault(row.season.kind, row)
        waiting = list(session.scalars(filings.where(within(request, "read_filings"), Filing.state.in_(turn))))
        documents = session.scalar(select(func.count(ReviewFile.id)).join(Organisation).where(
            within(request, "decide_documents"), ReviewFile.state == "read"
        ))
    return site.page(
        request, "desk.html.jinja", own=list(own.values()), waiting=waiting[:MOST_WAITING],
        more=len(waiting) - MOST_WAITING, documents=documents, way=way,
    )


@router.post("/sign-out", name="sign_out")
def sign_out(request: Request) -> Response:
    """Ends the session."""
    site = site_of(request)
    with site.database.writing() as session:
        site.signing.sign_out(session, identity_of(request))
    # Not on to the provider: the policy on forms lets none of ours lead to another server.
    answer = RedirectResponse(request.app.url_path_for("sign_in_form") + "?out=1", 303) if site.oidc else to(
        request, "home"
    )
    answer.delete_cookie(COOKIE)
    return answer


@router.get("/account", name="my_account")
def my_account(request: Request) -> Response:
    """Password and one-time codes."""
    return _page(request)


def _page(request: Request, trouble: str = "", done: str = "") -> Response:
    site, me = site_of(request), identity_of(request)
    with site.database.reading() as session:
        user = session.get_one(User, me.user_id)
        row = session.get_one(SignedIn, me.session)
        protected, pending = bool(user.totp_secret), _pending(site, row)
    picture = ""
    if pending:
        address = pyotp.TOTP(pending).provisioning_uri(name=me.name, issuer_name="决算公开")
        picture = segno.make(address, error="m").svg_data_uri(scale=4)
    return site.page(
        request, "account.html.jinja", 400 if trouble else 200, trouble=trouble, done=done, protected=protected,
        pending=pending, picture=picture,
    )


def _pending(site: Site, row: SignedIn) -> str:
    """The secret that is shown but not confirmed; empty for none and where the secret file was lost."""
    try:
        return site.sealer.open(row.pending_totp, totp_owner(row.user_id)) if row.pending_totp else ""
    except UnsealedError:
        return ""


@router.post("/account/password", name="change_password")
def change_password(request: Request) -> Response:
    """A new password; all other sessions of the user end."""
    site, me = site_of(request), identity_of(request)
    old, new, again = (str(request.state.form.get(name, "")) for name in ("old", "new", "again"))
    if new != again:
        return _page(request, "两次输入的新口令不一样。")
    try:
        with site.database.writing() as session:
            user = session.get_one(User, me.user_id)
            set_password(session, site.trail, site.passwords, me.actor, user, old, new)
            site.signing.end_others(session, me.user_id, me.session)
    except (UserError, WeakPasswordError) as error:
        return _page(request, str(error))
    return _page(request, done="口令已修改，其他地方的登录已退出。") if not me.must_change else to(request, "desk")


@router.post("/account/totp", name="totp_begin")
def totp_begin(request: Request) -> Response:
    """Shows a secret to be taken over into an authenticator."""
    site, me = site_of(request), identity_of(request)
    with site.database.writing() as session:
        secret = site.sealer.seal(pyotp.random_base32(), totp_owner(me.user_id))
        session.get_one(SignedIn, me.session).pending_totp = secret
    return to(request, "my_account")


@router.post("/account/totp/confirm", name="totp_confirm")
def totp_confirm(request: Request) -> Response:
    """Takes the secret into use when the authenticator gives the right code."""
    site, me = site_of(request), identity_of(request)
    with site.database.writing() as session:
        row, user = session.get_one(SignedIn, me.session), session.get_one(User, me.user_id)
        pending = _pending(site, row)
        step = totp_step(pending, text_of(request, "code", 10), 0, site.settings.clock()) if pending else 0
        if step:
            user.totp_secret, user.totp_last, row.pending_totp = row.pending_totp, step, ""
            site.trail.append(session, me.actor, "user.totp_on", f"user:{me.name}")
    return _page(request, done="动态口令已启用。") if step else _page(request, "动态口令不对，请核对手机时间后再试。")


@router.post("/account/totp/remove", name="totp_remove")
def totp_remove(request: Request) -> Response:
    """Takes one-time codes out of use; the password is asked for."""
    site, me = site_of(request), identity_of(request)
    with site.database.writing() as session:
        user = session.get_one(User, me.user_id)
        right = site.passwords.right(user.password_hash, str(request.state.form.get("old", "")))
        if right:
            user.totp_secret, user.totp_last = "", 0
            site.trail.append(session, me.actor, "user.totp_off", f"user:{me.name}")
    return _page(request, done="动态口令已停用。") if right else _page(request, "口令不对。")
