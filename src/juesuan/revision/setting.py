"""A document of any format set in Word, in our own layout: its text and order, where its pages cannot be kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import msgspec

from juesuan.publisher import Block, Cell, Document, Heading, Table, Text, printable
from juesuan.publisher.docx import write_docx
from juesuan.reader import RawDocument, RawTable, RawText
from juesuan.statute.language import compact

LONGEST = 60
"""A heading or the title of a table has no more signs."""
COVER_LINES = 6
"""So many lines a cover has at most."""
COLUMNS, SIGNS = 8, 64
"""A table with more columns, or wider ones together, is set across."""
LINES = 25
"""A longer table is set tight."""
NARROWEST, WIDEST = 4, 30
"""The least and the most that a column counts for, in signs."""

_PART = re.compile(r"^第[一二三四五六七八九十]+部分")
_SECTION = re.compile(r"^[一二三四五六七八九十]+[、.．]")
_BELOW = re.compile(r"^[（(][一二三四五六七八九十]+[)）]")
_CAPTION = re.compile(r"^(?:公开\d+表|(?:编制|填报|预算|公开)?(?:单位|部门)(?:名称)?[:：]|(?:金额)?单位[:：]|金额单位)")
_CAPTIONS = {
    "number": re.compile(r"^公开\d+表$"),
    "right": re.compile(r"^(?:金额)?单位[:：](?:人民币)?[万亿]?元$"),
    "left": _CAPTION,
}
_TITLE = re.compile(r"表(?:[（(][^（）()]*[)）])?\d*$")
_NOTE = re.compile(r"^(?:注|备注|说明|附注)\d*[:：.]")
_DAY = re.compile(r"^[\d〇零一二三四五六七八九十]{4}年[\d一二三四五六七八九十]+月([\d一二三四五六七八九十]+日)?$")
_AMOUNT = re.compile(r"^[-−]?[\d,]+\.\d+%?$|^\d{3,7}$|^合计$")
_FIGURE = re.compile(r"[-−]?[\d,]+\.\d+%?")
_END_OF_ENTRY = re.compile(r"[\s.…·]*[-—]?\s*\d{1,3}\s*[-—]?\s*$")


def set_in_word(raw: RawDocument, path: Path, name: str, year: int) -> None:
    """Writes the paragraphs and grids of `raw`, in their order, as a Word file in our layout to `path`.

    The contents are made anew. What is no text (pictures, lines, heads and feet of pages) is not carried over.
    """
    texts = [block for block in raw.blocks if isinstance(block, RawText)]
    cover, rest = _cover(list(raw.blocks))
    lines = tuple(printable(block.text.strip()) for block in cover if not _DAY.match(compact(block.text)))
    date = next((compact(block.text) for block in cover if _DAY.match(compact(block.text))), "")
    blocks = tuple(_blocks(_without_contents(rest)))
    title = lines or ((texts[0].text.strip(),) if texts else (name,))
    document = Document(
        title="".join(title), cover=title, date=date, subject="", author=name, year=year, blocks=blocks, brief=not lines
    )
    write_docx(document, path)


def _cover(blocks: Sequence[RawText | RawTable]) -> tuple[list[RawText], list[RawText | RawTable]]:
    """The lines before the contents or the first part, and what follows; none where the text begins at once."""
    lines: list[RawText] = []
    for number, block in enumerate(blocks):
        if not isinstance(block, RawText) or len(lines) > COVER_LINES or len(block.text) > LONGEST:
            return [], list(blocks)
        if _is_contents(block) or _PART.match(block.text.strip()):
            return lines, list(blocks[number:])
        lines.append(block)
    return [], list(blocks)


def _is_contents(block: RawText) -> bool:
    return compact(block.text) in ("目录", "目次")


def _without_contents(blocks: Sequence[RawText | RawTable]) -> list[RawText | RawTable]:
    """The blocks without the table of contents: what follows 目录 until an entry stands there again."""
    start = next((n for n, each in enumerate(blocks) if isinstance(each, RawText) and _is_contents(each)), None)
    if start is None:
        return list(blocks)
    seen: set[str] = set()
    for number in range(start + 1, len(blocks)):
        block = blocks[number]
        entry = _END_OF_ENTRY.sub("", compact(block.text)) if isinstance(block, RawText) else ""
        if not entry or entry in seen or len(entry) > LONGEST or "。" in entry:
            return [*blocks[:start], *blocks[number:]]
        seen.add(entry)
    return list(blocks)


def _blocks(raw: Sequence[RawText | RawTable]) -> list[Block]:
    made: list[Block] = []
    for number, block in enumerate(raw):
        if isinstance(block, RawTable):
            made.append(_table(block, number, _above(made)))
        elif made and isinstance(made[-1], Table) and _NOTE.match(compact(block.text)):
            made[-1] = msgspec.structs.replace(made[-1], notes=(*made[-1].notes, printable(block.text.strip())))
        elif block.text.strip():
            made.append(_text(block, number))
    return made


def _text(block: RawText, number: int) -> Block:
    text = printable(block.text.strip())
    plain = compact(text)
    if len(plain) > LONGEST or "。" in plain or plain.endswith(("；", ";", "：", ":")):
        return Text(text)
    for level, pattern in ((1, _PART), (2, _SECTION), (3, _BELOW)):
        if pattern.match(plain):
            return Heading(level, text, f"{number}", listed=level < 3)
    return Text(text, indent=not _CAPTION.match(plain))


class _Above(msgspec.Struct):
    """What stands over a table: its title, its number, whose it is and what it is counted in."""

    title: str = ""
    number: str = ""
    left: str = ""
    right: str = ""


def _above(made: list[Block]) -> _Above:
    """The title and the captions that stand over a table, taken out of what is set already."""
    found = _Above()
    while made:
        block = made[-1]
        text = block.text if isinstance(block, Text | Heading) else ""
        plain = compact(text)
        if not plain or len(plain) > LONGEST or (isinstance(block, Heading) and block.level == 1):
            break
        if _TITLE.search(plain) and not _CAPTION.match(plain):
            found.title = text
            made.pop()
            break
        part = next((name for name, pattern in _CAPTIONS.items() if pattern.search(plain)), "")
        if not part or getattr(found, part):
            break
        setattr(found, part, text)
        made.pop()
    return found


def _table(table: RawTable, number: int, above: _Above) -> Table:
    rows = _cells(table)
    depth = _head(table)
    widths = [float(NARROWEST)] * table.width
    for cell in table.cells:
        if cell.colspan == 1:
            longest = max((len(line) for line in cell.text.split("\n")), default=0)
            widths[cell.column] = max(widths[cell.column], float(min(WIDEST, longest)))
    return Table(
        key=f"表{number}",
        title=printable(above.title),
        widths=tuple(widths),
        header=tuple(tuple(_headed(cell) for cell in row) for row in rows[:depth]),
        body=tuple(tuple(row) for row in rows[depth:]),
        number=printable(above.number),
        left=printable(above.left),
        right=printable(above.right),
        wide=table.width > COLUMNS or sum(widths) > SIGNS,
        small=table.height > LINES,
        heading=2 if above.title else 0,
        bare=not above.title,
    )


def _headed(cell: Cell) -> Cell:
    return Cell(cell.text, "center", cell.colspan, cell.rowspan, header=True)


def _head(table: RawTable) -> int:
    """How many rows are headings: those above the first with an amount, a code or 合计, whole cells only."""
    grid = table.grid()
    first = next((n for n, row in enumerate(grid) if any(c and _AMOUNT.match(compact(c.text)) for c in row)), 0)
    depth = first if first < len(grid) and first <= 4 else 0
    for cell in table.cells:
        if cell.row < depth < cell.row + cell.rowspan:
            return cell.row
    return depth


def _cells(table: RawTable) -> list[list[Cell]]:
    """The cells row by row; a place that no cell covers is an empty one, cells that overlap do not span."""
    grid = table.grid()
    rows: list[list[Cell]] = []
    for y, line in enumerate(grid):
        row: list[Cell] = []
        for x, cell in enumerate(line):
            if cell is None:
                row.append(Cell(""))
                continue
            spots = [
                (cell.row + down, cell.column + across)
                for down in range(cell.rowspan)
                for across in range(cell.colspan)
                if cell.row + down < table.height and cell.column + across < table.width
            ]
            whole = all(grid[at][to] is cell for at, to in spots)
            first = (y, x) == (cell.row, cell.column)
            if whole and not first:
                continue
            text = printable(cell.text) if first else ""
            across = min(cell.colspan, table.width - cell.column) if whole else 1
            down = min(cell.rowspan, table.height - cell.row) if whole else 1
            row.append(Cell(text, "right" if _FIGURE.fullmatch(compact(text)) else "left", across, down))
        rows.append(row)
    return rows
