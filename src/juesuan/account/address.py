"""Addresses and sources: where a figure belongs, and where it was found."""

from __future__ import annotations

from typing import Literal

import msgspec

from juesuan.account.files.cell_names import cell_place

Period = Literal["本年", "上年", "年初预算", "上年执行"]
"""Which set of figures of the form: this year's, last year's of the same kind of document, this year's budget as
approved (in an account), or what was spent last year (上年执行数, in a budget)."""


class Address(msgspec.Struct, frozen=True, order=True, omit_defaults=True):
    """The place of a figure among the statutory forms, in the law's own keys.

    `form` is the key of the form in the national set (表1 … 表9), whatever number a province prints on it; `row` is the
    line number (行次), classification code or row name; `column` the column number (栏次) or name.
    """

    form: str
    row: str
    column: str
    period: Period = "本年"

    def __str__(self) -> str:
        prefix = "" if self.period == "本年" else f"{self.period}!"
        return f"{prefix}{self.place}"

    @property
    def place(self) -> str:
        """The place in the form, whatever the period."""
        return f"{self.form}!{self.row}行{self.column}栏"


TABLE = "表格"
"""What the tables of a text are called before their number, where the sheets of a workbook have names."""

SHEETS = (".xlsx", ".xlsm", ".xls", ".et", ".ods", ".csv")
"""The files that have sheets."""


def _row_and_column(cell: str) -> str:
    """Row and column of a cell (C7) in words."""
    row, column = cell_place(cell)
    return f"第{row + 1}行第{column + 1}列"


class Source(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a figure or a text stands: file, and page and box, or sheet and cell, or line, or paragraph and offset.

    `box` is (left, bottom, right, top) in points from the lower left corner of the page. `entries` counts the ledger
    rows an aggregated amount was summed from. `recognised` is set for what was recognised from a picture of the page.
    """

    file: str = ""
    sheet: str = ""
    cell: str = ""
    page: int = 0
    box: tuple[float, float, float, float] | None = None
    line: int = 0
    paragraph: int = 0
    offset: int = 0
    entries: int = 0
    recognised: bool = False

    def __str__(self) -> str:
        """The place in Chinese, as a message names it."""
        parts = [self.file]
        number = self.sheet.removeprefix(TABLE)
        if self.sheet.startswith(TABLE) and number.isdecimal() and not self.file.lower().endswith(SHEETS):
            # A table of a text, by its number: there are no sheets there, and nobody counts its cells by letters.
            parts.append(f"第{number}张表")
            parts.extend([_row_and_column(self.cell)] if self.cell else [])
        elif self.sheet:
            parts.append(f"工作表“{self.sheet}”")
        if self.cell and not parts[-1].startswith("第"):
            parts.append(f"单元格 {self.cell}")
        if self.page:
            parts.append(f"第{self.page}页")
        if self.line:
            parts.append(f"第{self.line}行")
        if self.paragraph:
            parts.append(f"第{self.paragraph}段")
        if self.entries:
            parts.append(f"合计{self.entries}条记录")
        place = " ".join(part for part in parts if part)
        return f"{place}（识别）" if self.recognised else place
