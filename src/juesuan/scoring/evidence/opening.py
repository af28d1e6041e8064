"""Data sets opened for the database: files as views over themselves, databases as tables with the declared types."""

from __future__ import annotations

import csv
import sqlite3
import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from hashlib import file_digest
from pathlib import Path
from typing import TextIO

import duckdb
import msgspec

from juesuan.account import has_more_tags, os_error_text, plain, quoted
from juesuan.scoring.evidence.declare import DataSet, in_data
from juesuan.scoring.evidence.errors import EvidenceError

SNIFFED = 1 << 20
DELIMITERS = ",\t;|"


class OpenedData(msgspec.Struct):
    """A data set that queries can name. `paths` are the files the database may read while they run."""

    data: DataSet
    source: Path | None = None
    paths: tuple[Path, ...] = ()
    stamp: tuple[int, int] = (0, 0)
    """Size and time of the source when it was opened: both must be the same when the queries are done."""


def open_data(connection: duckdb.DuckDBPyConnection, data: DataSet, folder: Path, aside: Path) -> OpenedData:
    """Makes `data` a view or table of that name; `aside` takes copies of what the database cannot read itself.

    Raises EvidenceError where the data is missing, cannot be read, or has other columns than declared.
    """
    if data.kind == "PostgreSQL":
        from juesuan.scoring.evidence.postgresql import copy_table

        copy = aside / f"{data.name}.csv"
        with copy.open("w", encoding="utf-8", newline="") as file:
            copy_table(data, lambda rows: _write_rows(file, rows))
        _load(connection, data, copy)
        return OpenedData(data)
    source = (folder / data.place).resolve()
    if not source.is_file():
        raise EvidenceError(f"找不到数据集“{data.name}”的文件 {data.place}；请检查路径和文件名")
    stamp = stamp_of(source)
    try:
        paths = _open_file(connection, data, source, aside)
    except duckdb.Error as error:
        raise EvidenceError(f"数据集“{data.name}”的文件 {data.place} 打不开，或不是 {data.kind}") from error
    except OSError as error:
        raise EvidenceError(f"数据集“{data.name}”的文件 {data.place} 打不开（{os_error_text(error)}）") from error
    return OpenedData(data, source, paths, stamp)


def stamp_of(path: Path) -> tuple[int, int]:
    """Size and time of change of a file."""
    state = path.stat()
    return state.st_size, state.st_mtime_ns


