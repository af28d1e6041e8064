"""Thousands of documents ingested while everything is killed at random, and the store compared with an undisturbed one.

    python bench/ingest_campaign.py [--documents 2000] [--seed 1] [--engine local|dask] [--folder DIR]

Half of the documents are units published in mixed formats; the others are final accounts of two years of a unit, made
up of few figures, of which every fifth pair contradicts itself. SIGKILL hits workers and the whole run at random
moments until a run comes to its end. Then: the store is the same byte for byte by name and content, and the findings
between years are held against what was planted.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from random import Random
from typing import Any

from juesuan.corpus import Store, ingest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
made: Any = importlib.import_module("corpus.documents")
"""The documents of the tests."""

BATCH = 5
"""Documents of a task."""

WHOLE, KILLS = 4, 30
"""So many times the whole run is killed, and so many workers at most."""

PLANTED = (
    ("表1!29行1栏", "5.02"),
    ("上年!表1!31行1栏", "2103.92"),
    ("表4!28行1栏", "3.50"),
    ("表4!29行1栏", "3.50"),
)
"""Figures that contradict last year's account."""


def main() -> int:
    """Makes the documents, ingests them twice, compares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", default="local")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="juesuan-campaign-"))
    random = Random(options.seed)
    planted = documents(folder / "in", options.documents)
    start = time.perf_counter()
    result = ingest([str(folder / "in")], str(folder / "undisturbed"), compaction=True, batch=BATCH)
    print(f"undisturbed: {result} in {time.perf_counter() - start:.0f} s", flush=True)
    kills = disturbed(folder, options.engine, random, time.perf_counter() - start)
    same = made.contents(folder / "undisturbed") == made.contents(folder / "store")
    print(f"{kills} kills; the store is {'the same byte for byte' if same else 'NOT the same'}")
    with Store(folder / "store") as store:
        found = {row[0] for row in store.rows("SELECT DISTINCT unit FROM findings WHERE other <> ''")}
    right = len(found & planted)
    recall, precision = right / max(1, len(planted)), right / max(1, len(found))
    print(f"planted {len(planted)}, found {len(found)}: recall {recall:.3f}, precision {precision:.3f}")
    return 0 if same and found == planted else 1


def documents(folder: Path, count: int) -> set[str]:
    """Makes the documents; gives the units whose two years contradict each other."""
    if not folder.exists():
        made.publish_units(folder / "units", count // 2)
    planted = set()
    for number in range(count // 4):
        name = f"第{number}所"
        now = dict(made.NOW)
        if number % 5 == 0:
            key, amount = PLANTED[number // 5 % len(PLANTED)]
            now[key] = amount
            planted.add(name)
        made.write(folder / "years" / f"{number}-2021.json", made.small(2021, made.LAST, name, f"9{number:05}"))
        made.write(folder / "years" / f"{number}-2022.json", made.small(2022, now, name, f"9{number:05}"))
    return planted


def disturbed(folder: Path, engine: str, random: Random, undisturbed: float) -> int:
    """Ingests again and again under fire until a run ends by itself; gives the number of kills."""
    told = {"paths": [str(folder / "in")], "store": str(folder / "store"), "engine": engine}
    told |= {"compaction": True, "batch": BATCH}
    command = [sys.executable, "-m", "corpus.documents", json.dumps(told)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT / "tests"), os.environ.get("PYTHONPATH", "")))}
    kills = whole = 0
    while True:
        run = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        # A whole run is killed after some half of the time that it needs, workers ten times as often.
        end = time.monotonic() + random.uniform(0.3, 0.7) * undisturbed
        while run.poll() is None and (time.monotonic() < end or whole == WHOLE):
            time.sleep(max(8.0, random.uniform(0.02, 0.1) * undisturbed))
            workers = below(run.pid)
            if workers and kills < KILLS:
                kills += shot(random.choice(workers))
        if run.poll() is None:
            whole += shot(run.pid)
        code = run.wait()
        if code == 0:
            return kills + whole
        if code != -signal.SIGKILL:
            raise SystemExit(f"the run failed with {code}")


def below(pid: int) -> list[int]:
    """The processes below one, but for those that only watch over resources."""
    found = subprocess.run(["pgrep", "-P", str(pid), "-f", "spawn_main"], capture_output=True, text=True, check=False)
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
