"""The audit trail (审计日志): who did what and when, with before and after, each entry chained to the one before."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from juesuan.web.infra.models import AuditEntry, moment
from juesuan.web.infra.sealing import sm3

START = "0" * 64
"""What the first entry is chained to."""

_FIELDS = ("id", "moment", "actor", "role", "client", "action", "subject", "before", "after", "previous")

_log = logging.getLogger("juesuan.audit")


class Actor(msgspec.Struct, frozen=True):
    """Who acts: name, role, and the address they come from."""

    name: str
    role: str
    client: str = ""


SYSTEM = Actor("system", "system")
"""The program itself: jobs, commands on the server."""


class TrailVerdict(msgspec.Struct, frozen=True):
    """What verifying the trail came to: so many entries, the digest of the last, and what is wrong (empty: nothing)."""

    entries: int
    head: str
    fault: str = ""


class Trail:
    """Appends to the audit trail, within the transaction of what it records.

    That transaction must be one of Database.writing(), which come one after another: so does each entry.
    """

    def __init__(self, clock: Callable[[], datetime], *, national: bool = False) -> None:
        self._clock = clock
        self._digest = sm3_of if national else digest_of

    def append(
        self, session: Session, actor: Actor, action: str, subject: str, *, before: Any = None, after: Any = None
    ) -> AuditEntry:
        """Records that `actor` did `action` to `subject`; `before` and `after` are JSON-like."""
        last = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).first()
        entry = AuditEntry(
            id=last.id + 1 if last else 1,
            moment=moment(self._clock()),
            actor=actor.name[:60],
            role=actor.role,
            client=actor.client[:64],
            action=action,
            subject=subject[:200],
            before=_written(before),
            after=_written(after),
            previous=last.digest if last else START,
        )
        entry.digest = self._digest(entry)
        session.add(entry)
        session.flush()
        if KEPT not in session.info:
            session.info[KEPT] = []
            event.listen(session, "after_commit", _log_kept)
        session.info[KEPT].append(
            {"entry": entry.id, "action": action, "subject": subject, "head": entry.digest}
        )
        return entry


KEPT = "audit"
"""Where a session holds what it is to log."""


def _log_kept(session: Session) -> None:
    """Logs what was recorded, now that it is: a head of work that failed would look as if the trail had been cut."""
    for fields in session.info.pop(KEPT, ()):
        _log.info("audit", extra={"fields": fields})


def digest_of(entry: AuditEntry) -> str:
    """SHA-256 over all fields of `entry` and, through `previous`, over all entries before it."""
    return hashlib.sha256(_all_of(entry)).hexdigest()


def sm3_of(entry: AuditEntry) -> str:
    """SM3 over the same: what entries are chained by while the national algorithms are asked for."""
    return sm3(_all_of(entry))


def _all_of(entry: AuditEntry) -> bytes:
    return json.dumps([getattr(entry, name) for name in _FIELDS], ensure_ascii=False).encode()


def verify(session: Session, head: str = "") -> TrailVerdict:
    """Whether every entry is as it was written and none is missing; `head` must be one of the digests where given.

    Entries cut off at the end leave a chain that is sound in itself: they are found by a `head` that was noted before.
    """
    previous, number, seen = START, 0, not head
    for entry in _entries(session):
        number += 1
        if entry.id != number:
            return TrailVerdict(number - 1, previous, f"第 {number} 条缺失：其后是第 {entry.id} 条。")
        if entry.previous != previous:
            return TrailVerdict(number - 1, previous, f"第 {number} 条与前一条不衔接。")
        if entry.digest not in (digest_of(entry), sm3_of(entry)):
            return TrailVerdict(number - 1, previous, f"第 {number} 条内容被改动。")
        previous = entry.digest
        seen = seen or previous == head
    fault = "" if seen else f"没有找到先前记下的 {head[:12]}…：末尾的记录被截去，或整条链被重写。"
    return TrailVerdict(number, previous, fault)


def _entries(session: Session) -> Iterator[AuditEntry]:
    yield from session.scalars(select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000))


def _written(value: Any) -> str:
    return "" if value is None else json.dumps(value, ensure_ascii=False, sort_keys=True)
