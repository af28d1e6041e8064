"""A document that hangs, dies or grows without end is a failure with its reason, and costs no other its rows."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.documents import NOW, contents, small, write
from juesuan.corpus import Limits, Store, StoreError, ingest_files
from juesuan.corpus.ingest.document import DocumentWork
from juesuan.corpus.ingest.sources import SourceFile
from juesuan.corpus.ingest.supervisor import Supervisor

HERE = Path(__file__).parent


@pytest.fixture
def supervisor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Supervisor]:
    known = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (str(HERE.parent), known))))
    made = Supervisor(Limits(3, 512), "corpus.sleeper")
    yield made
    made.close()


def work(name: str) -> DocumentWork:
    return DocumentWork(SourceFile(name, fingerprint="f"), name, None, "e")


def test_one_that_hangs_is_stopped_and_the_next_is_read(supervisor: Supervisor) -> None:
    (before,) = supervisor.rows(work("a.html"))["documents"]
    (failure,) = supervisor.rows(work("hangs.html"))["failures"]
    assert failure["stage"] == "进程" and "超过了 3 秒的限制" in failure["reason"]
    assert failure["file"] == "hangs.html" and failure["fingerprint"] == "f"
    with pytest.raises(ProcessLookupError):
        os.kill(before["process"], 0)
    (after,) = supervisor.rows(work("b.html"))["documents"]
    assert after["file"] == "b.html" and after["process"] != before["process"]


def test_one_that_kills_its_reader_is_blamed_after_three(supervisor: Supervisor) -> None:
    (failure,) = supervisor.rows(work("dies.html"))["failures"]
    assert failure["stage"] == "进程" and "三次异常退出" in failure["reason"]
    assert "documents" in supervisor.rows(work("b.html"))


def test_one_that_grows_is_held_to_its_memory(supervisor: Supervisor) -> None:
    (failure,) = supervisor.rows(work("grows.html"))["failures"]
    assert failure["stage"] == "进程" and "512 MB" in failure["reason"]
    assert "documents" in supervisor.rows(work("b.html"))


def test_a_reader_serves_one_document_after_the_other(supervisor: Supervisor) -> None:
    processes = {supervisor.rows(work(name))["documents"][0]["process"] for name in "abc"}
    assert len(processes) == 1


def test_a_limit_in_which_nothing_starts_is_said() -> None:
    with pytest.raises(StoreError, match="可能太小"):
        Supervisor(Limits(3, 8)).rows(work("a.html"))


def heavy(folder: Path) -> Path:
    """Six sound accounts and among them a page with so many cells that reading it takes seconds and much memory."""
    for number in range(6):
        write(folder / f"{number}.json", small(2022, NOW, f"第{number}中心", f"10{number}"))
    row = "<tr>" + "<td>1.00</td>" * 40 + "</tr>"
    (folder / "3-heavy.html").write_text(f"<html><table>{row * 9_500}</table></html>", encoding="utf-8")
    return folder


@pytest.mark.parametrize("engine", ["local", "dask"])
def test_a_real_document_that_needs_too_much_memory(engine: str, tmp_path: Path) -> None:
    """Of address space the loaded reader has about 340 MB, a sound document 20 more, the page about 650."""
    if engine == "dask":
        pytest.importorskip("distributed")
    given, store, limits = heavy(tmp_path / "in"), tmp_path / "store", Limits(600, 512)
    result = ingest_files([str(given)], str(store), engine=engine, workers=1, limits=limits, compaction=True)
    assert (result.documents, result.failures) == (6, 1)
    with Store(store) as opened:
        (failure,) = opened.rows("SELECT file, stage, reason FROM failures")
        assert opened.rows("SELECT count(*) FROM documents") == [(6,)]
    assert failure[0].endswith("3-heavy.html") and failure[1] == "进程" and "512 MB" in failure[2], failure
    before = contents(store)
    assert ingest_files([str(given)], str(store), engine="inline", limits=limits, compaction=True).failures == 0
    assert contents(store) == before


def test_a_real_document_that_takes_too_long(tmp_path: Path) -> None:
    """By itself: in a second a machine with much to do may not read a sound one either."""
    given, store = heavy(tmp_path / "in"), tmp_path / "store"
    assert ingest_files([str(given / "3-heavy.html")], str(store), engine="inline", limits=Limits(1)).failures == 1
    with Store(store) as opened:
        (failure,) = opened.rows("SELECT file, stage, reason FROM failures")
    assert failure[0].endswith("3-heavy.html") and failure[1] == "进程" and "超过了 1 秒" in failure[2]
    result = ingest_files([str(given)], str(store), engine="inline")
    assert (result.documents, result.failures) == (6, 0), "what took too long is not tried again unasked"
