"""What no exported table says: listed, and asked for in one short workbook that holds what is known already."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import msgspec

from juesuan.account import Account, Address, Issue, Period, spaceless
from juesuan.compiler import Compilation, issue_under
from juesuan.compiler.workbook import (
    Filler,
    Line,
    PlannedSheet,
    SheetContents,
    sheets,
    write_contents,
)
from juesuan.compiler.workbook import unanswered as unanswered_cells
from juesuan.intake.gathering import Intake
from juesuan.statute import Statute, level_of
from juesuan.statute.exports import Question, load_exports

ASKED = "L205"
LAST = "上年"
BUDGET: Period = "年初预算"
CENT = Decimal("0.01")


def unanswered(intake: Intake, compilation: Compilation, beside: Account | None = None) -> list[Issue]:
    """What the files do not say and the disclosure needs, one issue each; nothing where a workbook was filled in.

    What the account `beside`, of what is filled in already, says is not asked for.
    """
    asked_of = intake.exports is not None or compilation.statute.profile.kind == "预算"
    if not asked_of or intake.collected.sources.workbook is not None:
        return []
    return [_issue(ask) for ask in _asks(compilation) if beside is None or not _says(beside, ask)]


def undecided(compilation: Compilation) -> Compilation:
    """The compilation of files alone without what cannot be said before the rest is filled in: relations that fail
    for want of it, and reasons for differences that it has a part in.
    """
    open_forms = {form for ask in _asks(compilation) for form in ask.fills}
    relations, asked = compilation.statute.relations, compilation.asked

    def open_fault(code: str) -> bool:
        relation = relations.get(code)
        return relation is not None and (
            relation.filling
            or relation.form in open_forms
            or any(f"{form}!" in relation.statement for form in open_forms)
        )

    def open_reason(key: str) -> bool:
        return key in asked and asked[key].whole.partition("!")[0] in open_forms

    return msgspec.structs.replace(
        compilation,
        faults=tuple(fault for fault in compilation.faults if not open_fault(fault.code)),
        missing=tuple(missing for missing in compilation.missing if not open_reason(missing.address)),
    )


def _asks(compilation: Compilation) -> list[Question]:
    return [ask for ask in load_exports(compilation.statute).asks if _open(ask, compilation)]


def differences(intake: Intake, compilation: Compilation) -> list[Issue]:
    """What exports and the published budget say differently."""
    if intake.exports is None or not intake.exports.against:
        return []
    from juesuan.intake.exports import budget_differences

    return budget_differences(intake.exports, compilation.account, compilation.statute)


def _issue(ask: Question) -> Issue:
    found = issue_under(ASKED, f"报表里没有：{ask.what}（填在“{ask.sheet}”表）", where=ask.sheet)
    return msgspec.structs.replace(found, address=ask.sheet, expected=ask.what)


def _open(ask: Question, compilation: Compilation) -> bool:
    account = compilation.account
    if ask.when and not account.amount(ask.when):
        return False
    return not _says(account, ask)


def _says(account: Account, ask: Question) -> bool:
    if ask.records:
        return bool(account.projects if ask.records == "project" else account.goals)
    return any(account.get(cell) for cell in ask.cells)


class Questions(msgspec.Struct, frozen=True):
    """The sheets that ask for what the files do not say, and what of all sheets is known already, by sheet."""

    plan: tuple[PlannedSheet, ...]
    known: dict[str, SheetContents]


def questions(intake: Intake, compilation: Compilation) -> Questions:
    """What is still to be filled in, what is known filled in."""
    statute = compilation.statute
    answered = intake.exports.answered if intake.exports else frozenset[str]()
    requested = {missing.address for missing in compilation.missing}
    last = any(fact.address.period == LAST for fact in compilation.account.facts.values())
    if not last or any(ask.fills for ask in _asks(compilation)):
        # Which changes need a reason shows when this year's and last year's figures are known: all may be.
        requested |= {key for key, _ in statute.reasons()}
    filler = Filler(intake.collected.gathered)
    without = load_exports(statute).short_without
    plan = tuple(
        retained
        for sheet in sheets(statute, ledger=intake.exports is not None)
        if sheet.key not in without and (retained := _needed(sheet, answered, requested)).slots
    )
    whole = {sheet.key: filler.contents(sheet) for sheet in sheets(statute)}
    for sheet in plan:
        if sheet.plan.makes == "entries" and sheet.slot("reason"):
            _add_items(whole[sheet.key], requested, compilation)
        received = sheet.plan.columns_from and sheet.plan.columns_from.record == "收入"
        if sheet.plan.makes == "entries" and received and not whole[sheet.key].lines:
            functions = dict.fromkeys(function for function, _ in _items(statute, compilation))
            whole[sheet.key].lines.extend({"function": function} for function in functions)
        if sheet.plan.makes == "project" and not whole[sheet.key].lines:
            spent = any(slot.plan.key == "outlay" for slot in sheet.slots)
            lines = _projects(compilation, intake) if spent else _approved_projects(compilation)
            whole[sheet.key].lines.extend(lines)
    return Questions(plan, whole)


def write_questions(path: Path, intake: Intake, compilation: Compilation) -> list[str]:
    """Writes the workbook that asks for the rest to `path`, what is known filled in; gives the names of its sheets."""
    asked = questions(intake, compilation)
    write_contents(path, compilation.statute, asked.known, plan=asked.plan)
    return [sheet.key for sheet in asked.plan]


def _needed(sheet: PlannedSheet, answered: frozenset[str], requested: set[str]) -> PlannedSheet:
    """The sheet without the cells that an export answers, and without reasons that are not asked for."""
    if sheet.plan.reasons:
        slots = tuple(slot for slot in sheet.slots if slot.plan.key in requested)
        return msgspec.structs.replace(sheet, slots=slots)
    return unanswered_cells(sheet, answered)


def _add_items(contents: SheetContents, requested: set[str], compilation: Compilation) -> None:
    """A line for each item whose budget or reason is wanted, with the source of funds that pays for it."""
    listed = {(line.get("function"), line.get("source")) for line in contents.lines}
    for function, source in _items(compilation.statute, compilation):
        if (function, source) not in listed:
            contents.lines.append({"function": function, "source": source})


def _items(statute: Statute, compilation: Compilation) -> Iterator[tuple[str, str]]:
    """The items that something was spent on, with the source of funds, as the published tables have them."""
    for form in statute.published:
        takes = [column.takes for column in form.columns.values() if column.takes and column.takes.record == "支出"]
        sources = {source for taken in takes for source in taken.sources}
        if form.classification != "功能分类" or len(sources) != 1:
            continue
        rows = dict.fromkeys(fact.address.row for fact in compilation.account.of_form(form.key))
        for row in sorted(row for row in rows if level_of(row) == "项"):
            yield row, next(iter(sources))


def _approved_projects(compilation: Compilation) -> list[Line]:
    """A line for each item with project expenditure in an approved budget, and its amount; the name is asked for."""
    plan, account = compilation.statute.profile.itemised, compilation.account
    facts = [fact for fact in account.of_form(plan.form) if fact.address.column == plan.projects]
    items = {f.address.row: f.figure.value for f in facts if f.figure.value and level_of(f.address.row) == "项"}
    return [{"function": row, "budget": amount} for row, amount in sorted(items.items())]


def _projects(compilation: Compilation, intake: Intake) -> list[Line]:
    """A line for each project that an export lists, with its outlay; else for each item with project expenditure: its
    outlay and approved budget as known, the name where one form of goals of the published budget is of that very
    amount. The final budget is left to the unit.
    """
    plan, account = compilation.statute.profile.itemised, compilation.account
    rows = [f.address.row for f in account.of_form(plan.form) if f.address.column == plan.projects]
    goals = [form for other in intake.against for form in other.goals if form.kind == "项目"]
    exported = intake.exports.projects if intake.exports else ()
    lines: list[Line] = []
    for project in exported:
        named: Line = {"name": project.name, "function": project.function, "outlay": project.outlay}
        budgets = {form.budget.value for form in goals if spaceless(form.title) == spaceless(project.name)}
        if len(budgets) == 1:
            named["initial"] = budgets.pop()
        lines.append(named)
    listed = {project.function for project in exported}
    for row in sorted(row for row in rows if level_of(row) == "项" and row not in listed):
        line: Line = {"function": row}
        if outlay := account.amount(Address(plan.form, row, plan.projects)):
            line["outlay"] = outlay
        if initial := account.amount(Address(plan.form, row, plan.projects, BUDGET)):
            line["initial"] = initial
            names = [g.title for g in goals if abs(g.budget.value - initial) <= max(g.budget.resolution, CENT)]
            if len(names) == 1:
                line["name"] = names[0]
        lines.append(line)
    return lines
