"""Thousands of documents ingested while everything is killed at random, and the store compared with an undisturbed one.

    python bench/ingest_campaign.py [--documents 2000] [--seed 1] [--engine local|dask] [--folder DIR]

The documents are those of a synthetic city (合成数据): accounts and budgets of two years in mixed formats, with planted
contradictions and their answer key. SIGKILL hits workers, the readers beside them and the whole run at random moments
until a run comes to its end; with Dask the workers of a local cluster are killed. Then: the store is the same byte for
byte by name and content, and the findings in it are held against the answer key. With --folder the city and the
undisturbed store are kept for the next campaign.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

from juesuan.corpus import ingest
from juesuan.corpus.simulate import KEY, Order, simulate
from juesuan.corpus.simulate_check import findings_in_store
from juesuan.corpus.simulate_score import read_answers, score

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
made: Any = importlib.import_module("corpus.documents")
"""The documents of the tests, and the command that ingests for those that kill it."""

BATCH = 10
"""Documents of a task."""

SHARES = {"docx": 10, "pdf": 10, "html": 40, "md": 25, "xlsx": 5, "json": 10}
PER_UNIT, MEMBERS = 4, 25
"""Documents of a unit (account and budget of two years); units of a department, itself counted among them."""

WHOLE, KILLS = 4, 30
"""So many times the whole run is killed, and so many workers at most."""


def main() -> int:
    """Makes the documents, ingests them twice, compares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=["local", "dask"], default="local")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="juesuan-campaign-"))
    documents(folder / "in", options.documents, options.seed)
    undisturbed = folder / "undisturbed"
    start = time.perf_counter()
    if not (undisturbed / "store.json").exists():
        result = ingest([str(folder / "in" / "manifest.csv")], str(undisturbed), compaction=True, batch=BATCH)
        print(f"undisturbed: {result} in {time.perf_counter() - start:.0f} s", flush=True)
    needed = max(60.0, time.perf_counter() - start)
    start = time.perf_counter()
    store = folder / f"store-{options.engine}"
    shutil.rmtree(store, ignore_errors=True)
    random = Random(options.seed)
    fight = in_dask if options.engine == "dask" else disturbed
    kills = fight(folder, store, random, needed)
    same = made.contents(undisturbed) == made.contents(store)
    print(f"{kills} kills in {time.perf_counter() - start:.0f} s; "
          f"the store is {'the same byte for byte' if same else 'NOT the same'}", flush=True)  # fmt: skip
    judged = score(read_answers(folder / "in"), findings_in_store(str(store)))
    for mark in judged.marks:
        print(f"  {mark.kind}: {mark.found} of {mark.planted}")
    print(f"recall {judged.recall:.3f}, precision {judged.precision:.3f} of {judged.errors} errors told")
    for answer in judged.missed:
        print(f"  missed: {answer.file} {answer.kind} {answer.place} {answer.before} -> {answer.after}")
    for finding in judged.false:
        print(f"  false: {finding.file} {finding.code}")
    return 0 if same else 1


def documents(folder: Path, count: int, seed: int) -> None:
    """Makes the city, about so many documents, where it is not there yet."""
    if (folder / KEY).exists():
        return
    start = time.perf_counter()
    departments = max(1, count // PER_UNIT // MEMBERS)
    units = max(2, count // PER_UNIT - departments)
    answers = simulate(Order(units, departments, 2021, 2022, seed, shares=SHARES), folder, os.cpu_count() or 1)
    files = len([path for name in ("决算", "预算") for path in (folder / name).iterdir()])
    print(f"{files} documents with {len(answers)} planted in {time.perf_counter() - start:.0f} s", flush=True)


def disturbed(folder: Path, store: Path, random: Random, undisturbed: float) -> int:
    """Ingests again and again under fire until a run ends by itself; gives the number of kills."""
    kills = whole = 0
    while True:
        run = started(folder, store, "local")
        # A whole run is killed after some part of the time that it needs, workers ten times as often.
        end = time.monotonic() + random.uniform(0.1, 0.4) * undisturbed
        while run.poll() is None and (time.monotonic() < end or whole == WHOLE):
            time.sleep(max(1.0, random.uniform(0.01, 0.05) * undisturbed))
            workers = below(run.pid)
            if workers and kills < KILLS:
                kills += shot(random.choice(workers))
        if run.poll() is None:
            whole += shot(run.pid)
        code = run.wait()
        if code == 0:
            print(f"  {kills} workers and readers and {whole} whole runs killed")
            return kills + whole
        if code != -signal.SIGKILL:
            raise SystemExit(f"the run failed with {code}")


def in_dask(folder: Path, store: Path, random: Random, undisturbed: float) -> int:
    """Ingests on a cluster of local processes, of which workers are killed mid-run; gives the number of kills."""
    distributed: Any = importlib.import_module("distributed")
    kills = 0
    with distributed.LocalCluster(2, 1, processes=True, dashboard_address=None) as cluster:
        run = started(folder, store, cluster.scheduler_address.replace("tcp://", "dask://"))
        while run.poll() is None:
            time.sleep(random.uniform(0.15, 0.3) * undisturbed)
            victims = [nanny.pid for nanny in cluster.workers.values() if nanny.pid]
            if run.poll() is None and victims and kills < 3:
                kills += shot(random.choice(victims))
        if run.wait():
            raise SystemExit(f"the run failed with {run.returncode}")
    return kills


def started(folder: Path, store: Path, engine: str) -> subprocess.Popen[bytes]:
    """A run that ingests the city."""
    told = {"paths": [str(folder / "in" / "manifest.csv")], "store": str(store), "engine": engine}
    told |= {"compaction": True, "batch": BATCH}
    command = [sys.executable, "-m", "corpus.documents", json.dumps(told)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")))}
    return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)


def below(pid: int) -> list[int]:
    """The processes below one, but for those that only watch over resources."""
    found = subprocess.run(
        ["pgrep", "-P", str(pid), "-f", "spawn_main|corpus.reader"], capture_output=True, text=True, check=False
    )
    children = [int(line) for line in found.stdout.split()]
    return [*children, *(inner for child in children for inner in below(child))]


def shot(pid: int) -> int:
    """Kills a process of our own run; 1 if it was still there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return 0
    return 1


if __name__ == "__main__":
    sys.exit(main())
