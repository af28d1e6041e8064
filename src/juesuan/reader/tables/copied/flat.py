"""Tables copied as text, with a bar behind every cell, as copies of web pages print them: made grids again.

Where each line is one of the table, the bars tell the columns. Where each cell stands on a line of its own, the end of
the table's lines is lost; it is found by the width at which every column holds one kind of content (labels, amounts),
and under which the grid is most like one of the forms.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Literal

import msgspec

from juesuan.account import spaceless
from juesuan.reader.amounts import blank, read_amount
from juesuan.reader.prose.normal import normal_form
from juesuan.reader.raw import RawBlock, RawCell, RawTable, RawText
from juesuan.reader.tables.copied.lost_blanks import with_blanks
from juesuan.reader.tables.titles import may_be_title, names_a_table
from juesuan.statute import load_lexicon

Kind = Literal["amount", "text", "blank"]

_FEWEST = 6
"""Fewer cells are no table."""
_WIDEST = 24
_NEAR = 6
"""How many paragraphs above may name the table."""
_HEADS = 3
"""So many lines at the top may be headings, of another kind than what is below them."""
_BROKEN = 5
"""Bars so many lines apart have more than a cell between them."""
_LONGEST_CELL = 30
_MIXED = 0.12
"""The share of cells that may be of another kind than their column."""
_BARS = re.compile(r"[|｜]")
_STUBS = ("项目", "科目编码")
_BLANK_LINE = re.compile(r"\s*[|｜]\s*[|｜]\s*")
"""An empty cell at the beginning of a line has a bar on each side."""
_CELL = re.compile(r"[^|｜]*[|｜]\s*")
_LINE = re.compile(r".*[|｜]\s*", re.S)
_HEADS_BESIDE = 0.2
"""What it costs that headings stand beside amounts."""
_TIE = 0.01
"""A wider table that is better by no more than this holds two lines of the narrower one in each of its own."""
_BLANK_LINES = 0.3
"""What it costs where all lines are blank, as every second is at half the width of a table with blanks at the end."""
_USUAL = 0.6
"""The share of lines that have as many cells as the table has columns."""


_OWN_LINE = 2
"""A line of more cells than this is one of a table, and no cell of its own."""
_UNIT = re.compile("(?:金额)?单位[:：]")
_YEAR = re.compile(r"20\d{2}年?度?")
Likeness = Callable[[RawTable, Sequence[str]], float]
"""How much a grid, under the paragraphs above it, is like one of the forms."""


def titles_apart(blocks: Sequence[RawBlock]) -> Iterator[RawBlock]:
    """The blocks, a line of bars with nothing but a table's title or its unit as what it says.

    财政拨款收支总表 | ||||||| begins another table, however many bars the copy puts behind it.
    """
    for block in blocks:
        cells = [cell.strip() for cell in _BARS.split(block.text)] if isinstance(block, RawText) else []
        told = [cell for cell in cells if cell]
        if isinstance(block, RawText) and len(cells) > _OWN_LINE and len(told) == 1 and _heads_a_table(told[0]):
            yield msgspec.structs.replace(block, text=told[0])
        else:
            yield block


def _heads_a_table(text: str) -> bool:
    return names_a_table(text) or bool(_UNIT.match(text))


def folded(blocks: Sequence[RawBlock], likeness: Likeness) -> list[RawBlock]:
    """The blocks with runs of single cells as grids; a run whose width does not show stays as it is."""
    found: list[RawBlock] = []
    run: list[RawText] = []
    for block in _with_bars_behind(blocks):
        if isinstance(block, RawText) and _LINE.fullmatch(block.text):
            run.append(block)
            continue
        found.extend(_folded(run, above_of(found), likeness))
        run = []
        found.append(_with_spread_heads(block) if isinstance(block, RawTable) else block)
    return [*found, *_folded(run, above_of(found), likeness)]


def _with_bars_behind(blocks: Sequence[RawBlock]) -> Iterator[RawBlock]:
    """The blocks with each bar that stands in a line of its own behind the cell before it, broken cells in one piece.

    项 目 / | / 一般公共 / 预算 / | : lines between two bars are one cell; two bars have an empty cell between them.
    """
    bars = [n for n, block in enumerate(blocks) if isinstance(block, RawText) and _BARS.fullmatch(block.text.strip())]
    starts = [n for n in range(len(bars)) if not n or not _one_cell(blocks, bars[n - 1], bars[n])]
    at = 0
    for start, stop in itertools.pairwise([*starts, len(bars)]):
        run = bars[start:stop]
        # Bars directly below each other are only empty cells of a table with a bar behind each.
        if len(run) < _FEWEST or run[-1] - run[0] == len(run) - 1:
            continue
        first = run[0] - 1 if run[0] > at and _short(blocks[run[0] - 1]) else run[0]
        yield from blocks[at:first]
        for before, bar in zip([first - 1, *run], run, strict=False):
            parts = [block for block in blocks[before + 1 : bar] if isinstance(block, RawText)]
            own = parts[0] if parts else blocks[bar]
            assert isinstance(own, RawText)
            yield msgspec.structs.replace(own, text=f"{''.join(part.text.strip() for part in parts)}|")
        at = run[-1] + 1
    yield from blocks[at:]


def _one_cell(blocks: Sequence[RawBlock], first: int, last: int) -> bool:
    """Whether what stands between two bars may be one cell: a few short lines."""
    return last - first <= _BROKEN and all(_short(block) for block in blocks[first + 1 : last])


def _short(block: RawBlock) -> bool:
    return isinstance(block, RawText) and len(block.text) <= _LONGEST_CELL and not re.search("[。|｜]", block.text)


def above_of(blocks: Sequence[RawBlock]) -> list[str]:
    """The paragraphs that stand directly above."""
    texts: list[str] = []
    for block in reversed(blocks):
        if not isinstance(block, RawText) or len(texts) == _NEAR:
            break
        texts.append(block.text)
    return texts[::-1]


def _folded(run: Sequence[RawText], above: Sequence[str], likeness: Likeness) -> Iterator[RawBlock]:
    if any(not _CELL.fullmatch(text.text) and not _BLANK_LINE.fullmatch(text.text) for text in run):
        yield from _by_line(run)
        return
    cells = [msgspec.structs.replace(text, text=_BARS.sub("", text.text).strip()) for text in run]
    kinds = [kind_of(cell.text) for cell in cells]
    years = [n for n, cell in enumerate(cells[:-1]) if _YEAR.fullmatch(cell.text) and kinds[n + 1] == "amount"]
    if len(years) > 1:
        # A line for each year is no form of one year: it is read with the sentences around it.
        yield from run
        return
    best: tuple[float, int, RawTable] | None = None
    for skipped in _starts_of(cells, kinds):
        texts = [*above, *(cell.text for cell in cells[:skipped])]
        for width, mixed in widths_of(kinds[skipped:]):
            table = _with_spread_heads(grid_of(cells[skipped:], width))
            found = likeness(table, texts) - mixed - skipped / 100
            found -= _HEADS_BESIDE * _has_heads_beside(table) + _BLANK_LINES * _blank_lines(table)
            if best is None or found > best[0] + _TIE:
                best = found, skipped, table
    if best is None:
        yield from run
        return
    yield from cells[: best[1]]
    yield best[2]


def _starts_of(cells: Sequence[RawText], kinds: Sequence[Kind]) -> Iterator[int]:
    """Where the table may begin: behind its title and unit, or with the heading of its labels."""
    for skipped in range(min(3, len(cells))):
        # What stands first may be the title of the table or its unit.
        if not all(_is_over_table(cell.text) for cell in cells[:skipped]):
            break
        yield skipped
    first = kinds.index("amount") if "amount" in kinds else len(kinds)
    yield from (n for n, cell in enumerate(cells[:first]) if n > 2 and spaceless(cell.text) in _STUBS)


def _has_heads_beside(table: RawTable) -> bool:
    """Whether two headings stand again beside amounts, as they do where a line is taken for longer than it is."""
    lines = [[cell.text for cell in cells if cell and cell.text] for cells in table.grid()]
    first = next((n for n, texts in enumerate(lines) if "amount" in map(kind_of, texts)), len(lines))
    heads = {text for texts in lines[:first] for text in texts}
    beside = {text for texts in lines[first:] for text in texts if kind_of(text) == "text"}
    return len(heads & beside) > 1 and 2 * len(heads & beside) > len(beside)


def _blank_lines(table: RawTable) -> float:
    """The share of lines that hold nothing at all."""
    lines = table.grid()
    return sum(all(cell is None or blank(cell.text) for cell in cells) for cells in lines) / max(1, len(lines))


def _is_over_table(text: str) -> bool:
    """Whether a cell can stand over a table rather than in it: a title of the year or of a table, a line of units."""
    return kind_of(text) == "text" and (names_a_table(text) or not may_be_title(text) or bool(_YEAR.search(text)))


def _by_line(run: Sequence[RawText]) -> Iterator[RawBlock]:
    """Lines of cells: those before the first of the usual number are the title and its unit."""
    lines = [[cell.strip() for cell in _BARS.split(text.text.strip())[:-1]] for text in run]
    width, count = Counter(len(cells) for cells in lines).most_common(1)[0]
    # Lines that are all blank have a width, and are no table.
    first = next((n for n, cells in enumerate(lines) if len(cells) == width and sum(map(bool, cells)) > 1), None)
    if first is None or width < 2 or count < _USUAL * len(lines) or len(lines) < 2:
        yield from run
        return
    for text, cells in zip(run[:first], lines, strict=False):
        yield msgspec.structs.replace(text, text="".join(cells))
    rows = list(zip(run[first:], lines[first:], strict=True))
    made = tuple(
        RawCell(cell, row, column, source=text.source)
        for row, (text, cells) in enumerate(rows)
        for column, cell in enumerate(cells[:width])
    )
    yield _with_spread_heads(with_blanks(RawTable(made, len(rows), width, rows[0][0].source)))


def _with_spread_heads(table: RawTable) -> RawTable:
    lines = [[""] * table.width for _ in range(table.height)]
    if any(cell.rowspan > 1 or cell.colspan > 1 for cell in table.cells):
        # The copy knows how wide its headings are.
        return table
    places = {(cell.row, cell.column): cell for cell in table.cells}
    for (row, column), cell in places.items():
        lines[row][column] = cell.text.strip()
    spread = _spread(lines)
    changed = [n for n, (old, new) in enumerate(zip(lines, spread, strict=True)) if old != new]
    for row in changed:
        source = next(cell.source for cell in table.cells if cell.row == row)
        for column, text in enumerate(spread[row]):
            places[row, column] = RawCell(text, row, column, source=source)
    return msgspec.structs.replace(table, cells=tuple(places.values())) if changed else table


def _spread(lines: list[list[str]]) -> list[list[str]]:
    """The lines with headings of two levels above their columns again, where the copy has lost how wide they are.

    合计|出国费|公车费|接待费 and 小计|运行费|购置费 above six amounts: the second line stands under 公车费.
    项目|预算数|决算数 and 合计|一般|基金|合计|一般|基金 above a label and six amounts: three stand under each.
    """
    found = list(lines)
    for n in range(len(lines) - 2):
        upper, lower, body = (_filled(line) for line in lines[n : n + 3])
        stubs = next((at for at, cell in enumerate(body) if kind_of(cell) == "amount"), len(body))
        heads = (*upper, *lower)
        if len(upper) >= len(body) or len(lower) < 2 or "" in heads or any(kind_of(cell) == "amount" for cell in heads):
            continue
        if any(kind_of(cell) == "text" for cell in body[stubs:]):
            continue
        widths = _widths_of(upper[stubs:], lower, len(body) - stubs)
        if not widths:
            continue
        blank = [""] * (len(lines[n]) - len(body))
        over = [head for head, width in zip(upper[stubs:], widths, strict=True) for _ in range(width)]
        rest = iter(lower)
        whole = len(lower) == len(body) - stubs
        under = [next(rest) if whole or width > 1 else "" for width in widths for _ in range(width)]
        found[n] = [*upper[:stubs], *over, *blank]
        found[n + 1] = [*[""] * stubs, *under, *blank]
    return found


def _widths_of(upper: Sequence[str], lower: Sequence[str], columns: int) -> list[int]:
    """How many of `columns` each upper heading reaches over, the lower ones below; empty where it does not show."""
    if len(lower) == columns:
        begins = [n for n, head in enumerate(lower) if head == lower[0]]
        if len(begins) == len(upper):
            return [end - start for start, end in itertools.pairwise([*begins, columns])]
        return []
    if len(upper) - 1 + len(lower) != columns:
        return []
    under = _whole_of(upper, lower)
    if under is None:
        changes = [n for n, head in enumerate(upper) if _is_change(head)]
        under = changes[0] if len(changes) == 1 and all(map(_is_change, lower)) else None
    return [len(lower) if n == under else 1 for n in range(len(upper))] if under is not None else []


def _is_change(text: str) -> bool:
    lexicon = load_lexicon()
    found = lexicon.find(normal_form(text, lexicon).text)
    return any(word.category in ("change", "difference", "direction", "compare") for *_, word in found)


def _filled(cells: Sequence[str]) -> list[str]:
    """The cells up to the last that is filled."""
    last = max((n for n, cell in enumerate(cells) if cell), default=-1)
    return list(cells[: last + 1])


def _whole_of(upper: Sequence[str], lower: Sequence[str]) -> int | None:
    """Which of the upper headings names what those below are parts of."""
    wholes = [set(load_lexicon().wholes_of(subject)) for cell in lower if (subject := _subject(cell))]
    named = [n for n, cell in enumerate(upper) if wholes and all(_subject(cell) in each for each in wholes)]
    return named[-1] if named else None


def _subject(text: str) -> str:
    lexicon = load_lexicon()
    found = [word.key for _, _, word in lexicon.find(normal_form(text, lexicon).text) if word.category == "subject"]
    return found[-1] if found else ""


def grid_of(cells: Sequence[RawText], width: int) -> RawTable:
    height = -(-len(cells) // width)
    made = tuple(
        RawCell(cell.text, number // width, number % width, source=cell.source) for number, cell in enumerate(cells)
    )
    return RawTable(made, height, width, cells[0].source)


def kind_of(text: str) -> Kind:
    if blank(text):
        return "blank"
    return "amount" if read_amount(text) else "text"


def widths_of(kinds: Sequence[Kind]) -> Iterator[tuple[int, float]]:
    """The numbers of columns under which every column is mostly of one kind below the headings, with what is not."""
    if len(kinds) < _FEWEST or kinds.count("amount") < 2:
        return
    for width in range(2, min(_WIDEST, len(kinds) // 2) + 1):
        mixed = 1.0 if len(kinds) % width else _mixed(kinds, width)
        if mixed <= _MIXED:
            yield width, mixed


def _mixed(kinds: Sequence[Kind], width: int) -> float:
    """The share of cells that are of another kind than most of their column; 1 where the first line is no heading."""
    rows = [kinds[start : start + width] for start in range(0, len(kinds), width)]
    if "amount" in rows[0] or rows[0][0] == "blank":
        return 1.0
    heads = next((n for n, row in enumerate(rows[: _HEADS + 1]) if "amount" in row), _HEADS)
    body = rows[heads:]
    wrong = 0
    for place in range(width):
        column = [row[place] for row in body if row[place] != "blank"]
        texts = column.count("text")
        wrong += min(texts, len(column) - texts)
    columns = [[row[place] for row in body] for place in range(width)]
    named = any("amount" not in column and 2 * column.count("text") >= len(body) for column in columns)
    # One line of amounts under headings needs no label.
    named = named or not any("text" in column for column in columns)
    return wrong / max(1, len(body) * width) if named else 1.0
