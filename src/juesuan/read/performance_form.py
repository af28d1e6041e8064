"""A grid read as a self-evaluation form (绩效自评表): found by its words, never by position."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from juesuan.account import Allotment, Indicator, Source
from juesuan.read.amounts import Amount, blank
from juesuan.read.performance_lines import (
    Column,
    align,
    allotments_of,
    indicator_of,
    mend_levels,
    read_lines,
)
from juesuan.read.performance_scheme import scheme_of
from juesuan.read.performance_words import (
    amount_of,
    bare,
    date_of,
    goals_of,
    header_meaning,
    label_meaning,
    points_within,
    score_of,
    ticked,
    without_remarks,
)
from juesuan.read.raw import RawCell, RawTable
from juesuan.statute import Scheme, Statute, load_evaluation

_MONEY = re.compile(r"[(（](?:单位[:：])?(万元|元)[)）]")
_LEVELS = frozenset(["level1", "level2", "name"])
_MONEY_COLUMNS = ("initial", "budget", "outlay")
_TEXTS = ("deviation", "improvement", "conclusion", "goals", "goals_done", "grade")


class FundLine(msgspec.Struct, frozen=True):
    """A row of money: its label, and its cells by column."""

    label: str
    cells: dict[str, RawCell]


class Form(msgspec.Struct):
    """What a grid says as a form, money not yet in yuan: how precisely amounts are printed the whole document shows."""

    scheme: Scheme
    money: str = ""
    kind: str = ""
    heading: str = ""
    fields: dict[str, str] = {}
    """Texts by the meaning of their label: project, unit, supervisor, deviation …"""
    amounts: dict[str, Amount] = {}
    """basic and project: the parts of the outlay of a whole unit."""
    funds: list[FundLine] = []
    execution_points: Decimal | None = None
    execution_headers: str = ""
    attributes: list[tuple[str, str]] = []
    indicators: list[Indicator] = []
    allotments: tuple[Allotment, ...] = ()
    score: Decimal | None = None
    places: dict[str, Source] = {}
    left: list[RawCell] = []
    notes: list[str] = []


def is_form(table: RawTable) -> bool:
    """Whether a grid is a self-evaluation form: it has indicator levels, values attained and scores."""
    return _header_row(_rows(table), ()) is not None


def read_form(table: RawTable, statute: Statute) -> Form:
    """The form that `table` is (`is_form`). What has found no place is in `left`."""
    return _Reader(table, statute).form()


def _rows(table: RawTable) -> list[list[RawCell]]:
    """The cells with words by row, each once; a cell that spans rows stands in each of them."""
    rows = []
    for places in table.grid():
        distinct = {id(cell): cell for cell in places if cell is not None and cell.text.strip()}
        rows.append(list(distinct.values()))
    return rows


def _header_row(rows: Sequence[Sequence[RawCell]], schemes: Sequence[Scheme]) -> int | None:
    for number, row in enumerate(rows):
        found = {header_meaning(cell.text, "indicators", schemes) for cell in row}
        if len(found & _LEVELS) > 1 and "score" in found and "actual" in found:
            return number
    return None


class _Reader:
    def __init__(self, table: RawTable, statute: Statute) -> None:
        self.table = table
        self.statute = statute
        self.schemes = tuple(statute.schemes.values())
        self.rows = _rows(table)
        self.header = _header_row(self.rows, self.schemes) or 0
        self.flat = all(cell.rowspan == 1 for cell in table.cells)
        self.used: set[int] = set()
        self.read = Form(self._default())
        self.execution: tuple[Column, ...] = ()
        self.two_goals: tuple[RawCell, RawCell] | None = None

    def _default(self) -> Scheme:
        return self.statute.schemes[self.statute.profile.scheme]

    def form(self) -> Form:
        form = self.read
        for number in range(self.header):
            self._above(number, self.rows[number])
        form.scheme = self._scheme()
        stop = self._indicators()
        for row in self.rows[stop:]:
            self._below(row)
        form.kind = self._kind()
        form.left = [cell for cell in self.table.cells if cell.text.strip() and id(cell) not in self.used]
        return form

    def _take(self, *cells: RawCell) -> None:
        self.used.update(id(cell) for cell in cells)

    def _label(self, cell: RawCell) -> str:
        return label_meaning(cell.text, self.schemes)

    # Above the indicators: whose form, the money, the goals

    def _above(self, number: int, row: list[RawCell]) -> None:
        if not row or self._execution_headers(row) or self._fund(number, row):
            return
        if self._captions(row) or self._goals(row):
            return
        self._pairs(row)

    def _captions(self, row: list[RawCell]) -> bool:
        """A title or a caption within the grid: `单位名称：某中心`."""
        found = False
        for cell in row:
            captions = dict(captions_of(cell.text))
            if captions:
                self._set_captions(captions, cell)
                self._take(cell)
                found = True
        if len(row) == 1 and load_evaluation().headings.form in row[0].text:
            self.read.heading = row[0].text.strip()
            self._take(row[0])
            found = True
        return found

    def _set_captions(self, captions: dict[str, str], cell: RawCell) -> None:
        for key, text in captions.items():
            self.read.fields.setdefault(f"caption.{key}", text)
            self._place(key, cell)

    def _place(self, name: str, cell: RawCell) -> None:
        if cell.source is not None:
            self.read.places.setdefault(name, cell.source)

    def _execution_headers(self, row: list[RawCell]) -> bool:
        meanings = [(cell, header_meaning(cell.text, "execution", self.schemes)) for cell in row]
        keys = {key for _, key in meanings}
        if not ({"budget", "outlay"} <= keys or {"outlay", "rate"} <= keys):
            return False
        headers = [(cell, key) for cell, key in meanings if key]
        self.execution = _columns(headers, self.table.width)
        first = headers[0][0].column
        labels = [cell for cell, _ in meanings if cell.column < first]
        self._take(*row)
        form = self.read
        texts = [cell.text for cell in (*labels, *(cell for cell, _ in headers))]
        form.execution_headers = " ".join(texts)
        form.money = next((m[1] for text in texts if (m := _MONEY.search(text))), form.money)
        points = [points_within(text) for text in texts]
        form.execution_points = next((p for p in points if p is not None), None)
        for cell in labels:
            self._place("execution", cell)
        return True

    def _fund(self, number: int, row: list[RawCell]) -> bool:
        """A row of amounts under the headers of the money."""
        if not self.execution:
            return False
        fresh = [cell for cell in row if cell.row == number or id(cell) not in self.used]
        cells = self._fund_cells(fresh)
        if not any(amount_of(cells[key].text) for key in _MONEY_COLUMNS if key in cells):
            return self._empty_fund(fresh)
        labels = [cell for cell in fresh if all(cell is not taken for taken in cells.values())]
        label = labels[-1].text.strip() if labels else ""
        self._take(*fresh)
        self.read.funds.append(FundLine(label, cells))
        weight = score_of(cells["weight"].text) if "weight" in cells else None
        if weight is not None and self.read.execution_points is None:
            self.read.execution_points = weight
        return True

    def _empty_fund(self, cells: list[RawCell]) -> bool:
        """A source of money that gave nothing: its label, and blanks."""
        names = {bare(fund) for scheme in self.schemes for fund in scheme.form.funds}
        words = [cell for cell in cells if not blank(cell.text)]
        if len(words) != 1 or bare(words[0].text) not in names:
            return False
        self._take(*cells)
        return True

    def _fund_cells(self, cells: list[RawCell]) -> dict[str, RawCell]:
        """The cells under each header; where they stand shifted, the amounts in the order of the headers."""
        below = {
            column.key: cell for column in self.execution for cell in cells if column.start <= cell.column < column.stop
        }
        wanted = [key for key in ("budget", "outlay") if any(column.key == key for column in self.execution)]
        if all(key in below and amount_of(below[key].text) for key in wanted):
            return below
        numbers = [cell for cell in cells if amount_of(cell.text.rstrip("%％")) is not None]
        if len(numbers) == len(self.execution):
            return {column.key: cell for column, cell in zip(self.execution, numbers, strict=True)}
        return below

    def _goals(self, row: list[RawCell]) -> bool:
        if self.two_goals:
            headers, self.two_goals = self.two_goals, None
            if self._both_goals(headers, row):
                return True
        labels = [(cell, self._label(cell)) for cell in row]
        goals = [cell for cell, key in labels if key == "goals"]
        done = [cell for cell, key in labels if key == "goals_done"]
        if goals and done and len(row) - len(goals) - len(done) == 0:
            self.two_goals = (goals[-1], done[-1])
            self._take(*row)
            return True
        return False

    def _both_goals(self, headers: tuple[RawCell, RawCell], row: list[RawCell]) -> bool:
        """A line of two texts under 预期目标 and 实际完成情况."""
        taken = False
        for header, key in zip(headers, ("goals", "goals_done"), strict=True):
            for cell in row:
                if id(cell) not in self.used and header.column <= cell.column < header.column + header.colspan:
                    self._text(key, cell)
                    taken = True
        return taken

    def _pairs(self, row: list[RawCell]) -> None:
        """Labels, each with the cells behind it."""
        label: RawCell | None = None
        meaning = ""
        for cell in row:
            if id(cell) in self.used:
                continue
            options = ticked(cell.text)
            own = self._label(cell)
            if own:
                label, meaning = cell, own
                self._take(cell)
            elif options is not None and label is None and row and cell is not row[0]:
                self._attribute(row[0], cell, options)
            elif meaning and label is not None:
                self._value(meaning, cell)

    def _attribute(self, name: RawCell, cell: RawCell, chosen: str) -> None:
        """A row of boxes to tick (项目类别); it may stand in one cell or several."""
        self._take(name, cell)
        known = dict(self.read.attributes)
        key = bare(name.text)
        text = "、".join(filter(None, (known.get(key, ""), chosen)))
        known[key] = text
        self.read.attributes = list(known.items())

    def _value(self, meaning: str, cell: RawCell) -> None:
        if meaning in ("basic_outlay", "project_outlay"):
            amount = amount_of(cell.text)
            if amount is None:
                return
            key = meaning.removesuffix("_outlay")
            if key not in self.read.amounts:
                self.read.amounts[key] = amount
                self._place(key, cell)
                self._take(cell)
            return
        self._text(meaning, cell)

    def _text(self, key: str, cell: RawCell) -> None:
        fields = self.read.fields
        text, remarks = without_remarks(cell.text.strip()) if key in _TEXTS else (cell.text.strip(), "")
        fields[key] = f"{fields[key]}；{text}" if fields.get(key) else text
        if remarks:
            fields["remarks"] = remarks
        self._place(key, cell)
        self._take(cell)

    # The indicators

    def _scheme(self) -> Scheme:
        texts = [cell.text for cell in self.table.cells if cell.text.strip()]
        return scheme_of(texts, self.read.execution_points, self.statute)

    def _indicators(self) -> int:
        """Reads the indicator table; the row behind its last line."""
        row = self.rows[self.header]
        headers = [(cell, header_meaning(cell.text, "indicators", self.schemes)) for cell in row]
        known = [(cell, key) for cell, key in headers if key]
        columns = _columns(known, self.table.width)
        beside = {id(cell) for cell, key in headers if not key}
        self._take(*row)
        lines = []
        stop = len(self.rows)
        for number in range(self.header + 1, len(self.rows)):
            cells = [cell for cell in self.rows[number] if id(cell) not in beside]
            first = self._label(cells[0]) if cells else ""
            # 单位 and the like are labels elsewhere; here only those that end the table count.
            if first in ("total", "grade", *_TEXTS) and not self._is_line(cells, columns):
                stop = number
                break
            lines.append(cells)
        read = read_lines(lines, columns, self.read.scheme)
        if self.flat:
            self.read.notes.extend(mend_levels(read, self.read.scheme))
        for line in read:
            self._take(*line.cells.values())
        self.read.allotments = allotments_of(read)
        self.read.indicators = [indicator_of(line) for line in read if line.text("name")]
        return stop

    def _is_line(self, cells: list[RawCell], columns: Sequence[Column]) -> bool:
        """Whether a row that begins with a closing word is an indicator all the same."""
        weighed = any(column.key == "weight" for column in columns)
        found = align(cells, columns, self.read.scheme, weighed)
        return len(cells) > 3 and {"name", "target", "actual"} <= set(found) and score_of(found["target"].text) is None

    # Below the indicators: the total, reasons, improvements

    def _below(self, row: list[RawCell]) -> None:
        if not row:
            return
        first = self._label(row[0])
        if first == "total":
            self._total(row)
        elif first:
            self._pairs(row)
        elif len(row) == 1 and re.match(r"(?:备注|注|说明)\s*[:：]", row[0].text):
            self.read.fields.setdefault("remarks", row[0].text.strip())
            self._take(row[0])

    def _total(self, row: list[RawCell]) -> None:
        self._take(row[0])
        numbers = [(cell, score) for cell in row[1:] if (score := score_of(cell.text)) is not None]
        if numbers and self.read.score is None:
            # The full marks stand before the score where both are printed.
            cell, self.read.score = numbers[-1]
            self._place("score", cell)
            self._take(*(cell for cell, _ in numbers))
        self._pairs([cell for cell in row[1:] if id(cell) not in self.used])

    def _kind(self) -> str:
        headings = load_evaluation().headings
        if self.read.fields.get("project"):
            return "项目"
        if "basic" in self.read.amounts or any(word in self.read.heading for word in headings.whole):
            return "整体"
        return ""


def _columns(headers: Sequence[tuple[RawCell, str]], width: int) -> tuple[Column, ...]:
    """The columns that headers head, each as far as the next one; a repeated meaning counts once."""
    starts = [cell.column for cell, _ in headers]
    found: dict[str, Column] = {}
    for number, (cell, key) in enumerate(headers):
        stop = starts[number + 1] if number + 1 < len(starts) else width
        found.setdefault(key, Column(key, cell.column, max(stop, cell.column + cell.colspan)))
    return tuple(found.values())


def captions_of(text: str) -> Iterator[tuple[str, str]]:
    """Unit and date where they stand beside a form or at its head: `单位名称：某中心　填报日期：2023年5月20日`."""
    words = load_evaluation().labels
    units, dates = "|".join(map(re.escape, words["unit"])), "|".join(map(re.escape, words["date"]))
    compact = re.sub(r"[^\S\t]+", "", text)
    unit = re.search(rf"(?:^|\t)(?:{units})[:：]\s*([^\t]+?)(?=\t|(?:{dates})|$)", compact)
    if unit and unit[1]:
        yield "unit", unit[1]
    date = re.search(rf"(?:{dates})[:：]?\s*(20\d\d.+)", compact)
    if date and (iso := date_of(date[1])):
        yield "date", iso


def goals_in(form: Form) -> tuple[str, ...]:
    """The goals of a form, one by one."""
    return goals_of(form.fields.get("goals", ""))
