"""Content controls of our own documents: those that keep a text from being changed are opened where it must be.

A figure stands in a control that is locked and shows what the data part says: a correction inside of it could not be
accepted, and Word would put the old figure back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from juesuan.publisher.binding import ALIAS_LOCKED, ALIAS_OPEN, ITEM, NAMESPACE, TAG_LOCKED, TAG_OPEN
from juesuan.revision.docx.names import VAL, W

if TYPE_CHECKING:
    from juesuan.revision.docx.package import DocxFile

SDT, CONTENT = f"{W}sdt", f"{W}sdtContent"
_TAG = re.compile(f"(?:{re.escape(TAG_LOCKED)}|{re.escape(TAG_OPEN)})\\d+:")
_FOLDER = "customXml/"


def own(control: Any) -> bool:
    """Whether a content control is one that we made, by its binding, its tag or its title."""
    properties = control.find(f"{W}sdtPr")
    if properties is None:
        return False
    binding = properties.find(f"{W}dataBinding")
    if binding is not None:
        return bool(binding.get(f"{W}storeItemID") == ITEM)
    tag, alias = (_value(properties, name) for name in ("tag", "alias"))
    return bool(_TAG.match(tag)) or (not tag and alias.startswith((ALIAS_LOCKED, ALIAS_OPEN)))


def bound_elsewhere(control: Any) -> bool:
    """Whether a content control shows data that are not ours: what it prints can only be changed there."""
    return control.find(f"{W}sdtPr/{W}dataBinding") is not None and not own(control)


def set_free(elements: Iterable[Any]) -> None:
    """Opens those of our controls around the elements in which nothing can be changed."""
    for element in elements:
        for ancestor in list(element.iterancestors(SDT)) if element is not None else ():
            if own(ancestor) and _closed(ancestor):
                _open(ancestor)


def release(file: DocxFile) -> None:
    """Opens all of our controls and leaves out the data part: the file becomes one like any other."""
    for control in list(file.roots[file.main].iter(SDT)):
        if own(control):
            _open(control)
    for name in list(_own_parts(file)):
        file.drop(name)


def _own_parts(file: DocxFile) -> Iterator[str]:
    """The names of our data part and of what belongs to it."""
    names = file.names()
    for name in names:
        folder, _, base = name.rpartition("/")
        if f"{folder}/" != _FOLDER or not base.startswith("item") or base.startswith("itemProps"):
            continue
        root = file.part(name)
        if root is not None and root.tag == f"{{{NAMESPACE}}}account":
            file.roots.pop(name)
            number = base.removeprefix("item")
            yield from (name, f"{_FOLDER}itemProps{number}", f"{_FOLDER}_rels/{base}.rels")


def _value(properties: Any, name: str) -> str:
    found = properties.find(f"{W}{name}")
    return "" if found is None else str(found.get(VAL, ""))


def _closed(control: Any) -> bool:
    properties = control.find(f"{W}sdtPr")
    locked = _value(properties, "lock") in ("sdtContentLocked", "contentLocked")
    return locked or properties.find(f"{W}dataBinding") is not None


def _open(control: Any) -> None:
    """Puts what stands in a control in its place."""
    content = control.find(CONTENT)
    for child in list(content if content is not None else ()):
        control.addprevious(child)
    control.getparent().remove(control)
