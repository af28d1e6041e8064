"""How a document falls into pages and a table into its paper: shared by the two paged formats, PDF and DOCX.

Both follow GB/T 9704-2012: A4, 天头 37 mm, 订口 28 mm, 版心 156 × 225 mm, 22 lines of 28 characters of 三号 (16 pt).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import msgspec

from juesuan.publisher.document import Document, GridCell, Heading, Table, placed, printable

MILLIMETRE = 72 / 25.4
TEXT_WIDTH, TEXT_HEIGHT = 156 * MILLIMETRE, 225 * MILLIMETRE
WIDE_WIDTH, WIDE_HEIGHT = 247 * MILLIMETRE, 154 * MILLIMETRE
LINE = 28.95
"""The pitch of the 22 lines of a page, in points."""

RULE = 0.6
"""What the rule under a row adds to its height in a word processor."""
SLACK = 14.0
"""What is left free of a page, since the estimate cannot know the fonts of the program that opens a DOCX."""

SIDE = 3.0
"""The space at the left and right inside a cell, in points."""
RAGGED = 0.7
"""What a broken line loses on average, in sizes of type, because no line begins with a closing sign."""

LEADING = 1.2
"""The pitch of lines inside a cell, in sizes of its type."""
NOTE_SIZE = 9.0
NOTE_PITCH = 13.0
TITLE_SIZE = 18.0
TITLE_PITCH = 26.0
CAPTION_PITCH = 17.0
TALL_CELL_LINES = 14
"""A cell with more lines than this may be torn over two pages; below it a row stays whole."""

AIRY = 5.0
"""The most space above and below in a cell, in points."""
NORMAL = ((10.5, 4.0), (10.5, 3.0), (10.0, 2.5), (9.5, 2.0), (9.0, 2.0))
TIGHT = ((10.5, 3.0), (10.5, 2.0), (10.0, 1.6), (9.5, 1.4), (9.0, 1.2), (9.0, 0.7), (8.5, 0.5), (8.0, 0.4), (7.5, 0.3))
"""Sizes of type and space above and below it in a cell, most comfortable first."""
NARROW = ((8.5, 1.5), (8.0, 1.2), (7.5, 1.0), (7.0, 0.8), (6.5, 0.6))
"""Last resort, where the figures of a row are wider than the paper."""


FIGURE = re.compile(r"[-−+]?[\d,.]*\d[%％]?")
"""A cell that holds nothing but a figure."""


class PageRun(msgspec.Struct, frozen=True):
    """A run of blocks that begins a new page; the blocks are given by their number in the document."""

    blocks: tuple[int, ...]
    landscape: bool = False
    divider: bool = False
    """Nothing but the title of a part, which then stands in the middle of its page."""


class Setting(msgspec.Struct, frozen=True):
    """How a table is set: type size, space above and below in a cell, column widths; all in points."""

    size: float
    pad: float
    columns: tuple[float, ...]
    rows: tuple[float, ...]
    """The estimated heights of all rows, header first."""


def sheets(document: Document) -> tuple[PageRun, ...]:
    """The runs of blocks that begin on a new page: parts, and tables with the headings directly above them."""
    result: list[PageRun] = []
    run: list[int] = []

    def close(landscape: bool = False) -> None:
        if run:
            divider = all(isinstance(document.blocks[n], Heading) for n in run)
            result.append(PageRun(tuple(run), landscape, divider))
            run.clear()

    for number, block in enumerate(document.blocks):
        if isinstance(block, Heading) and block.level == 1:
            close()
        if isinstance(block, Table) and not block.bare:
            above: list[int] = []
            while run and isinstance(heading := document.blocks[run[-1]], Heading) and heading.level > 1:
                above.insert(0, run.pop())
            close()
            run.extend([*above, number])
            close(block.wide)
        else:
            run.append(number)
    close()
    return tuple(result)


def headings_height(document: Document, sheet: PageRun) -> float:
    """The height that the headings of a sheet take on its page."""
    texts = [block.text for n in sheet.blocks if isinstance(block := document.blocks[n], Heading)]
    return LINE * sum(lines_needed(text, TEXT_WIDTH / 16 - 2) for text in texts)


@lru_cache(maxsize=65536)
def breadth(text: str) -> float:
    """The width of a line of text in sizes of its type: ideographs are square, other signs about half as wide."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else 0.56 for sign in text)


