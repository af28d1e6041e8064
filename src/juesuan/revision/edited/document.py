"""An edited DOCX of ours: whose it is, what it printed when it was made, and what stands in it now."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from juesuan.account import JuesuanError, Source
from juesuan.publisher.binding import ALIAS_OPEN, NAMESPACE, Printed, from_xml
from juesuan.reader import RawTable, TextPlace
from juesuan.revision.docx import DocxFile
from juesuan.revision.docx.names import VAL, W

_CONTENTS = re.compile(r"^(TOC|目录)", re.IGNORECASE)
_TRACKED = ("ins", "del", "moveFrom", "moveTo")


class NotTakenError(JuesuanError):
    """An edited DOCX that nothing is taken from: not ours, damaged, of another unit or year; says which in Chinese."""


class StandingParagraph(msgspec.Struct, frozen=True):
    """A paragraph outside of tables as it stands now."""

    text: str
    source: Source | None
    place: TextPlace


class StandingTable(msgspec.Struct, frozen=True):
    """A table as it stands now: what each cell says, by row and column, and where."""

    cells: dict[tuple[int, int], str]
    sources: dict[tuple[int, int], Source | None]


class EditedDocx:
    """The file at `path`: `printed` is what it printed when it was made, `items` what stands in it, in order.

    Raises UnreadableFileError, and NotTakenError where it is none of ours.
    """

    def __init__(self, path: Path) -> None:
        self.file = DocxFile(path)
        self.name = path.name
        self.printed = self._printed()
        self.items = list(self._items())
        self.apart = [
            block.text
            for block in self.file.index.raw.blocks
            if not isinstance(block, RawTable)
            and block.source in self.file.index.places
            and self._apart(self.file.index.places[block.source][0])
        ]
        """What stands in text boxes and notes."""

    @property
    def tracked(self) -> int:
        """How many tracked changes are neither accepted nor rejected."""
        return sum(1 for _ in self.file.roots[self.file.main].iter(*(f"{W}{name}" for name in _TRACKED)))

    def _printed(self) -> Printed:
        for name in self.file.names():
            if not re.fullmatch(r"customXml/item\d+\.xml", name):
                continue
            root = self.file.part(name)
            self.file.roots.pop(name)
            if root is None or root.tag != f"{{{NAMESPACE}}}account":
                continue
            try:
                return from_xml(root)
            except ValueError:
                break
        raise NotTakenError(
            f"{self.name} 不是本程序生成的 Word，或者其中记录决算数据的部分已经丢失（如经其他格式转换），没有取回任何"
            "内容。请用本程序生成、在 Word 或 WPS 里直接修改并保存的 .docx。"
        )

    def _apart(self, place: TextPlace) -> bool:
        return place.boxed or self.file.part_of(place.paragraph) != self.file.main

    def _items(self) -> Iterator[StandingParagraph | StandingTable]:
        for block in self.file.index.raw.blocks:
            if isinstance(block, RawTable):
                cells = {(cell.row, cell.column): cell.text for cell in block.cells}
                yield StandingTable(cells, {(cell.row, cell.column): cell.source for cell in block.cells})
            elif block.source in self.file.index.places:
                place = self.file.index.places[block.source][0]
                if not self._apart(place) and not _of_contents(place.paragraph):
                    yield StandingParagraph(block.text, block.source, place)


def _of_contents(paragraph: Any) -> bool:
    """Whether a paragraph is a line of the contents (目录), or its title."""
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    if style is not None and (_CONTENTS.match(style.get(VAL, "")) or style.get(VAL) == "TocTitle"):
        return True
    if any(link.get(f"{W}anchor", "").startswith("_Toc") for link in paragraph.iter(f"{W}hyperlink")):
        return True
    return any(
        ancestor.find(f"{W}sdtPr/{W}docPartObj") is not None for ancestor in paragraph.iterancestors(f"{W}sdt")
    )


def open_controls(paragraph: Any) -> list[str]:
    """The keys of the texts whose controls stand in a paragraph."""
    titles = (alias.get(VAL, "") for alias in paragraph.iter(f"{W}alias"))
    return [title.removeprefix(ALIAS_OPEN) for title in titles if title.startswith(ALIAS_OPEN)]
