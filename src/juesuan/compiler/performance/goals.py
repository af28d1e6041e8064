"""The goals that a budget sets (绩效目标): one form for the unit and one for each project that has some."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from juesuan.account import Account, Fact, Figure, Fund, Indicator, PerformanceGoals, Project, total
from juesuan.compiler.entries import Gathered, SheetText
from juesuan.compiler.performance.self_evaluation import WHOLE
from juesuan.statute import load_evaluation


def goals_of(account: Account, gathered: Gathered) -> tuple[PerformanceGoals, ...]:
    """The forms of the subjects that goals are filled in for, the unit's own first. Money is yuan."""
    texts = {text.subject: text for text in gathered.sheets}
    indicators: dict[str, list[Indicator]] = {}
    for subject, indicator in gathered.indicators:
        indicators.setdefault(subject, []).append(indicator)
    named: dict[str, Project | None] = {WHOLE: None}
    named.update({project.name: project for project in account.projects})
    return tuple(
        _form(project, texts.get(subject, SheetText(subject)), indicators.get(subject, ()), account)
        for subject, project in named.items()
        if subject in texts or subject in indicators
    )


def _form(
    project: Project | None, text: SheetText, indicators: Iterable[Indicator], account: Account
) -> PerformanceGoals:
    forms = load_evaluation().goal_forms
    if project is None:
        budget = total(account.amount(place) for place in forms.whole_budget)
        parts = {label: total(account.amount(place) for place in forms.places(label)) for label in forms.parts["整体"]}
    else:
        budget = project.budget
        parts = {
            label: total(amount for source, amount in project.outlays.items() if source in sources)
            for label, sources in forms.parts["项目"].items()
        }
    return PerformanceGoals(
        kind="项目" if project else "整体",
        title=project.name if project else account.unit.name,
        budget=Figure(budget),
        parts=tuple(Fund(label, budget=Figure(amount)) for label, amount in parts.items() if amount),
        goals=text.goals,
        indicators=tuple(indicators),
        supervisor=account.unit.supervisor if project else "",
        implementer=account.unit.name if project else "",
        source=text.place,
    )


def goal_facts(goals: Iterable[PerformanceGoals]) -> Iterator[Fact]:
    """How many projects have goals, and their money (yuan), which the narrative states."""
    projects = [form for form in goals if form.kind == "项目"]
    if projects:
        count, amount = load_evaluation().goal_forms.counted
        yield Fact(count, Figure(Decimal(len(projects))))
        yield Fact(amount, Figure(total(form.budget.value for form in projects)))
