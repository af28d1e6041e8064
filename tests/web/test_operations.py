"""Migrations, the queue, backup and restore, and the commands."""

from __future__ import annotations

import errno
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from click.testing import CliRunner
from sqlalchemy import inspect, select, text

from juesuan.cli import main
from juesuan.web import Settings, create_application
from juesuan.web.infra.backup import BackupError, backup, restore
from juesuan.web.infra.database import Database
from juesuan.web.infra.models import Base, Job
from juesuan.web.migration import EmptiedDatabaseError, NewerDatabaseError
from juesuan.web.publication import search
from juesuan.web.site.jobs import ATTEMPTS, JobError, TakenJob, Workers, put
from juesuan.web.site.site import Site

from .conftest import CITY, ONE_ENGINE, USERS, City, Clock, NewDatabase, cheap_settings
from .filling import begin, open_season


def test_the_migrations_make_the_tables_that_the_program_uses(city: City):
    with city.site.database.engine.connect() as connection:
        def declared(name: str | None, kind: str, _: object) -> bool:
            return kind != "table" or not search.owns(name or "")

        context = MigrationContext.configure(connection, opts={"include_name": declared})
        assert compare_metadata(context, Base.metadata) == []


def test_a_database_of_a_newer_program_is_left_alone(city: City, settings: Settings):
    with city.site.database.engine.begin() as database:
        database.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerDatabaseError):
        create_application(settings)


def _workers(site: Site, done: list[int], failed: list[str]) -> Workers:
    def work(_: Site, task: TakenJob) -> None:
        number = task.payload["number"]
        if number < 0:
            raise JobError("不能为负")
        done.append(number)

    return Workers(site, {"count": work}, {"count": lambda _, task, trouble: failed.append(trouble)})


def _put(city: City, *numbers: int) -> None:
    with city.site.database.writing() as session:
        for number in numbers:
            put(session, city.site, "count", {"number": number})


def test_jobs_are_done_in_order_and_one_that_fails_does_not_stop_the_others(city: City):
    done: list[int] = []
    failed: list[str] = []
    _put(city, 1, -1, 2)
    assert _workers(city.site, done, failed).do_all() == 3
    assert done == [1, 2] and failed == ["不能为负"]


def test_a_job_whose_worker_died_is_taken_again_but_not_for_ever(city: City, clock: Clock):
    done: list[int] = []
    failed: list[str] = []
    workers = _workers(city.site, done, failed)
    _put(city, 5)
    for _ in range(ATTEMPTS):
        assert workers.take() is not None, "taken, and then the worker dies"
        assert workers.take() is None
        clock.advance(seconds=61)
    assert workers.take() is None and len(failed) == 1
    with city.site.database.reading() as session:
        assert session.scalars(select(Job.state)).one() == "failed"


