"""What the budget of the year says of performance: its goals become the rows of the self-evaluation forms."""

from __future__ import annotations

import msgspec

from juesuan.account import Account, PerformanceGoals, spaceless
from juesuan.compiler import Gathered, SheetText
from juesuan.compiler.performance import WHOLE


def take_goals(budget: Account, gathered: Gathered) -> None:
    """Adds to what was gathered the goals of the budget (年度目标、指标和指标值) of each subject that has none yet, and
    the approved budget (年初预算数, yuan) of each project that states none.

    The actual values are left to be filled in. Where the unit has filled in goals of its own these stay; the checker
    tells what is not the same (A050).
    """
    written = {text.subject for text in gathered.sheets}
    measured = {subject for subject, _ in gathered.indicators}
    for form in budget.goals:
        subject = _subject(form, gathered)
        if subject not in written:
            gathered.sheets.append(SheetText(subject, goals=form.goals, place=form.source))
        if subject not in measured:
            gathered.indicators.extend((subject, indicator) for indicator in form.indicators)
    approved = {spaceless(project.name): project.budget for project in budget.projects}
    approved |= {spaceless(form.title): form.budget.value for form in budget.goals if form.kind == "项目"}
    # A project may stand on several lines, of the workbook and of the ledger: it is approved once.
    for project in gathered.projects:
        if project.initial is not None:
            approved.pop(spaceless(project.name), None)
    gathered.projects[:] = [
        project
        if (amount := approved.pop(spaceless(project.name), None)) is None
        else msgspec.structs.replace(project, initial=amount)
        for project in gathered.projects
    ]


def _subject(form: PerformanceGoals, gathered: Gathered) -> str:
    """How the workbook calls what a form is of: a project by the name that it is filled in under."""
    if form.kind == "整体":
        return WHOLE
    names = {spaceless(project.name): project.name for project in gathered.projects}
    return names.get(spaceless(form.title), form.title)
