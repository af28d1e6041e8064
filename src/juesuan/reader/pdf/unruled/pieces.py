"""What stands on a line of a page, cut into pieces where a wide gap lies between two."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from juesuan.reader.pdf.characters import Run, box_of, line_text
from juesuan.reader.pdf.native import Box
from juesuan.reader.pdf.table import glue
from juesuan.statute.language import load_aliases

_APART = 0.7
"""Two pieces of text with a wider gap than this (in ems) stand in two cells."""
_BESIDE = 0.3
"""The same for an amount beside a text: wider than what type-setting puts between figures and Chinese signs."""
_LEVEL = 0.65
"""Baselines less than so much apart (in ems) are of one line of a table."""
_AMOUNT = re.compile(r"[-−]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?%?|[-—–]")
_MONEY = re.compile(r"[-−]?(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+)%?")
NUMBERS = re.compile(r"[类款项\s]*[栏行]\s*次")
"""What stands before the numbers of the columns."""


@dataclass(slots=True)
class PagePiece:
    """Text that stands together on one line."""

    text: str
    left: float
    right: float
    em: float
    runs: list[Run]

    @property
    def baseline(self) -> float:
        return self.runs[0].baseline

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2

    @property
    def is_amount(self) -> bool:
        return _AMOUNT.fullmatch(self.text) is not None

    def over(self, other: PagePiece | PageColumn) -> bool:
        """Whether it stands above or below the other, in part at least."""
        return self.left < other.right and other.left < self.right


@dataclass(slots=True)
class PageColumn:
    """A column by its reach, and how many pieces stand in it: none where only a heading shows it."""

    left: float
    right: float
    count: int = 1
    amounts: int = 0


@dataclass(slots=True)
class PageLine:
    """A line of the page with its pieces from left to right; `y` is its baseline."""

    y: float
    pieces: list[PagePiece]
    runs: list[Run]

    @property
    def text(self) -> str:
        return line_text(self.runs)

    @property
    def shown(self) -> int:
        """How many amounts stand in it; the numbers of columns behind 栏次 count as such."""
        numbered = NUMBERS.match(self.text) is not None
        return sum((_AMOUNT if numbered else _MONEY).fullmatch(piece.text) is not None for piece in self.pieces)

    @property
    def em(self) -> float:
        return max(run.em for run in self.runs)


def pieces_of(runs: Sequence[Run]) -> list[PagePiece]:
    """The runs of a line, those without a gap between them together."""
    groups: list[list[Run]] = []
    for run in runs:
        last = groups[-1][-1] if groups else None
        if last is None:
            groups.append([run])
            continue
        gap = (run.left - last.right) / max(run.em, last.em)
        apart = _BESIDE if _MONEY.fullmatch(run.text) or _MONEY.fullmatch(last.text) else _APART
        if gap > apart:
            groups.append([run])
        else:
            groups[-1].append(run)
    return [PagePiece(line_text(g), g[0].left, g[-1].right, max(run.em for run in g), g) for g in groups]


def beside_each_other(lines: Iterable[PageLine]) -> list[PageLine]:
    """The lines, those in one whose text stands a little higher or lower than the rest (amounts beside their names)."""
    found: list[PageLine] = []
    for line in lines:
        above = found[-1] if found else None
        if (
            above is not None and above.y - line.y < _LEVEL * min(above.em, line.em)
            and not any(piece.over(other) for piece in line.pieces for other in above.pieces)
        ):  # fmt: skip
            above.pieces.extend(line.pieces)
            above.pieces.sort(key=lambda piece: piece.left)
            above.runs = [run for piece in above.pieces for run in piece.runs]
        else:
            found.append(line)
    return found


def joined(pieces: Iterable[PagePiece]) -> str:
    """The text of a cell that stands in several pieces."""
    text = ""
    for piece in pieces:
        text += glue(text, piece.text) + piece.text if text else piece.text
    return text


def is_known(text: str) -> bool:
    """Whether a text is a heading that the forms have."""
    aliases = load_aliases()
    return aliases.heading(text) in aliases.heading_words


def box_around(pieces: Iterable[PagePiece]) -> Box:
    """The box around what a cell is made of."""
    return box_of(run for piece in pieces for run in piece.runs)
