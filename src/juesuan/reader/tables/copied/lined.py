"""Tables copied with each cell on a line of its own and nothing between them: made grids again.

An empty cell is an empty line. Such a run is only taken for a table where it is much like one of the forms.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from juesuan.account import bare
from juesuan.reader.raw import RawBlock, RawCell, RawTable, RawText
from juesuan.reader.tables.copied.flat import Likeness, above_of, grid_of, kind_of, widths_of
from juesuan.reader.tables.titles import names_a_table

_LONGEST = 30
_FEWEST = 12
"""Fewer cells are no table of this kind."""
_LEAST_AMOUNTS = 4
_MOST_HEADS = 24
"""So many lines at the top of a run may stand over the table: title, unit, headings over several columns."""
_ALIKE = 0.9
"""How like a form a grid has to be that nothing but its lines makes one: its headings and lines are known, and most of
its amounts have a place."""
_CODE = re.compile(r"\d{3}|\d{5}|\d{7}")
_LEAST_LINES = 3
"""Fewer lines of amounts may be anything: a statement of one line is read with its sentences."""
_LEAST_CODES = 3
_MOST_BROKEN = 2
"""So many more lines than one the name of an item may be broken over."""
_TOTAL = "合计"
_STUBS = frozenset(("项目", "科目编码", "科目名称", "功能分类科目编码", "经济分类科目编码", "栏次", "行次"))
_SENTENCE = re.compile(r"[。；;!！?？|｜]|[，,](?!\d{3})")


def gridded(blocks: Sequence[RawBlock], likeness: Likeness, heads: frozenset[str]) -> list[RawBlock]:
    """The blocks with runs of short lines as grids, where one shows; all others as they are.

    `heads` are the headings of all forms. The title of a table begins a run of its own.
    """
    found: list[RawBlock] = []
    run: list[RawText] = []
    for block in [*blocks, None]:
        goes_on = isinstance(block, RawText) and _is_cell(block) and (not run or _follows(run[-1], block))
        if goes_on and isinstance(block, RawText) and not (run and names_a_table(block.text)):
            run.append(block)
            continue
        found.extend(_gridded(run, above_of(found), likeness, heads))
        run = [block] if isinstance(block, RawText) and _is_cell(block) else []
        if block is not None and not run:
            found.append(block)
    return found


def _is_cell(block: RawText) -> bool:
    return len(block.text) <= _LONGEST and not _SENTENCE.search(block.text) and bool(block.source and block.source.line)


def _follows(above: RawText, below: RawText) -> bool:
    return 0 < _line(below) - _line(above) <= _MOST_HEADS


def _line(block: RawText) -> int:
    return block.source.line or 0 if block.source else 0


def _gridded(
    run: Sequence[RawText], above: Sequence[str], likeness: Likeness, heads: frozenset[str]
) -> Iterator[RawBlock]:
    amounts = [n for n, block in enumerate(run) if kind_of(block.text) == "amount"]
    if len(run) < _FEWEST or len(amounts) < _LEAST_AMOUNTS:
        yield from run
        return
    cells = list(_with_blanks(run))
    if sum(_is_code(cells, n) for n in range(len(cells))) >= _LEAST_CODES:
        yield from _coded(cells, heads) or run
        return
    first = next(n for n, cell in enumerate(cells) if kind_of(cell.text) == "amount")
    last = max(n for n, cell in enumerate(cells) if kind_of(cell.text) == "amount") + 1
    best: tuple[float, int, int, RawTable] | None = None
    for start in range(max(0, first - _MOST_HEADS), first):
        texts = [*above, *(cell.text for cell in cells[:start] if cell.text)]
        for stop in range(last, min(len(cells), last + 3) + 1):
            if stop > last and cells[stop - 1].text:
                break
            for width, mixed in widths_of([kind_of(cell.text) for cell in cells[start:stop]]):
                table = grid_of(cells[start:stop], width)
                if not _is_headed(table, heads):
                    continue
                score = likeness(table, texts) - mixed - start / 1000
                if best is None or score > best[0]:
                    best = score, start, stop, table
    if best is None or best[0] < _ALIKE:
        yield from run
        return
    yield from (cell for cell in cells[: best[1]] if cell.text)
    yield best[3]
    yield from (cell for cell in cells[best[2] :] if cell.text)


def _is_code(cells: Sequence[RawText], at: int) -> bool:
    """Whether the cell is a code of the classification, with its name behind it."""
    return bool(_CODE.fullmatch(cells[at].text)) and at + 1 < len(cells) and kind_of(cells[at + 1].text) == "text"


def _coded(cells: Sequence[RawText], heads: frozenset[str]) -> list[RawBlock]:
    """A table of the classification: its lines begin with a code, so that each may lack the empty cells at its end.

    The line of the total has no code. Empty where the headings are not as many as the amounts of a line.
    """
    codes = [n for n in range(len(cells)) if _is_code(cells, n)]
    total = next((n for n in range(codes[0] - 1, -1, -1) if kind_of(cells[n].text) == "text"), -1)
    starts = ([total] if total >= 0 and bare(cells[total].text) == _TOTAL else []) + codes
    rows = [_row(cells, start) for start in starts]
    width = Counter(len(row) - 2 for row in rows).most_common(1)[0][0]
    named = [bare(cell.text) for cell in cells[: starts[0]]]
    columns = list(dict.fromkeys(text for text in named if text in heads and text not in _STUBS))
    if not columns or len(columns) != width or any(cell.text for row in rows for cell in row[width + 2 :]):
        return []
    first = next(n for n, text in enumerate(named) if text in columns or text in _STUBS)
    last = starts[-1] + len(rows[-1])
    lines = [["科目编码", "科目名称", *columns], *([cell.text for cell in row[: width + 2]] for row in rows)]
    sources = [cells[first].source, *(row[1].source for row in rows)]
    made = tuple(
        RawCell(text, number, column, source=source)
        for number, (line, source) in enumerate(zip(lines, sources, strict=True)) for column, text in enumerate(line)
    )  # fmt: skip
    table = RawTable(made, len(lines), width + 2, cells[first].source)
    over, below = ([cell for cell in part if cell.text] for part in (cells[:first], cells[last:]))
    return [*over, table, *below]


def _row(cells: Sequence[RawText], start: int) -> list[RawText]:
    """The cells of a line of the classification: code (none for the total), name, amounts and blanks."""
    row = [*cells[start : start + 2]]
    if not _is_code(cells, start):
        row = [msgspec.structs.replace(cells[start], text=""), cells[start]]
    at = start + (2 if _is_code(cells, start) else 1)
    if rest := _rest_of_name(cells, at):
        row[1] = msgspec.structs.replace(row[1], text=row[1].text + "".join(cell.text for cell in rest))
        at += len(rest)
    while at < len(cells) and kind_of(cells[at].text) != "text" and not _is_code(cells, at):
        row.append(cells[at])
        at += 1
    return row


def _rest_of_name(cells: Sequence[RawText], at: int) -> Sequence[RawText]:
    """The further lines of a name that is broken over several, right above the amounts of its line."""
    end = at
    while end < len(cells) and cells[end].text and kind_of(cells[end].text) == "text" and not _is_code(cells, end):
        end += 1
    broken = end - at <= _MOST_BROKEN and end < len(cells) and kind_of(cells[end].text) == "amount"
    return cells[at:end] if broken and not _CODE.fullmatch(cells[end].text) else ()


def _is_headed(table: RawTable, heads: frozenset[str]) -> bool:
    """Whether the line above the first amounts is one of headings: nothing else tells which column is which."""
    lines = [[cell.text for cell in line if cell] for line in table.grid()]
    first = next((n for n, texts in enumerate(lines) if "amount" in map(kind_of, texts)), 0)
    above = [bare(text) for text in lines[first - 1]] if first else []
    known = sum(text in heads for text in above)
    if sum(any(kind_of(text) == "amount" and not text.isdigit() for text in texts) for texts in lines) < _LEAST_LINES:
        return False
    return known > 1 and 2 * known >= sum(map(bool, above))


def _with_blanks(run: Sequence[RawText]) -> Iterator[RawText]:
    """The lines of a run, with an empty cell for each line left empty beyond what usually stands between two."""
    gaps = [_line(below) - _line(above) for above, below in itertools.pairwise(run)]
    usual = Counter(gaps).most_common(1)[0][0]
    for block, gap in zip(run, [*gaps, usual], strict=True):
        yield block
        for _ in range((gap - usual) // usual):
            yield msgspec.structs.replace(block, text="")
