"""Self-evaluation forms (绩效自评表) put together from what was filled in, and scored by the scheme."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from juesuan.account import Account, Address, Figure, Indicator, Issue, PerformanceSheet, Project, total
from juesuan.compiler.entries import Gathered, SheetText
from juesuan.scoring import adopt, score_sheet
from juesuan.statute import Scheme, load_evaluation, load_rules

WHOLE = "整体支出"
"""The subject of the unit's own form."""


def evaluations(
    account: Account, gathered: Gathered, scheme: Scheme
) -> tuple[tuple[PerformanceSheet, ...], tuple[Issue, ...]]:
    """The forms of the subjects that something is filled in for, scored, and what scoring found."""
    texts = {text.subject: text for text in gathered.sheets}
    indicators: dict[str, list[Indicator]] = {}
    for subject, indicator in gathered.indicators:
        indicators.setdefault(subject, []).append(indicator)
    subjects = [WHOLE, *(project.name for project in account.projects)]
    sheets: list[PerformanceSheet] = []
    found: list[Issue] = []
    for subject in subjects:
        if subject not in texts and subject not in indicators:
            continue
        text = texts.get(subject, SheetText(subject))
        sheet = _sheet(subject, text, tuple(indicators.get(subject, ())), account, gathered, scheme)
        scored = score_sheet(adopt(sheet, scheme), scheme)
        sheets.append(scored.sheet)
        found.extend(scored.issues)
    if sheets:
        found.extend(_without_form(account.projects, {sheet.title for sheet in sheets if sheet.kind == "项目"}))
    return tuple(sheets), tuple(found)


def _without_form(projects: Iterable[Project], titles: set[str]) -> Iterator[Issue]:
    """One issue on the projects with money and without a form (自评覆盖全部项目支出)."""
    names = [p.name for p in projects if (p.budget or p.outlay) and p.name not in titles]
    if names:
        text = f"有 {len(names)} 个项目没有绩效自评表：{'、'.join(names)}。"
        advice = "请在“绩效自评表”“绩效指标”两张表填写。"
        yield Issue("E146", load_rules()["E146"].severity, text, where="项目", advice=advice)


def _sheet(
    subject: str,
    text: SheetText,
    indicators: tuple[Indicator, ...],
    account: Account,
    gathered: Gathered,
    scheme: Scheme,
) -> PerformanceSheet:
    project = next((p for p in account.projects if p.name == subject), None)
    scope = load_evaluation().scopes[scheme.execution.scope]
    if project is not None:
        budget, outlay, initial = project.budget, project.outlay, project.initial
    else:
        budget = initial = approved_amount(gathered, scope.sources)
        outlay = total(account.amount(place) for place in scope.addresses("outlay"))
    return PerformanceSheet(
        kind="项目" if project else "整体",
        title=project.name if project else account.unit.name,
        scheme=scheme.key,
        budget=Figure(text.budget if text.budget is not None else budget),
        outlay=Figure(text.outlay if text.outlay is not None else outlay),
        initial=Figure(initial) if initial is not None and (project or initial) else None,
        basic=None if project else _figure(account, scope.addresses("basic")),
        project=None if project else _figure(account, scope.addresses("project")),
        indicators=indicators,
        date=text.date,
        supervisor=account.unit.supervisor,
        implementer=account.unit.name,
        goals=text.goals,
        attributes=gathered.attributes.get(subject, ()),
        deviation=text.deviation,
        improvement=text.improvement,
        source=text.place,
    )


def approved_amount(gathered: Gathered, sources: Sequence[str]) -> Decimal:
    """The approved budget from `sources`, from all where none is named: the budget of the whole unit where it states
    none.
    """
    approved = [e for e in gathered.entries if e.record == "支出" and e.period == "年初预算"]
    # Entries with an economic code alone repeat those with an item.
    items = [e for e in approved if e.function or not e.economy]
    return total(e.amount for e in items if not sources or e.source in sources)


def _figure(account: Account, places: Iterable[Address]) -> Figure | None:
    facts = [fact for place in places if (fact := account.get(place)) is not None]
    return Figure(total(fact.figure.value for fact in facts)) if facts else None
