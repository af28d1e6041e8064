"""PDF files with text: their tables by the lines that are drawn, their paragraphs by how the lines run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pypdfium2.raw as pdfium

from juesuan.account import UnreadableFileError, os_error_text
from juesuan.reader.ocr.file import marked, scans_read
from juesuan.reader.pdf.assembly import assembled
from juesuan.reader.pdf.characters import Characters
from juesuan.reader.pdf.page import PageContent, read_page
from juesuan.reader.pdf.table import TablePart
from juesuan.reader.pdf.watch import Beat, StuckError, watched
from juesuan.reader.raw import RawDocument

MOST_PAGES = 3000
"""Pages of one file; the accounts of a whole province's departments in one file have fewer."""

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
        reason = "没有这个文件" if isinstance(error, FileNotFoundError) else os_error_text(error)
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
    last: TablePart | None = None
    for index in range(number):
        page = read_page(document, index, characters, last)
        pages.append(page)
        beat()
        end = page.items[-1] if page and page.items else None
        last = end if isinstance(end, TablePart) else None
    if all(page is None for page in pages):
        raise UnreadableFileError(f"“{path.name}”的页面都打不开，文件已损坏，请重新下载或重新导出。")
    return pages
