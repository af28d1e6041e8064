"""What a file is, by its content: who gives something that is no table is told what it is and what to give instead."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from juesuan.account import MOST_TAGS, MOST_TAGS_BUILT, has_more_tags
from juesuan.compiler.messages import say, unreadable

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ZIP = b"PK\x03\x04"

_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", "file.word"),
    (b"\x89PNG", "file.picture"),
    (b"\xff\xd8\xff", "file.picture"),
    (b"GIF8", "file.picture"),
    (b"II*\0", "file.picture"),
    (b"MM\0*", "file.picture"),
    (b"Rar!", "file.archive"),
    (b"7z\xbc\xaf", "file.archive"),
    (b"\x1f\x8b", "file.archive"),
)
"""How files begin that are no tables, and what is said of them."""

_PDF_WITHIN = 1024
_MARKUP = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|\?xml|table|head|meta)", re.IGNORECASE)
_OBJECT = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*[{\[]\s*[\"{\[\]}]")

_PARTS: tuple[tuple[str, str], ...] = (
    ("xl/workbook.xml", ""),
    ("xl/workbook.bin", "file.xlsb"),
    ("word/document.xml", "file.word"),
    ("content.xml", "file.opendocument"),
)
"""What a package has in it, and what is said of it; nothing of an Excel workbook."""


def demand_table(path: Path, start: bytes, *, built: bool = False) -> None:
    """Lets text, Parquet and Excel workbooks pass; `start` is how the file begins. One to be `built` in memory as a
    whole may have fewer cells.

    Raises UnreadableSourceError for anything else, saying what it is and what to give instead.
    """
    key = _kind(path, start)
    if not key and start.startswith(ZIP) and has_more_tags(path, MOST_TAGS_BUILT if built else MOST_TAGS):
        key = "file.cells"
    if key:
        raise unreadable(say(key, file=path.name))


OF_DOCUMENTS = frozenset(["file.pdf", "file.word", "file.xls", "file.xlsb", "file.opendocument", "file.page"])
"""What is said of files that may be published documents, or exports of other software."""

DOCUMENT_ENDINGS = (".html", ".htm", ".md", ".markdown", ".txt", ".json")


def may_be_document(path: Path, start: bytes) -> bool:
    """Whether a file is of a kind in which documents are published or tables exported, rather than a ledger's."""
    kind = _kind(path, start)
    if kind in ("", "file.data"):
        return path.suffix.lower() in DOCUMENT_ENDINGS
    return kind in OF_DOCUMENTS or kind == "file.picture"


def _kind(path: Path, start: bytes) -> str:
    """The message on a file that is no table; empty for one that may be."""
    if start.startswith(OLE):
        return _compound(path.read_bytes())
    if start.startswith(ZIP):
        return _package(path)
    if b"%PDF-" in start[:_PDF_WITHIN]:
        return "file.pdf"
    for beginning, key in _BEGINNINGS:
        if start.startswith(beginning):
            return key
    if _MARKUP.match(start):
        return "file.page"
    return "file.data" if _OBJECT.match(start) else ""


def _compound(content: bytes) -> str:
    """Old Office and WPS files name their streams in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "file.encrypted"
    return "file.word" if "WordDocument".encode("utf-16-le") in content else "file.xls"


def is_workbook(path: Path) -> bool:
    """Whether a package is an Excel workbook that is not broken."""
    return not _package(path)


def _package(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as package:
            names = frozenset(package.namelist())
    except (zipfile.BadZipFile, OSError, ValueError):
        return "file.workbook"
    return next((key for part, key in _PARTS if part in names), "file.archive")
