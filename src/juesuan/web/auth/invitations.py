"""Invitations (邀请): a one-time link by which a user chooses the password, so that nobody hands passwords round."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from juesuan.web.auth.passwords import Passwords, demand_strength
from juesuan.web.auth.users import UserError
from juesuan.web.infra.audit import Actor, Trail
from juesuan.web.infra.models import Invitation, User, moment
from juesuan.web.infra.sealing import key_digest

VALID = timedelta(days=7)
"""How long a link can be used."""

OVER = "这个邀请链接已经用过、过期或换了新的。已经设过口令的请直接登录；没有的请系统管理员重新发一个链接。"


def invite(session: Session, trail: Trail, actor: Actor, user: User, now: datetime) -> str:
    """A key with which `user` may set the password once; earlier ones are of no use any more. Only its digest is kept.

    The password that the user has, if any, holds until then.
    """
    session.execute(delete(Invitation).where(Invitation.user_id == user.id))
    key = secrets.token_urlsafe(32)
    until = moment(now + VALID)
    session.add(Invitation(key=key_digest(key), user_id=user.id, created=moment(now), expires=until))
    trail.append(session, actor, "user.invite", f"user:{user.name}", after={"until": until})
    return key


def invited(session: Session, key: str, now: datetime) -> User:
    """Whose invitation `key` is. Raises UserError for one that cannot be used."""
    row = session.get(Invitation, key_digest(key)) if key else None
    if row is None or row.expires < moment(now) or not row.user.active:
        raise UserError(OVER)
    return row.user


def accept(
    session: Session, trail: Trail, passwords: Passwords, key: str, new: str, client: str, now: datetime
) -> User:
    """Sets the password of whom `key` invites, which ends its use, and gives the user.

    Raises UserError and WeakPasswordError.
    """
    user = invited(session, key, now)
    demand_strength(new, user.name)
    user.password_hash, user.must_change = passwords.hashed(new), False
    user.failures, user.locked_until = 0, ""
    session.execute(delete(Invitation).where(Invitation.user_id == user.id))
    trail.append(session, Actor(user.name, user.role, client), "user.accept_invitation", f"user:{user.name}")
    return user
