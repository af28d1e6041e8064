"""The money of a self-evaluation form (预算执行情况): its headers, and a row of amounts for each source."""

from __future__ import annotations

import re

from juesuan.reader.amounts import blank
from juesuan.reader.evaluation.lines import IndicatorColumn, ReadLine, weight_of
from juesuan.reader.evaluation.parts import FundLine, PlacedCells, RawForm, columns_of
from juesuan.reader.evaluation.words import amount_of, bare, header_meaning, points_within, score_of
from juesuan.reader.raw import RawCell
from juesuan.statute import Scheme, load_evaluation

_MONEY = re.compile(r"[(（](?:单位[:：])?(万元|元)[)）]")
_RATE = re.compile(r"[%％]\s*$")
_MONEY_COLUMNS = ("initial", "budget", "outlay")


class MoneyReader:
    """Reads the rows of money of one form into `form`."""

    def __init__(self, form: RawForm, schemes: tuple[Scheme, ...], width: int, taken: PlacedCells) -> None:
        self.form = form
        self.schemes = schemes
        self.width = width
        self.taken = taken
        self.columns: tuple[IndicatorColumn, ...] = ()

    def headers(self, row: list[RawCell]) -> bool:
        """Takes a row with the headers of the money; False for any other."""
        meanings = [(cell, header_meaning(cell.text, "execution", self.schemes)) for cell in row]
        keys = {key for _, key in meanings}
        if not ({"budget", "outlay"} <= keys or {"outlay", "rate"} <= keys):
            return False
        headers = [(cell, key) for cell, key in meanings if key]
        self.columns = columns_of(headers, self.width)
        first = headers[0][0].column
        labels = [cell for cell, _ in meanings if cell.column < first]
        self.taken.take(*row)
        form = self.form
        texts = [cell.text for cell in (*labels, *(cell for cell, _ in headers))]
        form.execution_headers = " ".join(texts)
        form.money = next((m[1] for text in texts if (m := _MONEY.search(text))), form.money)
        points = [points_within(text) for text in texts]
        form.execution_points = next((p for p in points if p is not None), None)
        for cell in labels:
            form.place("execution", cell)
        return True

    def fund(self, number: int, row: list[RawCell]) -> bool:
        """A row of amounts under the headers of the money."""
        if not self.columns:
            return False
        fresh = [cell for cell in row if cell.row == number or cell not in self.taken]
        cells = self._fund_cells(fresh)
        if not any(amount_of(cells[key].text) for key in _MONEY_COLUMNS if key in cells):
            return self._empty_fund(fresh)
        labels = [cell for cell in fresh if all(cell is not taken for taken in cells.values())]
        label = labels[-1].text.strip() if labels else ""
        self.taken.take(*fresh)
        self.form.funds.append(FundLine(label, cells))
        weight = score_of(cells["weight"].text) if "weight" in cells else None
        if weight is not None and self.form.execution_points is None:
            self.form.execution_points = weight
        return True

    def _empty_fund(self, cells: list[RawCell]) -> bool:
        """A source of money that gave nothing: its label, and blanks."""
        names = {bare(fund) for scheme in self.schemes for fund in scheme.form.funds}
        words = [cell for cell in cells if not blank(cell.text)]
        if len(words) != 1 or bare(words[0].text) not in names:
            return False
        self.taken.take(*cells)
        return True

    def _fund_cells(self, cells: list[RawCell]) -> dict[str, RawCell]:
        """The cells under each header; where they stand shifted, the amounts in the order of the headers."""
        below = {
            column.key: cell for column in self.columns for cell in cells if column.start <= cell.column < column.stop
        }
        wanted = [key for key in ("budget", "outlay") if any(column.key == key for column in self.columns)]
        if all(key in below and amount_of(below[key].text) for key in wanted):
            return below
        numbers = [cell for cell in cells if amount_of(cell.text.rstrip("%％")) is not None]
        if len(numbers) == len(self.columns):
            return {column.key: cell for column, cell in zip(self.columns, numbers, strict=True)}
        return below


def without_execution(lines: list[ReadLine], form: RawForm) -> list[ReadLine]:
    """The lines of the indicator table without the one that is the budget execution, which goes to `form`.

    Forms print it as the first level-1 indicator: its points are those of the execution, its two values the budget and
    the outlay, or rates. A scheme that has an indicator of that name keeps it, and so does a form that prints the
    execution above its indicators.
    """
    words = load_evaluation().execution_lines
    found = [line for line in lines if bare(line.level1) in words and form.scheme.group(line.level1) is None]
    if len(found) != 1 or form.execution_points is not None:
        return lines
    line = found[0]
    cells: dict[str, RawCell] = {key: line.cells[key] for key in ("weight", "score", "reason") if key in line.cells}
    values = {"target": "budget", "actual": "outlay"}
    printed = {key: line.cells[key] for key in values if key in line.cells}
    if any(_RATE.search(cell.text) for cell in printed.values()):
        cells |= {"rate": printed["actual"]} if "actual" in printed else {}
    else:
        cells |= {values[key]: cell for key, cell in printed.items() if amount_of(cell.text) is not None}
    texts = [cell.text for cell in line.cells.values()]
    form.money = form.money or next((m[1] for text in texts if (m := _MONEY.search(text))), "")
    form.execution_points = weight_of(line) or line.points1
    if "level1" in line.cells:
        form.place("execution", line.cells["level1"])
    if form.funds:
        main = form.funds[0]
        form.funds[0] = FundLine(main.label, {**cells, **main.cells})
    else:
        form.funds.append(FundLine("", cells))
    return [other for other in lines if other is not line]
