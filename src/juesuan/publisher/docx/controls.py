"""Content controls (内容控件): what of the DOCX is the account's, and what whoever edits it may write.

A figure, a share, a direction or a list stands with the words around it (减少325.92万元) in a control that is locked
against typing and numbered in a data part; a text of the unit stands in one that cannot be deleted but may be written
in. The texts are not bound: a program that keeps the data part as it was would have Word undo what was written.

Only a bare figure is bound (w:dataBinding), in a control of plain text; all else stands in one of rich text, for
LibreOffice 7.4 writes ideographs in a control of plain text twice, and leaves out its line breaks.

A word processor sets a little space between ideographs and figures, but LibreOffice none at the edge of a control.
So controls of running text end between two ideographs or at punctuation, where there is no such space.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from xml.sax.saxutils import escape

from juesuan.publisher import binding
from juesuan.publisher.document import Bound, Document, GridCell, Text, printable
from juesuan.publisher.pages import FIGURE

UNITS = ("万元", "人次", "平方米")
"""Units of more than one sign that stay with their figure."""
WORDS_BEFORE = 2
"""So many ideographs before a figure are taken into its control."""


class Controls:
    """The controls of one document, numbered in order; each locked one has its value in the data part."""

    def __init__(self, document: Document) -> None:
        self.kept = bool(document.profile)
        """Whether the document is one that is taken back."""
        self.values: list[str] = []
        """What the bound controls show."""
        self.printed = binding.PrintedRecord()
        self._number = 0

    def wrapped(self, runs: str, text: str, keys: Sequence[str], *, locked: bool) -> str:
        """The runs inside a control with the meaning `keys`; as they are in a document that is not taken back."""
        if not self.kept or not text:
            return runs
        self._number += 1
        name = together(keys)
        bound = ""
        kind = "<w:richText/>"
        if locked and FIGURE.fullmatch(text):
            self.values.append(text)
            kind = "<w:text/>"
            path = binding.PATH.format(len(self.values))
            bound = (
                f'<w:dataBinding w:prefixMappings="{binding.MAPPING}" w:xpath="{path}" '
                f'w:storeItemID="{binding.ITEM}"/>'
            )
        alias = f"{binding.ALIAS_LOCKED if locked else binding.ALIAS_OPEN}{name}"[:binding.NAME_LENGTH]
        tag = f"{binding.TAG_LOCKED if locked else binding.TAG_OPEN}{self._number}:{name}"[:binding.NAME_LENGTH]
        lock = "sdtContentLocked" if locked else "sdtLocked"
        return (
            f'<w:sdt><w:sdtPr><w:alias w:val="{_quoted(alias)}"/><w:tag w:val="{_quoted(tag)}"/>'
            f'<w:id w:val="{self._number}"/><w:lock w:val="{lock}"/>{bound}{kind}</w:sdtPr>'
            f"<w:sdtContent>{runs}</w:sdtContent></w:sdt>"
        )


    def paragraph(self, text: Text, runs: Callable[[int, int], str]) -> str:
        """The content of a paragraph with its controls; `runs` sets the text between two offsets."""
        if not self.kept or not text.bound:
            if self.kept:
                self.printed.paragraph([binding.words(text.text)], text.key)
            return runs(0, len(text.text))
        result: list[str] = []
        noted: list[str] = []
        done = 0
        for start, end, bounds in regions(text.text, text.bound):
            keys, words, locked = [bound.key for bound in bounds], text.text[start:end], bounds[0].kind != "text"
            if start > done:
                result.append(runs(done, start))
                noted.append(binding.words(text.text[done:start]))
            result.append(self.wrapped(runs(start, end), words, keys, locked=locked))
            noted.append((binding.figure if locked else binding.open_text)(together(keys), words))
            done = end
        if done < len(text.text):
            result.append(runs(done, len(text.text)))
            noted.append(binding.words(text.text[done:]))
        self.printed.paragraph(noted, text.key)
        return "".join(result)

    def plain(self, text: str) -> None:
        """Notes a paragraph without controls that is printed."""
        if self.kept:
            self.printed.paragraph([binding.words(text)])

    def cell(self, place: GridCell, above: int, runs: str) -> tuple[str, str]:
        """The content of a cell with its control, and how it is noted; `above` counts the rows of the header."""
        cell = place.cell
        if not self.kept:
            return runs, ""
        noted = binding.cell(above + place.row, place.column, cell.text, key=cell.binding, editable=cell.editable)
        if not cell.binding:
            return runs, noted
        return self.wrapped(runs, cell.text, [cell.binding], locked=not cell.editable), noted

    def data(self, document: Document) -> bytes:
        """The data part of the document."""
        return self.printed.xml(document, self.values)


def together(keys: Sequence[str]) -> str:
    """The meaning of a control that holds several things: 减少 and the amount behind it."""
    return "；".join(keys)


def _quoted(text: str) -> str:
    return escape(printable(text), {'"': "&quot;"})


def regions(text: str, bounds: Sequence[Bound]) -> list[tuple[int, int, list[Bound]]]:
    """The stretches of a paragraph that controls hold, none overlapping, each with what it holds."""
    result: list[tuple[int, int, list[Bound]]] = []
    ordered = sorted((bound for bound in bounds if bound.end > bound.start), key=lambda each: each.start)
    for bound, following in pairwise([*ordered, None]):
        assert bound is not None
        floor = result[-1][1] if result else 0
        if bound.start < floor:
            # Inside the control before it, or in its unit.
            if result[-1][2][0].kind != "text":
                start, end, held = result[-1]
                result[-1] = (start, max(end, bound.end), [*held, bound])
            continue
        ceiling = following.start if following else len(text)
        start, end = (bound.start, bound.end) if bound.kind == "text" else _widened(text, bound, floor, ceiling)
        held = [bound]
        while result and bound.kind == "figure" and result[-1][2][-1].kind == "direction" and result[-1][1] >= start:
            # 减少 and the amount after it are one statement.
            before = result.pop()
            start, held = before[0], [*before[2], *held]
        result.append((start, end, held))
    return result


def _widened(text: str, bound: Bound, floor: int, ceiling: int) -> tuple[int, int]:
    """A stretch with a few words before it and its unit, so that it ends where no space is set."""
    start, end = bound.start, bound.end
    if bound.kind == "figure":
        for _ in range(WORDS_BEFORE):
            if start > floor and _ideograph(text[start - 1]):
                start -= 1
        if end < ceiling and text[end] in "%％":
            end += 1
        unit = next((unit for unit in UNITS if text.startswith(unit, end)), "")
        if unit or (end < ceiling and _ideograph(text[end]) and not _ideograph(text[end - 1])):
            end = min(ceiling, end + max(1, len(unit)))
    while start > floor and _spaced(text[start - 1], text[start]):
        start -= 1
    while end < ceiling and _spaced(text[end - 1], text[end]):
        end += 1
    return start, end


def _ideograph(sign: str) -> bool:
    return "㐀" <= sign <= "鿿"


def _spaced(left: str, right: str) -> bool:
    """Whether a word processor sets space between two signs: an ideograph beside a letter or figure."""
    pair = (left, right)
    return any(_ideograph(sign) for sign in pair) and any(sign.isascii() and sign.isalnum() for sign in pair)
