"""Bars drawn as SVG by the server: no script, no inline style; what they say stands in words beside them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

WIDTH, RIGHT = 340, 84
"""The drawing's width, about that of a phone, so that its letters have their size there; the room for amounts."""

BESIDE, LINE, LEFT = 6, 24, 90
"""Names of so many signs stand beside their bars: the height of a bar with its room, and the room for the name."""

ABOVE, LONGEST = 42, 26
"""Longer ones stand above them: the height of a bar with its name, and the signs of a name that have room."""


class Bar(msgspec.Struct, frozen=True):
    """A bar: its name, its amount (None: blank), the amount as it is printed, which colour it has, and what is written
    beside it (None: its name)."""

    name: str
    amount: Decimal | None
    shown: str
    tone: int = 0
    label: str | None = None

    @property
    def caption(self) -> str:
        """What is written beside it, as far as there is room."""
        text = self.name if self.label is None else self.label
        return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


class PlacedBar(msgspec.Struct, frozen=True):
    """A bar with its place in the drawing, in whole units: where its name ends or begins, where its amount begins."""

    bar: Bar
    top: int
    left: int
    length: int
    name: tuple[int, int]
    label: int


class Bars(msgspec.Struct, frozen=True):
    """A drawing, what it shows in words, and the names of its colours."""

    width: int
    height: int
    zero: int
    marks: tuple[PlacedBar, ...]
    words: str
    above: bool
    """Whether names stand above their bars."""
    legend: tuple[tuple[str, int], ...] = ()


def draw(title: str, bars: Sequence[Bar], legend: Sequence[tuple[str, int]] = ()) -> Bars:
    """`bars` one below the other, from a common zero; a negative one goes to the left of it."""
    amounts = [bar.amount for bar in bars if bar.amount is not None]
    most, least = max([*amounts, Decimal(0)]), min([*amounts, Decimal(0)])
    above = any(len(bar.caption) > BESIDE for bar in bars)
    left, line = (1, ABOVE) if above else (LEFT, LINE)
    room = WIDTH - left - RIGHT
    span = most - least or Decimal(1)
    zero = left + int(room * -least / span)
    marks, top = [], 4
    for bar in bars:
        end = zero + int(room * (bar.amount or 0) / span)
        name = (5, top + 13) if above else (LEFT - 6, top + 13)
        # A second bar of the same thing has no name of its own, and stands close to the first.
        place = top + 19 if above and bar.caption else top
        marks.append(PlacedBar(bar, place, min(zero, end), abs(end - zero), name, max(zero, end) + 6))
        top = place + line - 19 if above else top + line
    words = f"{title}：" + "；".join(f"{bar.name} {bar.shown}" for bar in bars) + "。"
    return Bars(WIDTH, top + 4, zero, tuple(marks), words, above, tuple(legend))
