"""The lines of the indicators of a form: this year's values, new lines like their neighbours, vanished ones gone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from juesuan.account import Indicator, bare_text, total
from juesuan.reader import RawCell, ReadLine
from juesuan.revision.docx import Copies, Edit, copied
from juesuan.revision.numbers import numbers_in
from juesuan.revision.rolling.evaluation.rows import (
    ROW,
    cell_at,
    cells_of,
    change_over,
    clear,
    hand_over,
    merge,
    merging,
)
from juesuan.revision.rolling.evaluation.values import named, parted, points_behind, renumbered
from juesuan.revision.rolling.evaluation.view import FormsOutcome, FormView, row_of
from juesuan.statute.language import compact

_LEVELS = ("level1", "level2")


class _Row(msgspec.Struct):
    """A line of the form as it is to be: its row, the line of last year's it is like, the names of its levels."""

    element: Any
    like: ReadLine
    level1: str
    level2: str
    indicator: int | None = None
    """Which of this year's indicators stands in it; None where none does any more."""


class IndicatorRoller:
    """Gives the edits of the indicators of one form; rows come at once, those to take out go into the outcome."""

    def __init__(
        self, view: FormView, old: Sequence[Indicator], new: Sequence[Indicator], title: str, outcome: FormsOutcome
    ) -> None:
        self.view = view
        self.old = old
        self.new = new
        self.title = title
        self.outcome = outcome
        by_place = {line.cells["name"].source: line for line in view.lines}
        self.lines = [by_place.get(each.source) for each in old]

    def edits(self) -> Iterator[Edit]:
        """The edits of every line; nothing but a list where the lines are not known one by one."""
        pairs = paired(self.old, self.new)
        numbers = [row_of(each.source) if each.source else 0 for each in self.old]
        known = all(line is not None for line in self.lines) and len(set(numbers)) == len(numbers)
        if not self.view.rows or not known or max(numbers, default=0) > len(self.view.rows) or not self.new:
            yield from self._in_words(pairs)
            return
        rows = [
            _Row(self.view.rows[number - 1], line, bare_text(old.level1), bare_text(old.level2), pairs.get(place))
            for place, (number, line, old) in enumerate(zip(numbers, self.lines, self.old, strict=True))
            if line is not None
        ]
        for place, row in enumerate(rows):
            if row.indicator is not None:
                yield from self._values(row.like, self.old[place], self.new[row.indicator])
        yield from self._levels(rows)
        originals = list(rows)
        for number, each in enumerate(self.new):
            if number not in pairs.values():
                yield from self._added(rows, originals, number, each)
        for place, row in enumerate(originals):
            if row.indicator is None:
                self._taken_out(row, self.old[place])

    def _in_words(self, pairs: dict[int, int]) -> Iterator[Edit]:
        """Where lines cannot come and go: the values of those that stay, and a list of the others."""
        for place, before in enumerate(self.old):
            line = self.lines[place]
            if place in pairs and line is not None:
                yield from self._values(line, before, self.new[pairs[place]])
            elif place not in pairs and before.source is not None:
                for source in self.view.of_row(row_of(before.source)):
                    self.view.doubt(source, f"今年没有指标“{before.name}”")
        for number, each in enumerate(self.new):
            if number not in pairs.values():
                told = f"“{self.title}”今年新有的指标“{each.name}”没有写入"
                self.outcome.problems.append((self.view.source, told))

    # Values

    def _values(
        self, line: ReadLine, before: Indicator | None, after: Indicator, copies: Copies | None = None
    ) -> Iterator[Edit]:
        """The cells of a line with the values of an indicator; in a new line (`before` None) all of them."""
        same = before is not None and before.weight == after.weight
        for key in ("name", "weight") if same else ():
            place = line.cells[key].source if key in line.cells else None
            if place is not None and not (key == "name" and "weight" in line.cells):
                self.view.settle(place, "不变", "指标的分值")
        for key, text in self._wanted(line, before, after).items():
            source = line.cells[key].source
            if source is None:
                continue
            if before is not None:
                self.view.settle(source, "更新")
            yield from self.view.put(source, text, copies)

    def _wanted(self, line: ReadLine, before: Indicator | None, after: Indicator) -> dict[str, str]:
        """What the cells of a line are to print, by their columns."""
        wanted: dict[str, str] = {}
        cells = line.cells
        name = line.text("name")
        if before is None or ("weight" not in cells and points_behind(name) != after.weight):
            wanted["name"] = after.name if "weight" in cells else named(after.name, after.weight, name)
        if "weight" in cells and (before is None or before.weight != after.weight):
            wanted["weight"] = renumbered(line.text("weight"), after.weight)
        aside = [key for key in ("sign", "unit") if key in cells]
        for key, value in (("target", after.target), ("actual", after.actual)):
            if key not in cells:
                continue
            sign, number, unit = parted(value)
            if aside and (unit or "unit" not in cells or not value):
                wanted[key] = number if "unit" in cells else number + unit
                if "sign" not in cells:
                    wanted[key] = sign + wanted[key]
                if key == "target":
                    wanted |= {other: {"sign": sign, "unit": unit}[other] for other in aside}
            else:
                wanted[key] = _like(line.text(key), value)
        if "score" in cells:
            wanted["score"] = "" if after.score is None else renumbered(line.text("score"), after.score)
        if "reason" in cells and (before is None or after.reason):
            wanted["reason"] = after.reason
        if before is not None and before.target == after.target:
            for key in ("target", "sign", "unit"):
                wanted.pop(key, None)
                self._same(line, key)
        return wanted

    def _same(self, line: ReadLine, key: str) -> None:
        source = line.cells[key].source if key in line.cells else None
        if source is not None:
            self.view.settle(source, "更新")

    def _levels(self, rows: Sequence[_Row]) -> Iterator[Edit]:
        """The points beside the names of levels, where last year's were the sum of those of their indicators."""
        seen: set[int] = set()
        for row in rows:
            for key in _LEVELS:
                cell = _level_cell(row.like, key)
                points = points_behind(compact(cell.text)) if cell is not None else None
                if cell is None or points is None or id(cell) in seen or cell.source is None:
                    continue
                seen.add(id(cell))
                level1, level2 = row.level1, row.level2 if key == "level2" else ""
                now = _points(self.new, level1, level2)
                if _points(self.old, level1, level2) != points:
                    if now != points:
                        self.view.doubt(cell.source, "分值不是所列指标分值之和，请核对")
                    continue
                self.view.settle(cell.source, "更新")
                if now != points and now:
                    name = compact(cell.text)
                    yield from self.view.put(cell.source, named(name[: _head(name)], now, name))

    # Lines that come

    def _added(self, rows: list[_Row], originals: Sequence[_Row], number: int, each: Indicator) -> Iterator[Edit]:
        level1, level2 = bare_text(each.level1), bare_text(each.level2)
        within = [row for row in rows if (row.level1, row.level2) == (level1, level2)]
        beside = within or [row for row in rows if row.level1 == level1] or rows
        ahead = [row for row in within if row.indicator is not None and row.indicator < number]
        behind = [row for row in within if row.indicator is not None and row.indicator > number]
        first = not ahead and bool(behind)
        anchor = max(ahead, key=lambda row: row.indicator or 0) if ahead else behind[0] if behind else beside[-1]
        model = next(row for row in reversed(originals) if row.like is anchor.like)
        clone, copies = copied(model.element)
        if first:
            anchor.element.addprevious(clone)
        else:
            anchor.element.addnext(clone)
        same = {"level1": beside is not rows, "level2": bool(within)}
        wholes: dict[int, str] = {}
        for key in _LEVELS:
            cell = _level_cell(model.like, key)
            if cell is None:
                continue
            if same[key]:
                self._go_on(model, cell, key, originals, clone, copies)
            else:
                self._begin(cell, clone, copies)
                points = _points(self.new, level1, level2 if key == "level2" else "")
                wholes[id(cell)] = named(getattr(each, key), points, compact(cell.text))
        for key in _LEVELS:
            cell = _level_cell(model.like, key)
            if cell is not None and id(cell) in wholes and cell.source is not None:
                yield from self.view.put(cell.source, wholes[id(cell)], copies)
        for start, _, element in cells_of(clone):
            if merging(element) == "restart":
                clear(element)
                if first:
                    change_over(cell_at(anchor.element, start), element)
                else:
                    merge(element, "continue")
        yield from self._values(model.like, None, each, copies)
        rows.insert(rows.index(anchor) + (0 if first else 1), _Row(clone, model.like, level1, level2, number))
        told = f"“{self.title}”新有的指标“{each.name}”，仿“{self.old[originals.index(model)].name}”一行加上"
        self.outcome.changed.append((self.view.source, told))

    def _go_on(
        self, model: _Row, cell: RawCell, key: str, originals: Sequence[_Row], clone: Any, copies: Copies
    ) -> None:
        """Has the level's cell of a new line go on with that of the line it is like."""
        there = cell_at(clone, cell.column)
        others = [_level_cell(row.like, key) for row in originals if row is not model]
        repeated = any(other is not None and other is not cell and compact(other.text) == compact(cell.text)
                       for other in others)
        own = cell_at(model.element, cell.column)
        if there is None or own is None or merging(own) or repeated:
            return
        # The level had this line alone.
        merge(own, "restart")
        merge(there, "restart")

    def _begin(self, cell: RawCell, clone: Any, copies: Copies) -> None:
        """Has a new line print the name of a level of its own, in the print of another's."""
        source = cell.source
        row = self.view.rows[row_of(source) - 1] if source is not None else None
        own, there = (cell_at(each, cell.column) if each is not None else None for each in (row, clone))
        if own is None or there is None:
            return
        made, mine = copied(own)
        merge(made, "")
        there.getparent().replace(there, made)
        copies.update(mine)

    # Lines that go

    def _taken_out(self, row: _Row, indicator: Indicator) -> None:
        for key, cell in row.like.cells.items():
            if key not in _LEVELS and cell.source is not None:
                self.view.settle(cell.source, "更新", "今年没有，已删去")
        for key in _LEVELS:
            # The points of a level that is no more.
            printed = _level_cell(row.like, key)
            level2 = row.level2 if key == "level2" else ""
            if printed is not None and printed.source is not None and not _points(self.new, row.level1, level2):
                self.view.settle(printed.source, "更新", "今年没有，已删去")
        hand_over(row.element, next(row.element.itersiblings(ROW), None))
        self.outcome.removed.append(row.element)
        self.outcome.changed.append((self.view.source, f"“{self.title}”今年没有的指标“{indicator.name}”，已删去"))


