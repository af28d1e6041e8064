"""A data folder in use is brought to this program's version: nobody signed out, no row lost, or left as it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pyotp
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from click.testing import CliRunner
from sqlalchemy import Connection, MetaData, select, text

from juesuan.account import Issue
from juesuan.cli import main
from juesuan.compiler.editor import PlacedIssue
from juesuan.web import create_application
from juesuan.web.auth.sessions import COOKIE
from juesuan.web.infra.database import Database
from juesuan.web.infra.models import Publication, SearchPassage, Season
from juesuan.web.infra.sealing import Sealer, totp_owner
from juesuan.web.infra.settings import Settings
from juesuan.web.migration import UpgradeError, _config, migrate, version
from juesuan.web.publication.build import BuiltContents, SearchEntry
from juesuan.web.publication.publications import settle_budgets
from juesuan.web.site.site import stored_secret

from .client import Client
from .conftest import ONE_ENGINE, Clock, NewDatabase, cheap_settings

REVISIONS = sorted(script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions())

SECRET = pyotp.random_base32()
NOW = "2026-06-01T08:00:00.000000Z"

BROWSERS = ("first", "second")
"""What the browsers of the two who are signed in hold."""

KEYS = [hashlib.sha256(name.encode()).hexdigest() for name in BROWSERS]

IN_USE: dict[str, list[dict[str, Any]]] = {
    "organisation": [
        {"id": 1, "parent_id": None, "code": "100", "name": "测试市财政局", "kind": "财政部门", "path": "/1/"},
        {"id": 2, "parent_id": 1, "code": "200", "name": "测试市教育局", "kind": "主管部门", "path": "/1/2/"},
    ],
    "user_account": [
        {"id": 1, "name": "editor", "full_name": "甲", "role": "unit_editor", "organisation_id": 2,
         "password_hash": "x", "must_change": False, "active": True, "failures": 0, "locked_until": "",
         "totp_secret": SECRET, "totp_last": 5},
        {"id": 2, "name": "manager", "full_name": "乙", "role": "bureau_admin", "organisation_id": 1,
         "password_hash": "y", "must_change": True, "active": True, "failures": 1, "locked_until": "",
         "totp_secret": "", "totp_last": 0},
    ],
    "signed_in": [
        {"key": KEYS[0], "user_id": 1, "csrf": "c", "started": NOW, "seen": NOW, "pending_totp": ""},
        {"key": KEYS[1], "user_id": 2, "csrf": "d", "started": NOW, "seen": NOW, "pending_totp": "SHOWN"},
    ],
    "invitation": [{"key": "a" * 64, "user_id": 2, "created": NOW, "expires": NOW}],
    "audit_entry": [
        {"id": 1, "moment": NOW, "actor": "editor", "role": "unit_editor", "client": "10.0.0.1", "action": "sign_in",
         "subject": "", "before": "", "after": "", "previous": "", "digest": "e" * 64},
    ],
    "job": [
        {"id": number, "kind": "check", "payload": "{}", "state": state, "attempts": 1, "lease": "", "created": NOW,
         "finished": "", "trouble": ""}
        for number, state in enumerate(("waiting", "running", "done", "failed"), 1)
    ],
    "document": [
        {"id": 1, "organisation_id": 2, "name": "甲.pdf", "digest": "f" * 64, "kind": ".pdf", "uploader": "editor",
         "created": NOW, "state": "read", "trouble": "", "unit": "甲", "year": 2024, "errors": 1, "warnings": 0,
         "notices": 0, "due": "", "reason": "", "decided_by": "", "version": 1},
    ],
    "waiver": [
        {"id": 1, "organisation_id": 2, "year": 2024, "fingerprint": "0" * 32, "reason": "尾差", "author": "manager",
         "created": NOW},
    ],
    "publication": [
        {"id": 1, "organisation_id": 2, "year": 2023, "version": 1, "state": "published", "current": True,
         "kind": "account", "profile": "national", "title": "甲决算", "unit": "甲", "nature": "行政单位",
         "digest": "1" * 64, "original": "", "note": "", "files": "[]", "asked": NOW, "published": NOW,
         "publisher": "manager", "trouble": ""},
    ],
    "published_fact": [
        {"id": 1, "publication_id": 1, "form": "表1", "period": "", "row": "27行", "row_name": "本年收入合计",
         "column": "1栏", "column_name": "决算数", "value": "1.00", "measure": "元", "resolution": "0"},
    ],
    "published_indicator": [{"id": 1, "publication_id": 1, "key": "收入", "value": "1.00"}],
    "published_form": [
        {"id": 1, "publication_id": 1, "kind": "整体", "title": "自评表", "scheme": "national", "budget": "1",
         "outlay": "1", "score": "99", "indicators": "[]"},
    ],
    "season": [{"id": 1, "year": 2024, "profile": "national", "approved": "", "creator": "manager", "created": NOW}],
    "filing": [
        {"id": 1, "organisation_id": 2, "season_id": 1, "state": "drafting", "revision": 3, "content": "{}",
         "attachments": "{}", "account": "", "findings": "[]", "errors": 0, "warnings": 0, "reason": "",
         "correction": "", "updated": NOW, "updated_by": "editor"},
    ],
    "filing_step": [
        {"id": 1, "filing_id": 1, "step": "send", "actor": "editor", "role": "unit_editor", "reason": "",
         "moment": NOW},
    ],
}
"""A bureau at work: two people signed in, jobs, a document, a publication, a filing."""

LATER: dict[str, dict[str, Any]] = {
    "document": {"disclosure": ""}, "season": {"checks": "", "kind": "决算"}, "publication": {"kind": "决算"},
    "waiver": {"kind": "决算"},
}
"""Columns that came later or are read otherwise, and what they hold of rows that were there before."""


@pytest.fixture
def settings(tmp_path: Path, clock: Clock, new_database: NewDatabase) -> Settings:
    """Settings on a database without tables."""
    return cheap_settings(tmp_path / "data", clock, new_database())


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    made = Database(settings)
    yield made
    made.close()


def _begin(database: Database, revision: str) -> None:
    """An older program's database, in use."""
    config = _config()
    with database.engine.begin() as connection:
        config.attributes |= {"connection": connection, "sealer": Sealer(b"older")}
        command.upgrade(config, revision)
        known = MetaData()
        known.reflect(connection)
        for name, rows in IN_USE.items():
            if name in known.tables:
                connection.execute(known.tables[name].insert(), rows)


