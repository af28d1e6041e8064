"""Work in a process of its own: a failure is told with its true reason, and logged."""

from __future__ import annotations

import logging
from pathlib import Path

import msgspec
import pytest

from juesuan.web.infra.limited_process import TooLongError, WorkError, carry_out
from juesuan.web.infra.settings import Settings

from .conftest import ONE_ENGINE, City, Clock, cheap_settings
from .filling import WORKBOOK, begin, open_season, upload

LIMITED = "from juesuan.web.infra.limited_process import limit\n"


@pytest.fixture(autouse=True)
def worked_once() -> None:
    """Not here: every process is one."""


class Order(msgspec.Struct):
    """Nothing to do."""


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("import sys; sys.stdout.write('表3缺少合计。'); sys.exit(3)", "表3缺少合计。"),
        ("{}['表3']", "本程序的问题：处理时出错（KeyError）"),
        ("import juesuan.nothing", "本程序的问题：处理时出错（ModuleNotFoundError）"),
        ("import sys; sys.exit(7)", "本程序的问题：处理时出错（退出码 7）"),
        ("import os; os.abort()", "处理进程异常退出（SIGABRT）"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "处理进程被系统终止，多半是服务器内存不足"),
        (LIMITED + "limit(60, 10**9); b'0' * 2 * 10**9", "需要的内存超出限制"),
        (LIMITED + "limit(60, 10**9, reserving=True); b'0' * 2 * 10**9", "需要的内存超出限制"),
        ("raise OSError(28, 'No space left on device')", "服务器的磁盘满了"),
    ],
)
def test_a_failure_is_told_with_its_true_reason(
    tmp_path: Path, program: str, told: str, caplog: pytest.LogCaptureFixture
):
    (tmp_path / "work.py").write_text(program, encoding="utf-8")
    with caplog.at_level(logging.ERROR), pytest.raises(WorkError) as failure:
        carry_out("work", Order(), tmp_path, tmp_path, 60)
    assert told in str(failure.value)
    if "sys.exit(3)" in program:
        assert not caplog.records, "what the process explains itself is no failure of the server"
    else:
        assert len(caplog.records) == 1
        assert caplog.records[0].fields["module"] == "work"
        assert not str(failure.value).isascii()


def test_the_log_has_what_the_process_said(tmp_path: Path, caplog: pytest.LogCaptureFixture):
    (tmp_path / "work.py").write_text("raise LookupError('what it looked for')", encoding="utf-8")
    with caplog.at_level(logging.ERROR), pytest.raises(WorkError):
        carry_out("work", Order(), tmp_path, tmp_path, 60)
    assert "LookupError: what it looked for" in caplog.records[0].fields["output"]


def test_too_much_time_is_told_as_too_much_time(tmp_path: Path):
    (tmp_path / "work.py").write_text(LIMITED + "limit(1, 10**10)\nwhile True: pass", encoding="utf-8")
    with pytest.raises(TooLongError):
        carry_out("work", Order(), tmp_path, tmp_path, 60)


def test_the_data_folder_is_where_the_server_was_started(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.chdir(tmp_path)
    settings = Settings(Path("data"))
    monkeypatch.chdir("/")
    assert settings.data == tmp_path / "data"


@ONE_ENGINE
def test_a_server_on_a_relative_folder_takes_workbooks_in(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, clock: Clock, new_database
):
    monkeypatch.chdir(tmp_path)
    city = City(cheap_settings(Path("data"), clock, new_database()), clock)
    open_season(city)
    browser, address = begin(city)
    page = upload(browser, address)
    assert f"已从 {WORKBOOK.name} 读入" in page
    city.site.database.close()
