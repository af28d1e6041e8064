"""Shards: the tables of some documents, written once and never changed; what counts is what its `shard.json` lists."""

from __future__ import annotations

import hashlib
import json
import tempfile
import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from juesuan.corpus.store.folders import PART, Folder
from juesuan.corpus.store.schema import STORED, StoreTable, struct_of

FOLDER = "shards"
COMMIT = "shard.json"
WRITTEN = "FORMAT parquet, COMPRESSION zstd"

_WRITING = threading.Lock()
"""A connection serves one thread at a time, and a worker of a cluster may have several."""

Rows = dict[str, list[dict[str, Any]]]
"""Rows by the name of their table."""


class Shard(msgspec.Struct, frozen=True):
    """A complete shard: its name and how many rows it has in each table that it has rows in."""

    name: str
    rows: dict[str, int]

    def file(self, table: str) -> str:
        """The name in the store of the file with the rows of a table."""
        return f"{FOLDER}/{self.name}/{table}.parquet"


def shard_name(*parts: object) -> str:
    """A name made of what goes in: the same work has the same name, in every run and on every machine."""
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def is_complete(store: Folder, name: str) -> bool:
    """Whether the shard of this name is there whole."""
    return store.read(f"{FOLDER}/{name}/{COMMIT}") is not None


def write_shard(store: Folder, name: str, rows: Mapping[str, Sequence[Mapping[str, Any]]]) -> Shard:
    """Writes the tables of a shard, and at last the list of them: until then none of it counts."""
    counts: dict[str, int] = {}
    with tempfile.TemporaryDirectory(prefix="juesuan-") as folder:
        for table in STORED:
            given = rows.get(table.name, ())
            if given:
                path = Path(folder, "table.parquet")
                write_rows(table, given, path)
                store.put(f"{FOLDER}/{name}/{table.name}.parquet", path)
                counts[table.name] = len(given)
    shard = Shard(name, counts)
    store.put(f"{FOLDER}/{name}/{COMMIT}", msgspec.json.encode(shard) + b"\n")
    return shard


def write_rows(table: StoreTable, rows: Iterable[Mapping[str, Any]], path: Path) -> None:
    """Writes rows as Parquet, the same bytes for the same rows."""
    lines = path.with_suffix(".json")
    encode = msgspec.json.Encoder(decimal_format="string").encode
    with lines.open("wb") as file:
        for row in rows:
            file.write(encode(row))
            file.write(b"\n")
    source = f"read_json('{lines}', format = 'newline_delimited', columns = {struct_of(table.columns)}, \
maximum_object_size = {2**30})"
    with _WRITING:
        _writer().execute(f"COPY (SELECT * FROM {source}) TO '{path}' ({WRITTEN})")
    lines.unlink()


def shards_of(store: Folder, without: Iterable[str] = ()) -> list[Shard]:
    """The complete shards of a store, in order of name."""
    left_out = set(without)
    found = []
    for name in store.names(FOLDER):
        if name in left_out:
            continue
        data = store.read(f"{FOLDER}/{name}/{COMMIT}")
        if data is not None:
            found.append(msgspec.json.decode(data, type=Shard))
    return found


def tidy(store: Folder, absorbed: Iterable[str]) -> None:
    """Removes what killed runs left behind: files half written, shards half written, shards that were compacted."""
    gone = set(absorbed)
    committed: set[str] = set()
    files = store.files()
    for file in files:
        folder, _, rest = file.partition("/")
        if folder == FOLDER and rest.endswith(f"/{COMMIT}"):
            committed.add(rest.partition("/")[0])
    for file in files:
        folder, _, rest = file.partition("/")
        name = rest.partition("/")[0]
        # The list goes last: a shard whose removal was cut short is still known to be one that was compacted.
        half = folder == FOLDER and name not in committed
        if PART in file or half or (folder == FOLDER and name in gone and not file.endswith(COMMIT)):
            store.remove(file)
    for name in gone & committed:
        store.remove(f"{FOLDER}/{name}/{COMMIT}")


@cache
def _writer() -> duckdb.DuckDBPyConnection:
    """One thread: rows stay in order and groups of rows are cut at the same places."""
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    return connection