_ORDER = {"signed_in": "user_id", "invitation": "key"}


def _rows(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """All rows of the tables that are filled above."""
    known = MetaData()
    known.reflect(connection)
    return {
        name: [dict(row) for row in connection.execute(select(table).order_by(_ORDER.get(name, "id"))).mappings()]
        for name, table in sorted(known.tables.items())
        if name in IN_USE
    }


@pytest.mark.parametrize("revision", REVISIONS)
def test_a_folder_in_use_is_upgraded_with_all_that_is_in_it(database: Database, settings: Settings, revision: str):
    _begin(database, revision)
    sealer = Sealer(stored_secret(settings.data / "secret").encode())
    migrate(database, sealer)
    with database.engine.begin() as connection:
        after = _rows(connection)
        assert version(connection) == REVISIONS[-1]
        if database.embedded:
            assert connection.execute(text("PRAGMA foreign_keys")).scalar() == 1
            assert connection.execute(text("PRAGMA foreign_key_check")).all() == []
    before = {name: [row | LATER.get(name, {}) for row in rows] for name, rows in IN_USE.items() if after[name]}
    assert {"signed_in", "user_account", "job"} <= before.keys()
    if revision >= "0013":
        before["publication"] = IN_USE["publication"]
    if revision < "0005":
        kept = after["user_account"][0]["totp_secret"]
        assert sealer.open(kept, totp_owner(1)) == SECRET
        before["user_account"][0]["totp_secret"] = kept
        before["signed_in"][1]["pending_totp"] = ""
    assert {name: [{key: row[key] for key in before[name][0]} for row in rows] for name, rows in after.items() if rows
            } == before
    for row in after.get("filing", ()):
        assert (row["explanations"], row["missing"], row["unexplained"]) == ("{}", 0, 0)


def test_what_checking_found_is_kept_as_issues(database: Database, settings: Settings):
    _begin(database, "0005")
    old = [{"level": "error", "code": "T101", "title": "合计", "message": "不符", "why": "应相等", "basis": "表式",
            "equation": "27行 = 1行"}]
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE filing SET findings = :old"), {"old": json.dumps(old)})
    migrate(database, Sealer(stored_secret(settings.data / "secret").encode()))
    with database.engine.begin() as connection:
        kept = connection.execute(text("SELECT findings FROM filing")).scalar_one()
    assert msgspec.json.decode(kept, type=list[PlacedIssue]) == [
        PlacedIssue(Issue("T101", "error", "不符", equation="27行 = 1行", basis="表式")),
    ]


def test_who_is_signed_in_stays_so(settings: Settings, database: Database):
    _begin(database, "0004")
    browser = Client(create_application(settings), cookies={COOKIE: BROWSERS[0]})
    assert browser.get("/account").status_code == 200
    assert Client(browser.app).get("/account").status_code == 303
    browser.app.state.site.database.close()


class _Broken(Sealer):
    """A sealer that fails in the middle of the last change."""

    def seal(self, text: str, owner: str) -> str:
        raise RuntimeError("half way")


@pytest.mark.parametrize("revision", ["0001", "0004"])
def test_an_upgrade_that_fails_leaves_everything_as_it_was(database: Database, revision: str):
    _begin(database, revision)
    with database.engine.begin() as connection:
        before = _rows(connection)
    with pytest.raises(UpgradeError) as failure:
        migrate(database, _Broken(b"x"))
    assert f"从版本 {revision} 升级到 {REVISIONS[-1]} 没有成功，原来的数据没有改动" in str(failure.value)
    assert "RuntimeError：half way" in str(failure.value)
    with database.engine.begin() as connection:
        assert version(connection) == revision
        assert _rows(connection) == before
    migrate(database, Sealer(b"x"))
    with database.engine.begin() as connection:
        assert version(connection) == REVISIONS[-1], "and the next start finishes it"


@ONE_ENGINE
def test_a_reference_that_an_upgrade_would_break_stops_it(database: Database):
    """SQLite does not watch references while tables are made anew: they are looked at before anything is kept."""
    _begin(database, "0004")
    with database.engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("DELETE FROM user_account WHERE id = 2")
        connection.invalidate()
    with pytest.raises(UpgradeError, match="signed_in"):
        migrate(database, Sealer(b"x"))
    with database.engine.connect() as connection:
        assert version(connection) == "0004"


def test_a_command_says_in_a_sentence_that_an_upgrade_failed(
    database: Database, settings: Settings, monkeypatch: pytest.MonkeyPatch
):
    _begin(database, "0004")
    monkeypatch.setattr("juesuan.web.infra.sealing.Sealer.seal", _Broken.seal)
    command = ["user", "reset", "editor", "--data", str(settings.data), "--database", settings.database]
    answer = CliRunner().invoke(main, command)
    assert answer.exit_code == 2
    assert "没有成功，原来的数据没有改动" in answer.output and "Traceback" not in answer.stdout


def test_a_budget_that_shared_its_numbers_with_the_account_stands_beside_it(
    database: Database, settings: Settings, clock: Clock
):
    """Earlier programs counted what a unit published of a year together: a budget, then the account that replaced it.
    """
    _begin(database, "0012")
    mixed = {"organisation_id": 2, "year": 2022, "state": "published", "kind": "account", "title": "", "unit": "甲",
             "nature": "", "original": "", "note": "", "asked": NOW, "published": NOW, "publisher": "manager",
             "trouble": "", "files": "[]"}
    rows = [
        mixed | {"id": 11, "version": 1, "current": False, "profile": "budget-unit", "digest": _made(settings, 1)},
        mixed | {"id": 12, "version": 2, "current": True, "profile": "national", "digest": _made(settings, 2)},
        mixed | {"id": 13, "version": 3, "current": False, "state": "failed", "profile": "national", "digest": ""},
    ]
    seasons = [{"id": 2, "year": 2025, "profile": "budget", "approved": "", "creator": "manager", "created": NOW,
                "checks": "保密审查"}]
    with database.engine.begin() as connection:
        known = MetaData()
        known.reflect(connection)
        connection.execute(known.tables["publication"].insert(), rows)
        connection.execute(known.tables["season"].insert(), seasons)
    client = Client(create_application(settings))
    site = client.app.state.site
    settle_budgets(site)
    settle_budgets(site)
    with site.database.reading() as session:
        found = session.scalars(select(Publication).where(Publication.year == 2022).order_by(Publication.id)).all()
        assert [(row.kind, row.version, row.current) for row in found] == [
            ("预算", 1, True), ("决算", 2, True), ("决算", 3, False),
        ]
        assert [(row.kind, row.checks) for row in session.scalars(select(Season).where(Season.year == 2025))] == [
            ("预算", "保密审查")
        ]
        texts = set(session.scalars(select(SearchPassage.text).where(SearchPassage.publication_id == 11)))
    assert texts == {"第1版"}, "what was forgotten is entered again"
    for address in ("/units/200/2022/budget", "/units/200/2022/budget/v1", "/units/200/2022/v1"):
        assert "页1" in client.get(address).text, "the old permanent address leads to it too"
    for address in ("/units/200/2022", "/units/200/2022/v2"):
        assert "页2" in client.get(address).text
    site.database.close()


def test_what_was_accepted_in_a_budget_and_an_account_stays_so_in_both(database: Database, settings: Settings):
    """Earlier programs had one list for a unit and year: no finding that a reviewer accepted is open again."""
    _begin(database, "0013")
    document = IN_USE["document"][0]
    there = ((2022, "预算"), (2023, "预算"), (2023, "决算"), (2025, "其他"))
    with database.engine.begin() as connection:
        known = MetaData()
        known.reflect(connection)
        connection.execute(known.tables["document"].insert(), [
            document | {"id": 10 + number, "year": year, "disclosure": disclosure}
            for number, (year, disclosure) in enumerate(there)
        ])
        connection.execute(known.tables["waiver"].delete())
        connection.execute(known.tables["waiver"].insert(), [
            {"organisation_id": 2, "year": year, "fingerprint": "0" * 32, "reason": "尾差", "author": "manager",
             "created": NOW}
            for year in (2021, 2022, 2023, 2025)
        ])
    migrate(database, Sealer(stored_secret(settings.data / "secret").encode()))
    with database.engine.begin() as connection:
        rows = connection.execute(text("SELECT year, kind, reason FROM waiver ORDER BY year, id")).all()
    kept = [(2021, "决算"), (2022, "预算"), (2023, "决算"), (2023, "预算"), (2025, "决算")]
    assert [tuple(row) for row in rows] == [(*each, "尾差") for each in kept]


def _made(settings: Settings, version: int) -> str:
    """Puts a version where earlier programs put it, and gives its account's digest."""
    folder = settings.files / "publications" / "2" / "2022" / str(version)
    folder.mkdir(parents=True)
    (folder / "page.html").write_text(f"<p>页{version}</p>", encoding="utf-8")
    digest = str(version) * 64
    piece = SearchEntry(1, "", "", f"第{version}版")
    (folder / "contents.json").write_bytes(msgspec.json.encode(BuiltContents(digest, (), (piece,), (), {}, ())))
    return digest
