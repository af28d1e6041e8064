"""Figures that no ledger knows (三公经费, vehicles, last year's figures), stated unit by unit in a CSV."""

from __future__ import annotations

import csv
from decimal import Decimal, InvalidOperation
from pathlib import Path

import duckdb

from juesuan.account import Address, Source, bare
from juesuan.compiler import issue_under
from juesuan.corpus.jurisdiction.issues import UnitIssue
from juesuan.corpus.jurisdiction.ledger import insert
from juesuan.corpus.jurisdiction.organisation import OrganisationList
from juesuan.corpus.jurisdiction.response import Responses
from juesuan.statute import NotationError, Statute, parse_place
from juesuan.statute.comparison import load_key_figures

UNIT, ADDRESS, AMOUNT = "单位编码", "地址", "数"


class SuppliedFigures:
    """The stated figures, in the table `stated` (unit, address as its number in `addresses`, fen)."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, statute: Statute, organisation: OrganisationList, path: Path | None
    ) -> None:
        self._connection = connection
        self._statute = statute
        self._organisation = organisation
        self.addresses: list[Address] = []
        self.given: set[Address] = set()
        self.problems: list[UnitIssue] = []
        connection.execute("CREATE TABLE stated (unit VARCHAR, address INTEGER, fen HUGEINT)")
        if path is not None:
            self._read(path)
        self.given = set(self.addresses)

    def _read(self, path: Path) -> None:
        numbers: dict[Address, int] = {}
        seen: dict[tuple[str, Address], int] = {}
        rows = []
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            for line in reader:
                unit, text, written = (bare(line.get(key) or "") for key in (UNIT, ADDRESS, AMOUNT))
                address = self._address(text)
                amount = _amount(written)
                if not unit or address is None or amount is None:
                    place = load_key_figures().figures[0].place
                    wrong = f"“{unit},{text},{written}”：应为单位编码、地址（如 {place}）和数（最多两位小数）"
                    self._problem(unit, path, reader.line_num, wrong)
                elif (unit, address) in seen:
                    twice = f"{text} 已在第 {seen[unit, address]} 行填写；应只留一行"
                    self._problem(unit, path, reader.line_num, twice)
                else:
                    seen[unit, address] = reader.line_num
                    rows.append((unit, numbers.setdefault(address, len(numbers)), int(amount.scaleb(2))))
        self.addresses = list(numbers)
        insert(self._connection, "stated", rows)

    def _problem(self, unit: str, path: Path, line: int, message: str) -> None:
        found = issue_under("J121", message, Source(file=path.name, line=line), f"第{line}行")
        self.problems.append(UnitIssue(unit, found))

    def _address(self, text: str) -> Address | None:
        try:
            place = parse_place(text.strip())
        except NotationError:
            return None
        if not (place.form in self._statute.forms and place.rows and place.columns):
            return None
        form = self._statute.forms[place.form]
        if place.rows.kind != "one" or place.columns.kind != "one" or place.columns.key not in form.columns:
            return None
        return Address(form.key, place.rows.key, place.columns.key, place.period) if form.layout.has(
            place.rows.key
        ) else None

    def refuse(self, responses: Responses) -> None:
        """Takes out what the relations compute or a ledger collects: two figures for one cell are a contradiction."""
        collected = {address for cells in responses.headings.values() for address in cells}
        for number, address in enumerate(self.addresses):
            if responses.computed(address) or address in collected:
                self.given.discard(address)
                units = self._connection.execute("SELECT unit FROM stated WHERE address = ? ORDER BY 1", [number])
                for (unit,) in units.fetchall():
                    name = self._statute.describe(address)
                    message = f"{name}由台账或公式得出，不能另填；没有采用"
                    found = issue_under("J121", message, Source(file="另填的数"), str(address))
                    self.problems.append(UnitIssue(unit, found))
                self._connection.execute("DELETE FROM stated WHERE address = ?", [number])


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.replace(",", "").strip())
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount == amount.quantize(Decimal("0.01")) else None
