"""The same indicators under another scheme: groups renamed and weights rescaled to what the scheme prescribes."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction

import msgspec

from juesuan.account import Indicator, PerformanceSheet, total
from juesuan.scoring.rules import allotments
from juesuan.scoring.values.value import parse_value
from juesuan.statute import Scheme


def adopt(sheet: PerformanceSheet, scheme: Scheme) -> PerformanceSheet:
    """`sheet` as a form of `scheme`, ready to be scored: 财预〔2020〕10号 weights for a form written by local ones.

    An indicator moves to the level-1 group in which the scheme has its level-2 name; within a group the weights keep
    their proportions and add up to the group's points exactly. Stated scores are dropped, since they belong to the
    other scheme; points given to a qualitative indicator stay as its grade. A form that fits already is returned with
    the scheme's key and is otherwise unchanged.
    """
    moved = [_at_home(indicator, scheme) for indicator in sheet.indicators]
    weights = _weights(moved, scheme)
    if all(i.weight == w for i, w in zip(moved, weights, strict=True)) and moved == list(sheet.indicators) \
            and sheet.scheme == scheme.key:
        return sheet
    indicators = tuple(
        msgspec.structs.replace(i, weight=w, score=None, grade=_grade(i)) for i, w in zip(moved, weights, strict=True)
    )
    return msgspec.structs.replace(sheet, scheme=scheme.key, indicators=indicators, execution_score=None, score=None)


def _at_home(indicator: Indicator, scheme: Scheme) -> Indicator:
    group = scheme.group(indicator.level1)
    if group is not None and scheme.child(group, indicator.level2) is not None:
        return indicator
    home = scheme.home(indicator.level2)
    return indicator if home is None else msgspec.structs.replace(indicator, level1=home.name)


def _grade(indicator: Indicator) -> Decimal | None:
    """The grade given, or the one that stated points amount to; a calculated score is calculated anew."""
    judged = parse_value(indicator.target).kind == "定性" and indicator.score is not None and indicator.weight > 0
    if indicator.grade is not None or not judged or indicator.score is None:
        return indicator.grade
    return indicator.score / indicator.weight


def _weights(indicators: list[Indicator], scheme: Scheme) -> list[Decimal]:
    """The weights of `indicators` under `scheme`, group by group; unknown groups keep what they have."""
    names = [group.name if (group := scheme.group(i.level1)) else "" for i in indicators]
    points = allotments(set(names), scheme)
    fixed = {name: weight for name, weight in points.items() if weight is not None}
    result = [i.weight for i in indicators]
    for name, weight in fixed.items():
        _share_out(result, [n for n, owner in enumerate(names) if owner == name], weight, scheme.decimals)
    free = [n for n, owner in enumerate(names) if owner in points and owner not in fixed]
    _share_out(result, free, scheme.indicator_points - total(fixed.values()), scheme.decimals)
    return result


def _share_out(weights: list[Decimal], places: list[int], points: Decimal, decimals: int) -> None:
    """Rescale the weights at `places` to add up to `points`, in steps of the scheme's decimals (largest remainder)."""
    before = _sum(weights[n] for n in places)
    if before <= 0 or before == Fraction(points):
        return
    step = Fraction(1, 10**decimals)
    exact = {n: Fraction(weights[n]) / before * Fraction(points) / step for n in places}
    whole = {n: share.numerator // share.denominator for n, share in exact.items()}
    left = int(Fraction(points) / step) - sum(whole.values())
    for n in sorted(places, key=lambda n: (whole[n] - exact[n], n))[:left]:
        whole[n] += 1
    for n in places:
        weights[n] = Decimal(whole[n]).scaleb(-decimals)


def _sum(values: Iterable[Decimal]) -> Fraction:
    return Fraction(total(values))


def as_printed(sheet: PerformanceSheet, scheme: Scheme) -> Scheme:
    """`scheme` with the points that a published form prints itself: a form is first held to what it says.

    Where a form prints points of blocks, the blocks of the scheme have none of their own: what a block adds up to is
    then compared with the printed points.
    """
    printed = scheme
    if sheet.execution_points is not None and sheet.execution_points != scheme.execution.points:
        execution = msgspec.structs.replace(scheme.execution, points=sheet.execution_points)
        printed = msgspec.structs.replace(printed, execution=execution)
    if any(not allotment.level2 for allotment in sheet.allotments):
        groups = tuple(msgspec.structs.replace(group, weight=None) for group in scheme.groups)
        printed = msgspec.structs.replace(printed, groups=groups)
    return printed
