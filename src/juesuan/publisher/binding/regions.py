"""Where the controls of running text begin and end.

A word processor sets a little space between ideographs and figures, but LibreOffice none at the edge of a control.
So controls end between two ideographs or at punctuation, where there is no such space.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from juesuan.publisher.document import Bound

UNITS = ("万元", "人次", "平方米")
"""Units of more than one sign that stay with their figure."""
WORDS_BEFORE = 2
"""So many ideographs before a figure are taken into its control."""


def together(bounds: Sequence[Bound]) -> str:
    """The meaning of a control that holds several things: 减少 and the amount behind it."""
    return "；".join(bound.key for bound in bounds)


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
