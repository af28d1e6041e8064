"""Actual values that nobody filled in and no evidence gives."""

from __future__ import annotations

from juesuan.account import Indicator
from juesuan.compiler.entries import Gathered, Problem
from juesuan.compiler.messages import say


def ask_for_values(gathered: Gathered) -> None:
    """Adds a problem for each indicator without an actual value, unless its evidence could not be had.

    What was to come from evidence is reported as that; the form is then published without the value and its score.
    """
    for subject, indicator in gathered.indicators:
        if not indicator.actual.strip() and (subject, indicator.name) not in gathered.unproved_indicators:
            gathered.problems.append(problem_with(indicator, say("required", label="实际完成值")))


def problem_with(indicator: Indicator, message: str) -> Problem:
    """A problem with the actual value of an indicator, at its line of the workbook."""
    place = indicator.source
    if place is None:
        return Problem("", f"绩效指标“{indicator.name}”", message)
    line = "".join(sign for sign in place.cell if sign.isdigit())
    where = f"工作表“{place.sheet}”第{line}行“{indicator.name}”"
    return Problem(place.file, where, message, 0, place.sheet, place.cell)
