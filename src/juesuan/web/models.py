"""The tables of the database. Moments are UTC in ISO 8601 to the microsecond, so that they sort as text."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

MOMENT = String(27)


def moment(value: datetime) -> str:
    """A moment as the tables hold it: 2026-11-23T08:00:00.000000Z."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Base(DeclarativeBase):
    """What all tables share."""


class Organisation(Base):
    """A bureau, a department (主管部门) or a unit (预算单位). `path` names all above it: /1/7/31/."""

    __tablename__ = "organisation"
    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    code: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(20))
    path: Mapped[str] = mapped_column(String(400), unique=True)


class User(Base):
    """A person who signs in."""

    __tablename__ = "user_account"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True)
    full_name: Mapped[str] = mapped_column(String(100))
    role: Mapped[str] = mapped_column(String(30))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    password_hash: Mapped[str] = mapped_column(String(200))
    must_change: Mapped[bool] = mapped_column(default=True)
    active: Mapped[bool] = mapped_column(default=True)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[str] = mapped_column(MOMENT, default="")
    totp_secret: Mapped[str] = mapped_column(String(64), default="")
    totp_last: Mapped[int] = mapped_column(default=0)
    """The time step of the last one-time code taken: no code is taken twice."""
    organisation: Mapped[Organisation] = relationship(lazy="joined")


class SignedIn(Base):
    """A session. `key` is the digest of what the browser holds: who reads this table cannot sign in with it."""

    __tablename__ = "signed_in"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    csrf: Mapped[str] = mapped_column(String(64))
    started: Mapped[str] = mapped_column(MOMENT)
    seen: Mapped[str] = mapped_column(MOMENT)
    pending_totp: Mapped[str] = mapped_column(String(64), default="")
    """A secret that is shown but not yet confirmed."""
    user: Mapped[User] = relationship(lazy="joined")


class AuditEntry(Base):
    """One line of the audit trail (审计日志): never changed, chained to the one before by its digest."""

    __tablename__ = "audit_entry"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    moment: Mapped[str] = mapped_column(MOMENT)
    actor: Mapped[str] = mapped_column(String(60))
    role: Mapped[str] = mapped_column(String(30))
    client: Mapped[str] = mapped_column(String(64))
    action: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(200))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64), unique=True)


class Job(Base):
    """A piece of long work in the queue: waiting, running, done or failed."""

    __tablename__ = "job"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    payload: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    lease: Mapped[str] = mapped_column(MOMENT, default="")
    """Until when its worker has it; another may take it afterwards."""
    created: Mapped[str] = mapped_column(MOMENT)
    finished: Mapped[str] = mapped_column(MOMENT, default="")
    trouble: Mapped[str] = mapped_column(Text, default="")

    __table_args__ = (Index("job_by_state", "state", "id"),)


class Document(Base):
    """A published file under review. `state`: waiting, read, unreadable, accepted or returned."""

    __tablename__ = "document"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(10))
    uploader: Mapped[str] = mapped_column(String(60))
    created: Mapped[str] = mapped_column(MOMENT)
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    trouble: Mapped[str] = mapped_column(Text, default="")
    unit: Mapped[str] = mapped_column(String(200), default="")
    year: Mapped[int] = mapped_column(default=0)
    errors: Mapped[int] = mapped_column(default=0)
    warnings: Mapped[int] = mapped_column(default=0)
    notices: Mapped[int] = mapped_column(default=0)
    due: Mapped[str] = mapped_column(String(10), default="")
    """The last day for publication (公开期限), ISO; empty where the day of approval is not known."""
    reason: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[str] = mapped_column(String(60), default="")
    version: Mapped[int] = mapped_column(default=1)
    """Counts the decisions: one made on a page that is out of date is refused."""
    organisation: Mapped[Organisation] = relationship(lazy="joined")

    __table_args__ = (Index("document_by_organisation", "organisation_id", "year"),)


class Waiver(Base):
    """A finding that a reviewer accepts with a reason (豁免), in every document of the unit and year."""

    __tablename__ = "waiver"
    id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    fingerprint: Mapped[str] = mapped_column(String(32))
    reason: Mapped[str] = mapped_column(Text)
    author: Mapped[str] = mapped_column(String(60))
    created: Mapped[str] = mapped_column(MOMENT)

    __table_args__ = (Index("waiver_of_finding", "organisation_id", "year", "fingerprint", unique=True),)
