"""Speed of a store: documents ingested per second against reading alone, and questions to many facts against a scan.

    python bench/corpus.py [--facts 10000000] [--documents 60] [--only ingest|query]

The facts are made by DuckDB itself in the layout of a compacted store: synthetic figures of synthetic units over six
years, 300 to a document. Questions are asked warm; the ratio is to a bare scan that sums every amount of facts_by_key.
"""

from __future__ import annotations

import argparse
import importlib
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from juesuan.checker import check
from juesuan.corpus import Store, ingest_files
from juesuan.corpus.store.folders import Folder
from juesuan.corpus.store.schema import DOCUMENTS, FACTS, KEYED, StoreTable, quoted
from juesuan.corpus.store.shards import WRITTEN
from juesuan.corpus.store.state import CompactedFile, StoreState, save_state
from juesuan.reader import read_document

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))
made: Any = importlib.import_module("corpus.documents")
"""The documents of the tests."""

YEARS = range(2018, 2024)
PER_DOCUMENT = 300
RUNS = 15


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--facts", type=int, default=10_000_000)
    parser.add_argument("--documents", type=int, default=60)
    parser.add_argument("--only", choices=["ingest", "query"])
    parser.add_argument("--keep", type=Path, help="a folder in which the synthetic store is kept for the next run")
    options = parser.parse_args()
    if options.only != "query":
        measure_ingest(options.documents)
    if options.only != "ingest":
        folder = options.keep or Path(tempfile.mkdtemp(prefix="juesuan-bench-"))
        try:
            measure_queries(folder / f"store-{options.facts}", options.facts)
        finally:
            if not options.keep:
                shutil.rmtree(folder)


def measure_ingest(documents: int) -> None:
    """Documents per second: reading alone in this process, then ingestion by one worker and by two."""
    with tempfile.TemporaryDirectory(prefix="juesuan-bench-") as name:
        files = made.publish_units(Path(name, "in"), documents)
        for path in files[: len(made.FORMATS)]:
            read_document(path)
        start = time.perf_counter()
        for path in files:
            read_document(path)
        alone = documents / (time.perf_counter() - start)
        print(f"reading alone          {alone:8.1f} documents/s")
        start = time.perf_counter()
        for path in files:
            reading = read_document(path)
            check(reading.account, statute=reading.statute)
        print(f"reading and checking   {documents / (time.perf_counter() - start):8.1f} documents/s")
        for workers in (1, 2):
            start = time.perf_counter()
            ingest_files([f"{name}/in"], f"{name}/store{workers}", workers=workers)
            speed = documents / (time.perf_counter() - start)
            print(f"ingest, {workers} workers      {speed:8.1f} documents/s  ({speed / alone:.2f} of reading alone)")


def measure_queries(path: Path, facts: int) -> None:
    """Milliseconds of the questions that people ask."""
    if not (path / "store.json").exists():
        start = time.perf_counter()
        make_store(path, facts)
        print(f"synthetic store of {facts:,} facts made in {time.perf_counter() - start:.0f} s: {size_of(path):.2f} GB")
    start = time.perf_counter()
    with Store(path) as store:
        print(f"opened in {(time.perf_counter() - start) * 1000:.0f} ms")
        sql = "SELECT document, unit_code FROM documents WHERE year = 2021 ORDER BY unit_code LIMIT 1 OFFSET 500"
        document, unit = store.rows(sql)[0]
        cell = "kind = '决算' AND form = '表5' AND row = '2080101' AND \"column\" = '1' AND period = '本年'"
        questions = {
            "one document": f"SELECT form, row, \"column\", amount FROM facts WHERE document = '{document}'",
            "one document of a unit": f"SELECT * FROM facts WHERE unit_code = '{unit}' AND year = 2021",
            "peer quartiles": f"SELECT quantile_cont(amount, [0.25, 0.5, 0.75]) FROM facts_by_key "
                              f"WHERE year = 2021 AND {cell}",
            "ranking": f"SELECT unit, amount FROM facts_by_key WHERE year = 2021 AND {cell} "
                       f"ORDER BY amount DESC LIMIT 20",
            "six-year trend": f"SELECT year, sum(amount), median(amount) FROM facts_by_key WHERE {cell} "
                              f"GROUP BY year ORDER BY year",
        }  # fmt: skip
        scan = timed(lambda: store.rows("SELECT sum(amount) FROM facts_by_key"))
        print(f"{'bare scan of amounts':24s} {scan:8.1f} ms")
        for name, question in questions.items():
            taken = timed(lambda question=question: store.rows(question))
            print(f"{name:24s} {taken:8.1f} ms  {taken / scan:6.2f} of the bare scan")


