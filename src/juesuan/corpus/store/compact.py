"""Shards made into files by year, sorted for both uses; the old ones go only when the new ones are in place."""

from __future__ import annotations

import hashlib
import tempfile
from pathlib import Path

import duckdb
import msgspec

from juesuan.corpus.store.catalog import Catalog, keyed, reading, resolved
from juesuan.corpus.store.folders import Folder
from juesuan.corpus.store.schema import DOCUMENTS, FACTS, KEYED, TABLES, StoreTable, quoted
from juesuan.corpus.store.shards import WRITTEN, tidy
from juesuan.corpus.store.state import CompactedFile, StoreState, existing, save_state

MANY = 64
"""More shards than this are compacted at the end of an ingestion."""

MEMORY = "2GB"
"""What sorting may hold in memory; the rest goes to a temporary folder."""


def compact(store: Folder) -> StoreState:
    """Takes every shard of the store into the files by year, and gives its new state.

    Only years in which something changed are written anew. A crash leaves the state before or the state after.
    """
    state = existing(store)
    tidy(store, state.absorbed)
    state = msgspec.structs.replace(state, absorbed=())
    catalog = Catalog(store, state)
    if not catalog.shards:
        save_state(store, state)
        return state
    with tempfile.TemporaryDirectory(prefix="juesuan-") as folder:
        connection = catalog.connect()
        connection.execute(f"SET memory_limit = '{MEMORY}'; SET temp_directory = '{folder}/spill'")
        catalog.standing(connection)
        # One thread writes: rows in order and groups cut at the same places are the same bytes everywhere.
        connection.execute("SET threads = 1")
        parts = _parts(catalog, connection, Path(folder))
        connection.close()
    absorbed = tuple(shard.name for shard in catalog.shards)
    compacted = msgspec.structs.replace(state, parts=tuple(parts), absorbed=absorbed)
    save_state(store, compacted)
    return cleaned(store, compacted, state)


def cleaned(store: Folder, state: StoreState, before: StoreState | None = None) -> StoreState:
    """Removes what the state does not need any more: shards that were compacted, files that were replaced."""
    present = {part.file for part in state.parts}
    if before is not None:
        for part in before.parts:
            if part.file not in present:
                store.remove(part.file)
    tidy(store, state.absorbed)
    for table in TABLES:
        for name in _files_below(store, table):
            if name not in present:
                store.remove(name)
    if state.absorbed:
        state = msgspec.structs.replace(state, absorbed=())
        save_state(store, state)
    return state


def _files_below(store: Folder, table: str) -> list[str]:
    found = []
    for name in store.names(table):
        if name.endswith(".parquet"):
            found.append(f"{table}/{name}")
        else:
            found.extend(f"{table}/{name}/{inner}" for inner in store.names(f"{table}/{name}"))
    return found


def _parts(catalog: Catalog, connection: duckdb.DuckDBPyConnection, folder: Path) -> list[CompactedFile]:
    changed = _changed_years(catalog, connection)
    parts = []
    for table in TABLES.values():
        if not table.yearly:
            parts.extend(_written(catalog, connection, table, _whole(catalog, table), 0, folder))
            continue
        parts.extend(part for part in catalog.state.parts if part.table == table.name and part.year not in changed)
        for year in changed:
            parts.extend(_written(catalog, connection, table, _of_year(catalog, table, year), year, folder))
    return sorted(parts, key=lambda part: (part.table, part.year, part.file))


def _changed_years(catalog: Catalog, connection: duckdb.DuckDBPyConnection) -> list[int]:
    """The years of new rows, and those in which documents stand otherwise than when they were compacted."""
    new = " UNION ".join(
        f"SELECT DISTINCT year FROM {catalog.rows(table, 'year', parts=False)}"
        for table in TABLES.values()
        if table.yearly or table is DOCUMENTS
    )
    columns = "document, year, unit_code, current"
    old = [catalog.store.url(name) for name in catalog.state.files(DOCUMENTS.name)]
    if old:
        new += f" UNION SELECT year FROM (SELECT {columns} FROM standing EXCEPT SELECT {columns} FROM {reading(old)})"
    return sorted(row[0] for row in connection.execute(new).fetchall())


def _whole(catalog: Catalog, table: StoreTable) -> str:
    if table is DOCUMENTS:
        return "SELECT * FROM standing"
    return f"SELECT * FROM {catalog.rows(table)}"


def _of_year(catalog: Catalog, table: StoreTable, year: int) -> str:
    if table is KEYED:
        facts = f"SELECT * FROM ({resolved(catalog.rows(FACTS), FACTS)}) WHERE year = {year}"
        return f"{keyed(facts)} WHERE document IN (SELECT document FROM standing WHERE current)"
    return f"SELECT * FROM ({resolved(catalog.rows(table), table)}) WHERE year = {year}"


def _written(
    catalog: Catalog, connection: duckdb.DuckDBPyConnection, table: StoreTable, rows: str, year: int, folder: Path
) -> list[CompactedFile]:
    path = folder / "part.parquet"
    order = ", ".join(quoted(name) for name in table.order)
    # Through a table: how the rows were cut among shards would show in the bytes of a file written straight from them.
    connection.execute(f"CREATE OR REPLACE TEMP TABLE part AS {rows} ORDER BY {order}")
    made = connection.execute(f"COPY part TO '{path}' ({WRITTEN})").fetchone()
    connection.execute("DROP TABLE part")
    count = int(made[0]) if made else 0
    if not count:
        return []
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()[:16]
    where = f"{table.name}/year={year}" if table.yearly else table.name
    name = f"{where}/{digest}.parquet"
    catalog.store.put(name, path)
    path.unlink()
    return [CompactedFile(table.name, name, count, year)]
