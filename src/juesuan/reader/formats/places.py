"""Where the text of a DOCX stands: the elements behind every source that the reader gives."""

from __future__ import annotations

from typing import Any

import msgspec

from juesuan.account import Source
from juesuan.reader.formats.spacing import tidy
from juesuan.reader.raw import RawDocument

Piece = tuple[str, Any]
"""A stretch of printed text and the element that prints it; None for automatic numbers and ticks, which none prints."""


class TextPlace(msgspec.Struct, frozen=True):
    """A paragraph (w:p) and its printed pieces in order; `boxed` where it stands in a text box."""

    paragraph: Any
    pieces: tuple[Piece, ...]
    boxed: bool = False

    def signs(self) -> list[tuple[str, Any, int]]:
        """Every printed sign that is no white space, with the element that prints it and its offset in that."""
        return [
            (sign, element, offset)
            for text, element in self.pieces
            for offset, sign in enumerate(text)
            if not sign.isspace() and tidy(sign)
        ]

    @property
    def text(self) -> str:
        """The printed text without white space: what offsets of changes count in."""
        return "".join(sign for sign, _, _ in self.signs())


class DocxIndex(msgspec.Struct, frozen=True):
    """A document and the elements of its texts.

    `places` gives the paragraphs of every text and cell by its source; `roots` the root elements of the parts that were
    read, by name; `lines` the rows (w:tr) of every table by the source of the table. To change an element and to write
    its root back is to change the document.
    """

    raw: RawDocument
    places: dict[Source, tuple[TextPlace, ...]]
    roots: dict[str, Any]
    lines: dict[Source, tuple[Any, ...]]
