"""Self-evaluation forms against the goals that the budget of the year has set (绩效目标): what was changed is told."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from decimal import Decimal

from juesuan.account import (
    Account,
    Issue,
    PerformanceGoals,
    PerformanceSheet,
    Source,
    bare_text,
    plain,
    range_of,
    spaceless,
    total,
    total_range,
    with_unit,
)
from juesuan.statute import Scheme, load_evaluation, load_rules

CODE = "A050"
WAN = "万元"


def check_goal_sums(account: Account) -> Iterator[Issue]:
    """E174: a total of a form of goals that is not what its parts make (财预〔2015〕88号 附件, 项目资金)."""
    complete = {label for each in load_evaluation().goal_forms.sums for label in each.complete}
    for form in account.goals:
        for each in form.sums:
            parts = [(part.label, part.budget) for part in each.parts if part.budget is not None]
            made = total_range([range_of(figure) for _, figure in parts])
            gap = range_of(each.total) - made
            whole = any(label in complete for label, _ in parts)
            if not parts or gap.holds_zero() or (gap.value > 0 and not whole):
                continue
            listed = "、".join(f"{label}{with_unit(figure.value, WAN)}" for label, figure in parts)
            message = (
                f"{_form(form)}的{each.label}为{with_unit(each.total.value, WAN)}，所列{listed}之和为"
                f"{with_unit(made.value, WAN)}，相差{with_unit(abs(gap.value), WAN)}。"
            )
            places = (form.source,) if form.source else ()
            stated, expected = with_unit(each.total.value, WAN), with_unit(made.value, WAN)
            yield Issue("E174", load_rules()["E174"].severity, message, places, stated, expected)


def check_goal_amounts(account: Account) -> Iterator[Issue]:
    """E175: the budget of the whole unit's form, or a part of it, that is not what the tables have; E176: the projects'
    budgets that do not make what the explanation says of all projects with goals, where it counts as many.
    """
    plan = load_evaluation().goal_forms
    for form in account.goals:
        if form.kind != "整体":
            continue
        stated = [(plan.money.partition("（")[0], form.budget, plan.whole_budget)]
        known = plan.parts[form.kind]
        stated += [(part.label, part.budget, plan.places(part.label)) for part in form.parts
                   if part.label in known and part.budget is not None]  # fmt: skip
        for label, figure, places in stated:
            facts = [fact for place in places if (fact := account.get(place)) is not None]
            made = total_range([range_of(fact.figure) for fact in facts])
            if not facts or (range_of(figure) - made).holds_zero():
                continue
            one, other = with_unit(figure.value, WAN), with_unit(made.value, WAN)
            message = f"{_form(form)}的{label}为{one}，部门支出总表为{other}。"
            yield _differs("E175", message, (form.source, *(fact.source for fact in facts)), one, other)
    projects = [form for form in account.goals if form.kind == "项目"]
    count, amount = (account.get(place) for place in plan.counted)
    if count is None or amount is None or not projects or int(count.figure.value) != len(projects):
        return
    made = total_range([range_of(form.budget) for form in projects])
    if not (range_of(amount.figure) - made).holds_zero():
        one, other = with_unit(amount.figure.value, WAN), with_unit(made.value, WAN)
        message = f"正文写编报绩效目标的{len(projects)}个项目涉及资金{one}，各项目绩效目标表的预算之和为{other}。"
        yield _differs("E176", message, (amount.source, *(form.source for form in projects)), one, other)


def check_goal_weights(account: Account, schemes: Sequence[Scheme]) -> Iterator[Issue]:
    """E106: weights of all indicators of a form of goals that make neither 100 nor what is left beside execution.

    By which scheme they will be scored a form of goals does not say; weights may be parts of one as well.
    """
    wholes = {Decimal(1), *(scheme.total for scheme in schemes)}
    rests = {scheme.total - scheme.execution.points for scheme in schemes}
    for form in account.goals:
        weights = [indicator.weight for indicator in form.indicators]
        if not weights or min(weights) <= 0:
            continue
        found, whole = total(weights), max(wholes)
        if found in wholes | rests and form.full in (None, found):
            continue
        if all(total(part) in wholes | rests for part in _by_project(form)):
            continue
        stated = "" if form.full in (None, found) else f"表上印作{plain(form.full or found)}，"
        message = f"{_form(form)}权重合计：{stated}各项指标权重之和为{plain(found)}，应为{plain(whole)}。"
        places = tuple(each.source for each in form.indicators if each.source)[:1] or tuple(filter(None, [form.source]))
        yield Issue("E106", load_rules()["E106"].severity, message, places, plain(found), plain(whole))


def _by_project(form: PerformanceGoals) -> Iterator[list[Decimal]]:
    """The weights of each project of a form of several: the first level-1 name comes again with each of them."""
    levels = [indicator.level1 for indicator in form.indicators]
    starts = [n for n, level in enumerate(levels) if level == levels[0] and (n == 0 or levels[n - 1] != level)]
    for start, stop in itertools.pairwise([*starts, len(levels)]):
        yield [indicator.weight for indicator in form.indicators[start:stop]]


def _form(form: PerformanceGoals) -> str:
    """How a form of goals is called: by the project or unit, else by its own heading."""
    name = form.title or form.heading
    return f"《{name}》绩效目标表" if name else f"{form.kind}绩效目标表"


def _differs(code: str, message: str, places: tuple[Source | None, ...], stated: str, expected: str) -> Issue:
    told = tuple(place for place in places if place)
    return Issue(code, load_rules()[code].severity, message, told, stated, expected)


def check_goals(account: Account, budget: Account) -> Iterator[Issue]:
    """A finding for each form whose targets, indicators or approved budget are not those of the budget's goals."""
    for sheet in account.sheets:
        goals = _same(sheet, budget)
        if goals is None:
            continue
        changed = [*_targets(sheet, goals), *_money(sheet, goals)]
        if changed:
            name = "整体支出" if sheet.kind == "整体" else f"项目“{sheet.title}”"
            places = tuple(place for place in (sheet.source, goals.source) if place)
            message = f"{name}的绩效自评表与预算公开的绩效目标不同：{'；'.join(changed)}。"
            yield Issue(CODE, load_rules()[CODE].severity, message, places)


