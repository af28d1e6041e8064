"""Many people at once, and a server that was killed: nobody waits for ever, nothing is left lying about."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from juesuan.web.filing import processing as settling
from juesuan.web.infra.process_slots import BusyError, ProcessSlots
from juesuan.web.infra.settings import Settings
from juesuan.web.server import tidy

from .conftest import ONE_ENGINE, City
from .filling import begin, fill_in, open_season


def test_so_many_work_so_many_wait_and_the_next_is_told():
    order = ProcessSlots(at_once=2, waiting=1, patience=60)
    go, working, finished = threading.Event(), threading.Semaphore(0), list[int]()

    def work(number: int) -> None:
        with order.slot():
            working.release()
            go.wait(60)
            finished.append(number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(3)]
    for thread in threads:
        thread.start()
    assert working.acquire(timeout=60) and working.acquire(timeout=60)
    assert not working.acquire(timeout=0.2), "the third waits"
    with pytest.raises(BusyError, match="请过一两分钟再试"), order.slot():
        pass
    go.set()
    for thread in threads:
        thread.join(60)
    assert sorted(finished) == [0, 1, 2]
    with order.slot():
        pass


def test_whose_turn_does_not_come_is_told_and_the_place_is_free_again():
    order = ProcessSlots(at_once=1, waiting=1, patience=0)
    with order.slot():
        for _ in range(5):
            with pytest.raises(BusyError), order.slot():
                pass
    with order.slot():
        pass


@ONE_ENGINE
def test_who_asks_for_a_preview_while_too_many_do_is_told_and_served_later(city: City, monkeypatch: pytest.MonkeyPatch):
    open_season(city)
    browser, address = begin(city)
    fill_in(city, address)
    full = ProcessSlots(at_once=1, waiting=0)
    monkeypatch.setattr(settling, "SLOTS", full)
    with full.slot():
        refused = browser.get(f"{address}/page")
        assert "现在送审、导入、预览的人很多" in refused.text
    assert browser.get(f"{address}/page").status_code == 200


def test_what_a_killed_server_was_writing_is_removed_and_nothing_else(tmp_path: Path):
    settings = Settings(tmp_path)
    year = settings.files / "publications" / "1" / "2022"
    kept = [settings.files / "data" / "ab" / "abc.csv", year / "1" / "page.html", tmp_path / "secret"]
    left = [settings.work / "tmp1" / "filled.json", settings.files / "data" / ".tmpxyz", year / ".made" / "a.pdf"]
    for path in kept + left:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("甲", encoding="utf-8")
    tidy(settings)
    assert all(path.is_file() for path in kept)
    assert not any(path.exists() for path in left)
    assert not settings.work.exists() and not (year / ".made").exists()
    tidy(Settings(tmp_path / "new"))