_WORD = re.compile(r"[!-~%]+")


def longest_word(text: str) -> float:
    """The width of the longest stretch that should not be broken, a figure or a Latin word; at least one ideograph."""
    return max([1.0, *(breadth(word) for word in _WORD.findall(text) if len(word) <= 20)])


def lines_needed(text: str, width: float) -> int:
    """How many lines the text takes when each holds `width` sizes of type."""
    room = max(width, 1.0)
    broken = max(room - RAGGED, 1.0)
    needed = 0
    for line in printable(text).split("\n"):
        wide = breadth(line)
        needed += 1 if wide <= room + 1e-9 else math.ceil(wide / broken - 1e-9)
    return needed


# Three formats ask for the same tables.
@lru_cache(maxsize=128)
def table_setting(table: Table, above: float = 0.0) -> Setting:
    """The most comfortable setting in which figures stay whole and the table, if it can, stays on one page.

    `above` is the height that headings over the table take on its page. Raises ValueError for a table whose cells do
    not fill its grid.
    """
    width, height = (WIDE_WIDTH, WIDE_HEIGHT) if table.wide else (TEXT_WIDTH, TEXT_HEIGHT)
    room = height - above - outside(table, width)
    header, body = placed(table.header, len(table.widths)), placed(table.body, len(table.widths))
    choices = TIGHT if table.small else NORMAL
    possible: Setting | None = None
    for size, pad in (*choices, *NARROW):
        columns = _columns(table, (*header, *body), size, width)
        if columns is None:
            continue
        setting = Setting(size, pad, columns, _heights(header, columns, size, pad) + _heights(body, columns, size, pad))
        if table.bare:
            return setting
        if sum(setting.rows) <= room:
            return _spread(setting, room)
        if possible is None:
            possible = setting
        if size <= choices[-1][0]:
            # It does not fit on one page in the setting it may have: then it flows, in the most comfortable one.
            break
    if possible is not None:
        return possible
    size, pad = NARROW[-1]
    total = sum(table.widths)
    columns = tuple(width * share / total for share in table.widths)
    return Setting(size, pad, columns, _heights(header, columns, size, pad) + _heights(body, columns, size, pad))


def _spread(setting: Setting, room: float) -> Setting:
    """The setting with the room that is left on the page given to the rows, as far as that looks well."""
    more = min((room - sum(setting.rows)) / (2 * max(len(setting.rows), 1)), max(0.0, AIRY - setting.pad))
    rows = tuple(height + 2 * more for height in setting.rows)
    return Setting(setting.size, round(setting.pad + more, 2), setting.columns, rows)


def title_size(table: Table, width: float) -> float:
    """The type size of the title: one that is a little too long for a line is set smaller rather than broken."""
    return max(15.0, min(TITLE_SIZE, width / (breadth(table.title) + 0.5)))


def outside(table: Table, width: float) -> float:
    """The estimated height of what stands above and below the grid: title, number, captions and notes."""
    title = lines_needed(table.title, width / TITLE_SIZE) * TITLE_PITCH + 8 if table.title else 0.0
    captions = (bool(table.number) + bool(table.left or table.right)) * CAPTION_PITCH
    notes = sum(lines_needed(note, width / NOTE_SIZE - 2) for note in table.notes) * NOTE_PITCH
    return title + captions + notes + SLACK


