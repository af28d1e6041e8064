"""Workbooks of tables alone, as official software exports them: every figure at its address, every other one listed.

The grids of a file are weighed together (`tables/assignment`), as those of one document are. Where two forms look
alike (公开01表 and 财决01表 bear one title) the one counts that has a place for more of the grid's amounts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import msgspec

from juesuan.account import Fact, Figure, Source, spaceless
from juesuan.reader.amounts import money_of, read_amount, unit_behind
from juesuan.reader.files import read_raw
from juesuan.reader.identity import Identity, identify
from juesuan.reader.raw import RawCell, RawDocument, RawTable, RawText
from juesuan.reader.tables import Recognised, recognise
from juesuan.reader.tables.assignment import Choice, assign
from juesuan.reader.tables.columns import counts
from juesuan.reader.tables.evidence import look
from juesuan.reader.tables.placement.agreement import agrees
from juesuan.statute import MONEY_UNITS, Statute

TABLES_ALONE = ("xls", "xlsx")
"""The formats of files that are tables alone."""

_CLOSE = 0.15
"""A form that is less likely by no more than this than the likeliest is tried as well."""
_HEAD = 6
"""In so many lines a table states its unit of money."""
_WAN_DIGITS = 4
_FEN = Decimal("0.01")
_SHEET = re.compile(r"^[A-Za-z]+\d+(?:_\d+)?\s+")
"""What the official software puts before the title in the name of a sheet (Z05_1 …)."""


class OpenedFile(msgspec.Struct, frozen=True):
    """A file as it was read, and whose account of which year it says it is."""

    path: Path
    raw: RawDocument
    identity: Identity


class NamedLine(msgspec.Struct, frozen=True):
    """A line that only a name tells: the line with a code above it, and its amounts in base units by column."""

    name: str
    row: str
    amounts: dict[str, Decimal]
    cells: tuple[RawCell, ...]


class SheetTable(msgspec.Struct, frozen=True):
    """A table of a file as one of the forms: its figures at that form's addresses, and the numbers without a place."""

    form: str
    title: str
    source: Source
    money: str
    """The unit of money that it states; empty where it states none."""
    facts: tuple[Fact, ...]
    loose: tuple[RawCell, ...]
    named: tuple[NamedLine, ...] = ()
    """The lines without a code or place of their own, below those that have one."""


class StrangeTable(msgspec.Struct, frozen=True):
    """A grid that is none of the forms, with the cells that hold numbers."""

    title: str
    source: Source
    cells: tuple[RawCell, ...]


class ReadSheets(msgspec.Struct, frozen=True):
    """All tables of some files."""

    tables: tuple[SheetTable, ...]
    strange: tuple[StrangeTable, ...]


def _bare(raw: RawDocument) -> RawDocument:
    """The document with amounts that have their unit behind them (1,234.50元) as bare ones in the unit of their table,
    which is theirs where the table states none.
    """
    return msgspec.structs.replace(
        raw, blocks=tuple(_in_one_unit(block) if isinstance(block, RawTable) else block for block in raw.blocks)
    )


def _in_one_unit(table: RawTable) -> RawTable:
    found = {id(cell): amount for cell in table.cells if (amount := unit_behind(cell.text))}
    if not found:
        return table
    own = money_of([cell.text for cell in table.cells if cell.row < _HEAD])
    units = {unit for _, _, unit in found.values()}
    money = own or (units.pop() if len(units) == 1 else "")
    if not money:
        return table
    cells = list(table.cells)
    for number, cell in enumerate(cells):
        if id(cell) in found:
            value, decimals, unit = found[id(cell)]
            # Fen are kept where an amount is told in a smaller unit than its table's.
            finer = max(decimals, decimals + (_WAN_DIGITS if (unit, money) == ("元", "万元") else 0))
            text = f"{value * MONEY_UNITS[unit] / MONEY_UNITS[money]:.{finer}f}"
            cells[number] = msgspec.structs.replace(cell, text=text)
    if not own:
        first = next((number for number, cell in enumerate(cells) if cell.text.strip()), 0)
        cells[first] = msgspec.structs.replace(cells[first], text=f"{cells[first].text}（{money}）")
    return msgspec.structs.replace(table, cells=tuple(cells))


def open_file(path: Path, profile: str | None = None) -> OpenedFile:
    """The file at `path`, read. Raises UnreadableFileError."""
    raw = _bare(read_raw(path))
    # What software exports is in one script: only where that does not tell whose it is is the text looked at closely.
    identity = identify(raw, profile, normal=spaceless) if raw.format in TABLES_ALONE else None
    if identity is None or not identity.unit or not identity.year:
        identity = identify(raw, profile)
    return OpenedFile(path, raw, identity)


