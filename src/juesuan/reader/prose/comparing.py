"""What a text compares with (较上年、比年初预算数、与2015年决算数相比), and directions that were not chosen."""

from __future__ import annotations

import re
from collections.abc import Sequence

from juesuan.account import BUDGETS, MEASURES
from juesuan.reader.prose.frames import Comparison
from juesuan.reader.prose.pieces import Piece

_BREAKS = ("direction", "number", "close", "becomes", "share", "reason", "compare", "yoy", "flat")
_REACHED = re.compile(r"了?[到至]")
_LONGEST_TEXT = 14
"""Signs of a name of a place or unit within a comparison (比全省平均水平)."""


def comparison(line: Sequence[Piece], at: int, year: int) -> tuple[Comparison | None, int]:
    """The comparison that begins with the piece `at`, and how many pieces after it belong to it; None where it is none.

    较、比、与 and 和 are common words: what follows has to be a period, a year or a budget.
    """
    found = Comparison(base="")
    used = 0
    for piece in line[at + 1 :]:
        if piece.tag in _BREAKS or (piece.tag == "mark" and piece.key not in "()、"):
            break
        used += 1
        if piece.tag == "year" and piece.year == year:
            # 经比较2020年度…, in a text of 2020: nothing is compared with its own year.
            break
        if piece.tag == "year":
            found.year = piece.year
            found.base = "上年" if piece.year == year - 1 or not year else f"{piece.year}年"
        elif piece.tag == "period" and piece.key in ("上年", "年初"):
            found.base = found.base or "上年"
        elif piece.tag == "measure":
            found.measure = MEASURES[piece.key]
        elif piece.tag == "text" and len(piece.key) > _LONGEST_TEXT:
            break
    if found.measure in BUDGETS and not found.base:
        found.base = found.measure
    if not found.base:
        return None, 0
    if found.base == "上年" and found.measure in BUDGETS and found.measure != "年初预算":
        found.base = "上年预算"
    if found.base == "上年" and found.measure in ("年初预算",) and not found.year:
        found.base = "年初预算"
    return found, used


def either_direction(line: Sequence[Piece], at: int) -> int:
    """How many pieces after the direction `at` offer the other one as well: 增加(减少), 增加/减少; 0 for none."""
    following = line[at + 1 : at + 4]
    if len(following) < 2 or following[0].key not in ("(", "/", "、", "或", "[") or following[1].tag != "direction":
        return 0
    if following[1].key == line[at].key:
        return 0
    return 3 if len(following) > 2 and following[2].key in (")", "]") else 2


def moves_to(text: str, at: int) -> bool:
    """Whether a direction that ends at `at` says where it led to (增加到), not by how much."""
    return _REACHED.match(text, at) is not None
