"""Actual values that nobody filled in and no evidence gives."""

from __future__ import annotations

from juesuan.account import Indicator, Issue, Source
from juesuan.compiler.entries import Gathered
from juesuan.compiler.messages import Message, issue, say


def ask_for_values(gathered: Gathered) -> None:
    """Adds a problem for each indicator without an actual value, unless its evidence could not be had.

    What was to come from evidence is reported as that; the form is then published without the value and its score.
    What the budget gave the indicators of (take_goals) is no line that somebody filled in by half: it is asked for.
    """
    for subject, indicator in gathered.indicators:
        if subject in gathered.from_budget:
            continue
        if not indicator.actual.strip() and (subject, indicator.name) not in gathered.unproved_indicators:
            gathered.problems.append(problem_with(indicator, say("required", label="实际完成值")))


def problem_with(indicator: Indicator, message: Message) -> Issue:
    """A problem with the actual value of an indicator, at its line of the workbook."""
    place = indicator.source
    if place is None:
        return issue(message, Source(), f"绩效指标“{indicator.name}”")
    line = "".join(sign for sign in place.cell if sign.isdigit())
    where = f"工作表“{place.sheet}”第{line}行“{indicator.name}”"
    return issue(message, place, where)
