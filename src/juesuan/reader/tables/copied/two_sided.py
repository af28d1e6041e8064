"""Tables of income beside outlay that a copy has run together, in one line or with their empty cells lost.

…一、财政拨款收入 9,842.36 一、一般公共服务支出 二、上级补助收入 …: each label of the form is followed by its amounts,
or by the next label, so that they are made a grid again. Which of several columns an amount stood in cannot be told:
where a line has not as many amounts as columns, the table stays as it is.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence, Set
from functools import cached_property

import msgspec

from juesuan.account import Source, bare, item_name
from juesuan.reader.amounts import read_amount
from juesuan.reader.raw import RawBlock, RawCell, RawTable, RawText
from juesuan.reader.tables.copied.flat import kind_of
from juesuan.reader.tables.titles import names_a_table
from juesuan.statute import Form, Statute
from juesuan.statute.language import in_one_script, load_aliases, load_document_words

_LEAST_CELLS = 24
_LEAST_LINES = 8
_LEAST_AMOUNTS = 3
_KNOWN = 0.7
"""The share of the labels that must be those of the form."""
_SIDES = 2
_LONGEST_HEAD = 4
_BARRED = re.compile(r".*[|｜]\s*", re.S)
_NUMBERED = "行次"
_LETTER = re.compile("[一-鿿]")


class _Cell(msgspec.Struct, frozen=True):
    """A cell of the copy, the number of its block among those of the run, and its place."""

    text: str
    block: int
    source: Source | None


class _Entry(msgspec.Struct):
    """A label, on which side of the form its line is (-1 for a label that the form has not), and its amounts."""

    label: _Cell
    side: int
    amounts: list[_Cell]


class _TwoSided(msgspec.Struct, frozen=True, dict=True):
    """A form of two sides, with what the lines of each side are called and how they are printed."""

    form: Form

    @cached_property
    def called(self) -> list[set[str]]:
        """The names of each side's lines, with those that are read."""
        return [
            {_plain(text) for row in (*block.rows, *block.other_rows) for text in (row.label, *row.reads) if text}
            for block in self.form.blocks
        ]

    @cached_property
    def printed(self) -> list[set[str]]:
        """The labels of each side's lines."""
        return [{bare(row.label) for row in (*block.rows, *block.other_rows)} for block in self.form.blocks]

    @cached_property
    def heads(self) -> set[str]:
        """The headings of the columns, some of which (一般公共预算财政拨款) are names of lines too."""
        heading = load_aliases().heading
        return {heading(head) for block in self.form.blocks for column in block.columns for head in column.heads}

    def is_head(self, entry: _Entry) -> bool:
        """Whether what was taken for a line is the heading of a column: it has no amount, and is called as one is."""
        return not entry.amounts and load_aliases().heading(entry.label.text) in self.heads


class _Run(msgspec.Struct, frozen=True):
    """The lines of a form among the cells of a copy: from which cell to which."""

    form: Form
    entries: list[_Entry]
    start: int
    stop: int

    @property
    def known(self) -> int:
        return sum(entry.side >= 0 for entry in self.entries)


def with_two_sides(blocks: Sequence[RawBlock], statute: Statute) -> Iterator[RawBlock]:
    """The blocks, what holds such a table as what stands before, the table, and what stands behind."""
    forms = [
        _TwoSided(form)
        for form in statute.readable
        if len(form.blocks) == _SIDES and all(block.rows for block in form.blocks)
    ]
    for barred, group in itertools.groupby(blocks, _is_barred):
        if barred:
            yield from _in_lines([block for block in group if isinstance(block, RawText)], forms)
            continue
        for block in group:
            yield from _in_a_line(block, forms) if isinstance(block, RawText) else [block]


def _is_barred(block: RawBlock) -> bool:
    return isinstance(block, RawText) and _BARRED.fullmatch(block.text) is not None


def _in_a_line(block: RawText, forms: Sequence[_TwoSided]) -> Iterator[RawBlock]:
    """A paragraph whose cells have blanks between them."""
    parts = block.text.split(" ")
    cells = [_Cell(text, 0, block.source) for text in _joined(parts)] if len(parts) >= _LEAST_CELLS else []
    run = _best(cells, forms)
    if run is None:
        yield block
        return
    for text in _titles([cell.text for cell in cells[: run.start]]):
        yield msgspec.structs.replace(block, text=text)
    yield _table(run)
    if rest := " ".join(cell.text for cell in cells[run.stop :]):
        yield msgspec.structs.replace(block, text=rest)


