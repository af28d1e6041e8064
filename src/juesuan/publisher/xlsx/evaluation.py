"""Self-evaluation forms in the workbook: sheets of their own; rate, execution score and total are formulas."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal

import msgspec

from juesuan.publisher.document import Cell, Table
from juesuan.publisher.xlsx.formulas import cell_name

MONEY, SHARE, POINTS, TOTAL, PLAIN = "#,##0.00", "0.00%", "0.00", '0.00"分"', "General"
_FORMATS = {"rate": SHARE, "execution": POINTS, "score": POINTS, "total": TOTAL, "points": PLAIN, "weight": PLAIN}
"""The number formats of cells by their role; any other number is money."""
_NAME = 31
"""How many signs the name of a sheet may have."""
LINE = 14.0
"""The height of a line of text, in points."""

Placed = tuple[int, int, Cell]


class Computed(msgspec.Struct, frozen=True):
    """A number with its format, and the formula that gives it, empty where it stands by itself."""

    value: Decimal
    form: str
    formula: str = ""


def sheet_name(number: int, table: Table) -> str:
    """The name of the sheet of the form `number`, unique by it: 自评表1 某项目."""
    kind, _, name = table.key.partition(" ")
    title = re.sub(r"[\[\]:*?/\\']", "", name.strip())
    return f"{kind}{number} {title}"[:_NAME].strip()


def computed(placed: Sequence[Placed]) -> dict[tuple[int, int], Computed]:
    """The numbers among the placed cells of a form, by row and column.

    A formula is only written where it gives the very number that the form prints.
    """
    at: dict[str, list[Placed]] = {}
    for found in placed:
        if found[2].amount is not None:
            at.setdefault(found[2].role, []).append(found)
    result = {}
    for row, column, cell in placed:
        if cell.amount is None:
            continue
        value = cell.amount if cell.role != "rate" else _rounded(cell.amount, 4)
        made = next((text for text, known in _formulas(cell, at) if known == value), "")
        result[row, column] = Computed(value, _FORMATS.get(cell.role, MONEY), made)
    return result


def _formulas(cell: Cell, at: dict[str, list[Placed]]) -> Iterator[tuple[str, Decimal]]:
    """The formula of a cell by its role, with what it gives."""
    if cell.role in ("rate", "execution") and "budget" in at and "outlay" in at:
        budget, outlay = at["budget"][0], at["outlay"][0]
        below, above = budget[2].amount, outlay[2].amount
        if below is None or above is None or below <= 0:
            return
        share = f"{_name(outlay)}/{_name(budget)}"
        if cell.role == "rate":
            yield f"=ROUND({share},4)", _rounded(above / below, 4)
        for points, written in _points(at, cell):
            part = min(max(above / below, Decimal(0)), Decimal(1))
            yield f"=ROUND({written}*MAX(0,MIN(1,{share})),2)", _rounded(points * part, 2)
    if cell.role == "total":
        parts = [*at.get("execution", []), *at.get("score", [])]
        known = [part[2].amount for part in parts]
        if parts:
            total = sum((amount for amount in known if amount is not None), Decimal(0))
            yield f"=ROUND(SUM({','.join(_ranges(parts))}),2)", total


def _points(at: dict[str, list[Placed]], cell: Cell) -> Iterator[tuple[Decimal, str]]:
    """The points of execution and how a formula names them: the cell that prints them, else the number itself."""
    if cell.role == "execution" and cell.full is not None:
        yield cell.full, _name(at["points"][0]) if "points" in at else format(cell.full, "f")


def _ranges(parts: Iterable[Placed]) -> Iterator[str]:
    """The cells as references, those below each other together."""
    runs: list[list[Placed]] = []
    for part in sorted(parts, key=lambda p: (p[1], p[0])):
        if runs and runs[-1][-1][1] == part[1] and runs[-1][-1][0] + 1 == part[0]:
            runs[-1].append(part)
        else:
            runs.append([part])
    return (_name(run[0]) if len(run) == 1 else f"{_name(run[0])}:{_name(run[-1])}" for run in runs)


def _name(placed: Placed) -> str:
    return cell_name(placed[0], placed[1])


def _rounded(value: Decimal, decimals: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def heights(placed: Sequence[Placed], widths: Sequence[float]) -> dict[int, float]:
    """The height of each row that needs more than one line, in points: spreadsheets do not fit merged cells themselves.

    `widths` are those of the columns, in half-width signs.
    """
    found: dict[int, float] = {}
    for row, column, cell in placed:
        room = max(sum(widths[column : column + cell.colspan]) - 1, 2)
        lines = sum(max(1, -(-_signs(text) // int(room))) for text in cell.text.split("\n"))
        if lines > cell.rowspan:
            each = LINE * lines / cell.rowspan + 4
            for covered in range(row, row + cell.rowspan):
                found[covered] = max(found.get(covered, 0.0), each)
    return found


def _signs(text: str) -> int:
    """The width of a text in half-width signs."""
    return sum(2 if ord(sign) > 0x2E7F or sign in "“”‘’…—×÷≥≤" else 1 for sign in text)