def paired(old: Sequence[Indicator], new: Sequence[Indicator]) -> dict[int, int]:
    """Which of this year's indicators each of last year's is: of the same name and levels, else of the same name."""
    found: dict[int, int] = {}
    for keys in (_levelled, _bare):
        for place, before in enumerate(old):
            if place in found:
                continue
            same = [n for n, after in enumerate(new) if n not in found.values() and keys(after) == keys(before)]
            if same:
                found[place] = same[0]
    return found


def _levelled(each: Indicator) -> tuple[str, ...]:
    return bare_text(each.level1), bare_text(each.level2), bare_text(each.name)


def _bare(each: Indicator) -> tuple[str, ...]:
    return (bare_text(each.name),)


def _points(every: Sequence[Indicator], level1: str, level2: str) -> Decimal:
    """The points of a level-1 name, or of a level-2 name within it."""
    within = (each for each in every if bare_text(each.level1) == level1)
    return total(each.weight for each in within if not level2 or bare_text(each.level2) == level2)


def _level_cell(line: ReadLine, key: str) -> RawCell | None:
    """The cell that prints the name of a level; None where the level's is the indicator's own."""
    cell = line.cells.get(key)
    return None if cell is None or cell is line.cells.get("name") else cell


def _head(text: str) -> int:
    """Where the points behind a name begin."""
    return max(text.rfind("（"), text.rfind("("))


def _like(text: str, value: str) -> str:
    """A value with the decimals that last year's bare number had."""
    number = next(numbers_in(compact(text)), None)
    if number is None or number.text != compact(text) or not number.decimals:
        return value
    bare = next(numbers_in(compact(value)), None)
    return f"{bare.value:.{number.decimals}f}" if bare is not None and bare.text == compact(value) else value

