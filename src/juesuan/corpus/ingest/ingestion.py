"""Files taken into a store: planned the same way in every run, done in parallel, and never twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

import msgspec

from juesuan.corpus.ingest.engine import Engine, engine_of
from juesuan.corpus.ingest.pairs import check_pairs
from juesuan.corpus.ingest.runner import run
from juesuan.corpus.ingest.sources import SourceFile, entries_of, fingerprint
from juesuan.corpus.ingest.supervisor import Limits
from juesuan.corpus.ingest.task import TaskFile, TaskSettings, probe, read_shard
from juesuan.corpus.store.catalog import Catalog
from juesuan.corpus.store.compact import MANY, cleaned, compact
from juesuan.corpus.store.folders import Folder, StoreError
from juesuan.corpus.store.schema import DOCUMENTS, FAILURES, FILES
from juesuan.corpus.store.state import StoreState, engine_version, load_state, save_state

BATCH = 20
"""Documents of one task and one shard."""

_HASHED = 200
"""Files of one task of fingerprints."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how many are done, and of how many."""

Thing = TypeVar("Thing")


class Ingested(msgspec.Struct, frozen=True):
    """What an ingestion came to: files given, those that were in already, documents read, failures, pairs compared."""

    given: int
    known: int
    documents: int
    failures: int
    pairs: int
    findings: int


def ingest_files(
    paths: Sequence[str],
    store: str,
    *,
    engine: str = "",
    workers: int = 0,
    profile: str | None = None,
    retry: bool = False,
    compaction: bool | None = None,
    batch: int = BATCH,
    limits: Limits | None = None,
    progress: Progress | None = None,
) -> Ingested:
    """Reads the published files that `paths` name (files, folders, patterns, archives, manifests) into `store`.

    `engine` is local, inline, dask or dask://host:port. `retry` tries again what failed before. `compaction` says
    whether the store is compacted at the end; by default when it has many shards. `batch` documents are a task.
    `limits` are the seconds and megabytes that one document may take; one that takes more is a failure.
    A run that was killed goes on where it was; a run with the same files adds nothing. Raises StoreError.
    """
    report = progress or (lambda what, done, of: None)
    entries = entries_of(paths)
    if not entries:
        raise StoreError(f"{'、'.join(paths)}：没有找到文件。")
    target = Folder(store)
    with target.locked():
        state = _begun(target)
        work = engine_of(engine, workers)
        try:
            found = _fingerprints(entries, work, report)
            groups, attempt, known = _planned(Catalog(target, state), found, retry, batch)
            settings = TaskSettings(store, profile, engine_version(), attempt, limits or Limits())
            documents, failures = _read(groups, settings, work, report)
            pairs, findings = check_pairs(target, state, work, report)
        finally:
            work.close()
        if compaction or (compaction is None and len(Catalog(target, state).shards) > MANY):
            report("整理", 0, 1)
            compact(target)
            report("整理", 1, 1)
    return Ingested(len(entries), known, documents, failures, pairs, findings)


def check_store(store: str, *, engine: str = "", workers: int = 0, progress: Progress | None = None) -> tuple[int, int]:
    """Holds each unit's documents in `store` against each other; gives pairs compared and findings. Raises StoreError.

    Pairs that were compared by the same rules before are left alone.
    """
    target = Folder(store)
    if load_state(target) is None:
        raise StoreError(f"{store}：没有决算库。")
    with target.locked():
        state = _begun(target)
        work = engine_of(engine, workers)
        try:
            return check_pairs(target, state, work, progress or (lambda what, done, of: None))
        finally:
            work.close()


def compact_store(store: str) -> StoreState:
    """Compacts `store` now and gives its state. Raises StoreError."""
    target = Folder(store)
    with target.locked():
        return compact(target)


