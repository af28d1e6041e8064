"""PDF files with text: their tables by the lines that are drawn, their paragraphs by how the lines run."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2.raw as pdfium

from juesuan.account import Source, Unplaced
from juesuan.read import pdf_native as native
from juesuan.read.pdf_characters import Characters
from juesuan.read.pdf_join import Table
from juesuan.read.pdf_native import Box
from juesuan.read.pdf_page import Line, PageContent, read_page
from juesuan.read.pdf_paragraphs import margins_of, paragraphs
from juesuan.read.pdf_table import Part
from juesuan.read.pdf_watch import Beat, StuckError, watched
from juesuan.read.raw import RawBlock, RawDocument, RawText, UnreadableFileError
from juesuan.read.scan_file import marked, scans_read
from juesuan.read.scan_offer import INSTALL

MOST_PAGES = 3000
"""Pages of one file; the accounts of a whole province's departments in one file have fewer."""

_RUNNING_HEAD = 3
"""A line that stands at the head or foot of at least so many pages, and of a third of all, is no text of theirs."""

_EDGE = 3
"""Lines looked at for it at each end of a page."""

_CAPTION = re.compile(r"(单位|部门|金额|编制|填报).{0,8}[:：]|公开.{0,4}表|元$")
"""What stands above a table, and is the same above each."""

_TITLES = 6
"""Lines before a table that may be its title."""


def read_pdf(path: Path, progress: Callable[[int, int], None] | None = None) -> RawDocument:
    """The blocks of a PDF in reading order.

    Pages that are pictures are read by recognition, and `progress` is told how many of how many have been. Raises
    UnreadableFileError where the file is no PDF, damaged, locked or empty, or all pictures and recognition is not
    installed; single pages that cannot be read are noted and listed as unplaced.
    """
    path = Path(path)
    _look(path)
    try:
        pages = watched(lambda beat: _read(path, beat))
    except StuckError as error:
        raise UnreadableFileError(
            f"“{path.name}”读不出：文件结构异常，或此前有这样的文件仍占用着读取程序。请把这类文件移开，重新导出后再读。"
        ) from error
    pages, second = scans_read(path, pages, progress)
    return marked(assembled(path.name, pages), pages, second)


def assembled(file: str, pages: list[PageContent | None]) -> RawDocument:
    """The pages of the file named `file` put together: tables and paragraphs joined over page breaks."""
    return _Assembly(file, pages).document()


def _read(path: Path, beat: Beat) -> list[PageContent | None]:
    # Not as an object of pypdfium2, which closes itself when the process ends, even under a thread that is stuck in it.
    document = pdfium.FPDF_LoadDocument(f"{path}\0".encode(), None)
    if not document:
        raise _refusal(path, int(pdfium.FPDF_GetLastError()))
    try:
        return _pages(document, path, beat)
    finally:
        pdfium.FPDF_CloseDocument(document)


def _look(path: Path) -> None:
    """Refuses what is not a PDF by its first bytes, and says what it is instead."""
    try:
        with path.open("rb") as file:
            head = file.read(1100)
    except OSError as error:
        reason = "没有这个文件" if isinstance(error, FileNotFoundError) else error.strerror or "系统拒绝"
        raise UnreadableFileError(f"“{path.name}”打不开：{reason}。") from error
    if not head:
        raise UnreadableFileError(f"“{path.name}”是空文件，请重新下载或重新导出。")
    if b"%PDF-" in head:
        return
    kinds = (
        (b"PK\x03\x04", "是 Office 文档（DOCX、XLSX）或压缩包"),
        (b"\xd0\xcf\x11\xe0", "是旧式 Office 文档（DOC、XLS）"),
        (b"\xff\xd8\xff", "是 JPEG 图片"),
        (b"\x89PNG", "是 PNG 图片"),
    )
    for start, kind in kinds:
        if head.startswith(start):
            raise UnreadableFileError(f"“{path.name}”不是 PDF，{kind}，请改成相应的扩展名。")
    if b"<html" in head.lower() or b"<!doctype" in head.lower():
        raise UnreadableFileError(f"“{path.name}”不是 PDF，是网页；可能是下载时网站返回了错误页面，请重新下载。")
    raise UnreadableFileError(f"“{path.name}”不是 PDF 文件，或者文件头已损坏。")


def _refusal(path: Path, code: int) -> UnreadableFileError:
    if code in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
        return UnreadableFileError(f"“{path.name}”有密码保护，请解除密码后再读。")
    if code == pdfium.FPDF_ERR_FILE:
        return UnreadableFileError(f"“{path.name}”打不开，请检查文件是否可读。")
    return UnreadableFileError(f"“{path.name}”已损坏或不完整，可能没有下载完，请重新下载或重新导出。")