def _in_lines(run: Sequence[RawText], forms: Sequence[_TwoSided]) -> Iterator[RawBlock]:
    """Lines with a bar behind each cell, those that were empty all at the end: 二、外交支出 | 29 | |||."""
    lines = [[part.strip() for part in re.split("[|｜]", block.text)] for block in run]
    kept = [[text for text in line if text] for line in lines]
    ragged = len({len(line) for line in kept}) > 1 and all(
        line[: len(own)] == own for line, own in zip(lines, kept, strict=True))  # fmt: skip
    cells = [_Cell(text, n, run[n].source) for n, own in enumerate(kept) for text in own if not _are_heads(own)]
    found = _best(_without_line_numbers(cells), forms) if ragged and len(cells) >= _LEAST_CELLS else None
    if found is None:
        yield from run
        return
    first, last = found.entries[0].label, (found.entries[-1].amounts or [found.entries[-1].label])[-1]
    above = first.block
    heads = _TwoSided(found.form).heads
    while above and (_are_heads(kept[above - 1]) or all(_is_over(text, heads) for text in kept[above - 1])):
        above -= 1  # 项目|行次|金额: the grid has the headings of the form
    yield from run[:above]
    yield _table(found)
    yield from run[last.block + 1 :]


def _are_heads(cells: Sequence[str]) -> bool:
    """Whether a line holds headings of columns and nothing else (项目 | 预算数 | 项目 | 合计 | 一般公共预算)."""
    aliases = load_aliases()
    return len(cells) > _SIDES and all(aliases.heading(text) in aliases.heading_words for text in cells)


def _is_over(text: str, heads: Set[str]) -> bool:
    """Whether a cell is part of the headings above a form: one of its columns, or a short word (收入, 项目)."""
    return len(text) <= _LONGEST_HEAD or load_aliases().heading(text) in heads


def _without_line_numbers(cells: Sequence[_Cell]) -> list[_Cell]:
    """The cells without the numbers of the lines, where a heading says that there are some: they go on from each other.

    Of each side the first number stands behind the first label.
    """
    if not any(in_one_script(cell.text) == _NUMBERED for cell in cells):
        return list(cells)
    found: list[_Cell] = []
    expected: set[int] = set()
    for before, cell in itertools.pairwise([_Cell("", -1, None), *cells]):
        number = int(cell.text) if cell.text.isdigit() else -1
        first = len(expected) < _SIDES and _is_label(before.text)
        if number >= 0 and (number in expected or first):
            expected = (expected - {number}) | {number + 1}
            continue
        found.append(cell)
    return found


def _joined(cells: Sequence[str]) -> list[str]:
    """The cells, letters that were set apart put together: 本 年 收 入 合 计."""
    found: list[str] = []
    single = False
    for cell in cells:
        letter = _LETTER.fullmatch(cell) is not None
        if letter and single:
            found[-1] += cell
        else:
            found.append(cell)
        single = letter
    return found


def _best(cells: Sequence[_Cell], forms: Sequence[_TwoSided]) -> _Run | None:
    runs = [run for form in forms if (run := _run(cells, form)) is not None]
    return max(runs, key=lambda run: run.known, default=None)


def _run(cells: Sequence[_Cell], two_sided: _TwoSided) -> _Run | None:
    form = two_sided.form
    entries: list[_Entry] = []
    start = stop = 0
    for at, cell in enumerate(cells):
        if cell.text and kind_of(cell.text) != "text":
            # A dash holds the place of an amount.
            if entries and at == stop:
                entries[-1].amounts.append(cell)
                stop = at + 1
            continue
        own = [side for side, labels in enumerate(two_sided.called) if _plain(cell.text) in labels]
        # 收入总计 and 支出总计 are both called 总计 elsewhere: what a side calls it goes before.
        same = [side for side in own if bare(cell.text) in two_sided.printed[side]]
        own = same if len(same) == 1 else own
        if own or (entries and at == stop and _is_label(cell.text)):
            if all(two_sided.is_head(entry) for entry in entries):
                entries, start = [], at
            entries.append(_Entry(cell, _side(own, cell.text, entries), []))
            stop = at + 1
        elif entries and at - stop > _SIDES:
            break
    known = sum(entry.side >= 0 for entry in entries)
    amounts = sum(kind_of(cell.text) == "amount" for entry in entries for cell in entry.amounts)
    fit = all(_fits(side, [entry for entry in entries if max(entry.side, 0) == side], form) for side in (0, 1))
    enough = known >= max(_LEAST_LINES, _KNOWN * len(entries)) and amounts >= _LEAST_AMOUNTS
    return _Run(form, entries, start, stop) if fit and enough and {0, 1} <= {e.side for e in entries} else None


