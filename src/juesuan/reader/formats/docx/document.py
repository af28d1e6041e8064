"""DOCX files read from their XML, without a library between: quick, and robust where files are damaged or odd.

Text that was struck out by a tracked change, hidden text and instructions of fields are not printed and not read;
automatic numbers are printed and read. Texts are counted without those inside tables: “第12段”.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from juesuan.account import Source, Unplaced, UnreadableFileError, cell_name
from juesuan.reader.formats.docx.numbering import VAL, Numbering, W, number
from juesuan.reader.formats.grids import table_of
from juesuan.reader.formats.package import DAMAGED, Package, PartError
from juesuan.reader.formats.places import DocxIndex, Piece, TextPlace
from juesuan.reader.formats.spacing import tidy, tidy_tabs
from juesuan.reader.raw import RawBlock, RawCell, RawDocument, RawTable, RawText

_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_MATH_TEXT = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
_BOX_KINDS = {f"{W}drawing", f"{W}pict", f"{W}object"}
_SKIPPED = {
    f"{W}{name}"
    for name in ("del", "moveFrom", "pPr", "rPr", "sdtPr", "tblPr", "trPr", "tcPr", "delText", "instrText")
}
_SIGNS = {f"{W}tab": "\t", f"{W}ptab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
_SYMBOLS = {"52": "☑", "54": "☒", "FE": "☑", "FD": "☒", "A8": "□", "A3": "□", "6F": "□", "FC": "√", "6E": "■"}
"""The ticks of forms in the fonts of symbols (Wingdings and its like), by the last two digits of their code."""
_DEEPEST = 60
"""Tables and boxes inside each other."""


def read_docx(path: Path, *, name: str = "") -> RawDocument:
    """Read a DOCX file; `name` is how its sources call it. Raises UnreadableFileError."""
    with Package(path) as package:
        return _Reader(package, name or path.name).document()


def index_docx(path: Path, *, name: str = "") -> DocxIndex:
    """The document as `read_docx` gives it, with the elements that the text of every source stands in.

    Raises UnreadableFileError.
    """
    with Package(path) as package:
        reader = _Reader(package, name or path.name)
        raw = reader.document()
        stands = {source for source, _ in raw.texts()}
        places = {source: found for source, found in reader.places.items() if source in stands}
        return DocxIndex(raw, places, dict(reader.roots), dict(reader.lines))


class _Row(msgspec.Struct):
    element: Any
    cells: list[Any]


class _Reader:
    def __init__(self, package: Package, file: str) -> None:
        self.file = file
        self.notes: list[str] = []
        self.unplaced: list[Unplaced] = []
        self.paragraphs = 0
        self.tables = 0
        self.depth = 0
        self.fields: list[bool] = []
        """The fields that are open: whether what stands now is their result (printed) or their instruction."""
        self.boxes: list[Any] = []
        self.boxed = 0
        """How many text boxes, one inside the other, are being read."""
        self.places: dict[Source, tuple[TextPlace, ...]] = {}
        self.lines: dict[Source, tuple[Any, ...]] = {}
        """The rows of each table, by the source of the table."""
        self.roots: dict[str, Any] = {}
        self.made: dict[int, tuple[RawText, TextPlace]] = {}
        """Every text by identity, with the place that it was read from."""
        main = package.main("word/document.xml")
        try:
            root = package.xml(main)
        except PartError as error:
            raise UnreadableFileError(f"{error}。{DAMAGED}") from error
        self.roots[main] = root
        self.body = root.find(f"{W}body")
        if self.body is None:
            raise UnreadableFileError(f"不是 Word 文档正文。{DAMAGED}")
        self.parts = self._parts(package, main)
        self.outline: dict[str, int] = {}
        self.listed: dict[str, tuple[str, int]] = {}
        self._styles()
        self.numbering = Numbering(self.parts.get("numbering"))

    def _parts(self, package: Package, main: str) -> dict[str, Any]:
        """The roots of the other parts that are read: without them the text is still there."""
        folder = main.rsplit("/", 1)[0]
        names = {kind: f"{folder}/{kind}.xml" for kind in ("styles", "numbering", "footnotes", "endnotes")}
        try:
            names.update((kind, target) for kind, target in package.relations(main).values() if kind in names)
        except PartError as error:
            self.notes.append(f"{error}。")
        parts: dict[str, Any] = {}
        for kind, target in names.items():
            if target in package:
                try:
                    parts[kind] = package.xml(target)
                    if kind in ("footnotes", "endnotes"):
                        self.roots[target] = parts[kind]
                except PartError as error:
                    self.notes.append(f"{error}，标题级别、自动编号或脚注可能不全。")
        return parts

    def _styles(self) -> None:
        root = self.parts.get("styles")
        if root is None:
            return
        own: dict[str, tuple[str, int | None, tuple[str, int] | None]] = {}
        for style in root.iter(f"{W}style"):
            name, based = style.find(f"{W}name"), style.find(f"{W}basedOn")
            words = (name.get(VAL, "") if name is not None else "").lower().split()
            level = _outline(style.find(f"{W}pPr"))
            if level is None and len(words) == 2 and words[0] in ("heading", "标题") and words[1].isdigit():
                level = int(words[1])
            if words[:1] == ["toc"]:
                level = 0
            own[style.get(f"{W}styleId", "")] = (
                based.get(VAL, "") if based is not None else "", level, _list_of(style.find(f"{W}pPr")),
            )  # fmt: skip
        for key in own:
            at, seen = key, 0
            while at in own and seen < 30:
                based_on, level, listed = own[at]
                if level is not None:
                    self.outline.setdefault(key, level)
                if listed is not None:
                    self.listed.setdefault(key, listed)
                at, seen = based_on, seen + 1

    def document(self) -> RawDocument:
        blocks = list(self._flow(self.body))
        for kind in ("footnotes", "endnotes"):
            for note in self.parts.get(kind, ()):
                if note.get(f"{W}type") is None:
                    blocks.extend(self._flow(note))
        if not blocks:
            self.notes.append("文档中没有文字和表格（可能全是图片）。")
        return RawDocument(
            self.file, "docx", tuple(blocks), unplaced=tuple(self.unplaced), notes=tuple(dict.fromkeys(self.notes))
        )

    def _flow(self, parent: Any) -> Iterator[RawBlock]:
        """The paragraphs and tables among the children, wrappers (content controls, tracked insertions) opened."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise UnreadableFileError(f"表格或文本框嵌套过深。{DAMAGED}")
        for child in _children(parent):
            if child.tag == f"{W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{W}tbl":
                yield from self._table(child)
            elif child.tag == f"{W}altChunk":
                self.notes.append("文档中嵌入了另一个文件（altChunk），其内容没有读到，请用 Word 打开后另存。")
        self.depth -= 1

    def _paragraph(self, element: Any) -> Iterator[RawBlock]:
        if not len(element):
            return
        outer, self.boxes = self.boxes, []
        pieces: list[Piece] = []
        self._runs(element, pieces)
        # The instruction of a field ends with its paragraph, or a damaged one would swallow all that follows.
        self.fields = [result for result in self.fields if result]
        found, self.boxes = self.boxes, outer
        properties = element.find(f"{W}pPr")
        style = _value(properties, "pStyle")
        label = self._label(properties, style)
        text = tidy_tabs(label + "".join(piece for piece, _ in pieces))
        if text:
            self.paragraphs += 1
            level = _outline(properties)
            heading = self.outline.get(style, 0) if level is None else level
            block = RawText(text, Source(file=self.file, paragraph=self.paragraphs), heading)
            place = TextPlace(element, ((label, None), *pieces), self.boxed > 0)
            self.made[id(block)] = (block, place)
            if block.source:
                self.places[block.source] = (place,)
            yield block
        for box in found:
            fields, self.fields = self.fields, []
            self.boxed += 1
            yield from self._flow(box)
            self.boxed -= 1
            self.fields = fields

    def _label(self, properties: Any, style: str) -> str:
        listed = _list_of(properties) or self.listed.get(style)
        if listed is None or listed[0] in ("", "0"):
            return ""
        label = self.numbering.label(*listed, style)
        return f"{label} " if label else ""

    def _runs(self, parent: Any, pieces: list[Piece]) -> None:
        """The printed text under an element of a paragraph; text boxes are put aside."""
        stack = [iter(parent)]
        while stack:
            child = next(stack[-1], None)
            if child is None:
                stack.pop()
                continue
            tag = child.tag
            if tag in (f"{W}t", _MATH_TEXT):
                if all(self.fields):
                    pieces.append((child.text or "", child))
            elif tag in _SIGNS:
                if all(self.fields):
                    pieces.append((_SIGNS[tag], child))
            elif tag == f"{W}sym":
                code = child.get(f"{W}char", "").upper()
                sign = _SYMBOLS.get(code[-2:], "") if code[:2] in ("F0", "00") else _character(code)
                pieces.append((sign, child))
            elif tag == f"{W}fldChar":
                self._field(child, pieces)
            elif tag in _BOX_KINDS:
                self.boxes.extend(_contents(child))
            elif tag == f"{_MC}AlternateContent":
                stack.append(iter(_alternative(child)))
            elif tag in _SKIPPED or (tag == f"{W}r" and _hidden(child)):
                continue
            elif isinstance(tag, str):
                stack.append(iter(child))

    def _field(self, mark: Any, pieces: list[Piece]) -> None:
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            self.fields.append(False)
            box = mark.find(f"{W}ffData/{W}checkBox")
            if box is not None:
                states = [box.find(f"{W}{name}") for name in ("checked", "default")]
                state = next((found for found in states if found is not None), None)
                ticked = state is not None and state.get(VAL, "1") in ("1", "true", "on")
                pieces.append(("☑" if ticked else "□", None))
        elif kind == "separate" and self.fields:
            self.fields[-1] = True
        elif kind == "end" and self.fields:
            self.fields.pop()

    def _table(self, element: Any) -> Iterator[RawBlock]:
        self.tables += 1
        place = Source(file=self.file, sheet=f"表格{self.tables}")
        counted = self.paragraphs
        cells: list[RawCell] = []
        nested: list[RawTable] = []
        flow: list[RawBlock] = []
        above: dict[int, int] = {}
        """By column, the cell that a merged cell below it would go on with: its index among `cells`."""
        rows = list(_rows(element))
        self.lines[place] = tuple(line.element for line in rows)
        texts: list[tuple[TextPlace, ...]] = []
        """Beside `cells`, what each is made of."""
        for row, line in enumerate(rows):
            column = min(number(_value(line.element.find(f"{W}trPr"), "gridBefore")), 1000)
            open_above, above = above, {}
            for cell in line.cells:
                properties = cell.find(f"{W}tcPr")
                span = max(1, min(number(_value(properties, "gridSpan"), 1), 1000))
                blocks = list(self._flow(cell))
                own = [block for block in blocks if isinstance(block, RawText)]
                text = tidy("\n".join(block.text for block in own))
                made = tuple(self.made[id(block)][1] for block in own) or _emptiness(cell)
                nested.extend(block for block in blocks if isinstance(block, RawTable))
                flow.extend(blocks)
                source = msgspec.structs.replace(place, cell=cell_name(row, column))
                upper = open_above.get(column)
                if _merged_left(properties) and cells and cells[-1].row == row:
                    last = cells[-1]
                    joined = f"{last.text}\n{text}"
                    cells[-1] = msgspec.structs.replace(last, text=tidy(joined), colspan=last.colspan + span)
                    texts[-1] = (*texts[-1], *made)
                elif _merged_up(properties) and upper is not None and cells[upper].colspan == span:
                    cells[upper] = msgspec.structs.replace(cells[upper], rowspan=cells[upper].rowspan + 1)
                    above[column] = upper
                    if text:
                        self.unplaced.append(Unplaced(text, source))
                else:
                    above[column] = len(cells)
                    cells.append(RawCell(text, row, column, 1, span, source))
                    texts.append(made)
                column += span
        table, note = table_of(cells, place, len(rows))
        if note:
            self.notes.append(note)
        if table.width <= 1:
            # A frame around text, not a table.
            self.tables -= 0 if nested else 1
            yield from flow
            return
        self.paragraphs = counted
        self.places.update((cell.source, made) for cell, made in zip(cells, texts, strict=True) if cell.source)
        if any(cell.text for cell in cells) or not nested:
            yield table
        yield from nested


