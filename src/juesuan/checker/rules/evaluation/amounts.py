"""Findings on the money of self-evaluation forms: within a form, and against the tables of the account."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from juesuan.account import Account, Address, Figure, Issue, PerformanceSheet, Project, Source, StatedOperand, total
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.evaluation.notes import about, finding, money, named
from juesuan.statute import TOTAL, Statute, load_evaluation


def check_amounts(context: CheckContext) -> Iterator[Issue]:
    """Sums within each form, the whole unit's form against the tables, the projects together against 项目支出."""
    account, statute = context.account, context.statute
    for sheet in account.sheets:
        yield from about(sheet, _parts(sheet, account))
        yield from about(sheet, _funds(sheet))
        if sheet.kind == "整体" and _own(sheet, account):
            yield from about(sheet, _whole(sheet, account, statute))
    yield from _projects(account)
    yield from _known_projects(account)


def _own(sheet: PerformanceSheet, account: Account) -> bool:
    """Whether a form is the unit's own: that of another unit is no matter of these tables."""
    return not sheet.unit or not account.unit.name or sheet.unit == account.unit.name


def overlap(one: Figure, other: Figure) -> bool:
    """Whether two printed figures can be the same amount."""
    return one.high >= other.low and one.low <= other.high


def _printed(sheet: PerformanceSheet, name: str) -> bool:
    return not sheet.places or name in dict(sheet.places)


def _parts(sheet: PerformanceSheet, account: Account) -> Iterator[Issue]:
    """基本支出总额＋项目支出总额＝部门整体支出总额 (执行数).

    Where the unit has expenditure of other kinds (上缴上级、经营、补助附属单位) the whole may hold it besides.
    """
    if sheet.basic is None or sheet.project is None or not _printed(sheet, "outlay"):
        return
    parts = (sheet.basic, sheet.project)
    whole = sheet.outlay
    found = total(part.value for part in parts)
    limit = (whole.resolution + total(part.resolution for part in parts)) / 2
    if abs(whole.value - found) <= limit:
        return
    for scope in load_evaluation().scopes.values():
        other = sum_at(account, scope.addresses("other"))
        if other and abs(whole.value - found - other.value) <= limit + other.resolution / 2:
            return
    text = (f"{named(sheet)}的基本支出{money(sheet.basic.value)}、项目支出{money(sheet.project.value)}，合计"
            f"{money(found)}，执行数写作{money(whole.value)}。")
    operands = (
        StatedOperand("基本支出总额", money(sheet.basic.value), sheet.place("basic")),
        StatedOperand("项目支出总额", money(sheet.project.value), sheet.place("project")),
    )
    places = [sheet.place("outlay"), sheet.place("basic"), sheet.place("project")]
    equation = "执行数 = 基本支出总额 + 项目支出总额"
    yield finding("E121", text, places, money(whole.value), money(found), equation, operands)


def sum_at(account: Account, addresses: Sequence[Address]) -> Figure | None:
    """The sum of what stands at `addresses`, blank cells being nothing; None where all of them are blank."""
    figures = [fact.figure for address in addresses if (fact := account.get(address)) is not None]
    if not figures:
        return None
    return Figure(total(f.value for f in figures), total(f.resolution for f in figures))


def _funds(sheet: PerformanceSheet) -> Iterator[Issue]:
    """年度资金总额＝Σ其中, column by column, where every part of a column is printed."""
    if len(sheet.funds) < 2:
        return
    names = {"initial": "年初预算数", "budget": "预算数", "outlay": "执行数"}
    for key, name in names.items():
        whole: Figure | None = getattr(sheet, key)
        parts = [part for fund in sheet.funds if (part := getattr(fund, key)) is not None]
        if whole is None or not parts or not _printed(sheet, key):
            continue
        found = total(part.value for part in parts)
        if abs(whole.value - found) <= (whole.resolution + total(part.resolution for part in parts)) / 2:
            continue
        text = f"{named(sheet)}的{name}总额{money(whole.value)}，各项资金合计{money(found)}。"
        operands = tuple(
            StatedOperand(fund.label, money(part.value), fund.source)
            for fund in sheet.funds
            if (part := getattr(fund, key)) is not None
        )
        yield finding("E124", text, [sheet.place(key)], money(whole.value), money(found), f"{name} = Σ分项", operands)


