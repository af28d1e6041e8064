"""Users: added, switched off, given a new first password; what a role needs to be."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from juesuan.account import JuesuanError
from juesuan.web.auth.passwords import Passwords, demand_strength, first_password
from juesuan.web.auth.rights import load_rights
from juesuan.web.infra.audit import Actor, Trail
from juesuan.web.infra.models import Invitation, Organisation, User

NAME = re.compile(r"[A-Za-z0-9_.@-]{2,60}")
MACHINES = ("public", "monitor", "personal")
"""Roles that nobody is given: those of no person, and that of the owner of a personal desk."""


class UserError(JuesuanError, ValueError):
    """A user cannot be made or changed as asked; the message says why."""


def roles() -> dict[str, str]:
    """The roles that a person can have, with their names."""
    return {key: name for key, name in load_rights().roles.items() if key not in MACHINES}


def full_names(session: Session, names: Iterable[str]) -> dict[str, str]:
    """The names that people go by, by those they sign in with; one that is nobody's any more stands for itself."""
    wanted = {name for name in names if name}
    query = select(User.name, User.full_name).where(User.name.in_(wanted))
    return {name: name for name in wanted} | {row[0]: row[1] for row in session.execute(query)}


def add_user(
    session: Session, trail: Trail, passwords: Passwords, actor: Actor, *, name: str, full_name: str, role: str,
    organisation: str, password: str = "",
) -> str:
    """Adds a user to the organisation with the code `organisation`, and gives the first password. Raises UserError."""
    if not NAME.fullmatch(name):
        raise UserError("用户名应为 2 至 60 位的字母、数字、_ . @ -。")
    _demand_role(role)
    home = organisation_of(session, organisation)
    if session.scalar(select(User.id).where(User.name == name)) is not None:
        raise UserError(f"用户“{name}”已经存在。")
    if password:
        demand_strength(password, name)
    first = password or first_password()
    user = new_user(session, trail, actor, name, full_name, role, home)
    user.password_hash, user.must_change = passwords.hashed(first), not password
    return first


def new_user(
    session: Session, trail: Trail, actor: Actor, name: str, full_name: str, role: str, home: Organisation
) -> User:
    """A user without a password, who cannot sign in before one is set. The caller has seen that all values do."""
    user = User(name=name, full_name=full_name[:100] or name, role=role, organisation=home, password_hash="",
                must_change=True, active=True, failures=0, locked_until="", totp_secret="", totp_last=0)
    session.add(user)
    session.flush()
    after = {"name": name, "full_name": user.full_name, "role": role, "organisation": home.code}
    trail.append(session, actor, "user.add", f"user:{name}", after=after)
    return user


def change_user(
    session: Session, trail: Trail, actor: Actor, user: User, full_name: str, role: str, home: Organisation
) -> bool:
    """Gives `user` another name, role or organisation; whether anything changed.

    The name to sign in with stays: the trail knows the user by it. Raises UserError.
    """
    if not full_name:
        raise UserError("姓名不能空着。")
    _demand_role(role)
    if user.name == actor.name and role != user.role:
        raise UserError("不能改自己的角色，请另一位系统管理员改。")
    before = {"full_name": user.full_name, "role": user.role, "organisation": user.organisation.code}
    after = {"full_name": full_name[:100], "role": role, "organisation": home.code}
    if after == before:
        return False
    user.full_name, user.role, user.organisation = full_name[:100], role, home
    session.flush()
    trail.append(session, actor, "user.change", f"user:{user.name}", before=before, after=after)
    return True


def organisation_of(session: Session, code: str) -> Organisation:
    """The organisation with `code`. Raises UserError."""
    home = session.scalars(select(Organisation).where(Organisation.code == code)).first()
    if home is None:
        raise UserError(f"没有代码为“{code}”的机构。")
    return home


def _demand_role(role: str) -> None:
    if role not in roles():
        raise UserError(f"没有“{role}”这种角色；可用：{'、'.join(roles())}")


def reset_password(session: Session, trail: Trail, passwords: Passwords, actor: Actor, user: User) -> str:
    """A new first password for `user`, whose lock and one-time codes are taken off."""
    first = first_password()
    user.password_hash, user.must_change = passwords.hashed(first), True
    user.failures, user.locked_until, user.totp_secret, user.totp_last = 0, "", "", 0
    session.execute(delete(Invitation).where(Invitation.user_id == user.id))
    trail.append(session, actor, "user.reset_password", f"user:{user.name}")
    return first


def switch_user(session: Session, trail: Trail, actor: Actor, user: User, active: bool) -> None:
    """Lets `user` sign in or not. Raises UserError for one's own account."""
    if user.name == actor.name:
        raise UserError("不能停用自己的账号。")
    before, user.active = {"active": user.active}, active
    trail.append(session, actor, "user.switch", f"user:{user.name}", before=before, after={"active": active})


def change_password(
    session: Session, trail: Trail, passwords: Passwords, actor: Actor, user: User, old: str, new: str
) -> None:
    """Sets a password that the user chose. Raises UserError and WeakPasswordError."""
    if not passwords.right(user.password_hash, old):
        raise UserError("原口令不对。")
    if old == new:
        raise UserError("新口令不能与原口令相同。")
    demand_strength(new, user.name)
    user.password_hash, user.must_change = passwords.hashed(new), False
    session.execute(delete(Invitation).where(Invitation.user_id == user.id))
    trail.append(session, actor, "user.change_password", f"user:{user.name}")