def _emptiness(cell: Any) -> tuple[TextPlace, ...]:
    """The first paragraph of a cell without text: where text would stand."""
    return tuple(TextPlace(child, (), False) for child in _children(cell) if child.tag == f"{W}p")[:1]


def _children(parent: Any) -> Iterator[Any]:
    """The children that are content, wrappers opened, alternatives chosen, deletions left out."""
    stack = [iter(parent)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag in (f"{W}sdt", f"{W}sdtContent", f"{W}customXml", f"{W}smartTag", f"{W}ins", f"{W}moveTo"):
            stack.append(iter(child))
        elif child.tag == f"{_MC}AlternateContent":
            stack.append(iter(_alternative(child)))
        elif child.tag not in _SKIPPED:
            yield child


def _rows(table: Any) -> Iterator[_Row]:
    for row in _children(table):
        if row.tag == f"{W}tr" and row.find(f"{W}trPr/{W}del") is None:
            cells = [cell for cell in _children(row) if cell.tag == f"{W}tc"]
            if cells:
                yield _Row(row, cells)


def _alternative(element: Any) -> Any:
    """One of the forms in which a thing is given twice: the newer, which every text box has."""
    for name in ("Choice", "Fallback"):
        found = element.find(f"{_MC}{name}")
        if found is not None:
            return found
    return ()


def _contents(drawing: Any) -> Iterator[Any]:
    """The outermost text boxes of a drawing, of its chosen form."""
    stack = [iter(drawing)]
    while stack:
        child = next(stack[-1], None)
        if child is None:
            stack.pop()
        elif child.tag == f"{W}txbxContent":
            yield child
        elif child.tag == f"{_MC}AlternateContent":
            stack.append(iter(_alternative(child)))
        else:
            stack.append(iter(child))


def _value(properties: Any, name: str) -> str:
    child = properties.find(f"{W}{name}") if properties is not None else None
    return "" if child is None else child.get(VAL, "")


def _outline(properties: Any) -> int | None:
    """The level of heading that the properties give: 1 to 9, 0 for text, None where they say nothing."""
    level = _value(properties, "outlineLvl")
    return None if not level else (number(level, 9) + 1) % 10 if 0 <= number(level, 9) <= 9 else 0


def _list_of(properties: Any) -> tuple[str, int] | None:
    found = properties.find(f"{W}numPr") if properties is not None else None
    if found is None:
        return None
    return _value(found, "numId"), number(_value(found, "ilvl"))


def _hidden(run: Any) -> bool:
    mark = run.find(f"{W}rPr/{W}vanish")
    return mark is not None and mark.get(VAL, "1") not in ("0", "false", "off")


def _merged_up(properties: Any) -> bool:
    mark = properties.find(f"{W}vMerge") if properties is not None else None
    return mark is not None and mark.get(VAL, "continue") != "restart"


def _merged_left(properties: Any) -> bool:
    mark = properties.find(f"{W}hMerge") if properties is not None else None
    return mark is not None and mark.get(VAL, "continue") != "restart"


def _character(code: str) -> str:
    try:
        return chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