def _columns(table: Table, rows: Sequence[Sequence[GridCell]], size: float, width: float) -> tuple[float, ...] | None:
    """Column widths near the wished ones, in which no figure is broken; None where the paper is too narrow for that."""
    least = [size + 2 * SIDE] * len(table.widths)
    whole = list(least)
    for row in rows:
        for place in row:
            if place.cell.colspan == 1:
                need = (longest_word(place.cell.text) + place.cell.indent) * size + 2 * SIDE + 1
                least[place.column] = max(least[place.column], need)
                need = max(breadth(line) for line in place.cell.text.split("\n")) + place.cell.indent
                whole[place.column] = max(whole[place.column], need * size + 2 * SIDE + 1)
    if sum(least) > width:
        return None
    total = sum(table.widths)
    columns = [width * share / total for share in table.widths]
    held: set[int] = set()
    while short := {n for n, wish in enumerate(columns) if n not in held and wish < least[n] - 1e-9}:
        held |= short
        rest = width - sum(least[n] for n in held)
        free = sum(table.widths[n] for n in range(len(columns)) if n not in held)
        columns = [least[n] if n in held else rest * table.widths[n] / free for n in range(len(columns))]
    return tuple(round(column, 2) for column in _shared(columns, whole))


def _shared(columns: Sequence[float], whole: Sequence[float]) -> list[float]:
    """The widths after columns with room to spare have given some to those whose texts would be broken."""
    spare = [max(0.0, min(width - need - 4, width * 0.25)) for width, need in zip(columns, whole, strict=True)]
    lack = [max(0.0, need - width) for width, need in zip(columns, whole, strict=True)]
    moved = min(sum(spare), sum(lack))
    if moved <= 0:
        return list(columns)
    return [
        width - give * moved / sum(spare) + take * moved / sum(lack)
        for width, give, take in zip(columns, spare, lack, strict=True)
    ]


def _heights(
    rows: Sequence[Sequence[GridCell]], columns: Sequence[float], size: float, pad: float
) -> tuple[float, ...]:
    heights = [size * LEADING + 2 * pad + RULE] * len(rows)
    spanning: list[tuple[GridCell, float]] = []
    for row in rows:
        for place in row:
            cell = place.cell
            across = sum(columns[place.column : place.column + cell.colspan]) - 2 * SIDE - cell.indent * size
            need = lines_needed(cell.text, across / size) * size * LEADING + 2 * pad + RULE
            if cell.rowspan == 1:
                heights[place.row] = max(heights[place.row], need)
            else:
                spanning.append((place, need))
    for place, need in spanning:
        last = place.row + place.cell.rowspan
        heights[last - 1] += max(0.0, need - sum(heights[place.row : last]))
    return tuple(heights)


_YEAR = re.compile(r"\d{4}年度?")


def balanced(text: str, size: float, width: float) -> list[str]:
    """A title cut into lines of about equal length: after 第…部分 first, then preferably before or after the year."""
    if breadth(text) * size <= width:
        return [text]
    part, _, rest = re.sub(r"^(第[一二三四五六七八九十]+部分)[\s　]+(?=\S)", "\\1\n", text).rpartition("\n")
    lines = [part] if part else []
    if breadth(rest) * size <= width:
        return [*lines, rest]
    spans = [found.span() for found in _YEAR.finditer(rest)]
    edges = {edge for span in spans for edge in span}
    inside = {n for start, end in spans for n in range(start + 1, end)}

    def cost(cut: int) -> float:
        left, right = breadth(rest[:cut]), breadth(rest[cut:])
        over = max(left, right) * size > width
        return abs(left - right) - (8 if cut in edges else 0) + (1000 if over else 0)

    cuts = [n for n in range(2, len(rest) - 1) if n not in inside and not _bound(rest, n)]
    if not cuts or cost(cut := min(cuts, key=cost)) > 500:
        return [*lines, rest]
    return [*lines, rest[:cut], rest[cut:]]


def _bound(text: str, cut: int) -> bool:
    """Whether no line may end here: inside a Latin word, before a closing sign or after an opening one."""
    before, after = text[cut - 1], text[cut]
    return (before.isascii() and after.isascii()) or after in "）》”、，。：；%％" or before in "（《“"