def _whole(sheet: PerformanceSheet, account: Account, statute: Statute) -> Iterator[Issue]:
    """The whole unit's form against the tables that print the same fact."""
    names = {"outlay": "支出总额（执行数）", "basic": "基本支出总额", "project": "项目支出总额"}
    for field, name in names.items():
        figure: Figure | None = getattr(sheet, field)
        if figure is None or (field == "outlay" and not _printed(sheet, field)):
            continue
        words = load_evaluation()
        scopes = [scope.addresses(field) for scope in (*words.scopes.values(), words.general)]
        yield from _among(name, sheet, field, figure, scopes, account, statute)
    if sheet.initial is not None and not _own_funds(account) and _budgets_known(account):
        sums = load_evaluation().budgets
        yield from _among("年初预算数", sheet, "initial", sheet.initial, sums, account, statute)


def _budgets_known(account: Account) -> bool:
    """Whether the approved budget of every fund that the unit spends from is stated: tables print that of none."""
    places = {place for places in load_evaluation().budgets for place in places}
    return all(account.get(place) or not account.amount(Address(place.form, TOTAL, place.column)) for place in places)


def _own_funds(account: Account) -> bool:
    """Whether the unit spends more than the treasury gives: the approved budget of that stands in no table."""
    scopes = load_evaluation().scopes
    whole, treasury = (sum_at(account, scopes[name].addresses("outlay")) for name in ("全部支出", "财政资金"))
    return whole is not None and treasury is not None and not overlap(whole, treasury)


def _among(
    name: str,
    sheet: PerformanceSheet,
    field: str,
    figure: Figure,
    sums: Sequence[Sequence[Address]],
    account: Account,
    statute: Statute,
) -> Iterator[Issue]:
    """A figure that must be one of several sums of the tables: an error only where it is none of them."""
    known = [(places, found) for places in sums if (found := sum_at(account, places)) is not None]
    if not known or any(overlap(figure, found) for _, found in known):
        return
    if not figure.value and len(known) < len(sums):
        # A sum whose cells are all blank is nothing, as the form says.
        return
    operands: dict[str, StatedOperand] = {}
    sources: list[Source | None] = [sheet.place(field)]
    for places, found in known:
        facts = [fact for place in places if (fact := account.get(place)) is not None]
        description = "、".join(statute.describe(fact.address) for fact in facts)
        description += "合计" if len(facts) > 1 else ""
        operands.setdefault(description, StatedOperand(description, money(found.value), facts[0].source))
        sources.extend(fact.source for fact in facts)
    listing = "；".join(f"{operand.name}{operand.stated}" for operand in operands.values())
    text = f"{named(sheet)}的{name}为{money(figure.value)}，决算表没有这个数：{listing}。"
    expected = money(known[0][1].value)
    yield finding(
        "E122", text, sources, money(figure.value), expected, f"{name} = 决算表", tuple(operands.values())
    )


def project_forms(account: Account) -> list[PerformanceSheet]:
    """The forms of the unit's own projects that print their outlay."""
    return [s for s in account.sheets if s.kind == "项目" and _printed(s, "outlay") and _own(s, account)]


def _projects(account: Account) -> Iterator[Issue]:
    """The outlays of the project forms together, never more than 项目支出 of the table of expenditure."""
    fact = account.get(load_evaluation().project_outlay)
    sheets = project_forms(account)
    if fact is None or not sheets:
        return
    low = total(sheet.outlay.low for sheet in sheets)
    if low <= fact.figure.high:
        return
    found = total(sheet.outlay.value for sheet in sheets)
    text = f"{len(sheets)}份项目自评表的执行数合计{money(found)}，超过支出决算表的项目支出{money(fact.figure.value)}。"
    operands = tuple(StatedOperand(s.title, money(s.outlay.value), s.place("outlay")) for s in sheets)
    places = [*(s.place("outlay") for s in sheets), fact.source]
    most = f"不超过{money(fact.figure.value)}"
    yield finding("E123", text, places, money(found), most, "Σ项目执行数 ≤ 项目支出", operands)


def _known_projects(account: Account) -> Iterator[Issue]:
    """Forms against the projects of the account, where it knows them (an account that was compiled)."""
    known = {project.name: project for project in account.projects}
    for sheet in account.sheets:
        project = known.get(sheet.title) if sheet.kind == "项目" else None
        if project is not None:
            yield from about(sheet, _known(sheet, project))


def _known(sheet: PerformanceSheet, project: Project) -> Iterator[Issue]:
    pairs: tuple[tuple[str, str, Figure, Decimal], ...] = (
        ("预算数", "budget", sheet.budget, project.budget),
        ("执行数", "outlay", sheet.outlay, project.outlay),
    )
    for name, field, figure, amount in pairs:
        if figure.low <= amount <= figure.high:
            continue
        text = f"{named(sheet)}的{name}为{money(figure.value)}，项目的{name}是{money(amount)}。"
        yield finding("E122", text, [sheet.place(field), project.source], money(figure.value), money(amount))
