"""Ledgers of many units read in one pass: DuckDB adds the lines up, what they mean is said once for all units."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from juesuan.account import Issue, Source, UnreadableSourceError, quoted
from juesuan.compiler import Message, issue, issue_under, say
from juesuan.compiler.ledger import (
    KEYS,
    PROJECT,
    EntryHeading,
    Judged,
    LedgerGroup,
    LedgerSource,
    Meanings,
    aggregation,
    amount_fault,
    countable,
    faulty_lines,
    lines_of,
    open_ledger,
)
from juesuan.corpus.jurisdiction.issues import UnitIssue
from juesuan.corpus.jurisdiction.organisation import OrganisationList
from juesuan.statute import LedgerPlan, Statute, ledger_plan

MEANING_KEYS = ("fund", "function", "economy", "nature", "record")
LARGEST = 10**17
"""Fen that an entry of a unit can come to."""

FAULT_KEYS = {"amount": "amount", "negative": "amount", "month": "month"}


class Ledgers:
    """The entries of all units, as tables of `connection`.

    `entries` has unit, heading (its position in `headings`), project, fen and lines (how many were added up).
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, statute: Statute, organisation: OrganisationList) -> None:
        self.connection = connection
        self.headings: list[EntryHeading] = []
        self.problems: list[UnitIssue] = []
        self._numbers: dict[EntryHeading, int] = {}
        self._organisation = organisation
        self._plan: LedgerPlan = ledger_plan()
        self._meanings = Meanings(statute, self._plan)
        self._parts: list[str] = []
        connection.execute("CREATE TABLE unit_names (name VARCHAR, code VARCHAR)")
        insert(connection, "unit_names", organisation.codes_by_name.items())

    def read(self, paths: Sequence[Path]) -> None:
        """Adds up all files. One that is no ledger is a problem and does not stop the others."""
        with tempfile.TemporaryDirectory() as folder:
            for path in paths:
                try:
                    self._file(path, Path(folder))
                except UnreadableSourceError as error:
                    found = issue_under(error.code, str(error), Source(file=path.name), "文件")
                    self.problems.append(UnitIssue("", found))
        self._together()

    def _file(self, path: Path, folder: Path) -> None:
        source = open_ledger(self.connection, path, self._plan, folder)
        if not {"unit", "unit_name"} & set(source.columns):
            raise UnreadableSourceError(f"{path.name}：没有单位编码或单位名称一列；多个单位的台账要写明每一行的单位。")
        source = self._aggregated(source, path, folder)
        for problem in source.problems:
            self.problems.append(UnitIssue("", problem))
        if self._misfitting():
            self._misfits(source)
        if self._any_faulty():
            self._faulty(source)
            self._aggregate(source, careful=True)
        self._keep()

    def _aggregated(self, source: LedgerSource, path: Path, folder: Path) -> LedgerSource:
        """The groups of a file in the table `grouped`; a CSV whose lines must be numbered is rewritten first."""
        plain = source.line.startswith("row_number")
        try:
            self._aggregate(source)
            self._judge()
            if not (plain and (self._misfitting() or self._any_faulty())) or self._countable(path):
                return source
        except duckdb.Error as error:
            if not plain:
                raise UnreadableSourceError(say("file.ledger", file=path.name)) from error
        source = open_ledger(self.connection, path, self._plan, folder, rewrite=True)
        self._aggregate(source)
        self._judge()
        return source

    def _countable(self, path: Path) -> bool:
        blank = " AND ".join(f"k_{key} IS NULL" for key in KEYS)
        lines, empty = self._one(f"SELECT sum(entries_), count(*) FILTER (WHERE {blank}) FROM grouped")
        return not empty and countable(path, int(lines or 0))

    def _one(self, query: str) -> tuple[Any, ...]:
        row: tuple[Any, ...] | None = self.connection.execute(query).fetchone()
        return row or ()

    def _aggregate(self, source: LedgerSource, *, careful: bool = False) -> None:
        try:
            query = aggregation(source, self._plan, careful=careful)
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE grouped AS {query}")
        except duckdb.ConversionException:
            query = aggregation(msgspec.structs.replace(source, guarded=True), self._plan, careful=careful)
            self.connection.execute(f"CREATE OR REPLACE TEMP TABLE grouped AS {query}")

    def _any_faulty(self) -> bool:
        return bool(self._one("SELECT count(*) FILTER (WHERE faulty_ > 0) FROM grouped")[0])

    def _misfitting(self) -> bool:
        nobody = self._one(f"SELECT count(*) FILTER (WHERE {_NOBODY}) FROM grouped")[0]
        return bool(nobody or self._one("SELECT count(*) FILTER (WHERE faults) FROM meaning")[0])

    # what the groups mean

    def _judge(self) -> None:
        """Puts the meaning of every kind of group into the table `meaning`."""
        keys = ", ".join(f"k_{key}" for key in MEANING_KEYS)
        kinds = self.connection.execute(f"SELECT DISTINCT {keys}, {_NAMED} AS named FROM grouped").fetchall()
        rows = []
        for kind in kinds:
            judged = self._meaning(kind)
            number = self._number(judged.heading) if judged.heading else None
            rows.append((*kind, number, bool(judged.faults)))
        columns = ", ".join(f"m_{key} VARCHAR" for key in MEANING_KEYS)
        self.connection.execute(
            f"CREATE OR REPLACE TEMP TABLE meaning ({columns}, named BOOLEAN, heading INTEGER, faults BOOLEAN)"
        )
        insert(self.connection, "meaning", rows)

    def _meaning(self, kind: tuple[Any, ...]) -> Judged:
        values = dict(zip(MEANING_KEYS, kind, strict=False))
        keys = tuple("有" if key == "project" and kind[-1] else values.get(key) for key in KEYS)
        return self._meanings.judge(LedgerGroup(keys, Decimal(0), 0, 0))

    def _number(self, heading: EntryHeading) -> int:
        number = self._numbers.get(heading)
        if number is None:
            number = self._numbers[heading] = len(self.headings)
            self.headings.append(heading)
        return number

    def _keep(self) -> None:
        name = f"part{len(self._parts)}"
        self._parts.append(name)
        projects = [number for number, heading in enumerate(self.headings) if heading.nature == PROJECT]
        project = f"heading IN ({', '.join(map(str, projects))})" if projects else "false"
        code = "trim(coalesce(k_project_code, ''))"
        self.connection.execute(
            f"CREATE TEMP TABLE {name} AS SELECT {_UNIT} AS unit, heading, "
            f"CASE WHEN {project} THEN coalesce(nullif(trim(k_project), ''), {code}) ELSE '' END AS project, "
            f"TRY_CAST(amount_ * 100 AS HUGEINT) AS fen, entries_ AS lines FROM grouped g {_MEANT} {_NAMES} "
            "WHERE heading IS NOT NULL"
        )

    def _together(self) -> None:
        """All files together: sums by unit, heading and project; those below zero or beyond measure are problems."""
        parts = " UNION ALL ".join(f"SELECT * FROM {part}" for part in self._parts) or (
            "SELECT ''::VARCHAR AS unit, 0 AS heading, ''::VARCHAR AS project, 0::HUGEINT AS fen, 0 AS lines "
            "WHERE false"
        )
        self.connection.execute(
            "CREATE TABLE entries AS SELECT unit, heading, project, sum(fen) AS fen, CAST(sum(lines) AS BIGINT) "
            f"AS lines FROM ({parts}) WHERE unit IS NOT NULL GROUP BY ALL"
        )
        for part in self._parts:
            self.connection.execute(f"DROP TABLE {part}")
        strange = self.connection.execute(
            f"SELECT * FROM entries WHERE fen < 0 OR fen > {LARGEST} OR fen IS NULL ORDER BY ALL"
        ).fetchall()
        for unit, number, project, fen, lines in strange:
            heading = self.headings[number]
            parts_of = (heading.period, heading.record, heading.source, heading.nature, heading.function,
                        heading.economy, project)  # fmt: skip
            what = " ".join(part for part in parts_of if part)
            amount = Decimal(int(fen or 0)).scaleb(-2)
            key = "ledger.net" if amount < 0 else "ledger.large"
            message = say(key, what=what, found=amount, entries=lines)
            self._problem(unit, issue(message, Source(file="台账"), "汇总"))
        if strange:
            self.connection.execute(f"DELETE FROM entries WHERE fen < 0 OR fen > {LARGEST} OR fen IS NULL")
        self.connection.execute("DELETE FROM entries WHERE fen = 0")

    # what is said of the lines

    def _problem(self, unit: str, found: Issue) -> None:
        self.problems.append(UnitIssue(unit or "", found))

    def _misfits(self, source: LedgerSource) -> None:
        """Names the lines of groups whose codes or words are wrong, or that do not say whose they are."""
        keys = ", ".join(f"k_{key}" for key in KEYS)
        rows = self.connection.execute(
            f"SELECT {_UNIT}, {', '.join('k_' + key for key in MEANING_KEYS)}, m.named, {keys}, entries_ "
            f"FROM grouped g {_MEANT} {_NAMES} WHERE m.faults OR {_NOBODY} ORDER BY ALL"
        ).fetchall()
        bad: list[tuple[str, str, Message, LedgerGroup]] = []
        for unit, *rest in rows:
            kind = tuple(rest[: len(MEANING_KEYS) + 1])
            group = LedgerGroup(tuple(rest[len(kind) : -1]), Decimal(0), rest[-1], 0)
            nobody = (("单位", say("ledger.unit.blank")),)
            faults = self._meaning(kind).faults if unit else nobody
            bad.extend((unit or "", label, message, group) for label, message in faults)
        left: dict[tuple[str, str], int] = {}
        for unit, label, _, group in bad:
            left[unit, label] = left.get((unit, label), 0) + group.entries
        listed = lines_of(self.connection, source, [(label, group) for _, label, _, group in bad])
        for index, line in listed:
            unit, label, message, _ = bad[index]
            left[unit, label] -= 1
            self._problem(unit, source.issue(message, line))
        self._more(source, left)

    def _faulty(self, source: LedgerSource) -> None:
        """Names the lines with faulty amounts and months, with the unit of each."""
        labels = {"amount": "金额", "negative": "金额为负", "month": "月份"}
        counts: dict[tuple[str, str], int] = {}
        for kind, listed in faulty_lines(self.connection, source, self._plan).items():
            units = self._units_of(source, [line for line, _ in listed.lines])
            for line, text in listed.lines:
                message = {
                    "amount": amount_fault(text),
                    "negative": say("ledger.negative", found=text),
                    "month": say("ledger.month", found=text),
                }[kind]
                self._problem(units.get(line, ""), source.issue(message, line))
            if listed.count > len(listed.lines):
                counts["", labels[kind]] = listed.count - len(listed.lines)
        self._more(source, counts)

    def _units_of(self, source: LedgerSource, lines: Sequence[int]) -> dict[int, str]:
        names = [f"{source.columns.get(key, 'NULL')} AS k_{key}" for key in ("unit", "unit_name")]
        query = (
            f"SELECT line_, {_UNIT} FROM (SELECT *, {', '.join(names)} FROM (SELECT *, CAST({source.line} AS BIGINT) "
            f"AS line_ FROM {source.relation}) WHERE line_ IN ({', '.join(map(str, lines))})) {_NAMES}"
        )
        return dict(self.connection.execute(query).fetchall())

    def _more(self, source: LedgerSource, left: dict[tuple[str, str], int]) -> None:
        for (unit, label), count in sorted(left.items(), key=lambda item: (item[0][0] or "", item[0][1])):
            if count > 0:
                message = say("ledger.more", count=count, label=label)
                self._problem(unit, issue(message, Source(file=source.file), "其余各行"))


_NAMED = "trim(coalesce(k_project, '')) <> '' OR trim(coalesce(k_project_code, '')) <> ''"
_UNIT = "coalesce(nullif(trim(k_unit), ''), n.code, nullif(trim(k_unit_name), ''))"
_NOBODY = "trim(coalesce(k_unit, '')) = '' AND trim(coalesce(k_unit_name, '')) = ''"
_NAMES = "LEFT JOIN unit_names n ON n.name = trim(k_unit_name)"
_MEANT = (
    "JOIN meaning m ON "
    + " AND ".join(f"g.k_{key} IS NOT DISTINCT FROM m.m_{key}" for key in MEANING_KEYS)
    + f" AND ({_NAMED}) = m.named"
)


def insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Puts `rows` into `table`, by way of a file: row by row would take the database seconds."""
    with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        empty = True
        for row in rows:
            empty = False
            writer.writerow(["\\N" if cell is None else cell for cell in row])
        file.flush()
        if not empty:
            connection.execute(
                f"COPY {table} FROM {quoted(file.name, chr(39))} (FORMAT csv, HEADER false, NULLSTR '\\N', "
                "AUTO_DETECT false, DELIMITER ',', QUOTE '\"', ESCAPE '\"')"
            )
