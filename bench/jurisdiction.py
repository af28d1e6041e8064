"""A city's ledger to the tables of all its units, against the bare DuckDB queries: `make bench`.

The ledger (Parquet, synthetic, the same on every run) has 30,000,000 lines of 3,000 units in 100 departments. Ours
gives every cell of the nine tables of every unit, department and the city, with problems and relations. The baseline in
the same run, in a process of its own with the same memory limit, is what one would write by hand for these tables: one
bare query for each that a ledger fills, its result kept, without the checks, computed rows and departments that ours
gives. Besides, for what it is, the least that reading and adding up the file takes: one single query that groups it by
unit and all keys, which gives none of the tables.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from juesuan.corpus.jurisdiction.compilation import MEMORY, compile_jurisdiction
from juesuan.corpus.jurisdiction.model import UNIT
from juesuan.corpus.jurisdiction.organisation import Member, OrganisationList
from juesuan.statute import load_statute

ROWS, UNITS, DEPARTMENTS = 30_000_000, 3_000, 100
KEYS = ("单位编码", "收支类别", "资金来源", "功能分类科目编码", "经济分类", "支出性质", "项目名称")
TABLES = {
    "表1": ("收支类别", "资金来源"),
    "表2": ("收支类别", "资金来源", "功能分类科目编码"),
    "表3": ("收支类别", "支出性质", "功能分类科目编码"),
    "表4": ("收支类别", "资金来源", "功能分类科目编码"),
    "表5": ("资金来源", "支出性质", "功能分类科目编码"),
    "表6": ("资金来源", "支出性质", "经济分类"),
    "表7": ("收支类别", "资金来源", "支出性质", "功能分类科目编码"),
    "表8": ("资金来源", "支出性质", "功能分类科目编码"),
}


def organisation(units: int) -> OrganisationList:
    """Departments with their units, each with an office of its own."""
    departments = [Member(f"{100 + d}", f"合成局{d}", level="部门") for d in range(DEPARTMENTS)]
    members = [
        Member(unit_code(n), f"合成单位{n}", f"{100 + n % DEPARTMENTS}", "本级" if n < DEPARTMENTS else "下属")
        for n in range(units)
    ]
    return OrganisationList((*departments, *members))


def unit_code(number: int) -> str:
    """The code of a unit: that of its department and a number."""
    return f"{100 + number % DEPARTMENTS}{number // DEPARTMENTS:03}"


def write_ledger(path: Path, rows: int, units: int) -> None:
    """The ledger: each unit spends on 12 items by 9 economic codes and 5 projects, and receives and carries over."""
    statute = load_statute("national", 2022)
    items = [code.code for code in statute.functional.of_year(2022) if len(code.code) == 7][::6][:150]
    economies = ("30101", "30102", "30103", "30107", "30199", "30201", "30207", "30211", "30227")
    with duckdb.connect() as connection:
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(
            f"""
            COPY (
                SELECT printf('%d%03d', 100 + u % {DEPARTMENTS}, u // {DEPARTMENTS}) AS "单位编码",
                    CASE WHEN k % 40 = 0 THEN '收入' WHEN k % 40 = 1 THEN '年初结转' ELSE '支出' END AS "收支类别",
                    CASE WHEN k % 40 = 1 OR k % 80 = 40 OR k % 40 > 1 AND k % 10 >= 8 THEN '39' ELSE '111' END
                        AS "资金来源",
                    list_extract({items}, CAST((u * 7 + k % 12) % {len(items)} + 1 AS INTEGER)) AS "功能分类科目编码",
                    CASE WHEN k % 40 < 2 OR k % 5 = 3 THEN ''
                        ELSE list_extract({list(economies)}, CAST(k % 9 + 1 AS INTEGER)) END AS "经济分类",
                    CASE WHEN k % 40 < 2 THEN '' WHEN k % 5 = 3 THEN '项目支出' ELSE '基本支出' END AS "支出性质",
                    CASE WHEN k % 40 >= 2 AND k % 5 = 3 THEN '项目' || (k % 25) ELSE '' END AS "项目名称",
                    CAST(k % 12 + 1 AS INTEGER) AS "月份",
                    CAST(CASE WHEN k % 40 < 2 THEN 300000000 ELSE 1 + i * 7919 % 100000 END / 100.0 AS DECIMAL(18, 2))
                        AS "金额"
                FROM (SELECT i, i % {units} AS u, i // {units} AS k FROM range({rows}) t(i))
            ) TO '{path}'
            """
        )


def ours(path: Path, units: int) -> None:
    """All tables of all units."""
    statute = load_statute("national", 2022)
    with compile_jurisdiction([path], organisation(units), statute) as made:
        cells = made.connection.execute("SELECT count(*), sum(fen) FROM amounts").fetchone()
        if len(made.units(UNIT)) != units or made.problems or cells is None:
            raise SystemExit(f"the ledger was not read: {made.problems[:3]}")
        print(f"cells {cells[0]:,}, broken relations {len(made.faults):,}")


def bare(path: Path, grouped: tuple[tuple[str, ...], ...]) -> None:
    """One bare query for each grouping, their results kept."""
    with tempfile.TemporaryDirectory() as folder, duckdb.connect(str(Path(folder) / "bare.duckdb")) as connection:
        connection.execute(f"SET memory_limit = '{MEMORY}'")
        connection.execute(f"SET temp_directory = '{folder}'")
        connection.execute("SET preserve_insertion_order = false")
        for number, keys in enumerate(grouped):
            names = ", ".join(f'"{key}"' for key in dict.fromkeys(("单位编码", *keys)))
            connection.execute(
                f"CREATE TABLE t{number} AS SELECT {names}, sum(\"金额\"), count(*) FROM '{path}' GROUP BY ALL"
            )


def measured(work: str, path: Path, units: int, runs: int) -> tuple[float, float]:
    """The least seconds and the peak megabytes of `runs` processes that do `work`, after one that warms the disk."""
    seconds, peak = [], 0.0
    for _ in range(runs + 1):
        command = [sys.executable, __file__, "--work", work, "--file", str(path), "--units", str(units)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        *said, took, memory = done.stdout.split("\n")[:-1]
        seconds.append(float(took))
        peak = max(peak, float(memory))
    if said:
        print("  " + " ".join(said))
    return min(seconds[1:]), peak


def main() -> None:
    """Runs all three and prints their figures."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--units", type=int, default=UNITS)
    parser.add_argument("--runs", type=int, default=2)
    parser.add_argument("--work")
    parser.add_argument("--file", type=Path)
    options = parser.parse_args()
    if options.work:
        start = time.perf_counter()
        if options.work == "ours":
            ours(options.file, options.units)
        else:
            bare(options.file, (KEYS,) if options.work == "one" else tuple(TABLES.values()))
        print(f"{time.perf_counter() - start:.3f}")
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.parquet"
        start = time.perf_counter()
        write_ledger(path, options.rows, options.units)
        took = time.perf_counter() - start
        size = path.stat().st_size / 1e6
        print(f"{options.rows:,} ledger lines of {options.units:,} units written in {took:.1f} s, {size:.0f} MB")
        names = {
            "ours": "all tables of all units, departments and the city",
            "each": "baseline: bare queries, one per table",
            "one": "for comparison: one single query, no tables",
        }
        found = {work: measured(work, path, options.units, options.runs) for work in names}
    mine, peak = found["ours"]
    print(f"{mine / found['each'][0]:.2f} times the bare queries of the same tables (target 1.20), "
          f"peak memory {peak:,.0f} MB (target 2,000)")  # fmt: skip
    for work, name in names.items():
        seconds, peak = found[work]
        ratio = "" if work == "ours" else f"   ours / this {mine / seconds:.2f}"
        print(f"  {name:55} {seconds:7.2f} s   peak {peak:5.0f} MB{ratio}")


if __name__ == "__main__":
    main()