def _pages(document: Any, path: Path, beat: Beat) -> list[PageContent | None]:
    number = int(pdfium.FPDF_GetPageCount(document))
    if number < 1:
        raise UnreadableFileError(f"“{path.name}”没有任何页面，文件可能已损坏。")
    if number > MOST_PAGES:
        raise UnreadableFileError(f"“{path.name}”有{number}页，超过{MOST_PAGES}页，请拆分后再读。")
    characters = Characters()
    pages: list[PageContent | None] = []
    last: Part | None = None
    for index in range(number):
        page = read_page(document, index, characters, last)
        pages.append(page)
        beat()
        end = page.items[-1] if page and page.items else None
        last = end if isinstance(end, Part) else None
    if all(page is None for page in pages):
        raise UnreadableFileError(f"“{path.name}”的页面都打不开，文件已损坏，请重新下载或重新导出。")
    return pages


class _Assembly:
    """The pages of one file put together."""

    def __init__(self, file: str, pages: list[PageContent | None]) -> None:
        self.file = file
        self.pages = pages
        self.notes: list[str] = []
        self.unplaced: list[Unplaced] = []
        self.blocks: list[RawBlock] = []

    def document(self) -> RawDocument:
        self._remarks()
        self._drop_running_heads()
        self.margins = margins_of(
            {
                page.number: (page.width, [item for item in page.items if isinstance(item, Line)])
                for page in self.pages
                if page
            }
        )
        table: Table | None = None
        lines: list[Line] = []
        for item in (item for page in self.pages if page for item in page.items):
            if isinstance(item, Line):
                lines.append(item)
            elif table and table.takes(item, lines):
                table.add(item)
                lines = []
            else:
                self._table(table)
                self._text(lines)
                table = Table(item, tuple(line.text for line in lines[-_TITLES:] if line.page == item.page))
                lines = []
        self._table(table)
        self._text(lines)
        return RawDocument(
            file=self.file,
            format="pdf",
            blocks=tuple(self.blocks),
            pages=len(self.pages),
            unplaced=tuple(self.unplaced),
            notes=tuple(self.notes),
        )

    def _table(self, table: Table | None) -> None:
        if table:
            self.blocks.append(table.raw(self.file, self._shown))

    def _text(self, lines: list[Line]) -> None:
        for paragraph in paragraphs(lines, self.margins):
            source = Source(file=self.file, page=paragraph.page, box=self._shown(paragraph.page, paragraph.box))
            self.blocks.append(RawText(paragraph.text, source))

    def _shown(self, number: int, box: Box) -> Box:
        """The box on the page as it is shown, in tenths of a point."""
        page = self.pages[number - 1]
        if page and page.shown is not native.IDENTITY:
            box = native.apply_box(page.shown, box)
        left, bottom, right, top = box
        return (round(left, 1), round(bottom, 1), round(right, 1), round(top, 1))

    def _remarks(self) -> None:
        """What is to be said of pages that were not read, or not wholly."""
        for number, page in enumerate(self.pages, 1):
            source = Source(file=self.file, page=number)
            if page is None:
                self.notes.append(f"第{number}页已损坏，没有读出。")
                self.unplaced.append(Unplaced(f"第{number}页（已损坏）", source))
                continue
            self.notes.extend(page.notes)
            self.unplaced.extend(Unplaced(text, source) for text in page.unplaced)
            if page.scan:
                self.notes.append(f"第{number}页是扫描图像，没有文字层，没有读出。{INSTALL}")
                self.unplaced.append(Unplaced(f"第{number}页（扫描图像）", source))

    def _drop_running_heads(self) -> None:
        """Takes out lines that head or foot many pages, but for the first time each is printed."""
        seen: Counter[str] = Counter()
        edges: list[tuple[PageContent, Line]] = []
        for page in self.pages:
            if page is None or len(page.items) < 2:
                continue
            for item in {id(item): item for item in page.items[:_EDGE] + page.items[-_EDGE:]}.values():
                if (
                    isinstance(item, Line)
                    and not _CAPTION.search(item.text)
                    and not 0.09 < item.baseline / page.height < 0.91
                ):
                    edges.append((page, item))
                    seen[item.text] += 1
        pages = sum(1 for page in self.pages if page and page.items)
        kept: set[str] = set()
        for page, line in edges:
            times = seen[line.text]
            if times < _RUNNING_HEAD or 3 * times < pages:
                continue
            if line.text in kept:
                page.items = [item for item in page.items if item is not line]
            else:
                kept.add(line.text)
                self.notes.append(f"页眉或页脚“{line.text}”在{times}页上重复，只保留第一次。")
