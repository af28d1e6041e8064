"""Stretches of a paragraph isolated into runs of their own and replaced, with a trace (w:del, w:ins) or without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from typing import Any

import msgspec

from juesuan.account import JuesuanError
from juesuan.revision.docx.controls import bound_elsewhere, set_free
from juesuan.revision.docx.names import (
    BR,
    DEL,
    DELETED_TEXT,
    INS,
    MOVE_TO,
    PPR,
    RPR,
    SPACE,
    R,
    T,
    W,
    made,
    put_after,
    text_element,
)

Sign = tuple[str, Any, int]
"""A printed sign, the element that prints it, its offset in that element."""

_TRACES = {f"{W}{name}" for name in ("rPrChange", "ins", "del", "moveFrom", "moveTo")}
_AFTER_HIGHLIGHT = {
    f"{W}{name}" for name in (
        "u", "effect", "bdr", "shd", "fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish",
        "oMath",
    )
}  # fmt: skip
"""What the schema wants behind w:highlight."""
_FIXED = {f"{W}{name}" for name in ("fldChar", "instrText", "drawing", "pict", "object", "footnoteReference",
                                     "endnoteReference", "commentReference")}  # fmt: skip
"""What a replaced run must not contain besides its text."""


class NotEditableError(JuesuanError):
    """A stretch of text cannot be changed in place; the message says why, in Chinese."""


class Reviser(msgspec.Struct, frozen=True):
    """Who changes a document, and when: `date` (ISO, to the second) is left out where it is empty."""

    author: str
    date: str = ""


def check_editable(signs: Sequence[Sign]) -> None:
    """Raises NotEditableError for a stretch that does not stand in plain runs."""
    for sign, element, _ in signs:
        if element is None:
            raise NotEditableError(f"“{sign}”是自动编号或勾选框，不是可以改写的文字")
        run = element.getparent()
        if run is None or run.tag != R:
            raise NotEditableError("这段文字在公式对象里")
    first = signs[0][1].getparent()
    for element in (sign[1] for sign in signs):
        run = element.getparent()
        if run is not first and any(child.tag in _FIXED for child in run):
            raise NotEditableError("这段文字中间有域或图")
    for ancestor in signs[0][1].iterancestors():
        if ancestor.tag == f"{W}sdt" and bound_elsewhere(ancestor):
            raise NotEditableError("这段文字在绑定数据的内容控件里，要在数据来源处更正")


def isolated(signs: Sequence[Sign]) -> list[Any]:
    """The runs that hold exactly the signs, those at the two ends split off. Raises NotEditableError."""
    check_editable(signs)
    set_free(element for _, element, _ in signs)
    (_, first, start), (_, last, end) = signs[0], signs[-1]
    _split(last, end + 1)
    first = _split(first, start)
    stop = last if last is not signs[0][1] else first
    between = [element for _, element, _ in signs if element is not signs[0][1] and element is not last]
    return list(dict.fromkeys(element.getparent() for element in (first, *between, stop)))


def _split(element: Any, offset: int) -> Any:
    """Has the run of `element` begin or end at `offset` of it; gives the element that begins there, or `element`."""
    text = element.text or "" if element.tag == T else "-"
    if offset <= 0:
        _split_before(element)
        return element
    following = element.getnext()
    if offset >= len(text):
        if following is not None:
            _split_before(following)
        return element
    tail = text_element(text[offset:])
    element.text = text[:offset]
    element.set(SPACE, "preserve")
    put_after(element, tail)
    _split_before(tail)
    return tail


def _split_before(child: Any) -> None:
    """Moves a child of a run and all behind it into a run of their own; nothing where it is the first already."""
    run = child.getparent()
    children = [each for each in run if each.tag != RPR]
    index = children.index(child)
    if not index:
        return
    new = made(R)
    properties = run.find(RPR)
    if properties is not None:
        new.append(deepcopy(properties))
    for each in children[index:]:
        new.append(each)
    put_after(run, new)


def run_like(run: Any, text: str, *, colour: str = "") -> Any:
    """A run that prints `text` as `run` prints its own, highlighted in a colour where one is given."""
    new = made(R)
    properties = run.find(RPR) if run is not None else None
    if properties is not None:
        copied = deepcopy(properties)
        for child in list(copied):
            if child.tag in _TRACES:
                copied.remove(child)
        new.append(copied)
    for number, line in enumerate(text.split("\n")):
        if number:
            new.append(made(BR))
        new.append(text_element(line))
    if colour:
        highlight(new, colour)
    return new


def highlight(run: Any, colour: str) -> None:
    """Has a run printed on a colour of Word's (yellow)."""
    properties = run.find(RPR)
    if properties is None:
        properties = made(RPR)
        run.insert(0, properties)
    for child in properties.findall(f"{W}highlight"):
        properties.remove(child)
    at = next((index for index, child in enumerate(properties) if child.tag in _AFTER_HIGHLIGHT), len(properties))
    properties.insert(at, made(f"{W}highlight", val=colour))


def strike_out(runs: Sequence[Any], reviser: Reviser, numbers: Iterator[int]) -> list[Any]:
    """Marks runs as deleted; gives the w:del around each. `numbers` yields ids that no other revision has."""
    marks = []
    for run in runs:
        mark = _mark(DEL, reviser, numbers)
        put_after(run, mark)
        mark.append(run)
        for text in run.iter(T):
            text.tag = DELETED_TEXT
        marks.append(mark)
    return marks


def insert_after(element: Any, run: Any, reviser: Reviser, numbers: Iterator[int]) -> Any:
    """Puts `run` as an insertion behind `element` (a w:del or a run); gives the w:ins.

    Inside of an insertion of somebody else's that one is divided, for insertions do not stand in each other.
    """
    mark = _mark(INS, reviser, numbers)
    mark.append(run)
    outer = element.getparent()
    if outer.tag in (INS, MOVE_TO):
        rest = made(outer.tag)
        for name, value in outer.attrib.items():
            rest.set(name, value)
        rest.set(f"{W}id", str(next(numbers)))
        for child in list(outer)[outer.index(element) + 1 :]:
            rest.append(child)
        put_after(outer, mark)
        if len(rest):
            put_after(mark, rest)
    else:
        put_after(element, mark)
    return mark


def wrap_inserted(run: Any, reviser: Reviser, numbers: Iterator[int]) -> Any:
    """Marks a run that stands in its place already as an insertion; gives the w:ins."""
    mark = _mark(INS, reviser, numbers)
    put_after(run, mark)
    mark.append(run)
    return mark


def _mark(tag: str, reviser: Reviser, numbers: Iterator[int]) -> Any:
    mark = made(tag, id=str(next(numbers)), author=reviser.author)
    if reviser.date:
        mark.set(f"{W}date", reviser.date)
    return mark


def into_empty(paragraph: Any, run: Any) -> None:
    """Puts a run into a paragraph that prints nothing, set as the mark of the paragraph is."""
    properties = paragraph.find(f"{PPR}/{RPR}")
    if properties is not None and run.find(RPR) is None:
        copied = deepcopy(properties)
        for child in list(copied):
            if child.tag in _TRACES:
                copied.remove(child)
        run.insert(0, copied)
    paragraph.append(run)