def _begun(store: Folder) -> StoreState:
    """The state of the store, made where there is none, with what killed runs left behind removed."""
    state = load_state(store)
    engine = engine_version()
    if state is None:
        # A folder with other things in it is none of ours to write into.
        if any(not name.startswith(".") and name != "shards" for name in store.names("")):
            raise StoreError(f"{store.root}：文件夹里已有别的内容，不是决算库；请换一个空的文件夹。")
        state = StoreState()
    else:
        state = cleaned(store, state)
    if engine not in state.engines:
        state = msgspec.structs.replace(state, engines=(*state.engines, engine))
        save_state(store, state)
    return state


def _fingerprints(entries: Sequence[SourceFile], engine: Engine, report: Progress) -> list[tuple[SourceFile, str]]:
    """Every entry with the fingerprint of its file, and the reason where there is none."""
    found: dict[str, tuple[str, str]] = {}
    files = list(dict.fromkeys(entry.file for entry in entries))
    done = 0
    for group, results in run(engine, _hashed, fingerprint, list(chunks(files, _HASHED))):
        found.update(zip(group, results, strict=True))
        done += len(group)
        report("比对文件", done, len(files))
    known = [(entry, *found[entry.file]) for entry in entries]
    return [(msgspec.structs.replace(entry, fingerprint=digest), reason) for entry, digest, reason in known]


def _hashed(files: tuple[str, ...], blamed: frozenset[int]) -> list[tuple[str, str]]:
    dead = ("", "读这个文件时工作进程异常退出。")
    return [dead if index in blamed else fingerprint(file) for index, file in enumerate(files)]


def _planned(
    catalog: Catalog, entries: Sequence[tuple[SourceFile, str]], retry: bool, batch: int
) -> tuple[list[tuple[TaskFile, ...]], int, int]:
    """The groups of files that are not in the store yet, how often failures were tried, how many files are in.

    Groups are cut from the whole list, not from what is left of it: a run that goes on after a kill makes the shards
    that the killed one would have made.
    """
    engine = engine_version()
    connection = catalog.connect()
    columns = ", ".join(FILES.names)
    recorded = set(connection.execute(f"SELECT {columns} FROM {catalog.rows(FILES)}").fetchall())
    rows = connection.execute(f"SELECT fingerprint, engine FROM {catalog.rows(DOCUMENTS)}").fetchall()
    read = {fingerprint for fingerprint, by in rows if by == engine}
    rows = connection.execute(f"SELECT file, fingerprint, engine FROM {catalog.rows(FAILURES)}").fetchall()
    failed = [(file, print_) for file, print_, by in rows if by == engine]
    connection.close()
    attempt = 0
    if retry:
        attempt = len(failed)
    else:
        read.update(print_ for _, print_ in failed if print_)
    missing = {file for file, print_ in failed if not print_}
    groups = []
    known = 0
    for group in chunks(entries, batch):
        items = []
        for entry, reason in group:
            fresh = bool(entry.fingerprint) and entry.fingerprint not in read
            again = not entry.fingerprint and (retry or entry.file not in missing)
            if fresh or again or entry.key() not in recorded:
                items.append(TaskFile(entry, fresh, reason if again else ""))
            else:
                known += 1
            read.add(entry.fingerprint)
            missing.add(entry.file)
        if items:
            groups.append(tuple(items))
    return groups, attempt, known


def _read(
    groups: Sequence[tuple[TaskFile, ...]], settings: TaskSettings, engine: Engine, report: Progress
) -> tuple[int, int]:
    total = sum(map(len, groups))
    done = documents = failures = 0
    for group, result in run(engine, partial(read_shard, settings), partial(probe, settings), groups):
        done += len(group)
        documents += result.documents
        failures += result.failures
        report("读取核对", done, total)
    return documents, failures


def chunks(things: Sequence[Thing], size: int) -> Iterator[tuple[Thing, ...]]:
    """The things in groups of `size`, the last one shorter."""
    for start in range(0, len(things), size):
        yield tuple(things[start : start + size])
