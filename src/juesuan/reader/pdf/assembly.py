"""The pages of a PDF put together: tables and paragraphs joined over page breaks, running heads dropped."""

from __future__ import annotations

import re
from collections import Counter

from juesuan.account import Source, Unplaced
from juesuan.reader.pdf import native
from juesuan.reader.pdf.join import GrowingTable
from juesuan.reader.pdf.native import Box
from juesuan.reader.pdf.page import PageContent, TextLine
from juesuan.reader.pdf.paragraphs import margins_of, paragraphs
from juesuan.reader.raw import RawBlock, RawDocument, RawText
from juesuan.reader.recognition import INSTALL

_RUNNING_HEAD = 3
"""A line that stands at the head or foot of at least so many pages, and of a third of all, is no text of theirs."""

_EDGE = 3
"""Lines looked at for it at each end of a page."""

_CAPTION = re.compile(r"(单位|部门|金额|编制|填报).{0,8}[:：]|公开.{0,4}表|元$")
"""What stands above a table, and is the same above each."""

_TITLES = 6
"""Lines before a table that may be its title."""


def assembled(file: str, pages: list[PageContent | None]) -> RawDocument:
    """The pages of the file named `file` put together: tables and paragraphs joined over page breaks."""
    return _Assembly(file, pages).document()


class _Assembly:
    """The pages of one file put together."""

    def __init__(self, file: str, pages: list[PageContent | None]) -> None:
        self.file = file
        self.pages = pages
        self.notes: list[str] = []
        self.unplaced: list[Unplaced] = []
        self.blocks: list[RawBlock] = []

    def document(self) -> RawDocument:
        self._remarks()
        self._drop_running_heads()
        self.margins = margins_of(
            {
                page.number: (page.width, [item for item in page.items if isinstance(item, TextLine)])
                for page in self.pages
                if page
            }
        )
        table: GrowingTable | None = None
        lines: list[TextLine] = []
        for item in (item for page in self.pages if page for item in page.items):
            if isinstance(item, TextLine):
                lines.append(item)
            elif table and table.takes(item, lines):
                table.add(item)
                lines = []
            else:
                self._table(table)
                self._text(lines)
                table = GrowingTable(item, tuple(line.text for line in lines[-_TITLES:] if line.page == item.page))
                lines = []
        self._table(table)
        self._text(lines)
        return RawDocument(
            file=self.file,
            format="pdf",
            blocks=tuple(self.blocks),
            pages=len(self.pages),
            unplaced=tuple(self.unplaced),
            notes=tuple(self.notes),
        )

    def _table(self, table: GrowingTable | None) -> None:
        if table:
            self.blocks.append(table.raw(self.file, self._shown))

    def _text(self, lines: list[TextLine]) -> None:
        for paragraph in paragraphs(lines, self.margins):
            source = Source(file=self.file, page=paragraph.page, box=self._shown(paragraph.page, paragraph.box))
            self.blocks.append(RawText(paragraph.text, source))

    def _shown(self, number: int, box: Box) -> Box:
        """The box on the page as it is shown, in tenths of a point."""
        page = self.pages[number - 1]
        if page and page.shown is not native.IDENTITY:
            box = native.apply_box(page.shown, box)
        left, bottom, right, top = box
        return (round(left, 1), round(bottom, 1), round(right, 1), round(top, 1))

    def _remarks(self) -> None:
        """What is to be said of pages that were not read, or not wholly."""
        for number, page in enumerate(self.pages, 1):
            source = Source(file=self.file, page=number)
            if page is None:
                self.notes.append(f"第{number}页已损坏，没有读出。")
                self.unplaced.append(Unplaced(f"第{number}页（已损坏）", source))
                continue
            self.notes.extend(page.notes)
            self.unplaced.extend(Unplaced(text, source) for text in page.unplaced)
            if page.scan:
                self.notes.append(f"第{number}页是扫描图像，没有文字层，没有读出。{INSTALL}")
                self.unplaced.append(Unplaced(f"第{number}页（扫描图像）", source))

    def _drop_running_heads(self) -> None:
        """Takes out lines that head or foot many pages, but for the first time each is printed."""
        seen: Counter[str] = Counter()
        edges: list[tuple[PageContent, TextLine]] = []
        for page in self.pages:
            if page is None or len(page.items) < 2:
                continue
            for item in {id(item): item for item in page.items[:_EDGE] + page.items[-_EDGE:]}.values():
                if (
                    isinstance(item, TextLine)
                    and not _CAPTION.search(item.text)
                    and not 0.09 < item.baseline / page.height < 0.91
                ):
                    edges.append((page, item))
                    seen[item.text] += 1
        pages = sum(1 for page in self.pages if page and page.items)
        retained: set[str] = set()
        for page, line in edges:
            times = seen[line.text]
            if times < _RUNNING_HEAD or 3 * times < pages:
                continue
            if line.text in retained:
                page.items = [item for item in page.items if item is not line]
            else:
                retained.add(line.text)
                self.notes.append(f"页眉或页脚“{line.text}”在{times}页上重复，只保留第一次。")
