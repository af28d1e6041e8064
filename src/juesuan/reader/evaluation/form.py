"""A grid read as a self-evaluation form (绩效自评表): found by its words, never by position."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from juesuan.reader.evaluation.lines import (
    IndicatorColumn,
    align,
    allotments_of,
    indicator_of,
    mend_levels,
    read_lines,
)
from juesuan.reader.evaluation.money import MoneyReader, without_execution
from juesuan.reader.evaluation.parts import PlacedCells, RawForm, columns_of
from juesuan.reader.evaluation.scheme import scheme_of
from juesuan.reader.evaluation.words import (
    amount_of,
    bare,
    date_of,
    goals_of,
    header_meaning,
    label_meaning,
    score_of,
    split_points,
    ticked,
    without_remarks,
)
from juesuan.reader.raw import RawCell, RawTable
from juesuan.statute import Scheme, Statute, load_evaluation

_NUMBERED = re.compile(r"\s*[(（]?\d{1,2}[.．、)）]")
"""How the remarks behind the first one begin."""
_LEVELS = frozenset(["level1", "level2", "name"])
_TEXTS = ("remarks", "deviation", "improvement", "conclusion", "goals", "goals_done", "grade")


def is_form(table: RawTable) -> bool:
    """Whether a grid is a self-evaluation form: it has indicator levels, values attained and scores."""
    return _header_row(rows_of(table), ()) is not None


def read_form(table: RawTable, statute: Statute) -> RawForm:
    """The form that `table` is (`is_form`). What has found no place is in `left`."""
    return _Reader(table, statute).form()


def rows_of(table: RawTable) -> list[list[RawCell]]:
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
        self.rows = rows_of(table)
        self.header = _header_row(self.rows, self.schemes) or 0
        self.flat = all(cell.rowspan == 1 for cell in table.cells)
        self.taken = PlacedCells()
        self.read = RawForm(self._default())
        self.money = MoneyReader(self.read, self.schemes, table.width, self.taken)
        self.two_goals: tuple[RawCell, RawCell] | None = None

    def _default(self) -> Scheme:
        return self.statute.schemes[self.statute.profile.scheme]

    def form(self) -> RawForm:
        form = self.read
        for number in range(self.header):
            self._above(number, self.rows[number])
        form.scheme = self._scheme()
        stop = self._indicators()
        for row in self.rows[stop:]:
            self._below(row)
        form.kind = self._kind()
        form.left = [cell for cell in self.table.cells if cell.text.strip() and cell not in self.taken]
        return form

    def _label(self, cell: RawCell) -> str:
        return label_meaning(cell.text, self.schemes)

    # Above the indicators: whose form, the money, the goals

    def _above(self, number: int, row: list[RawCell]) -> None:
        if not row or self.money.headers(row) or self.money.fund(number, row):
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
                self.taken.take(cell)
                found = True
        if len(row) == 1 and load_evaluation().headings.form in row[0].text:
            self.read.heading = row[0].text.strip()
            self.taken.take(row[0])
            found = True
        return found

    def _set_captions(self, captions: dict[str, str], cell: RawCell) -> None:
        for key, text in captions.items():
            self.read.fields.setdefault(f"caption.{key}", text)
            self.read.place(key, cell)

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
            self.taken.take(*row)
            return True
        return False

    def _both_goals(self, headers: tuple[RawCell, RawCell], row: list[RawCell]) -> bool:
        """A line of two texts under 预期目标 and 实际完成情况."""
        taken = False
        for header, key in zip(headers, ("goals", "goals_done"), strict=True):
            for cell in row:
                if cell not in self.taken and header.column <= cell.column < header.column + header.colspan:
                    self._text(key, cell)
                    taken = True
        return taken

    def _pairs(self, row: list[RawCell]) -> None:
        """Labels, each with the cells behind it."""
        label: RawCell | None = None
        meaning = ""
        for cell in row:
            if cell in self.taken:
                continue
            options = ticked(cell.text)
            own = self._label(cell)
            if own:
                label, meaning = cell, own
                self.taken.take(cell)
            elif options is not None and label is None and row and cell is not row[0]:
                self._attribute(row[0], cell, options)
            elif meaning and label is not None:
                self._value(meaning, cell)

    def _attribute(self, name: RawCell, cell: RawCell, chosen: str) -> None:
        """A row of boxes to tick (项目类别); it may stand in one cell or several."""
        self.taken.take(name, cell)
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
                self.read.place(key, cell)
                self.taken.take(cell)
            return
        self._text(meaning, cell)

    def _text(self, key: str, cell: RawCell) -> None:
        fields = self.read.fields
        text, remarks = without_remarks(cell.text.strip()) if key in _TEXTS else (cell.text.strip(), "")
        fields[key] = f"{fields[key]}；{text}" if fields.get(key) else text
        if remarks:
            fields["remarks"] = remarks
        self.read.place(key, cell)
        self.taken.take(cell)

    # The indicators

    def _scheme(self) -> Scheme:
        texts = [cell.text for cell in self.table.cells if cell.text.strip()]
        return scheme_of(texts, self.read.execution_points, self.statute)

    def _indicators(self) -> int:
        """Reads the indicator table; the row behind its last line."""
        row = self.rows[self.header]
        headers = [(cell, header_meaning(cell.text, "indicators", self.schemes)) for cell in row]
        headers = self._with_first_level(headers)
        known = [(cell, key) for cell, key in headers if key]
        columns = columns_of(known, self.table.width)
        unlabelled = {id(cell) for cell, key in headers if not key}
        self.taken.take(*row)
        lines = []
        stop = len(self.rows)
        for number in range(self.header + 1, len(self.rows)):
            cells = [cell for cell in self.rows[number] if id(cell) not in unlabelled]
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
            self.taken.take(*line.cells.values())
        read = without_execution(read, self.read)
        self.read.allotments = allotments_of(read)
        self.read.lines = [line for line in read if line.text("name")]
        self.read.indicators = [indicator_of(line) for line in self.read.lines]
        return stop

    def _with_first_level(self, headers: list[tuple[RawCell, str]]) -> list[tuple[RawCell, str]]:
        """The headers, where none names the first level: the one above names of it (绩效指标（90分）) heads them."""
        keys = [key for _, key in headers]
        first = next((number for number, key in enumerate(keys) if key), 0)
        if "level1" in keys or not first:
            return headers
        header = headers[first - 1][0]
        below = [
            cell for row in self.rows[self.header + 1 :] for cell in row
            if cell is not header and header.column <= cell.column < header.column + header.colspan
        ]  # fmt: skip
        if not any(self.read.scheme.group(split_points(cell.text)[0]) is not None for cell in below):
            return headers
        return [*headers[: first - 1], (header, "level1"), *headers[first:]]

    def _is_line(self, cells: list[RawCell], columns: Sequence[IndicatorColumn]) -> bool:
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
            self.taken.take(row[0])
        elif len(row) == 1 and self.read.fields.get("remarks") and _NUMBERED.match(row[0].text):
            self.read.fields["remarks"] += "\n" + row[0].text.strip()
            self.taken.take(row[0])

    def _total(self, row: list[RawCell]) -> None:
        self.taken.take(row[0])
        numbers = [(cell, score) for cell in row[1:] if (score := score_of(cell.text)) is not None]
        if numbers and self.read.score is None:
            # The full marks stand before the score where both are printed.
            cell, self.read.score = numbers[-1]
            self.read.place("score", cell)
            if len(numbers) > 1:
                full, self.read.full = numbers[-2]
                self.read.place("full", full)
            self.taken.take(*(cell for cell, _ in numbers))
        self._pairs([cell for cell in row[1:] if cell not in self.taken])

    def _kind(self) -> str:
        headings = load_evaluation().headings
        if self.read.fields.get("project"):
            return "项目"
        if "basic" in self.read.amounts or any(word in self.read.heading for word in headings.whole):
            return "整体"
        return ""


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


def goals_in(form: RawForm) -> tuple[str, ...]:
    """The goals of a form, one by one."""
    return goals_of(form.fields.get("goals", ""))
