"""The database: one transaction for each piece of work, writers one after another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from threading import Lock
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

from juesuan.account import JuesuanError
from juesuan.web.infra.settings import Settings

WRITING = 0x6A756573
"""The number of PostgreSQL's lock that a writer holds until its transaction ends."""


class BrokenReferenceError(JuesuanError):
    """Rows refer to rows that are not there."""


class Database:
    """SQLite with a write-ahead log, or PostgreSQL by its URL; both behave alike.

    Whoever reads sees one state of the database. Writers come one after another: every piece of work ends with an entry
    of the audit trail, which is chained to the one before, so that they would wait for one another in any case; and
    those who wait before they hold anything else cannot wait for each other in a ring.
    """

    def __init__(self, settings: Settings) -> None:
        self._url = url = settings.database_url
        self.embedded = url.startswith("sqlite")
        # Who waits for SQLite itself asks again and again, at longer and longer intervals, and is overtaken by others.
        self._turn: AbstractContextManager[Any] = Lock() if self.embedded else nullcontext()
        if self.embedded:
            settings.data.mkdir(parents=True, exist_ok=True)
            self._readers = _sqlite(url, "BEGIN")
            self._writers = _sqlite(url, "BEGIN IMMEDIATE")
        else:
            self._readers = create_engine(
                url, pool_pre_ping=True, pool_size=10, isolation_level="REPEATABLE READ",
                execution_options={"postgresql_readonly": True},
            )
            self._writers = create_engine(url, pool_pre_ping=True)

            @event.listens_for(self._writers, "begin")
            def wait(connection: Any) -> None:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({WRITING})")

    @property
    def engine(self) -> Engine:
        """The engine whose transactions write."""
        return self._writers

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one state of the database; nothing is kept."""
        with Session(self._readers, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session whose work is kept as a whole when the block ends, or not at all where it raises."""
        with self._turn, Session(self._writers, expire_on_commit=False) as session, session.begin():
            yield session

    @contextmanager
    def restructuring(self) -> Iterator[Connection]:
        """A connection that may replace tables which others refer to; its work is kept as a whole or not at all.

        SQLite changes a column by making the table anew, which its foreign keys forbid as soon as a row refers to it
        (https://sqlite.org/lang_altertable.html#otheralter): there references are checked at the end instead. Raises
        BrokenReferenceError.
        """
        if not self.embedded:
            with self._writers.begin() as connection:
                yield connection
            return
        engine = _sqlite(self._url, "BEGIN IMMEDIATE", references=False)
        try:
            with self._turn, engine.begin() as connection:
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise BrokenReferenceError(f"{len(broken)} rows, the first in {broken[0][0]}")
        finally:
            engine.dispose()

    def close(self) -> None:
        """Lets go of all connections."""
        self._readers.dispose()
        self._writers.dispose()


def _sqlite(url: str, begin: str, *, references: bool = True) -> Engine:
    engine = create_engine(url, connect_args={"timeout": 30})

    @event.listens_for(engine, "connect")
    def configure(connection: Any, _: Any) -> None:
        # Transactions are begun below, not by the driver, which would begin them late and without a lock.
        connection.isolation_level = None
        checked = f"foreign_keys={'ON' if references else 'OFF'}"
        for pragma in ("journal_mode=WAL", "synchronous=FULL", checked, "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def start(connection: Any) -> None:
        connection.exec_driver_sql(begin)

    return engine
