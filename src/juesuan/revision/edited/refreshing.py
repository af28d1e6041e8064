"""The edited DOCX kept as it is, with the figures of the account put where the printed ones stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import msgspec
from lxml import etree

from juesuan.account import spaceless
from juesuan.publisher import lay_out
from juesuan.publisher.binding import (
    ITEM,
    NAMESPACE,
    Printed,
    PrintedParagraph,
    PrintedPiece,
    PrintedTable,
    printed,
    to_xml,
)
from juesuan.reader import TextPlace
from juesuan.revision.docx import Edit, Reviser, apply_edits
from juesuan.revision.docx.names import T, W
from juesuan.revision.edited.alignment import aligned
from juesuan.revision.edited.document import EditedDocx, StandingParagraph, StandingTable
from juesuan.revision.edited.taking import TakenBack

_VALUE = re.compile(r"v\[(\d+)\]$")


class PlacedPiece(msgspec.Struct, frozen=True):
    """A piece and where it stands now, by offsets without white space."""

    piece: PrintedPiece
    start: int
    end: int


def refresh(back: TakenBack, target: Path) -> list[str]:
    """Writes the edited DOCX with the account's figures to `target`; says in Chinese what could not be renewed.

    Paragraphs, styles, pictures and wording stay; a figure that was changed by hand says what the account says again.
    """
    record = printed(lay_out(back.compilation.account, back.compilation.statute))
    return _Refreshing(back.edited, record).write(target)


class _Refreshing:
    def __init__(self, edited: EditedDocx, record: Printed) -> None:
        self.edited = edited
        self.record = record
        self.new = {item.place: item for item in record.items if item.place}
        self.notes: list[str] = []
        self.edits: list[Edit] = []
        self.items: list[PrintedParagraph | PrintedTable] = []
        self.used: set[str] = set()

    def write(self, target: Path) -> list[str]:
        was, standing = self.edited.printed.items, self.edited.items
        for a, b in aligned(was, standing):
            if b is None:
                continue
            item = standing[b]
            if isinstance(item, StandingTable):
                self._table(was[a] if a is not None else None, item)
            else:
                self._paragraph(was[a] if a is not None else None, item)
        for place, each in self.new.items():
            if place not in self.used and place not in {item.place for item in was}:
                words = each.text if isinstance(each, PrintedParagraph) else place
                self.notes.append(f"决算里新有的内容没有加进去，请补上或改用 --layout made：“{words[:60]}”。")
        apply_edits(self.edited.file, self.edits, Reviser(""), tracked=False)
        self._record()
        self.edited.file.save(target)
        return self.notes

    def _paragraph(self, was: PrintedParagraph | PrintedTable | None, now: StandingParagraph) -> None:
        new = self._counterpart(was, now)
        if new is None or not isinstance(was, PrintedParagraph):
            self.items.append(new or PrintedParagraph("", (PrintedPiece("words", now.text),)))
            return
        if [(p.kind, p.key) for p in was.pieces] != [(p.kind, p.key) for p in new.pieces]:
            if spaceless(was.text) == spaceless(now.text):
                _put(now.place, 0, len(now.place.signs()), new.text)
                self.items.append(new)
            else:
                self.notes.append(f"这一段的写法要随数字改变，请改成：“{new.text}”；现在是：“{now.text}”。")
                self.items.append(was)
            return
        self.items.append(self._renewed(was, new, now))

    def _counterpart(
        self, was: PrintedParagraph | PrintedTable | None, now: StandingParagraph
    ) -> PrintedParagraph | None:
        """What the account prints now in the place of a paragraph."""
        new = self.new.get(was.place) if was is not None and was.place else None
        if new is None:
            same = (
                each for each in self.record.items
                if isinstance(each, PrintedParagraph) and spaceless(each.text) == spaceless(now.text)
            )  # fmt: skip
            new = next((each for each in same if not each.place or each.place not in self.used), None)
        if new is None and was is not None and was.place:
            self.notes.append(f"决算里已经没有这一段，请删去：“{now.text[:60]}”。")
        if new is not None and new.place:
            self.used.add(new.place)
        return new if isinstance(new, PrintedParagraph) else None

    def _renewed(self, was: PrintedParagraph, new: PrintedParagraph, now: StandingParagraph) -> PrintedParagraph:
        """Puts the new pieces in the place of the old ones; gives the paragraph as it reads then."""
        found = {id(each.piece): each for each in located(was, now.text)}
        pieces: list[PrintedPiece] = []
        done = 0
        signs = spaceless(now.text)
        changes: list[tuple[PlacedPiece, str]] = []
        for old, fresh in zip(was.pieces, new.pieces, strict=True):
            where = found.get(id(old))
            if old.kind == "words":
                continue
            if where is None:
                if spaceless(old.text) != spaceless(fresh.text):
                    self.notes.append(f"没有找到“{old.text}”写在哪里，应为“{fresh.text}”：“{now.text[:60]}”。")
                continue
            standing = signs[where.start : where.end]
            if where.start > done:
                pieces.append(PrintedPiece("words", signs[done : where.start]))
            kept = old.kind == "text" and spaceless(old.text) != standing
            text = standing if kept else fresh.text
            pieces.append(PrintedPiece(fresh.kind, text, fresh.key))
            if spaceless(text) != standing:
                changes.append((where, text))
            done = where.end
        if done < len(signs):
            pieces.append(PrintedPiece("words", signs[done:]))
        for where, text in reversed(changes):
            _put(now.place, where.start, where.end, text)
        return PrintedParagraph(new.place, tuple(pieces))

    def _table(self, was: PrintedParagraph | PrintedTable | None, now: StandingTable) -> None:
        new = self.new.get(was.place) if isinstance(was, PrintedTable) else None
        if not isinstance(was, PrintedTable) or not isinstance(new, PrintedTable):
            cells = tuple(PrintedPiece("words", text, "", *where) for where, text in now.cells.items())
            self.items.append(PrintedTable(was.place if was is not None else "", cells))
            return
        self.used.add(new.place)
        fresh = {cell.key: cell.text for cell in new.cells if cell.key}
        name = was.place.removeprefix("表·")
        if {cell.key for cell in was.cells if cell.key} != set(fresh):
            self.notes.append(f"“{name}”的行与 Word 里的不一样（科目有增减），对不上的没有换；请改用 --layout made。")
        kept: list[PrintedPiece] = []
        for cell in was.cells:
            where = (cell.row, cell.column)
            text = now.cells.get(where)
            if not cell.key or text is None or cell.key not in fresh:
                kept.append(msgspec.structs.replace(cell, text=cell.text if text is None else text))
                continue
            right = text if cell.kind == "text" and spaceless(text) != spaceless(cell.text) else fresh[cell.key]
            if spaceless(right) != spaceless(text):
                self._cell(now, where, right)
            kept.append(msgspec.structs.replace(cell, text=right))
        self.items.append(PrintedTable(was.place, tuple(kept)))

    def _cell(self, now: StandingTable, where: tuple[int, int], text: str) -> None:
        source = now.sources.get(where)
        places = self.edited.file.index.places.get(source, ()) if source else ()
        if not places:
            self.notes.append(f"单元格 {source.cell if source else where} 的文字在文本框里，没有换，应为“{text}”。")
        elif not text or not places[0].signs():
            self.edits.append(Edit(places[0], 0, len(places[0].signs()), text))
        else:
            _put(places[0], 0, len(places[0].signs()), text)
            self.edits.extend(Edit(place, 0, len(place.signs()), "") for place in places[1:] if place.signs())

    def _record(self) -> None:
        """Writes the data part anew: what the document prints now, and what its bound controls show."""
        file = self.edited.file
        shown: dict[int, str] = {}
        for control in file.roots[file.main].iter(f"{W}sdt"):
            binding = control.find(f"{W}sdtPr/{W}dataBinding")
            number = _VALUE.search(binding.get(f"{W}xpath", "")) if binding is not None else None
            if number and binding.get(f"{W}storeItemID") == ITEM:
                shown[int(number[1])] = "".join(text.text or "" for text in control.iter(T))
        values = [shown.get(number, "") for number in range(1, max(shown, default=0) + 1)]
        made = msgspec.structs.replace(self.record, items=tuple(self.items))
        for name in file.names():
            if re.fullmatch(r"customXml/item\d+\.xml", name):
                root: Any = file.part(name)
                if root is not None and root.tag == f"{{{NAMESPACE}}}account":
                    file.roots[name] = etree.fromstring(to_xml(made, values))
                else:
                    file.roots.pop(name)


def located(was: PrintedParagraph, now: str) -> Iterator[PlacedPiece]:
    """Where the pieces of a printed paragraph stand now, in order; those whose edges were changed are left out."""
    old, new = spaceless(was.text), spaceless(now)
    moves = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    start = done = 0
    for piece in was.pieces:
        end = start + len(spaceless(piece.text))
        if piece.kind != "words":
            left, right = _edge(start, moves, len(new), True), _edge(end, moves, len(new), False)
            if left is not None and right is not None and done <= left <= right:
                yield PlacedPiece(piece, left, right)
                done = right
        start = end


def _edge(at: int, moves: Iterable[tuple[str, int, int, int, int]], length: int, begins: bool) -> int | None:
    """Where an edge between two old signs stands now: beside the fixed sign outside of the piece, if that is there."""
    outside = at - 1 if begins else at
    if outside < 0:
        return 0
    for tag, a, b, c, _ in moves:
        if tag == "equal" and a <= outside < b:
            return c + outside - a + (1 if begins else 0)
    last = max((b for _, _, b, _, _ in moves), default=0)
    return length if outside >= last else None


def _put(place: TextPlace, start: int, end: int, text: str) -> None:
    """Writes `text` over signs of a paragraph, in the element that prints the first of them: controls stay."""
    signs = [sign for sign in place.signs()[start:end] if sign[1] is not None and sign[1].tag == T]
    if not signs:
        return
    first = signs[0][1]
    for element in dict.fromkeys(sign[1] for sign in signs):
        offsets = [sign[2] for sign in signs if sign[1] is element]
        whole = element.text or ""
        inside = text if element is first else ""
        element.text = whole[: min(offsets)] + inside + whole[max(offsets) + 1 :]
        element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
