"""What a document prints, each piece with what of the account it is: made, kept in the data part, read again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal
from xml.sax.saxutils import escape, quoteattr

import msgspec

from juesuan.publisher.binding.names import NAMESPACE
from juesuan.publisher.binding.regions import regions, together
from juesuan.publisher.document import Chart, Document, Heading, Table, Text, placed, printable

PieceKind = Literal["words", "figure", "text"]
"""Fixed words; a figure, a share, a direction or a list; a text of the unit."""

_TAGS: dict[PieceKind, str] = {"words": "c", "figure": "f", "text": "x"}
_KINDS: dict[str, PieceKind] = {tag: kind for kind, tag in _TAGS.items()}


class PrintedPiece(msgspec.Struct, frozen=True):
    """A stretch of a paragraph, or a cell: `key` says what of the account it is."""

    kind: PieceKind
    text: str
    key: str = ""
    row: int = 0
    column: int = 0


class PrintedParagraph(msgspec.Struct, frozen=True):
    """A paragraph outside of tables; `place` names it whatever its figures; texts can be added behind it."""

    place: str
    pieces: tuple[PrintedPiece, ...]

    @property
    def text(self) -> str:
        """The whole paragraph."""
        return "".join(piece.text for piece in self.pieces)


class PrintedTable(msgspec.Struct, frozen=True):
    """A table by its cells, those of the heading too; rows and columns are counted from 0."""

    place: str
    cells: tuple[PrintedPiece, ...]


class Printed(msgspec.Struct, frozen=True):
    """Whose document it is, and what it prints in order; the contents (目录) are left out."""

    unit: str
    code: str
    year: int
    profile: str
    items: tuple[PrintedParagraph | PrintedTable, ...]


def printed(document: Document) -> Printed:
    """What a DOCX of the document prints."""
    return Printed(document.author, document.code, document.year, document.profile, tuple(_items(document)))


def _items(document: Document) -> Iterator[PrintedParagraph | PrintedTable]:
    for line in ("\n".join(document.cover), document.date):
        yield from _plain(line)
    for block in document.blocks:
        if isinstance(block, Heading):
            yield from _plain(block.text, place_of(block))
        elif isinstance(block, Text):
            yield PrintedParagraph(place_of(block), tuple(_pieces(block)))
        elif isinstance(block, Chart):
            yield from _plain(block.caption, place_of(block))
        else:
            yield from _table(block)


def place_of(block: Heading | Text | Chart | Table) -> str:
    """What a block is called whatever its figures: texts are added (增补) behind it; empty where it has no name.

    Below a table with notes its last note is the place. No colon stands in a place.
    """
    if isinstance(block, Heading):
        return block.place.replace(":", "·")
    if isinstance(block, Text):
        return block.key.replace(":", "·")
    if isinstance(block, Chart):
        return f"图·{block.key}"
    return f"表·{block.key}·{len(block.notes)}" if block.notes else f"表·{block.key}"


def _plain(line: str, place: str = "") -> Iterator[PrintedParagraph]:
    if line:
        yield PrintedParagraph(place, (PrintedPiece("words", printable(line)),))


def _pieces(text: Text) -> Iterator[PrintedPiece]:
    done = 0
    for start, end, bounds in regions(text.text, text.bound):
        if start > done:
            yield PrintedPiece("words", printable(text.text[done:start]))
        kind: PieceKind = "text" if bounds[0].kind == "text" else "figure"
        yield PrintedPiece(kind, printable(text.text[start:end]), together(bounds))
        done = end
    if done < len(text.text) or not text.text:
        yield PrintedPiece("words", printable(text.text[done:]))


def _table(table: Table) -> Iterator[PrintedParagraph | PrintedTable]:
    for line in (table.title, table.number, f"{table.left}\t{table.right}".strip()):
        yield from _plain(line)
    cells: list[PrintedPiece] = []
    for part, above in ((table.header, 0), (table.body, len(table.header))):
        for row in placed(part, len(table.widths)):
            for place in row:
                cell = place.cell
                kind: PieceKind = "words" if not cell.binding else "text" if cell.editable else "figure"
                cells.append(PrintedPiece(kind, printable(cell.text), cell.binding, above + place.row, place.column))
    yield PrintedTable(f"表·{table.key}", tuple(cells))
    for number, note in enumerate(table.notes, 1):
        yield from _plain(note, f"表·{table.key}·{number}")


def to_xml(record: Printed, values: list[str]) -> bytes:
    """The data part; `values` are what the bound controls show, in order."""
    attributes = {
        "unit": record.unit, "code": record.code, "year": str(record.year), "profile": record.profile,
    }  # fmt: skip
    head = "".join(f" {name}={quoteattr(printable(value))}" for name, value in attributes.items())
    parts = [f"<v>{escape(printable(value))}</v>" for value in values]
    for item in record.items:
        if isinstance(item, PrintedParagraph):
            inner = "".join(
                escape(piece.text) if piece.kind == "words" else _element(piece, "") for piece in item.pieces
            )
            parts.append(f"<p{_key(item.place)}>{inner}</p>")
        else:
            cells = "".join(_element(cell, f' row="{cell.row}" column="{cell.column}"') for cell in item.cells)
            parts.append(f"<t{_key(item.place)}>{cells}</t>")
    body = f'<account xmlns="{NAMESPACE}"{head}>{"".join(parts)}</account>'
    return f'<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n{body}'.encode()


def _element(piece: PrintedPiece, at: str) -> str:
    tag = _TAGS[piece.kind]
    return f"<{tag}{at}{_key(piece.key)}>{escape(piece.text)}</{tag}>"


def _key(key: str) -> str:
    return f" key={quoteattr(printable(key))}" if key else ""


def from_xml(root: Any) -> Printed:
    """What the root of a data part says. Raises ValueError where it is none of ours or damaged."""
    if root.tag != f"{{{NAMESPACE}}}account":
        raise ValueError("not a data part of an account")
    items: list[PrintedParagraph | PrintedTable] = []
    for element in root:
        name = _local(element)
        if name == "p":
            items.append(PrintedParagraph(element.get("key", ""), tuple(_read_pieces(element))))
        elif name == "t":
            items.append(PrintedTable(element.get("key", ""), tuple(_read_piece(child) for child in element)))
    return Printed(
        root.get("unit", ""), root.get("code", ""), int(root.get("year", "0")), root.get("profile", ""), tuple(items)
    )


def _read_pieces(element: Any) -> Iterator[PrintedPiece]:
    if element.text or not len(element):
        yield PrintedPiece("words", element.text or "")
    for child in element:
        yield _read_piece(child)
        if child.tail:
            yield PrintedPiece("words", child.tail)


def _read_piece(element: Any) -> PrintedPiece:
    where = (int(element.get("row", "0")), int(element.get("column", "0")))
    kind = _KINDS.get(_local(element))
    if kind is None:
        raise ValueError(f"unknown piece {element.tag}")
    return PrintedPiece(kind, element.text or "", element.get("key", ""), *where)


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]
