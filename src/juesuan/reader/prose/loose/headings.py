"""What the first lines of a loose table say: headings run together, and what a change is compared with."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from juesuan.account import BUDGETS, MEASURES
from juesuan.reader.prose.grammar.pieces import Piece, pieces
from juesuan.statute import Lexicon

_STUB = re.compile(r"(?:项目|科目)(?:名称)?(?=.{4})")
"""The heading of the labels: the line of headings begins with it."""
_TIMES = frozenset({"year", "period"})
_MEASURING = frozenset({"measure", "change", "difference", "completion", "share"})
"""The kinds of pieces that say what a heading measures."""
_LONGEST = 120
_LEAST = 2
_TIME = re.compile(r"[本上去当][一]?年|\d{4}(?=年)")
"""What a heading begins with that says of which year its numbers are."""


def headings_run_together(text: str, lexicon: Lexicon) -> list[str]:
    """The headings behind that of the labels; nothing where the line is none of a table.

    A heading ends with what it measures; another begins with a year or a comparison behind that, or measures again.
    What is compared belongs to its heading: 2020年决算数比上年增减 are two.
    """
    stub = _STUB.match(text)
    if len(text) > _LONGEST:
        return []
    if stub is None:
        return _measures_alone(text, lexicon)
    starts, state, compared = [0], "", False
    text = text[stub.end() :]
    for piece in pieces(text, lexicon):
        if piece.tag in _TIMES:
            begins = state == "ended" or (bool(state) and not compared)
            state = "time"
        elif piece.tag == "compare":
            begins, compared, state = bool(state), True, "time"
        elif piece.tag in _MEASURING:
            begins = not compared and (state == "ended" or (state == "time" and piece.tag != "measure"))
            compared = compared and piece.tag == "measure"
            state = "time" if compared else "ended"
        else:
            continue
        if begins and piece.start:
            starts.append(piece.start)
    return _with_comparands([text[start:end] for start, end in itertools.pairwise([*starts, len(text)])], lexicon)


def _measures_alone(text: str, lexicon: Lexicon) -> list[str]:
    """The headings of a second line, under those of a group (增减额 增减幅度); nothing where words are left."""
    found = pieces(text, lexicon)
    starts = [piece.start for piece in found if piece.tag in _MEASURING]
    if len(starts) < len(found) or len(starts) < _LEAST or starts[0]:
        return []
    return [text[start:end] for start, end in itertools.pairwise([*starts, len(text)])]


def _with_comparands(headings: Sequence[str], lexicon: Lexicon) -> list[str]:
    """本年预算 | 比上年增减 as one, where a column of 本年年初预算数 stands before: it is compared, and no column."""
    found: list[str] = []
    before: list[tuple[str, str]] = []
    """What the headings measure, and when."""
    for heading in headings:
        line = pieces(heading, lexicon)
        if line and line[0].tag == "compare" and before and before[-1] in before[:-1]:
            found[-1] += heading
            continue
        measures = [MEASURES[piece.key] for piece in line if piece.tag == "measure"]
        measure = "预算" if measures and measures[-1] in BUDGETS else "".join(measures)
        time = _TIME.match(heading)
        before.append((time[0] if time else "", measure))
        found.append(heading)
    return found


def compared_with(heading: Sequence[Piece], year: int) -> str:
    """What the change that a heading names is one from: 预算 (比预算增减), or else 上年.

    The budget of the year before is that of 上年: 2026年预算数比2025年预算数增减.
    """
    tags = [piece.tag for piece in heading]
    if "compare" not in tags:
        return "上年"
    base = heading[tags.index("compare") :]
    budget = any(piece.tag == "measure" and MEASURES[piece.key] in BUDGETS for piece in base)
    last = any(piece.tag == "period" and piece.key == "上年" for piece in base)
    before = last or any(piece.tag == "year" and piece.year != year for piece in base)
    return "预算" if budget and not before else "上年"
