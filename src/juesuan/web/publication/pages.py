"""The body of an account's public page: headings, contents, real tables, drawings, in the portal's own HTML."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from juesuan.publisher import Chart, Document, Glance, Heading, Table, Text, anchors, contents, printable, stretches
from juesuan.publisher.charts import svg
from juesuan.publisher.html import HtmlCell, html_rows, own_identifiers

TEMPLATES = Path(__file__).parents[1] / "templates"
NARROW = 3
"""Columns that a telephone shows side by side; a table of more scrolls in its own box."""


def write_page(document: Document) -> str:
    """The body of the page; the same document gives the same text. Raises ValueError for a table with gaps."""
    blocks = [
        _block(block, anchor, number)
        for number, (block, anchor) in enumerate(zip(document.blocks, anchors(document), strict=True), 1)
    ]
    entries = [{"level": e.level, "anchor": e.anchor, "text": printable(e.text)} for e in contents(document)]
    return _template("account_body.html.jinja").render(blocks=blocks, contents=entries)


def write_glance(numbers: Sequence[Glance]) -> str:
    """The first part of the page: each number with its sentence and its drawing; empty where there are none."""
    items = [
        {"number": printable(each.number), "unit": each.unit, "title": printable(each.title), "key": each.key,
         "sentence": printable(each.sentence), "chart": _chart(each.chart, f"g{place}") if each.chart else None}
        for place, each in enumerate(numbers, 1)
    ]  # fmt: skip
    return _template("glance.html.jinja").render(items=items) if items else ""


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name)


def _block(block: Heading | Text | Table | Chart, anchor: str, number: int) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": min(block.level, 5), "text": printable(block.text), "anchor": anchor}
    if isinstance(block, Text):
        return {"kind": "text", "runs": stretches(block), "align": block.align, "anchor": f"p{number}"}
    return _chart(block, anchor) if isinstance(block, Chart) else _table(block, anchor)


def _chart(chart: Chart, anchor: str) -> dict[str, Any]:
    # The words beside the drawing say what its parts say.
    drawing = own_identifiers(svg(chart), anchor)
    drawing = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", drawing)
    drawing = re.sub(r'<svg [^>]*viewBox="([^"]*)"[^>]*>', r'<svg viewBox="\1" aria-hidden="true">', drawing, count=1)
    return {
        "kind": "chart", "anchor": anchor, "caption": printable(chart.caption),
        "description": printable(chart.description), "svg": Markup(drawing),
    }


def _table(table: Table, anchor: str) -> dict[str, Any]:
    # The names of lines are plain cells to print; here they head their lines: in a statutory table all words, in a
    # self-evaluation form, which has words for values too, the first cell.
    plain = table.heading > 0 and not any(cell.header for row in table.body for cell in row)
    labels = (len(table.widths) if table.header else 1) if plain else 0
    header, body = html_rows(table, labels)
    return {
        "kind": "table", "anchor": anchor, "name": printable(table.title or table.key), "title": printable(table.title),
        "level": min(table.heading, 5), "number": printable(table.number), "left": printable(table.left),
        "right": printable(table.right), "notes": [printable(note) for note in table.notes],
        "wide": len(table.widths) > NARROW,
        "header": [[_cell(cell) for cell in row] for row in header],
        "body": [[_cell(cell) for cell in row] for row in body],
    }


def _cell(made: HtmlCell) -> dict[str, Any]:
    cell = made.cell
    kinds = {
        "amount": made.figure and not made.header and (cell.address or cell.amount) is not None, "strong": cell.bold,
        f"indent{min(cell.indent, 4)}": cell.indent > 0, "middle": cell.align == "center" and not made.header,
    }
    return {
        "tag": made.tag, "scope": made.scope, "text": made.text, "colspan": cell.colspan, "rowspan": cell.rowspan,
        "kind": " ".join(kind for kind, has in kinds.items() if has),
    }
