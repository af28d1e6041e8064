"""Who dies is replaced, who kills is found, and nobody else suffers."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from juesuan.corpus import StoreError
from juesuan.corpus.ingest.engine import LocalEngine, engine_of
from juesuan.corpus.ingest.runner import run
from juesuan.corpus.store.folders import Folder
from juesuan.corpus.store.shards import write_shard


def _job(items: tuple[str, ...], blamed: frozenset[int]) -> list[str]:
    for index, item in enumerate(items):
        if index not in blamed:
            _probe(item)
    return [f"{item}!" if index in blamed else item for index, item in enumerate(items)]


def _probe(item: str) -> None:
    if item == "killer":
        os._exit(9)


def _once(folder: str, items: tuple[str, ...], blamed: frozenset[int]) -> list[str]:
    """Kills its worker the first time."""
    mark = Path(folder, items[0])
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    assert not blamed
    return list(items)


def test_a_document_that_kills_its_worker_is_found() -> None:
    groups = [("a", "b"), ("c", "killer", "d"), ("e",)]
    results = dict(run(LocalEngine(2), _job, _probe, groups))
    assert results == {
        ("a", "b"): ["a", "b"],
        ("c", "killer", "d"): ["c", "killer!", "d"],
        ("e",): ["e"],
    }


def test_workers_that_die_by_chance_cost_nothing(tmp_path: Path) -> None:
    groups = [("a", "b"), ("c",), ("d", "e")]
    results = dict(run(LocalEngine(2), partial(_once, str(tmp_path)), _probe, groups))
    assert results == {group: list(group) for group in groups}


def test_an_error_of_the_job_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        list(run(engine_of("inline"), _missing, _probe, [("a",)]))


def _missing(items: tuple[str, ...], blamed: frozenset[int]) -> None:
    raise FileNotFoundError(items[0])


def test_an_engine_that_is_none_is_said() -> None:
    with pytest.raises(StoreError, match="没有“spark”这种引擎"):
        engine_of("spark")


def test_threads_of_a_worker_write_shards_at_once(tmp_path: Path) -> None:
    """A worker of a cluster may have several threads: what they write is what one after the other would have."""
    rows = {"files": [{"file": f"{n}", "fingerprint": "x", "unit_code": "", "position": n} for n in range(3000)]}
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: write_shard(Folder(tmp_path), f"shard{n}", rows), range(64)))
    assert len({(tmp_path / "shards" / f"shard{n}" / "files.parquet").read_bytes() for n in range(64)}) == 1
