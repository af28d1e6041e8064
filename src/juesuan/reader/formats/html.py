"""HTML pages as government sites carry them: paragraphs, and tables of data told from tables that only lay a page out.

Pages are written by editors that paste Word into table cells, break paragraphs by <br> and declare the wrong charset;
spreadsheets saved as pages, and pages saved as .mht or .xls, are read the same way.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from lxml import etree

from juesuan.account import Source, UnreadableFileError, cell_name
from juesuan.reader.formats.grids import table_of
from juesuan.reader.formats.paragraphs import SourceLine, joined
from juesuan.reader.formats.spacing import decoded, tidy
from juesuan.reader.raw import RawBlock, RawCell, RawDocument, RawText

_SKIPPED = frozenset((
    "script", "style", "noscript", "template", "nav", "head", "iframe", "select", "option", "textarea", "button", "svg",
    "object", "embed", "audio", "video", "canvas", "map", "datalist", "colgroup", "col", "title",
))  # fmt: skip
_BLOCKS = frozenset((
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "dl", "dt", "dd", "table", "caption", "thead",
    "tbody", "tfoot", "tr", "td", "th", "section", "article", "main", "header", "footer", "aside", "figure",
    "figcaption", "blockquote", "pre", "center", "form", "fieldset", "legend", "address", "hr", "body", "html",
    "details", "summary",
))  # fmt: skip
_WIDEST = 1000
_MOST_BYTES = 60 * 2**20
"""A page may hold its pictures."""
_MOST_TAGS = 800_000
_MOST_PLACES = 2_000_000
"""Places that the cells of one table may cover: a few lines of page can claim any number."""
_TICKS = {True: "☑", False: "□"}
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all", re.I)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]+)""", re.I)

CellPlace = Callable[[int, int, int, Any], Source]
"""The source of a cell: table number, row, column, element; row -1 for the table itself."""


def read_html(path: Path, *, name: str = "") -> RawDocument:
    """Read an HTML or MHTML file; `name` is how its sources call it. Raises UnreadableFileError."""
    file = name or path.name
    data = path.read_bytes()
    if len(data) > _MOST_BYTES:
        raise UnreadableFileError("网页文件过大，不像是决算公开文件，不予读取。")
    if is_archived(data):
        data = _archived(data)
    declared = _CHARSET.search(data[:4096])
    text, note = decoded(data, declared[1].decode("ascii", "replace") if declared else "")
    notes = [note] if note else []
    blocks = html_blocks(text, file, notes)
    if not blocks:
        notes.append("网页中没有文字和表格，内容可能由脚本另行加载，请用浏览器打开后另存为完整网页或 PDF。")
    return RawDocument(file, "html", tuple(blocks), notes=tuple(dict.fromkeys(notes)))


def is_archived(data: bytes) -> bool:
    """Whether the bytes are a page saved with its pictures as one file (MHTML)."""
    head = data[:2048].lstrip().lower()
    return b"mime-version:" in head and b"content-type:" in head and re.match(rb"[a-z-]+:", head) is not None


def _archived(data: bytes) -> bytes:
    """The page of an MHTML file."""
    try:
        message = email.message_from_bytes(data, policy=email.policy.compat32)
        for part in message.walk():
            if part.get_content_type() == "text/html" and isinstance(content := part.get_payload(decode=True), bytes):
                return content
    except (ValueError, LookupError, AssertionError, RecursionError) as error:
        raise UnreadableFileError("网页存档（MHTML）已损坏，请重新保存网页。") from error
    raise UnreadableFileError("网页存档（MHTML）中没有网页正文，请重新保存网页。")


def _demand_memory(parser: etree.HTMLParser) -> None:
    """Raises MemoryError where the parser had too little: it says so only in its log."""
    if any(entry.type == etree.ErrorTypes.ERR_NO_MEMORY for entry in parser.error_log):
        raise MemoryError