def _fits(side: int, entries: Sequence[_Entry], form: Form) -> bool:
    """Whether the lines of a side have as many amounts as columns; fewer, where all lack the same ones.

    Where every line has a total and the one fund that makes it, the columns of the other funds are those left out.
    """
    columns = len(form.blocks[side].columns)
    counts = {len(entry.amounts) for entry in entries if entry.amounts}
    if counts <= {columns}:
        return True
    filled = [[read_amount(cell.text) for cell in entry.amounts] for entry in entries if entry.amounts]
    if counts != {_SIDES} or columns <= _SIDES:
        return False
    return all(whole and fund and whole.value == fund.value for whole, fund in filled)


def _side(own: Sequence[int], label: str, before: Sequence[_Entry]) -> int:
    """The side of a label; one that both sides have stands on the left first (总计 … 总计 …), and on each only once."""
    if not own:
        return -1
    stood = {entry.side for entry in before if _plain(entry.label.text) == _plain(label)}
    left = [side for side in own if side not in stood] or own
    last = before[-1].side if before else 1
    return left[0] if len(left) == 1 or last == 1 else 1


def _is_label(cell: str) -> bool:
    return re.match(r"[一二三四五六七八九十]+、|其中[:：]", cell) is not None


def _plain(text: str) -> str:
    return item_name(load_aliases().label(text))


def _titles(cells: Sequence[str]) -> Iterator[str]:
    """What stands before the table: the cell that names it by itself, so that it is known for the title."""
    named = max((n for n, cell in enumerate(cells) if names_a_table(cell)), default=-1)
    parts = (cells[:named], cells[named : named + 1], cells[named + 1 :]) if named >= 0 else (cells,)
    yield from (text for part in parts if (text := " ".join(part).strip()))


def _only_fund(run: _Run) -> int:
    """How many columns of funds stand before that of the one fund that all the income is of: those left blank.

    三、国有资本经营预算财政拨款 as the only fund on the left says of which fund the second amount on the right is.
    """
    words = load_document_words()
    funds = [words.fund_at_start(bare(column.heads[-1]))[0] for column in run.form.blocks[1].columns[1:]]
    left = [entry for entry in run.entries if entry.side == 0 and entry.amounts]
    named = {fund for entry in left if (fund := words.fund_at_start(_plain(entry.label.text))[0]) in funds and fund}
    return funds.index(named.pop()) if len(named) == 1 else 0


def _table(run: _Run) -> RawTable:
    """Both sides beside each other under the headings of the form; a label that it has not stands below the last."""
    source = run.entries[0].label.source
    widths = [1 + len(side.columns) for side in run.form.blocks]
    lines: list[list[list[_Cell]]] = [
        [[_Cell(text, 0, source) for text in ("项目", *(column.heads[-1] for column in side.columns))]]
        for side in run.form.blocks
    ]
    last, only = 0, _only_fund(run)
    for entry in run.entries:
        last = entry.side if entry.side >= 0 else last
        between = [_Cell("", 0, source)] * only if last and len(entry.amounts) == _SIDES else []
        lines[last].append([entry.label, *entry.amounts[:1], *between, *entry.amounts[1:]])
    cells = tuple(
        RawCell(cell.text, number, sum(widths[:side]) + column, source=cell.source)
        for number, beside in enumerate(itertools.zip_longest(*lines, fillvalue=()))
        for side, line in enumerate(beside) for column, cell in enumerate(line)
    )  # fmt: skip
    return RawTable(cells, max(map(len, lines)), sum(widths), source)