def compared_goals(account: Account, budget: Account) -> int:
    """How many forms have goals to be held to."""
    return sum(1 for sheet in account.sheets if _same(sheet, budget) is not None)


def _same(sheet: PerformanceSheet, budget: Account) -> PerformanceGoals | None:
    found = [form for form in budget.goals if form.kind == sheet.kind]
    if sheet.kind == "项目":
        found = [form for form in found if bare_text(form.title) == bare_text(sheet.title)]
    return found[0] if len(found) == 1 else None


def _targets(sheet: PerformanceSheet, goals: PerformanceGoals) -> Iterator[str]:
    set_then = {bare_text(indicator.name): indicator for indicator in goals.indicators}
    held_now = {bare_text(indicator.name): indicator for indicator in sheet.indicators}
    for name, indicator in held_now.items():
        before = set_then.get(name)
        if before is not None and spaceless(before.target) != spaceless(indicator.target):
            yield f"指标“{indicator.name}”的目标值由“{before.target}”改为“{indicator.target}”"
    added = [indicator.name for name, indicator in held_now.items() if name not in set_then]
    dropped = [indicator.name for name, indicator in set_then.items() if name not in held_now]
    if added and goals.indicators:
        yield f"增加了指标{'、'.join(f'“{name}”' for name in added)}"
    if dropped and sheet.indicators:
        yield f"没有自评指标{'、'.join(f'“{name}”' for name in dropped)}"


def _money(sheet: PerformanceSheet, goals: PerformanceGoals) -> Iterator[str]:
    if sheet.kind != "项目" or sheet.initial is None or not goals.budget.value:
        return
    stated, set_then = sheet.initial, goals.budget
    if stated.high < set_then.low or set_then.high < stated.low:
        yield f"年初预算数为{with_unit(stated.value, '万元')}，绩效目标表为{with_unit(set_then.value, '万元')}"
