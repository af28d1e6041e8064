"""Where queries run: a database of its own with nothing but the named data sets, closed to everything else."""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType

import duckdb

from juesuan.account import DataUsed, quoted
from juesuan.scoring.evidence.database_errors import query_failure
from juesuan.scoring.evidence.declare import DataSet, QueryLimits
from juesuan.scoring.evidence.errors import EvidenceError
from juesuan.scoring.evidence.guard import allow, one_select
from juesuan.scoring.evidence.opening import OpenedData, file_fingerprint, open_data, stamp_of

Row = tuple[object, ...]
DATABASES = ("SQLite", "PostgreSQL")
"""Kinds of data whose fingerprint is that of the declared columns of the table: a database's files change by itself."""


class Sandbox:
    """The data sets `data`, opened; queries over them by `run`, and what they hold by `used`.

    A data set that cannot be opened fails the queries that name it, and no other. Once it is entered the database can
    read the files of the data sets and nothing else: no other file, no network, no extension, no setting.
    """

    def __init__(self, data: Collection[DataSet], folder: Path, limits: QueryLimits) -> None:
        self._data = {item.name: item for item in data}
        self._folder = folder
        self._limits = limits
        self._failures: dict[str, EvidenceError] = {}
        self._opened: dict[str, OpenedData] = {}
        self._used: dict[str, DataUsed] = {}
        self._prints: dict[str, Future[str]] = {}

    def __enter__(self) -> Sandbox:
        self._aside = tempfile.TemporaryDirectory(prefix="juesuan-evidence-")
        self._pool = ThreadPoolExecutor(1)
        self._connection = duckdb.connect(
            config={
                "autoload_known_extensions": "false",
                "autoinstall_known_extensions": "false",
                "allow_community_extensions": "false",
                "python_enable_replacements": "false",
                "threads": "2",
            }
        )
        for name, data in self._data.items():
            try:
                self._opened[name] = open_data(self._connection, data, self._folder, Path(self._aside.name))
            except EvidenceError as error:
                self._failures[name] = error
        for name, opened in self._opened.items():
            if opened.source is not None and opened.data.kind not in DATABASES:
                self._prints[name] = self._pool.submit(file_fingerprint, opened.source)
        self._lock()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown()
        self._connection.close()
        self._aside.cleanup()

    def _lock(self) -> None:
        paths = sorted({str(path) for opened in self._opened.values() for path in opened.paths})
        listed = ", ".join(quoted(path, "'") for path in paths)
        for setting in (
            "TimeZone = 'Asia/Shanghai'",
            f"memory_limit = '{self._limits.memory_mb}MB'",
            f"max_execution_time = {self._limits.seconds * 1000}",
            f"temp_directory = {quoted(self._aside.name, chr(39))}",
            f"allowed_paths = [{listed}]",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            self._connection.execute(f"SET {setting}")

    def run(self, text: str, parameters: Mapping[str, object]) -> tuple[list[Row], list[str], tuple[DataUsed, ...]]:
        """At most two rows of the query with the names of its columns, and the data sets it read.

        Raises EvidenceError, in Chinese, for what is not allowed, does not work or reads nothing.
        """
        columns = {column for data in self._data.values() for column, _ in data.columns}
        allowed = allow(text, tuple(self._data), columns)
        if not allowed.data:
            raise EvidenceError("查询没有读取任何数据集，不能作为佐证")
        for name in allowed.data:
            if name in self._failures:
                raise self._failures[name]
        unknown = sorted(allowed.parameters - set(parameters))
        if unknown:
            raise EvidenceError(f"查询要用参数“{'、'.join(unknown)}”，没有给出；请写在 parameters 里")
        given = {name: parameters[name] for name in allowed.parameters}
        try:
            # A closed database still lets COPY write to the files that it may read: whatever the check lets through,
            # nothing but one SELECT is run. One row is wanted; a second shows that there are more.
            done = self._connection.execute(one_select(f"SELECT * FROM (\n{allowed.text}\n) LIMIT 2"), given)
            names = [str(column[0]) for column in done.description]
            rows = done.fetchmany(2)
        except duckdb.Error as error:
            raise EvidenceError(query_failure(error, self._limits.seconds, self._limits.memory_mb)) from error
        return rows, names, tuple(self.used(name) for name in allowed.data)

    def used(self, name: str) -> DataUsed:
        """What the data set `name` holds: rows, time range and fingerprint. Raises EvidenceError where it is empty."""
        if name in self._failures:
            raise self._failures[name]
        if name not in self._used:
            self._used[name] = self._summary(self._opened[name])
        found = self._used[name]
        if not found.rows and not found.empty_allowed:
            raise EvidenceError(f"数据集“{name}”（{found.place}）没有一行数据；"
                                "确实可以为空的，请声明 may_be_empty = true")
        return found

    def _summary(self, opened: OpenedData) -> DataUsed:
        data = opened.data
        time = quoted(data.time) if data.time else "NULL"
        try:
            row = self._connection.execute(
                f"SELECT count(*), CAST(min({time}) AS VARCHAR), CAST(max({time}) AS VARCHAR) FROM {quoted(data.name)}"
            ).fetchone()
        except duckdb.Error as error:
            raise EvidenceError(query_failure(error, self._limits.seconds, self._limits.memory_mb)) from error
        rows, begins, ends = row if row else (0, None, None)
        return DataUsed(
            data.name, data.kind, data.place, self._fingerprint(opened), rows, data.table, data.columns, data.renamed,
            data.time, begins or "", ends or "", data.empty_allowed,
        )

    def _fingerprint(self, opened: OpenedData) -> str:
        if opened.data.name in self._prints:
            return self._prints[opened.data.name].result()
        table = quoted(opened.data.name)
        row = self._connection.execute(
            f"WITH hashes(hash_) AS (SELECT sha256(CAST(to_json(row_) AS VARCHAR)) FROM {table} AS row_) "
            "SELECT sha256(COALESCE(string_agg(hash_, '' ORDER BY hash_), '')) FROM hashes"
        ).fetchone()
        return str(row[0]) if row else ""

    def changed(self) -> list[str]:
        """The data sets whose file has changed since it was opened: their results cannot be relied on."""
        return [
            name
            for name, opened in self._opened.items()
            if opened.source is not None
            and (not opened.source.is_file() or stamp_of(opened.source) != opened.stamp)
        ]
