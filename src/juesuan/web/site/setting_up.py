"""The first setting up of a server (第一次设置): what is done and what is next."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from juesuan.web.infra.models import Filing, Organisation, Season, User

NEEDED = {
    "bureau": ("bureau_reviewer",), "department": ("department", "unit_editor", "unit_approver"),
    "unit": ("unit_editor", "unit_approver"),
}
"""The roles that somebody must have in each kind of organisation, or no filing of it comes to its end."""


class SetupStep(msgspec.Struct, frozen=True):
    """A step: what it is called, the page where it is done, how many there are already."""

    title: str
    route: str
    count: int

    @property
    def done(self) -> bool:
        """Whether there is something of it."""
        return self.count > 0


def setup_steps(session: Session) -> list[SetupStep]:
    """The steps in their order: organisations, their users, a year that is open, filings."""

    def count(table: type, *conditions: ColumnElement[bool]) -> int:
        return session.scalar(select(func.count()).select_from(table).where(*conditions)) or 0

    return [
        SetupStep("机构", "organisations", count(Organisation, Organisation.kind != "bureau")),
        SetupStep("用户", "users", count(User, User.role.in_(("unit_editor", "unit_approver")))),
        SetupStep("年度", "seasons", count(Season)),
        SetupStep("开始填报", "setup", count(Filing)),
    ]


def without_people(
    session: Session, needed: Mapping[str, tuple[str, ...]] = NEEDED
) -> list[tuple[Organisation, tuple[str, ...]]]:
    """The organisations in which nobody active has a role that is `needed` in its kind, with these roles."""
    query = select(User.organisation_id, User.role).where(User.active).distinct()
    there = {(place, role) for place, role in session.execute(query)}
    found = []
    for row in session.scalars(select(Organisation).order_by(Organisation.code)):
        lacking = tuple(role for role in needed.get(row.kind, ()) if (row.id, role) not in there)
        if lacking:
            found.append((row, lacking))
    return found
