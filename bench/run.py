"""Speed and memory against named baselines in the same run: `make bench`.

1. The example compiled into all formats by a new process, against a new process that only loads the same libraries,
   starts the chart engine and sets an empty page (target: at most 3 s on two cores).
2. A ledger of 3 million rows to all tables, against the bare DuckDB query that groups the same file by the same columns
   (target: at most 1.2 times).
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import duckdb

from juesuan.compiler.ledger.entries import read_ledger
from juesuan.compiler.tables import fill_tables
from juesuan.statute import load_statute

EXAMPLE = Path(__file__).resolve().parent.parent / "examples" / "wuhan-2022"
LIBRARIES = """
import click, docx, duckdb, jinja2, lark, msgspec, openpyxl, typst, vl_convert, xlsxwriter, yaml
vl_convert.vegalite_to_svg({"data": {"values": [{"a": 1}]}, "mark": "bar", "encoding": {"y": {"field": "a"}}})
typst.Compiler(b"#pagebreak()").compile(format="pdf")
"""
RUNS = 5
ROWS = 3_000_000
KEYS = ["单位编码", "收支类别", "资金来源", "EXP_FUNC_CODE", "DEP_BGT_ECO_CODE", "支出性质", "项目名称"]


def timed(work: Callable[[], object], runs: int) -> float:
    """The median seconds of `runs` runs after one to warm the disk."""
    work()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        taken.append(time.perf_counter() - start)
    return median(taken)


def bench_compile(folder: Path) -> None:
    """The whole process against the libraries alone."""
    ours = [sys.executable, "-m", "juesuan.cli", "compile", str(EXAMPLE / "ledger.csv"), str(EXAMPLE / "workbook.xlsx")]
    whole = timed(lambda: subprocess.run([*ours, "-o", str(folder)], check=True, capture_output=True), RUNS)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    bare = timed(lambda: subprocess.run([sys.executable, "-c", LIBRARIES], check=True, capture_output=True), RUNS)
    print(f"example, all formats, new process   {whole:6.2f} s   peak {peak:.0f} MB")
    print(f"baseline: its libraries alone       {bare:6.2f} s   ratio {whole / bare:.2f}   (target 3.00 s)")


def write_ledger(connection: duckdb.DuckDBPyConnection, path: Path, rows: int) -> None:
    """A ledger of one unit over many items, codes, projects and months, the same on every run."""
    connection.execute(
        f"""
        COPY (
            SELECT '128010' AS "单位编码", '支出' AS "收支类别", '一般公共预算' AS "资金来源",
                   ['2080108', '2080150', '2080199', '2080502', '2080505', '2101102', '2101199', '2210201'][i % 8 + 1]
                       AS "EXP_FUNC_CODE",
                   ['30101', '30102', '30107', '30108', '30110', '30113', '30201', '30213', '30227'][i % 9 + 1]
                       AS "DEP_BGT_ECO_CODE",
                   CASE WHEN i % 5 = 0 THEN '项目支出' ELSE '基本支出' END AS "支出性质",
                   CASE WHEN i % 5 = 0 THEN '项目' || (i % 35) ELSE '' END AS "项目名称",
                   i % 12 + 1 AS "月份", CAST((i * 7919 % 100000) / 100.0 AS DECIMAL(18, 2)) AS "金额"
            FROM range({rows}) t(i)
        ) TO '{path}'
        """
    )


def bench_ledger(folder: Path, rows: int) -> None:
    """Ledger to tables against the bare query, CSV and Parquet."""
    statute = load_statute("wuhan-2022")
    group = ", ".join(f'"{key}"' for key in KEYS)
    for kind in ("parquet", "csv"):
        path = folder / f"ledger.{kind}"
        with duckdb.connect() as connection:
            write_ledger(connection, path, rows)
        reader = f"read_csv('{path}', all_varchar = true)" if kind == "csv" else f"'{path}'"
        query = f'SELECT {group}, sum("金额"::DECIMAL(18, 2)), count(*) FROM {reader} GROUP BY ALL'

        def bare(query: str = query) -> None:
            with duckdb.connect() as connection:
                connection.execute(query).fetchall()

        def tables(path: Path = path) -> None:
            found = read_ledger(path, statute, unit="128010")
            filled = fill_tables(found.entries, found.facts, statute)
            if found.problems or not filled.facts:
                raise SystemExit(f"the ledger was not read: {found.problems[:3]}")

        ours, baseline = timed(tables, RUNS), timed(bare, RUNS)
        print(f"{rows:,} rows of {kind} to tables        {ours:6.2f} s   {rows / ours / 1e6:.1f} M rows/s")
        print(f"baseline: bare DuckDB query         {baseline:6.2f} s   ratio {ours / baseline:.2f}   (target 1.20)")


def main() -> None:
    """Runs both benchmarks and prints their figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=ROWS)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        bench_compile(Path(name) / "out")
        bench_ledger(Path(name), options.rows)


if __name__ == "__main__":
    main()
