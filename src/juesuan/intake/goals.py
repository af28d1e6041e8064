"""What the budget of the year says of performance: its goals become the rows of the self-evaluation forms."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from juesuan.account import Account, PerformanceGoals, spaceless
from juesuan.compiler import Gathered, SheetText
from juesuan.compiler.performance import WHOLE


class TakenGoals(msgspec.Struct, frozen=True):
    """Whose goals and whose indicators were taken, and the projects whose approved budget was."""

    goals: tuple[str, ...]
    indicators: tuple[str, ...]
    projects: tuple[str, ...]


def take_goals(budget: Account, gathered: Gathered) -> TakenGoals:
    """Adds to what was gathered the goals of the budget (年度目标、指标和指标值) of each subject that has none yet, and
    the approved budget (年初预算数, yuan) of each project that states none.

    The actual values are left to be filled in. Where the unit has filled in goals of its own these stay; the checker
    tells what is not the same (A050).
    """
    written = {text.subject: number for number, text in enumerate(gathered.sheets)}
    measured = {subject for subject, _ in gathered.indicators}
    aimed: list[str] = []
    counted: list[str] = []
    for form in budget.goals:
        subject = _subject(form, gathered)
        goals = () if subject in written and gathered.sheets[written[subject]].goals else form.goals
        lines = () if subject in measured else form.indicators
        if subject not in written:
            gathered.sheets.append(SheetText(subject, goals=goals, place=form.source))
        elif goals:
            number = written[subject]
            gathered.sheets[number] = msgspec.structs.replace(gathered.sheets[number], goals=goals)
        if goals:
            aimed.append(subject)
        if lines:
            gathered.indicators.extend((subject, indicator) for indicator in lines)
            gathered.from_budget.add(subject)
            counted.append(subject)
    approved = {spaceless(form.title): form.budget.value for form in budget.goals if form.kind == "项目"}
    approved |= {spaceless(project.name): project.budget for project in budget.projects if project.budget}
    approved = {name: amount for name, amount in approved.items() if amount}
    # A project may stand on several lines, of the workbook and of the ledger: it is approved once.
    for project in gathered.projects:
        if project.initial is not None:
            approved.pop(spaceless(project.name), None)
    named: list[str] = []
    for number, project in enumerate(gathered.projects):
        amount: Decimal | None = approved.pop(spaceless(project.name), None)
        if amount is not None:
            gathered.projects[number] = msgspec.structs.replace(project, initial=amount)
            named.append(project.name)
    return TakenGoals(tuple(aimed), tuple(counted), tuple(named))


def _subject(form: PerformanceGoals, gathered: Gathered) -> str:
    """How the workbook calls what a form is of: a project by the name that it is filled in under."""
    if form.kind == "整体":
        return WHOLE
    names = {spaceless(project.name): project.name for project in gathered.projects}
    return names.get(spaceless(form.title), form.title)
