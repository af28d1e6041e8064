"""What may be uploaded: told by content, not by name, and kept under its digest."""

from __future__ import annotations

import codecs
import hashlib
import os
import re
import shutil
import tempfile
import zipfile
from pathlib import Path
from typing import BinaryIO

from juesuan.account import JuesuanError, to_disk

MOST_PARTS = 5000
MOST_TIMES = 300
"""A package that unpacks to so many times its size is a trap (zip bomb)."""

SMALL = 20 * 1024 * 1024
"""Packages that unpack to less than this are no trap, however well they are packed."""

HEAD = 4096
SPARE_DISK = 256 * 1024 * 1024
"""What stays free on the disk: the database must be able to write when no file is taken any more."""

SUFFIXES = {"pdf": (".pdf",), "docx": (".docx",), "xlsx": (".xlsx",), "html": (".html", ".htm"), "md": (".md",)}


NAMES = {"pdf": " PDF", "docx": " Word 文档", "xlsx": " Excel 工作簿", "html": "网页", "md": "文字"}
"""What a kind is called in a sentence."""

_LEDGER = "是台账、数据文件，不是公开文本，没有收；填报时可以在“从文件开始”里读入。"
_PICTURE = "是图片。请把扫描的各页存成一个 PDF 再上传，或者索取带文字的电子版。"
_TEXT = "这里不收纯文字和数据文件；要审核的请上传公开的 PDF、Word、Excel 或网页。"
_PACKED = "这种压缩包打不开；请解压后上传，或改用 ZIP。"

OTHERS = {
    ".csv": _LEDGER, ".parquet": _LEDGER, ".jpg": _PICTURE, ".jpeg": _PICTURE, ".png": _PICTURE, ".bmp": _PICTURE,
    ".tif": _PICTURE, ".tiff": _PICTURE, ".txt": _TEXT, ".json": _TEXT,
    ".jio": "是决算软件的数据包，只有该软件能打开；请在软件里导出 Excel，或上传公开的文本。",
    ".rar": _PACKED, ".7z": _PACKED,
}
"""What is said of files that are none to review, by their suffix."""

DATA = ("xlsx", "csv", "parquet")
"""What figures are taken in from."""


OLD, OLE = ("xls", "et"), b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""The workbooks that official software exports, and how they begin."""

_START = re.compile(rb"(?:\xef\xbb\xbf|\s)*(?:<|%PDF|\{\\rtf)")
"""How a page, a PDF or a text of Word begins that is called a table."""

MACROS = "vbaProject.bin"


class RefusedUploadError(JuesuanError, ValueError):
    """A file is not taken; the message says why and what to do."""


def clean_name(name: str) -> str:
    """The last part of a file's name without signs that mean something to a file system or cannot be seen."""
    last = re.split(r"[/\\]", name)[-1]
    plain = re.sub(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2066-\u2069<>:\"|?*]", "", last).strip(". ")
    stem, dot, suffix = plain.rpartition(".")
    return f"{stem[:100]}{dot}{suffix[:10]}" if stem else plain[:100] or "文件"


def _beginning(file: BinaryIO, name: str) -> bytes:
    """How a file begins. Raises RefusedUploadError where there is nothing in it."""
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if not head:
        raise RefusedUploadError(f"{name}：是空文件，可能没有下载完，请重新获取。")
    return head


def kind_of(file: BinaryIO, name: str, unpacked_limit: int) -> str:
    """What the file is by its content. Raises RefusedUploadError where it is none of SUFFIXES or named as another."""
    suffix = Path(name).suffix.lower()
    if of_the_system(name):
        raise RefusedUploadError(f"{name}：是系统或 Word、Excel 自己的临时文件，不是公开文本，没有收。")
    if suffix in OTHERS:
        raise RefusedUploadError(f"{name}：{OTHERS[suffix]}")
    head = _beginning(file, name)
    kind = _by_content(file, head, unpacked_limit)
    file.seek(0)
    if kind is None:
        raise RefusedUploadError(f"{name}：{_told(head, suffix)}")
    if suffix not in SUFFIXES[kind]:
        raise RefusedUploadError(
            f"{name}：内容是{NAMES[kind]}，与文件名不符，请把文件名的后缀改成 {SUFFIXES[kind][0]} 再上传。"
        )
    return kind


def of_the_system(name: str) -> bool:
    """Whether a file is what systems and office programs leave beside the files of people, by its name."""
    return name.startswith((".", "~$", "~lock.")) or name.lower() in ("thumbs.db", "desktop.ini")


