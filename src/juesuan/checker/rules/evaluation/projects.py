"""Projects without a self-evaluation form, and forms without a project (自评全覆盖)."""

from __future__ import annotations

from collections.abc import Iterator

from juesuan.account import Account, Issue, PerformanceSheet, StatedOperand, total
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.evaluation.amounts import project_forms, sum_at
from juesuan.checker.rules.evaluation.notes import about, finding, first, money, named
from juesuan.checker.rules.evaluation.texts import bare_title, paired, project_reviews
from juesuan.statute import load_evaluation


def check_projects(context: CheckContext) -> Iterator[Issue]:
    """Each project with its form and each form with its project, as far as the account tells the projects.

    A compiled account knows them; of a document the reviews in its text and the total of 项目支出 speak.
    """
    account = context.account
    forms = [sheet for sheet in account.sheets if sheet.kind == "项目"]
    if account.projects:
        yield from _registered(account, forms)
    else:
        yield from _reviewed(context, forms)
        yield from _uncovered(account)


def _registered(account: Account, forms: list[PerformanceSheet]) -> Iterator[Issue]:
    """The projects of an account that was compiled."""
    titles = {bare_title(sheet.title) for sheet in forms}
    without = [p for p in account.projects if (p.budget or p.outlay) and bare_title(p.name) not in titles]
    if without:
        names_of = first(project.name for project in without)
        amount = money(total(project.outlay for project in without))
        text = f"有{len(without)}个项目没有绩效自评表：{names_of}，执行数合计{amount}。"
        yield finding("E146", text, [project.source for project in without], names_of)
    names = {bare_title(project.name) for project in account.projects}
    for sheet in forms:
        if bare_title(sheet.title) not in names:
            listed = first(project.name for project in account.projects)
            text = f"{named(sheet)}没有对应的项目；登记的项目是{listed}。"
            yield from about(sheet, [finding("E147", text, [sheet.source], sheet.title)])


def _reviewed(context: CheckContext, forms: list[PerformanceSheet]) -> Iterator[Issue]:
    """Reviews in the text without a form, and forms that no review is about, where the text reviews projects."""
    reviews = context.derived(project_reviews)
    if not reviews or not forms:
        return
    pairs = paired(reviews, forms)
    for entry in reviews:
        if not any(entry is other for other, _ in pairs):
            yield finding("E146", f"正文综述了项目“{entry.name}”，没有附它的自评表。", [entry.source], entry.name)
    for sheet in forms:
        if not any(sheet is other for _, other in pairs):
            text = f"{named(sheet)}在正文的项目自评综述里没有对应的项目。"
            yield from about(sheet, [finding("E147", text, [sheet.source], sheet.title, severity="notice")])


def _uncovered(account: Account) -> Iterator[Issue]:
    """Project expenditure that no form accounts for: a notice, since not every place has all forms published."""
    forms = project_forms(account)
    scopes = load_evaluation().scopes.values()
    sums = [known for scope in scopes if (known := sum_at(account, scope.addresses("project"))) is not None]
    if not forms or not sums or account.get(load_evaluation().project_outlay) is None:
        return
    least = min(sums, key=lambda figure: figure.value)
    if total(sheet.outlay.high for sheet in forms) >= least.low:
        return
    found = total(sheet.outlay.value for sheet in forms)
    rest = money(least.value - found)
    text = (f"项目支出决算{money(least.value)}，{len(forms)}份项目自评表的执行数合计{money(found)}，还有{rest}"
            "没有自评表。")
    operands = tuple(StatedOperand(s.title, money(s.outlay.value), s.place("outlay")) for s in forms)
    places = [sheet.place("outlay") for sheet in forms]
    yield finding(
        "E146", text, places, money(found), money(least.value), "Σ项目执行数 = 项目支出", operands, severity="notice"
    )
