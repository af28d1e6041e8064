"""Forms (表): the statutory tables with their lines, columns, headings, units and notes, as declared."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from juesuan.account import Period
from juesuan.statute.form.layouts import LineLayout, layout_of
from juesuan.statute.form.parts import Classification, Column, FormBlock, Row, Takes, Total
from juesuan.statute.reference import Dated


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
    classes: tuple[str, ...] = ()
    """The classes of its lines, where they are few (国有资本经营预算支出): other codes speak against the form."""
    assumed: str = ""
    """A heading taken for granted where a table prints none of its kind (决算数)."""
    details: tuple[str, ...] = ()
    """The supplementary forms whose lines some places print below its own or beside them."""

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

    def printed(self, line: str, column: str) -> bool:
        """Whether a cell stands in what this place prints, and not only in what other places do."""
        block = self.block_of_column(column)
        if all(other.key != column for other in block.columns):
            return False
        return self.layout.coded or any(row.line == line for row in block.rows)

    @cached_property
    def codes(self) -> frozenset[str]:
        """Every economic code the form has a place for."""
        return frozenset(code for block in self.blocks for code in (*block.codes, *block.used))

    def in_force(self, year: int) -> bool:
        """Whether the form has to be published for `year`."""
        return (self.since or year) <= year <= (self.until or year)

    @cached_property
    def layout(self) -> LineLayout:
        """How its lines are known, listed and named."""
        return layout_of(self)

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

    def number_of(self, row: str) -> str:
        """What the tables of the year print for a line: its number or code, or its name where it has none."""
        fixed = self.rows.get(row)
        return (fixed.number or fixed.key) if fixed else row

    def unit_of(self, row: str) -> str:
        """The unit a line is printed in."""
        fixed = self.rows.get(row)
        return fixed.unit if fixed and fixed.unit else self.unit

    def leaves(self) -> Iterator[Column | Row]:
        """The declared collectors: columns and lines with `takes`; a column that is not printed serves other tables."""
        for block in self.blocks:
            for column in (*block.columns, *block.other_columns):
                if column.takes:
                    yield column
            for row in block.rows:
                if row.takes:
                    yield row
