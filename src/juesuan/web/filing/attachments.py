"""The data files of a filing for evidence: which they are, where they lie, how many there may be."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

import msgspec

from juesuan.web.infra.models import Filing
from juesuan.web.infra.settings import MEBIBYTE
from juesuan.web.review.uploads import stored_path
from juesuan.web.site.site import Site

MOST_ATTACHMENTS = 50
ALL_ATTACHMENTS = 500 * MEBIBYTE
"""What the data files of one filing may come to together."""


def attachments_of(filing: Filing) -> dict[str, tuple[str, str]]:
    """The data for evidence: digest and kind by name."""
    return msgspec.json.decode(filing.attachments, type=dict[str, tuple[str, str]])


def data_files(site: Site) -> Path:
    """The folder of uploaded data."""
    return site.settings.files / "data"


def too_much(site: Site, filing: Filing, name: str, file: BinaryIO) -> str:
    """Why `file` cannot be added under `name`, where another of that name is replaced; empty where it can."""
    others = [stored_path(data_files(site), *there) for other, there in attachments_of(filing).items() if other != name]
    size = file.seek(0, io.SEEK_END)
    file.seek(0)
    if len(others) < MOST_ATTACHMENTS and size + sum(path.stat().st_size for path in others) <= ALL_ATTACHMENTS:
        return ""
    return f"一份决算最多放 {MOST_ATTACHMENTS} 个、共 {ALL_ATTACHMENTS // MEBIBYTE} MB 数据文件；请先移除不用的。"
