"""A city's documents ingested while everything is killed at random: by `make campaign-ingest`, and small in the tests.

The documents are those of a synthetic city (合成数据): accounts and budgets of two years in mixed formats, with planted
contradictions and their answer key. SIGKILL hits workers, the readers beside them and the whole run at random moments
until a run comes to its end; with Dask the workers of a local cluster are killed. The store must then be that of an
undisturbed run, byte for byte by name and content.
"""

from __future__ import annotations

import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from corpus.documents import contents
from juesuan.corpus import Ingested, ingest_files
from juesuan.synthetic.answer_key import Score, read_answers, score
from juesuan.synthetic.findings import findings_in_store
from juesuan.synthetic.jurisdiction import KEY, MANIFEST, SimulationOrder, simulate

PATIENCE = 40
"""A run that takes so many times as long as the undisturbed one hangs, and the campaign is at fault."""

YEARS = (2021, 2022)
DOCUMENTS_OF_A_UNIT = 2 * len(YEARS)
"""An account and a budget of each year."""

Told = Callable[[str], None]


class Fire(msgspec.Struct, frozen=True):
    """How much is killed and when: counts, and times in parts of what an undisturbed run takes."""

    whole: int = 4
    """So many times the whole run is killed at the most."""
    workers: int = 30
    """So many workers and readers of local processes at the most."""
    dask: int = 3
    """So many workers of a Dask cluster at the most."""
    runs_for: tuple[float, float] = (0.1, 0.4)
    """A whole run is left alone between these parts of the time, then killed."""
    pause: tuple[float, float] = (0.01, 0.05)
    """So long it is between kills of local workers."""
    pause_dask: tuple[float, float] = (0.15, 0.3)


class Campaign(msgspec.Struct, frozen=True):
    """Where it happens, the documents of a task, and the fire. The folder keeps the city and the undisturbed store."""

    folder: Path
    seed: int
    batch: int
    fire: Fire = Fire()
    told: Told = print

    @property
    def city(self) -> Path:
        """The folder of the synthetic city."""
        return self.folder / "in"

    @property
    def undisturbed(self) -> Path:
        """The store that nobody disturbed."""
        return self.folder / "undisturbed"

    def store(self, engine: str) -> Path:
        """The store that came about under fire."""
        return self.folder / f"store-{engine}"


class Outcome(msgspec.Struct, frozen=True):
    """What was killed, and whether the store is that of the undisturbed run."""

    workers: int
    whole: int
    seconds: float
    differing: tuple[str, ...]
    """Files of either store that are not the same in the other."""


def make_city(campaign: Campaign, order: SimulationOrder, workers: int) -> None:
    """Writes the city unless it is there."""
    if (campaign.city / KEY).exists():
        return
    start = time.perf_counter()
    answers = simulate(order, campaign.city, workers)
    files = len([path for name in ("决算", "预算") for path in (campaign.city / name).iterdir()])
    campaign.told(f"{files} documents with {len(answers)} planted in {time.perf_counter() - start:.0f} s")


def undisturbed_run(campaign: Campaign, engine: str = "") -> Ingested | None:
    """Ingests the city in peace, unless that was done; gives what came of it."""
    if (campaign.undisturbed / "store.json").exists():
        return None
    start = time.perf_counter()
    result = ingest_files(
        [str(campaign.city / MANIFEST)], str(campaign.undisturbed), engine=engine, compaction=True, batch=campaign.batch
    )
    campaign.told(f"undisturbed: {result} in {time.perf_counter() - start:.0f} s")
    return result


def under_fire(campaign: Campaign, engine: str, needed: float) -> Outcome:
    """Ingests the city with `engine` (local, dask) while it is killed; an undisturbed run takes `needed` seconds.

    Raises AssertionError where a run fails for another reason, or hangs.
    """
    store = campaign.store(engine)
    shutil.rmtree(store, ignore_errors=True)
    start = time.perf_counter()
    fight = _dask if engine == "dask" else _local
    workers, whole = fight(campaign, store, Random(campaign.seed), needed)
    ours, theirs = contents(store), contents(campaign.undisturbed)
    differing = tuple(sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)))
    return Outcome(workers, whole, time.perf_counter() - start, differing)


