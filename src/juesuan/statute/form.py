"""Forms (表): the statutory tables with their lines, columns, headings, units and notes, as declared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Literal

import msgspec

from juesuan.account import Period
from juesuan.statute.levels import level_of
from juesuan.statute.reference import Dated

Classification = Literal["功能分类", "经济分类"]
StubKind = Literal["名称", "行次", "编码", "类", "款", "项"]
Record = Literal["收入", "支出", "年初结转", "年末结转"]

TOTAL = "合计"
"""The key of the line that sums a table of the classification."""


NO_NUMBER = "—"
"""The number of a line that the tables of a year print without one."""


class Takes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which entries of the accounts a line or column collects; an empty list takes every kind."""

    record: Record
    sources: tuple[str, ...] = ()
    natures: tuple[str, ...] = ()


class Row(Dated, frozen=True, forbid_unknown_fields=True):
    """A fixed line: what it means as key (本年收入合计), the printed label, and the class (类) that it is.

    `line` is its name in addresses, which no year changes: the number of the statute's own numbering, else the key.
    `number` is what the tables of the year print beside it, where that differs.
    """

    key: str
    line: str = ""
    number: str = ""
    label: str = ""
    code: str = ""
    takes: Takes | None = None
    bold: bool = False
    unit: str = ""
    centred: bool = False
    reads: tuple[str, ...] = ()
    """Labels that it bears in other places and years, for reading only."""
    sums: tuple[str, ...] = ()
    """The lines that some places and years print as this one line in their stead."""

    def __post_init__(self) -> None:
        if not self.line:
            msgspec.structs.force_setattr(self, "line", self.key)
        if self.number == NO_NUMBER:
            msgspec.structs.force_setattr(self, "number", "")
        elif not self.number and self.line.isdigit():
            msgspec.structs.force_setattr(self, "number", self.line)


class Column(Dated, frozen=True, forbid_unknown_fields=True):
    """A column of amounts: its number (栏次) or name as key, and the headings above it from the top down."""

    key: str
    heads: tuple[str, ...]
    takes: Takes | None = None
    width: float = 12
    name: str = ""
    number: str = ""
    """The printed number (栏次) where it differs from the key."""
    reads: tuple[tuple[str, ...], ...] = ()
    """Headings that it bears in other places, for reading only."""
    instead: str = ""
    """The column whose heading this wider one bears in other places, that one being printed under its `reads`."""
    sums: tuple[str, ...] = ()
    """What a wider total sums: by that it is told from the column it stands in place of, where headings do not."""

    @property
    def label(self) -> str:
        """What the column is called in a sentence."""
        return self.name or self.heads[-1]


