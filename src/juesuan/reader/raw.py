"""What any published file is first read into: paragraphs and grids of text in reading order, each with its place.

No reader of a format knows anything of final accounts; what a grid or a paragraph means is found out afterwards, in one
place for all formats.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property

import msgspec

from juesuan.account import Source, Unplaced

Box = tuple[float, float, float, float]
"""Left, bottom, right, top in points."""


class RawCell(msgspec.Struct, frozen=True):
    """A cell as it stands: its text with the white space of layout taken out, where it is and how far it reaches."""

    text: str
    row: int
    column: int
    rowspan: int = 1
    colspan: int = 1
    source: Source | None = None


Grid = tuple[tuple[RawCell | None, ...], ...]


class RawTable(msgspec.Struct, frozen=True, dict=True):
    """A grid of `height` rows and `width` columns; a place that no cell covers is empty.

    `continued` is set where it goes on from the table before it across a page break; the reader joins such parts, so
    that one printed table is one RawTable, with the sources of its cells on the pages they stand on.
    """

    cells: tuple[RawCell, ...]
    height: int
    width: int
    source: Source | None = None

    def grid(self) -> Grid:
        """The cells by row and column; a cell that spans stands at every place it covers."""
        return self._grid

    @cached_property
    def _grid(self) -> Grid:
        places: list[list[RawCell | None]] = [[None] * self.width for _ in range(self.height)]
        for cell in self.cells:
            for row in range(cell.row, min(cell.row + cell.rowspan, self.height)):
                for column in range(cell.column, min(cell.column + cell.colspan, self.width)):
                    places[row][column] = cell
        return tuple(map(tuple, places))


class RawText(msgspec.Struct, frozen=True):
    """A paragraph, joined over lines and page breaks; `heading` is its level where the format says so, else 0."""

    text: str
    source: Source | None = None
    heading: int = 0


RawBlock = RawText | RawTable


class RawDocument(msgspec.Struct, frozen=True):
    """A file as it was read: its blocks in reading order, and what could not be read."""

    file: str
    format: str
    """pdf, picture, docx, xlsx, html, markdown or text."""
    blocks: tuple[RawBlock, ...]
    pages: int = 0
    unplaced: tuple[Unplaced, ...] = ()
    notes: tuple[str, ...] = ()
    """What the reader has to tell the user, in Chinese: a scan without text, pages skipped."""
    second: Callable[[int, Box], tuple[str, ...]] | None = None
    """Gives other readings of the recognised cell on a page, by its box; None where nothing was recognised."""

    def texts(self) -> Iterator[tuple[Source, str]]:
        """Every text and cell that has a place, with it."""
        for block in self.blocks:
            parts: tuple[RawText | RawCell, ...] = (block,) if isinstance(block, RawText) else block.cells
            for part in parts:
                if part.source is not None:
                    yield part.source, part.text
