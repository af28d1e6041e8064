"""Ledgers of synthetic units: every entry spread over months or over as many lines as are asked for, by DuckDB."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb

from juesuan.account import quoted
from juesuan.compiler import Entry, Gathered
from juesuan.corpus.jurisdiction import insert

MONTHS = 12
CODES = {
    "一般公共预算": "111",
    "政府性基金预算": "12",
    "国有资本经营预算": "13",
    "事业收入": "31",
    "上级补助收入": "32",
    "附属单位上缴收入": "33",
    "经营收入": "34",
    "其他收入": "39",
    "其他资金": "39",
}
"""Codes of the sources of funds (资金性质)."""


def write_ledger(units: Mapping[str, Gathered], path: Path, rows: int = 0) -> int:
    """Writes one ledger of all `units` (Parquet) and gives its number of lines, about `rows` if that is not zero.

    The lines of an entry add up to it to the fen. The same input gives the same bytes.
    """
    entries = list(_lines(units))
    times = max(1, -(-rows // max(1, len(entries)))) if rows else MONTHS
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE e (n INTEGER, unit VARCHAR, name VARCHAR, record VARCHAR, fund VARCHAR, function VARCHAR, "
            "economy VARCHAR, nature VARCHAR, project VARCHAR, fen BIGINT)"
        )
        insert(connection, "e", entries)
        aside = path.with_name(f".{path.name}.part")
        # Of `times` lines each takes an equal part, and the first ones a fen more each until the rest is used up.
        connection.execute(
            f"""
            COPY (
                SELECT unit AS "单位编码", name AS "单位名称", record AS "收支类别", fund AS "资金来源",
                    function AS "功能分类科目编码", economy AS "经济分类", nature AS "支出性质", project AS "项目名称",
                    CAST(k % {MONTHS} + 1 AS INTEGER) AS "月份",
                    CAST((fen // {times} + CASE WHEN k < fen % {times} THEN 1 ELSE 0 END) AS DECIMAL(18, 0))
                        * CAST(0.01 AS DECIMAL(3, 2)) AS "金额"
                FROM e, range({times}) t(k) ORDER BY n, k
            ) TO {quoted(str(aside), chr(39))} (FORMAT parquet, COMPRESSION zstd)
            """
        )
        aside.replace(path)
    return len(entries) * times


def _lines(units: Mapping[str, Gathered]) -> Iterator[tuple[Any, ...]]:
    number = 0
    for code, gathered in sorted(units.items()):
        name = gathered.unit.name if gathered.unit else ""
        for entry in gathered.entries:
            fund = CODES[entry.source]
            yield (
                number, code, name, _record(entry), fund, entry.function, entry.economy, entry.nature,
                entry.project, int(entry.amount.scaleb(2)),
            )  # fmt: skip
            number += 1


def _record(entry: Entry) -> str:
    return "年初预算" if entry.period == "年初预算" else entry.record