def test_no_job_is_lost_or_done_twice_by_workers_side_by_side(city: City):
    done: list[int] = []
    _put(city, *range(40))
    threads = [threading.Thread(target=_workers(city.site, done, []).do_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == list(range(40))


def test_a_backup_taken_while_others_write_is_whole_and_comes_back_equal(
    city: City, clock: Clock, tmp_path: Path, new_database: NewDatabase
):
    (city.settings.files / "ab").mkdir(parents=True)
    (city.settings.files / "ab" / "abcd").write_bytes(b"a file")
    stop = threading.Event()

    def busy() -> None:
        while not stop.is_set():
            _put(city, 1)

    writer = threading.Thread(target=busy)
    writer.start()
    try:
        assert backup(city.settings, tmp_path / "backup.tar.gz") == 1
    finally:
        stop.set()
        writer.join()
    database = new_database()
    assert restore(tmp_path / "backup.tar.gz", tmp_path / "restored", database) == 1
    runner = CliRunner()
    result = runner.invoke(main, ["audit", "verify", "--data", str(tmp_path / "restored"), "--database", database])
    assert result.exit_code == 0 and f"{6 + len(USERS)} 条" in result.output
    assert (tmp_path / "restored" / "files" / "ab" / "abcd").read_bytes() == b"a file"
    assert (tmp_path / "restored" / "secret").read_bytes() == (city.settings.data / "secret").read_bytes()
    assert not (tmp_path / "restored" / "juesuan.dump").exists()
    still = cheap_settings(tmp_path / "still", clock, new_database())
    backup(city.settings, tmp_path / "still.tar.gz")
    restore(tmp_path / "still.tar.gz", still.data, still.database)
    assert _rows(Database(still)) == _rows(city.site.database)


def _rows(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Everything that a database holds, table by table; text vectors as text."""
    with database.engine.connect() as connection:
        names = sorted(inspect(connection).get_table_names())
        assert "search" in names and "audit_entry" in names
        return {
            name: sorted(tuple(row) for row in connection.execute(text(f'SELECT * FROM "{name}"'))) for name in names
        }


def test_a_backup_is_restored_into_an_empty_place_only_and_must_be_one(
    city: City, tmp_path: Path, new_database: NewDatabase
):
    sound = tmp_path / "backup.tar.gz"
    backup(city.settings, sound)
    with pytest.raises(BackupError, match="已有内容"):
        restore(sound, city.settings.data)
    (tmp_path / "broken.tar.gz").write_bytes(sound.read_bytes()[:500])
    (tmp_path / "none.tar.gz").write_bytes(b"no archive at all")
    for name in ("broken.tar.gz", "none.tar.gz"):
        with pytest.raises(BackupError, match="不是备份文件，或不完整") as told:
            restore(tmp_path / name, tmp_path / "elsewhere", new_database())
        assert "gzip" not in str(told.value)
    if city.settings.database:
        with pytest.raises(BackupError, match="数据库里已有内容"):
            restore(sound, tmp_path / "elsewhere", city.settings.database)
    other = "" if city.settings.database else "postgresql://localhost/other"
    with pytest.raises(BackupError, match="--database"):
        restore(sound, tmp_path / "elsewhere", other)
    assert list((tmp_path / "elsewhere").iterdir()) == [], "what failed can be tried again"


def test_postgresql_is_backed_up_only_where_its_programs_are(
    city: City, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    if city.settings.database:
        with pytest.raises(BackupError, match="postgresql-client"):
            backup(city.settings, tmp_path / "backup.tar.gz")
    else:
        assert backup(city.settings, tmp_path / "backup.tar.gz") == 0


def test_an_address_that_cannot_be_served_is_told_in_chinese(tmp_path: Path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        told = CliRunner().invoke(main, ["serve", "--data", str(tmp_path / "data"), "--port", str(port)])
    assert told.exit_code == 2 and f"端口 {port} 已被别的程序占用" in told.output, told.output
    assert "Errno" not in told.output and "Traceback" not in told.output
    told = CliRunner().invoke(main, ["serve", "--data", str(tmp_path / "data"), "--host", "192.0.2.1"])
    assert told.exit_code == 2 and "--host 应是本机的地址" in told.output, told.output


def test_a_server_is_set_up_from_the_command_line(tmp_path: Path):
    data = ["--data", str(tmp_path / "data")]
    (tmp_path / "city.csv").write_text(CITY, encoding="utf-8")
    runner = CliRunner()
    assert "新增 6 个机构" in runner.invoke(main, ["organisations", *data, str(tmp_path / "city.csv")]).output
    added = runner.invoke(main, ["user", "add", *data, "boss", "--role", "bureau_admin", "--organisation", "100"])
    assert added.exit_code == 0 and "初始口令" in added.output
    again = runner.invoke(main, ["user", "add", *data, "boss", "--role", "bureau_admin", "--organisation", "100"])
    assert again.exit_code == 2 and "已经存在" in again.output
    missing = runner.invoke(main, ["user", "add", *data, "b", "--role", "emperor", "--organisation", "100"])
    assert missing.exit_code == 2
    assert runner.invoke(main, ["audit", "verify", *data]).exit_code == 0


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def test_the_server_answers_refuses_a_second_one_and_stops_when_told(tmp_path: Path):
    port = _free_port()
    command = [sys.executable, "-m", "juesuan.cli", "serve", "--data", str(tmp_path / "data"), "--port", str(port)]
    server = subprocess.Popen(command, stderr=subprocess.PIPE)
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
                    assert b'"ok"' in answer.read()
                break
            except OSError:
                assert time.monotonic() < deadline and server.poll() is None, server.stderr.read()
                time.sleep(0.2)
        second = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert second.returncode == 2 and "另一个服务" in second.stderr
        assert ((tmp_path / "data" / "secret").stat().st_mode & 0o077) == 0
    finally:
        server.send_signal(signal.SIGTERM)
        log = server.communicate(timeout=30)[1].decode()
    assert '"path": "/health"' in log and "Traceback" not in log


@ONE_ENGINE
def test_pages_keep_beijing_time(city: City):
    city.clock.now = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)
    open_season(city)
    browser, address = begin(city)
    assert "2026-06-02 07:30 editor甲" in browser.get(address).text


def test_nobody_else_reads_the_data_folder_from_the_first_command_on(tmp_path: Path):
    old = os.umask(0o022)
    try:
        listed = tmp_path / "机构.csv"
        listed.write_text("代码,名称,类型,上级代码\n100,测试市财政局,财政部门,\n", encoding="utf-8")
        data = tmp_path / "data"
        made = CliRunner().invoke(main, ["organisations", "--data", str(data), str(listed)])
        assert made.exit_code == 0, made.output
        modes = {path: path.stat().st_mode & 0o077 for path in (data, *data.rglob("*"))}
        assert len(modes) > 2 and set(modes.values()) == {0}
    finally:
        os.umask(old)


def test_a_backup_that_cannot_be_made_says_why_and_leaves_the_one_before(
    city: City, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    if settings.database:
        pytest.skip("the database is not in the folder")
    kept = tmp_path / "kept.tar.gz"
    backup(settings, kept)
    whole = kept.read_bytes()
    command = ["backup", "--data", str(settings.data), str(kept)]

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "kept.tar.gz")

    with monkeypatch.context() as disk:
        disk.setattr("juesuan.web.infra.backup._add", full)
        answer = CliRunner().invoke(main, command)
    assert answer.exit_code == 2 and "磁盘" in answer.output and answer.exc_info
    city.site.database.close()
    database = settings.data / "juesuan.sqlite"
    database.write_bytes(b"no database at all" * 100)
    for aside in ("-wal", "-shm"):
        database.with_name(database.name + aside).unlink(missing_ok=True)
    answer = CliRunner().invoke(main, command)
    assert answer.exit_code == 2 and "已经损坏" in answer.output and "restore" in answer.output
    database.write_bytes(b"")
    answer = CliRunner().invoke(main, command)
    assert answer.exit_code == 2 and "是空的" in answer.output
    assert kept.read_bytes() == whole
    assert [path.name for path in tmp_path.iterdir() if ".part" in path.name] == []


def test_nobody_is_asked_to_begin_anew_where_files_are_left_of_a_lost_database(city: City, settings: Settings):
    if settings.database:
        pytest.skip("the database is not in the folder")
    city.site.database.close()
    (settings.files / "accounts").mkdir(parents=True, exist_ok=True)
    (settings.files / "accounts" / "one").write_text("an account")
    for path in settings.data.glob("juesuan.sqlite*"):
        path.unlink()
    with pytest.raises(EmptiedDatabaseError, match="数据库却是空的"):
        create_application(settings)
    answer = CliRunner().invoke(main, ["user", "add", "a", "--role", "auditor", "--organisation", "1", "--data",
                                       str(settings.data)])
    assert answer.exit_code == 2 and "--database" in answer.output
