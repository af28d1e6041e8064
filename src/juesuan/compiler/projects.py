"""The projects of an account: what workbook and ledger say of each put together, its outlay by source of funds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

import msgspec

from juesuan.account import WAN, ZERO, Issue, Project, Source, plain, total
from juesuan.compiler.entries import Entry
from juesuan.compiler.messages import issue, issue_at, say
from juesuan.statute import Statute

PROJECT_NATURE = "项目支出"
IN_WAN = "L102"
"""The code of amounts that are filled in in 万元."""

ROUNDING = Decimal(50)
"""By how many yuan an amount can be off that was rounded to two decimals of 万元."""


def merge_projects(
    projects: Iterable[Project], entries: Iterable[Entry], statute: Statute
) -> tuple[tuple[Project, ...], list[Issue]]:
    """Each project once, by name, and a problem for each whose source of funds cannot be known but is written about.

    Amounts are yuan. An outlay that the workbook states counts before that of the ledger.
    """
    groups: dict[str, list[Project]] = {}
    planned = statute.profile.kind == "预算"
    for project in projects:
        if planned and not project.outlay:
            project = msgspec.structs.replace(project, outlay=project.budget)
        groups.setdefault(project.name, []).append(project)
    merged = [_merged(group) for group in groups.values()]
    spent = [entry for entry in entries if (entry.record, entry.period) == ("支出", "本年")]
    unclear = _resolve(merged, groups, [entry for entry in spent if entry.nature == PROJECT_NATURE or entry.project])
    written = {clause.fund for plan in statute.sections for part in plan.paragraphs for clause in part.clauses}
    problems = [_problem(project, funds, here) for project, funds, here in unclear if written & set(funds)]
    return tuple(merged), problems


def projects_in_wan(projects: Iterable[Project], entries: Iterable[Entry]) -> Iterator[Issue]:
    """A problem for each item whose projects are filled in in 万元, by what ledger or exports say was spent on it."""
    spent: dict[str, Decimal] = {}
    for entry in entries:
        if (entry.record, entry.period) == ("支出", "本年") and entry.nature == PROJECT_NATURE:
            spent[entry.function] = spent.get(entry.function, ZERO) + entry.amount
    own: dict[str, list[Project]] = {}
    for project in projects:
        if project.outlay and project.source is not None and project.source.sheet:
            own.setdefault(project.function, []).append(project)
    for function, lines in own.items():
        stated, right = total(project.outlay for project in lines), spent.get(function, ZERO)
        if right and abs(stated * WAN - right) <= ROUNDING * len(lines):
            message = say("project.wan", found=plain(stated), code=function, right=plain(right))
            first = lines[0].source or Source()
            yield issue(message, first, f"工作表“{first.sheet}”项目“{lines[0].name}”")


def budgeted(projects: Iterable[Project]) -> tuple[Project, ...]:
    """The projects of a budget: what is put down as their expenditure, by source, is budgeted and not yet spent."""
    return tuple(msgspec.structs.replace(p, budget=p.outlay or p.budget, outlay=ZERO) for p in projects)


def _merged(group: Sequence[Project]) -> Project:
    """The lines of the workbook on a project (one for each source of funds) and those of the ledger (one an item)."""
    stated = [project for project in group if project.source is None or project.source.sheet]
    recorded = [project for project in group if project not in stated]
    initial = [project.initial for project in group if project.initial is not None]
    return msgspec.structs.replace(
        group[0],
        budget=total(project.budget for project in group),
        outlay=total(project.outlay for project in stated) or total(project.outlay for project in recorded),
        initial=total(initial) if initial else None,
        fund="",
    )


def _resolve(
    merged: list[Project], groups: dict[str, list[Project]], spent: Sequence[Entry]
) -> list[tuple[Project, tuple[str, ...], bool]]:
    """Sets the outlays by source; gives the projects for which several sources are possible, with these, and whether it
    is their item that has several.

    The ledger names the project of an outlay. A workbook does not: there the source is the one that the unit states, or
    the only one that pays for projects of the item, or all of them where the project is all that was spent on the item.
    """
    for place, project in enumerate(merged):
        recorded = _by_source(entry for entry in spent if entry.project == project.name)
        outlays = {next(iter(recorded)): project.outlay} if len(recorded) == 1 else recorded
        outlays = outlays or _stated(groups[project.name])
        merged[place] = msgspec.structs.replace(project, outlays=outlays)
    unnamed = [entry for entry in spent if not entry.project]
    unclear = []
    for place, project in enumerate(merged):
        if project.outlays or not project.outlay:
            continue
        here = _by_source(entry for entry in unnamed if entry.function == project.function)
        possible = here or _by_source(unnamed)
        if len(possible) == 1:
            outlays = {next(iter(possible)): project.outlay}
        elif here and total(here.values()) == project.outlay:
            # All that was spent on the item was spent on this project.
            outlays = here
        else:
            outlays = {}
            unclear.append((project, tuple(possible), bool(here)))
        merged[place] = msgspec.structs.replace(project, outlays=outlays)
    return unclear


def _by_source(entries: Iterable[Entry]) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = {}
    for entry in entries:
        sums[entry.source] = sums.get(entry.source, ZERO) + entry.amount
    return {source: sums[source] for source in sorted(sums) if sums[source]}


def _stated(group: Sequence[Project]) -> dict[str, Decimal]:
    """The outlays by the sources that the unit stated; empty where a line with an outlay has none."""
    lines = [project for project in group if project.outlay and (project.source is None or project.source.sheet)]
    if not all(project.fund for project in lines):
        return {}
    return {fund: total(p.outlay for p in lines if p.fund == fund) for fund in sorted({p.fund for p in lines})}


def _problem(project: Project, funds: Sequence[str], here: bool) -> Issue:
    key = "project.fund" if here else "project.fund.none"
    message = say(key, code=project.function, funds="、".join(funds), name=project.name)
    if project.source and project.source.sheet:
        return issue_at(project.source, message)
    return issue(message, project.source or Source(), f"项目“{project.name}”")
