"""A real server killed at random, and backed up while it is written to; `make campaign-web` is the large campaign."""

from __future__ import annotations

import re
import time
import urllib.request
from pathlib import Path

from click.testing import CliRunner

from fire.campaign import all_published, run
from fire.clients import Unit
from fire.inspection import inspect
from fire.server import Server, found_city
from juesuan.cli import main

from .conftest import ONE_ENGINE, NewDatabase


def test_what_was_acknowledged_outlives_kills_and_nothing_is_half_done(tmp_path: Path):
    outcome = run(tmp_path, "", sequences=2, units=2, seed=7, answers=(5, 40), kills=2)
    assert outcome.faults == []
    counts = outcome.counts
    # Whether a request is under way at a kill is chance with so few; the campaign of full size counts those lost.
    assert counts["kills"] == 2 and counts["saved"] >= 1, "something was acknowledged, and looked for after the kills"
    assert counts["approvals"] == counts["versions published"] == 2
    assert counts["saved"] >= 6 and counts["added"] >= 1


def _juesuan(*words: str) -> str:
    """What a command says that runs beside the server: here, as the server is a process of its own."""
    done = CliRunner().invoke(main, words)
    assert done.exit_code == 0, done.output
    return done.output


def _on(data: Path, database: str) -> list[str]:
    return ["--data", str(data), *(["--database", database] if database else [])]


@ONE_ENGINE
def test_a_backup_taken_while_units_save_and_publish_is_a_whole_server(tmp_path: Path, new_database: NewDatabase):
    data, database = tmp_path / "data", new_database()
    found_city(data, database, 2)
    server = Server(data, database, tmp_path / "server.log")
    server.start()
    units = [Unit(server, number, 100, 3) for number in range(2)]
    try:
        for unit in units:
            unit.start()
        while not any(unit.approved for unit in units):
            assert not any(unit.fault for unit in units), [unit.fault for unit in units]
            time.sleep(0.05)
        head = re.search(r"末尾指纹 (\w+)", _juesuan("audit", "verify", *_on(data, database)))[1]
        _juesuan("backup", *_on(data, database), str(tmp_path / "backup.tar.gz"))
        assert all(unit.is_alive() for unit in units), "the units were still at work"
        for unit in units:
            unit.leaving.set()
        for unit in units:
            unit.join()
    finally:
        server.end()
    assert [unit.fault for unit in units if unit.fault] == []

    other = new_database()
    _juesuan("restore", *_on(tmp_path / "restored", other), str(tmp_path / "backup.tar.gz"))
    # All that was acknowledged before the backup began: what the trail says up to `head`, and that it is so.
    assert "审计日志完整" in _juesuan("audit", "verify", *_on(tmp_path / "restored", other), "--head", head)
    faults, counts = inspect(tmp_path / "restored", other)
    assert faults == [] and counts["approvals"] >= 1 and counts["files"] >= 2
    again = Server(tmp_path / "restored", other, tmp_path / "again.log")
    again.start()
    try:
        assert all_published(tmp_path / "restored", other) == []
        with urllib.request.urlopen(f"{again.address}/units") as answer:
            shown = answer.read().decode()
        first = next(unit for unit in units if f"/units/{unit.code}" in shown)
        with urllib.request.urlopen(f"{again.address}/units/{first.code}/2022") as answer:
            assert first.name in answer.read().decode()
    finally:
        again.end()
    faults, counts = inspect(tmp_path / "restored", other)
    assert faults == [] and counts["versions published"] == counts["approvals"] >= 1
