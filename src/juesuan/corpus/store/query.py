"""A store to be asked: by SQL, as DuckDB relations, Arrow, pandas or Polars."""

from __future__ import annotations

import importlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

from juesuan.account import Account, JuesuanError, from_json
from juesuan.corpus.store.catalog import Catalog
from juesuan.corpus.store.folders import Folder, StoreError
from juesuan.corpus.store.schema import TABLES
from juesuan.corpus.store.state import existing


class QueryError(JuesuanError):
    """A question that cannot be answered; the message says in Chinese why."""


class Store:
    """A store opened for reading: what it held at that moment, whatever is written meanwhile.

    Nothing outside of the store can be reached by the questions put to it, and nothing can be written.
    """

    def __init__(self, path: str | Path, *, threads: int = 0, memory: str = "", output: Path | None = None) -> None:
        """Opens the store at `path`, a folder or an address that fsspec knows. Raises StoreError.

        `output` is the one file that `write_parquet` may write.
        """
        self.place = Folder(path)
        catalog = Catalog(self.place, existing(self.place))
        self.engines = catalog.state.engines
        self.connection = catalog.connect()
        self._spill = tempfile.TemporaryDirectory(prefix="juesuan-")
        self.connection.execute(f"SET temp_directory = '{self._spill.name}'")
        if threads:
            self.connection.execute(f"SET threads = {int(threads)}")
        if memory:
            self.connection.execute("SET memory_limit = ?", [memory])
        try:
            catalog.views(self.connection)
        except duckdb.Error as error:
            raise StoreError(f"{path}：库里的文件读不出来（{error}）。正在整理时请稍后再试。") from None
        self._lock(output)

    def _lock(self, output: Path | None) -> None:
        base = self.place.url("").rstrip("/")
        folders = [f"{base}/"]
        if self.place.remote:
            scheme, _, rest = base.partition("://")
            folders.append(f"{scheme}:///{rest.lstrip('/')}/")
        listed = ", ".join("'" + folder.replace("'", "''") + "'" for folder in folders)
        if output is not None:
            aside = str(_aside(output)).replace("'", "''")
            self.connection.execute(f"SET allowed_paths = ['{aside}']")
        self.connection.execute(f"SET allowed_directories = [{listed}]")
        self.connection.execute("SET enable_external_access = false")
        self.connection.execute("SET lock_configuration = true")

    def __enter__(self) -> Store:
        return self

    def __exit__(self, *problem: object) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the store."""
        self.connection.close()
        self._spill.cleanup()

    def query(self, sql: str, parameters: list[Any] | None = None) -> duckdb.DuckDBPyRelation:
        """The answer to one SELECT as a DuckDB relation. Raises QueryError for anything else."""
        try:
            statements = self.connection.extract_statements(sql)
            if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
                raise QueryError("只能查询：请给一条 SELECT 语句，库不能由查询改动。")
            relation = self.connection.sql(sql, params=parameters) if parameters else self.connection.sql(sql)
        except duckdb.Error as error:
            raise explained(error) from None
        if relation is None:
            raise QueryError("这条语句没有结果；请给一条 SELECT 语句。")
        return relation

    def rows(self, sql: str, parameters: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """The rows of the answer. Raises QueryError."""
        try:
            return self.query(sql, parameters).fetchall()
        except duckdb.Error as error:
            raise explained(error) from None

    def table(self, name: str) -> duckdb.DuckDBPyRelation:
        """A table as a relation, by its name in the schema. Raises QueryError."""
        if name not in TABLES:
            raise QueryError(f"没有“{name}”这个表；有：{'、'.join(TABLES)}。")
        return self.query(f"SELECT * FROM {name}")

    def arrow(self, sql: str) -> Any:
        """The answer as a pyarrow Table."""
        _needed("pyarrow")
        return self.query(sql).to_arrow_table()

    def pandas(self, sql: str) -> Any:
        """The answer as a pandas DataFrame with Arrow types: amounts stay decimals, never floats."""
        pandas = _needed("pandas")
        return self.arrow(sql).to_pandas(types_mapper=pandas.ArrowDtype)

    def polars(self, sql: str) -> Any:
        """The answer as a Polars DataFrame; amounts are decimals."""
        polars = _needed("polars")
        return polars.from_arrow(self.arrow(sql))

    def write_parquet(self, sql: str, output: Path) -> None:
        """Writes the answer to `output`, which the store was opened with; the file is complete or not there."""
        aside = _aside(output)
        try:
            self.query(sql).write_parquet(str(aside), compression="zstd")
        except duckdb.Error as error:
            raise explained(error) from None
        aside.replace(output)

    def account(self, document: str) -> Account:
        """The account of a document, whole. Raises QueryError where there is none."""
        rows = self.rows("SELECT json FROM accounts WHERE document = ?", [document])
        if not rows:
            raise QueryError(f"库里没有文件“{document}”；documents 表列出全部文件。")
        return from_json(rows[0][0])


def fetched(relation: Any) -> Iterator[tuple[Any, ...]]:
    """The rows of an answer, fetched some at a time. Raises QueryError."""
    try:
        yield from relation.iter_rows()
    except duckdb.Error as error:
        raise explained(error) from None


def _aside(output: Path) -> Path:
    return output.absolute().with_name(f".{output.name}.part")


def _needed(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise QueryError(f"这种形式需要安装 {name}：pip install {name}。") from None


def explained(error: duckdb.Error) -> QueryError:
    """What DuckDB says, in words for people."""
    text = str(error).partition("\n\nLINE")[0].strip()
    if isinstance(error, duckdb.PermissionException):
        return QueryError("只能查询库里的表，不能读写库以外的文件。")
    return QueryError(f"查询有误：{text}")
