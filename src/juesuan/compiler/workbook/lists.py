"""The hidden sheets behind the drop-downs: the codes of the year with their names, and names that other sheets give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from juesuan.account import column_letters
from juesuan.compiler.workbook.plan import CODE_SHEET, EXTRA_CODES, OPTION_SHEET, PlannedSheet, Slot
from juesuan.statute import CODE_LENGTHS, CodeTable, Statute, level_of

if TYPE_CHECKING:
    from xlsxwriter import Workbook as Book

UNKNOWN = "科目表中没有，请核对"

CODE_COLUMNS: dict[str, tuple[int, str]] = {"function": (0, "项"), "economy": (4, "款")}
"""By cell type: the first of the three columns (code, name, full name) on the hidden sheet, and the level listed."""


class Lists(msgspec.Struct):
    """Where the drop-downs get their items, as Excel writes it."""

    sources: dict[str, str]
    """By cell type, or by the column that options are taken from."""
    names: dict[str, str]
    extra: str = ""
    """The range with the codes that the unit declares itself and their names."""

    def source(self, slot: Slot) -> str:
        """The range of the drop-down of `slot`; empty where its options are written out."""
        return self.sources.get(slot.plan.options_from or slot.plan.type, "")

    def lookup(self, kind: str, cell: str) -> str:
        """The formula for the name of the code in `cell`, a code of cell type `kind`."""
        first = CODE_COLUMNS.get(kind, (0, ""))[0]
        area = f"'{CODE_SHEET}'!${column_letters(first)}:${column_letters(first + 1)}"
        miss = f'"{UNKNOWN}"'
        if self.extra:
            miss = f'IFERROR(VLOOKUP({cell}&"",{self.extra},2,FALSE),{miss})'
        return f'=IF({cell}="","",IFERROR(VLOOKUP({cell}&"",{area},2,FALSE),{miss}))'

    def name(self, code: str) -> str:
        """What that formula gives for `code`."""
        return self.names.get(code, UNKNOWN) if code else ""


def write_lists(
    book: Book, statute: Statute, plan: Sequence[PlannedSheet], depths: Mapping[str, int], first_line: int
) -> Lists:
    """Write the hidden sheets of `book`; `depths` are the numbers of lines of the lists, from `first_line` on."""
    page = book.add_worksheet(CODE_SHEET)
    sources: dict[str, str] = {}
    names: dict[str, str] = {}
    text = book.add_format({"num_format": "@"})
    tables: dict[str, CodeTable] = {"function": statute.functional, "economy": statute.economic}
    for kind, (column, level) in CODE_COLUMNS.items():
        known = {entry.code: entry.name for entry in tables[kind].of_year(statute.year)}
        for offset, head in enumerate(("编码", "名称", "全称")):
            page.write_string(0, column + offset, head)
        listed = [code for code in known if level_of(code) == level]
        for row, code in enumerate(listed, start=1):
            page.write_string(row, column, code, text)
            page.write_string(row, column + 1, known[code])
            page.write_string(row, column + 2, _full_name(code, known))
        letter = column_letters(column)
        sources[kind] = f"='{CODE_SHEET}'!${letter}$2:${letter}${len(listed) + 1}"
        names |= {code: known[code] for code in listed}
    page.set_column(0, 6, 16)
    page.protect()
    page.hide()
    sources |= _options(book, plan, depths, first_line)
    extra = next((sheet for sheet in plan if sheet.key == EXTRA_CODES), None)
    area = f"'{EXTRA_CODES}'!$A${first_line + 1}:$B${first_line + depths[EXTRA_CODES]}" if extra else ""
    return Lists(sources, names, area)


def _full_name(code: str, known: Mapping[str, str]) -> str:
    lengths = [length for length in CODE_LENGTHS.values() if length <= len(code)]
    return "—".join(known[code[:length]] for length in lengths if code[:length] in known)


def _options(book: Book, plan: Sequence[PlannedSheet], depths: Mapping[str, int], first_line: int) -> dict[str, str]:
    """A column for each list of options that comes from another sheet: the fixed options, then that sheet's cells."""
    slots = {
        slot.plan.options_from: slot for sheet in plan for slot in sheet.inputs if slot.plan.options_from
    }
    if not slots:
        return {}
    page = book.add_worksheet(OPTION_SHEET)
    sources: dict[str, str] = {}
    for column, (origin, slot) in enumerate(slots.items()):
        key, _, name = origin.partition(".")
        sheet = next((sheet for sheet in plan if sheet.key == key), None)
        if sheet is None:
            continue
        letter = column_letters([other.plan.key for other in sheet.slots].index(name))
        fixed = slot.plan.options
        for row, option in enumerate(fixed):
            page.write_string(row, column, option)
        for line in range(depths[key]):
            cell = f"'{key}'!{letter}{first_line + 1 + line}"
            page.write_formula(len(fixed) + line, column, f'=IF({cell}="","",{cell})', None, "")
        own = column_letters(column)
        area = f"'{key}'!${letter}${first_line + 1}:${letter}${first_line + depths[key]}"
        sources[origin] = f"=OFFSET('{OPTION_SHEET}'!${own}$1,0,0,{len(fixed)}+COUNTA({area}),1)"
    page.protect()
    page.hide()
    return sources
