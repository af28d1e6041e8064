"""Where the quantities of a comparison come from: a store, or the accounts of a compiled jurisdiction."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from juesuan.account import quoted
from juesuan.corpus.compare.peers import Observation
from juesuan.corpus.jurisdiction.organisation import DEPARTMENT_LEVELS, OrganisationList
from juesuan.corpus.store.query import Store
from juesuan.statute.comparison import SCORE, STAFF, address_of, load_indicators

Row = tuple[Any, ...]


def quantities() -> dict[tuple[str, str, str, str], str]:
    """The quantities of all indicators by form, row, column and period."""
    found = {}
    for indicator in load_indicators().indicators:
        for quantity in indicator.quantities:
            address = address_of(quantity)
            if address is not None:
                found[address.form, address.row, address.column, str(address.period)] = quantity
    return found


def _wanted() -> str:
    keys = quantities()
    return ", ".join("(" + ", ".join(quoted(part, "'") for part in key) + ")" for key in keys)


def from_store(path: str, organisation: OrganisationList | None = None) -> list[Observation]:
    """The current accounts of a store. Raises StoreError."""
    with Store(path) as store:
        facts = store.rows(
            'SELECT f.unit_code, f.unit, f.year, d.level, d.nature, f.form, f.row, f."column", f.period, '
            "coalesce(f.exact, f.amount::VARCHAR) "
            "FROM facts_by_key f JOIN documents d USING (document) WHERE f.kind = '决算' "
            f'AND (f.form, f.row, f."column", f.period) IN ({_wanted()})'
        )
        scores = store.rows(
            "SELECT e.unit_code, e.unit, e.year, d.level, d.nature, e.score FROM evaluations e "
            "JOIN documents d USING (document) WHERE d.current AND e.sheet_kind = '整体' AND e.score IS NOT NULL"
        )
    return _observations([*facts, *((*row[:5], SCORE, "", "", "", row[5]) for row in scores)], organisation)


def from_accounts(path: Path, organisation: OrganisationList | None = None) -> list[Observation]:
    """The accounts.parquet that `juesuan jurisdiction` writes. Raises duckdb.Error."""
    with duckdb.connect() as connection:
        rows = connection.execute(
            'SELECT unit_code, unit, year, level, \'\', form, row, "column", period, amount '
            f"FROM read_parquet({quoted(str(path), chr(39))}) WHERE level <> '地区' "
            f'AND (form, row, "column", period) IN ({_wanted()})'
        ).fetchall()
    return _observations(rows, organisation)


def _observations(rows: Iterable[Row], organisation: OrganisationList | None) -> list[Observation]:
    keys = quantities()
    found: dict[tuple[str, str, int, str, str], dict[str, Decimal]] = {}
    for code, name, year, level, nature, form, row, column, period, amount in rows:
        quantity = SCORE if form == SCORE else keys[form, row, column, period]
        own, kind = level or "", nature or ""
        member = None
        if organisation:
            member = organisation.by_code.get(code or organisation.codes_by_name.get(name, ""))
        if member:
            own = "部门" if member.level in DEPARTMENT_LEVELS else "单位"
            kind = member.kind or member.nature
        values = found.setdefault((code or name, name, int(year), own, kind), {})
        values[quantity] = Decimal(amount)
        if member and member.staff:
            values[STAFF] = Decimal(member.staff)
    return [
        Observation(unit, name, year, level, kind, values)
        for (unit, name, year, level, kind), values in sorted(found.items())
    ]
