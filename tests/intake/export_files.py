"""Official exports as units hold them, written from an account: the nine public tables in many layouts, .xlsx and .xls.

The layouts are those of the forms; nothing here comes from the reader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from random import Random

import msgspec
import xlsxwriter
import xlwt

from juesuan.account import Account, Address, Period
from juesuan.statute import Form, Statute, level_of, with_parents

Value = str | Decimal | None
WAN = Decimal(10_000)
UNIT = "武汉市人力资源和社会保障信息中心"


class Layout(msgspec.Struct, frozen=True):
    """How the tables are written: the unit of money, where codes stand, what is put between and below."""

    money: str = "元"
    codes: int = 1
    """Columns that a code is printed in: 1, or 3 (类 款 项)."""
    names: str = "title"
    """What the sheets are called: number (公开01表), title, software (Z01 …(财决01表)), plain (Sheet1)."""
    shuffled: int = 0
    blank_row: bool = False
    total_last: bool = False
    merged: bool = True
    counted: bool = True
    """Whether a line counts the columns (栏次)."""
    unit: str = UNIT
    year: int = 2022


class Sheet(msgspec.Struct):
    """The lines of a sheet, and the areas (top, left, bottom, right) that are merged."""

    name: str
    lines: list[list[Value]] = []
    merged: list[tuple[int, int, int, int]] = []


def amount(account: Account, form: str, row: str, column: str, layout: Layout, period: Period = "本年") -> Value:
    """An amount as the layout prints it; nothing for a blank."""
    fact = account.get(Address(form, row, column, period))
    if fact is None:
        return None
    value = fact.figure.value
    return value if layout.money == "元" else (value / WAN).quantize(Decimal("0.01"), "ROUND_HALF_UP")


def nine_tables(account: Account, statute: Statute, layout: Layout) -> list[Sheet]:
    """The nine public tables of an account."""
    sheets = [public_table(account, statute, statute.forms[f"表{n}"], n, layout) for n in range(1, 10)]
    if layout.shuffled:
        Random(layout.shuffled).shuffle(sheets)
    return sheets


def public_table(account: Account, statute: Statute, form: Form, number: int, layout: Layout) -> Sheet:
    """One public table."""
    if form.is_tree:
        lines, merged = tree_lines(account, statute, form, layout)
    elif form.classification:
        lines, merged = economic_lines(account, statute, form, layout), []
    elif len(form.rows) == 1:
        lines, merged = single_lines(account, form, layout)
    else:
        lines, merged = fixed_lines(account, form, layout), []
    return headed(form.title, f"公开{number:02}表", lines, merged, layout)


def headed(
    title: str, number: str, lines: list[list[Value]], merged: Sequence[tuple[int, int, int, int]], layout: Layout
) -> Sheet:
    """The lines under title, number, unit and money."""
    width = max(map(len, lines))
    blank: list[Value] = [None] * (width - 1)
    top: list[list[Value]] = [
        [f"{layout.year}年度{title}", *blank],
        [*blank, number],
        [f"编制单位：{layout.unit}", *blank[1:], f"金额单位：{layout.money}"],
    ]
    names = {"number": number, "title": title[:31], "software": f"Z{number[2:4]} {title}"[:31], "plain": number}
    areas = [(0, 0, 0, width - 1)] if layout.merged else []
    if layout.blank_row:
        top.append([None] * width)
    areas += [(a + len(top), b, c + len(top), d) for a, b, c, d in merged if layout.merged]
    return Sheet(names[layout.names], [*top, *lines], areas)


def stubs(layout: Layout) -> list[list[Value]]:
    return [["项目"] * layout.codes + ["项目"], ["功能分类科目编码"] * layout.codes + ["科目名称"]]


def code_cells(code: str, layout: Layout) -> list[Value]:
    if layout.codes == 1:
        return [code]
    return [code[:3], code[3:5] or None, code[5:7] or None]


def tree_lines(
    account: Account, statute: Statute, form: Form, layout: Layout
) -> tuple[list[list[Value]], list[tuple[int, int, int, int]]]:
    columns = form.blocks[0].columns
    depth = max(2, *(len(column.heads) for column in columns))
    heads = stubs(layout)
    lines: list[list[Value]] = [[*heads[min(level, 1)]] for level in range(depth)]
    for level in range(depth):
        for place, column in enumerate(columns):
            head = column.heads[min(level, len(column.heads) - 1)]
            before = columns[place - 1].heads if place else ()
            same = layout.merged and level == 0 and len(column.heads) > 1 and before[:1] == column.heads[:1]
            lines[level].append(None if same or (level and len(column.heads) == 1) else head)
    counting: list[Value] = [*["栏次"] * (layout.codes + 1), *map(str, range(1, len(columns) + 1))]
    codes = with_parents(sorted(fact.address.row for fact in account.of_form(form.key) if level_of(fact.address.row)))
    body: list[list[Value]] = [
        [*code_cells(code, layout), statute.functional.name(code, statute.year)]
        + [amount(account, form.key, code, column.key, layout) for column in columns]
        for code in codes
    ]
    whole = [*[None] * layout.codes, "合计", *(amount(account, form.key, "合计", c.key, layout) for c in columns)]
    whole = ["合计", *[None] * layout.codes, *whole[layout.codes + 1 :]]
    merged = []
    if depth > 1:
        for place, column in enumerate(columns):
            group = [n for n, c in enumerate(columns) if c.heads[0] == column.heads[0] and len(c.heads) > 1]
            left = layout.codes + 1
            if group and group[0] == place and len(group) > 1:
                merged.append((0, left + group[0], 0, left + group[-1]))
            elif len(column.heads) == 1:
                merged.append((0, left + place, depth - 1, left + place))
    lines += [counting] if layout.counted else []
    return [*lines, *([*body, whole] if layout.total_last else [whole, *body])], merged


def fixed_lines(account: Account, form: Form, layout: Layout) -> list[list[Value]]:
    heads: list[Value] = []
    below: list[Value] = []
    groups: list[Value] = []
    for block in form.blocks:
        groups += [block.head, *[None] * (1 + len(block.columns))]
        heads += ["项目", "行次", *(column.heads[0] for column in block.columns)]
        below += [None, None, *(column.heads[1] if len(column.heads) > 1 else None for column in block.columns)]
    lines = [groups, heads, *([below] if any(below) else [])]
    for n in range(max(len(block.rows) for block in form.blocks)):
        line: list[Value] = []
        for block in form.blocks:
            row = block.rows[n] if n < len(block.rows) else None
            line += [row.label or None, row.number] if row else [None, None]
            line += [amount(account, form.key, row.line, c.key, layout) if row else None for c in block.columns]
        lines.append(line)
    return lines


def economic_lines(account: Account, statute: Statute, form: Form, layout: Layout) -> list[list[Value]]:
    spent = {fact.address.row for fact in account.of_form(form.key)}
    columns: list[list[tuple[str, str]]] = [
        [
            (code, statute.economic.name(code, statute.year))
            for code in (*block.codes, *(code for code in block.used if code in spent))
        ]
        for block in form.blocks
    ]
    right = columns[1] + columns[2]
    lines: list[list[Value]] = [["科目编码", "科目名称", "决算数"] * 2]
    for n in range(max(len(columns[0]), len(right))):
        line: list[Value] = []
        for side in (columns[0], right):
            code, name = side[n] if n < len(side) else ("", "")
            line += [code or None, name or None, amount(account, form.key, code, "1", layout) if code else None]
        lines.append(line)
    staff, office = (amount(account, form.key, key, "1", layout) for key in ("人员经费合计", "公用经费合计"))
    return [*lines, ["人员经费合计", None, staff, "公用经费合计", None, office]]


def single_lines(
    account: Account, form: Form, layout: Layout
) -> tuple[list[list[Value]], list[tuple[int, int, int, int]]]:
    columns = list(form.blocks[0].columns)
    row = next(iter(form.rows))
    lines: list[list[Value]] = [[], [], []]
    for place, column in enumerate(columns):
        before = columns[place - 1].heads if place else ()
        for level in range(3):
            head = column.heads[level] if level < len(column.heads) else None
            same = layout.merged and level < 2 and before[: level + 1] == column.heads[: level + 1]
            lines[level].append(None if same and len(column.heads) > level + 1 else head)
    merged = [(0, 0, 0, 5), (0, 6, 0, 11), (1, 2, 1, 4), (1, 8, 1, 10)]
    counting: list[Value] = [str(n) for n in range(1, len(columns) + 1)]
    return [*lines, counting, [amount(account, form.key, row, c.key, layout) for c in columns]], merged


def write(sheets: Sequence[Sheet], path: Path) -> Path:
    """The sheets as one file, .xlsx or .xls by the ending of `path`."""
    (write_xlsx if path.suffix == ".xlsx" else write_xls)(sheets, path)
    return path


def write_each(sheets: Mapping[str, Sheet], folder: Path, ending: str) -> Path:
    """Each sheet as a file of its own in `folder`."""
    for name, sheet in sheets.items():
        write([sheet], folder / f"{name}{ending}")
    return folder


def write_xlsx(sheets: Sequence[Sheet], path: Path) -> None:
    with xlsxwriter.Workbook(str(path)) as book:
        money = book.add_format({"num_format": "#,##0.00"})
        for sheet in sheets:
            page = book.add_worksheet(sheet.name)
            for area in sheet.merged:
                page.merge_range(*area, "")
            for row, line in enumerate(sheet.lines):
                for column, value in enumerate(line):
                    if isinstance(value, Decimal):
                        page.write_number(row, column, float(value), money)
                    elif value is not None:
                        page.write_string(row, column, value)


def write_xls(sheets: Sequence[Sheet], path: Path) -> None:
    book = xlwt.Workbook(encoding="utf-8")
    money = xlwt.easyxf(num_format_str="#,##0.00")
    for sheet in sheets:
        page = book.add_sheet(sheet.name)
        for top, left, bottom, right in sheet.merged:
            page.merge(top, bottom, left, right)
        for row, line in enumerate(sheet.lines):
            for column, value in enumerate(line):
                if isinstance(value, Decimal):
                    page.write(row, column, float(value), money)
                elif value is not None:
                    page.write(row, column, value)
    book.save(str(path))
