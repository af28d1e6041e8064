"""The PDF of a document: PDF/A-2b, set by Typst, with bookmarks, contents, repeated table headers and live text."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

from juesuan.account import JuesuanError
from juesuan.publisher import pages as layout
from juesuan.publisher.charts import drawing as charts
from juesuan.publisher.document import (
    Cell,
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
from juesuan.publisher.fonts import SANS, SERIF, font_directory

TEMPLATE = Path(__file__).parents[1] / "assets" / "document.typ"
EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
TALL = 200.0
"""The height, in points, from which a cell may be torn over two pages."""
DRAFT_MARK = "草稿　不得公开"

TITLE_FACES = ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "方正小标宋简体", "方正小标宋_GBK", "STZhongsong")
BODY_FACES = ("FangSong_GB2312", "仿宋_GB2312", "FangSong", "仿宋", "STFangsong", "华文仿宋")
SANS_FACES = ("SimHei", "黑体", "STHeiti", "FZHei-B01S")
KAI_FACES = ("KaiTi_GB2312", "楷体_GB2312", "KaiTi", "楷体", "STKaiti", "华文楷体", "LXGW WenKai")

_MISSING = re.compile(r'the text `"(.+)"` could not be displayed')
_guard = Lock()


class MissingSignError(JuesuanError, ValueError):
    """A text holds a sign that none of the fonts of the PDF has."""

    def __init__(self, sign: str) -> None:
        super().__init__(f"PDF 字体中没有字符“{sign}”，请改用其他字符，或另行指定含有该字符的字体")
        self.sign = sign


class _Made:
    """A compiled PDF and the printed page number of each anchor."""

    def __init__(self, content: bytes, pages: Mapping[str, int]) -> None:
        self.content = content
        self.pages = pages


def write_pdf(document: Document, path: Path | str, *, fonts: Path | None = None) -> None:
    """Write the document as PDF/A-2b; the same document gives the same bytes.

    `fonts` names a folder whose fonts (仿宋_GB2312, 方正小标宋简体, 黑体, 楷体_GB2312) come before the packaged ones.
    Raises MissingSignError where a text holds a sign that no font has, and ValueError where a table's cells do not fill
    its grid or the folder does not exist.
    """
    Path(path).write_bytes(_made(document, fonts).content)


def page_numbers(document: Document, *, fonts: Path | None = None) -> Mapping[str, int]:
    """The page number printed on the page of each anchor, also where the PDF itself would lack a sign.

    Raises ValueError where a table's cells do not fill its grid.
    """
    return _made(document, fonts, lenient=True).pages


def creation_time(document: Document) -> datetime:
    """The time that stands in the metadata: the document's own, or a constant where it has none that can be read."""
    try:
        moment = datetime.fromisoformat(document.timestamp) if document.timestamp else EPOCH
    except ValueError:
        moment = EPOCH
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _made(document: Document, fonts: Path | None, lenient: bool = False) -> _Made:
    payload = json.dumps(_payload(document, _faces(fonts)), ensure_ascii=False)
    moment = creation_time(document)
    while True:
        try:
            with _guard:
                return _compile(payload, fonts, moment)
        except MissingSignError as error:
            # For page numbers any sign of the same width will do: Word has fonts that we have not.
            if not lenient or error.sign not in payload:
                raise
            payload = payload.replace(error.sign, "〓" * len(error.sign))


# Two formats of one document, PDF and the page numbers of DOCX, share one run of Typst.
@lru_cache(maxsize=2)
def _compile(payload: str, fonts: Path | None, moment: datetime) -> _Made:
    import typst

    compiler = typst.Compiler(
        str(TEMPLATE),
        font_paths=_library(fonts),
        ignore_system_fonts=True,
        sys_inputs={"document": payload},
    )
    try:
        content = compiler.compile(format="pdf", pdf_standards=["a-2b"], timestamp=moment)
    except typst.TypstError as error:
        missing = _MISSING.search(str(error))
        if missing is None:
            raise
        raise MissingSignError(missing[1]) from error
    if not isinstance(content, bytes):
        raise TypeError("Typst 没有给出单个 PDF 文件")
    found = json.loads(compiler.query("<pages>", field="value", one=True))
    return _Made(content, dict(found))


@lru_cache(maxsize=4)
def _library(fonts: Path | None) -> Any:
    import typst

    paths = [str(font_directory())] if fonts is None else [str(fonts), str(font_directory())]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=paths)


