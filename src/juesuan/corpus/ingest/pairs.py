"""Documents of a unit held against each other: an account against last year's and its budget, a budget likewise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from juesuan.account import Account, from_json
from juesuan.checker import Report, Tally, compare
from juesuan.checker.reports import locate
from juesuan.corpus.ingest.engine import Engine
from juesuan.corpus.ingest.runner import run
from juesuan.corpus.store.catalog import Catalog, reading
from juesuan.corpus.store.folders import Folder
from juesuan.corpus.store.rows import finding_row
from juesuan.corpus.store.schema import ACCOUNTS, PAIRS
from juesuan.corpus.store.shards import Rows, is_complete, shard_name, write_shard
from juesuan.corpus.store.state import StoreState, engine_version
from juesuan.statute import load_statute

BATCH = 20
"""Pairs of one task."""

RELATED: tuple[tuple[str, str], ...] = (
    ("上年", "a.kind = '决算' AND b.kind = '决算' AND b.year = a.year - 1"),
    ("年初预算", "a.kind = '决算' AND b.kind = '预算' AND b.year = a.year"),
    ("上年", "a.kind = '预算' AND b.kind = '预算' AND b.year = a.year - 1"),
    ("上年执行", "a.kind = '预算' AND b.kind = '决算' AND b.year = a.year - 1"),
)
"""What the other document b is to the document a, and how the two are found. A department and its units come here."""


class DocumentPair(msgspec.Struct, frozen=True):
    """Two documents, what the second is to the first, the files that hold their accounts, and the unit's code."""

    document: str
    other: str
    period: str
    unit_code: str
    holders: tuple[str, ...]


def check_pairs(
    store: Folder, state: StoreState, engine: Engine, report: Callable[[str, int, int], None]
) -> tuple[int, int]:
    """Compares every pair of current documents that was not compared yet; gives pairs and findings."""
    groups = _planned(Catalog(store, state))
    total = sum(map(len, groups))
    done = findings = 0
    job = partial(compare_shard, store.root, engine_version())
    for group, count in run(engine, job, partial(_probe, store.root), groups):
        done += len(group)
        findings += count
        report("前后年度和预算对照", done, total)
    return done, findings


def compare_shard(root: str, engine: str, pairs: tuple[DocumentPair, ...], blamed: frozenset[int]) -> int:
    """Compares the pairs and writes their shard; gives the number of findings."""
    store = Folder(root)
    name = shard_name("pairs", engine, [[pair.document, pair.other] for pair in pairs])
    if is_complete(store, name):
        return 0
    rows: Rows = {"pairs": [], "findings": []}
    for index, pair in enumerate(pairs):
        if index in blamed:
            continue
        decided, found = _compared(store, pair)
        rows["findings"].extend(found)
        row = {"document": pair.document, "other": pair.other, "engine": engine, "period": pair.period}
        rows["pairs"].append(row | {"decided": decided, "findings": len(found)})
    write_shard(store, name, rows)
    return len(rows["findings"])


def account_of(store: Folder, document: str, files: Sequence[str]) -> Account:
    """The account of a document out of the files that may hold it. Raises KeyError where none does."""
    import duckdb

    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        if store.remote:
            connection.register_filesystem(store.system)
        source = reading([store.url(name) for name in files])
        row = connection.execute(f"SELECT json FROM {source} WHERE document = ?", [document]).fetchone()
    if row is None:
        raise KeyError(document)
    return from_json(row[0])


def _probe(root: str, pair: DocumentPair) -> None:
    _compared(Folder(root), pair)


def _compared(store: Folder, pair: DocumentPair) -> tuple[int, list[dict[str, Any]]]:
    account = account_of(store, pair.document, pair.holders)
    other = account_of(store, pair.other, pair.holders)
    law = load_statute(account.profile, account.year)
    comparison = compare(account, law, other, load_statute(other.profile, other.year))
    tally = Tally(0, 0, 0, 0, 0)
    report = Report("", account.profile, account.unit.name, account.year, comparison.findings, tally)
    head = {
        "document": pair.document,
        "unit_code": pair.unit_code,
        "unit": account.unit.name,
        "year": account.year,
        "kind": law.profile.kind,
    }
    found = [
        head | {"number": number} | finding_row(located, pair.other)
        for number, located in enumerate(locate(report, account, law, Path()).found)
    ]
    return comparison.decided, found


def _planned(catalog: Catalog) -> list[tuple[DocumentPair, ...]]:
    """The pairs still to be compared, in groups cut from the list of all."""
    connection = catalog.connect()
    catalog.views(connection)
    engine = engine_version()
    sides = " UNION ALL ".join(
        f"SELECT a.document, b.document AS other, '{period}' AS period, a.unit_code, a.year, b.year AS other_year "
        f"FROM current AS a JOIN current AS b ON a.unit_key = b.unit_key AND {where}"
        for period, where in RELATED
    )
    keys = "SELECT *, coalesce(nullif(unit_code, ''), unit) AS unit_key FROM documents WHERE current"
    rows = connection.execute(f"WITH current AS ({keys}) {sides} ORDER BY document, other").fetchall()
    compared = f"SELECT document, other FROM {catalog.rows(PAIRS)} WHERE engine = ?"
    done = set(connection.execute(compared, [engine]).fetchall())
    holders = _holders(catalog, connection)
    connection.close()
    groups = []
    for start in range(0, len(rows), BATCH):
        group = []
        for document, other, period, unit_code, year, other_year in rows[start : start + BATCH]:
            if (document, other) not in done:
                files = (*holders(document, year), *holders(other, other_year))
                group.append(DocumentPair(document, other, period, unit_code, tuple(dict.fromkeys(files))))
        if group:
            groups.append(tuple(group))
    return groups


def _holders(catalog: Catalog, connection: Any) -> Callable[[str, int], list[str]]:
    """Which files may hold the account of a document: its shard, or the compacted file of its year."""
    by_document: dict[str, str] = {}
    for shard in catalog.shards:
        if ACCOUNTS.name in shard.rows:
            name = shard.file(ACCOUNTS.name)
            rows = connection.execute(f"SELECT document FROM {reading([catalog.store.url(name)])}").fetchall()
            by_document.update((row[0], name) for row in rows)
    by_year: dict[int, list[str]] = {}
    for part in catalog.state.parts:
        if part.table == ACCOUNTS.name:
            by_year.setdefault(part.year, []).append(part.file)

    def files(document: str, year: int) -> list[str]:
        return [by_document[document]] if document in by_document else by_year.get(year, [])

    return files
