"""The HTML of a document: one self-contained, accessible page that needs neither network nor scripts."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from juesuan.publisher import pages as layout
from juesuan.publisher.charts import drawing as charts
from juesuan.publisher.document import (
    Chart,
    Document,
    Heading,
    Table,
    Text,
    anchors,
    contents,
    printable,
    stretches,
)
from juesuan.publisher.html.elements import HtmlCell, html_rows, own_identifiers

if TYPE_CHECKING:
    from jinja2 import Template

ASSETS = Path(__file__).parents[1] / "assets"
TYPE_SIZE = 10.5
"""The size, in points, that a table's least width on the screen is reckoned in."""


def write_html(document: Document, path: Path | str) -> None:
    """Write the document as one HTML page; the same document gives the same bytes.

    Raises ValueError where a table's cells do not fill its grid.
    """
    from markupsafe import Markup

    marks = anchors(document)
    has_charts = any(isinstance(block, Chart) for block in document.blocks)
    scripts = [_asset("vega-bundle.js"), _asset("document.js")] if has_charts else []
    page = _template().render(
        title=printable(document.title),
        author=printable(document.author),
        subject=printable(document.subject),
        cover=[printable(line) for line in document.cover] or [printable(document.title)],
        date=printable(document.date),
        draft=document.draft,
        contents=[{"level": e.level, "anchor": e.anchor, "text": printable(e.text)} for e in contents(document)],
        sheets=[
            {"landscape": sheet.landscape, "blocks": [_block(document.blocks[n], marks[n]) for n in sheet.blocks]}
            for sheet in layout.sheets(document)
        ],
        style=Markup(_asset("document.css")),
        scripts=[Markup(_inside_script(script)) for script in scripts],
    )
    Path(path).write_text(page, encoding="utf-8", newline="\n")


@cache
def _asset(name: str) -> str:
    return (ASSETS / name).read_text(encoding="utf-8")


@cache
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(ASSETS), autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    return environment.get_template("document.html.jinja")


def _inside_script(script: str) -> str:
    """The script with nothing in it that would end its element or hide the end: only strings can hold these."""
    return re.sub(r"<(?=/script|!--|script)", r"\\x3c", script, flags=re.IGNORECASE)


def _block(block: Heading | Text | Table | Chart, anchor: str) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": min(block.level, 5), "text": printable(block.text), "anchor": anchor}
    if isinstance(block, Text):
        return {"kind": "text", "runs": stretches(block), "indent": block.indent, "align": block.align}
    if isinstance(block, Chart):
        return _chart(block, anchor)
    return _table(block, anchor)


def _chart(chart: Chart, anchor: str) -> dict[str, Any]:
    from markupsafe import Markup

    specification = charts.specification(chart)
    mark = specification["config"].get("mark", {})
    specification["config"]["mark"] = {"tooltip": True} | mark
    data = json.dumps(specification, ensure_ascii=False, sort_keys=True, default=str)
    drawing = own_identifiers(charts.svg(chart), anchor)
    return {
        "kind": "chart",
        "anchor": anchor,
        "caption": printable(chart.caption),
        "description": printable(chart.description),
        "svg": Markup(drawing),
        "data": Markup(data.replace("<", "\\u003c")),
    }


def _table(table: Table, anchor: str) -> dict[str, Any]:
    header, body = html_rows(table)
    setting = layout.table_setting(table)
    total = sum(setting.columns)
    return {
        "kind": "table",
        "anchor": anchor,
        "name": printable(table.title or table.key),
        "title": printable(table.title),
        "level": min(table.heading, 5),
        "number": printable(table.number),
        "left": printable(table.left),
        "right": printable(table.right),
        "notes": [printable(note) for note in table.notes],
        "small": table.small,
        "breadth": 0 if len(table.widths) <= 3 else round(total / max(setting.size, TYPE_SIZE), 1),
        "widths": [round(100 * width / total, 2) for width in setting.columns],
        "header": [[_cell(cell) for cell in row] for row in header],
        "body": [[_cell(cell) for cell in row] for row in body],
    }


def _cell(made: HtmlCell) -> dict[str, Any]:
    cell = made.cell
    kinds = ["cell", "" if made.header else cell.align, "figure" if made.figure else "", "bold" if cell.bold else ""]
    return {
        "tag": made.tag,
        "scope": made.scope,
        "text": made.text,
        "colspan": cell.colspan,
        "rowspan": cell.rowspan,
        "indent": cell.indent,
        "kind": " ".join(kind for kind in kinds if kind),
    }