def html_blocks(
    text: str, file: str, notes: list[str], place: CellPlace | None = None, first_table: int = 1
) -> list[RawBlock]:
    """The blocks of a page or a piece of one; what could not be read is told in `notes`."""
    if text.count("<") > _MOST_TAGS:
        raise UnreadableFileError("网页标签过多，不像是决算公开文件，不予读取。")
    parser = etree.HTMLParser(
        encoding="utf-8", huge_tree=False, no_network=True, remove_comments=True, remove_pis=True, recover=True
    )
    try:
        root = etree.fromstring(text.replace("\0", "").encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError) as error:
        _demand_memory(parser)
        raise UnreadableFileError("网页内容无法解析，请用浏览器打开后另存。") from error
    _demand_memory(parser)
    if root is None:
        return []
    if any("depth" in entry.message.lower() or "memory" in entry.message.lower() for entry in parser.error_log):
        notes.append("网页标签嵌套过深，过深处之后的内容没有读到，请用浏览器打开后另存为 PDF 再读。")
    return list(_Flow(file, notes, place, first_table).blocks(root))


class _Flow:
    """Goes through a page in order: inline pieces gather into a paragraph until a block begins or ends."""

    def __init__(self, file: str, notes: list[str], place: CellPlace | None, first_table: int) -> None:
        self.file = file
        self.notes = notes
        self.place = place or self._usual_place
        self.paragraphs = 0
        self.tables = first_table - 1
        self.places = 0
        self.pieces: list[str] = []

    def _usual_place(self, table: int, row: int, column: int, element: Any) -> Source:
        return Source(file=self.file, sheet=f"表格{table}", cell=cell_name(row, column) if row >= 0 else "")

    def blocks(self, root: Any) -> Iterator[RawBlock]:
        yield from self._walk(root, 0, False)
        yield from self._paragraph(0)

    def _walk(self, element: Any, heading: int, captions: bool) -> Iterator[RawBlock]:
        tag = element.tag
        if not isinstance(tag, str) or tag in _SKIPPED or _hidden(element):
            return
        if tag == "table" and _is_data(element):
            yield from self._paragraph(heading)
            yield from self._table(element)
            return
        if tag == "br":
            self.pieces.append("\n")
            return
        if tag == "input":
            self.pieces.append(_tick(element))
            return
        # In the caption of a table the two ends of a line (unit, unit of money) are spans side by side.
        block = tag in _BLOCKS or (captions and tag == "span")
        level = int(tag[1]) if len(tag) == 2 and tag[0] == "h" and tag[1] in "123456" else heading
        if block:
            yield from self._paragraph(heading)
        if tag == "li":
            self.pieces.append(_item_number(element))
        # A line of the source is not a line of the page, but a <br> is, and a line of <pre>.
        preformatted = tag == "pre"
        self.pieces.append(_inline(element.text, preformatted))
        for child in element:
            yield from self._walk(child, level, captions or tag == "caption")
            self.pieces.append(_inline(child.tail, preformatted))
        if block:
            yield from self._paragraph(level)

    def _paragraph(self, heading: int) -> Iterator[RawText]:
        """What has gathered, as paragraphs: a <br> ends one unless the sentence goes on behind it."""
        text, self.pieces = "".join(self.pieces), []
        if not text or text.isspace():
            return
        lines = [text.replace("\n", " ")] if heading else text.split("\n")
        for paragraph in joined(SourceLine(RawText(tidy(line), None, heading)) for line in lines if tidy(line)):
            self.paragraphs += 1
            yield msgspec.structs.replace(paragraph, source=self._text_place())

    def _text_place(self) -> Source:
        return Source(file=self.file, paragraph=self.paragraphs)

    def _table(self, table: Any) -> Iterator[RawBlock]:
        for caption in table.iterchildren("caption"):
            yield from self._walk(caption, 0, False)
        self.tables += 1
        cells: list[RawCell] = []
        number = self.tables
        sections = _rows(table)
        row = 0
        for rows in sections:
            if self.places <= _MOST_PLACES:
                cells.extend(self._section(rows, row, number))
                row += len(rows)
        made, note = table_of(cells, self.place(number, -1, 0, table), row)
        if note:
            self.notes.append(note)
        yield made

    def _section(self, rows: Sequence[Any], top: int, number: int) -> Iterator[RawCell]:
        """The cells of a head, a body or a foot: spans end with it."""
        taken: dict[int, int] = {}
        """By column, the row at which a cell from above ends."""
        for offset, line in enumerate(rows):
            row, column = top + offset, 0
            if self.places > _MOST_PLACES:
                break
            for cell in line.iterchildren("td", "th"):
                if _hidden(cell):
                    continue
                start = column
                while taken.get(column, 0) > row:
                    column += 1
                self.places += column - start
                if column > 3 * _WIDEST or self.places > _MOST_PLACES:
                    self.notes.append(f"表格{number} 过大或有单元格过宽，第 {row + 1} 行起没有读全。")
                    break
                across = max(1, min(_whole(cell.get("colspan"), 1), _WIDEST))
                down = _whole(cell.get("rowspan"), 1)
                down = min(down or len(rows), len(rows) - offset)
                # A cell that runs into one from above is cut, as browsers show the later one over it.
                width = next((at for at in range(1, across) if taken.get(column + at, 0) > row), across)
                self.places += width
                for at in range(column, column + width):
                    taken[at] = row + down
                yield RawCell(_cell_text(cell), row, column, down, width, self.place(number, row, column, cell))
                column += width