def file_fingerprint(path: Path) -> str:
    """The SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _open_file(
    connection: duckdb.DuckDBPyConnection, data: DataSet, source: Path, aside: Path
) -> tuple[Path, ...]:
    if data.kind == "Parquet":
        _view_parquet(connection, data, source)
        return (source,)
    if data.kind == "CSV":
        return (_view_csv(connection, data, source, aside),)
    copy = aside / f"{data.name}.csv"
    with copy.open("w", encoding="utf-8", newline="") as file:
        _write_rows(file, _sqlite_rows(data, source) if data.kind == "SQLite" else _excel_rows(data, source))
    _load(connection, data, copy)
    return ()


def _missing(data: DataSet, present: Sequence[str]) -> None:
    missing = [name for name in in_data(data) if name not in present]
    if missing:
        raise EvidenceError(f"数据集“{data.name}”（{data.place}）里没有列“{'、'.join(missing)}”；"
                            f"它的列是：{'、'.join(present)}")


def _view_parquet(connection: duckdb.DuckDBPyConnection, data: DataSet, source: Path) -> None:
    relation = f"read_parquet({quoted(str(source), chr(39))})"
    found = {str(row[0]): str(row[1]) for row in connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()}
    _missing(data, list(found))
    parts = []
    for (column, kind), name in zip(data.columns, in_data(data), strict=True):
        if kind == "VARCHAR" and found[name] != "VARCHAR":
            raise EvidenceError(f"数据集“{data.name}”的列“{name}”声明为文本，文件里却是 {found[name]}；"
                                "数字里开头的 0 已经丢失，请从原系统按文本重新导出，或改声明")
        expression = quoted(name) if found[name] == kind else f"CAST({quoted(name)} AS {kind})"
        parts.append(f"{expression} AS {quoted(column)}")
    connection.execute(f"CREATE VIEW {quoted(data.name)} AS SELECT {', '.join(parts)} FROM {relation}")


def _view_csv(connection: duckdb.DuckDBPyConnection, data: DataSet, source: Path, aside: Path) -> Path:
    with source.open("rb") as file:
        start = file.read(SNIFFED)
    if not start:
        raise EvidenceError(f"数据集“{data.name}”的文件 {data.place} 是空的")
    encoding = _encoding(start)
    path = source
    if encoding != "utf-8-sig":
        path = aside / f"{data.name}.csv"
        _recode(data, source, encoding, path)
    lines = start.decode(encoding, "ignore").splitlines()[:10]
    delimiter = max(DELIMITERS, key=lambda mark: max((line.count(mark) for line in lines), default=0))
    header = [name.strip() for name in next(csv.reader(lines, delimiter=delimiter), [])]
    _missing(data, header)
    if len(set(header)) < len(header):
        raise EvidenceError(f"数据集“{data.name}”（{data.place}）有同名的列；请改名后重新导出")
    types = dict(zip(in_data(data), (kind for _, kind in data.columns), strict=True))
    _create_csv(connection, data, path, [(name, types.get(name, "VARCHAR")) for name in header], delimiter, "VIEW")
    return path


def _encoding(start: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            # The stretch may end in the middle of a sign.
            start[:-4].decode(encoding) if len(start) == SNIFFED else start.decode(encoding)
        except UnicodeDecodeError as error:
            if len(start) == SNIFFED and error.start > SNIFFED - 8:
                return encoding
            continue
        return encoding
    return ""


def _recode(data: DataSet, source: Path, encoding: str, path: Path) -> None:
    try:
        with source.open(encoding=encoding or "utf-8", newline="") as old, path.open(
            "w", encoding="utf-8", newline=""
        ) as new:
            while text := old.read(SNIFFED):
                new.write(text)
    except UnicodeDecodeError as error:
        raise EvidenceError(f"数据集“{data.name}”的文件 {data.place} 既不是 UTF-8 也不是 GB18030 编码") from error


def _load(connection: duckdb.DuckDBPyConnection, data: DataSet, path: Path) -> None:
    """A table of what was copied to `path`, every value cast to its declared type."""
    try:
        _create_csv(connection, data, path, list(zip(in_data(data), (k for _, k in data.columns), strict=True)), ",",
                    "TABLE", header=False)
    except duckdb.Error as error:
        from juesuan.scoring.evidence.database_errors import conversion_failure

        raise EvidenceError(f"数据集“{data.name}”：{conversion_failure(error) or error}") from error
    path.unlink()


def _create_csv(
    connection: duckdb.DuckDBPyConnection,
    data: DataSet,
    path: Path,
    columns: Sequence[tuple[str, str]],
    delimiter: str,
    what: str,
    *,
    header: bool = True,
) -> None:
    types = ", ".join(f"{quoted(name, chr(39))}: {quoted(kind, chr(39))}" for name, kind in columns)
    # Quoted and empty is an empty text; not quoted and empty is a blank.
    scan = (
        f"read_csv({quoted(str(path), chr(39))}, auto_detect = false, header = {str(header).lower()}, "
        f"delim = {quoted(delimiter, chr(39))}, quote = '\"', escape = '\"', allow_quoted_nulls = false, "
        f"columns = {{{types}}})"
    )
    parts = ", ".join(
        f"{quoted(name)} AS {quoted(column)}"
        for (column, _), name in zip(data.columns, in_data(data), strict=True)
    )
    connection.execute(f"CREATE {what} {quoted(data.name)} AS SELECT {parts} FROM {scan}")


def _write_rows(file: TextIO, rows: Iterable[Sequence[object]]) -> None:
    for row in rows:
        file.write(",".join(map(_field, row)) + "\n")


def _field(value: object) -> str:
    """A value as a field: text in quotes, a blank as nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return '"' + text.replace('"', '""') + '"'


def _sqlite_rows(data: DataSet, source: Path) -> Iterable[Sequence[object]]:
    """The declared columns of a table, read by SQLite itself, which opens the file for reading only."""
    try:
        connection = sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True)
        try:
            connection.execute("PRAGMA query_only = ON")
            present = [row[1] for row in connection.execute(f"PRAGMA table_info({quoted(data.table)})")]
            if not present:
                tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master ORDER BY name")]
                raise EvidenceError(f"数据集“{data.name}”：{data.place} 里没有表“{data.table}”；"
                                    f"有：{'、'.join(tables)}")
            _missing(data, present)
            names = ", ".join(map(quoted, in_data(data)))
            yield from connection.execute(f"SELECT {names} FROM {quoted(data.table)}")
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise EvidenceError(f"数据集“{data.name}”的文件 {data.place} 不是可读的 SQLite 数据库（{error}）") from error


def _excel_rows(data: DataSet, source: Path) -> Iterable[Sequence[object]]:
    """The rows of a worksheet below its first row, which names the columns."""
    from openpyxl import load_workbook

    if has_more_tags(source):
        raise EvidenceError(f"数据集“{data.name}”的文件 {data.place} 单元格太多，请另存为 CSV 或 Parquet")
    try:
        book = load_workbook(source, read_only=True, data_only=True)
    except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError, EOFError, TypeError) as error:
        raise EvidenceError(f"数据集“{data.name}”的文件 {data.place} 不是 Excel 工作簿，有密码，或已损坏") from error
    try:
        if data.table and data.table not in book.sheetnames:
            raise EvidenceError(f"数据集“{data.name}”：{data.place} 里没有工作表“{data.table}”；"
                                f"有：{'、'.join(book.sheetnames)}")
        rows = book[data.table or book.sheetnames[0]].iter_rows(values_only=True)
        header = [str(value).strip() if value is not None else "" for value in next(rows, ())]
        _missing(data, [name for name in header if name])
        places = [header.index(name) for name in in_data(data)]
        for row in rows:
            values = [row[place] if place < len(row) else None for place in places]
            if any(value is not None for value in values):
                yield values
    finally:
        book.close()
