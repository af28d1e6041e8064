"""Ledger files opened for DuckDB, whatever their format: which column is which, and where each line stands."""

from __future__ import annotations

import codecs
import csv
import re
import tempfile
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from juesuan.account import Issue, Source, has_more_tags, quoted
from juesuan.compiler.cells import Raw, blank, shown, tidy
from juesuan.compiler.file_kinds import ZIP, demand_table
from juesuan.compiler.messages import Message, issue, say, unreadable
from juesuan.statute import LedgerPlan

KEYS = ("unit", "unit_name", "fund", "function", "economy", "nature", "project", "project_code", "record")
"""The columns that ledger lines are added up by."""

LINE = "__line"
"""The column with the line numbers in a rewritten file."""

HEADING_LINES = 10
SNIFFED = 1 << 20
REPORTS = 3
"""A workbook with so many sheets of published tables is a document, whatever the others are."""
DELIMITERS = ",\t;|"
MAGIC_PARQUET = b"PAR1"


class LedgerSource(msgspec.Struct):
    """A ledger as DuckDB reads it.

    `relation` is what stands after FROM; `columns` gives the expression of each column that the file has, `types` the
    type of amount and month; `line` the expression of a line's number in the file.
    """

    file: str
    relation: str
    columns: dict[str, str]
    line: str
    types: dict[str, str] = {}
    sheet: str = ""
    problems: list[Issue] = []
    only: str = ""
    """A condition that leaves the other units out."""
    guarded: bool = False
    """Whether casts must be kept out of the database's CSV reader."""

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns to add up by that the file has."""
        return tuple(key for key in KEYS if key in self.columns)

    def issue(self, message: Message, line: int) -> Issue:
        """What is wrong with a line of the file."""
        where = f"工作表“{self.sheet}”第{line}行" if self.sheet else f"第{line}行"
        return issue(message, Source(file=self.file, sheet=self.sheet, line=line), where)


def open_ledger(
    connection: duckdb.DuckDBPyConnection, path: Path, plan: LedgerPlan, folder: Path, *, rewrite: bool = False
) -> LedgerSource:
    """The ledger at `path`, opened for `connection`; `folder` takes the files that have to be rewritten for DuckDB.

    `rewrite` copies a CSV line by line, so that malformed lines are set aside as problems and every line keeps its
    number. Raises UnreadableSourceError for what is no ledger, or lacks a column.
    """
    if not path.is_file():
        raise unreadable(say("file.missing", file=path.name))
    with path.open("rb") as file:
        start = file.read(SNIFFED)
    if not start:
        raise unreadable(say("file.empty", file=path.name))
    if start.startswith(MAGIC_PARQUET):
        return _parquet(connection, path, plan)
    demand_table(path, start)
    if start.startswith(ZIP):
        return _excel(path, plan, folder)
    return _text(path, start, plan, folder, rewrite)


def _recognised(headings: Sequence[str], plan: LedgerPlan) -> dict[str, int]:
    """The position of each column by key; of several headings for one column the first declared counts."""
    positions = {tidy(heading).casefold(): index for index, heading in reversed(list(enumerate(headings)))}
    found = {}
    for column in plan.columns:
        named = [positions[key] for name in column.names if (key := tidy(name).casefold()) in positions]
        if named:
            found[column.key] = named[0]
    return found


def _required(found: dict[str, int], headings: Sequence[str], file: str, plan: LedgerPlan) -> dict[str, int]:
    missing = [f"{c.label}（{'、'.join(c.names)}）" for c in plan.columns if c.required and c.key not in found]
    if missing:
        listed = "、".join(heading for heading in headings if heading) or "（空）"
        raise unreadable(say("ledger.columns", file=file, missing="；".join(missing), found=listed))
    return found


def _parquet(connection: duckdb.DuckDBPyConnection, path: Path, plan: LedgerPlan) -> LedgerSource:
    relation = f"read_parquet({quoted(str(path), chr(39))}, file_row_number = true)"
    try:
        described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    except duckdb.Error as error:
        raise unreadable(say("file.ledger", file=path.name)) from error
    names = [str(row[0]) for row in described]
    kinds = [str(row[1]) for row in described]
    found = _required(_recognised(names, plan), names, path.name, plan)
    columns, types = {}, {}
    for key, index in found.items():
        typed = key in ("amount", "month") or kinds[index] == "VARCHAR"
        columns[key] = quoted(names[index]) if typed else f"CAST({quoted(names[index])} AS VARCHAR)"
        types[key] = kinds[index]
    return LedgerSource(path.name, relation, columns, "file_row_number + 1", types)


def _text(path: Path, start: bytes, plan: LedgerPlan, folder: Path, rewrite: bool) -> LedgerSource:
    # A file can begin in plain ASCII and turn out to be GB18030 further down, which DuckDB then refuses.
    encoding = _encoding(path.read_bytes() if rewrite else start, whole=rewrite or len(start) < SNIFFED)
    if not encoding:
        raise unreadable(say("file.text", file=path.name))
    lines, delimiter = _sniffed(start, encoding)
    first = next(csv.reader(lines, delimiter=delimiter), [])
    found = _recognised(first, plan)
    direct = encoding.startswith("utf-8") and all(c.key in found for c in plan.columns if c.required)
    if direct and not rewrite:
        names = [f"c{index}" for index in range(len(first))]
        return LedgerSource(path.name, _read_csv(path, names, delimiter), _named(found), "row_number() OVER () + 1")
    with path.open(encoding=encoding, newline="", errors="replace") as file:
        reader = csv.reader(file, delimiter=delimiter)
        return _rewritten(((reader.line_num, row) for row in reader), path.name, "", plan, folder)


def _sniffed(start: bytes, encoding: str) -> tuple[list[str], str]:
    """The first lines of a text, and the sign between its cells."""
    lines = codecs.decode(start, encoding, "ignore").splitlines()[:HEADING_LINES]
    return lines, max(DELIMITERS, key=lambda mark: max((line.count(mark) for line in lines), default=0))


def _encoding(start: bytes, *, whole: bool) -> str:
    """The encoding of a text that begins with `start`, or is no more; empty for none that is known."""
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            codecs.getincrementaldecoder(encoding)().decode(start, final=whole)
        except UnicodeDecodeError:
            continue
        return "" if b"\x00" in start else encoding
    return ""


def _excel(path: Path, plan: LedgerPlan, folder: Path) -> LedgerSource:
    """The first sheet whose headings are those of a ledger."""
    from openpyxl import load_workbook

    # Opened here, not by its name: openpyxl would refuse another extension, and a renamed file is what it is.
    with path.open("rb") as file:
        try:
            book = load_workbook(file, read_only=True, data_only=True)
        except (zipfile.BadZipFile, KeyError, ValueError, OSError, SyntaxError, EOFError, TypeError) as error:
            raise unreadable(say("file.workbook", file=path.name)) from error
        if not book.worksheets:
            raise unreadable(say("file.ledger", file=path.name))
        best = next((sheet for sheet in book.worksheets if _is_ledger(sheet, plan)), None)
        if best is None:
            _demand_no_report(book, path.name, plan)
            best = book.worksheets[0]
        rows = ([_cell(value) for value in row] for row in best.iter_rows(values_only=True))
        return _rewritten(enumerate(rows, start=1), path.name, best.title, plan, folder)


def has_ledger(path: Path, plan: LedgerPlan) -> bool:
    """Whether a sheet of an Excel workbook, or the first lines of a text, have the headings of a ledger.

    A workbook of published tables is none, even where one of them lists projects with their codes and amounts.
    """
    with path.open("rb") as file:
        start = file.read(SNIFFED)
        if path.suffix.lower() == ".csv":
            return _tops_of_ledger(_lines(start), plan)
        if has_more_tags(path):
            return False
        from openpyxl import load_workbook

        try:
            book = load_workbook(file, read_only=True, data_only=True)
            ledger = any(_is_ledger(sheet, plan) for sheet in book.worksheets)
            return ledger and sum(1 for _ in _reports(book, plan)) < REPORTS
        except Exception:
            # Any broken file: reading it gives the message that says what is wrong with it.
            return False


def _is_ledger(sheet: Any, plan: LedgerPlan) -> bool:
    tops = sheet.iter_rows(max_row=HEADING_LINES, values_only=True)
    return _tops_of_ledger([[_cell(value) for value in row] for row in tops], plan)


def _tops_of_ledger(lines: Sequence[Sequence[str]], plan: LedgerPlan) -> bool:
    return max((len(_recognised(line, plan)) for line in lines), default=0) >= len(_needed(plan))


def _lines(start: bytes) -> list[list[str]]:
    """The cells of the first lines of a text; nothing for what is no text."""
    encoding = _encoding(start, whole=len(start) < SNIFFED)
    lines, delimiter = _sniffed(start, encoding) if encoding else ([], ",")
    return list(csv.reader(lines, delimiter=delimiter))


def _demand_no_report(book: Any, file: str, plan: LedgerPlan) -> None:
    """Raises UnreadableSourceError for a workbook with the tables of a final account instead of a ledger."""
    found = next(_reports(book, plan), "")
    if found:
        raise unreadable(say("file.report", file=file, found=found[:40]))


def _reports(book: Any, plan: LedgerPlan) -> Iterator[str]:
    """The title of each sheet that is a table of an account or a budget."""
    known = re.compile("|".join(plan.reports))
    for sheet in book.worksheets:
        tops = [_cell(value) for row in sheet.iter_rows(max_row=HEADING_LINES, values_only=True) for value in row]
        titles = (text.strip() for text in (sheet.title, *map(str, tops)) if known.search(text))
        yield from islice(titles, 1)


def _needed(plan: LedgerPlan) -> list[str]:
    return [column.key for column in plan.columns if column.required]


def _cell(value: object) -> str:
    return "" if not isinstance(value, Raw) or blank(value) else shown(value)


def _rewritten(
    rows: Iterable[tuple[int, list[str]]], file: str, sheet: str, plan: LedgerPlan, folder: Path
) -> LedgerSource:
    """A copy of the ledger's lines with their numbers, as DuckDB reads it at once; malformed lines become problems."""
    stream = iter(rows)
    top = list(islice(stream, HEADING_LINES))
    at = max(range(len(top)), key=lambda index: len(_recognised(top[index][1], plan)), default=0)
    headings = top[at][1] if top else []
    found = _required(_recognised(headings, plan), headings, file, plan)
    source = LedgerSource(file, "", _named(found), LINE, sheet=sheet)
    width = len(headings)
    options: dict[str, Any] = {"suffix": ".csv", "dir": folder, "delete": False, "encoding": "utf-8", "newline": ""}
    with tempfile.NamedTemporaryFile("w", **options) as copy:
        writer = csv.writer(copy)
        writer.writerow([LINE, *headings])
        for line, row in _filled(chain(top[at + 1 :], stream)):
            if len(row) < width and sheet:
                row = [*row, *[""] * (width - len(row))]
            if len(row) != width and any(row[width:] or [not sheet]):
                message = say("ledger.structure", count=len(row), wanted=width)
                source.problems.append(source.issue(message, line))
                continue
            writer.writerow([line, *row[:width]])
    names = [LINE, *(f"c{index}" for index in range(width))]
    source.relation = _read_csv(Path(copy.name), names, ",")
    return source


def _filled(rows: Iterable[tuple[int, list[str]]]) -> Iterator[tuple[int, list[str]]]:
    return ((line, row) for line, row in rows if any(value.strip() for value in row))


def _named(found: dict[str, int]) -> dict[str, str]:
    return {key: f"c{index}" for key, index in found.items()}


def _read_csv(path: Path, names: Sequence[str], delimiter: str) -> str:
    """A scan that takes every column as it is written: no type is guessed, so no digit can be lost."""
    columns = ", ".join(f"{quoted(name, chr(39))}: 'VARCHAR'" for name in names)
    return (
        f"read_csv({quoted(str(path), chr(39))}, auto_detect = false, header = true, "
        f"delim = {quoted(delimiter, chr(39))}, quote = '\"', escape = '\"', columns = {{{columns}}})"
    )
