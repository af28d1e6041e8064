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

from juesuan.account import JuesuanError

MOST_PARTS = 5000
MOST_TIMES = 300
"""A package that unpacks to so many times its size is a trap (zip bomb)."""

SMALL = 20 * 1024 * 1024
"""Packages that unpack to less than this are no trap, however well they are packed."""

HEAD = 4096
SPARE_DISK = 256 * 1024 * 1024
"""What stays free on the disk: the database must be able to write when no file is taken any more."""

SUFFIXES = {"pdf": (".pdf",), "docx": (".docx",), "xlsx": (".xlsx",), "html": (".html", ".htm"), "md": (".md",)}


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
    head = _beginning(file, name)
    kind = _by_content(file, head, unpacked_limit)
    file.seek(0)
    if kind is None:
        raise RefusedUploadError(f"{name}：不是 PDF、DOCX、XLSX、HTML、Markdown 文件。旧格式请先另存为 DOCX 或 XLSX。")
    if Path(name).suffix.lower() not in SUFFIXES[kind]:
        raise RefusedUploadError(f"{name}：内容是 {kind.upper()}，与文件名不符，请改好文件名再上传。")
    return kind


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
        _names_to_disk(place)
    return digest


def _names_to_disk(folder: Path) -> None:
    if os.name == "nt":  # Folders cannot be opened there, and names need no care.
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def stored_path(folder: Path, digest: str, kind: str) -> Path:
    """Where a file with this digest is kept."""
    return folder / digest[:2] / f"{digest}.{kind}"
