"""The tables of a store as DuckDB sees them: compacted files and shards together, each document in its standing."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb

from juesuan.corpus.store.folders import Folder
from juesuan.corpus.store.schema import DOCUMENTS, FACTS, FILES, KEYED, TABLES, StoreTable, quoted
from juesuan.corpus.store.shards import Shard, shards_of
from juesuan.corpus.store.state import StoreState

FORMATS = ("json", "docx", "html", "htm", "md", "xlsx", "pdf")
"""Which of several formats of one version stands for it, among those that have the narrative: the most exact first."""


class Catalog:
    """What a store holds at one moment."""

    def __init__(self, store: Folder, state: StoreState) -> None:
        self.store = store
        self.state = state
        self.shards: list[Shard] = shards_of(store, state.absorbed)

    def connect(self) -> duckdb.DuckDBPyConnection:
        """A connection with nothing in it that can reach the store."""
        connection = duckdb.connect()
        connection.execute("SET parquet_metadata_cache = true")
        if self.store.remote:
            connection.register_filesystem(self.store.system)
        return connection

    def rows(self, table: StoreTable, columns: str = "*", *, shards: bool = True, parts: bool = True) -> str:
        """SQL for the rows of a table as they were written, in the columns that shards have."""
        files = [self.store.url(name) for name in self.state.files(table.name)] if parts else []
        if shards:
            files += [self.store.url(shard.file(table.name)) for shard in self.shards if table.name in shard.rows]
        wanted = columns if columns != "*" else ", ".join(quoted(name) for name in table.names)
        if not files:
            return f"(SELECT {wanted} FROM ({_nothing(table)}))"
        return f"(SELECT {wanted} FROM {reading(files)})"

    def standing(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Makes the temporary table `standing`: every document with the columns that follow from all of them."""
        connection.execute("CREATE OR REPLACE TEMP TABLE engines (engine VARCHAR, rank INTEGER)")
        if self.state.engines:
            rows = [[engine, rank] for rank, engine in enumerate(self.state.engines)]
            connection.executemany("INSERT INTO engines VALUES (?, ?)", rows)
        formats = ", ".join(f"'{name}'" for name in FORMATS)
        sql = _STANDING.format(documents=self.rows(DOCUMENTS), files=self.rows(FILES), formats=formats)
        columns = ", ".join(quoted(column.name) for column in DOCUMENTS.all_columns)
        connection.execute(f"CREATE OR REPLACE TEMP TABLE standing AS SELECT {columns} FROM ({sql})")

    def views(self, connection: duckdb.DuckDBPyConnection) -> None:
        """Makes a view of every table."""
        if self.shards:
            self.standing(connection)
            documents = "standing"
        else:
            files = [self.store.url(name) for name in self.state.files(DOCUMENTS.name)]
            documents = reading(files) if files else f"({_nothing(DOCUMENTS, derived=True)})"
        for table in TABLES.values():
            connection.execute(f"CREATE OR REPLACE TEMP VIEW {table.name} AS {self._view(table, documents)}")

    def _view(self, table: StoreTable, documents: str) -> str:
        if table is DOCUMENTS:
            return f"SELECT * FROM {documents}"
        if table is KEYED:
            return self._keyed()
        if table.name == "failures":
            # A file that failed and was read later is no failure any more.
            read = f"SELECT fingerprint, engine FROM {documents}"
            return f"SELECT * FROM {self.rows(table)} WHERE (fingerprint, engine) NOT IN ({read})"
        if not table.yearly or not any(table.name in shard.rows for shard in self.shards):
            return f"SELECT * FROM {self.rows(table)}"
        return resolved(self.rows(table), table)

    def _keyed(self) -> str:
        compacted = f"SELECT * FROM {self.rows(KEYED, shards=False)}"
        if not self.shards:
            return compacted
        before = self.rows(DOCUMENTS, "document", shards=False)
        old = f"SELECT document FROM standing WHERE NOT current AND document IN {before}"
        new = f"SELECT document FROM standing WHERE current AND document NOT IN (SELECT document FROM {before})"
        added = keyed(resolved(self.rows(FACTS, parts=False), FACTS))
        return (
            f"{compacted} WHERE document NOT IN ({old}) "
            f"UNION ALL BY NAME SELECT * FROM ({added}) WHERE document IN ({new})"
        )


