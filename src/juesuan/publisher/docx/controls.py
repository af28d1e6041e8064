"""Content controls (内容控件): what of the DOCX is the account's, and what whoever edits it may write.

A figure, a share, a direction or a list stands with the words around it (减少325.92万元) in a control that is locked
against typing and numbered in a data part; a text of the unit stands in one that cannot be deleted but may be written
in. The texts are not bound: a program that keeps the data part as it was would have Word undo what was written.

Only a bare figure is bound (w:dataBinding), in a control of plain text; all else stands in one of rich text, for
LibreOffice 7.4 writes ideographs in a control of plain text twice, and leaves out its line breaks.

Where the controls of running text begin and end: `juesuan.publisher.binding.regions`.
"""

from __future__ import annotations

from collections.abc import Callable
from xml.sax.saxutils import escape

from juesuan.publisher import binding
from juesuan.publisher.document import Cell, Document, Text, printable
from juesuan.publisher.pages import FIGURE


class Controls:
    """The controls of one document, numbered in order; each locked one has its value in the data part."""

    def __init__(self, document: Document) -> None:
        self.kept = bool(document.profile)
        """Whether the document is one that is taken back."""
        self.values: list[str] = []
        """What the bound controls show."""
        self._number = 0

    def wrapped(self, runs: str, text: str, name: str, *, locked: bool) -> str:
        """The runs inside a control with the meaning `name`; as they are in a document that is not taken back."""
        if not self.kept or not text:
            return runs
        self._number += 1
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
            return runs(0, len(text.text))
        result: list[str] = []
        done = 0
        for start, end, bounds in binding.regions(text.text, text.bound):
            if start > done:
                result.append(runs(done, start))
            locked = bounds[0].kind != "text"
            keys = binding.together(bounds)
            result.append(self.wrapped(runs(start, end), text.text[start:end], keys, locked=locked))
            done = end
        if done < len(text.text):
            result.append(runs(done, len(text.text)))
        return "".join(result)

    def cell(self, cell: Cell, runs: str) -> str:
        """The content of a cell with its control."""
        return self.wrapped(runs, cell.text, cell.binding, locked=not cell.editable) if cell.binding else runs


def _quoted(text: str) -> str:
    return escape(printable(text), {'"': "&quot;"})
