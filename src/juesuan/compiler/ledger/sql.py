"""The ledger's arithmetic, done by DuckDB in exact decimals: one scan adds up the lines and counts the faulty ones."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import duckdb
import msgspec

from juesuan.account import quoted
from juesuan.compiler.ledger.files import KEYS, LedgerSource
from juesuan.statute import LedgerPlan

LISTED = 200
"""How many lines of one kind of fault are listed."""

_GROUPED = r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?"
_MONTH = (
    r"(0?[1-9]|1[0-2])(月|月份)?|\d{4}(0[1-9]|1[0-2])(\d{2})?|\d{4}[-/.年](0?[1-9]|1[0-2])月?"
    r"|\d{4}[-/.年](0?[1-9]|1[0-2])[-/.月]\d{1,2}日?( .*)?"
)
_POSITION = {key: index for index, key in enumerate(KEYS)}
_INTEGERS = frozenset(["TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"])


class LedgerGroup(msgspec.Struct, frozen=True):
    """The lines that agree in every key, added up: yuan, their number, and how many have a faulty amount or month."""

    keys: tuple[str | None, ...]
    """In the order of KEYS, None for what the file does not say."""
    amount: Decimal
    entries: int
    faulty: int

    def key(self, name: str) -> str:
        """One of the keys as written, without blanks around it."""
        return (self.keys[_POSITION[name]] or "").strip()


class Listed(msgspec.Struct, frozen=True):
    """Lines with the same kind of fault: their numbers and what was found there, and how many there are in all."""

    lines: tuple[tuple[int, str], ...]
    count: int


def aggregate(
    connection: duckdb.DuckDBPyConnection, source: LedgerSource, plan: LedgerPlan, *, careful: bool = False
) -> list[LedgerGroup]:
    """The lines of `source` added up by their keys in one scan, in exact decimals.

    Quickly read, an amount is a plain number; `careful` also reads thousands commas and adds up sound lines only. The
    groups come in no particular order. Raises duckdb.Error for a file that the database cannot read.
    """
    try:
        return _aggregate(connection, source, plan, careful=careful)
    except duckdb.ConversionException:
        # DuckDB 2.0 moves even a TRY_CAST into its CSV reader, where a value that cannot be cast is an error. The fast
        # form is kept for the ledgers without one; a guarded cast stays where it is written.
        return _aggregate(connection, msgspec.structs.replace(source, guarded=True), plan, careful=careful)


def _aggregate(
    connection: duckdb.DuckDBPyConnection, source: LedgerSource, plan: LedgerPlan, *, careful: bool
) -> list[LedgerGroup]:
    rows: list[tuple[Any, ...]] = connection.execute(aggregation(source, plan, careful=careful)).fetchall()
    return [LedgerGroup(row[: len(KEYS)], Decimal(row[-3] or 0), row[-2], row[-1]) for row in rows]


def aggregation(source: LedgerSource, plan: LedgerPlan, *, careful: bool = False) -> str:
    """The query that adds up the lines of `source` by their keys: the columns k_ and the key's name for each of KEYS,
    amount_, entries_ and faulty_.
    """
    amount = _amount(source, careful=careful)
    sound = f"({_sound_amount(source, plan)}) AND ({_sound_month(source, careful=careful)})"
    where = [source.only] if source.only else []
    if careful:
        where.append(_sound_amount(source, plan))
    # A key that the file lacks is a null outside of the grouping, so that every row has all the keys.
    keys = [f"{source.columns.get(key, 'NULL')} AS {quoted('k_' + key)}" for key in KEYS]
    grouping = ", ".join(source.columns[key] for key in source.keys)
    inner = f"SELECT *, {amount} AS a_ FROM {source.relation}"
    return (
        f"SELECT {''.join(key + ', ' for key in keys)}sum(a_) AS amount_, count(*) AS entries_, "
        f"count(*) FILTER (WHERE ({sound}) IS NOT TRUE) AS faulty_ FROM ({inner})"
        f"{' WHERE ' + ' AND '.join(f'({part})' for part in where) if where else ''} GROUP BY {grouping}"
    )


def _amount(source: LedgerSource, *, careful: bool) -> str:
    """The amount as an exact decimal; null where it is none. Binary noise beyond the sixth decimal is dropped."""
    column, kind = source.columns["amount"], source.types.get("amount", "VARCHAR")
    if kind in _INTEGERS or _scale(kind) <= 2:
        return column
    if not careful:
        return f"TRY_CAST({_guarded(source, column)} AS DECIMAL(18, 6))"
    if kind != "VARCHAR":
        return f"TRY_CAST({column} AS DECIMAL(38, 6))"
    grouped = f"CASE WHEN regexp_full_match(trim({column}), '{_GROUPED}') THEN replace({column}, ',', '') END"
    return f"COALESCE(TRY_CAST(NULLIF({column}, '') AS DECIMAL(38, 6)), TRY_CAST({grouped} AS DECIMAL(38, 6)))"


def _guarded(source: LedgerSource, column: str) -> str:
    return f"NULLIF({column}, '')" if source.guarded else column


def _scale(kind: str) -> int:
    """The decimals of a decimal type; many for any other."""
    return int(kind.removesuffix(")").rpartition(",")[2]) if kind.startswith("DECIMAL(") else 99


def _sound_amount(source: LedgerSource, plan: LedgerPlan) -> str:
    """Whether a line's amount can be taken: whole fen, and below zero only where it is marked as a reversal."""
    kind = source.types.get("amount", "VARCHAR")
    whole = "" if kind in _INTEGERS or _scale(kind) <= 2 else " AND a_ = round(a_, 2)"
    return f"a_ IS NOT NULL{whole} AND {_not_negative(source, plan)}"


