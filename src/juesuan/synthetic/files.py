"""The files of synthetic documents: every format that publish writes, Markdown besides, marked as synthetic."""

from __future__ import annotations

from pathlib import Path

import msgspec

from juesuan.account import Account, to_json
from juesuan.publisher import Chart, Document, Heading, Table, Text, placed
from juesuan.statute import Statute
from juesuan.synthetic.unit import SYNTHETIC

MARK = f"【{SYNTHETIC}：由 juesuan simulate 生成，不是任何真实单位的公开文本】"

LAID_OUT = ("docx", "pdf", "html", "md")
"""Formats that print the document; the others hold the account."""


def marked(document: Document) -> Document:
    """The document with the mark on its cover and in its metadata. Charts are left out: they cost most of the time."""
    blocks = tuple(block for block in document.blocks if not isinstance(block, Chart))
    return msgspec.structs.replace(
        document, cover=(*document.cover, SYNTHETIC), subject=f"{document.subject}（{SYNTHETIC}）", blocks=blocks
    )


def write_document(form: str, document: Document, account: Account, statute: Statute, path: Path) -> None:
    """Writes one file. Raises ValueError for a format that is not one, and what the writers raise."""
    if form == "docx":
        from juesuan.publisher.docx import write_docx

        write_docx(document, path)
    elif form == "pdf":
        from juesuan.publisher.pdf import write_pdf

        write_pdf(document, path)
    elif form == "html":
        from juesuan.publisher.html import write_html

        write_html(document, path)
    elif form == "md":
        path.write_text(markdown(document), encoding="utf-8", newline="\n")
    elif form == "xlsx":
        from juesuan.publisher.xlsx import write_xlsx

        write_xlsx(document, account, statute, path)
    elif form == "json":
        account.texts.setdefault("说明", MARK)
        path.write_bytes(to_json(account))
    else:
        raise ValueError(f"没有“{form}”这种格式")


def markdown(document: Document) -> str:
    """The document as converters leave it: headings, paragraphs, tables of HTML."""
    lines = [*(f"# {line}" for line in document.cover), "", document.date, "", MARK, ""]
    for block in document.blocks:
        if isinstance(block, Heading):
            lines += [f"{'#' * (block.level + 1)} {block.text}", ""]
        elif isinstance(block, Text):
            lines += [block.text, ""]
        elif isinstance(block, Table):
            lines += _table(block)
    return "\n".join(lines)


def _table(table: Table) -> list[str]:
    captions = [table.title, *(part for part in (table.number, table.left, table.right) if part)]
    lines = [text for caption in captions for text in (caption, "")]
    lines.append("<table>")
    for rows in (table.header, table.body):
        for row in placed(rows, len(table.widths)):
            cells = "".join(
                f"<td{_span('colspan', cell.colspan)}{_span('rowspan', cell.rowspan)}>{cell.text}</td>"
                for cell in (place.cell for place in row)
            )
            lines.append(f"<tr>{cells}</tr>")
    return [*lines, "</table>", "", *(text for note in table.notes for text in (note, ""))]


def _span(name: str, count: int) -> str:
    return f' {name}="{count}"' if count > 1 else ""