def reading(files: Sequence[str]) -> str:
    """The call that reads these Parquet files."""
    listed = ", ".join("'" + name.replace("'", "''") + "'" for name in files)
    return f"read_parquet([{listed}], hive_partitioning = false)"


def resolved(rows: str, table: StoreTable) -> str:
    """Rows of a table with the unit code that their document has when all are known."""
    columns = ", ".join(
        'd."unit_code" AS "unit_code"' if name == "unit_code" else f"r.{quoted(name)}" for name in table.names
    )
    return f"SELECT {columns} FROM {rows} AS r JOIN standing AS d USING (document)"


def keyed(facts: str) -> str:
    """The columns of facts_by_key out of rows of facts."""
    return f"SELECT {', '.join(quoted(name) for name in KEYED.names)} FROM ({facts})"


def _nothing(table: StoreTable, *, derived: bool = False) -> str:
    columns = table.all_columns if derived else table.columns
    return "SELECT " + ", ".join(f"NULL::{c.type} AS {quoted(c.name)}" for c in columns) + " WHERE false"


_STANDING = """
WITH given AS (
    SELECT d.*, coalesce(e.rank, -1) AS rank,
        row_number() OVER (PARTITION BY fingerprint ORDER BY coalesce(e.rank, -1) DESC, document) AS reading
    FROM {documents} AS d LEFT JOIN engines AS e USING (engine)
), said AS (
    SELECT fingerprint, unit_code AS said_code, department_code, region, level, position
    FROM {files} WHERE position IS NOT NULL
    QUALIFY row_number() OVER (PARTITION BY fingerprint ORDER BY position DESC, file DESC, unit_code DESC) = 1
), coded AS (
    SELECT g.*, regexp_replace(g.unit, '\\s', '', 'g') AS name, s.position,
        coalesce(nullif(s.said_code, ''), g.given_code, '') AS code,
        coalesce(s.department_code, '') AS department_code, coalesce(s.region, '') AS region,
        coalesce(s.level, '') AS level
    FROM given AS g LEFT JOIN said AS s USING (fingerprint)
), known AS (
    SELECT name, min(code) AS only_code FROM coded WHERE code <> '' GROUP BY name HAVING count(DISTINCT code) = 1
), named AS (
    SELECT c.*, coalesce(nullif(c.code, ''), k.only_code, '') AS unit_code
    FROM coded AS c LEFT JOIN known AS k ON c.name = k.name AND c.name <> ''
), accounts AS (
    SELECT *, coalesce(nullif(unit_code, ''), nullif(name, ''), '?' || fingerprint)
        || ' ' || year::VARCHAR || ' ' || kind AS account
    FROM named
), editions AS (
    SELECT *, row_number() OVER (
        PARTITION BY reading = 1, account, figures, format ORDER BY date, coalesce(position, -1), file, document
    ) AS edition
    FROM accounts
), latest AS (
    SELECT *, max(row(date, coalesce(position, -1), file, document))
        OVER (PARTITION BY reading = 1, account, figures, edition) AS age
    FROM editions
), versioned AS (
    SELECT *, dense_rank() OVER (PARTITION BY reading = 1, account ORDER BY age)::INTEGER AS version FROM latest
), counted AS (
    SELECT *, max(version) OVER (PARTITION BY reading = 1, account) AS versions,
        row_number() OVER (
            PARTITION BY reading = 1, account, version
            ORDER BY claims = 0, coalesce(list_position([{formats}], format), 99), file, document
        ) AS place
    FROM versioned
)
SELECT * REPLACE (
        CASE WHEN reading > 1 THEN 0 ELSE version END AS version,
        CASE WHEN reading > 1 THEN 0 ELSE versions END AS versions
    ),
    CASE WHEN reading > 1 THEN 'reread' WHEN version < versions THEN 'superseded'
        WHEN place > 1 THEN 'format' ELSE 'current' END AS standing,
    reading = 1 AND version = versions AND place = 1 AS current
FROM counted
"""
"""The standing of every document.

Bytes read again by newer rules stand for those read before. Documents of a unit, year and kind with the same figures
are one version in several formats; of the same format, editions of it. Versions follow each other by the date stated on
the document, then by the line of the manifest, then by name: never by a clock.
"""
