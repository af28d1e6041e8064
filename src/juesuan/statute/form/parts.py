"""The parts of forms as declared: lines, columns, blocks of both, totals, and what each collects."""

from __future__ import annotations

from typing import Literal

import msgspec

from juesuan.statute.reference import Dated

Classification = Literal["功能分类", "经济分类"]
StubKind = Literal["名称", "行次", "编码", "类", "款", "项"]
Record = Literal["收入", "支出", "年初结转", "年末结转"]

NO_NUMBER = "—"
"""The number of a line that the tables of a year print without one."""
_OF_LINE = "="
"""The number of a line that declares none: its name in addresses, where that is a number."""


class Takes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which entries of the accounts a line or column collects; an empty list takes every kind."""

    record: Record
    sources: tuple[str, ...] = ()
    natures: tuple[str, ...] = ()
    part: str = ""
    """人员经费 or 公用经费 of basic expenditure: what an entry without an economic code says itself, and for one with
    a code that of its class, which is one of `classes`."""
    classes: tuple[str, ...] = ()


class Row(Dated, frozen=True, forbid_unknown_fields=True):
    """A fixed line: what it means as key (本年收入合计), the printed label, and the class (类) that it is.

    `line` is its name in addresses, which no year changes: the number of the statute's own numbering, else the key.
    `number` is what the tables of the year print beside it, where that differs.
    """

    key: str
    line: str = ""
    number: str = _OF_LINE
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
    alone: bool = False
    """It stands for them only where none of them is printed: else it may hold more (what is carried over)."""

    def __post_init__(self) -> None:
        if not self.line:
            msgspec.structs.force_setattr(self, "line", self.key)
        # What is made again of its fields (a copy, the cached law) stays as it is: no number is none.
        if self.number == NO_NUMBER:
            msgspec.structs.force_setattr(self, "number", "")
        elif self.number == _OF_LINE:
            msgspec.structs.force_setattr(self, "number", self.line if self.line.isdigit() else "")


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
    used_rows: bool = False
    """Whether of the lines that stand for a class (类) only those with an amount are printed, numbered 一、二、…"""

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