class Stub(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column that says what a line is: its label or name, its number, or its code."""

    key: StubKind
    heads: tuple[str, ...]
    width: float = 24
    foot: str = ""
    """What stands under it in the line of column numbers (栏次)."""


class FormBlock(Dated, frozen=True, forbid_unknown_fields=True):
    """One of the parts that stand side by side in a form (收入 | 支出), each with lines of its own.

    Lines are fixed (`rows`), those of the functional classification that the unit uses (`tree`), or economic codes:
    `codes` always shown, `used` shown where they carry an amount.
    """

    key: str
    columns: tuple[Column, ...]
    stubs: tuple[Stub, ...] = ()
    head: str = ""
    rows: tuple[Row, ...] = ()
    tree: bool = False
    codes: tuple[str, ...] = ()
    used: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    """The columns in the order of print, where it is not that of their numbers."""
    other_columns: tuple[Column, ...] = ()
    """Columns that other places and years print in this table, for reading only."""
    other_rows: tuple[Row, ...] = ()
    """Lines that other places and years print in this table, for reading only."""

    def printed_columns(self) -> tuple[Column, ...]:
        """The columns in the order of print."""
        if not self.order:
            return self.columns
        by_key = {column.key: column for column in self.columns}
        return tuple(by_key[key] for key in self.order)


class Total(Dated, frozen=True, forbid_unknown_fields=True):
    """A closing line that sums one or several blocks (人员经费合计)."""

    key: str
    label: str
    blocks: tuple[str, ...]


class Form(Dated, frozen=True, forbid_unknown_fields=True, dict=True):
    """A statutory table (公开表式) or, with `published: false`, a set of figures that the narrative needs.

    `unit` is what its amounts are printed in; money is kept in yuan whatever is printed. `empty` is the sentence that
    an empty table must carry (操作规程：空表仍须公开并说明). `since` and `until` are the years for which it has to be
    published; a document of another year may print it all the same.
    """

    key: str
    title: str
    blocks: tuple[FormBlock, ...]
    basis: str
    number: str = ""
    aliases: tuple[str, ...] = ()
    """Titles under which other places and years print the same table, for reading."""
    unit: str = "万元"
    note: str = ""
    equations: tuple[str, ...] = ()
    """Codes of the relations printed in the note."""
    empty: str = ""
    wide: bool = False
    small: bool = False
    total_last: bool = False
    published: bool = True
    classification: Classification | None = None
    periods: tuple[Period, ...] = ()
    """Periods besides this year's for which the form's own sums are computed."""
    totals: tuple[Total, ...] = ()
    takes: Takes | None = None
    """What the lines of a form by economic code collect."""
    footnote: str = ""
    subject: str = ""
    """What its figures are about, by which the note of an empty table is told from another table's (政府性基金)."""
    assumed: str = ""
    """A heading taken for granted where a table prints none of its kind (决算数)."""
    details: str = ""
    """The supplementary form whose lines some places print below its own."""

    @cached_property
    def columns(self) -> dict[str, Column]:
        """Every column by key, those of other places last."""
        others = {column.key: column for block in self.blocks for column in block.other_columns}
        return {column.key: column for block in self.blocks for column in block.columns} | others

    @cached_property
    def rows(self) -> dict[str, Row]:
        """Every fixed line by its name in addresses, those of other places last."""
        others = {row.line: row for block in self.blocks for row in block.other_rows}
        return {row.line: row for block in self.blocks for row in block.rows} | others

    @cached_property
    def row_of_code(self) -> dict[str, str]:
        """The fixed line that stands for a class of the classification."""
        return {row.code: row.line for row in self.rows.values() if row.code}

    @cached_property
    def codes(self) -> frozenset[str]:
        """Every economic code the form has a place for."""
        return frozenset(code for block in self.blocks for code in (*block.codes, *block.used))

    def in_force(self, year: int) -> bool:
        """Whether the form has to be published for `year`."""
        return (self.since or year) <= year <= (self.until or year)

    @property
    def dynamic(self) -> bool:
        """Whether the lines are those of a classification rather than fixed."""
        return self.classification is not None

    @property
    def is_tree(self) -> bool:
        """Whether its lines are a tree of codes under one total, each with every column."""
        return any(block.tree for block in self.blocks)

    def block_of_column(self, column: str) -> FormBlock:
        """The block that has `column`. Raises KeyError."""
        for block in self.blocks:
            if any(other.key == column for other in (*block.columns, *block.other_columns)):
                return block
        raise KeyError(column)

    def columns_of_row(self, row: str) -> tuple[str, ...]:
        """The columns that a line has: those of its block; of every block for lines of a classification."""
        for block in self.blocks:
            if any(other.line == row for other in (*block.rows, *block.other_rows)):
                return tuple(column.key for column in block.columns)
        if self.dynamic:
            return tuple(self.columns)
        raise KeyError(row)

    def has_row(self, row: str) -> bool:
        """Whether `row` can be a line of this form."""
        if row in self.rows or any(total.key == row for total in self.totals):
            return True
        if not self.dynamic:
            return False
        if self.classification == "经济分类" and not self.is_tree:
            return row in self.codes
        return row == TOTAL or bool(level_of(row))

    def number_of(self, row: str) -> str:
        """What the tables of the year print for a line: its number or code, or its name where it has none."""
        fixed = self.rows.get(row)
        return (fixed.number or fixed.key) if fixed else row

    def unit_of(self, row: str) -> str:
        """The unit a line is printed in."""
        fixed = self.rows.get(row)
        return fixed.unit if fixed and fixed.unit else self.unit

    def leaves(self) -> Iterator[Column | Row]:
        """The declared collectors: columns and lines with `takes`."""
        for block in self.blocks:
            for column in block.columns:
                if column.takes:
                    yield column
            for row in block.rows:
                if row.takes:
                    yield row
