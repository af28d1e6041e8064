"""Office files as packages of XML parts, opened with limits: bombs, locks and damage are told apart from documents."""

from __future__ import annotations

import posixpath
import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import Any

from lxml import etree

from juesuan.account import JuesuanError, UnreadableFileError

MOST_CONTENT = 300 * 2**20
"""Bytes of all parts together, unpacked."""
MOST_PART = 120 * 2**20
MOST_TAGS = 1_000_000
"""Tags of one part: an element takes a hundred bytes and more in memory, whatever it takes in the file."""

DAMAGED = "文件已损坏或不完整（可能是下载中断），请重新获取，或用 Word、WPS 打开后另存为新文件。"
TOO_BIG = "文件解压后过大，不像是决算公开文件，为安全起见不予读取。"
LOCKED = "文件已加密，请先用 Word、Excel 或 WPS 输入密码打开，取消密码后另存。"

_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_STRICT = (
    (b"http://purl.oclc.org/ooxml/wordprocessingml/main", b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"),
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (
        b"http://purl.oclc.org/ooxml/officeDocument/relationships",
        b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    ),
)  # fmt: skip
"""Namespaces of ISO's strict kind of these formats, and those every program reads."""


BROKEN = (OSError, ValueError, EOFError, NotImplementedError, RuntimeError)
"""All that zipfile lets through from a damaged file, besides its own errors."""


class PartError(JuesuanError):
    """One part of a package cannot be read; the message says why, in Chinese."""


class Package:
    """A zip of parts. Nothing is unpacked to disk, and nothing above the limits into memory."""

    def __init__(self, path: Path) -> None:
        try:
            self._zip = zipfile.ZipFile(path)
            entries = self._zip.infolist()
        except (zipfile.BadZipFile, *BROKEN) as error:
            raise UnreadableFileError(DAMAGED) from error
        if sum(entry.file_size for entry in entries) > MOST_CONTENT or len(entries) > 20_000:
            self._zip.close()
            raise UnreadableFileError(TOO_BIG)
        if any(entry.flag_bits & 1 for entry in entries):
            self._zip.close()
            raise UnreadableFileError(LOCKED)
        # Some programs write the names of parts with backslashes or in other letters' case.
        self._entries = {entry.filename.replace("\\", "/").lower(): entry for entry in entries}

    def __enter__(self) -> Package:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._zip.close()

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    @property
    def names(self) -> list[str]:
        """The names of the parts, in small letters."""
        return list(self._entries)

    def bytes_of(self, name: str) -> bytes:
        """The content of a part; raises PartError where it is missing, damaged or too big."""
        entry = self._entries.get(name.lower())
        if entry is None:
            raise PartError(f"缺少 {name}")
        if entry.file_size > MOST_PART:
            raise UnreadableFileError(TOO_BIG)
        try:
            return self._zip.read(entry)
        except (zipfile.BadZipFile, zlib.error, *BROKEN) as error:
            raise PartError(f"{name} 已损坏") from error

    def xml_bytes(self, name: str) -> bytes:
        """A part that should be XML, in the namespaces every program reads."""
        data = self.bytes_of(name)
        if b"<!DOCTYPE" in data or b"<!ENTITY" in data:
            # No program writes one, and entities are how small files are blown up.
            raise PartError(f"{name} 含有不允许的声明")
        if b"purl.oclc.org" in data[:4096]:
            for strict, usual in _STRICT:
                data = data.replace(strict, usual)
        return data

    def xml(self, name: str) -> Any:
        """The root element of a part; raises PartError where it cannot be had."""
        parser = etree.XMLParser(
            resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, remove_comments=True,
            remove_pis=True,
        )  # fmt: skip
        data = self.xml_bytes(name)
        if data.count(b"<") > MOST_TAGS:
            raise UnreadableFileError(TOO_BIG)
        try:
            return etree.fromstring(data, parser)
        except (etree.LxmlError, ValueError) as error:
            raise PartError(f"{name} 不是完好的 XML") from error

    def relations(self, name: str) -> dict[str, tuple[str, str]]:
        """The parts that a part (the package itself for "") refers to: by id, the last word of its kind and name."""
        folder, base = posixpath.split(name)
        root = self.xml(f"{folder}/_rels/{base}.rels".lstrip("/"))
        found: dict[str, tuple[str, str]] = {}
        for relation in root.iter(_RELATIONS):
            kind = relation.get("Type", "").rsplit("/", 1)[-1]
            target = relation.get("Target", "").replace("\\", "/")
            if relation.get("TargetMode") != "External":
                place = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
                found[relation.get("Id", "")] = (kind, place)
        return found

    def main(self, usual: str) -> str:
        """The name of the main part; `usual` where the package does not say."""
        try:
            targets = [target for kind, target in self.relations("").values() if kind == "officeDocument"]
        except PartError:
            targets = []
        return targets[0] if targets and targets[0] in self else usual
