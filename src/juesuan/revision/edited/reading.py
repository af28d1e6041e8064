"""What was edited in a DOCX of ours: texts to take back, figures that somebody changed, and what cannot be taken."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Literal

import msgspec

from juesuan.account import Source, spaceless
from juesuan.publisher import ADDED
from juesuan.publisher.binding import PrintedParagraph, PrintedPiece, PrintedTable
from juesuan.revision.edited.alignment import aligned
from juesuan.revision.edited.document import EditedDocx, StandingParagraph, StandingTable
from juesuan.revision.edited.paragraphs import compare

GAP = "【待填："
"""How the mark of a text begins that nobody has written yet."""

RemarkKind = Literal["数字", "文字", "段落", "表格", "其他"]


class TakenText(msgspec.Struct, frozen=True):
    """A text of the unit that was written or changed in the document, by its key; `old` is what was printed."""

    key: str
    text: str
    old: str
    source: Source | None


class HandFigure(msgspec.Struct, frozen=True):
    """A figure (or direction, share, list) that was changed by hand: what stands there, and what was printed."""

    key: str
    now: str
    printed: str
    source: Source | None
    place: str
    """The paragraph or table that it stands in."""


class Remark(msgspec.Struct, frozen=True):
    """Something in the document that was not taken, or was taken with a reservation; in Chinese."""

    kind: RemarkKind
    text: str
    source: Source | None = None


class Edits(msgspec.Struct):
    """All that was found edited."""

    texts: list[TakenText] = []
    figures: list[HandFigure] = []
    remarks: list[Remark] = []


def read_edits(edited: EditedDocx, places: Iterable[str]) -> Edits:
    """What was edited since the document was made; `places` are those behind which paragraphs can be added."""
    return _Reading(edited, frozenset(places)).edits()


class _Reading:
    def __init__(self, edited: EditedDocx, places: frozenset[str]) -> None:
        self.edited = edited
        self.places = places
        self.found = Edits()
        self.lines: dict[str, list[tuple[str, str, Source | None]]] = {}
        """Of texts whose lines are paragraphs: each line as printed and as it is now."""
        self.single: dict[str, list[TakenText]] = {}
        self.unchanged: set[str] = set()
        self.added: dict[str, list[tuple[str, Source | None]]] = {}
        self.gone: list[PrintedParagraph] = []

    def edits(self) -> Edits:
        printed, standing = self.edited.printed.items, self.edited.items
        anchor = -1
        new: list[tuple[int, StandingParagraph]] = []
        for a, b in aligned(printed, standing):
            if a is None and b is not None:
                item = standing[b]
                if isinstance(item, StandingTable):
                    self._remark("表格", f"增加的表“{_short(''.join(item.cells.values()))}”没有收进决算。", None)
                else:
                    new.append((anchor, item))
                continue
            if a is None:
                continue
            anchor = a
            was = printed[a]
            if b is None:
                self._lost(was)
            elif isinstance(was, PrintedTable):
                now = standing[b]
                if isinstance(now, StandingTable):
                    self._table(was, now)
            else:
                now = standing[b]
                if isinstance(now, StandingParagraph):
                    self._paragraph(was, now)
        self._new(new)
        self._whole_texts()
        self._single_texts()
        if self.edited.tracked:
            count = self.edited.tracked
            told = f"文件里有 {count} 处没有接受也没有拒绝的修订，按全部接受后的文字取回；请在 Word 里接受或拒绝。"
            self._remark("其他", told)
        for text in self.edited.apart:
            self._remark("其他", f"文本框或脚注里的文字没有收进决算：“{_short(text)}”。")
        return self.found

    def _remark(self, kind: RemarkKind, text: str, source: Source | None = None) -> None:
        self.found.remarks.append(Remark(kind, text, source))

    def _paragraph(self, was: PrintedParagraph, now: StandingParagraph) -> None:
        line = _line_of(was)
        if line:
            changed = spaceless(was.text) != spaceless(now.text)
            self.lines.setdefault(line, []).append((was.text, now.text if changed else was.text, now.source))
            return
        found = compare(was, now.text)
        for piece in was.pieces:
            if piece.kind == "text" and all(change.piece is not piece for change in found.texts):
                self.unchanged.add(piece.key)
        for change in found.texts:
            self._single(change.piece, change.now, now.source)
        for change in found.figures:
            self.found.figures.append(_figure(change.piece, change.now, now.source, was.place))
        for piece in found.unclear:
            told = f"“{piece.key}”的文字和前后固定的句子一起改了，分不出来，没有收：“{_short(now.text)}”。"
            self._remark("文字", told, now.source)
        if found.words:
            told = "固定的句子改写了，新文本仍用口径的写法（要保留改写，用 --layout edited）。"
            self._remark("段落", f"{told}原来：“{was.text}”；现在：“{now.text}”。", now.source)

    def _single(self, piece: PrintedPiece, text: str, source: Source | None) -> None:
        if not text.strip():
            self._remark("文字", f"“{piece.key}”的文字删空了，没有收，决算仍用原来的：“{_short(piece.text)}”。", source)
            return
        self.single.setdefault(piece.key, []).append(TakenText(piece.key, text, piece.text, source))

    def _table(self, was: PrintedTable, now: StandingTable) -> None:
        cells = {(cell.row, cell.column): cell for cell in was.cells}
        name = was.place.removeprefix("表·")
        if set(cells) != set(now.cells):
            self._remark("表格", f"“{name}”的行或列改动过，表格按决算重新生成。")
        for where, cell in cells.items():
            text = now.cells.get(where)
            if text is None or spaceless(text) == spaceless(cell.text):
                continue
            source = now.sources.get(where)
            if cell.kind == "figure":
                self.found.figures.append(_figure(cell, text, source, was.place))
            elif cell.kind == "text":
                self._single(cell, text, source)
            else:
                self._remark("表格", f"“{name}”的栏目或名称改动过，没有收：原来“{cell.text}”，现在“{text}”。", source)
        for where in set(now.cells) - set(cells):
            if now.cells[where]:
                told = f"“{name}”增加的单元格没有收：“{_short(now.cells[where])}”。"
                self._remark("表格", told, now.sources.get(where))

    def _lost(self, was: PrintedParagraph | PrintedTable) -> None:
        if isinstance(was, PrintedTable):
            self._remark("表格", f"“{was.place.removeprefix('表·')}”整张删去了，新文本里仍有。")
            return
        line = _line_of(was)
        if line:
            self.lines.setdefault(line, []).append((was.text, "", None))
            return
        self.gone.append(was)

    def _new(self, new: list[tuple[int, StandingParagraph]]) -> None:
        """Paragraphs that were added: moved ones and copies of printed ones are not the unit's own words."""
        gone = Counter(spaceless(was.text) for was in self.gone)
        copies = {
            spaceless(item.text): item
            for item in self.edited.printed.items
            if isinstance(item, PrintedParagraph) and any(piece.kind == "figure" for piece in item.pieces)
        }
        for anchor, item in new:
            signs = spaceless(item.text)
            if gone[signs]:
                gone[signs] -= 1
                self._remark("段落", f"段落移动了位置，新文本里仍在原处：“{_short(item.text)}”。", item.source)
            elif signs in copies:
                self._remark(
                    "段落",
                    f"复制的段落含有决算数，没有收（原来的一段照旧）；确要再写一遍，请改成自己的话：“{_short(item.text)}”。",
                    item.source,
                )
            else:
                self._add(anchor, item)
        for was in self.gone:
            if gone[spaceless(was.text)]:
                gone[spaceless(was.text)] -= 1
                self._remark("段落", f"这一段删去了，新文本里仍有（公开的内容由口径规定）：“{_short(was.text)}”。")

    def _add(self, anchor: int, item: StandingParagraph) -> None:
        printed = self.edited.printed.items
        while anchor >= 0:
            was = printed[anchor]
            line = _line_of(was) if isinstance(was, PrintedParagraph) else ""
            if line:
                self.lines.setdefault(line, []).append(("", item.text, item.source))
                return
            place = self._place(anchor)
            if place:
                self.added.setdefault(place, []).append((item.text, item.source))
                return
            anchor -= 1
        self._remark("段落", f"封面处增加的文字没有收进决算：“{_short(item.text)}”。", item.source)

    def _place(self, anchor: int) -> str:
        """The place to add behind: that of the item, or of the last note below a table."""
        printed = self.edited.printed.items
        place = printed[anchor].place
        if place in self.places:
            return place
        if not place.startswith("表·"):
            return ""
        table = "·".join(place.split("·")[:2])
        notes = [item.place for item in printed if item.place.startswith(f"{table}·")]
        return next((note for note in reversed(notes) if note in self.places), "")

    def _whole_texts(self) -> None:
        """Texts whose lines are paragraphs, and paragraphs added anew."""
        for key, lines in self.lines.items():
            old = "\n".join(line for line, _, _ in lines if line)
            text = "\n".join(line.strip() for _, line, _ in lines if line.strip())
            source = next((place for _, _, place in lines if place), None)
            if text == old:
                continue
            if not text and not key.startswith(f"{ADDED}:"):
                self._remark("文字", f"“{key}”的文字删去了，没有收，决算仍用原来的：“{_short(old)}”。", source)
                continue
            self.found.texts.append(TakenText(key, text, old, source))
        for place, added in self.added.items():
            text = "\n".join(line for line, _ in added)
            self.found.texts.append(TakenText(f"{ADDED}:{place}", text, "", added[0][1]))
            if any(sign.isdigit() for sign in text):
                self._remark("段落", f"增加的段落里有数字，以后不随决算变动，请核对：“{_short(text)}”。", added[0][1])

    def _single_texts(self) -> None:
        for key, taken in self.single.items():
            different = {spaceless(each.text) for each in taken}
            if len(different) > 1:
                quoted = "；".join(f"“{_short(each.text)}”" for each in taken)
                self._remark("文字", f"“{key}”在几处改得不一样，没有收，请改成一样的：{quoted}。", taken[0].source)
                continue
            self.found.texts.append(taken[0])
            if key in self.unchanged:
                self._remark("文字", f"“{key}”印在几处，只改了一处；新文本各处都用改后的文字。", taken[0].source)


def _figure(piece: PrintedPiece, now: str, source: Source | None, place: str) -> HandFigure:
    return HandFigure(piece.key, now, piece.text, source, place)


def _line_of(was: PrintedParagraph) -> str:
    """The key of the text that a paragraph is a line of; empty for any other paragraph."""
    only = was.pieces[0] if len(was.pieces) == 1 else None
    if only is None or only.kind != "text":
        return ""
    return only.key


def _short(text: str, length: int = 60) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= length else flat[: length - 1] + "…"
