"""The relations held against every account of a jurisdiction: the database looks for the few that can be broken."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from juesuan.account import Address, Fact, Figure
from juesuan.compiler import uncollected, verify
from juesuan.corpus.jurisdiction.issues import UnitIssue
from juesuan.corpus.jurisdiction.ledger import insert
from juesuan.corpus.jurisdiction.model import Jurisdiction
from juesuan.corpus.jurisdiction.response import Responses, doubtful, prototype
from juesuan.statute import Instance

_BREAKS = (
    "CASE i.comparator WHEN '=' THEN gap <> 0 WHEN '≈' THEN gap <> 0 WHEN '≤' THEN gap > 0 WHEN '<' THEN gap >= 0 "
    "WHEN '≥' THEN gap < 0 ELSE gap <= 0 END"
)


def find_faults(
    made: Jurisdiction, responses: Responses, cells: Sequence[Address]
) -> tuple[list[UnitIssue], list[str]]:
    """Every relation that an account breaks, by level and unit; and notes on what could not be decided."""
    stated = {address.form for address in responses.stated}
    reached = {address.form for address in cells}
    unknown = frozenset(key for key in made.statute.profile.order if key not in reached | stated)
    moved = [responses.of_heading(heading) for heading in made.headings]
    moved += [responses.of_cell(address) for address in responses.stated]
    instances = doubtful(moved, made.statute, unknown=unknown)
    faults = [*_lost(made, responses), *_broken(made, instances, cells)]
    notes = [f"《{made.statute.forms[key].title}》没有任何数字，与它有关的关系没有核对。" for key in sorted(unknown)]
    return sorted(faults, key=lambda found: (found.level, found.unit, found.issue.code, found.issue.message)), notes


def _lost(made: Jurisdiction, responses: Responses) -> list[UnitIssue]:
    """Amounts that no table shows."""
    lost = [number for number, heading in enumerate(made.headings) if not responses.headings[heading]]
    if not lost:
        return []
    rows = made.connection.execute(
        "SELECT a.level, a.unit, s.heading, s.fen FROM sums s JOIN account a USING (account) "
        f"WHERE s.heading IN ({', '.join(map(str, lost))}) ORDER BY ALL"
    ).fetchall()
    return [
        UnitIssue(unit, fault, level)
        for level, unit, number, fen in rows
        for fault in uncollected([prototype(made.headings[number], Decimal(int(fen)).scaleb(-2))], made.statute)
    ]


def _broken(made: Jurisdiction, instances: Sequence[Instance], cells: Sequence[Address]) -> list[UnitIssue]:
    connection = made.connection
    numbers = {address: number for number, address in enumerate(cells)}
    comparators: list[tuple[int, str, int]] = []
    operands: list[tuple[int, int, int]] = []
    involved: list[tuple[int, int]] = []
    for index, instance in enumerate(instances):
        comparators.append((index, instance.comparator, int(instance.constant.scaleb(2))))
        for side, part in ((1, instance.left), (-1, instance.right)):
            operands.extend((index, numbers[o.address], side * o.sign) for o in part if o.address in numbers)
        addresses = dict.fromkeys(instance.addresses())
        involved.extend((index, numbers[address]) for address in addresses if address in numbers)
    connection.execute("CREATE TABLE doubts (instance INTEGER, comparator VARCHAR, fen HUGEINT)")
    connection.execute("CREATE TABLE operands (instance INTEGER, cell INTEGER, sign TINYINT)")
    connection.execute("CREATE TABLE involved (instance INTEGER, cell INTEGER)")
    for name, rows in (("doubts", comparators), ("operands", operands), ("involved", involved)):
        insert(connection, name, rows)
    found = connection.execute(
        f"""
        WITH gaps AS (
            SELECT a.account, o.instance, sum(a.fen * o.sign) - any_value(d.fen) AS gap
            FROM amounts a JOIN operands o USING (cell) JOIN doubts d ON d.instance = o.instance GROUP BY ALL
        ), broken AS (SELECT account, instance FROM gaps JOIN doubts i USING (instance) WHERE {_BREAKS})
        SELECT n.level, n.unit, b.instance, v.cell, a.fen FROM broken b JOIN involved v USING (instance)
        JOIN amounts a ON a.account = b.account AND a.cell = v.cell JOIN account n ON n.account = b.account
        ORDER BY ALL
        """
    ).fetchall()
    facts: dict[tuple[str, str], dict[Address, Fact]] = {}
    suspected: dict[tuple[str, str], dict[int, Instance]] = {}
    for level, unit, index, cell, fen in found:
        figure = Figure(Decimal(int(fen)).scaleb(-2))
        facts.setdefault((level, unit), {})[cells[cell]] = Fact(cells[cell], figure)
        suspected.setdefault((level, unit), {})[index] = instances[index]
    return [
        UnitIssue(unit, fault, level)
        for (level, unit), some in suspected.items()
        for fault in verify(facts[level, unit], some.values(), made.statute)[0]
    ]
