"""Tables that no form has a place for, wholly or in part: their amounts under headings, as they stand."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from types import MappingProxyType

import msgspec

from juesuan.account import Figure, OtherCell, OtherLine, OtherTable
from juesuan.reader.amounts import money_of, read_amount
from juesuan.reader.raw import RawCell, RawTable
from juesuan.reader.tables.columns import Line, counts
from juesuan.reader.tables.lines import Codes, joined, of_own_classification
from juesuan.reader.tables.titles import is_table_number
from juesuan.statute import CODE_LENGTHS, MONEY_UNITS, TOTAL, level_of, load_evaluation

Heads = tuple[tuple[str, ...], ...]
"""The headings over each of some columns, from above."""

_CODE = re.compile(r"\d+")
_CODED = re.compile(r"[\[【(（]?(\d{3}|\d{5}|\d{7})[\]】)）]?[-—]*([一-鿿“‘《（(].*)")
_ORDINAL = re.compile("行次|序号|编码|代码|栏次|电话|邮编|年度?$|日期|时间|[%％]|[率比重]$|幅度?")
"""Headings of columns whose numbers are no amounts."""
_LEAST_CELLS = 2
"""A line of several columns, or several lines, may show a sum."""
_NAMED = re.compile(r"(?:编制|填报|公开|预算)?(?:部门|单位)(?:名称)?[:：]")
"""The unit that a table is of stands over its headings and is none of them."""
_CATALOGUE = re.compile(r"[A-Z]\d+|20\d\d年\d{1,2}月")
"""What is bought by its number in the catalogue, and when: beside a name, no name."""
_OF_MONEY = re.compile(r"[(（]?(?:人民币)?(?:金额)?(?:万|千)?元[)）]?")
"""A heading of nothing but the unit of money; 价值（万元） says what its column is."""
_QUANTITY = re.compile(r"[—–-]+|(?!\d+[.．、]\D)\d[\d.,]*[^\d\s]{0,6}")
"""A dash or a number with its measure (6820平方米) beside a name: no name."""
_MEASURES = ("计量单位", "单位")
"""Headings of columns that say in what a line is counted, not what it is."""
_TOTALS = (TOTAL, "总计")
_MOST_CORNERS = 3
_AMOUNT = re.compile(r"[.．,，]")


def other_tables(
    table: RawTable,
    title: str,
    money: str,
    placed: Collection[int],
    meant: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[OtherTable]:
    """The blocks of `table` with an amount that is not among the `placed` cells (by identity); `money` is its unit.

    `meant` are the codes that misprinted ones stand for; a code that stands twice is right in one of its lines.
    """
    grid = table.grid()
    first = _first_body(grid)
    body = [cells for cells in grid[first:] if not counts(cells)]
    above = _with_spans([cells for cells in grid[:first] if not counts(cells)], table.width)
    heads = [tuple(text for text, _ in itertools.groupby(line[place] for line in above) if text)
             for place in range(table.width)]  # fmt: skip
    amounts = [place for place in range(table.width) if _is_amounts(body, heads, place)]
    blanks = [place for place in range(table.width) if heads[place] and not any(joined(cells[place]) for cells in body)]
    found: dict[Heads, tuple[Heads, list[OtherLine]]] = {}
    end = 0
    for block in _blocks(amounts, blanks):
        start, end = end, block[-1] + 1
        codes = Codes()
        stubs = [place for place in range(start, block[0]) if not (heads[place] and heads[place][-1] in _MEASURES)]
        lines = [_line(cells, stubs, block, codes, money, placed) for cells in body]
        printed = Counter(line.code for line in lines)
        once = {code: right for code, right in meant.items() if printed[code] == 1}
        lines = [msgspec.structs.replace(line, code=once.get(line.code, line.code)) for line in lines]
        # The same headings again, side by side, those of the labels as well: the lines go on there, under one total.
        pane = (*(heads[place] for place in range(start, end)), *([] if heads[start] else [(str(start),)]))
        found.setdefault(pane, (tuple(heads[place] for place in block), []))[1].extend(lines)
    for over, lines in found.values():
        kept = tuple(line for line in lines if any(line.cells))
        if len(kept) * len(over) < _LEAST_CELLS or all(cell.placed for line in kept for cell in line.cells if cell):
            continue
        yield OtherTable(title, over, kept, money, table.source)


def _first_body(grid: Sequence[Line]) -> int:
    """The first line with an amount or a code that is no count of columns."""
    for number, cells in enumerate(grid):
        texts = [joined(cell) for cell in cells]
        if counts(cells) or not any(texts):
            continue
        if any(_AMOUNT.search(text) and read_amount(text) for text in texts) or _CODED.match(texts[0]):
            return number
        if texts[0].isdigit() and len(texts[0]) in CODE_LENGTHS.values():
            return number
    return len(grid)


def _with_spans(above: Sequence[Line], width: int) -> list[list[str]]:
    """The lines of headings, each over all columns that it reaches over, where a copy has lost how wide it is.

    A blank heading belongs to the one on its left where both have a heading of their own below.
    """
    lines = [
        [_heading(cell) for cell in cells]
        for cells in above
        if len({id(cell) for cell in cells}) > 1 and not _is_corner(cells)
    ]
    for upper, lower in itertools.pairwise(lines):
        for place in range(1, width):
            if not upper[place] and lower[place] and lower[place - 1]:
                upper[place] = upper[place - 1]
    return lines


def _is_corner(cells: Line) -> bool:
    """Whether a line over the headings says of which unit, of when and in what money the table is (编制部门：…)."""
    texts = [joined(cell) for cell in {id(cell): cell for cell in cells if cell}.values()]
    told = [text for text in texts if text]
    money = any(re.search("单位[:：]万?元$", text) for text in told) and len(told) <= _MOST_CORNERS
    return money or (bool(told) and all(re.search("[:：]", text) for text in told))


def _heading(cell: RawCell | None) -> str:
    """What a heading says; the number of the table and its unit of money stand among the headings and say nothing."""
    text = joined(cell)
    money = money_of([text]) and (":" in text or "：" in text or _OF_MONEY.fullmatch(text))
    return "" if is_table_number(text) or money or _NAMED.match(text) else text


def _is_amounts(body: Sequence[Line], heads: Sequence[tuple[str, ...]], place: int) -> bool:
    """Whether a column holds amounts: most of what it holds are numbers, and no codes, ordinals or rates."""
    texts = [text for cells in body if (text := joined(cells[place]))]
    numbers = [text for text in texts if read_amount(text)]
    if not numbers or 2 * len(numbers) < len(texts) or any(_ORDINAL.search(head) for head in heads[place][-1:]):
        return False
    if heads[place] and (heads[place][-1].endswith("数量") or heads[place][-1] in _scores()):
        return True
    codes = [text for text in numbers if _CODE.fullmatch(text) and len(text) in (2, *CODE_LENGTHS.values())]
    return 2 * len(codes) < len(numbers) or any(_AMOUNT.search(text) for text in numbers)


@cache
def _scores() -> frozenset[str]:
    """Headings of columns of points, whose numbers have two digits as codes have (分值, 得分)."""
    columns = load_evaluation().indicators
    return frozenset((*columns["weight"], *columns["score"]))


def _blocks(amounts: Sequence[int], blanks: Sequence[int]) -> Iterator[list[int]]:
    """Columns of amounts side by side, blank ones among them; another block begins behind columns of labels."""
    block: list[int] = []
    for place in amounts:
        between = list(range(block[-1] + 1, place)) if block else []
        if block and not set(between) <= set(blanks):
            yield block
            block, between = [], []
        block += [*between, place]
    if block:
        yield block


def _line(
    cells: Line, stubs: Sequence[int], block: Sequence[int], codes: Codes, money: str, placed: Collection[int]
) -> OtherLine:
    texts = list(dict.fromkeys(joined(cells[place]) for place in stubs if cells[place]))
    own = of_own_classification([text for text in texts if text])
    digits = "".join(text for text in own if _CODE.fullmatch(text))
    texts = [text for text in own if not _CODE.fullmatch(text)]
    names = [text for text in texts if not _QUANTITY.fullmatch(text)] or texts
    label = next((text for text in reversed(names) if not _CATALOGUE.fullmatch(text)), names[-1] if names else "")
    coded = _CODED.match(label)
    if coded and not digits:
        digits, label = coded[1], coded[2]
    # 05 below 208: each level may stand at its own line only.
    told = codes.line([cells[place] for place in stubs])[0] or ""
    code = digits if len(digits) in CODE_LENGTHS.values() else told if level_of(told) else ""
    if not label and not code:
        label = next((text for cell in cells[: block[0]] if (text := joined(cell)) in _TOTALS), "")
    seen: set[int] = set()
    return OtherLine(tuple(_cell(cells[place], money, placed, seen) for place in block), code, label)


def _cell(cell: RawCell | None, money: str, placed: Collection[int], seen: set[int]) -> OtherCell | None:
    amount = read_amount(cell.text) if cell and id(cell) not in seen else None
    if cell is None or amount is None:
        return None
    seen.add(id(cell))
    scale = MONEY_UNITS.get(money, Decimal(1))
    figure = Figure(amount.value * scale, scale.scaleb(-amount.decimals))
    return OtherCell(figure, cell.source, id(cell) in placed)
