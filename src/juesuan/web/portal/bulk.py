"""Everything that is current of a year in one file, made once and kept until something new is published."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Lock
from typing import Literal, TextIO

import msgspec
from pydantic import BaseModel
from sqlalchemy.orm import Session

from juesuan.account import CsvWriter
from juesuan.web.infra.models import Publication
from juesuan.web.portal import open_rows
from juesuan.web.portal.licence import LICENCE, licence_of
from juesuan.web.portal.open_data import (
    AS_TEXT,
    Disclosed,
    FactRow,
    FormRow,
    IndicatorRow,
    Published,
    Row,
    flat,
    parquet_type,
    to_parquet,
)
from juesuan.web.portal.open_rows import Page, RowQuery
from juesuan.web.portal.queries import listed
from juesuan.web.publication.publications import folder_of
from juesuan.web.site.site import Site

Kind = Literal["zip", "csv", "parquet"]
DICTIONARY = "dictionary.csv"
MOMENT = (1980, 1, 1, 0, 0, 0)
"""The moment in the zip: that of nothing, so that the same data give the same bytes."""

_TABLES: tuple[tuple[str, type[BaseModel], Callable[[Session, RowQuery], Page]], ...] = (
    ("publications", Published, open_rows.publications), ("facts", FactRow, open_rows.facts),
    ("indicators", IndicatorRow, open_rows.indicators), ("forms", FormRow, open_rows.forms),
)
_NAMES: dict[Disclosed, str] = {"决算": "accounts", "预算": "budgets", "全部": "all"}
_lock = Lock()


def bulk(session: Session, site: Site, wanted: RowQuery, kind: Kind) -> Path | None:
    """The file of a year: all facts as CSV or Parquet, or a zip of all tables in both, with accounts and dictionary.

    None for an empty year.
    """
    rows = listed(session, Publication.year == wanted.year, kind=wanted.kind)
    if not rows:
        return None
    folder = site.settings.data / "cache" / "bulk"
    latest = max(row.published for row in rows)
    name = f"{wanted.year}-{_NAMES[wanted.disclosure]}"
    # What the tables have, and the licence, change with the program and with the bureau's will.
    made_of = hashlib.sha256(_dictionary() + licence_of(site.settings).encode()).hexdigest()[:8]
    stem = f"{name}-{len(rows)}-{''.join(sign for sign in latest if sign.isdigit())}-{made_of}"
    path = folder / f"{stem}.{kind}"
    with _lock:
        if not path.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            for old in folder.glob(f"{name}-*.{kind}"):
                old.unlink()
            with tempfile.TemporaryDirectory(dir=folder, prefix=".") as aside:
                made = Path(aside) / path.name
                _write(session, site, rows, wanted, kind, made)
                made.replace(path)
    return path


def _write(session: Session, site: Site, rows: list[Publication], wanted: RowQuery, kind: Kind, path: Path) -> None:
    if kind == "csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            _csv(file, FactRow, _every(session, open_rows.facts, wanted))
    elif kind == "parquet":
        _parquet(path, FactRow, _every(session, open_rows.facts, wanted))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
            for name, model, ask in _TABLES:
                with (
                    package.open(_entry(f"{name}.csv"), "w", force_zip64=True) as raw,
                    io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as file,
                ):
                    _csv(file, model, _every(session, ask, wanted))
                table = path.with_name(f"{name}.parquet")
                _parquet(table, model, _every(session, ask, wanted))
                package.writestr(_entry(table.name), table.read_bytes())
            package.writestr(_entry(DICTIONARY), _dictionary())
            package.writestr(_entry(LICENCE.name), licence_of(site.settings))
            for row in rows:
                data = (folder_of(site, row) / "account.json").read_bytes()
                place = "budgets" if row.kind == "预算" else "accounts"
                package.writestr(_entry(f"{place}/{row.organisation.code}.json"), data)


def _parquet(path: Path, model: type[BaseModel], rows: Iterator[Row]) -> None:
    lines = path.with_name("rows.json")
    with lines.open("w", encoding="utf-8") as file:
        for each in rows:
            flattened = {name: flat(value) for name, value in each.items()}
            file.write(json.dumps(flattened, ensure_ascii=False) + "\n")
    to_parquet(lines, path, model)


def _dictionary() -> bytes:
    """What each column of each table holds, with its type in Parquet."""
    text = io.StringIO(newline="")
    writer = CsvWriter(text, "\r\n")
    writer.line(("表", "字段", "Parquet 类型", "说明"))
    for name, model, _ in _TABLES:
        for field, declared in model.model_fields.items():
            writer.line((name, field, parquet_type(field, declared.annotation), declared.description or ""))
            if field == "value":
                writer.line((name, f"{field}{AS_TEXT}", "VARCHAR", "同 value，原样的文字；只在 Parquet 中"))
    return text.getvalue().encode("utf-8-sig")


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, MOMENT)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _csv(file: TextIO, model: type[BaseModel], rows: Iterator[Row]) -> None:
    writer = CsvWriter(file, "\r\n")
    writer.line(model.model_fields)
    writer.lines([flat(row[name]) for name in model.model_fields] for row in rows)


def _every(session: Session, ask: Callable[[Session, RowQuery], Page], wanted: RowQuery) -> Iterator[Row]:
    after: int | None = 0
    while after is not None:
        rows, after = ask(session, msgspec.structs.replace(wanted, after=after, limit=2000))
        yield from rows
        session.expunge_all()
