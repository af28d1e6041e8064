"""Bars drawn as SVG by the server: no script, no inline style; what they say stands in words beside them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

WIDTH, LINE, LEFT, RIGHT = 430, 24, 126, 84
"""The drawing's width, the height of a bar with its room, and the room for names and amounts."""

LONGEST = 9
"""Signs that have room beside a bar."""


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
    """A bar with its place in the drawing, in whole units."""

    bar: Bar
    top: int
    left: int
    length: int
    label: int


class Bars(msgspec.Struct, frozen=True):
    """A drawing, what it shows in words, and the names of its colours."""

    width: int
    height: int
    zero: int
    marks: tuple[PlacedBar, ...]
    words: str
    legend: tuple[tuple[str, int], ...] = ()


def draw(title: str, bars: Sequence[Bar], legend: Sequence[tuple[str, int]] = ()) -> Bars:
    """`bars` one below the other, from a common zero; a negative one goes to the left of it."""
    amounts = [bar.amount for bar in bars if bar.amount is not None]
    most, least = max([*amounts, Decimal(0)]), min([*amounts, Decimal(0)])
    room = WIDTH - LEFT - RIGHT
    span = most - least or Decimal(1)
    zero = LEFT + int(room * -least / span)
    marks = []
    for number, bar in enumerate(bars):
        end = zero + int(room * (bar.amount or 0) / span)
        marks.append(PlacedBar(bar, number * LINE + 4, min(zero, end), abs(end - zero), max(zero, end) + 6))
    words = f"{title}：" + "；".join(f"{bar.name} {bar.shown}" for bar in bars) + "。"
    return Bars(WIDTH, len(bars) * LINE + 8, zero, tuple(marks), words, tuple(legend))
