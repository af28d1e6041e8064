"""The workbook to fill in, as declared: which sheets it has, what each cell is, and what it becomes in the account."""

from __future__ import annotations

from typing import Literal

import msgspec

from juesuan.account import Period
from juesuan.statute.reference import Dated

CellType = Literal[
    "text", "long", "yuan", "wan", "count", "points", "share", "function", "economy", "choice", "date", "lookup", "sum"
]
"""text one line, long several; yuan money in 元 with at most two decimals; count a whole number; points a score;
share a percentage; function and economy codes of the classifications; lookup the code's name and sum the line's total,
both computed by the workbook."""


class EntryPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What an amount becomes: an entry of the accounts; an empty `source` is the line's own 资金来源."""

    record: str
    source: str = ""
    nature: str = ""
    period: Period = "本年"
    part: str = ""


class Generated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Columns or cells made from a form: its lines that take `record`, or its economic codes."""

    form: str
    record: str = ""


class CellPlan(Dated, frozen=True, forbid_unknown_fields=True):
    """A column of a list, or a single cell of a sheet of fields.

    `target` says where it goes: `unit.name`, `dates.published`, `texts.KEY`, `project.name`, `indicator.target`, …
    `address` (notation) makes it a fact, `entry` an entry of the accounts.
    """

    key: str
    label: str
    type: CellType = "text"
    required: bool = False
    help: str = ""
    options: tuple[str, ...] = ()
    options_from: str = ""
    """The column of another list whose filled cells may be chosen: 项目.name."""
    target: str = ""
    address: str = ""
    entry: EntryPlan | None = None
    of: str = ""
    """For lookup: the column with the code."""
    width: float = 16
    group: str = ""


class OpeningPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of opening balances made from last year's account (上年年末即本年年初).

    `place` and, taken off it, `less` are places of last year's account; with `each`, the column of every item (项) of
    the form instead of its total.
    """

    source: str
    place: str
    less: str = ""
    each: bool = False


SheetLayout = Literal["fields", "list"]


class SheetPlan(Dated, frozen=True, forbid_unknown_fields=True):
    """A sheet: `fields` one value under another, or a `list` with a line for each thing. `makes` names the record."""

    key: str
    title: str
    layout: SheetLayout
    guide: str
    cells: tuple[CellPlan, ...] = ()
    columns_from: Generated | None = None
    cells_from: Generated | None = None
    reasons: bool = False
    """The cells are the reasons that the profile's clauses ask for, and `cells` besides."""
    texts: bool = False
    """The cells are the texts of the profile's overview, and `cells` besides."""
    makes: Literal["", "entries", "project", "indicator", "sheet", "key_work", "member", "data_set", "evidence"] = ""
    lines: int = 60
    opening: tuple[OpeningPlan, ...] = ()
    """Lines that last year's account gives."""
    ledger: bool = False
    """Left out of the workbook that accompanies a ledger, which knows all of it."""


class Workbook(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sheets of the workbook in order, and the words of its instruction sheet."""

    title: str
    instructions: tuple[str, ...]
    sheets: tuple[SheetPlan, ...]
