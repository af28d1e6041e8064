"""Office files as packages of XML: counted before anything is built of them, since a small file can be a large one."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path

BLOCK = 1 << 20
MOST_TAGS = 16_000_000
"""Of a workbook that is gone through line by line: some four million cells."""

MOST_TAGS_BUILT = 4_000_000
"""Of a workbook that is built in memory as a whole: some million cells."""


def has_more_tags(path: Path, most: int = MOST_TAGS) -> bool:
    """Whether the XML parts of the package at `path` have more than `most` tags together.

    A cell is three or four tags. Nothing is built and little is held; it stops at the first one too many. What is no
    package has none: whoever reads it says so.
    """
    try:
        with zipfile.ZipFile(path) as package:
            for part in package.infolist():
                if part.filename.lower().endswith(".xml"):
                    with package.open(part) as content:
                        while block := content.read(BLOCK):
                            most -= block.count(b"<")
                            if most < 0:
                                return True
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError, RuntimeError):
        return False
    return False


def member_name(info: zipfile.ZipInfo) -> str:
    """The name of a member of an archive; those made in China often hold GBK without saying so."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return info.filename
