"""A whole jurisdiction compiled: one ledger of many units becomes the tables of every unit, every department, and all.

The lines are added up by DuckDB within a fixed memory; the cells of every account are then one join of the entries with
what one yuan of each does (`jurisdiction_response`), so that 3,000 units take hardly longer than one.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

import duckdb

from juesuan.account import Address, Source
from juesuan.compiler import issue_under
from juesuan.corpus.jurisdiction.faults import find_faults
from juesuan.corpus.jurisdiction.issues import UnitIssue, in_unit_order, transfer_issue
from juesuan.corpus.jurisdiction.ledger import Ledgers, insert
from juesuan.corpus.jurisdiction.model import DEPARTMENT, UNIT, WHOLE, Jurisdiction
from juesuan.corpus.jurisdiction.organisation import OrganisationList
from juesuan.corpus.jurisdiction.response import Responses
from juesuan.corpus.jurisdiction.supplied import SuppliedFigures
from juesuan.statute import Statute
from juesuan.statute.checking import load_rollup

MEMORY = "1200MB"
"""What the database may use; the rest of two gigabytes is for Python and the libraries."""

CELLS = "level, unit_code, unit, year, form, row, column, period, amount"
AMOUNT = "CAST(c.fen AS DECIMAL(20, 0)) * CAST(0.01 AS DECIMAL(3, 2))"


@contextmanager
def compile_jurisdiction(
    paths: Sequence[Path],
    organisation: OrganisationList,
    statute: Statute,
    *,
    stated: Path | None = None,
    name: str = "全部单位",
    memory: str = MEMORY,
) -> Iterator[Jurisdiction]:
    """The accounts of all units, departments and the whole from ledgers of many units, open within the context.

    `stated` is a CSV of figures that no ledger knows (单位编码, 地址, 数). Amounts are exact yuan. What is wrong
    with one unit's lines is in `problems` and stops no other. Raises OSError where temporary files have no room.
    """
    with (
        tempfile.TemporaryDirectory(prefix="juesuan-") as folder,
        duckdb.connect(str(Path(folder) / "jurisdiction.duckdb")) as connection,
    ):
        connection.execute(f"SET memory_limit = '{memory}'")
        connection.execute(f"SET temp_directory = '{folder}'")
        connection.execute("SET preserve_insertion_order = false")
        made = Jurisdiction(connection, organisation, statute, name)
        _compile(made, paths, stated)
        yield made


def _compile(made: Jurisdiction, paths: Sequence[Path], stated: Path | None) -> None:
    ledgers = Ledgers(made.connection, made.statute, made.organisation)
    ledgers.read(paths)
    figures = SuppliedFigures(made.connection, made.statute, made.organisation, stated)
    responses = Responses(ledgers.headings, figures.addresses, made.statute)
    figures.refuse(responses)
    made.headings = list(ledgers.headings)
    made.stated = figures.addresses
    made.problems = [*ledgers.problems, *figures.problems]
    _owners(made)
    _internal(made)
    cells = _respond(made, responses, figures)
    _accounts(made)
    made.problems.extend(_unknown_units(made))
    made.problems = in_unit_order(made.problems)
    made.faults, made.notes = find_faults(made, responses, cells)


def _owners(made: Jurisdiction) -> None:
    """Who adds up what: every unit itself, every department its units, the whole all of them; and who stands where."""
    connection, organisation = made.connection, made.organisation
    units = connection.execute("SELECT unit FROM entries UNION SELECT unit FROM stated").fetchall()
    present = {row[0] for row in units}
    rows: list[tuple[str, str, str, str, str]] = []
    for unit in sorted(present):
        rows.append((UNIT, unit, unit, "", ""))
    groups = {(DEPARTMENT, code): codes for code, codes in organisation.departments.items()}
    groups[WHOLE, made.name] = tuple(sorted(present | set(organisation.by_code)))
    for (level, code), members in groups.items():
        sides = organisation.sides(members)
        for unit in members:
            if unit in present:
                above, below = ("上级" if "上级" in sides[unit] else ""), ("下级" if "下级" in sides[unit] else "")
                rows.append((level, code, unit, above, below))
    connection.execute(
        "CREATE TABLE owners (level VARCHAR, unit VARCHAR, part VARCHAR, above VARCHAR, below VARCHAR)"
    )
    insert(connection, "owners", [tuple(cell or None for cell in row) for row in rows])


def _internal(made: Jurisdiction) -> None:
    """What each group's units book as transfers among themselves: left out of the group, and both sides compared."""
    connection = made.connection
    rows = []
    for transfer in load_rollup().transfers:
        for number, heading in enumerate(made.headings):
            if heading.period != "本年":
                continue
            if heading.record == "收入" and heading.source == transfer.income:
                rows.append((number, transfer.key, transfer.income, transfer.received))
            elif heading.record == "支出" and heading.nature == transfer.outlay:
                rows.append((number, transfer.key, transfer.outlay, transfer.paid))
    connection.execute("CREATE TABLE transfers (heading INTEGER, transfer VARCHAR, what VARCHAR, side VARCHAR)")
    insert(connection, "transfers", rows)
    connection.execute(
        "CREATE TABLE internal AS SELECT o.level, o.unit, o.part, e.heading, t.transfer, t.what, sum(e.fen) AS fen "
        "FROM transfers t JOIN entries e USING (heading) JOIN owners o ON o.part = e.unit "
        "AND t.side IN (o.above, o.below) GROUP BY ALL"
    )
    found: dict[tuple[str, str, str], list[tuple[str, str, Decimal]]] = {}
    for level, unit, key, part, what, fen in connection.execute(
        "SELECT level, unit, transfer, part, what, sum(fen) FROM internal GROUP BY ALL ORDER BY ALL"
    ).fetchall():
        found.setdefault((level, unit, key), []).append((part, what, Decimal(int(fen)).scaleb(-2)))
    for (level, unit, key), parts in found.items():
        income = next(transfer.income for transfer in load_rollup().transfers if transfer.key == key)
        received = sum((amount for _, what, amount in parts if what == income), Decimal(0))
        paid = sum((amount for _, what, amount in parts if what != income), Decimal(0))
        if paid != received:
            made.mismatches.append(transfer_issue(level, unit, key, paid, received, parts))