@lru_cache(maxsize=4)
def _faces(fonts: Path | None) -> Mapping[str, Any]:
    """The font families for each part of the page: the user's where the folder has them, then the packaged ones."""
    own: set[str] = set()
    if fonts is not None:
        import typst

        if not fonts.is_dir():
            raise ValueError(f"字体文件夹不存在：{fonts}")
        own = set(
            typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(fonts)]).families()
        )

    def chosen(wanted: Sequence[str], packaged: str) -> list[str]:
        other = SANS if packaged == SERIF else SERIF
        return [*(name for name in wanted if name in own), packaged, other]

    title = chosen(TITLE_FACES, SERIF)
    return {
        "title": title,
        "body": chosen(BODY_FACES, SERIF),
        "sans": chosen(SANS_FACES, SANS),
        "kai": chosen(KAI_FACES, SERIF),
        # The packaged serif has one weight only: titles are made heavier by a stroke. 小标宋 is heavy by itself.
        "faux": title[0] == SERIF,
    }


def _payload(document: Document, faces: Mapping[str, Any]) -> dict[str, Any]:
    marks = anchors(document)
    cover = [printable(line) for line in document.cover]
    widest = max([layout.breadth(line) for line in cover], default=1.0)
    return {
        "title": printable(document.title),
        "author": printable(document.author),
        "subject": printable(document.subject),
        "keywords": ["决算公开", str(document.year)],
        "faces": faces,
        "draft": document.draft,
        "mark": DRAFT_MARK,
        "cover": cover,
        "brief": document.brief,
        "cover-size": max(16.0, min(30.0, layout.TEXT_WIDTH / (widest + 0.5))),
        "date": printable(document.date),
        "contents": bool(contents(document)),
        "sheets": [
            {
                "landscape": sheet.landscape,
                "divider": sheet.divider,
                "blocks": [
                    _block(document.blocks[n], marks[n], layout.headings_height(document, sheet)) for n in sheet.blocks
                ],
            }
            for sheet in layout.sheets(document)
        ],
    }


def _block(block: Heading | Text | Table | Chart, anchor: str, above: float) -> dict[str, Any]:
    if isinstance(block, Heading):
        text = printable(block.text)
        lines = layout.balanced(text, 22, layout.TEXT_WIDTH)
        return {
            "kind": "heading", "level": block.level, "text": text, "lines": lines, "listed": block.listed,
            "anchor": anchor,
        }  # fmt: skip
    if isinstance(block, Text):
        return {
            "kind": "text", "runs": stretches(block), "indent": block.indent, "align": block.align, "anchor": anchor,
        }  # fmt: skip
    if isinstance(block, Chart):
        drawing = charts.svg(block)
        found = re.search(r'width="([\d.]+)"', drawing)
        natural = float(found[1]) if found else 460.0
        return {
            "kind": "chart", "svg": drawing, "width": min(1.0, natural * 0.85 / layout.TEXT_WIDTH),
            "caption": printable(block.caption), "description": printable(block.description), "anchor": anchor,
        }  # fmt: skip
    return _table(block, anchor, above)


def _table(table: Table, anchor: str, above: float) -> dict[str, Any]:
    setting = layout.table_setting(table, above)
    heights = setting.rows[len(table.header) :]
    size = 12.0 if table.bare else layout.title_size(table, sum(setting.columns))
    return {
        "kind": "table",
        "anchor": anchor,
        "title": printable(table.title),
        "title-size": size,
        "level": table.heading,
        "number": printable(table.number),
        "left": printable(table.left),
        "right": printable(table.right),
        "notes": [printable(note) for note in table.notes],
        "note-size": layout.NOTE_SIZE,
        "bare": table.bare,
        "columns": setting.columns,
        "size": setting.size,
        "pad": setting.pad,
        "side": layout.SIDE,
        "leading": layout.LEADING,
        "header": [_cell(cell, True, 0.0) for row in table.header for cell in row],
        "body": [
            _cell(cell, False, sum(heights[number : number + cell.rowspan]))
            for number, row in enumerate(table.body)
            for cell in row
        ],
    }


def _cell(cell: Cell, header: bool, height: float) -> dict[str, Any]:
    text = printable(cell.text)
    result: dict[str, Any] = {"text": text, "align": "center" if header else cell.align}
    if cell.colspan > 1:
        result["colspan"] = cell.colspan
    if cell.rowspan > 1:
        result["rowspan"] = cell.rowspan
    if cell.bold:
        result["bold"] = True
    if cell.indent:
        result["indent"] = cell.indent
    if layout.FIGURE.fullmatch(text):
        result["figure"] = True
    elif height > TALL:
        # A row stays whole, but no block may be higher than a page.
        result["tall"] = True
    return result