def read_sheets(files: Sequence[OpenedFile], statute: Statute) -> ReadSheets:
    """The tables of `files` under `statute`, whose forms may be those of exports (statute/exports)."""
    grids = [(table, above, file) for file in files for table, above in _grids(file.raw)]
    # File by file: that a table stands in two files is for the user to know.
    choices = [
        choice for file in files for choice in assign([look(*grid) for grid in _grids(file.raw)], statute)
    ]
    found = [_recognised(choice, statute) for choice in choices]
    money = [_money(table, above, file.raw) for table, above, file in grids]
    decimals: dict[str, int] = {}
    for (_, _, file), unit, recognised in zip(grids, money, found, strict=True):
        for placed in recognised.amounts if recognised else ():
            amount = read_amount(placed.cell.text)
            key = f"{file.raw.file}/{unit}"
            decimals[key] = max(decimals.get(key, 0), amount.decimals if amount else 0)
    tables: list[SheetTable] = []
    strange: list[StrangeTable] = []
    for (table, above, file), choice, unit, recognised in zip(grids, choices, money, found, strict=True):
        place = table.source or Source(file=file.raw.file)
        if recognised is None:
            title = next((text for text in (choice.title, *above) if text), "")
            cells = tuple(_numbers(table))
            if cells:
                strange.append(StrangeTable(title, place, cells))
            continue
        facts, loose = _facts(recognised, statute, unit, decimals.get(f"{file.raw.file}/{unit}", 0))
        named = tuple(_named(recognised, table, loose, unit))
        tables.append(SheetTable(recognised.form.key, choice.title, place, unit, facts, loose, named))
    return ReadSheets(tuple(tables), tuple(strange))


def _grids(raw: RawDocument) -> Iterator[tuple[RawTable, list[str]]]:
    """The grids of a document, each with the texts above it: of a sheet, its name."""
    above: list[str] = []
    for block in raw.blocks:
        if isinstance(block, RawText):
            above.append(block.text)
            continue
        name = block.source.sheet if block.source else ""
        yield block, [*above[-6:], *([_SHEET.sub("", name)] if name else [])]
        above = []


def _recognised(choice: Choice, statute: Statute) -> Recognised | None:
    """The grid as the form that has a place for most of it, among those that it looks most like."""
    if not choice.form:
        return None
    best = next(entry.score for entry in choice.evidence if entry.form == choice.form)
    alike = [e.form for e in choice.evidence if e.form == choice.form or (best - _CLOSE <= e.score and e.title > 0.5)]
    tried = [recognise(choice.seen.table, statute.forms[form], statute) for form in alike]
    found = max(tried, key=lambda one: len(one.amounts))
    return None if choice.weak and not agrees(found, statute) else found


def _money(table: RawTable, above: Iterable[str], raw: RawDocument) -> str:
    """The unit of money that a grid states, else that all others of its file do; empty where none is stated."""
    own = money_of([*above, *(cell.text for cell in table.cells if cell.row < _HEAD)])
    if own:
        return own
    stated = {
        unit
        for block in raw.blocks
        if isinstance(block, RawTable) and (unit := money_of([cell.text for cell in block.cells if cell.row < _HEAD]))
    }
    return stated.pop() if len(stated) == 1 else ""


def _facts(
    recognised: Recognised, statute: Statute, money: str, decimals: int
) -> tuple[tuple[Fact, ...], tuple[RawCell, ...]]:
    """The figures of a table in base units, exact where fen are shown; and the numbers that have no address."""
    facts: list[Fact] = []
    loose = [item.cell for item in recognised.rest]
    for placed in recognised.amounts:
        amount = read_amount(placed.cell.text)
        if amount is None:
            loose.append(placed.cell)
            continue
        unit = statute.forms[placed.address.form].unit_of(placed.address.row)
        scale = MONEY_UNITS[money or unit] if unit in MONEY_UNITS else Decimal(1)
        resolution = scale.scaleb(-decimals) if unit in MONEY_UNITS else Decimal(0)
        figure = Figure(amount.value * scale, resolution if resolution > _FEN else Decimal(0))
        facts.append(Fact(placed.address, figure, placed.cell.source))
    return tuple(facts), tuple(loose)


def _named(
    recognised: Recognised, table: RawTable, loose: Sequence[RawCell], money: str
) -> Iterator[NamedLine]:
    """The lines whose amounts all have no place, each with the last code above it."""
    columns = {placed.cell.column: placed.address.column for placed in recognised.amounts}
    codes = {placed.cell.row: placed.address.row for placed in recognised.amounts}
    by_row: dict[int, list[RawCell]] = {}
    for cell in loose:
        by_row.setdefault(cell.row, []).append(cell)
    grid = table.grid() if by_row else []
    for row, cells in sorted(by_row.items()):
        above = max((other for other in codes if other < row), default=None)
        texts = {id(c): c.text.strip() for c in grid[row] if c and read_amount(c.text) is None}
        name = max(texts.values(), key=len, default="")
        if row in codes or above is None or not name:
            continue
        amounts = {
            columns[cell.column]: amount.value * MONEY_UNITS.get(money, Decimal(1))
            for cell in cells
            if cell.column in columns and (amount := read_amount(cell.text)) is not None
        }
        yield NamedLine(name, codes[above], amounts, tuple(cells))


def _numbers(table: RawTable) -> Iterator[RawCell]:
    """The cells of a grid that hold numbers, those that only count columns left out."""
    counting = {n for n, cells in enumerate(table.grid()) if counts(cells)}
    return (cell for cell in table.cells if cell.row not in counting and read_amount(cell.text) is not None)
