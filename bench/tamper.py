"""The tamper bench: every figure, direction, year and name changed, one at a time; is it caught? `make bench-tamper`.

The example is published and read into raw paragraphs and cells once; then one thing is changed, the whole read into an
account again and checked. Caught is what brings an error or warning that the untouched document does not have. Prints
the rate for each kind, table and section, and what no rule guards. With `--folder`, the same on the documents there.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path

from tampering import KINDS, Attempt, Change, attempts, found, tampered

import juesuan
from juesuan.account import Account
from juesuan.reader.files import read_raw
from juesuan.reader.raw import RawDocument

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "wuhan-2022" / "whole"
FORMATS = ("docx", "pdf", "html", "xlsx")
READABLE = (".pdf", ".docx", ".html", ".xlsx", ".md", ".txt")


@cache
def _raw(path: str) -> RawDocument:
    return read_raw(Path(path))


@cache
def _before(path: str) -> Counter[tuple[str, str, str]]:
    return found(_raw(path))


def caught(job: tuple[str, Change]) -> bool:
    """Whether a change brings something that the untouched document does not have."""
    path, change = job
    return bool(found(tampered(_raw(path), change)) - _before(path))


def run(path: Path, every: int, kinds: Sequence[str], everywhere: bool) -> Counter[tuple[str, bool]]:
    """Tries every change of one file (or each `every`-th) and prints what came of it; how often, by kind and result."""
    tried: Counter[tuple[str, str]] = Counter()
    right: Counter[tuple[str, str]] = Counter()
    missed = []
    todo = [attempt for attempt in attempts(_raw(str(path)), everywhere) if attempt.kind in kinds][::every]
    with ProcessPoolExecutor(2) as pool:
        results = pool.map(caught, [(str(path), attempt.change) for attempt in todo], chunksize=8)
        for attempt, good in zip(todo, results, strict=True):
            tried[attempt.kind, attempt.where] += 1
            right[attempt.kind, attempt.where] += good
            if not good:
                missed.append(_shown(attempt))
    errors = sum(1 for key in _before(str(path)) if key[1] == "error")
    print(f"{path.name}: untouched {errors} errors, {len(_before(str(path))) - errors} warnings")
    for (kind, where), count in tried.items():
        print(f"  {kind} {where}: {right[kind, where]} of {count}")
    for line in missed:
        print(f"    not guarded: {line}")
    results_by_kind: Counter[tuple[str, bool]] = Counter()
    for (kind, _), count in tried.items():
        results_by_kind[kind, False] += count
    for (kind, _), count in right.items():
        results_by_kind[kind, True] += count
    _summary(path.name, results_by_kind)
    return results_by_kind


def _shown(attempt: Attempt) -> str:
    return f"{attempt.kind} {attempt.where[:16]}：{attempt.what} → {attempt.change.put}"


def _summary(name: str, results: Counter[tuple[str, bool]]) -> None:
    for kind in KINDS:
        if whole := results[kind, False]:
            part = results[kind, True]
            print(f"  {name} {kind}: {part} of {whole} = {100 * part / whole:.1f} %")
    sys.stdout.flush()


def main() -> None:
    """Runs the bench on the example in every format, or on the documents of a folder."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--formats", default=",".join(FORMATS))
    parser.add_argument("--every", type=int, default=1, help="try each n-th change only")
    parser.add_argument("--kinds", default=",".join(KINDS))
    parser.add_argument("--folder", type=Path, help="documents to tamper with instead of the example")
    arguments = parser.parse_args()
    sums: Counter[tuple[str, bool]] = Counter()
    kinds = arguments.kinds.split(",")
    if arguments.folder:
        for path in sorted(arguments.folder.iterdir()):
            if path.suffix in READABLE:
                sums.update(run(path, arguments.every, kinds, everywhere=True))
    else:
        account = juesuan.compile(EXAMPLE)
        if not isinstance(account, Account):
            raise SystemExit("the example does not compile")
        with tempfile.TemporaryDirectory() as name:
            for path in juesuan.publish(account, name, arguments.formats.split(",")):
                sums.update(run(path, arguments.every, kinds, everywhere=False))
    _summary("all", sums)


if __name__ == "__main__":
    main()
