"""What the total of a form can honestly be, where its parts are printed rounded."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Protocol

from juesuan.account import Indicator, PerformanceSheet
from juesuan.scoring.possible import execution_bounds, possible_scores
from juesuan.statute import Scheme

Bounds = tuple[Fraction, Fraction]


class ScoredPart(Protocol):
    """What is needed of a scored indicator."""

    @property
    def indicator(self) -> Indicator: ...
    @property
    def share(self) -> Fraction | None: ...
    @property
    def stated(self) -> Decimal | None: ...


def total_is_honest(sheet: PerformanceSheet, scheme: Scheme, lines: Sequence[ScoredPart], step: Fraction) -> bool:
    """Whether the stated total can be that of exact scores which print as the stated parts, in steps of `step`.

    Of a score that was calculated the printed values say what it was before it was rounded; points that were given
    are what they are. A total of the exact scores may therefore miss the sum of the printed ones only as far as all of
    this leaves room (DESIGN, rule 2).
    """
    if sheet.score is None:
        return False
    parts = [_execution(sheet, scheme, step), *(_line(line, scheme, step) for line in lines)]
    low, high = (sum((part[end] for part in parts), Fraction(0)) for end in (0, 1))
    least, beyond = Fraction(sheet.score) - step / 2, Fraction(sheet.score) + step / 2
    # 四舍五入: what is printed as the total is less than half a step above it, and so are the parts.
    return low < beyond and (least < high or least == low == high)


def _execution(sheet: PerformanceSheet, scheme: Scheme, step: Fraction) -> Bounds:
    points, rates = Fraction(scheme.execution.points), execution_bounds(sheet)
    if rates is None:
        given = Fraction(sheet.execution_score or 0)
        return given, given
    known = (min(points, points * rates[0]), min(points, points * rates[1]))
    return known if sheet.execution_score is None else _common(known, Fraction(sheet.execution_score), step)


def _line(line: ScoredPart, scheme: Scheme, step: Fraction) -> Bounds:
    if line.stated is None:
        exact = Fraction(line.indicator.weight) * (line.share or Fraction(0))
        return exact, exact
    stated = Fraction(line.stated)
    possible = possible_scores(line.indicator, scheme)
    # Points that somebody gave are exact.
    return _common(possible[0], stated, step) if possible else (stated, stated)


def _common(known: Bounds, stated: Fraction, step: Fraction) -> Bounds:
    """What `known` leaves of the values that are printed as `stated`; the stated value itself where it leaves none."""
    low, high = max(known[0], stated - step / 2), min(known[1], stated + step / 2)
    return (low, high) if low <= high else (stated, stated)
