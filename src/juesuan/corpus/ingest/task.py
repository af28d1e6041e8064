"""The work of one task of ingestion: some documents fetched, read, checked and written as one shard."""

from __future__ import annotations

import threading
from functools import cache

import msgspec

from juesuan.corpus.ingest.document import DocumentWork, failed
from juesuan.corpus.ingest.sources import FetchError, SourceFile, fetched
from juesuan.corpus.ingest.supervisor import DIED, Limits, supervisor_for
from juesuan.corpus.store.folders import Folder
from juesuan.corpus.store.shards import Rows, is_complete, shard_name, write_shard
from juesuan.corpus.store.state import engine_version

_ONE_AT_A_TIME = threading.Lock()
"""The threads that a worker of a cluster may have share one reader."""


class TaskFile(msgspec.Struct, frozen=True, omit_defaults=True):
    """A file to be recorded, and read unless its bytes were."""

    entry: SourceFile
    read: bool = True
    reason: str = ""
    """Why it could not be fetched."""


class TaskSettings(msgspec.Struct, frozen=True):
    """What is the same for every task."""

    store: str
    profile: str | None = None
    engine: str = ""
    attempt: int = 0
    """How many times before the failures among the items were tried."""
    limits: Limits = Limits()
    """What one document may take."""


class Done(msgspec.Struct, frozen=True):
    """What came of a task: documents read, and failures."""

    documents: int
    failures: int


def read_shard(settings: TaskSettings, items: tuple[TaskFile, ...], blamed: frozenset[int]) -> Done:
    """Reads the documents among `items` and writes their shard; `blamed` are those that killed their workers."""
    with _ONE_AT_A_TIME:
        engine = settings.engine or engine_version()
        store = Folder(settings.store)
        keys = [[*item.entry.key(), item.read] for item in items]
        name = shard_name("documents", engine, settings.profile, settings.attempt, keys)
        rows: Rows = {}
        if is_complete(store, name):
            return Done(0, 0)
        for index, item in enumerate(items):
            _add(rows, {"files": [_file(item.entry)]})
            if item.reason:
                _add(rows, failed(item.entry, engine, "获取", item.reason))
            elif item.read and index in blamed:
                _add(rows, failed(item.entry, engine, "进程", DIED))
            elif item.read:
                _add(rows, read_entry(item.entry, settings))
        write_shard(store, name, rows)
        return Done(len(rows.get("documents", ())), len(rows.get("failures", ())))


def probe(settings: TaskSettings, item: TaskFile) -> None:
    """Reads one document alone, to see whether its worker lives."""
    if item.read:
        with _ONE_AT_A_TIME:
            read_entry(item.entry, settings)


def read_entry(entry: SourceFile, settings: TaskSettings) -> Rows:
    """The rows of one document, or its failure; whatever it does to the process that reads it."""
    engine = settings.engine or engine_version()
    try:
        with fetched(entry.file) as path:
            return supervisor_for(settings.limits).rows(DocumentWork(entry, str(path), settings.profile, engine))
    except FetchError as error:
        return failed(entry, engine, "获取", str(error))


def _file(entry: SourceFile) -> dict[str, object]:
    return {name: getattr(entry, name) for name in _entry_fields()}


@cache
def _entry_fields() -> tuple[str, ...]:
    return tuple(field.name for field in msgspec.structs.fields(SourceFile))


def _add(rows: Rows, more: Rows) -> None:
    for table, found in more.items():
        rows.setdefault(table, []).extend(found)
