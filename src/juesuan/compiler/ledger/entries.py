"""The ledger: lines of budget execution, added up by DuckDB, checked, and made into entries of the accounts."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

import duckdb
import msgspec

from juesuan.account import ZERO, Project, Source, quoted
from juesuan.compiler.cells import amount as read_amount
from juesuan.compiler.entries import Entry, Gathered
from juesuan.compiler.ledger.files import LedgerSource, open_ledger
from juesuan.compiler.ledger.meaning import PROJECT, EntryHeading, Meanings
from juesuan.compiler.ledger.sql import LedgerGroup, aggregate, faulty_lines, lines_of
from juesuan.compiler.messages import BadValueError, Message, issue, say, unreadable
from juesuan.statute import LedgerPlan, Statute, ledger_plan

CENT = Decimal("0.01")

def read_ledger(
    path_or_paths: Path | Sequence[Path],
    statute: Statute,
    *,
    unit: str | None = None,
    extra_codes: Mapping[str, str] | None = None,
) -> Gathered:
    """The entries of one or several ledger files (CSV, Parquet, XLSX) of the unit with the code or name `unit`.

    `extra_codes` are codes, with their names, that the unit declares besides those of our tables. Amounts are exact
    yuan; every faulty line is a problem with its number, and sound lines are kept. Projects carry the
    outlay that the ledger knows, and a budget of zero. Raises UnreadableSourceError for a file that is no ledger.
    """
    paths = [path_or_paths] if isinstance(path_or_paths, Path) else list(path_or_paths)
    plan = ledger_plan()
    found = Gathered()
    reading = _Reading(Meanings(statute, plan, extra_codes), plan, unit, found)
    with tempfile.TemporaryDirectory() as folder, duckdb.connect() as connection:
        for path in paths:
            reading.file(connection, path, Path(folder))
    reading.finish()
    return found


class _Reading:
    """One pass over the files of one account."""

    def __init__(self, meanings: Meanings, plan: LedgerPlan, unit: str | None, found: Gathered) -> None:
        self._meanings = meanings
        self._plan = plan
        self._unit = unit
        self._found = found
        self._sums: dict[EntryHeading, tuple[Decimal, int]] = {}
        self._files: dict[EntryHeading, list[str]] = {}
        self._units: dict[str, str] = {}
        self._names: list[str] = []

    def file(self, connection: duckdb.DuckDBPyConnection, path: Path, folder: Path) -> None:
        """Add up one file."""
        self._names.append(path.name)
        source, groups = self._scan(connection, path, folder)
        self._found.problems.extend(source.problems)
        bad: list[tuple[str, Message, LedgerGroup]] = []
        if "unit" in source.columns or "unit_name" in source.columns:
            groups, bad = self._of_unit(groups)
            source.only = self._condition(source) if self._unit else ""
        sums = {group.keys: group for group in groups}
        if any(group.faulty for group in groups):
            self._faulty(connection, source)
            sums = {group.keys: group for group in aggregate(connection, source, self._plan, careful=True)}
        for group in groups:
            judged = self._meanings.judge(group)
            bad.extend((kind, message, group) for kind, message in judged.faults)
            total = sums.get(group.keys)
            if judged.heading and total:
                heading = judged.heading
                if heading.nature == PROJECT:
                    name = group.key("project") or group.key("project_code")
                    heading = msgspec.structs.replace(heading, project=name)
                self._add(heading, total, source.file)
        if bad:
            self._misfits(connection, source, bad)

    def _of_unit(self, groups: list[LedgerGroup]) -> tuple[list[LedgerGroup], list[tuple[str, Message, LedgerGroup]]]:
        """The groups of the unit in hand, and those that do not say whose they are as faults."""
        good, bad = [], []
        for group in groups:
            code, name = group.key("unit"), group.key("unit_name")
            if not (code or name):
                bad.append(("单位", say("ledger.unit.blank"), group))
                continue
            self._units.setdefault(code or name, name)
            if self._unit is None or self._unit in (code, name):
                good.append(group)
        return good, bad

    def _scan(
        self, connection: duckdb.DuckDBPyConnection, path: Path, folder: Path
    ) -> tuple[LedgerSource, list[LedgerGroup]]:
        """The groups of a file. A CSV with malformed lines, or one that needs its line numbers and cannot be counted
        off, is rewritten first; that is slower, so only then."""
        source = open_ledger(connection, path, self._plan, folder)
        try:
            groups = aggregate(connection, source, self._plan)
            plain_lines = source.line.startswith("row_number")
            flawed = any(group.faulty or self._meanings.judge(group).faults for group in groups)
            blanks = any(not any(group.keys) for group in groups)
            entries = sum(group.entries for group in groups)
            if not (plain_lines and flawed) or (not blanks and countable(path, entries)):
                return source, groups
        except duckdb.Error as error:
            if not source.line.startswith("row_number"):
                raise unreadable(say("file.ledger", file=path.name)) from error
        source = open_ledger(connection, path, self._plan, folder, rewrite=True)
        return source, aggregate(connection, source, self._plan)

    def _condition(self, source: LedgerSource) -> str:
        wanted = quoted(self._unit or "", "'")
        columns = [source.columns[key] for key in ("unit", "unit_name") if key in source.columns]
        return " OR ".join(f"trim({column}) = {wanted}" for column in columns) or "true"

    def _add(self, heading: EntryHeading, group: LedgerGroup, file: str) -> None:
        amount, entries = self._sums.get(heading, (ZERO, 0))
        self._sums[heading] = (amount + group.amount, entries + group.entries)
        files = self._files.setdefault(heading, [])
        if file not in files:
            files.append(file)

    # what is said of it

    def _faulty(self, connection: duckdb.DuckDBPyConnection, source: LedgerSource) -> None:
        labels = {"amount": "金额", "negative": "金额为负", "month": "月份"}
        for kind, listed in faulty_lines(connection, source, self._plan).items():
            for line, text in listed.lines:
                message = {
                    "amount": amount_fault(text),
                    "negative": say("ledger.negative", found=text),
                    "month": say("ledger.month", found=text),
                }[kind]
                self._found.problems.append(source.issue(message, line))
            self._more(source, labels[kind], listed.count - len(listed.lines))

    def _misfits(
        self, connection: duckdb.DuckDBPyConnection, source: LedgerSource, bad: list[tuple[str, Message, LedgerGroup]]
    ) -> None:
        """Name the lines of groups whose codes or words are wrong."""
        left: dict[str, int] = {}
        for kind, _, group in bad:
            left[kind] = left.get(kind, 0) + group.entries
        for index, line in lines_of(connection, source, [(kind, group) for kind, _, group in bad]):
            kind, message, _ = bad[index]
            left[kind] -= 1
            self._found.problems.append(source.issue(message, line))
        for kind, count in sorted(left.items()):
            self._more(source, kind, count)

    def _more(self, source: LedgerSource, label: str, count: int) -> None:
        if count > 0:
            message = say("ledger.more", count=count, label=label)
            self._found.problems.append(issue(message, Source(file=source.file), "其余各行"))

    def finish(self) -> None:
        """Make the entries and projects, unless it is not clear whose they are."""
        files = "、".join(self._names)
        names = [" ".join(dict.fromkeys(part for part in pair if part)) for pair in sorted(self._units.items())]
        listed = "、".join(name for name in names if name)
        if self._unit is None and len(self._units) > 1:
            self._found.problems.append(issue(say("ledger.units", found=listed), Source(file=files), "单位"))
            return
        if self._unit is not None and self._units and not any(self._unit in pair for pair in self._units.items()):
            message = say("ledger.unit", found=self._unit, options=listed)
            self._found.problems.append(issue(message, Source(file=files), "单位"))
            return
        outlays: dict[tuple[str, str], tuple[Decimal, Source]] = {}
        for heading, (amount, entries) in sorted(self._sums.items()):
            exact = amount.quantize(CENT)
            place = Source(file="、".join(self._files[heading]), entries=entries)
            if exact < 0:
                self._negative(heading, exact, place)
            elif exact:
                self._found.entries.append(entry_of(heading, exact, place))
                if heading.project and heading.period == "本年":
                    key = (heading.project, heading.function)
                    outlays[key] = (outlays.get(key, (ZERO, place))[0] + exact, place)
        for (name, function), (outlay, place) in outlays.items():
            self._found.projects.append(Project(name, function, ZERO, outlay, source=Source(file=place.file)))

    def _negative(self, heading: EntryHeading, amount: Decimal, place: Source) -> None:
        parts = (heading.period, heading.record, heading.source, heading.nature, heading.function, heading.economy)
        what = " ".join(part for part in (*parts, heading.project) if part)
        message = say("ledger.net", what=what, found=amount, entries=place.entries)
        self._found.problems.append(issue(message, place, "汇总"))


def entry_of(heading: EntryHeading, amount: Decimal, place: Source) -> Entry:
    return Entry(
        heading.record,
        heading.source,
        amount,
        nature=heading.nature,
        function=heading.function,
        economy=heading.economy,
        project=heading.project,
        period=heading.period,
        place=place,
    )


def amount_fault(text: str) -> Message:
    """What is wrong with an amount that the database could not take."""
    try:
        taken = read_amount(text, negative=True)
    except BadValueError as error:
        return error.message
    return say("amount.text", found=text) if taken is not None else say("amount.blank")


def countable(path: Path, lines: int) -> bool:
    """Whether a text file has as many lines as records and a heading, so that records can be counted off as lines."""
    count, last = 0, b"\n"
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            count += block.count(b"\n")
            last = block[-1:]
    return count + (last != b"\n") == lines + 1
