"""Sessions: signing in with lockout, a new key at each sign-in, expiry, and where single sign-on hooks in."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from juesuan.web.auth.passwords import Passwords, totp_step
from juesuan.web.infra.audit import Actor, Trail
from juesuan.web.infra.models import SignedIn, User, moment
from juesuan.web.infra.sealing import Sealer, UnsealedError, key_digest, totp_owner
from juesuan.web.infra.settings import Settings

COOKIE = "juesuan"
BEFORE_COOKIE = "juesuan_before"
"""What ties the form for signing in to the browser that it was sent to."""

SEEN_EVERY = timedelta(minutes=1)

External = Callable[[str, str], bool | None]
"""Passwords kept elsewhere (LDAP): told name and password, says whether they are right; None: not its user."""


class SignedInUser(msgspec.Struct, frozen=True):
    """Who asks: a user with role and organisation, or the public."""

    name: str = ""
    full_name: str = ""
    role: str = "public"
    user_id: int = 0
    organisation_id: int = 0
    organisation: str = ""
    path: str = ""
    csrf: str = ""
    session: str = ""
    must_change: bool = False
    client: str = ""

    @property
    def actor(self) -> Actor:
        """Who the audit trail names."""
        return Actor(self.name, self.role, self.client)


WRONG = "用户名、口令或动态口令不对；连续输错会暂时锁定账号。"
LOST = (
    "动态口令的密钥打不开了：服务器的密钥文件（secret）丢失或换过。请系统管理员重置您的口令，登录后重新启用动态口令。"
)


class SignInResult(msgspec.Struct, frozen=True):
    """What came of signing in: the key of a new session, or what to tell who wants in."""

    key: str = ""
    trouble: str = ""


class Signing:
    """Signs users in and out, and tells whose session a browser holds."""

    def __init__(
        self, settings: Settings, passwords: Passwords, trail: Trail, sealer: Sealer, external: External | None = None
    ) -> None:
        self._settings = settings
        self._passwords = passwords
        self._trail = trail
        self._sealer = sealer
        self._external = external

    def sign_in(self, session: Session, name: str, password: str, code: str, client: str) -> SignInResult:
        """A new session's key, or why not: name, password or one-time code are wrong, or the user is locked out.

        Whatever key the browser had before is of no use: keys are only ever made here.
        """
        now = self._settings.clock()
        user = session.scalars(select(User).where(User.name == name).with_for_update(of=User)).first()
        actor = Actor(name, user.role if user else "public", client)
        locked = user is not None and user.locked_until > moment(now)
        right = self._right(user, name, password)
        lost = False
        try:
            step = self._step(user, code, now)
        except UnsealedError:
            step, lost = 0, True
        if user is None or not user.active or locked or not right or not step:
            if user is not None and not locked:
                self._count_failure(user)
            after = {"locked": locked, "lost": lost}
            self._trail.append(session, actor, "sign_in.refused", f"user:{name}", after=after)
            # Only who knows the password is told more.
            return SignInResult(trouble=LOST if lost and right and not locked else WRONG)
        if user.totp_secret:
            user.totp_last = step
        return SignInResult(self.begin(session, user, actor))

    def begin(self, session: Session, user: User, actor: Actor) -> str:
        """A new session of a user who has shown who they are, and its key."""
        now = self._settings.clock()
        user.failures, user.locked_until = 0, ""
        self._forget_expired(session)
        key = secrets.token_urlsafe(32)
        row = SignedIn(key=key_digest(key), user_id=user.id, csrf=secrets.token_urlsafe(32), started=moment(now),
                       seen=moment(now), pending_totp="")
        session.add(row)
        self._trail.append(session, actor, "sign_in", f"user:{user.name}")
        return key

    def _step(self, user: User | None, code: str, now: datetime) -> int:
        """The time step of the code, 1 where none is asked for, 0 where it is wrong. Raises UnsealedError."""
        if user is None or not user.totp_secret:
            return 1
        return totp_step(self._sealer.open(user.totp_secret, totp_owner(user.id)), code, user.totp_last, now)

    def identity(self, session: Session, key: str, client: str) -> tuple[SignedInUser, bool]:
        """Whose session `key` is, and whether its time should be noted; the public where it is nobody's or expired."""
        row = session.get(SignedIn, key_digest(key)) if key else None
        if row is None or not row.user.active or self._expired(row):
            return SignedInUser(client=client), False
        user = row.user
        found = SignedInUser(
            user.name, user.full_name, user.role, user.id, user.organisation_id, user.organisation.name,
            user.organisation.path, row.csrf, row.key, user.must_change, client,
        )
        return found, row.seen < moment(self._settings.clock() - SEEN_EVERY)

    def note_seen(self, session: Session, identity: SignedInUser) -> None:
        """Notes that the session is in use."""
        row = session.get(SignedIn, identity.session)
        if row:
            row.seen = moment(self._settings.clock())

    def sign_out(self, session: Session, identity: SignedInUser) -> None:
        """Ends the session."""
        session.execute(delete(SignedIn).where(SignedIn.key == identity.session))
        self._trail.append(session, identity.actor, "sign_out", f"user:{identity.name}")

    def end_others(self, session: Session, user_id: int, keep: str = "") -> None:
        """Ends all sessions of a user but the one to keep: after a change of password or a switch-off."""
        session.execute(delete(SignedIn).where(SignedIn.user_id == user_id, SignedIn.key != keep))

    def _right(self, user: User | None, name: str, password: str) -> bool:
        answer = self._external(name, password) if self._external and user else None
        if answer is None:
            return self._passwords.right(user.password_hash if user else None, password)
        if answer and user:
            # The first password that was to be changed is not the one they use.
            user.must_change = False
        return answer

    def _count_failure(self, user: User) -> None:
        user.failures += 1
        if user.failures >= self._settings.failures_allowed:
            user.failures = 0
            user.locked_until = moment(self._settings.clock() + timedelta(seconds=self._settings.lock_time))

    def _expired(self, row: SignedIn) -> bool:
        now = self._settings.clock()
        idle = row.seen < moment(now - timedelta(seconds=self._settings.session_idle))
        return idle or row.started < moment(now - timedelta(seconds=self._settings.session_longest))

    def _forget_expired(self, session: Session) -> None:
        oldest = moment(self._settings.clock() - timedelta(seconds=self._settings.session_longest))
        session.execute(delete(SignedIn).where(SignedIn.started < oldest))


def before_token(secret: bytes, cookie: str) -> str:
    """The hidden field that belongs to the cookie of a browser which has not signed in."""
    return hmac.new(secret, cookie.encode(), hashlib.sha256).hexdigest()
