"""Findings on the scores of a self-evaluation form: rate, points, weights, total and grade, by the scheme it prints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

import msgspec

from juesuan.account import (
    Indicator,
    Issue,
    PerformanceSheet,
    Severity,
    StatedOperand,
    decimals_written,
    plain,
    printed,
    total,
)
from juesuan.checker.rules.evaluation.notes import finding, named, points
from juesuan.scoring import (
    Scored,
    ScoredIndicator,
    as_printed,
    execution_bounds,
    grade_of,
    possible_scores,
    score_sheet,
)
from juesuan.statute import Scheme, load_evaluation

SCORED_CODES = frozenset((
    "E102", "E103", "E106", "E107", "E109", "E110", "E125", "E126", "E151", "E152", "E154", "E155", "E156", "E162",
    "E163",
))
"""What scoring finds on a form, and this module says of one that is published."""

_AS_THEY_ARE = ("E106", "E125", "E126", "E151")
"""Issues of scoring on a whole form that hold of a published one without more."""

_TOGETHER = ("E156", "E154", "E155", "E109", "E162", "E163")
"""Issues of scoring on single indicators: one for the form."""


def held_to_itself(sheet: PerformanceSheet, scheme: Scheme) -> Scored:
    """The form scored by the scheme with the points that it prints itself."""
    return score_sheet(sheet, as_printed(sheet, scheme))


def check_scores(sheet: PerformanceSheet, scheme: Scheme, scored: Scored, why: bool) -> Iterator[Issue]:
    """Everything that the printed points and values of a form contradict; `why` where a low rate is explained."""
    own = as_printed(sheet, scheme)
    yield from _rate(sheet)
    yield from _too_many(sheet)
    yield from _blocks(sheet)
    yield from _full(sheet, scheme)
    if sheet.indicators and not any(indicator.weight for indicator in sheet.indicators):
        yield finding("E111", f"{named(sheet)}没有印各指标的分值，没有复核得分。", [sheet.source])
    else:
        yield from _on_scoring(sheet, own, scored, why)
    yield from _structure(sheet, scheme, scored)
    yield from _grade(sheet, own)
    yield from _unscored(sheet)


def _rate(sheet: PerformanceSheet) -> Iterator[Issue]:
    """The printed rate against outlay ÷ budget (执行率＝B/A), by intervals."""
    rate, bounds = sheet.stated_rate, execution_bounds(sheet)
    if rate is None or bounds is None or not _printed(sheet):
        return
    low, high = bounds
    if Fraction(rate.high) >= low and Fraction(rate.low) <= high:
        return
    stated, expected = _percent(rate.value), _percent(sheet.outlay.value / sheet.budget.value)
    operands = (
        StatedOperand("执行数", plain(sheet.outlay.value / 10000) + "万元", sheet.place("outlay")),
        StatedOperand("预算数", plain(sheet.budget.value / 10000) + "万元", sheet.place("budget")),
    )
    # Cut off instead of rounded: 31.3 for 31.35.
    cut = rate.resolution and Fraction(rate.value) <= high and low < Fraction(rate.value + rate.resolution)
    severity: Severity = "notice" if cut else "error"
    end = "（截去了尾数）。" if cut else "。"
    message = f"{named(sheet)}的执行率写作{stated}，按执行数÷预算数应为{expected}{end}"
    places = [sheet.place("stated_rate")]
    yield finding("E101", message, places, stated, expected, "执行率 = 执行数 ÷ 预算数", operands, severity)


def _printed(sheet: PerformanceSheet) -> bool:
    """Whether the form prints both amounts, where it was read; a form that was compiled has them always."""
    known = dict(sheet.places)
    return not known or {"budget", "outlay"} <= set(known)


def _percent(ratio: Decimal) -> str:
    return f"{printed(ratio * 100, 2, trim=True)}%"


def _too_many(sheet: PerformanceSheet) -> Iterator[Issue]:
    for indicator in sheet.indicators:
        if indicator.score is not None and indicator.weight > 0 and indicator.score > indicator.weight:
            stated, most = points(indicator.score), points(indicator.weight)
            text = f"{named(sheet)}“{indicator.name}”得分{stated}，超过分值{most}。"
            yield finding("E104", text, [indicator.source], stated, f"不超过{most}", "得分 ≤ 分值")
    most_points, score = sheet.execution_points, sheet.execution_score
    if score is not None and most_points is not None and score > most_points:
        text = f"{named(sheet)}预算执行得分{points(score)}，超过分值{points(most_points)}。"
        places = [sheet.place("execution_score")]
        yield finding("E104", text, places, points(score), f"不超过{points(most_points)}", "得分 ≤ 分值")


def _blocks(sheet: PerformanceSheet) -> Iterator[Issue]:
    """The points printed beside names of levels against the points of the indicators below them."""
    for block in sheet.allotments:
        inside = [
            indicator
            for indicator in sheet.indicators
            if indicator.level1 == block.level1 and (not block.level2 or indicator.level2 == block.level2)
        ]
        if not inside or any(indicator.weight <= 0 for indicator in inside):
            continue
        found = total(indicator.weight for indicator in inside)
        if found == block.points:
            continue
        name = block.level2 or block.level1
        text = f"{named(sheet)}“{name}”印作{points(block.points)}，其下{len(inside)}个指标的分值合计{points(found)}。"
        operands = tuple(StatedOperand(i.name, points(i.weight), i.source) for i in inside)
        places = [block.source or sheet.source]
        yield finding("E105", text, places, points(block.points), points(found), f"{name} = Σ指标分值", operands)


def _full(sheet: PerformanceSheet, scheme: Scheme) -> Iterator[Issue]:
    """The full marks beside the total score against the points of execution and of all indicators.

    Where they are those of the scheme it is the indicators that are wrong (E106).
    """
    weights = [indicator.weight for indicator in sheet.indicators]
    if sheet.full is None or not weights or min(weights) <= 0 or sheet.execution_points is None:
        return
    found = total(weights) + sheet.execution_points
    scores = [indicator.score for indicator in sheet.indicators if indicator.score is not None]
    # Of the indicators alone, where the score beside it is so too.
    alone = sheet.score is not None and len(scores) == len(weights) and sheet.score == total(scores)
    if sheet.full in (found, scheme.total) or (alone and sheet.full == total(weights)):
        return
    if sheet.full % 1:
        # Full marks are whole; this is one more score.
        return
    text = (f"{named(sheet)}合计行的分值印作{points(sheet.full)}，预算执行{points(sheet.execution_points)}与"
            f"{len(weights)}个指标的分值合计{points(found)}。")
    execution = StatedOperand("预算执行", points(sheet.execution_points), sheet.place("execution"))
    operands = (execution, *(StatedOperand(i.name, points(i.weight), i.source) for i in sheet.indicators))
    places = [sheet.place("full")]
    yield finding("E105", text, places, points(sheet.full), points(found), "合计分值 = Σ分值", operands)


def _on_scoring(sheet: PerformanceSheet, scheme: Scheme, scored: Scored, why: bool) -> Iterator[Issue]:
    """The issues of scoring, those about a stated score weighed by what the formulas allow."""
    for issue in scored.issues:
        if issue.code == "E102":
            yield from _execution(sheet, scheme, issue)
        elif issue.code == "E103" and issue.indicator is not None:
            yield from _indicator(sheet, scheme, scored.lines[issue.indicator], issue)
        elif issue.code == "E107":
            yield from _total(sheet, issue)
        elif issue.code == "E152" and not why:
            yield finding("E152", f"{named(sheet)}：{issue.message}", [sheet.place("stated_rate")])
        elif issue.code == "E126" and not _printed(sheet):
            # A form may print them above its headings, or in a line of the indicators, where they were not read.
            told = finding("E126", f"{named(sheet)}里没有认出预算数和执行数，没有复核执行率。", [sheet.source])
            yield msgspec.structs.replace(told, severity="notice")
        elif issue.code in _AS_THEY_ARE:
            place = sheet.source if issue.code == "E151" else sheet.place("execution")
            yield finding(issue.code, f"{named(sheet)}{_part(issue)}：{issue.message}", [place])
    for code in _TOGETHER:
        if code not in ("E154", "E155") or not why:
            yield from _together(sheet, code, [issue for issue in scored.issues if issue.code == code])


def _part(issue: Issue) -> str:
    """The part of the form that an issue of scoring is about."""
    return issue.where.partition("》")[2]


def _together(sheet: PerformanceSheet, code: str, issues: list[Issue]) -> Iterator[Issue]:
    """The same issue on several indicators of a form is one."""
    lines = [(sheet.indicators[issue.indicator], issue.message) for issue in issues if issue.indicator is not None]
    if not lines:
        return
    listing = "；".join(f"“{indicator.name}”{text.rstrip('。')}" for indicator, text in lines)
    places = [indicator.source or sheet.source for indicator, _ in lines]
    yield finding(code, f"{named(sheet)}：{listing}。", places)


def _execution(sheet: PerformanceSheet, scheme: Scheme, issue: Issue) -> Iterator[Issue]:
    """The printed score of execution: an error only where the form prints how it is scored."""
    score, rate = sheet.execution_score, sheet.stated_rate
    if issue.severity != "error" or score is None or not _printed(sheet):
        return
    most = Fraction(scheme.execution.points)
    step = Fraction(1, 10 ** decimals_written(score))
    bounds = execution_bounds(sheet)
    holds = rate is not None and bounds and Fraction(rate.high) >= bounds[0] and Fraction(rate.low) <= bounds[1]
    # Worked out from the rounded rate instead of the amounts: the rate holds, and so does the score.
    if rate is not None and holds and abs(Fraction(score) - min(most, most * Fraction(rate.value))) <= step / 2:
        return
    if score > scheme.execution.points and sheet.execution_points is not None:
        return
    listing = "".join((*sheet.notes, sheet.execution_formula))
    # A form that was compiled, not read, is of its scheme.
    known = not sheet.places or re.search(load_evaluation().execution_formula, listing)
    severity: Severity = "error" if known else "warning"
    text = f"{named(sheet)}{_part(issue)}：{issue.message}"
    equation = f"得分 = {plain(scheme.execution.points)}分 × 执行率"
    places = [sheet.place("execution_score")]
    yield finding("E102", text, places, points(score), issue.expected, equation, severity=severity)


def _indicator(sheet: PerformanceSheet, scheme: Scheme, line: ScoredIndicator, issue: Issue) -> Iterator[Issue]:
    indicator = line.indicator
    stated = indicator.score
    if stated is None or stated > indicator.weight:
        return
    intervals = possible_scores(indicator, scheme)
    step = Fraction(1, 10 ** max(decimals_written(stated), 0))
    if not intervals:
        # Words that repeat the target: the best band leaves a choice, and less than it says something else.
        least = Fraction(scheme.qualitative.bands[0].lower) * Fraction(indicator.weight)
        if stated < 0 or Fraction(stated) < least:
            text = (f"{named(sheet)}“{indicator.name}”完成情况与目标相同，得分{points(stated)}，低于“"
                    f"{scheme.qualitative.bands[0].name}”一档的{plain(_decimal(least))}分。")
            yield finding("E109", text, [indicator.source], points(stated))
        return
    allowed = [low - step / 2 <= Fraction(stated) <= high + step / 2 for low, high in intervals]
    if allowed[0]:
        return
    text = (f"{named(sheet)}“{indicator.name}”目标{indicator.target}、完成{indicator.actual}，分值"
            f"{points(indicator.weight)}：{issue.message}")
    severity: Severity = "warning" if any(allowed) else "error"
    if any(allowed):
        text = text.removesuffix("。") + "；目标值没有写≥或≤，如果是越少越好，请写明。"
    expected = "" if line.computed is None else points(line.computed)
    equation = f"得分 = 分值 × {line.formula}"
    yield finding("E103", text, [indicator.source], points(stated), expected, equation, severity=severity)


def _decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def _total(sheet: PerformanceSheet, issue: Issue) -> Iterator[Issue]:
    if sheet.score is None:
        return
    parts = [indicator.score for indicator in sheet.indicators]
    unknown = sheet.execution_score is None or any(part is None for part in parts)
    severity: Severity = "notice" if issue.severity == "notice" else "warning" if unknown else "error"
    text = f"{named(sheet)}：{issue.message}" + ("（有得分没有印出，按算得的计。）" if unknown else "")
    execution = () if sheet.execution_score is None else (_score_operand(sheet, sheet.execution_score),)
    scores = [(i, i.score) for i in sheet.indicators if i.score is not None]
    operands = (*execution, *(StatedOperand(i.name, points(score), i.source) for i, score in scores))
    places = [sheet.place("score")]
    stated = points(sheet.score)
    equation = "总分 = 预算执行得分 + Σ指标得分"
    yield finding("E107", text, places, stated, issue.expected, equation, operands, severity)


def _score_operand(sheet: PerformanceSheet, score: Decimal) -> StatedOperand:
    return StatedOperand("预算执行", points(score), sheet.place("execution_score"))


def _structure(sheet: PerformanceSheet, scheme: Scheme, scored: Scored) -> Iterator[Issue]:
    """Groups that the scheme does not have, or with other points than it gives them."""
    texts = [issue.message for issue in scored.issues if issue.code == "E110" and issue.severity != "notice"]
    if scheme.fixed_weights and sheet.execution_points in (None, scheme.execution.points):
        for block in sheet.allotments:
            group = scheme.group(block.level1)
            heirs = [g for g in scheme.groups if group and g.absent_to == group.name]
            if block.level2 or group is None or group.weight is None or block.points == group.weight:
                continue
            if block.points == group.weight + total(g.weight for g in heirs if g.weight is not None):
                continue
            texts.append(f"“{group.name}”印作{points(block.points)}，{scheme.name}规定{points(group.weight)}。")
    if texts:
        yield finding("E110", f"{named(sheet)}：{''.join(dict.fromkeys(texts))}", [sheet.source])


def _grade(sheet: PerformanceSheet, scheme: Scheme) -> Iterator[Issue]:
    names = [level.name for level in scheme.grades.levels]
    stated = next((name for name in names if name in sheet.grade), "")
    if not stated or sheet.score is None:
        return
    expected = grade_of(sheet.score, scheme)
    if stated != expected:
        text = f"{named(sheet)}总分{points(sheet.score)}，等级写作“{sheet.grade}”，应为“{expected}”。"
        yield finding("E108", text, [sheet.place("grade")], stated, expected)


def _unscored(sheet: PerformanceSheet) -> Iterator[Issue]:
    """Indicators without a score in a form that has scores: nothing for a form that has none at all."""
    if not any(i.score is not None for i in sheet.indicators):
        return
    missing: list[Indicator] = [i for i in sheet.indicators if i.score is None and i.weight > 0]
    if missing:
        text = f"{named(sheet)}有{len(missing)}个指标没有得分：{'、'.join(i.name for i in missing)}。"
        yield finding("E112", text, [i.source for i in missing])
