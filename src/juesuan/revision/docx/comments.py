"""Comments (批注) in a DOCX: the part that holds them, and the marks that say what each is about."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from juesuan.revision.docx.names import INS, MOVE_TO, PPR, P, R, W, made, put_after, text_element
from juesuan.revision.docx.runs import Reviser

_WITHIN = {f"{W}{name}" for name in ("hyperlink", "smartTag", "sdtContent", "fldSimple", "customXml")}


class Commenter:
    """Adds comments to a w:comments element; ids go on behind those that are there."""

    def __init__(self, root: Any, reviser: Reviser) -> None:
        self.root = root
        self.reviser = reviser
        used = [int(each.get(f"{W}id", "0")) for each in root if each.get(f"{W}id", "").isdigit()]
        self._next = max(used, default=-1) + 1

    def _made(self, text: str) -> str:
        key = str(self._next)
        self._next += 1
        comment = made(f"{W}comment", id=key, author=self.reviser.author, initials=self.reviser.author[:2])
        if self.reviser.date:
            comment.set(f"{W}date", self.reviser.date)
        for line in text.splitlines() or [""]:
            paragraph = made(P)
            run = made(R)
            run.append(text_element(line))
            paragraph.append(run)
            comment.append(paragraph)
        self.root.append(comment)
        return key

    def about(self, elements: list[Any], texts: Iterable[str]) -> None:
        """Comments on what the elements print, which stand in one paragraph in this order."""
        first, last = elements[0], elements[-1]
        if first.getparent() is not last.getparent() or first.getparent().tag in (INS, MOVE_TO):
            first, last = _outermost(first), _outermost(last)
        for text in texts:
            key = self._made(text)
            start, end, reference = _marks(key)
            first.addprevious(start)
            put_after(last, end)
            put_after(end, reference)

    def on_paragraph(self, paragraph: Any, texts: Iterable[str]) -> None:
        """Comments on a whole paragraph."""
        for text in texts:
            start, end, reference = _marks(self._made(text))
            properties = paragraph.find(PPR)
            paragraph.insert(0 if properties is None else paragraph.index(properties) + 1, start)
            paragraph.append(end)
            paragraph.append(reference)


def _outermost(element: Any) -> Any:
    """The child of the paragraph that an element stands in."""
    while element.getparent().tag != P:
        element = element.getparent()
    return element


def _marks(key: str) -> tuple[Any, Any, Any]:
    reference = made(R)
    reference.append(made(f"{W}commentReference", id=key))
    return made(f"{W}commentRangeStart", id=key), made(f"{W}commentRangeEnd", id=key), reference
