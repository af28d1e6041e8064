"""The exported tables as forms that the reader recognises, declared in exports.yaml by what the national forms have."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from functools import partial
from typing import Literal

import msgspec

from juesuan.account import Address, Issue
from juesuan.statute.articulation.notation import NotationError, parse_place
from juesuan.statute.form import CODE_LENGTHS, TOTAL, Classification, Column, Form, FormBlock, Row, Stub
from juesuan.statute.loader.cache import cached_statute
from juesuan.statute.loader.load import ROOT
from juesuan.statute.profile import Kind, Statute
from juesuan.statute.source import StatuteError, demand_declared, mistake

FILES: dict[Kind, str] = {"决算": "exports.yaml", "预算": "exports_budget.yaml"}
"""The file with the exported tables for a kind of disclosure."""
_ROW, _COLUMN, _CLASS = "{行}", "{栏}", "{类}"

WHOLE = "本年支出合计"
"""The line of all classes together."""

_TREE_STUBS = (
    Stub("编码", ("项目", "功能分类科目编码")),
    Stub("名称", ("项目", "科目名称")),
)
_FIXED_STUBS = (Stub("名称", ("项目",)), Stub("行次", ("行次",)))


class BlockOfForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A block of a form of the statute, whose lines an exported table has too."""

    form: str
    block: str


class ExportColumn(Column, frozen=True, forbid_unknown_fields=True):
    """A column of an exported table: the address that its figures have, for its lines and for the line of the total.

    `against` is that of a figure of another document that its figures should be: {类} is the class of the line.
    """

    to: str = ""
    total: str = ""
    against: str = ""


class ExportRow(Row, frozen=True, forbid_unknown_fields=True):
    """A line of an exported table: the address of its figure by column."""

    to: dict[str, str] = msgspec.field(default_factory=dict)


class ExportBlock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the parts of an exported table that stand side by side."""

    key: str
    columns: tuple[ExportColumn, ...]
    head: str = ""
    rows: tuple[ExportRow, ...] = ()
    lines_of: BlockOfForm | None = None
    tree: bool = False
    other_columns: tuple[ExportColumn, ...] = ()


class Details(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A table with a column for every economic code: where its total column belongs, and each code's total.

    `each` takes the codes that `form` has a line for.
    """

    whole: str
    each: str = ""
    form: str = ""


class _Declared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    title: str
    number: str
    aliases: tuple[str, ...] = ()
    classification: Classification | None = None
    subject: str = ""
    blocks: tuple[ExportBlock, ...] = ()
    details: Details | None = None
    projects: str = ""
    """The column with the outlay of projects, which stand in lines without a code below their item."""


