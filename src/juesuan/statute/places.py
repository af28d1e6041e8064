"""What places publish beyond the national tables and sections: further tables, and sections under one heading."""

from __future__ import annotations

from typing import Literal

import msgspec

from juesuan.statute.reference import Dated

ROW_WORDS = ("编码", "名称")
"""What a cell of a table by item may print besides quantities."""
EMPTY_TABLES = "空表"
"""A table in name only: sentences that say which of the others are empty."""


class PlaceLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A fixed line: its label, and for each further column a quantity in the notation (采购!货物行数栏) or nothing."""

    label: str
    cells: tuple[str, ...] = ()


class MadeLines(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a table that the unit leaves blank is made of: its projects (`by: 项目`), each with the `cells` named (名称,
    支出, or nothing), or (`by: 科目`) the entries of a `fund` and `nature` by item and economic class.

    It is made only where the lines come to the figure at `whole`, and there is no amount at the addresses of `nothing`
    (without carry-over the income of a project is its outlay). `source` says it in words.
    """

    by: Literal["项目", "科目"]
    whole: str
    source: str
    nothing: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    fund: str = ""
    nature: str = ""
    classes: tuple[str, ...] = ()


class PlaceTable(Dated, frozen=True, forbid_unknown_fields=True):
    """A table that a place publishes besides the statutory ones, filled from what the account has.

    Its lines are fixed (`lines`), those of the items of forms (`each: [表7]`) or of the projects (`each: [项目]`), with
    a quantity for each column; or they are written by the unit (`asked`, the key of a text: a line of it for each row,
    columns apart by |; a text without | is the sentence that there is nothing).
    """

    key: str
    title: str
    heads: tuple[str, ...] = ()
    after: str = ""
    """The form or table that it follows; at the end where none is named."""
    lines: tuple[PlaceLine, ...] = ()
    each: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()
    asked: str = ""
    made: MadeLines | None = None
    """What the program makes an `asked` table of where the unit writes nothing."""
    says: str = ""
    unit: str = "万元"
    note: str = ""
    empty: str = "本单位当年没有相关内容，故本表无数据。"
    source: str = ""
    """Where what it prints comes from, or why the unit must write it; for people."""


class SectionGroup(Dated, frozen=True, forbid_unknown_fields=True):
    """Sections of the explanation under one heading: each with a heading (一) below it, or `bare` one after another."""

    title: str
    sections: tuple[str, ...]
    bare: bool = False
