"""Any file read by what it is: its content decides the format, its name only where the content leaves it open."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import msgspec

from juesuan.account import UnreadableFileError, os_error_text
from juesuan.reader.formats.office import converted, installed
from juesuan.reader.formats.package import DAMAGED, LOCKED, Package
from juesuan.reader.formats.spacing import UNKNOWN, decoded
from juesuan.reader.raw import RawDocument

LARGEST = 500 * 2**20
"""Bytes of a file on disk."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"GIF8", b"BM")
_ARCHIVES = ((b"Rar!", "RAR"), (b"7z\xbc\xaf", "7z"), (b"\x1f\x8b", "gzip"), (b"BZh", "bzip2"), (b"\xfd7zXZ", "xz"))
_OPEN_DOCUMENTS = {
    "application/vnd.oasis.opendocument.text": ("OpenDocument 文本", "odt", "docx"),
    "application/vnd.oasis.opendocument.spreadsheet": ("OpenDocument 表格", "ods", "xlsx"),
}
_PAGE = re.compile(r"<!doctype\s+html|<(?:html|head|body|table|div|meta|p|title)[\s>]", re.I)
_MARKDOWN = re.compile(r"^#{1,6} \S|^\|.*\|\s*$|\*\*\S", re.M)


def read_raw(path: Path, progress: Callable[[int, int], None] | None = None) -> RawDocument:
    """Read a file of any format known; `progress` is told how many of how many scanned pages have been read.

    Raises UnreadableFileError, which says what the file is and what to do.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise UnreadableFileError(f"“{path.name}”不是文件。")
        with path.open("rb") as file:
            head = file.read(8192)
    except FileNotFoundError as error:
        raise UnreadableFileError(f"找不到文件“{path.name}”，请检查路径和文件名。") from error
    except PermissionError as error:
        raise UnreadableFileError(f"“{path.name}”没有读取的权限，或正被其他程序占用。") from error
    except OSError as error:
        raise UnreadableFileError(f"“{path.name}”打不开：{os_error_text(error)}。") from error
    if not size:
        raise UnreadableFileError(f"“{path.name}”是空文件，请重新获取。")
    if size > LARGEST:
        raise UnreadableFileError(f"“{path.name}”超过 {LARGEST // 2**20} MB，不像是决算公开文件，不予读取。")
    try:
        return _reader(path, head, progress)(path)
    except UnreadableFileError as error:
        text = str(error)
        raise UnreadableFileError(text if path.name in text else f"“{path.name}”：{text}") from error
    except (RecursionError, MemoryError) as error:
        raise UnreadableFileError(f"“{path.name}”的结构过于复杂，无法读取。{DAMAGED}") from error
    except OSError as error:
        raise UnreadableFileError(f"“{path.name}”读取中断：{os_error_text(error)}。") from error


def _reader(
    path: Path, head: bytes, progress: Callable[[int, int], None] | None
) -> Callable[[Path], RawDocument]:
    if b"%PDF-" in head[:1024]:
        from juesuan.reader.pdf_file import read_pdf

        return partial(read_pdf, progress=progress)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zipped(path)
    if head.startswith(_OLE):
        return _compound(path)
    if head.lstrip().startswith(b"{\\rtf"):
        return _through_office("RTF 文档", "rtf", "docx")
    for signs in _PICTURES:
        if head.startswith(signs) and (signs != b"BM" or b"\0" in head[:64]):
            from juesuan.reader.ocr.file import read_picture

            return partial(read_picture, progress=progress)
    for signs, kind in _ARCHIVES:
        if head.startswith(signs):
            raise UnreadableFileError(f"这是 {kind} 压缩包，请先解压，再读其中的文件。")
    if b"\0\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")) and not _text_of(head):
        raise UnreadableFileError(UNKNOWN)
    return _written(path, head)


def _zipped(path: Path) -> Callable[[Path], RawDocument]:
    with Package(path) as package:
        main = package.main("")
        names = package.names
        kind = package.bytes_of("mimetype").decode("ascii", "replace").strip() if "mimetype" in package else ""
    if kind in _OPEN_DOCUMENTS:
        return _through_office(*_OPEN_DOCUMENTS[kind])
    folder = main.split("/")[0].lower()
    if main.lower().endswith(".bin") or "xl/workbook.bin" in names:
        return _through_office("Excel 二进制工作簿（.xlsb）", "xlsb", "xlsx")
    if folder == "word" or (not main and "word/document.xml" in names):
        from juesuan.reader.formats.docx import read_docx

        return read_docx
    if folder == "xl" or (not main and "xl/workbook.xml" in names):
        from juesuan.reader.formats.excel.xlsx import read_xlsx

        return read_xlsx
    if "ofd.xml" in names:
        raise UnreadableFileError("这是 OFD 版式文件，请用 OFD 阅读器或 WPS 转换为 PDF 后再读。")
    if folder == "ppt" or any(name.startswith("ppt/") for name in names):
        raise UnreadableFileError("这是演示文稿（PPTX），不是决算公开文件；请转换为 PDF 后再读。")
    if "[content_types].xml" in names:
        raise UnreadableFileError(f"不是完整的 Word 或 Excel 文件。{DAMAGED}")
    raise UnreadableFileError("这是 ZIP 压缩包，请先解压，再读其中的文件。")


def _compound(path: Path) -> Callable[[Path], RawDocument]:
    """Files of the office programs before 2007, and locked ones of today, told apart by the streams they name."""
    names = _streams(path.read_bytes())
    if names & {"EncryptedPackage", "EncryptionInfo"}:
        raise UnreadableFileError(LOCKED)
    ending = path.suffix.lower().lstrip(".")
    if "WordDocument" in names:
        return _through_office("Word 97-2003 文档（.doc）", "doc", "docx")
    if names & {"Workbook", "Book"} or (not names and ending in ("xls", "et")):
        return _old_workbook
    if "PowerPoint Document" in names:
        raise UnreadableFileError("这是演示文稿（PPT），不是决算公开文件；请转换为 PDF 后再读。")
    if ending in ("doc", "wps"):
        return _through_office("Word 97-2003 或 WPS 文档", ending, "docx")
    raise UnreadableFileError(f"是旧式复合文档，但没有 Word 正文或 Excel 工作簿。{DAMAGED}")


def _old_workbook(path: Path) -> RawDocument:
    """An .xls read as it stands; by LibreOffice, where it is there, what only that can mend."""
    from juesuan.reader.formats.excel.xls import read_xls

    try:
        return read_xls(path)
    except UnreadableFileError as error:
        if not installed() or str(error) == LOCKED:
            raise
    return _through_office("Excel 97-2003 工作簿（.xls）", "xls", "xlsx")(path)


def _streams(data: bytes) -> set[str]:
    wanted = ("EncryptedPackage", "EncryptionInfo", "WordDocument", "Workbook", "Book", "PowerPoint Document")
    # An entry of the directory begins with the name in UTF-16 and is filled up with zeros.
    return {name for name in wanted if name.encode("utf-16-le") + b"\0\0" in data}


def _through_office(what: str, old: str, new: str) -> Callable[[Path], RawDocument]:
    def read(path: Path) -> RawDocument:
        with converted(path, what, old, new) as made:
            if new == "docx":
                from juesuan.reader.formats.docx import read_docx

                document = read_docx(made, name=path.name)
            else:
                from juesuan.reader.formats.excel.xlsx import read_xlsx

                document = read_xlsx(made, name=path.name)
        note = f"原文件是{what}，经 LibreOffice 转换后读取。"
        return msgspec.structs.replace(document, notes=(note, *document.notes))

    return read


def _text_of(head: bytes) -> str:
    try:
        return decoded(head)[0]
    except UnreadableFileError:
        return ""


def _written(path: Path, head: bytes) -> Callable[[Path], RawDocument]:
    """Files of text: pages, office files written as XML, Markdown, plain text."""
    # Half a sign at the end of what was looked at would spoil the guess of the encoding.
    start = _text_of(head) or _text_of(head[: head.rfind(b"\n") + 1])
    ending = path.suffix.lower()
    if "Word.Document" in start and "<?mso-application" in start:
        return _through_office("Word XML 文档", "xml", "docx")
    if "Excel.Sheet" in start and "<?mso-application" in start:
        return _through_office("Excel XML 工作簿", "xml", "xlsx")
    from juesuan.reader.formats.html import is_archived

    if is_archived(head) or _PAGE.match(start.lstrip("\ufeff \t\r\n")) or (
        ending in (".html", ".htm", ".shtml", ".jsp", ".aspx") and re.search("<[a-zA-Z!]", start)
    ) or (
        ending in (".xls", ".doc", ".xlsx", ".docx") and _PAGE.search(start)
    ) or (start.lstrip().startswith("<") and _PAGE.search(start)):  # fmt: skip
        from juesuan.reader.formats.html import read_html

        return read_html
    if ending in (".docx", ".xlsx", ".doc", ".xls", ".pdf"):
        raise UnreadableFileError(f"名为 {ending} 文件，内容却不是。{DAMAGED}")
    if start[:1] in ("{", "[") and ending not in (".md", ".txt") and _is_json(path):
        raise UnreadableFileError("这是 JSON 数据文件，不是公开文本。")
    from juesuan.reader.aligned import aligned_tables
    from juesuan.reader.formats.markdown import read_csv, read_markdown

    if ending == ".csv" and "," in start:
        return read_csv
    marked = ending in (".md", ".markdown", ".mkd") or (ending != ".txt" and _MARKDOWN.search(start) is not None)
    return lambda place: read_markdown(place, marked=marked, aligned=None if marked else aligned_tables)


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return False
    return True
