"""ZIP archives of published files: their members come out one after another, within limits, whatever they declare."""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import PurePosixPath
from typing import BinaryIO, cast

from juesuan.account import member_name
from juesuan.web.infra.settings import MEBIBYTE
from juesuan.web.review.uploads import RefusedUploadError

MOST_MEMBERS = 1000
IN_MEMORY = 8 * MEBIBYTE
BLOCK = MEBIBYTE
ZIP = b"PK\x03\x04"

_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError, RuntimeError)


def is_archive(file: BinaryIO, name: str) -> bool:
    """Whether a file that was sent is an archive, and not an office file, which is a package too."""
    file.seek(0)
    head = file.read(len(ZIP))
    file.seek(0)
    return head == ZIP and name.lower().endswith(".zip")


@contextmanager
def members(file: BinaryIO, name: str, limit: int) -> Iterator[list[tuple[str, BinaryIO]]]:
    """The files in an archive with their names, while the block lasts; folders and what systems add are left out.

    `limit`: bytes of all of them, counted as they come. Raises RefusedUploadError.
    """
    with ExitStack() as opened:
        try:
            archive = opened.enter_context(zipfile.ZipFile(file))
            found = [entry for entry in archive.infolist() if _wanted(entry)]
            if len(found) > MOST_MEMBERS:
                raise RefusedUploadError(f"{name}：压缩包里的文件超过 {MOST_MEMBERS} 个，请分成几个压缩包。")
            made = []
            for entry in found:
                copy = opened.enter_context(tempfile.SpooledTemporaryFile(IN_MEMORY))
                limit -= _copied(archive, entry, copy, limit)
                if limit < 0:
                    raise RefusedUploadError(f"{name}：压缩包解开后过大，没有接收。请分成几个压缩包。")
                made.append((member_name(entry), cast(BinaryIO, copy)))
        except RefusedUploadError:
            raise
        except _BROKEN:
            message = "压缩包损坏、不完整或有密码，打不开。请解压后直接上传其中的文件。"
            raise RefusedUploadError(f"{name}：{message}") from None
        if not made:
            raise RefusedUploadError(f"{name}：压缩包里没有文件。")
        yield made


def _copied(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, copy: tempfile.SpooledTemporaryFile[bytes], most: int
            ) -> int:
    """Copies a member and gives its bytes; stops behind `most`."""
    size = 0
    with archive.open(entry) as source:
        while size <= most and (block := source.read(BLOCK)):
            size += len(block)
            copy.write(block)
    copy.seek(0)
    return size


def _wanted(entry: zipfile.ZipInfo) -> bool:
    path = PurePosixPath(entry.filename)
    return not entry.is_dir() and "__MACOSX" not in path.parts and not path.name.startswith((".", "~$"))
