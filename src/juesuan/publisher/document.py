"""The document as a neutral tree: what all written formats lay out, so that none can say something of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

import msgspec

from juesuan.account import Address

Align = Literal["left", "center", "right"]

_DIGITS = "零一二三四五六七八九"


def ordinal(number: int) -> str:
    """A number from 1 to 99 in Chinese: 一, 十二, 二十, 二十一."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("十" if tens == 1 else _DIGITS[tens] + "十")
    return head + (_DIGITS[ones] if ones else "")


class Bound(msgspec.Struct, frozen=True):
    """A stretch of a paragraph, by offsets, that is the account's (figure, direction, list) or whoever writes' (text).

    `key` says what of the account it is: a clause and its quantity, or the key of a text.
    """

    start: int
    end: int
    kind: Literal["figure", "direction", "list", "text"]
    key: str


class Cell(msgspec.Struct, frozen=True, omit_defaults=True):
    """A cell of a table. A spanned-over place has no cell of its own, as in HTML."""

    text: str
    align: Align = "left"
    colspan: int = 1
    rowspan: int = 1
    header: bool = False
    bold: bool = False
    indent: int = 0
    address: Address | None = None
    amount: Decimal | None = None
    """The exact number that `text` prints, where a workbook can compute with it."""
    role: str = ""
    """What the number is to the others of its table: budget, outlay, rate, points, execution, weight, score, total."""
    full: Decimal | None = None
    """The points that a score is out of."""
    key: str = ""
    """What of the account the cell prints, where it has no address."""
    editable: bool = False
    """Whether it is a text that whoever writes the document may change."""

    @property
    def binding(self) -> str:
        """What of the account the cell prints: its address or its key; empty for what is no figure and no own text."""
        return str(self.address) if self.address else self.key


def label_cell(text: str, colspan: int = 1, rowspan: int = 1) -> Cell:
    """A cell of a form that names what stands beside or below it."""
    return Cell(text, "center", colspan, rowspan, header=True)


class Table(msgspec.Struct, frozen=True, omit_defaults=True):
    """A ruled table with its title and captions.

    `widths` are relative column widths, one per grid column; `header` rows are repeated on every page. `number` stands
    at the top right (公开01表), `left` and `right` above the grid (单位：某中心 / 单位：万元), `notes` below it.
    `wide` asks for a landscape page; `breakable` is false for a table that must not be torn between rows of one cell.
    """

    key: str
    title: str
    widths: tuple[float, ...]
    header: tuple[tuple[Cell, ...], ...]
    body: tuple[tuple[Cell, ...], ...]
    number: str = ""
    left: str = ""
    right: str = ""
    notes: tuple[str, ...] = ()
    wide: bool = False
    small: bool = False
    """Tight setting, for long tables that should stay on one page."""
    heading: int = 0
    """The heading level under which the title enters the contents; 0 keeps it out."""
    bare: bool = False
    """A small table in the running text: no page of its own."""


class Heading(msgspec.Struct, frozen=True, omit_defaults=True):
    """A heading: level 1 a part (第一部分), 2 a section (一、), 3 (一), 4 1. — parts begin a new page."""

    level: int
    text: str
    key: str = ""
    listed: bool = True
    """Whether it enters the contents."""
    place: str = ""
    """What it is a heading of, whatever its number; texts may be added behind it."""


class TextGap(msgspec.Struct, frozen=True):
    """The stretch of a paragraph that is still to be written, by offsets."""

    start: int
    end: int


class Text(msgspec.Struct, frozen=True, omit_defaults=True):
    """A paragraph of running text, first line indented by two characters unless `indent` is false."""

    text: str
    gaps: tuple[TextGap, ...] = ()
    indent: bool = True
    align: Align = "left"
    key: str = ""
    """Which paragraph of the account it is, where it is one."""
    bound: tuple[Bound, ...] = ()


class Chart(msgspec.Struct, frozen=True, omit_defaults=True):
    """A chart: its Vega-Lite specification, its caption (图1：…) and the same in words for who cannot see it."""

    key: str
    caption: str
    spec: Mapping[str, Any]
    description: str


Block = Heading | Text | Table | Chart


