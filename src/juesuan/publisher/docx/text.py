"""Pieces of WordprocessingML: runs, paragraphs, fields and tables, as XML text.

Text is built as strings and parsed once: python-docx's own cell objects take time quadratic in the size of a table.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from juesuan.publisher import pages as layout
from juesuan.publisher.document import Cell, Table, placed, printable
from juesuan.publisher.docx.controls import Controls
from juesuan.publisher.docx.styles import cell_style


def attribute(text: str) -> str:
    """The text as it may stand between the double quotes of an attribute."""
    return escape(printable(text), {'"': "&quot;", "\n": "&#10;"})


def run(text: str, properties: str = "") -> str:
    """A run of text; line breaks become breaks inside the paragraph."""
    inner: list[str] = []
    for number, line in enumerate(printable(text).split("\n")):
        if number:
            inner.append("<w:br/>")
        for position, stretch in enumerate(line.split("\t")):
            if position:
                inner.append("<w:tab/>")
            if stretch:
                inner.append(f'<w:t xml:space="preserve">{escape(stretch)}</w:t>')
    return f"<w:r>{f'<w:rPr>{properties}</w:rPr>' if properties else ''}{''.join(inner)}</w:r>"


def paragraph(style: str, content: str = "", properties: str = "") -> str:
    """A paragraph of the style; `properties` are its own, in the order the schema wants."""
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{content}</w:p>'


def field(code: str, shown: str) -> str:
    """A field with the result it shows until it is brought up to date."""
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f'<w:r><w:instrText xml:space="preserve"> {escape(code)} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
        f"{run(shown)}"
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def bookmarked(content: str, name: str, number: int) -> str:
    """The content inside a bookmark, for links and page references."""
    return f'<w:bookmarkStart w:id="{number}" w:name="{name}"/>{content}<w:bookmarkEnd w:id="{number}"/>'


def grid(table: Table, setting: layout.Setting, controls: Controls) -> str:
    """The ruled grid itself: fixed columns, merged cells exactly as spanned, header rows repeated on every page."""
    columns = [round(width * 20) for width in setting.columns]
    margin = round(setting.pad * 20)
    rows: list[str] = []
    for part, header in ((table.header, True), (table.body, False)):
        rows.extend(_rows(part, columns, setting, controls, header))
    return (
        '<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/>'
        f'<w:tblW w:w="{sum(columns)}" w:type="dxa"/><w:jc w:val="center"/><w:tblLayout w:type="fixed"/>'
        f'<w:tblCellMar><w:top w:w="{margin}" w:type="dxa"/><w:left w:w="60" w:type="dxa"/>'
        f'<w:bottom w:w="{margin}" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
        + (f'<w:tblCaption w:val="{attribute(table.title)}"/>' if table.title else "")
        + "</w:tblPr><w:tblGrid>"
        + "".join(f'<w:gridCol w:w="{column}"/>' for column in columns)
        + f"</w:tblGrid>{''.join(rows)}</w:tbl>"
    )


def _rows(
    part: Sequence[Sequence[Cell]],
    columns: Sequence[int],
    setting: layout.Setting,
    controls: Controls,
    header: bool,
) -> list[str]:
    cells: list[dict[int, str]] = [{} for _ in part]
    tall = [False] * len(part)
    for line in placed(part, len(columns)):
        for place in line:
            cell = place.cell
            width = sum(columns[place.column : place.column + cell.colspan])
            room = (width / 20 - 2 * layout.SIDE) / setting.size
            if layout.lines_needed(cell.text, room) > layout.TALL_CELL_LINES * cell.rowspan:
                tall[place.row : place.row + cell.rowspan] = [True] * cell.rowspan
            content = controls.cell(cell, run(cell.text)) if cell.text else ""
            for step in range(cell.rowspan):
                merge = "" if cell.rowspan == 1 else '<w:vMerge w:val="restart"/>' if step == 0 else "<w:vMerge/>"
                own = content if step == 0 else ""
                cells[place.row + step][place.column] = _cell(cell, own, width, merge, setting, header)
    result: list[str] = []
    for line_cells, torn in zip(cells, tall, strict=True):
        properties = ("" if torn else "<w:cantSplit/>") + ("<w:tblHeader/>" if header else "")
        inner = "".join(line_cells[column] for column in sorted(line_cells))
        result.append(f"<w:tr>{f'<w:trPr>{properties}</w:trPr>' if properties else ''}{inner}</w:tr>")
    return result


def _cell(cell: Cell, content: str, width: int, merge: str, setting: layout.Setting, header: bool) -> str:
    span = f'<w:gridSpan w:val="{cell.colspan}"/>' if cell.colspan > 1 else ""
    align = "center" if header else cell.align
    indent = f'<w:ind w:left="{round(cell.indent * setting.size * 20)}"/>' if cell.indent else ""
    line = round(setting.size * layout.LEADING * 20)
    own = f'<w:spacing w:line="{line}" w:lineRule="exact"/>{indent}<w:jc w:val="{align}"/>'
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{span}{merge}<w:vAlign w:val="center"/></w:tcPr>'
        f"{paragraph(cell_style(setting.size, cell.bold).key, content, own)}</w:tc>"
    )