def _told(head: bytes, suffix: str) -> str:
    """What a file is that is not taken, and what to do."""
    if head.startswith(OLE):
        return "是旧格式（.doc、.xls），或者有密码。请用 Word、Excel、WPS 打开，去掉密码，另存为 .docx 或 .xlsx。"
    if head.startswith(b"PK") and suffix in (".docx", ".xlsx"):
        return "已损坏、不完整，或者含有宏。请重新获取，或用 Word、Excel、WPS 打开后另存。"
    if suffix == ".pdf":
        return "不是 PDF，或者已损坏，请重新获取。"
    return "不是 PDF、DOCX、XLSX、HTML、Markdown 文件，没有收。旧格式请先另存为 DOCX 或 XLSX。"


def kind_of_data(file: BinaryIO, name: str, unpacked_limit: int) -> str:
    """What a workbook, ledger or data file is by its content. Raises RefusedUploadError where it is none of DATA."""
    head = _beginning(file, name)
    kind = "parquet" if head.startswith(b"PAR1") else _package(file, unpacked_limit) if head.startswith(b"PK") else None
    if kind is None and head.strip() and b"\x00" not in head and not _START.match(head):
        kind = "csv"
    file.seek(0)
    if kind not in DATA or Path(name).suffix.lower() != f".{kind}":
        message = (
            "不是 XLSX、CSV、Parquet 文件，或内容与文件名不符。旧的 .xls、含宏的 .xlsm 请先另存为 .xlsx；"
            "有密码的请先去掉密码。"
        )
        raise RefusedUploadError(f"{name}：{message}")
    return kind


def kind_of_account(file: BinaryIO, name: str, unpacked_limit: int) -> str:
    """What a file to begin a filing from is: data, an export, or a published account. Raises RefusedUploadError."""
    suffix = Path(name).suffix.lower().removeprefix(".")
    if suffix in OLD:
        file.seek(0)
        head = file.read(len(OLE))
        file.seek(0)
        if head != OLE:
            raise RefusedUploadError(f"{name}：内容不是 .{suffix} 工作簿，与文件名不符，请改好文件名再上传。")
        return "xls"
    if suffix in DATA:
        return kind_of_data(file, name, unpacked_limit)
    if suffix != "json":
        return kind_of(file, name, unpacked_limit)
    file.seek(0)
    head = file.read(HEAD).lstrip()
    file.seek(0)
    if not head.startswith(b"{"):
        raise RefusedUploadError(f"{name}：内容不是 JSON。")
    return "json"


def _by_content(file: BinaryIO, head: bytes, unpacked_limit: int) -> str | None:
    if b"%PDF-" in head[:1024]:
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return _package(file, unpacked_limit)
    if b"\x00" in head:
        return None
    try:
        # Not to the end: the last sign may be cut in two.
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(head)
    except UnicodeDecodeError:
        return "html" if re.match(rb"\s*(<!doctype html|<html)", head, re.IGNORECASE) else None
    if not text.strip():
        return None
    return "html" if re.match(r"\s*(<!doctype html|<html|<\?xml)", text, re.IGNORECASE) else "md"


def _package(file: BinaryIO, unpacked_limit: int) -> str | None:
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError):
        return None
    unpacked, packed = sum(part.file_size for part in parts), sum(part.compress_size for part in parts)
    trap = unpacked > SMALL and unpacked > packed * MOST_TIMES
    if len(parts) > MOST_PARTS or unpacked > unpacked_limit or trap:
        raise RefusedUploadError("文件解压后过大，没有接收。请删去里面不用的工作表和图片，或分成几个文件。")
    names = {part.filename for part in parts}
    if any(name.endswith(MACROS) for name in names):
        return None
    return "docx" if "word/document.xml" in names else "xlsx" if "xl/workbook.xml" in names else None


def digest_of(file: BinaryIO) -> str:
    """The SHA-256 of a file from its beginning, where it stands again afterwards."""
    sums = hashlib.sha256()
    file.seek(0)
    while block := file.read(1 << 20):
        sums.update(block)
    file.seek(0)
    return sums.hexdigest()


def store_upload(file: BinaryIO, folder: Path, kind: str) -> str:
    """Writes the file into `folder` under its digest, on the disk before this returns, and gives the digest."""
    sums = hashlib.sha256()
    folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(folder).free < SPARE_DISK:
        raise RefusedUploadError("服务器的磁盘快满了，没有收下。请保留好文件，告诉系统管理员。")
    with tempfile.NamedTemporaryFile(dir=folder, prefix=".", delete=False) as aside:
        try:
            while block := file.read(1 << 20):
                sums.update(block)
                aside.write(block)
            aside.flush()
            os.fsync(aside.fileno())
        except OSError:
            # A full disk must not be kept full by half a file.
            Path(aside.name).unlink()
            raise
    digest = sums.hexdigest()
    target = stored_path(folder, digest, kind)
    target.parent.mkdir(parents=True, exist_ok=True)
    Path(aside.name).replace(target)
    for place in (target.parent, folder):
        to_disk(place)
    return digest


def stored_path(folder: Path, digest: str, kind: str) -> Path:
    """Where a file with this digest is kept."""
    return folder / digest[:2] / f"{digest}.{kind}"
