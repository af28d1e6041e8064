"""What the budget of the year says of performance: its goals become the rows of the self-evaluation forms."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from juesuan.account import Account, PerformanceGoals, spaceless
from juesuan.compiler import Gathered, SheetText
from juesuan.compiler.performance import WHOLE, approved_amount


class TakenGoals(msgspec.Struct, frozen=True):
    """Whose goals and whose indicators were taken, the projects whose approved budget was, and whether the budget of
    the form of the whole unit was.
    """

    goals: tuple[str, ...]
    indicators: tuple[str, ...]
    projects: tuple[str, ...]
    whole: bool = False


def take_goals(budget: Account, gathered: Gathered, sources: Sequence[str] = ()) -> TakenGoals:
    """Adds to what was gathered the goals of the budget (年度目标、指标和指标值) of each subject that has none yet, the
    approved budget (年初预算数, yuan) of each project that states none, and that of the whole unit's form (全年预算数,
    as long as nobody says that it was adjusted), of which only the money from `sources` counts where some are named.

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
    return TakenGoals(tuple(aimed), tuple(counted), tuple(named), _take_whole(budget, gathered, sources))


def _take_whole(budget: Account, gathered: Gathered, sources: Sequence[str]) -> bool:
    """Puts the budget of the whole unit into its form where it states none; says whether it did."""
    whole = next((form for form in budget.goals if form.kind == "整体"), None)
    place = next((number for number, text in enumerate(gathered.sheets) if text.subject == WHOLE), None)
    if whole is None or place is None or gathered.sheets[place].budget is not None:
        return False
    amount = approved_amount(gathered, sources) if sources else whole.budget.value
    if not amount:
        return False
    gathered.sheets[place] = msgspec.structs.replace(gathered.sheets[place], budget=amount)
    return True


def _subject(form: PerformanceGoals, gathered: Gathered) -> str:
    """How the workbook calls what a form is of: a project by the name that it is filled in under."""
    if form.kind == "整体":
        return WHOLE
    names = {spaceless(project.name): project.name for project in gathered.projects}
    return names.get(spaceless(form.title), form.title)
