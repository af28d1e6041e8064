"""A copy of a stretch of a document, put beside it: without what a document may have but once."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from juesuan.revision.docx.names import R, W

Copies = dict[int, Any]
"""The copy of every element, by the identity of the element."""

_ONCE = {
    f"{W}{name}" for name in (
        "bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "permStart", "permEnd",
        "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd", "sectPr",
    )
}  # fmt: skip
"""What has a name or number of its own, or ends a section of the document."""
_REFERENCES = {f"{W}{name}" for name in ("commentReference", "footnoteReference", "endnoteReference")}
_NUMBERS = ("paraId", "textId")
"""Attributes (w14) that number paragraphs."""


def copied(element: Any) -> tuple[Any, Copies]:
    """A copy of an element, and which element of it is the copy of which.

    Bookmarks, comments and notes stay with the original; a control of content in the copy gets no number, and Word
    gives it one.
    """
    clone = deepcopy(element)
    copies = {id(old): new for old, new in zip(element.iter(), clone.iter(), strict=True)}
    for each in list(clone.iter()):
        if not isinstance(each.tag, str):
            continue
        for name in list(each.attrib):
            if name.rpartition("}")[2] in _NUMBERS:
                del each.attrib[name]
        alone = each.tag in _REFERENCES and each.getparent() is not None and each.getparent().tag == R
        own_number = each.tag == f"{W}id" and each.getparent() is not None and each.getparent().tag == f"{W}sdtPr"
        if alone:
            _take_out(each.getparent())
        elif each.tag in _ONCE or own_number:
            _take_out(each)
    return clone, copies


def _take_out(element: Any) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
