"""The accounts of a jurisdiction as they lie in their database, and what is wrong with them."""

from __future__ import annotations

from decimal import Decimal

import duckdb
import msgspec

from juesuan.account import Account, Address, Fact, Figure, Unit
from juesuan.compiler import Entry, Gathered
from juesuan.compiler.ledger import EntryHeading
from juesuan.corpus.jurisdiction.issues import UnitIssue
from juesuan.corpus.jurisdiction.organisation import OrganisationList
from juesuan.corpus.jurisdiction.response import prototype
from juesuan.statute import Statute

UNIT, DEPARTMENT, WHOLE = "单位", "部门", "地区"
"""The levels of accounts."""


class Jurisdiction:
    """The accounts of a jurisdiction, in a database of their own; made by `compile_jurisdiction`.

    The table `accounts` has one line for each cell that is not blank: level (单位, 部门, 地区), unit_code, unit, year,
    form, row, column, period, amount (exact yuan).
    """

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, organisation: OrganisationList, statute: Statute, name: str
    ) -> None:
        self.connection = connection
        self.organisation = organisation
        self.statute = statute
        self.name = name
        self.problems: list[UnitIssue] = []
        self.faults: list[UnitIssue] = []
        self.mismatches: list[UnitIssue] = []
        self.notes: list[str] = []
        self.headings: list[EntryHeading] = []
        self.stated: list[Address] = []

    def units(self, level: str = UNIT) -> list[str]:
        """The codes of the accounts of a level, in order."""
        rows = self.connection.execute(
            "SELECT DISTINCT unit FROM owners WHERE level = ? ORDER BY 1", [level]
        ).fetchall()
        return [row[0] for row in rows]

    def facts(self, unit: str, level: str = UNIT) -> dict[Address, Decimal]:
        """Every figure of an account, in yuan."""
        rows = self.connection.execute(
            "SELECT form, row, \"column\", period, amount FROM accounts WHERE level = ? AND unit_code = ?",
            [level, unit],
        ).fetchall()
        return {Address(form, row, column, period): amount for form, row, column, period, amount in rows}

    def account(self, unit: str, level: str = UNIT) -> Account:
        """An account with its tables; it has no narrative (see `gathered`)."""
        account = Account(self.statute.profile.key, self.statute.year, self.unit(unit, level))
        account.extend(Fact(address, Figure(amount)) for address, amount in sorted(self.facts(unit, level).items()))
        return account

    def unit(self, code: str, level: str = UNIT) -> Unit:
        """The name, nature and department of a unit."""
        member = self.organisation.by_code.get(code)
        if member is None:
            return Unit(self.name if level == WHOLE else code, code)
        head = self.organisation.by_code.get(self.organisation.department(code))
        return Unit(member.name, code, member.nature, head.name if head and head.code != code else "")

    def gathered(self, unit: str) -> Gathered:
        """The entries of a unit as one unit's ledger gives them, for the narrative and publishing."""
        rows = self.connection.execute(
            "SELECT heading, project, fen FROM entries WHERE unit = ? ORDER BY heading, project", [unit]
        ).fetchall()
        entries: list[Entry] = []
        for number, project, fen in rows:
            heading = msgspec.structs.replace(self.headings[number], project=project)
            entries.append(prototype(heading, Decimal(int(fen)).scaleb(-2)))
        rows = self.connection.execute(
            "SELECT address, fen FROM stated WHERE unit = ? ORDER BY address", [unit]
        ).fetchall()
        stated = [Fact(self.stated[number], Figure(Decimal(int(fen)).scaleb(-2))) for number, fen in rows]
        return Gathered(self.unit(unit), self.statute.year, entries, stated)
