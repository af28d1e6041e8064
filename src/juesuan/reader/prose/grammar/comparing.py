"""What a text compares with (较上年、比年初预算数、与2015年决算数相比), and directions that were not chosen."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from juesuan.account import BUDGETS, MEASURES
from juesuan.reader.prose.grammar.frames import ComparedWith
from juesuan.reader.prose.grammar.pieces import Piece

_BREAKS = ("direction", "number", "close", "becomes", "share", "reason", "compare", "yoy", "flat", "each")
_REACHED = re.compile(r"了?[到至]")
_AND = "和"
_JOINING = ("和", "与", "同", "跟")
"""Words that compare, and that join two nouns as well."""
_NAMES = ("subject", "item", "economic")
_LONGEST_BRACKET = 3
_LONGEST_TEXT = 14
"""Signs of a name of a place or unit within a comparison (比全省平均水平)."""


def comparison(line: Sequence[Piece], at: int, year: int) -> tuple[ComparedWith | None, int]:
    """The comparison that begins with the piece `at`, and how many pieces after it belong to it; None where it is none.

    较、比、与 and 和 are common words: what follows has to be a period, a year or a budget.
    """
    found = ComparedWith(base="")
    used = 0
    own = last = False
    following = line[at + 1] if at + 1 < len(line) else None
    if line[at].key == _AND and following and following.tag in ("subject", "item", "economic"):
        return None, 0
    joins = line[at].key in _JOINING and following is not None and following.tag == "text"
    for piece in line[at + 1 :]:
        if joins and piece.tag in ("subject", "number"):
            # 事业单位和其他单位使用财政拨款安排“三公”经费预算…: two nouns, and then what the number is of.
            return None, 0
        if piece.tag in _BREAKS or (piece.tag == "mark" and piece.key not in "()、"):
            break
        if own and piece.tag != "measure":
            # 经比较2020年度…, in a text of 2020: with its own year only a budget is compared (较2020年预算数).
            break
        used += 1
        if piece.tag == "year" and piece.year == year:
            own = True
            continue
        own = False
        if piece.tag == "year":
            found.year = piece.year
            found.base = "上年" if piece.year == year - 1 or not year else f"{piece.year}年"
        elif piece.tag == "period" and piece.key in ("上年", "年初"):
            found.base = found.base or "上年"
            last = last or piece.key == "上年"
        elif piece.tag == "measure":
            found.measure = MEASURES[piece.key]
        elif piece.tag == "text" and len(piece.key) > _LONGEST_TEXT:
            break
    if found.measure in BUDGETS and not found.base:
        found.base = found.measure
    if not found.base:
        return None, 0
    if found.base == "上年" and found.measure in BUDGETS:
        # 较去年年初预算 is against last year's budget, 较年初的预算 against that of this year.
        found.base = "上年预算" if last or found.year else "年初预算"
    return found, used


def with_years(line: Sequence[Piece], year: int) -> list[Piece]:
    """`line` with last year's number taken off the amount that a lost 年 ran it together with.

    186.42万元比201423.45万元增加162.97万元: only where the change told shows that the rest is last year's amount.
    """
    last = str(year - 1)
    found: list[Piece] = []
    numbers = [piece for piece in line if piece.tag == "number"]
    for piece in line:
        rest = piece.key.removeprefix(last)
        joined = piece.tag == "number" and rest != piece.key and re.fullmatch(r"\d+\.\d+", rest)
        if joined and found and found[-1].tag == "compare" and _lies_between(piece, Decimal(rest), numbers):
            cut = piece.start + len(last)
            found.append(Piece("year", last, piece.start, cut, Decimal(last)))
            found.append(Piece("number", rest, cut, piece.end, Decimal(rest)))
        else:
            found.append(piece)
    return found


def without_brackets(line: Sequence[Piece]) -> list[Piece]:
    """`line` without brackets that say nothing of their own.

    A direction that stands alone in them is the direction (较上年（减少）15.25万元); words or a code between a name and
    its amount only explain the name (特种专业技术用车（养护作业车辆）16辆, 工资福利支出（301）760.18万元).
    """
    found: list[Piece] = []
    at = 0
    while at < len(line):
        piece, following = line[at], line[at + 1 : at + 4]
        if explains := _explaining(line, at):
            found += [Piece("ordinal", p.key, p.start, p.end) for p in line[at : at + explains] if p.tag == "number"]
            at += explains
            continue
        opens = piece.tag == "mark" and piece.key == "(" and not (found and found[-1].tag == "direction")
        if opens and [each.tag for each in following] == ["direction", "mark", "number"] and following[1].key == ")":
            found.append(following[0])
            at += 3
            continue
        found.append(piece)
        at += 1
    return found


def _explaining(line: Sequence[Piece], at: int) -> int:
    """How many pieces from a bracket on only explain the name before it, its amount right behind them; 0 for none."""
    named = at > 0 and line[at - 1].tag in _NAMES
    if line[at].tag != "mark" or line[at].key != "(" or not named:
        return 0
    inside = line[at + 1 : at + 1 + _LONGEST_BRACKET]
    ends = next((n for n, piece in enumerate(inside) if piece.tag == "mark" and piece.key == ")"), 0)
    behind = line[at + ends + 2 : at + ends + 3]
    explains = all(piece.tag in ("text", "subject", "number") for piece in inside[:ends])
    return ends + 2 if ends and explains and behind and behind[0].tag == "number" else 0


def _lies_between(piece: Piece, former: Decimal, numbers: Sequence[Piece]) -> bool:
    """Whether the number before `piece` differs from `former` by the number behind it."""
    at = numbers.index(piece)
    return 0 < at < len(numbers) - 1 and abs(numbers[at - 1].value - former) == abs(numbers[at + 1].value)


def either_direction(line: Sequence[Piece], at: int) -> int:
    """How many pieces after the direction `at` offer the other one: 增加(减少), 增加(或减少), 增加/减少; 0 for none."""
    following = line[at + 1 : at + 5]
    if len(following) > 2 and following[0].key == "(" and following[1].key == "或":
        return 1 + either_direction([line[at], following[0], *following[2:]], 0)
    if len(following) < 2 or following[0].key not in ("(", "/", "、", "或", "[") or following[1].tag != "direction":
        return 0
    if following[1].key == line[at].key:
        return 0
    return 3 if len(following) > 2 and following[2].key in (")", "]") else 2


def moves_to(text: str, at: int) -> bool:
    """Whether a direction that ends at `at` says where it led to (增加到), not by how much."""
    return _REACHED.match(text, at) is not None