class Document(msgspec.Struct, frozen=True, omit_defaults=True):
    """A whole disclosure: cover, contents (made from the headings), and the blocks in order."""

    title: str
    cover: tuple[str, ...]
    """Lines of the title on the cover."""
    date: str
    """The date on the cover, in Chinese; empty where none is given."""
    subject: str
    author: str
    year: int
    blocks: tuple[Block, ...]
    draft: bool = False
    """A draft carries a mark on every page."""
    brief: bool = False
    """A page by itself: no cover and no contents, the title stands above the text."""
    timestamp: str = ""
    """The ISO date written into the file's metadata, so that the same account gives the same bytes."""
    profile: str = ""
    """The profile of the account that the whole of it is made from; empty for what is not to be taken back."""
    code: str = ""
    """The unit's code."""


class ContentsLine(msgspec.Struct, frozen=True):
    """A line of the contents (目录): its level, its text and the anchor it leads to."""

    level: int
    text: str
    anchor: str


class GridCell(msgspec.Struct, frozen=True):
    """A cell and the grid place of its upper left corner."""

    row: int
    column: int
    cell: Cell


_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def printable(text: str) -> str:
    """The text without control characters, which no written format may hold; line breaks stay."""
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def stretches(block: Text) -> list[tuple[str, bool]]:
    """The paragraph cut at its gaps: each stretch of text, and whether it is a gap."""
    result: list[tuple[str, bool]] = []
    done = 0
    for gap in sorted(block.gaps, key=lambda gap: gap.start):
        result.append((block.text[done : gap.start], False))
        result.append((block.text[max(gap.start, done) : gap.end], True))
        done = max(done, gap.end)
    result.append((block.text[done:], False))
    return [(printable(text), gap) for text, gap in result if text] or [("", False)]


def anchors(document: Document) -> tuple[str, ...]:
    """One identifier per block, unique in the document and the same in every format; empty for running text."""
    taken: set[str] = set()
    result: list[str] = []
    for number, block in enumerate(document.blocks, 1):
        if isinstance(block, Text):
            result.append("")
            continue
        prefix = {Heading: "section", Table: "table", Chart: "chart"}[type(block)]
        anchor = f"{prefix}-{re.sub(r'[^0-9A-Za-z一-鿿]+', '-', block.key) or number}"
        if anchor in taken:
            anchor = f"{anchor}-{number}"
        taken.add(anchor)
        result.append(anchor)
    return tuple(result)


def contents(document: Document) -> tuple[ContentsLine, ...]:
    """The lines of the contents, in order: the listed headings, and the tables that ask for it."""
    entries: list[ContentsLine] = []
    for block, anchor in zip(document.blocks, anchors(document), strict=True):
        if isinstance(block, Heading) and block.listed:
            entries.append(ContentsLine(block.level, block.text, anchor))
        elif isinstance(block, Table) and block.heading:
            entries.append(ContentsLine(block.heading, block.title, anchor))
    return tuple(entries)


def placed(rows: Sequence[Sequence[Cell]], columns: int) -> tuple[tuple[GridCell, ...], ...]:
    """Each row's cells with their grid places, counting the places that spans from above and from the left cover.

    Raises ValueError where cells overlap, leave the grid or leave a place of it empty: the statute or the compiler
    made the table wrong, and every format would show it differently.
    """
    covered: set[tuple[int, int]] = set()
    result: list[tuple[GridCell, ...]] = []
    for row, cells in enumerate(rows):
        line: list[GridCell] = []
        column = 0
        for cell in cells:
            while (row, column) in covered:
                column += 1
            spots = {(row + y, column + x) for y in range(cell.rowspan) for x in range(cell.colspan)}
            if column + cell.colspan > columns or row + cell.rowspan > len(rows) or spots & covered:
                raise ValueError(f"单元格“{cell.text}”（第{row + 1}行）超出表格或与其他单元格重叠")
            covered |= spots
            line.append(GridCell(row, column, cell))
            column += cell.colspan
        result.append(tuple(line))
    if len(covered) != len(rows) * columns:
        missing = next((y, x) for y in range(len(rows)) for x in range(columns) if (y, x) not in covered)
        raise ValueError(f"表格第{missing[0] + 1}行第{missing[1] + 1}列没有单元格")
    return tuple(result)
