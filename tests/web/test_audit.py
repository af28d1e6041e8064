"""The audit trail: chained, append-only, and every kind of tampering found."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from juesuan.web.infra.audit import TrailVerdict, verify
from juesuan.web.infra.models import AuditEntry, Document

from .conftest import City
from .filling import begin, open_season

ALLOW = {
    "sqlite": ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"),
    "postgresql": ("ALTER TABLE audit_entry DISABLE TRIGGER ALL",),
}


def _verdict(city: City, head: str = "") -> TrailVerdict:
    with city.site.database.reading() as session:
        return verify(session, head)


def _actions(city: City) -> list[str]:
    with city.site.database.reading() as session:
        return list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))


def _tamper(city: City, *statements: str) -> None:
    """As one does who owns the database itself."""
    with city.site.database.engine.begin() as database:
        for statement in (*ALLOW[database.dialect.name], *statements):
            database.execute(text(statement))


def test_the_trail_of_a_city_that_was_set_up_holds(city: City):
    verdict = _verdict(city)
    assert verdict.fault == "" and verdict.entries == 6 + 8, "six organisations and eight users"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET after = 'x' WHERE id = 4",
        "UPDATE audit_entry SET moment = '2020-01-01T00:00:00.000000Z' WHERE id = 4",
        "UPDATE audit_entry SET actor = 'somebody' WHERE id = 1",
        "DELETE FROM audit_entry WHERE id = 4",
        "DELETE FROM audit_entry WHERE id = 1",
        "UPDATE audit_entry SET digest = 'x' WHERE id = 14",
    ],
)
def test_a_line_that_was_changed_or_taken_out_is_found(city: City, statement: str):
    _tamper(city, statement)
    assert _verdict(city).fault


def test_lines_cut_off_at_the_end_are_found_by_a_head_noted_before(city: City):
    head = _verdict(city).head
    _tamper(city, "DELETE FROM audit_entry WHERE id = 14")
    assert _verdict(city).fault == ""
    assert "截去" in _verdict(city, head).fault


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET after = ''", "DELETE FROM audit_entry"])
def test_the_database_itself_refuses_changes(city: City, statement: str):
    with pytest.raises(DBAPIError, match="append-only"), city.site.database.engine.begin() as database:
        database.execute(text(statement))


def test_who_did_what_is_recorded_with_before_and_after(city: City):
    manager = city.browser("manager")
    renamed = "代码,名称,类型,上级代码\n201,测试市实验中学,预算单位,200\n"
    manager.post("/organisations", files={"file": ("list.csv", renamed.encode())})
    page = city.browser("inspector").get("/audit").text
    line = next(row for row in page.split("<tr>") if "organisation.change" in row)
    assert "manager" in line and "测试市第一中学" in line and "测试市实验中学" in line


def test_what_fails_leaves_no_trace_of_half_its_work(city: City):
    before = _verdict(city).entries
    manager = city.browser("manager")
    entries = _verdict(city).entries
    assert entries == before + 1, "the sign-in"
    bad = "代码,名称,类型,上级代码\n901,甲单位,预算单位,100\n902,乙单位,预算单位,999\n"
    assert manager.post("/organisations", files={"file": ("list.csv", bad.encode())}).status_code == 400
    assert _verdict(city).entries == entries
    assert "甲单位" not in manager.get("/organisations").text


def test_a_page_that_asks_by_itself_shows_nothing_that_would_have_to_be_recorded(city: City):
    open_season(city)
    browser, address = begin(city)
    seen = _actions(city)
    answer = browser.client.get(address, headers={"hx-request": "true"})
    assert answer.status_code == 200 and "<form" not in answer.text and "SHA-256" not in answer.text
    assert _actions(city) == seen
    browser.get(address)
    assert _actions(city) == [*seen, "filing.view"]


def test_a_page_that_waits_for_its_file_to_be_read_records_nothing_until_then(city: City):
    browser = city.browser("reviewer")
    browser.get("/documents")
    browser.post("/documents", files={"files": ("公开.pdf", b"%PDF-1.7 not one")})
    seen = _actions(city)
    answer = browser.client.get("/documents/1", headers={"hx-request": "true"})
    assert "正在读取和核对" in answer.text and _actions(city) == seen
    with city.site.database.writing() as session:
        session.get_one(Document, 1).state = "unreadable"
    browser.client.get("/documents/1", headers={"hx-request": "true"})
    assert _actions(city) == [*seen, "document.view"], "what the page now shows somebody sees"