def _not_negative(source: LedgerSource, plan: LedgerPlan) -> str:
    if "reversal" not in source.columns:
        return "a_ >= 0"
    marks = ", ".join(quoted(mark, "'") for mark in plan.reversals)
    return f"(a_ >= 0 OR COALESCE(trim({source.columns['reversal']}) IN ({marks}), false))"


def _sound_month(source: LedgerSource, *, careful: bool) -> str:
    """Whether a line's month is one of the twelve; the year's opening balances and budget have none."""
    column, kind = source.columns.get("month"), source.types.get("month", "VARCHAR")
    if column is None or not (kind in _INTEGERS or kind == "VARCHAR"):
        return "true"
    if kind in _INTEGERS:
        return f"{column} IS NULL OR {column} BETWEEN 1 AND 12"
    if careful:
        return f"{column} IS NULL OR trim({column}) = '' OR regexp_full_match(trim({column}), '{_MONTH}')"
    return f"{column} IS NULL OR {column} = '' OR TRY_CAST({_guarded(source, column)} AS INTEGER) BETWEEN 1 AND 12"


def faulty_lines(
    connection: duckdb.DuckDBPyConnection, source: LedgerSource, plan: LedgerPlan
) -> dict[str, Listed]:
    """The lines with a faulty amount, an unmarked negative amount or a faulty month, with what stands there."""
    sound, not_negative = _sound_amount(source, plan), _not_negative(source, plan)
    kinds = {
        "amount": ("amount", f"({sound}) IS NOT TRUE AND ({not_negative}) IS NOT FALSE"),
        "negative": ("amount", f"({not_negative}) IS FALSE"),
        "month": ("month", f"({_sound_month(source, careful=True)}) IS NOT TRUE"),
    }
    amount = _amount(source, careful=True)
    found = {}
    for kind, (column, condition) in kinds.items():
        if column not in source.columns:
            continue
        inner = f"SELECT *, {source.line} AS line_, {amount} AS a_ FROM {source.relation}"
        rows = connection.execute(
            f"SELECT CAST(line_ AS BIGINT), CAST({source.columns[column]} AS VARCHAR), count(*) OVER () "
            f"FROM ({inner}) WHERE ({condition}) AND ({source.only or 'true'}) ORDER BY 1 LIMIT {LISTED}"
        ).fetchall()
        if rows:
            found[kind] = Listed(tuple((line, text or "") for line, text, _ in rows), rows[0][2])
    return found


def lines_of(
    connection: duckdb.DuckDBPyConnection, source: LedgerSource, groups: Sequence[tuple[str, LedgerGroup]]
) -> list[tuple[int, int]]:
    """The lines of `groups`, each with the kind of its fault: pairs of index in `groups` and line, in order.

    Of each kind the first are listed.
    """
    arrays = [[group.keys[_POSITION[key]] for _, group in groups] for key in source.keys]
    kinds = [kind for kind, _ in groups]
    unnested = "".join(f", unnest(?::VARCHAR[]) AS {quoted('b_' + key)}" for key in source.keys)
    joined = " AND ".join(
        f"{source.columns[key]} IS NOT DISTINCT FROM {quoted('b_' + key)}" for key in source.keys
    )
    query = (
        f"WITH bad AS (SELECT unnest(range(?)) AS index_, unnest(?::VARCHAR[]) AS kind_{unnested}), "
        f"numbered AS (SELECT *, {source.line} AS line_ FROM {source.relation}) "
        f"SELECT index_, CAST(line_ AS BIGINT) FROM numbered JOIN bad ON {joined} "
        f"QUALIFY row_number() OVER (PARTITION BY kind_ ORDER BY line_) <= {LISTED} ORDER BY line_, index_"
    )
    return [(index, line) for index, line in connection.execute(query, [len(groups), kinds, *arrays]).fetchall()]