class Ask(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something that no exported table says: what it is, and the sheet of the workbook where it is filled in.

    Asked where the cell `when` has an amount (or always), and none of `cells` and no record of the kind is known.
    `fills` are the forms that can only be computed when it is filled in.
    """

    what: str
    sheet: str
    when: str = ""
    cells: tuple[str, ...] = ()
    records: Literal["", "project", "goals"] = ""
    fills: tuple[str, ...] = ()


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    tables: tuple[_Declared, ...]
    asks: tuple[Ask, ...]
    packages: tuple[str, ...] = ()
    export_instead: str = ""
    short_without: tuple[str, ...] = ()


class ExportTable(msgspec.Struct, frozen=True):
    """An exported table as a form, with the addresses in the disclosure by line and column ("" any line)."""

    form: Form
    to: dict[tuple[str, str], Address]
    """Under the line "" an address whose line is that of the figure."""
    against: dict[tuple[str, str], Address] = {}
    """Where another document states what should be the same figure."""
    projects: str = ""
    """The column with the outlay of projects; empty where it lists none."""

    def address(self, row: str, column: str) -> Address | None:
        """Where the figure of a line and column stands in the disclosure; None where it has no place there."""
        if (row, column) in self.to:
            return self.to[row, column]
        any_line = self.to.get(("", column))
        return msgspec.structs.replace(any_line, row=row) if any_line else None

    def addresses(self) -> Iterator[Address]:
        """The addresses that its lines and columns have, that of the total standing for those of the codes."""
        return iter(self.to.values())


class Question(msgspec.Struct, frozen=True):
    """What is asked (Ask), with the addresses of its cells."""

    what: str
    sheet: str
    when: Address | None
    cells: tuple[Address, ...]
    records: str
    fills: tuple[str, ...] = ()


class Exports(msgspec.Struct, frozen=True):
    """All exported tables by key.

    `asks` is what no table says, `short_without` the sheets that the workbook asking for it has not.
    """

    tables: dict[str, ExportTable]
    asks: tuple[Question, ...]
    short_without: tuple[str, ...] = ()


def with_exports(statute: Statute) -> Statute:
    """The statute with the exported tables among the forms that a file may print.

    They take the place of the tables that other places add to the disclosure, some under the same titles.
    """
    tables = load_exports(statute)
    forms = {**statute.forms, **{key: table.form for key, table in tables.tables.items()}}
    profile = msgspec.structs.replace(statute.profile, also=tuple(tables.tables))
    return msgspec.structs.replace(statute, forms=forms, profile=profile)


def load_exports(statute: Statute) -> Exports:
    """The exported tables in the year of `statute`. Raises StatuteError with every mistake."""
    # By what they are made of: a statute of somebody's own may have the same profile, and other forms.
    made_of = (statute.profile.kind, statute.year, statute.forms, statute.economic.of_year(statute.year))
    key = f"exports-{hashlib.sha256(msgspec.msgpack.encode(made_of)).hexdigest()[:24]}"
    if key not in _KNOWN:
        _KNOWN[key] = cached_statute(key, partial(_read, statute))
    return _KNOWN[key]


_KNOWN: dict[str, Exports] = {}
"""Those that this process has read."""


def load_packages() -> tuple[tuple[str, ...], str]:
    """The endings of packages that only the official software opens, and what to export instead."""
    declared = demand_declared(ROOT, FILES["决算"], _File)
    return declared.packages, declared.export_instead


def _read(statute: Statute) -> Exports:
    declared = demand_declared(ROOT, FILES[statute.profile.kind], _File)
    mistakes: list[Issue] = []
    tables = {table.key: _table(table, statute, mistakes) for table in declared.tables}
    asks = tuple(_question(ask, statute, mistakes) for ask in declared.asks)
    if mistakes:
        raise StatuteError(mistakes)
    return Exports(tables, asks, declared.short_without)


def _question(ask: Ask, statute: Statute, mistakes: list[Issue]) -> Question:
    cells = tuple(address for text in ask.cells if (address := _address(text, statute, ask.what, mistakes)))
    when = _address(ask.when, statute, ask.what, mistakes) if ask.when else None
    return Question(ask.what, ask.sheet, when, cells, ask.records, ask.fills)


def _address(text: str, statute: Statute, where: str, mistakes: list[Issue]) -> Address | None:
    """The address that `text` states; None with the mistake noted where it states none."""
    try:
        place = parse_place(text.replace(_ROW, TOTAL))
    except NotationError as error:
        mistakes.append(mistake(FILES[statute.profile.kind], 1, f"{where}：{error}"))
        return None
    if place.form is None or place.rows is None or place.columns is None:
        mistakes.append(mistake(FILES[statute.profile.kind], 1, f"{where}：“{text}”没有同时写明表、行和栏"))
        return None
    if place.form not in statute.forms:
        mistakes.append(mistake(FILES[statute.profile.kind], 1, f"{where}：没有“{place.form}”这张表", "H104"))
        return None
    return Address(place.form, place.rows.key, place.columns.key, place.period)


def _table(declared: _Declared, statute: Statute, mistakes: list[Issue]) -> ExportTable:
    to: dict[tuple[str, str], str] = {}
    blocks: tuple[FormBlock, ...]
    if declared.details:
        blocks = (_detailed(declared.details, statute, to),)
    else:
        blocks = tuple(_block(block, statute, to) for block in declared.blocks)
    form = Form(
        key=declared.key,
        title=declared.title,
        aliases=declared.aliases,
        number=declared.number,
        basis=declared.number,
        published=False,
        classification=declared.classification,
        subject=declared.subject,
        blocks=blocks,
    )
    against = {
        (row.line, column.key): column.against.replace(_CLASS, row.code or TOTAL)
        for block, made in zip(declared.blocks, blocks, strict=False)
        for column in block.columns
        for row in made.rows
        if column.against and (row.code or row.key == WHOLE)
    }
    addresses, others = (
        {at: address for at, text in texts.items() if (address := _address(text, statute, declared.key, mistakes))}
        for texts in (to, against)
    )
    return ExportTable(form, addresses, others, declared.projects)


def _block(block: ExportBlock, statute: Statute, to: dict[tuple[str, str], str]) -> FormBlock:
    lines: tuple[Row, ...] = ()
    if block.lines_of:
        source = statute.forms[block.lines_of.form]
        lines = next(other.rows for other in source.blocks if other.key == block.lines_of.block)
        to.update({(row.line, c.key): c.to.replace(_ROW, row.line) for row in lines for c in block.columns if c.to})
    to.update({(row.line, column): text for row in block.rows for column, text in row.to.items()})
    for column in (*block.columns, *block.other_columns) if block.tree else ():
        if column.to:
            to["", column.key] = column.to
        if column.total:
            to[TOTAL, column.key] = column.total
    return FormBlock(
        key=block.key,
        head=block.head,
        stubs=_TREE_STUBS if block.tree else _FIXED_STUBS,
        columns=tuple(_column(column) for column in block.columns),
        other_columns=tuple(_column(column) for column in block.other_columns),
        rows=(*lines, *(_row(row) for row in block.rows)),
        tree=block.tree,
    )


def _column(column: ExportColumn) -> Column:
    return Column(key=column.key, heads=column.heads, name=column.name, reads=column.reads)


def _row(row: ExportRow) -> Row:
    return Row(key=row.key, label=row.label, unit=row.unit, reads=row.reads)


def _detailed(details: Details, statute: Statute, to: dict[tuple[str, str], str]) -> FormBlock:
    """The block of a table with a column for each economic code: 合计, and under each 类 its 小计 and its 款."""
    to["", "1"] = details.whole
    columns = []
    for code in dict.fromkeys(entry.code for entry in statute.economic.of_year(statute.year)):
        name = _name(statute, code)
        above = (_name(statute, code[:3]),) if len(code) > CODE_LENGTHS["类"] else ()
        columns.append(Column(key=code, heads=(*above, name)))
        if details.each and code in statute.forms[details.form].codes:
            to[TOTAL, code] = details.each.replace(_COLUMN, code)
    whole = (Column(key="1", heads=("合计",)),)
    return FormBlock(key="明细", stubs=_TREE_STUBS, columns=whole, other_columns=tuple(columns), tree=True)


def _name(statute: Statute, code: str) -> str:
    return statute.economic.name(code, statute.year)