def judged(campaign: Campaign, engine: str) -> Score:
    """The findings in the store held against the answer key."""
    return score(read_answers(campaign.city), findings_in_store(str(campaign.store(engine))))


def _local(campaign: Campaign, store: Path, random: Random, needed: float) -> tuple[int, int]:
    """Ingests again and again under fire until a run ends by itself; gives workers and whole runs killed."""
    fire = campaign.fire
    workers = whole = 0
    limit = time.monotonic() + PATIENCE * needed
    while True:
        run = _started(campaign, store, "local")
        end = time.monotonic() + random.uniform(*fire.runs_for) * needed
        while run.poll() is None and (time.monotonic() < end or whole == fire.whole):
            time.sleep(max(1.0, random.uniform(*fire.pause) * needed))
            victims = _below(run.pid)
            if victims and workers < fire.workers:
                workers += _shot(random.choice(victims))
            _in_time(run, limit)
        if run.poll() is None:
            whole += _shot(run.pid)
        code = run.wait()
        if code == 0:
            return workers, whole
        assert code == -signal.SIGKILL, _failure(campaign, code)


def _dask(campaign: Campaign, store: Path, random: Random, needed: float) -> tuple[int, int]:
    """Ingests on a cluster of local processes, of which workers are killed mid-run; gives their number."""
    distributed: Any = importlib.import_module("distributed")
    workers = 0
    limit = time.monotonic() + PATIENCE * needed
    with distributed.LocalCluster(2, 1, processes=True, dashboard_address=None) as cluster:
        run = _started(campaign, store, cluster.scheduler_address.replace("tcp://", "dask://"))
        while run.poll() is None:
            pause = time.monotonic() + random.uniform(*campaign.fire.pause_dask) * needed
            while run.poll() is None and time.monotonic() < pause:
                time.sleep(0.2)
            victims = [nanny.pid for nanny in cluster.workers.values() if nanny.pid]
            if run.poll() is None and victims and workers < campaign.fire.dask:
                workers += _shot(random.choice(victims))
            _in_time(run, limit)
        assert run.wait() == 0, _failure(campaign, run.returncode)
    return workers, 0


def _started(campaign: Campaign, store: Path, engine: str) -> subprocess.Popen[bytes]:
    """A run that ingests the city; what it says of errors goes to a file."""
    arguments = {"paths": [str(campaign.city / MANIFEST)], "store": str(store), "engine": engine}
    arguments |= {"compaction": True, "batch": campaign.batch}
    command = [sys.executable, "-m", "corpus.documents", json.dumps(arguments)]
    tests = str(Path(__file__).resolve().parent.parent)
    known = os.environ.get("PYTHONPATH", "")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (tests, known)))}
    with _errors(campaign).open("wb") as errors:
        return subprocess.Popen(command, env=environment, stderr=errors)


def _errors(campaign: Campaign) -> Path:
    return campaign.folder / "errors.txt"


def _failure(campaign: Campaign, code: int | None) -> str:
    said = _errors(campaign).read_text(encoding="utf-8", errors="replace")
    return f"the run failed with {code}: {said[-4000:]}"


def _in_time(run: subprocess.Popen[bytes], limit: float) -> None:
    if time.monotonic() > limit:
        run.kill()
        raise AssertionError(f"the run takes more than {PATIENCE} times as long as the undisturbed one")


def _below(pid: int) -> list[int]:
    """The processes below one, but for those that only watch over resources."""
    found = subprocess.run(
        ["pgrep", "-P", str(pid), "-f", "spawn_main|corpus.reader"], capture_output=True, text=True, check=False
    )
    children = [int(line) for line in found.stdout.split()]
    return [*children, *(inner for child in children for inner in _below(child))]


def _shot(pid: int) -> int:
    """Kills a process of our own run; 1 if it was still there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return 0
    return 1
