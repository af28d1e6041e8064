"""Forms of evaluation and of goals copied as text, a cell a line or cells with blanks between them: made grids again.

The copy has lost where rows end. The headings of the indicators tell how many cells a line has; the words of levels and
the points tell where it begins. What stands above the headings are labels with their values and the money.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from juesuan.account import Source
from juesuan.reader.amounts import blank
from juesuan.reader.evaluation.words import amount_of, bare, header_meaning, label_meaning, score_of, split_points
from juesuan.reader.raw import RawBlock, RawCell, RawTable, RawText
from juesuan.statute import Scheme, Statute, load_evaluation

_LEVELS = ("level1", "level2")
_NUMBERS = ("weight", "score")
_BARS = re.compile(r"[|｜]")
_BETWEEN = re.compile(r"[|｜\t]|\s{2,}|(?<=\S) (?=\S)")
_LEVEL = re.compile(r".{2,12}指标")
_MOST_ABOVE = 80
"""So many cells above the headings of the indicators may belong to a form."""
_ENDS_BELOW = ("deviation", "improvement", "conclusion", "grade")


class _Cell(msgspec.Struct, frozen=True):
    """A cell of the copy, and which block it stands in."""

    text: str
    block: int
    source: Source | None


def with_copied_forms(blocks: Sequence[RawBlock], statute: Statute) -> list[RawBlock]:
    """The blocks with each form of evaluation or of goals that stands there as text as a grid."""
    found: list[RawBlock] = []
    run: list[RawText] = []
    for block in blocks:
        if isinstance(block, RawText):
            run.append(block)
            continue
        found.extend(_Copy(run, statute).blocks())
        found.append(block)
        run = []
    return [*found, *_Copy(run, statute).blocks()]


class _Copy:
    """A run of paragraphs, and the forms within it."""

    def __init__(self, run: Sequence[RawText], statute: Statute) -> None:
        self.run = run
        self.schemes: tuple[Scheme, ...] = tuple(statute.schemes.values())
        self.cells: list[_Cell] = []

    def blocks(self) -> Iterator[RawBlock]:
        """The paragraphs, each form in the place of those it is made of."""
        if not any(header_meaning(text, "indicators", self.schemes) == "level2" for text in self._words()):
            yield from self.run
            return
        widths = self._widths()
        self.cells = [
            _Cell(part.strip(), n, block.source)
            for n, block in enumerate(self.run)
            for part in _parts(block.text, widths)
        ]
        at = 0
        for first, header, columns in self._headers():
            if first < at:
                continue
            begin = self._begin(first, at)
            lines, stop = self._indicators(header, columns)
            if not lines:
                continue
            below, stop = self._below(stop)
            yield from self._texts(at, begin)
            rows: list[Sequence[_Cell | None]] = [*self._above(begin, first), self.cells[first:header], *lines, *below]
            yield _grid(rows, columns, len(lines), self.cells[begin].source)
            at = stop
        yield from self._texts(at, len(self.cells)) if at else self.run

    def _widths(self) -> set[int]:
        """How many headings of indicators a line has: one of as many cells shows its empty ones as well."""
        lines = [_BARS.split(block.text.rstrip())[:-1] for block in self.run]
        headed = [[header_meaning(part.strip(), "indicators", self.schemes) for part in parts] for parts in lines]
        return {sum(map(bool, keys)) for keys in headed if "level2" in keys}

    def _words(self) -> Iterator[str]:
        for block in self.run:
            yield from (part for part in _BETWEEN.split(block.text) if part)

    def _texts(self, start: int, stop: int) -> Iterator[RawText]:
        """What stands outside of the forms, in its paragraphs."""
        whole = dict.fromkeys(range(len(self.run)), 0)
        for cell in self.cells:
            whole[cell.block] += 1
        kept: dict[int, list[_Cell]] = {}
        for cell in self.cells[start:stop]:
            kept.setdefault(cell.block, []).append(cell)
        for n, cells in kept.items():
            own = self.run[n]
            text = own.text if len(cells) == whole[n] else " ".join(cell.text for cell in cells)
            yield msgspec.structs.replace(own, text=text)

    def _headers(self) -> Iterator[tuple[int, int, tuple[str, ...]]]:
        """Where headings of indicators begin and end, and what each is."""
        at = 0
        while at < len(self.cells):
            keys: list[str] = []
            while at + len(keys) < len(self.cells):
                key = header_meaning(self.cells[at + len(keys)].text, "indicators", self.schemes)
                if not key or key in keys:
                    break
                keys.append(key)
            if {"level2", "name", "target"} <= set(keys):
                yield at, at + len(keys), tuple(keys)
            at += max(1, len(keys))

    def _label(self, at: int) -> str:
        return label_meaning(self.cells[at].text, self.schemes) if at < len(self.cells) else "total"

    def _begin(self, header: int, earliest: int) -> int:
        """Where the form with these headings begins: behind its title, else with the name of the project or unit."""
        words = load_evaluation()
        nearest = max(earliest, header - _MOST_ABOVE)
        begin = header
        for at in range(header - 1, nearest - 1, -1):
            text = self.cells[at].text
            if words.headings.form in text or (words.goal_forms.heading + "表") in bare(text):
                return at + 1
            if self._label(at) in ("project", "unit"):
                begin = at
        return begin

    def _is_level(self, at: int) -> bool:
        if at >= len(self.cells):
            return False
        name = split_points(self.cells[at].text)[0]
        known = any(scheme.group(name) or scheme.home(name) for scheme in self.schemes)
        return known or bool(_LEVEL.fullmatch(bare(name)))

    def _line(self, at: int, keys: Sequence[str]) -> bool:
        """Whether the cells from `at` on are an indicator, without its levels: points where they are to stand."""
        cells = self.cells[at : at + len(keys)]
        if len(cells) < len(keys) or self._label(at) in ("total", *_ENDS_BELOW):
            return False
        return all(score_of(cell.text) is not None or blank(cell.text)
                   for cell, key in zip(cells, keys, strict=True) if key in _NUMBERS)  # fmt: skip

    def _indicators(self, at: int, columns: tuple[str, ...]) -> tuple[list[list[_Cell | None]], int]:
        """The lines of the indicators, cells by column, and where they end."""
        keys = [key for key in columns if key not in (*_LEVELS, "reason")]
        levels = [key for key in columns if key in _LEVELS]
        numbered = any(key in _NUMBERS for key in keys)
        lines: list[list[_Cell | None]] = []
        while at < len(self.cells):
            named: list[_Cell] = []
            while self._is_level(at) and self._is_group_at(at + 1) and not self._is_group(self.cells[at]):
                at += 1  # 经济效益指标 满意度指标(10分) …: a level without indicators
            while len(named) < len(levels) and self._is_level(at + len(named)):
                named.append(self.cells[at + len(named)])
            start = at + len(named)
            if not self._line(start, keys) or not (numbered or named or lines):
                break
            found: dict[str, _Cell] = dict(zip(levels[len(levels) - len(named) :], named, strict=True))
            if len(named) == 1 and self._is_group(named[0]) and not lines:
                found = {levels[0]: named[0]}
            found.update(zip(keys, self.cells[start:], strict=False))
            at = start + len(keys)
            if "reason" in columns and self._is_reason(at, keys):
                found["reason"] = self.cells[at]
                at += 1
            lines.append([found.get(key) for key in columns])
            if not numbered and not self._is_level(at):
                # Without points nothing tells an indicator from what stands below but the name of its level.
                break
        return lines, at

    def _is_group_at(self, at: int) -> bool:
        return at < len(self.cells) and self._is_level(at) and self._is_group(self.cells[at])

    def _is_group(self, cell: _Cell) -> bool:
        return any(scheme.group(split_points(cell.text)[0]) for scheme in self.schemes)

    def _is_reason(self, at: int, keys: Sequence[str]) -> bool:
        """Whether the cell behind a line is its reason rather than the beginning of the next."""
        if at >= len(self.cells) or self._is_level(at) or self._label(at) in ("total", *_ENDS_BELOW):
            return False
        goes_on = self._is_level(at + 1) or self._line(at + 1, keys) or self._label(at + 1) == "total"
        return goes_on and not self._line(at, keys)

    def _below(self, at: int) -> tuple[list[list[_Cell]], int]:
        """The total and the labels with a text below the indicators, and where they end."""
        rows: list[list[_Cell]] = []
        while at < len(self.cells):
            label = self._label(at)
            stop = at + 1
            if label == "total":
                while stop < len(self.cells) and score_of(self.cells[stop].text) is not None:
                    stop += 1
            elif label in _ENDS_BELOW and rows and stop < len(self.cells):
                stop += 1
            else:
                break
            rows.append(self.cells[at:stop])
            at = stop
        return rows, at

    def _above(self, start: int, stop: int) -> Iterator[list[_Cell | None]]:
        """The rows above the indicators: labels with a value, the money, the goals."""
        at = start
        while at < stop:
            heads = self._money_heads(at, stop)
            if heads:
                beside = not header_meaning(self.cells[at].text, "execution", self.schemes)
                yield [*([] if beside else [None]), *self.cells[at:heads]]
                width = heads - at + (not beside)
                at = heads
                while (end := self._fund(at, stop, width)) > at:
                    if self._fund(end, stop, width) == end and self._fund(end + 1, stop, width) > end + 1:
                        end += 1  # what the row says of its reasons
                    yield [*self.cells[at:end]]
                    at = end
                continue
            end = min(stop, at + 2)
            labels = [self._label(n) for n in range(at, end)]
            if labels == ["goals", "goals"]:
                # 年度总体目标 stands beside the two headings.
                at, labels = at + 1, [self._label(n) for n in range(at + 1, min(stop, at + 3))]
                end = min(stop, at + 2)
            if labels == ["goals", "goals_done"]:
                yield [*self.cells[at:end]]
                yield [*self.cells[end : min(stop, end + 2)]]
                at = min(stop, end + 2)
            elif labels[0] and len(labels) > 1 and not labels[1]:
                yield [*self.cells[at:end]]
                at = end
            else:
                yield [self.cells[at]]
                at += 1

    def _money_heads(self, at: int, stop: int) -> int:
        """Where headings of the money end that begin at `at`, perhaps with the label beside them; 0 for none."""
        for first in (at, at + 1):
            end = first
            keys: set[str] = set()
            while end < stop and (key := header_meaning(self.cells[end].text, "execution", self.schemes)):
                keys.add(key)
                end += 1
            if "outlay" in keys and len(keys) > 1:
                return end
        return 0

    def _fund(self, at: int, stop: int, width: int) -> int:
        """Where a row of money ends that begins at `at`: a name and amounts; `at` where there is none."""
        if at >= stop or amount_of(self.cells[at].text) is not None:
            return at
        end = at + 1
        while end < stop and end - at < width and _is_money(self.cells[end].text):
            end += 1
        return end if end > at + 1 else at


def _parts(text: str, widths: set[int]) -> list[str]:
    """The cells of a line; empty ones only where it has as many cells as there are headings."""
    between = _BARS.split(text.rstrip())[:-1]
    if len(between) in widths:
        return between
    return [part for part in _BETWEEN.split(text) if part.strip()]


def _is_money(text: str) -> bool:
    return blank(text) or amount_of(text.rstrip("%％")) is not None or score_of(text) is not None


def _grid(
    rows: Sequence[Sequence[_Cell | None]], columns: Sequence[str], count: int, source: Source | None
) -> RawTable:
    """The rows as a grid."""
    width = max(len(columns), *(len(row) for row in rows))
    cells = tuple(
        RawCell(cell.text, number, column, source=cell.source)
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
        if cell is not None
    )
    return RawTable(cells, len(rows), width, source)
