"""Readers see one state, writers come one after another, on either database."""

from __future__ import annotations

import threading

from sqlalchemy import func, select

from juesuan.web.infra.audit import SYSTEM, verify
from juesuan.web.infra.models import AuditEntry, Organisation

from .conftest import City


def _count(session) -> int:
    return session.scalar(select(func.count(AuditEntry.id)))


def test_a_reader_sees_the_state_it_began_with(city: City):
    with city.site.database.reading() as reader:
        before = _count(reader)
        with city.site.database.writing() as writer:
            city.site.trail.append(writer, SYSTEM, "test", "one")
        assert _count(reader) == before, "still what it was when the reader began"
    with city.site.database.reading() as reader:
        assert _count(reader) == before + 1


def test_a_writer_waits_until_the_one_before_is_done(city: City):
    begun, ended = threading.Event(), threading.Event()

    def second() -> None:
        begun.set()
        with city.site.database.writing() as session:
            session.scalars(select(Organisation)).all()
            ended.set()

    with city.site.database.writing() as session:
        thread = threading.Thread(target=second)
        session.scalars(select(Organisation)).all()
        thread.start()
        begun.wait(10)
        assert not ended.wait(0.5)
    thread.join(10)
    assert ended.is_set()


def test_many_who_write_at_once_neither_stand_in_a_ring_nor_break_the_trail(city: City):
    """Each takes the rows in another order, as the steps of the desk and the import of the organisations do."""
    troubles: list[str] = []

    def work(turn: int) -> None:
        codes = ["201", "202", "301"]
        codes = codes[turn % 3:] + codes[:turn % 3]
        for _ in range(10):
            try:
                with city.site.database.writing() as session:
                    for code in codes:
                        query = select(Organisation).where(Organisation.code == code).with_for_update(of=Organisation)
                        session.scalars(query).one().name = f"单位{code}"
                        city.site.trail.append(session, SYSTEM, "test", code)
            except Exception as error:
                troubles.append(repr(error))

    with city.site.database.reading() as session:
        before = _count(session)
    threads = [threading.Thread(target=work, args=(turn,)) for turn in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    with city.site.database.reading() as session:
        verdict = verify(session)
    assert verdict.fault == "" and verdict.entries == before + 6 * 10 * 3
