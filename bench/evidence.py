"""Evidence at true size against the bare queries: `make bench`.

11.1 million card holders, 1.3 million messages, 10.5 million heartbeats: examples/wuhan-2022/operations at scale 1,
made once under the temporary folder. Measured are all queries of the library: those of the example's indicators and the
others. The baseline is DuckDB alone: the same queries over views of the same files, without declared types, checks,
counts, time ranges and fingerprints. Target: at most 1.2 times, the best of several runs of each, turn about.
"""

from __future__ import annotations

import argparse
import importlib.util
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from juesuan.scoring.evidence import (
    EvidencePlan,
    WantedEvidence,
    add_binding,
    add_data_set,
    query_names,
    read_plan,
    run_plan,
)
from juesuan.scoring.evidence.declare import Parameter
from juesuan.scoring.evidence.running import parameters_of

HERE = Path(__file__).resolve().parent
BUILD = HERE.parent / "examples" / "wuhan-2022" / "evidenced" / "build.py"
YEAR = 2022
RUNS = 5
OTHER_DATA = {
    "electronic_cards": ("parquet", {"holder": "文本", "signed": "日期", "cancelled": "日期"}),
    "visits": ("parquet", {"hour": "时间", "channel": "文本", "visits": "整数"}),
    "branches": ("csv", {"branch": "文本", "opened": "日期", "closed": "日期"}),
    "terminals": ("csv", {"terminal": "文本", "kind": "文本", "installed": "日期", "removed": "日期"}),
}
"""Data sets that the example's indicators do not need."""
PARAMETERS: dict[str, dict[str, Parameter]] = {
    "repaired_in_time": {"hours": 2},
    "terminals_in_service": {"kind": "自助机"},
}
TARGET = 1.2


def made(folder: Path, scale: float) -> EvidencePlan:
    """The example at `scale`, made unless it is there."""
    if not (folder / "workbook.xlsx").is_file():
        print(f"making the data sets at scale {scale:g} in {folder} …", flush=True)
        described = importlib.util.spec_from_file_location("evidenced_build", BUILD)
        if described is None or described.loader is None:
            raise ImportError(str(BUILD))
        module = importlib.util.module_from_spec(described)
        described.loader.exec_module(module)
        module.build(folder, scale)
    return everything(folder)


def everything(folder: Path) -> EvidencePlan:
    """The example's plan with the queries of the library that it does not use, and their data sets."""
    plan = read_plan(folder / "evidence.toml")
    used = {binding.query.name for binding in plan.bindings}
    for name, (kind, columns) in OTHER_DATA.items():
        add_data_set(plan, name, columns.items(), file=f"data/{name}.{kind}")
    for query in query_names():
        if query not in used:
            add_binding(plan, ["整体支出"], query, query=query, parameters=PARAMETERS.get(query))
    return plan


def bare(plan: EvidencePlan) -> dict[str, object]:
    """Every query once, by DuckDB alone."""
    connection = duckdb.connect(config={"threads": "2"})
    for data in plan.data.values():
        connection.execute(f'CREATE VIEW "{data.name}" AS FROM \'{plan.folder / data.place}\'')
    found: dict[str, object] = {}
    for text, parameters in _distinct(plan).values():
        given = {**parameters_of(YEAR), **parameters}
        named = {name: value for name, value in given.items() if f"${name}" in text}
        found[text] = connection.execute(text, named).fetchall()
    return found


def _distinct(plan: EvidencePlan) -> dict[str, tuple[str, dict[str, object]]]:
    return {repr((b.query.text, b.parameters)): (b.query.text, dict(b.parameters)) for b in plan.bindings}


def ours(plan: EvidencePlan) -> int:
    """Every indicator with its evidence; how many there are."""
    wanted = [WantedEvidence(form, binding.name) for binding in plan.bindings for form in binding.forms]
    found = run_plan(plan, wanted, YEAR)
    for item in found:
        if item.evidence is None:
            raise SystemExit(f"{item.wanted.name}: {item.failure}")
    return len(found)


def measured(folder: Path, what: str) -> tuple[float, float, float]:
    """Seconds, MB and processor seconds of a new process that does `what` (ours or bare), its libraries loaded."""
    script = [sys.executable, __file__, "--folder", str(folder), "--only", what]
    shown = subprocess.run(script, check=True, capture_output=True, text=True).stdout.split()
    return float(shown[0]), float(shown[1]), float(shown[2])


def once(folder: Path, what: str) -> None:
    """Does `what` once and prints seconds and MB."""
    plan = everything(folder)
    start, begun = time.perf_counter(), time.process_time()
    (ours if what == "ours" else bare)(plan)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(time.perf_counter() - start, peak, time.process_time() - begun)


def main() -> None:
    """Prints both times, both peaks and their ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--folder", type=Path, default=None)
    parser.add_argument("--only", choices=["ours", "bare"], default=None)
    options = parser.parse_args()
    folder = options.folder or Path(tempfile.gettempdir()) / f"juesuan-evidence-{options.scale:g}"
    if options.only:
        once(folder, options.only)
        return
    plan = made(folder, options.scale)
    size = sum(path.stat().st_size for path in (folder / "data").iterdir()) / 1e6
    # Turn about, so that whatever else the machine does falls on both; the best of each is what they can do.
    pairs = [(measured(folder, "ours"), measured(folder, "bare")) for _ in range(RUNS + 1)][1:]
    # Each measure by itself: the run with the best time need not be that with the least work.
    whole, alone = ([min(pair[side][n] for pair in pairs) for n in range(3)] for side in (0, 1))
    count = sum(len(binding.forms) for binding in plan.bindings)
    for name, (seconds, peak, work) in (
        (f"evidence of {count} indicators, {size:.0f} MB of data", whole), ("baseline: the bare queries", alone)
    ):
        print(f"{name:42} {seconds:6.2f} s, {work:.2f} s of processors   peak {peak:.0f} MB")
    time_ratio, memory_ratio, work_ratio = (one / other for one, other in zip(whole, alone, strict=True))
    print(f"ratio {time_ratio:.2f} of time, {work_ratio:.2f} of processor time, {memory_ratio:.2f} of memory   "
          f"(target {TARGET} of time)")


if __name__ == "__main__":
    main()