def timed(work: Callable[[], object]) -> float:
    """The quickest of some runs in milliseconds, after one to warm up: what others do meanwhile is no part of it."""
    work()
    taken = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return min(taken)


def size_of(path: Path) -> float:
    """Gigabytes of a folder."""
    return sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) / 2**30


def make_store(path: Path, facts: int) -> None:
    """A compacted store of synthetic figures; nobody's accounts."""
    units = max(1, facts // PER_DOCUMENT // len(YEARS))
    store = Folder(path)
    parts: list[CompactedFile] = []
    connection = duckdb.connect()
    connection.execute("SET memory_limit = '4GB'")
    connection.execute(f"SET temp_directory = '{path}-spill'")
    documents = " UNION ALL ".join(
        f"SELECT md5('{year}' || u) AS document, lpad(u::VARCHAR, 6, '0') AS unit_code, "
        f"'合成单位' || u AS unit, {year} AS year FROM range({units}) AS t(u)"
        for year in YEARS
    )
    given = "'synthetic' AS engine, '决算' AS kind, 'national' AS profile, true AS current, 'current' AS standing, "
    written(connection, store, parts, DOCUMENTS, f"SELECT *, {given} unit_code AS given_code FROM ({documents})", 0)
    for year in YEARS:
        rows = f"""
            SELECT md5('{year}' || u) AS document, lpad(u::VARCHAR, 6, '0') AS unit_code, '合成单位' || u AS unit,
                {year} AS year, '决算' AS kind, n AS number, 'national' AS profile, '表' || (1 + n % 9) AS form,
                (2080101 + (n // 9) % 12)::VARCHAR AS row, '某项支出' AS row_name,
                (1 + (n // 108))::VARCHAR AS "column", '合计' AS column_name, '本年' AS period, '元' AS measure,
                (hash(u, n, {year}) % 1000000000)::DECIMAL(18,2) / 100 AS amount, 100 AS resolution,
                1 + n // 40 AS page, 72.0 AS box_left, (800 - n % 40 * 18)::DOUBLE AS box_bottom, 500.0 AS box_right,
                (812 - n % 40 * 18)::DOUBLE AS box_top, false AS recognised
            FROM range({units}) AS t(u), range({PER_DOCUMENT}) AS r(n)"""
        written(connection, store, parts, FACTS, rows, year)
        written(connection, store, parts, KEYED, rows, year)
    connection.close()
    shutil.rmtree(f"{path}-spill", ignore_errors=True)
    save_state(store, StoreState(engines=("synthetic",), parts=tuple(parts)))


def written(
    connection: duckdb.DuckDBPyConnection,
    store: Folder,
    parts: list[CompactedFile],
    table: StoreTable,
    rows: str,
    year: int,
) -> None:
    """Writes the rows as the compacted file of a table, with blanks for the columns that they lack."""
    name = f"{table.name}/year={year}/synthetic.parquet" if year else f"{table.name}/synthetic.parquet"
    target = Path(store.url(name))
    target.parent.mkdir(parents=True, exist_ok=True)
    known = {column[0] for column in connection.execute(f"SELECT * FROM ({rows}) LIMIT 0").description}
    columns = ", ".join(
        f"{quoted(c.name)}::{c.type} AS {quoted(c.name)}" if c.name in known else f"NULL::{c.type} AS {quoted(c.name)}"
        for c in table.all_columns
    )
    order = ", ".join(quoted(name) for name in table.order)
    answer = connection.execute(
        f"COPY (SELECT {columns} FROM ({rows}) ORDER BY {order}) TO '{target}' ({WRITTEN})"
    ).fetchone()
    parts.append(CompactedFile(table.name, name, int(answer[0]) if answer else 0, year))


if __name__ == "__main__":
    main()
