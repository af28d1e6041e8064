"""Evidence (佐证): where the actual value of an indicator comes from, complete enough to be computed again."""

from __future__ import annotations

from typing import Literal

import msgspec

DataKind = Literal["CSV", "Parquet", "XLSX", "SQLite", "PostgreSQL"]


class DataUsed(msgspec.Struct, frozen=True, omit_defaults=True):
    """A data set as a query found it: how it is opened, and what it held.

    `place` is the file as the unit names it, relative to the evidence, or for PostgreSQL the connection without a
    password; `table` the table or worksheet. `columns` are the declared names and types, `renamed` pairs of declared
    name and the column's name in the data. `begins` and `ends` are the first and last day or moment in the column
    `time` (ISO). `fingerprint` is the SHA-256 of the file's bytes, or of
    the declared columns of a database's table, whatever the order of its rows.
    """

    name: str
    kind: DataKind
    place: str
    fingerprint: str
    rows: int
    table: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    time: str = ""
    begins: str = ""
    ends: str = ""
    empty_allowed: bool = False


class Evidence(msgspec.Struct, frozen=True, omit_defaults=True):
    """The recorded query behind an actual value.

    `query` is the name of the query, `text` its SQL, `parameters` what it was given, as text; `result` what it
    returned, exactly (a ratio as “分子/分母”), in `unit`; `value` the same as the form prints it.
    """

    query: str
    text: str
    result: str
    value: str
    unit: str = ""
    parameters: tuple[tuple[str, str], ...] = ()
    data: tuple[DataUsed, ...] = ()
