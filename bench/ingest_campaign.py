"""Thousands of documents ingested while everything is killed at random, and the store compared with an undisturbed one.

    python bench/ingest_campaign.py [--documents 2000] [--seed 1] [--engine local|dask] [--folder DIR]

The documents are those of a synthetic city (合成数据): accounts and budgets of two years in mixed formats, with planted
contradictions and their answer key. What is killed and how is in tests/corpus/campaign.py. Then: the store is the same
byte for byte by name and content, and the findings in it are held against the answer key. With --folder the city and
the undisturbed store are kept for the next campaign. Exit code 1 where the stores differ.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

from juesuan.synthetic.jurisdiction import SimulationOrder

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
fight: Any = importlib.import_module("corpus.campaign")
"""The campaign, which the tests run with a few documents."""

BATCH = 10
"""Documents of a task."""

SHARES = {"docx": 10, "pdf": 10, "html": 40, "md": 25, "xlsx": 5, "json": 10}
MEMBERS = 25
"""Units of a department, itself counted among them."""


def main() -> int:
    """Makes the documents, ingests them twice, compares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", choices=["local", "dask"], default="local")
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.mkdtemp(prefix="juesuan-campaign-"))
    folder.mkdir(parents=True, exist_ok=True)
    campaign = fight.Campaign(folder, options.seed, BATCH, told=partial(print, flush=True))
    fight.make_city(campaign, order(options.documents, options.seed), os.cpu_count() or 1)
    start = time.perf_counter()
    fight.undisturbed_run(campaign)
    needed = max(60.0, time.perf_counter() - start)
    outcome = fight.under_fire(campaign, options.engine, needed)
    print(f"{outcome.workers} workers and readers and {outcome.whole} whole runs killed in {outcome.seconds:.0f} s; "
          f"the store is {'NOT the same' if outcome.differing else 'the same byte for byte'}", flush=True)  # fmt: skip
    for name in outcome.differing:
        print(f"  differs: {name}")
    told(fight.judged(campaign, options.engine))
    return 1 if outcome.differing else 0


def order(documents: int, seed: int) -> SimulationOrder:
    """The city that has about so many documents."""
    units = documents // fight.DOCUMENTS_OF_A_UNIT
    departments = max(1, units // MEMBERS)
    return SimulationOrder(max(2, units - departments), departments, *fight.YEARS, seed, shares=SHARES)


def told(judged: Any) -> None:
    """Prints what was found of what was planted."""
    for mark in judged.marks:
        print(f"  {mark.kind}: {mark.found} of {mark.planted}")
    print(f"recall {judged.recall:.3f} of {judged.planted} planted, {judged.recall_of_detectable:.3f} without the "
          f"{judged.undetectable} that no document gives away; "
          f"precision {judged.precision:.3f} of {judged.errors} errors told")  # fmt: skip
    for answer in judged.missed:
        print(f"  missed: {answer.file} {answer.kind} {answer.place} {answer.before} -> {answer.after}")
    for finding in judged.false:
        print(f"  false: {finding.file} {finding.code}")


if __name__ == "__main__":
    sys.exit(main())
