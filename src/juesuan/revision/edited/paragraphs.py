"""A printed paragraph and the same as it stands now: which texts were edited, which figures and which fixed words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

import msgspec

from juesuan.account import spaceless
from juesuan.publisher.binding import PrintedParagraph, PrintedPiece

_NO_SENTENCE_END = r"[^。；;\n]*?"


class ParagraphChange(msgspec.Struct, frozen=True):
    """A piece that reads otherwise now."""

    piece: PrintedPiece
    now: str


class ParagraphComparison(msgspec.Struct, frozen=True):
    """What was changed in a paragraph: `texts` of the unit, `figures`, and whether its fixed `words` were.

    `unclear` are the texts of which it cannot be told what they read now.
    """

    texts: tuple[ParagraphChange, ...] = ()
    figures: tuple[ParagraphChange, ...] = ()
    words: bool = False
    unclear: tuple[PrintedPiece, ...] = ()


def compare(printed: PrintedParagraph, now: str) -> ParagraphComparison:
    """The paragraph as it was printed, held against what it reads now; white space does not count."""
    if spaceless(printed.text) == spaceless(now):
        return ParagraphComparison()
    for free in (("text",), ("text", "figure")):
        match = re.fullmatch(_pattern(printed, free), now.strip(), re.DOTALL)
        if match:
            pieces = [piece for piece in printed.pieces if piece.kind in free]
            changes = [
                ParagraphChange(piece, found.strip())
                for piece, found in zip(pieces, match.groups(), strict=True)
                if spaceless(found) != spaceless(piece.text)
            ]
            return ParagraphComparison(
                tuple(change for change in changes if change.piece.kind == "text"),
                tuple(change for change in changes if change.piece.kind == "figure"),
            )
    return _by_signs(printed, now)


def _pattern(printed: PrintedParagraph, free: tuple[str, ...]) -> str:
    parts = []
    for piece in printed.pieces:
        if piece.kind in free:
            parts.append("(.*?)" if piece.kind == "text" else f"({_NO_SENTENCE_END})")
        else:
            signs = spaceless(piece.text)
            parts.append(r"\s*".join(map(re.escape, signs)))
    return r"\s*" + r"\s*".join(parts) + r"\s*"


def _by_signs(printed: PrintedParagraph, now: str) -> ParagraphComparison:
    """Where fixed words were changed: each piece is found again by the signs that stayed."""
    old, new = spaceless(printed.text), spaceless(now)
    moves = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    texts: list[ParagraphChange] = []
    figures: list[ParagraphChange] = []
    unclear: list[PrintedPiece] = []
    start = 0
    for piece in printed.pieces:
        end = start + len(spaceless(piece.text))
        if piece.kind != "words":
            found, sure = _moved(start, end, moves, new)
            if piece.kind == "figure" and found != spaceless(piece.text) and spaceless(piece.text) not in new:
                figures.append(ParagraphChange(piece, found))
            elif piece.kind == "text" and found != spaceless(piece.text):
                if sure:
                    texts.append(ParagraphChange(piece, found))
                elif spaceless(piece.text) not in new:
                    unclear.append(piece)
        start = end
    return ParagraphComparison(tuple(texts), tuple(figures), True, tuple(unclear))


def _moved(start: int, end: int, moves: Sequence[tuple[str, int, int, int, int]], new: str) -> tuple[str, bool]:
    """What stands for a stretch now, and whether the signs just before and behind it are still there."""
    left = right = None
    held_left = held_right = False
    for tag, a, b, c, d in moves:
        if tag == "equal" and a < start <= b:
            left, held_left = c + start - a, True
        elif left is None and a <= start < max(b, a + 1):
            left = c + (start - a if tag == "equal" else 0)
        if tag == "equal" and a <= end < b:
            right, held_right = c + end - a, True
        elif right is None and a < end <= b:
            right = c + end - a if tag == "equal" else d
    sure = (held_left or start == 0) and (held_right or right is None or right == len(new))
    return new[left or 0 : len(new) if right is None else right], sure
