"""The server killed at random while units save, send in, approve and publish: `make campaign-web`.

    python bench/web_kill.py [--sequences 100] [--units 5] [--seed 1] [--minutes N] [--engine sqlite|postgresql|both]

A real `juesuan serve` on SQLite, and on a PostgreSQL that waits for the disk. After each kill -9 and at the end: every
acknowledged save stands, no step is half done, every approval is published exactly once, every file that the database
names is there with its digest, the audit trail verifies. Prints what was counted; exit code 1 with every fault named.
"""

from __future__ import annotations

import argparse
import importlib
import sys
import tempfile
import time
from contextlib import nullcontext
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
campaign: Any = importlib.import_module("fire.campaign")
database_server: Any = importlib.import_module("database_server")

ANSWERS = (1, 60)
"""Answers that the server gives before it is killed."""


def main() -> int:
    """Runs the campaign on each engine and prints what was counted."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sequences", type=int, default=100)
    parser.add_argument("--units", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=10**6, help="no further sequence is begun after so many")
    parser.add_argument("--engine", choices=("sqlite", "postgresql", "both"), default="both")
    options = parser.parse_args()
    code = 0
    for engine in ("sqlite", "postgresql") if options.engine == "both" else (options.engine,):
        folder = Path(tempfile.mkdtemp(prefix=f"juesuan-fire-{engine}-"))
        with database_server.running(to_disk=True) if engine == "postgresql" else nullcontext("") as server:
            database = database_server.with_database(server, "city") if server else ""
            start = time.perf_counter()
            outcome = campaign.run(
                folder, database, sequences=options.sequences, units=options.units, seed=options.seed, answers=ANSWERS,
                minutes=options.minutes,
                told=lambda line: print(f"  {line}", flush=True),
            )
        took = time.perf_counter() - start
        print(f"{engine}: {outcome.counts['approvals']} sequences of {options.units} units in {took:.0f} s")
        print("  " + ", ".join(f"{name} {count}" for name, count in sorted(outcome.counts.items())))
        print(f"  faults: {len(outcome.faults)}" + (f"; left in {folder}" if outcome.faults else ""))
        for fault in outcome.faults:
            print(f"    {fault}")
            code = 1
    return code


if __name__ == "__main__":
    sys.exit(main())