def _respond(made: Jurisdiction, responses: Responses, figures: SuppliedFigures) -> list[Address]:
    """The tables `leaf` and `stated_leaf` (which cells collect what) and `response` (what a yuan in such a cell does);
    gives the addresses by their numbers there.
    """
    numbers: dict[Address, int] = {}
    leaves = [
        (heading, numbers.setdefault(address, len(numbers)))
        for heading, entry in enumerate(made.headings)
        for address in responses.headings[entry]
    ]
    stated = [
        (place, numbers.setdefault(address, len(numbers)))
        for place, address in enumerate(figures.addresses)
        if address in figures.given
    ]
    connection = made.connection
    for name, content in (("leaf", leaves), ("stated_leaf", stated)):
        connection.execute(f"CREATE TABLE {name} (heading INTEGER, cell INTEGER)")
        insert(connection, name, content)
    rows = [
        (leaf, numbers.setdefault(cell, len(numbers)), times)
        for address, leaf in list(numbers.items())
        for cell, times in responses.of_cell(address).items()
        if times
    ]
    connection.execute("CREATE TABLE response (leaf INTEGER, cell INTEGER, times SMALLINT)")
    insert(connection, "response", rows)
    connection.execute(
        "CREATE TABLE cells (cell INTEGER, form VARCHAR, row VARCHAR, \"column\" VARCHAR, period VARCHAR)"
    )
    insert(connection, "cells", [(n, a.form, a.row, a.column, a.period) for a, n in numbers.items()])
    return list(numbers)


def _accounts(made: Jurisdiction) -> None:
    """The table `amounts`: every cell that is not blank, of every account, in fen; and the view `accounts` of it."""
    connection = made.connection
    accounts = connection.execute("SELECT DISTINCT level, unit FROM owners ORDER BY ALL").fetchall()
    connection.execute("CREATE TABLE account (account INTEGER, level VARCHAR, unit VARCHAR, name VARCHAR)")
    named = [(level, unit, made.unit(unit, level).name) for level, unit in accounts]
    insert(connection, "account", [(number, *row) for number, row in enumerate(named)])
    connection.execute(
        "CREATE TABLE owned AS SELECT a.account, a.level, o.part FROM owners o JOIN account a USING (level, unit)"
    )
    connection.execute(
        f"""
        CREATE TABLE sums AS
        WITH own AS (
            SELECT o.account, e.unit, e.heading, CAST(sum(e.fen) AS BIGINT) AS fen
            FROM entries e JOIN owned o ON o.part = e.unit AND o.level = '{UNIT}' GROUP BY ALL
        )
        SELECT account, heading, fen FROM own
        UNION ALL
        SELECT o.account, e.heading, CAST(sum(e.fen) AS BIGINT) FROM own e
        JOIN owned o ON o.part = e.unit AND o.level <> '{UNIT}'
        ANTI JOIN (SELECT account, part, heading FROM internal JOIN account USING (level, unit)) i
        ON i.account = o.account AND i.part = o.part AND i.heading = e.heading GROUP BY ALL
        """
    )
    # Cells that collect are fewer than headings: what is computed is added up from them.
    connection.execute(
        """
        CREATE TABLE collected AS
        SELECT s.account, l.cell, CAST(sum(s.fen) AS BIGINT) AS fen FROM sums s JOIN leaf l USING (heading) GROUP BY ALL
        UNION ALL
        SELECT o.account, l.cell, CAST(sum(s.fen) AS BIGINT) FROM stated s JOIN owned o ON o.part = s.unit
        JOIN stated_leaf l ON l.heading = s.address GROUP BY ALL
        """
    )
    connection.execute(
        "CREATE TABLE amounts AS SELECT c.account, r.cell, sum(c.fen * r.times) AS fen FROM collected c "
        "JOIN response r ON r.leaf = c.cell GROUP BY ALL HAVING sum(c.fen * r.times) <> 0"
    )
    connection.execute(
        f"CREATE VIEW accounts AS SELECT n.level, n.unit AS unit_code, n.name AS unit, "
        f"CAST({made.statute.year} AS INTEGER) AS year, a.form, a.row, a.\"column\", a.period, "
        f"CAST({AMOUNT} AS DECIMAL(20, 2)) AS amount FROM amounts c JOIN cells a USING (cell) "
        "JOIN account n USING (account)"
    )


def _unknown_units(made: Jurisdiction) -> Iterator[UnitIssue]:
    """Units of the ledger that the organisation does not know, and units of it that have no line in the ledger."""
    present = set(made.units())
    for unit in sorted(present - set(made.organisation.by_code)):
        message = "组织机构表里没有这个单位；已单独编制并计入全部，但不属于任何部门，请在表中补上"
        yield UnitIssue(unit, issue_under("J122", message, Source(file="组织机构"), unit))
    above = {member.superior for member in made.organisation.members}
    for member in made.organisation.members:
        if member.code not in present and member.code not in above:
            message = "台账里没有这个单位的记录；没有收支的请核实"
            yield UnitIssue(member.code, issue_under("J122", message, Source(file="台账"), member.name))
