"""Accounts checked: every contradiction with its place and its equation, and no alarm on what is sound."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial

import msgspec

from juesuan.account import Account, Coverage, Fact, Issue, severity_rank
from juesuan.checker.baseline import BaselineError, apply_baseline, entries_text, not_concerned, read_baseline
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.engine.coverage import coverage_of
from juesuan.checker.engine.guard import RuleGuard
from juesuan.checker.engine.misprinted.displaced import account_without, displaced_forms
from juesuan.checker.engine.misprinted.exchanged import Exchange, exchange_issue, exchanged_lines, in_their_lines
from juesuan.checker.engine.misprinted.money_slips import Scaled, in_the_right_unit, money_slips, slip_issue
from juesuan.checker.engine.relations import Decided, Outcome, decide
from juesuan.checker.report import Report, Tally
from juesuan.checker.rules.across import DocumentComparison, compare
from juesuan.checker.rules.completeness import check_completeness
from juesuan.checker.rules.dates import check_dates
from juesuan.checker.rules.evaluation.forms import FOUND_BY_SCORING, check_performance
from juesuan.checker.rules.named_items import check_item_names
from juesuan.checker.rules.narrative import Verified, verify_narrative
from juesuan.checker.rules.outline import check_outline
from juesuan.checker.rules.prose.family import check_prose, without_repeated
from juesuan.checker.rules.structure import check_structure
from juesuan.checker.rules.tables.declared import Corrections, check_tables
from juesuan.checker.rules.tables.printed import check_equations
from juesuan.checker.rules.tables.shown import check_other_tables
from juesuan.checker.rules.wording import check_wording
from juesuan.statute import Statute, load_statute

Family = Callable[[CheckContext], Iterable[Issue]]

FAMILIES: dict[str, Family] = {
    "表的完整和科目": check_structure,
    "目录和部分": check_outline,
    "说明的完整": check_completeness,
    "批复和公开的日期": check_dates,
    "科目名称": check_item_names,
    "表下公式": check_equations,
    "其他表": check_other_tables,
    "文字和残留": check_wording,
    "绩效自评": check_performance,
}
"""Rules that need nothing but the account and the law, by the name a fault is reported under."""

OF_FIGURES = (check_completeness, check_performance)
"""Those that hold something against the figures of the tables: not against such as are known to be wrong."""


def check(
    account: Account,
    *,
    statute: Statute | None = None,
    file: str = "",
    notes: tuple[Issue, ...] = (),
    against: Sequence[Account] = (),
) -> Report:
    """The report on `account`: every rule of its profile and year, each cause once, most severe first.

    With `against` it is also held to other documents of the unit: last year's final account, the year's budget. A rule
    that breaks down is named in `faults` and the others go on.
    """
    law = statute or load_statute(account.profile, account.year)
    guard = RuleGuard()
    outcome = guard.attempt("表内表间公式", lambda: decide(account, law), Outcome((), 0))
    no_slips: Scaled = {}
    slips = guard.attempt("金额单位", lambda: money_slips(outcome, account, law), no_slips)
    misprinted = [slip_issue(form, factor, account, law) for form, factor in slips.items()]
    if slips:
        account = in_the_right_unit(account, law, slips)
        outcome = guard.attempt("表内表间公式", lambda: decide(account, law), outcome)
    none: tuple[Exchange, ...] = ()
    exchanges = guard.attempt("两行互换", lambda: exchanged_lines(outcome, account, law), none)
    misprinted.extend(exchange_issue(each, account, law) for each in exchanges)
    if any(each.sure for each in exchanges):
        account = in_their_lines(account, exchanges)
        outcome = guard.attempt("表内表间公式", lambda: decide(account, law), outcome)
    nothing: tuple[list[Issue], Corrections] = ([], {})
    whole: dict[str, list[Decided]] = {}
    displaced = guard.attempt("整表错行", lambda: displaced_forms(outcome), whole)
    tables, corrections = guard.attempt("公式诊断", lambda: check_tables(outcome, account, law, displaced), nothing)
    usable = account_without(_with(account, corrections), list(displaced))
    context, corrected = CheckContext(account, law), CheckContext(usable, law)
    narrative = guard.attempt("正文与表", lambda: verify_narrative(corrected), Verified((), 0, 0))
    found = [*misprinted, *tables, *narrative.findings]
    prose: list[Issue] = guard.attempt("正文自身", partial(_all, check_prose, corrected), [])
    found.extend(without_repeated(prose, narrative.findings))
    for name, family in FAMILIES.items():
        held = corrected if family in OF_FIGURES else context
        found.extend(_not_blamed(guard.attempt(name, partial(_all, family, held), []), tables))
    for other in against:
        work = partial(compare, account, law, other, load_statute(other.profile, other.year))
        comparison = guard.attempt("跨文件核对", work, DocumentComparison(()))
        found.extend(comparison.findings)
        summary = f"与{other.year}年度“{other.unit.name}”的文件对照：核对 {comparison.decided} 处。"
        notes = (*notes, Issue("Q203", "notice", summary))
    findings = sorted(found, key=lambda f: (severity_rank(f.severity), f.code))
    return Report(
        file,
        account.profile,
        account.unit.name,
        account.year,
        tuple(findings),
        outcome.tally(),
        (narrative.decided, narrative.undecided, narrative.unread),
        account.unplaced,
        notes,
        tuple(guard.faults),
        guard.attempt("核对范围", lambda: coverage_of(account, law), Coverage()),
    )


def _not_blamed(issues: list[Issue], tables: Sequence[Issue]) -> list[Issue]:
    """The issues without those of a table's own sums whose cell the declared relations already blame."""
    blamed = {issue.places[0] for issue in tables if issue.places}
    return [issue for issue in issues if issue.code != "D003" or not set(issue.places[:1]) & blamed]


def _all(family: Family, context: CheckContext) -> list[Issue]:
    return list(family(context))


def _with(account: Account, corrections: Corrections) -> Account:
    """The account with figures corrected: a sentence that states the right figure is not blamed for a wrong table."""
    if not corrections:
        return account
    corrected = msgspec.structs.replace(account, facts=dict(account.facts))
    for address, figure in corrections.items():
        known = account.get(address)
        corrected.put(Fact(address, figure, known.source if known else None))
    return corrected


__all__ = [
    "FOUND_BY_SCORING",
    "BaselineError",
    "DocumentComparison",
    "Report",
    "Tally",
    "apply_baseline",
    "check",
    "compare",
    "entries_text",
    "not_concerned",
    "read_baseline",
]