def _rows(table: Any) -> list[list[Any]]:
    """The rows by section; rows that stand in the table itself make sections between."""
    sections: list[list[Any]] = []
    loose: list[Any] | None = None
    for child in table:
        if child.tag == "tr":
            if loose is None:
                loose = []
                sections.append(loose)
            loose.extend([] if _hidden(child) else [child])
        elif child.tag in ("thead", "tbody", "tfoot"):
            loose = None
            sections.append([row for row in child.iterchildren("tr") if not _hidden(row)])
    return [rows for rows in sections if rows]


def _is_data(table: Any) -> bool:
    """Whether a table holds data: no table inside it, and more than one column somewhere."""
    if next(table.iterdescendants("table"), None) is not None:
        return False
    return any(len(list(row.iterchildren("td", "th"))) > 1 for row in table.iterdescendants("tr"))


def _cell_text(cell: Any) -> str:
    pieces: list[str] = []
    stack: list[Iterator[Any]] = [iter((cell,))]
    tails: list[str] = []
    while stack:
        element = next(stack[-1], None)
        if element is None:
            stack.pop()
            if tails:
                pieces.append(tails.pop())
            continue
        tag = element.tag
        tail = "" if element is cell else element.tail or ""
        if not isinstance(tag, str) or tag in _SKIPPED or _hidden(element):
            pieces.append(tail)
            continue
        pieces.append("\n" if tag in _BLOCKS or tag == "br" else _tick(element) if tag == "input" else "")
        if tag == "li":
            pieces.append(_item_number(element))
        pieces.append(element.text or "")
        stack.append(iter(element))
        tails.append(("\n" if tag in _BLOCKS else "") + tail)
    return tidy("".join(pieces))


def _inline(text: str | None, preformatted: bool) -> str:
    return "" if not text else text if preformatted else text.replace("\n", " ").replace("\r", " ")


def _tick(element: Any) -> str:
    if element.get("type", "text").lower() in ("checkbox", "radio"):
        return _TICKS[element.get("checked") is not None]
    return element.get("value") or "" if element.get("type", "text").lower() == "text" else ""


def _item_number(item: Any) -> str:
    """The number a browser writes before an item of an ordered list."""
    parent = item.getparent()
    if parent is None or parent.tag != "ol" or "list-style" in (parent.get("style") or ""):
        return ""
    before = sum(1 for _ in islice(item.itersiblings("li", preceding=True), 40))
    return f"{_whole(parent.get('start'), 1) + before}. " if before < 40 else ""


def _hidden(element: Any) -> bool:
    style = element.get("style") if isinstance(element.tag, str) else None
    return bool(style and _HIDDEN.search(style)) or (isinstance(element.tag, str) and element.get("hidden") is not None)


def _whole(text: str | None, otherwise: int) -> int:
    found = re.match(r"\s*(\d{1,6})", text or "")
    return int(found[1]) if found else otherwise
