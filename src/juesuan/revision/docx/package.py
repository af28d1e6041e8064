"""A DOCX opened to be changed: its parts, and the same file written again with only the changed parts replaced."""

from __future__ import annotations

import itertools
import os
import posixpath
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from lxml import etree

from juesuan.account import Source, UnreadableFileError
from juesuan.reader import index_docx
from juesuan.revision.docx.names import MAIN, P, W

_TYPES = "[Content_Types].xml"
_TYPES_SPACE = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS_SPACE = "http://schemas.openxmlformats.org/package/2006/relationships"
_COMMENTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_COMMENTS_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"

_NUMBERED = {f"{W}{name}" for name in (
    "ins", "del", "moveFrom", "moveTo", "rPrChange", "pPrChange", "tblPrChange", "trPrChange", "tcPrChange",
    "sectPrChange", "cellIns", "cellDel", "numberingChange", "bookmarkStart", "moveFromRangeStart", "moveToRangeStart",
)}  # fmt: skip


class DocxFile:
    """The file at `path`: `index` says what stands where; change its elements, then `save`.

    Raises UnreadableFileError.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.index = index_docx(path)
        self.roots: dict[str, Any] = dict(self.index.roots)
        self.main = next(iter(self.index.roots))
        self.body = self.roots[self.main].find(f"{W}body")
        self.dropped: set[str] = set()
        """The parts that are left out when the file is written."""
        self.added: dict[str, bytes] = {}
        """Parts that are no XML, as they are to be written: pictures, workbooks within."""
        self.numbers = self._numbers()

    def _numbers(self) -> Iterator[int]:
        """Ids for revisions, behind all that are used."""
        used = [
            int(element.get(f"{W}id", "0"))
            for root in self.roots.values()
            for element in root.iter(*_NUMBERED)
            if element.get(f"{W}id", "").lstrip("-").isdigit()
        ]
        return itertools.count(max(used, default=0) + 1)

    def part_of(self, element: Any) -> str:
        """The name of the part that an element stands in."""
        root = element.getroottree().getroot()
        return next((name for name, known in self.roots.items() if known is root), "")

    def first_paragraph(self) -> Any:
        """The first paragraph of the body that is in no table and no text box."""
        return next((child for child in self.body if child.tag == P), None)

    def part(self, name: str) -> Any:
        """The root of another part (a header, a chart), which is then written back too; None where there is none."""
        if name not in self.roots:
            with zipfile.ZipFile(self.path) as package:
                if name not in package.namelist():
                    return None
                self.roots[name] = _parsed(package.read(name))
        return self.roots[name]

    def names(self) -> list[str]:
        """The names of all parts."""
        with zipfile.ZipFile(self.path) as package:
            return package.namelist()

    def comments(self) -> Any:
        """The root of the part with the comments, made and registered where there is none yet."""
        folder, base = posixpath.split(self.main)
        relations_name = f"{folder}/_rels/{base}.rels".lstrip("/")
        relations = self.part(relations_name)
        if relations is None:
            relations = etree.Element(f"{{{_RELATIONS_SPACE}}}Relationships", nsmap={None: _RELATIONS_SPACE})
            self.roots[relations_name] = relations
        for relation in relations:
            if relation.get("Type", "").endswith("/comments") and relation.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
                found = self.part(target)
                if found is not None:
                    return found
        names = set(self.names())
        candidates = (f"{folder}/comments{number}.xml".lstrip("/") for number in ("", *range(2, 1000)))
        name = next(candidate for candidate in candidates if candidate not in names)
        ids = {relation.get("Id") for relation in relations}
        key = next(f"rIdJuesuan{n}" for n in itertools.count(1) if f"rIdJuesuan{n}" not in ids)
        etree.SubElement(
            relations, f"{{{_RELATIONS_SPACE}}}Relationship", Id=key, Type=_COMMENTS, Target=posixpath.basename(name)
        )
        types = self.part(_TYPES)
        if types is None:
            raise UnreadableFileError("文件不完整（缺少内容类型表），请用 Word、WPS 打开后另存为新的 .docx。")
        etree.SubElement(types, f"{{{_TYPES_SPACE}}}Override", PartName=f"/{name}", ContentType=_COMMENTS_TYPE)
        self.roots[name] = etree.Element(f"{W}comments", nsmap={"w": MAIN})
        return self.roots[name]

    def relations(self) -> Any:
        """The root of the relations of the main part; None where it has none."""
        folder, base = posixpath.split(self.main)
        return self.part(f"{folder}/_rels/{base}.rels".lstrip("/"))

    def content(self, name: str) -> bytes | None:
        """A part that is no XML, as it was read or is to be written."""
        if name in self.added:
            return self.added[name]
        with zipfile.ZipFile(self.path) as package:
            return package.read(name) if name in package.namelist() else None

    def targets(self, name: str) -> dict[str, str]:
        """The parts that a part refers to, by the keys of its relations."""
        folder, base = posixpath.split(name)
        relations = self.part(f"{folder}/_rels/{base}.rels".lstrip("/"))
        return {
            relation.get("Id", ""): posixpath.normpath(
                posixpath.join("/", folder, relation.get("Target", ""))
            ).lstrip("/")
            for relation in (relations if relations is not None else ())
            if relation.get("TargetMode") != "External"
        }

    def picture(self, png: bytes) -> str:
        """Adds a picture; gives the key of the relation by which the main part refers to it."""
        relations = self.relations()
        taken = {*self.names(), *self.added}
        name = next(
            name for n in itertools.count(1) if (name := f"word/media/juesuan{n}.png") not in taken
        )
        self.added[name] = png
        key = f"rIdPicture{len(self.added)}"
        kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
        target = posixpath.relpath(f"/{name}", posixpath.join("/", posixpath.dirname(self.main)))
        etree.SubElement(relations, f"{{{_RELATIONS_SPACE}}}Relationship", Id=key, Type=kind, Target=target)
        types = self.part(_TYPES)
        if types is not None and not any(each.get("Extension", "").lower() == "png" for each in types):
            etree.SubElement(types, f"{{{_TYPES_SPACE}}}Default", Extension="png", ContentType="image/png")
        return key

    def drop(self, name: str) -> None:
        """Leaves a part out, with what refers to it in the relations of the main part and in the list of types."""
        self.dropped.add(name)
        folder = posixpath.dirname(self.main)
        for relation in list(self.relations() if self.relations() is not None else ()):
            target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
            if target == name and relation.get("TargetMode") != "External":
                relation.getparent().remove(relation)
        types = self.part(_TYPES)
        for override in list(types if types is not None else ()):
            if override.get("PartName") == f"/{name}":
                types.remove(override)

    def save(self, target: Path) -> None:
        """Writes the file with the changed parts, all others as they were; it appears whole or not at all."""
        made = {name: _written(root) for name, root in self.roots.items()}
        handle, name = tempfile.mkstemp(suffix=".docx", dir=target.parent)
        temporary = Path(name)
        try:
            with (
                os.fdopen(handle, "wb") as file,
                zipfile.ZipFile(self.path) as old,
                zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new,
            ):
                kept = set()
                for entry in old.infolist():
                    if entry.filename in self.dropped:
                        continue
                    kept.add(entry.filename)
                    content = made.get(entry.filename) or self.added.get(entry.filename)
                    new.writestr(entry, old.read(entry) if content is None else content, zipfile.ZIP_DEFLATED)
                for name, content in {**made, **self.added}.items():
                    if name not in kept:
                        new.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
            temporary.chmod(0o644)
            temporary.replace(target)
        finally:
            temporary.unlink(missing_ok=True)


def place_name(source: Source) -> str:
    """A place in a document as a comment at another place names it."""
    return str(Source(sheet=source.sheet, cell=source.cell, paragraph=source.paragraph))


def _parsed(data: bytes) -> Any:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _written(root: Any) -> bytes:
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data
