"""The work of one task of ingestion: some documents fetched, read, checked and written as one shard."""

from __future__ import annotations

import subprocess
import sys
import threading
from functools import cache
from pathlib import Path

import msgspec

from juesuan.account import Account
from juesuan.corpus.place import Place
from juesuan.corpus.rows import Read, document_id, rows_of
from juesuan.corpus.shards import Rows, is_complete, shard_name, write_shard
from juesuan.corpus.sources import Entry, FetchError, display_name, fetched
from juesuan.corpus.state import engine_version

DIED = "读这个文件时工作进程三次异常退出（可能是文件损坏或内存不足）。请单独核对这个文件，或提供给开发者。"

_ONE_AT_A_TIME = threading.Lock()
"""pdfium must not be used by two threads of a process, as workers of a cluster may."""


class Item(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file to be recorded, and read unless its bytes were."""

    entry: Entry
    read: bool = True
    reason: str = ""
    """Why it could not be fetched."""


class Settings(msgspec.Struct, frozen=True):
    """What is the same for every task."""

    store: str
    profile: str | None = None
    engine: str = ""
    attempt: int = 0
    """How many times before the failures among the items were tried."""


class Done(msgspec.Struct, frozen=True):
    """What came of a task: documents read, and failures."""

    documents: int
    failures: int


def read_shard(settings: Settings, items: tuple[Item, ...], blamed: frozenset[int]) -> Done:
    """Reads the documents among `items` and writes their shard; `blamed` are those that killed their workers."""
    with _ONE_AT_A_TIME:
        engine = settings.engine or engine_version()
        store = Place(settings.store)
        keys = [[*item.entry.key(), item.read] for item in items]
        name = shard_name("documents", engine, settings.profile, settings.attempt, keys)
        rows: Rows = {}
        if is_complete(store, name):
            return Done(0, 0)
        for index, item in enumerate(items):
            _add(rows, {"files": [_file(item.entry)]})
            if item.reason:
                _add(rows, {"failures": [_failure(item.entry, engine, "获取", item.reason)]})
            elif item.read and index in blamed:
                _add(rows, {"failures": [_failure(item.entry, engine, "进程", DIED)]})
            elif item.read:
                _add(rows, read_entry(item.entry, settings.profile, engine))
        write_shard(store, name, rows)
        return Done(len(rows.get("documents", ())), len(rows.get("failures", ())))


def probe(settings: Settings, item: Item) -> None:
    """Reads one document alone, to see whether its worker lives."""
    if item.read:
        with _ONE_AT_A_TIME:
            read_entry(item.entry, settings.profile, settings.engine)


def read_entry(entry: Entry, profile: str | None, engine: str) -> Rows:
    """The rows of one document, or its failure."""
    try:
        with fetched(entry.file) as path:
            return _read(entry, path, profile, engine)
    except FetchError as error:
        return {"failures": [_failure(entry, engine, "获取", str(error))]}


def _read(entry: Entry, path: Path, profile: str | None, engine: str) -> Rows:
    from juesuan.check import check
    from juesuan.check.reports import locate
    from juesuan.read import UnreadableFileError
    from juesuan.statute import load_statute

    try:
        account, notes = _account(path, profile)
        statute = load_statute(account.profile, account.year)
    except UnreadableFileError as error:
        return {"failures": [_failure(entry, engine, "读取", str(error))]}
    except Exception as error:
        return {"failures": [_failure(entry, engine, "读取", _ours(error))]}
    if not (account.facts or account.tables or account.sheets):
        reason = "没有认出任何公开表，不像是决算或预算公开文件；请确认是否给错了文件。"
        return {"failures": [_failure(entry, engine, "读取", reason)]}
    if entry.year and entry.year != account.year:
        notes = (*notes, f"清单写的是{entry.year}年度，文件认出的是{account.year}年度。")
    code = account.unit.code
    if entry.unit_code and code and entry.unit_code != code:
        notes = (*notes, f"清单写的单位代码是{entry.unit_code}，文件写的是{code}，以清单为准。")
    try:
        name = display_name(entry.file)
        checked = locate(check(account, statute=statute, file=name, notes=notes), account, statute, path)
        return rows_of(
            Read(
                document_id(entry.fingerprint, engine),
                entry.fingerprint,
                engine,
                entry.file,
                path.suffix.lower().lstrip("."),
                path.stat().st_size,
                entry.unit_code or code,
                account,
                statute,
                checked,
                notes,
            )
        )
    except Exception as error:
        return {"failures": [_failure(entry, engine, "核对", _ours(error))]}


def _account(path: Path, profile: str | None) -> tuple[Account, tuple[str, ...]]:
    from juesuan.read import read_document

    try:
        reading = read_document(path, profile)
    except Exception:
        if path.suffix.lower() == ".pdf":
            # A malformed PDF can leave its process unable to read others: only a new process can say what it is.
            again = _in_new_process(path, profile)
            if again is not None:
                return again
        raise
    return reading.account, reading.notes


def _in_new_process(path: Path, profile: str | None) -> tuple[Account, tuple[str, ...]] | None:
    from juesuan.account import from_json

    command = [sys.executable, "-m", "juesuan.corpus.again", str(path), profile or ""]
    run = subprocess.run(command, capture_output=True, check=False)
    if run.returncode:
        return None
    notes, _, account = run.stdout.partition(b"\n")
    return from_json(account), msgspec.json.decode(notes, type=tuple[str, ...])


def _ours(error: Exception) -> str:
    return f"本程序的问题：读取时出错（{type(error).__name__}：{error}），请把文件提供给开发者。"


def _failure(entry: Entry, engine: str, stage: str, reason: str) -> dict[str, object]:
    return {
        "file": entry.file, "fingerprint": entry.fingerprint, "engine": engine, "stage": stage, "reason": reason,
    }  # fmt: skip


def _file(entry: Entry) -> dict[str, object]:
    return {name: getattr(entry, name) for name in _entry_fields()}


@cache
def _entry_fields() -> tuple[str, ...]:
    return tuple(field.name for field in msgspec.structs.fields(Entry))


def _add(rows: Rows, more: Rows) -> None:
    for table, found in more.items():
        rows.setdefault(table, []).extend(found)
