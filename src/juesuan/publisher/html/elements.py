"""What every HTML of a document shares: which cells head what, and identifiers that clash with no other drawing's."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from juesuan.publisher.document import Cell, Table, placed, printable
from juesuan.publisher.pages import FIGURE


class HtmlCell(msgspec.Struct, frozen=True):
    """A cell with its printable text, its element (th or td), what a th heads, and whether it holds a figure."""

    cell: Cell
    text: str
    tag: str
    scope: str
    figure: bool
    header: bool
    """Whether it stands in the header of the table."""


def html_rows(table: Table, labels: int = 0) -> tuple[list[list[HtmlCell]], list[list[HtmlCell]]]:
    """The rows of the header and of the body; of the first `labels` cells of a body row, words head their row.

    Raises ValueError where the cells do not fill the grid.
    """
    placed(table.header, len(table.widths))
    placed(table.body, len(table.widths))
    header = [[_cell(cell, "colgroup" if cell.colspan > 1 else "col", header=True) for cell in row]
              for row in table.header]
    body = [
        [_cell(cell, _scope(row), label=place < labels) for place, cell in enumerate(row)] for row in table.body
    ]
    return header, body


def own_identifiers(drawing: str, anchor: str) -> str:
    """The SVG with `anchor` in front of its identifiers, which would clash with those of the next drawing."""
    return re.sub(r'(id="|url\(#|href="#)', rf"\g<1>{anchor}-", drawing)


def _scope(row: Sequence[Cell]) -> str:
    """What the header cells of a body row head: a row of nothing else heads columns, any other its own row."""
    return "col" if all(cell.header for cell in row[1:]) and len(row) > 2 else "row"


def _cell(cell: Cell, scope: str, *, header: bool = False, label: bool = False) -> HtmlCell:
    text = printable(cell.text)
    figure = FIGURE.fullmatch(text.strip()) is not None
    heads = bool(text.strip()) and (header or cell.header or (label and not figure))
    return HtmlCell(cell, text, "th" if heads else "td", scope if heads else "", figure, header)
