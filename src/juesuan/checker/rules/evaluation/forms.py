"""Findings on self-evaluation forms (绩效自评表) and on what the narrative says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from fractions import Fraction

from juesuan.account import Account, Indicator, Issue, PerformanceSheet, bare_text, printed
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.evaluation.amounts import check_amounts
from juesuan.checker.rules.evaluation.goals import check_goal_amounts, check_goal_sums, check_goal_weights
from juesuan.checker.rules.evaluation.notes import about, finding, first, named
from juesuan.checker.rules.evaluation.projects import check_projects
from juesuan.checker.rules.evaluation.repeated import check_repeated_values
from juesuan.checker.rules.evaluation.score_tables import check_score_tables
from juesuan.checker.rules.evaluation.scores import SCORED_CODES, check_scores, held_to_itself
from juesuan.checker.rules.evaluation.texts import check_texts, explained
from juesuan.scoring import Scored, parse_value
from juesuan.statute import load_evaluation

_YEAR = re.compile(r"(20\d{2})年?度")
_WORDS = {
    "E157": "实际完成值写成了限度，不是实际发生的数",
    "E158": "没有写计量单位，按另一个值的单位理解",
    "E159": "定性指标得满分，没有列出依据",
    "E160": "目标值与完成值不能按数值比较，得分无法复算",
    "E161": "目标只有词语，没有衡量标准",
    "E164": "上年实际完成值或上级下达的目标值与目标值不能按数值比较",
}
"""Weaknesses that many indicators of every form have: one notice for the whole document."""

_UNCOMPARABLE = {"E115": "E160"}
"""What is to be filled in of a form that is compiled, and only known of one that is published."""

FOUND_BY_SCORING = SCORED_CODES | (frozenset(_WORDS) - {"E161"})
"""The rules that say of a published form what scoring says of one that is compiled."""


def check_performance(context: CheckContext) -> Iterator[Issue]:
    """Everything that can be said of the forms of an account; nothing where it has none."""
    account, statute = context.account, context.statute
    yield from check_goal_sums(account)
    yield from check_goal_amounts(account)
    yield from check_goal_weights(account, tuple(statute.schemes.values()))
    yield from check_score_tables(account)
    if not account.sheets:
        return
    scored = []
    for sheet in account.sheets:
        scheme = statute.schemes.get(sheet.scheme, statute.schemes[statute.profile.scheme])
        result = held_to_itself(sheet, scheme)
        scored.append(result)
        why = explained(context, sheet)
        yield from about(sheet, _head(sheet, account))
        yield from about(sheet, check_scores(sheet, scheme, result, why))
        yield from about(sheet, _suspicious(sheet, result))
    yield from check_amounts(context)
    yield from check_projects(context)
    yield from check_texts(context)
    yield from check_repeated_values(context)
    yield from _gathered(account, scored)


def _head(sheet: PerformanceSheet, account: Account) -> Iterator[Issue]:
    """Year, unit and date of a form against the account."""
    for year in dict.fromkeys(_YEAR.findall(sheet.heading)):
        if account.year and int(year) != account.year:
            text = f"自评表“{sheet.heading}”是{year}年度的，决算年度是{account.year}年度。"
            yield finding("E131", text, [sheet.place("heading")], year, str(account.year))
    if sheet.unit and account.unit.name and bare_text(sheet.unit) != bare_text(account.unit.name):
        text = f"{named(sheet)}的单位名称是“{sheet.unit}”，决算单位是“{account.unit.name}”。"
        yield finding("E132", text, [sheet.place("unit")], sheet.unit, account.unit.name)
    if sheet.date and account.year and sheet.source and sheet.date < date(account.year, 12, 31).isoformat():
        text = f"{named(sheet)}的填报日期是{sheet.date}，{account.year}年度还没有终了。"
        yield finding("E133", text, [sheet.place("date")], sheet.date)



def _suspicious(sheet: PerformanceSheet, scored: Scored) -> Iterator[Issue]:
    """Hardly any money spent, and everything done all the same."""
    limit = Fraction(load_evaluation().low_execution)
    lines = [line for line in sheet.indicators if line.score is not None]
    full = len(lines) > 1 and all(line.score == line.weight > 0 for line in lines)
    if scored.rate is None or scored.rate >= limit or not full or not sheet.source:
        return
    percent = printed(Decimal(scored.rate.numerator * 100) / Decimal(scored.rate.denominator), 2)
    text = f"{named(sheet)}执行率只有{percent}%，{len(lines)}个指标全部得满分；请核实目标值和完成值。"
    yield finding("E153", text, [sheet.place("stated_rate")])


def _gathered(account: Account, scored: list[Scored]) -> Iterator[Issue]:
    """One notice for each kind of weakness that is spread over the forms, with every place."""
    found: dict[str, list[tuple[PerformanceSheet, Indicator]]] = {code: [] for code in _WORDS}
    for sheet, result in zip(account.sheets, scored, strict=True):
        for issue in result.issues:
            code = _UNCOMPARABLE.get(issue.code, issue.code)
            if code in found and issue.indicator is not None:
                found[code].append((sheet, sheet.indicators[issue.indicator]))
        for indicator in sheet.indicators:
            if sheet.source and indicator.target and parse_value(indicator.target).kind == "定性":
                found["E161"].append((sheet, indicator))
    for code, entries in found.items():
        if not entries:
            continue
        text = f"绩效自评表有{len(entries)}处：{first(i.name for _, i in entries)}，{_WORDS[code]}。"
        yield finding(code, text, [i.source or s.source for s, i in entries])
