"""Documents of random units rolled forward a year: how many numbers are renewed, listed, or silently old (none may be).

    python bench/roll_campaign.py [--pairs 500] [--first 0]

The pairs of accounts are those of tests/revision/pairs.py. Exit code 1 where a number of last year stays unlisted, a
figure of a table is not this year's, or our check finds an error that the document published of this year's figures
does not have.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests" / "revision"))
pairs: Any = importlib.import_module("pairs")
"""The pairs, of which the tests roll a few."""


def rolled(folder: Path, seed: int) -> Any:
    """The outcome of one pair."""
    with tempfile.TemporaryDirectory(dir=folder) as own:
        return pairs.outcome(seed, Path(own))


def main() -> int:
    """Rolls the pairs, prints what is wrong with any, and the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=500)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    seeds = range(options.first, options.first + options.pairs)
    renewed = unchanged = listed = silent = unsound = 0
    with tempfile.TemporaryDirectory() as folder, ProcessPoolExecutor(options.processes) as workers:
        for seed, found in zip(seeds, workers.map(partial(rolled, Path(folder)), seeds), strict=True):
            renewed += found.renewed
            unchanged += found.unchanged
            listed += found.listed
            silent += len(found.silent) + len(found.tables)
            if not found.sound:
                unsound += 1
                print(f"  pair {seed}: {found.tables} {found.silent} {found.strange} {found.errors}", flush=True)
    print(
        f"{options.pairs} pairs: {renewed} numbers renewed, {unchanged} unchanged by nature, {listed} listed, "
        f"{silent} silently old; {unsound} documents not as they should be"
    )
    return 1 if unsound else 0


if __name__ == "__main__":
    sys.exit(main())
