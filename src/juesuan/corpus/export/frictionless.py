"""A store as a Frictionless data package: CSV files and a datapackage.json that says what is in them."""

from __future__ import annotations

import hashlib
import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

from juesuan.account import CsvWriter
from juesuan.corpus.store.query import QueryError, Store, fetched
from juesuan.corpus.store.schema import TABLES, StoreColumn, StoreTable, quoted

PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
LEFT_OUT = {"accounts", "facts_by_key"}
"""Tables that only repeat what others have, in another shape."""

_TYPES = {"VARCHAR": "string", "INTEGER": "integer", "BIGINT": "integer", "DOUBLE": "number", "BOOLEAN": "boolean"}
_KEYS: dict[str, list[str]] = {"documents": ["document"]}


def write_package(store: Store, folder: Path, year: int | None = None, unit: str = "") -> Path:
    """Writes the tables of `store` (of one year, of one unit by code or name) and gives the datapackage.json.

    The description goes last: a package without it was not finished. Raises QueryError, also where the year or the
    unit is in no document.
    """
    sql, parameters = _selected(TABLES["documents"], year, unit)
    if (year is not None or unit) and not store.query(sql, parameters).limit(1).fetchall():
        requested = "、".join(filter(None, (f"{year}年度" if year is not None else "", unit)))
        raise QueryError(f'库里没有“{requested}”的文件；用 juesuan query "SELECT * FROM documents" 查看。')
    folder.mkdir(parents=True, exist_ok=True)
    resources = []
    for table in TABLES.values():
        if table.name not in LEFT_OUT:
            resources.append(_resource(store, table, folder, year, unit))
    described = {
        "$schema": PROFILE,
        "name": "juesuan-store",
        "title": "部门决算公开数据",
        "description": "由公开文件读出的决算数据：金额单位为元，逐项注明所在位置。"
        "文字以 = + - @ 开头而不是数的，前面加一个撇号（'），以免被表格软件当作公式。",
        "resources": resources,
    }
    path = folder / "datapackage.json"
    _put(path, json.dumps(described, ensure_ascii=False, indent=2) + "\n")
    return path


def _resource(store: Store, table: StoreTable, folder: Path, year: int | None, unit: str) -> dict[str, Any]:
    path = folder / f"{table.name}.csv"
    aside = path.with_name(f".{path.name}.part")
    sql, parameters = _selected(table, year, unit)
    with aside.open("w", encoding="utf-8", newline="") as file:
        writer = CsvWriter(file)
        writer.line([column.name for column in table.all_columns])
        for row in fetched(store.query(sql, parameters)):
            writer.line([_text(value) for value in row])
    aside.replace(path)
    with path.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.all_columns]}
    if table.name in _KEYS:
        schema["primaryKey"] = _KEYS[table.name]
    elif any(column.name == "number" for column in table.columns) and "other" not in table.names:
        schema["primaryKey"] = ["document", "number"]
    return {
        "name": table.name.replace("_", "-"),
        "type": "table",
        "title": table.meaning,
        "path": path.name,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{digest}",
        "schema": schema,
    }


def _selected(table: StoreTable, year: int | None, unit: str) -> tuple[str, list[Any]]:
    columns = {column.name for column in table.all_columns}
    conditions: list[str] = []
    parameters: list[Any] = []
    within = [f"{name} IS NOT DISTINCT FROM ?" for name, value in (("year", year),) if value is not None]
    values: list[Any] = [year] if year is not None else []
    if unit:
        within.append("(unit_code = ? OR unit = ?)")
        values += [unit, unit]
    if within:
        condition = " AND ".join(within)
        if "unit" in columns:
            conditions.append(condition)
        elif "document" in columns:
            conditions.append(f"document IN (SELECT document FROM documents WHERE {condition})")
        elif table.name == "files":
            conditions.append(f"fingerprint IN (SELECT fingerprint FROM documents WHERE {condition})")
        else:
            conditions.append("false")
        parameters = values if conditions[-1] != "false" else []
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    order = ", ".join(quoted(name) for name in table.order)
    names = ", ".join(quoted(column.name) for column in table.all_columns)
    return f"SELECT {names} FROM {table.name}{where} ORDER BY {order}", parameters


def _field(column: StoreColumn) -> dict[str, Any]:
    kind = "number" if column.type.startswith("DECIMAL") else _TYPES[column.type]
    field: dict[str, Any] = {"name": column.name, "type": kind, "description": column.meaning}
    if kind == "boolean":
        field |= {"trueValues": ["true"], "falseValues": ["false"]}
    return field


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _put(path: Path, text: str) -> None:
    aside = path.with_name(f".{path.name}.part")
    with aside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
