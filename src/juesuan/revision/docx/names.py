"""The names of the elements and attributes of WordprocessingML that revisions touch."""

from __future__ import annotations

from typing import Any

from lxml import etree

MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
W = f"{{{MAIN}}}"
COMPATIBLE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"

P, R, T, BR, RPR, PPR = f"{W}p", f"{W}r", f"{W}t", f"{W}br", f"{W}rPr", f"{W}pPr"
DEL, INS, MOVE_TO, DELETED_TEXT = f"{W}del", f"{W}ins", f"{W}moveTo", f"{W}delText"
ID, AUTHOR, DATE, INITIALS, VAL = f"{W}id", f"{W}author", f"{W}date", f"{W}initials", f"{W}val"


def made(tag: str, **attributes: str) -> Any:
    """An element of the main namespace with attributes of it."""
    element = etree.Element(tag, nsmap={"w": MAIN})
    for name, value in attributes.items():
        element.set(f"{W}{name}", value)
    return element


def text_element(text: str) -> Any:
    """A w:t with white space kept."""
    element = made(T)
    element.text = text
    element.set(SPACE, "preserve")
    return element


def put_after(element: Any, new: Any) -> None:
    """Puts `new` behind `element`, whose tail lxml would otherwise move along."""
    parent = element.getparent()
    parent.insert(parent.index(element) + 1, new)
