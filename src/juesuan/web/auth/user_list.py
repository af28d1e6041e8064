"""Users as a list: taken in as a whole or not at all, and given out in the same form."""

from __future__ import annotations

import io
from collections.abc import Iterable

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from juesuan.account import CsvWriter
from juesuan.web.auth.lists import demand_no_mistakes, list_rows
from juesuan.web.auth.users import NAME, change_user, new_user, roles
from juesuan.web.infra.audit import Actor, Trail
from juesuan.web.infra.models import Organisation, User

HEADINGS = ("用户名", "姓名", "角色", "机构代码")


class TakenUsers(msgspec.Struct, frozen=True):
    """What came of a list: the new users, who need an invitation, and how many others changed."""

    added: tuple[User, ...]
    changed: int


def import_users(session: Session, trail: Trail, actor: Actor, data: bytes) -> TakenUsers:
    """Takes the list `data` (用户名,姓名,角色,机构代码): users that are not there are added, the others changed.

    All lines are taken or none; users that are not in the list stay. Raises BadListError.
    """
    places = {place.code: place for place in session.scalars(select(Organisation))}
    known = {user.name: user for user in session.scalars(select(User))}
    by_title = {title: key for key, title in roles().items()}
    mistakes: list[str] = []
    seen: set[str] = set()
    rows: list[tuple[str, str, str, Organisation]] = []
    for number, (name, full_name, title, code) in list_rows(data, HEADINGS):
        role, place = by_title.get(title, ""), places.get(code)
        wrong = _wrong(name, full_name, seen)
        if not wrong and not role:
            wrong = f"没有“{title}”这种角色，应为 {'、'.join(by_title)}"
        if not wrong and place is None:
            wrong = f"没有代码为“{code}”的机构"
        if not wrong and name == actor.name and known[name].role != role:
            wrong = "不能改自己的角色"
        if wrong or place is None:
            mistakes.append(f"第{number}行：{wrong}。")
        else:
            rows.append((name, full_name, role, place))
        seen.add(name)
    demand_no_mistakes(mistakes)
    added, changed = [], 0
    for name, full_name, role, place in rows:
        if name in known:
            changed += change_user(session, trail, actor, known[name], full_name, role, place)
        else:
            added.append(new_user(session, trail, actor, name, full_name, role, place))
    return TakenUsers(tuple(added), changed)


def _wrong(name: str, full_name: str, seen: set[str]) -> str:
    if not NAME.fullmatch(name):
        return f"用户名“{name}”应为 2 至 60 位的字母、数字、_ . @ -"
    if not full_name or len(full_name) > 100:
        return "姓名不能空着，也不能太长"
    return f"用户名 {name} 已经出现过" if name in seen else ""


def written(users: Iterable[User]) -> bytes:
    """The users in the form that import_users takes, with a byte order mark for Excel."""
    text = io.StringIO(newline="")
    writer = CsvWriter(text, "\r\n")
    writer.line(HEADINGS)
    titles = roles()
    writer.lines([user.name, user.full_name, titles[user.role], user.organisation.code] for user in users)
    return text.getvalue().encode("utf-8-sig")
