"""Scoring of a self-evaluation form (绩效自评表) by a declared scheme: computed scores beside the stated ones."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import msgspec

from juesuan.account import ZERO, Indicator, Issue, PerformanceSheet, plain
from juesuan.scoring.formulas import FormulaResult, rounded_half_up, score_value
from juesuan.scoring.issues import SheetIssues
from juesuan.scoring.rules import check_execution, check_stated, check_values, check_weights
from juesuan.scoring.values.grammar import normalise
from juesuan.scoring.values.value import Value, parse_value
from juesuan.statute import Band, Direction, Scheme


class ScoredIndicator(msgspec.Struct, frozen=True, omit_defaults=True):
    """One indicator with its values as understood, and its stated and computed points.

    `share` is the exact part of the weight; `formula` says in Chinese where it comes from; `how` whether the score
    was calculated, judged (定性) or could not be given.
    """

    indicator: Indicator
    target: Value
    actual: Value
    how: str
    """计算, 定性, 照目标 (words repeat the target) or 未评."""
    direction: Direction | None = None
    share: Fraction | None = None
    deviation: Fraction | None = None
    formula: str = ""
    stated: Decimal | None = None
    computed: Decimal | None = None


class Scored(msgspec.Struct, frozen=True, omit_defaults=True):
    """A form with computed scores, the stated ones beside them, and what was found on the way. Scores in points.

    `sheet` is the form with computed scores only; its total is blank while an indicator has no score, and `total` is
    then the sum of what there is. `grade` is blank, too, where the weights are not 100 in all.
    `rate` is the exact execution rate (outlay ÷ budget), None without a budget.
    """

    sheet: PerformanceSheet
    lines: tuple[ScoredIndicator, ...]
    rate: Fraction | None
    execution: Decimal | None
    stated_execution: Decimal | None
    total: Decimal
    stated_total: Decimal | None
    complete: bool
    grade: str
    issues: tuple[Issue, ...]


def grade_of(total: Decimal, scheme: Scheme) -> str:
    """The grade 优、良、中、差 of a total in points; each lower limit belongs to its grade (财预〔2020〕10号)."""
    return next((g.name for g in scheme.grades.levels if total >= g.at_least), scheme.grades.levels[-1].name)


def execution_rate(sheet: PerformanceSheet) -> Fraction | None:
    """Outlay ÷ budget from the exact yuan amounts, or None where the budget is not positive."""
    if sheet.budget.value <= 0:
        return None
    return Fraction(sheet.outlay.value) / Fraction(sheet.budget.value)


def execution_score(sheet: PerformanceSheet, scheme: Scheme) -> Decimal | None:
    """Points of budget execution: points × B/A, from 0 to the points (自评表“预算执行情况”).

    Without a budget the scheme's own rule holds; None where it leaves the score to a person.
    """
    points = Fraction(scheme.execution.points)
    rate = execution_rate(sheet)
    if rate is not None:
        return rounded_half_up(points * min(max(rate, Fraction(0)), Fraction(1)), scheme.decimals)
    shares = {"满分": points, "零分": Fraction(0)}
    share = shares.get(scheme.execution.empty_budget)
    return None if share is None else rounded_half_up(share, scheme.decimals)


def score_sheet(sheet: PerformanceSheet, scheme: Scheme) -> Scored:
    """`sheet` scored by `scheme`: every score computed from exact values and rounded half up once.

    Stated scores are kept beside the computed ones and compared with them. The total is the sum of the rounded
    scores, as the form prints it.
    """
    issues = SheetIssues(sheet)
    check_weights(issues, sheet, scheme)
    execution = execution_score(sheet, scheme)
    check_execution(issues, sheet, scheme, execution_rate(sheet))
    lines = tuple(_line(issues, n, indicator, scheme) for n, indicator in enumerate(sheet.indicators))
    check_values(issues, sheet, scheme, lines)
    scores = [execution, *(line.computed for line in lines)]
    complete = bool(lines) and all(score is not None for score in scores)
    total = sum((score for score in scores if score is not None), ZERO)
    check_stated(issues, sheet, scheme, lines, execution)
    if not complete:
        missing = sum(1 for score in scores if score is None)
        what = f"有 {missing} 项没有得分" if lines else "表中没有绩效指标"
        issues.on_sheet("E112", "总分", f"{what}，已有得分合计 {plain(total)} 分，补全后才有总分和等级。")
    done = msgspec.structs.replace(
        sheet,
        indicators=tuple(msgspec.structs.replace(line.indicator, score=line.computed) for line in lines),
        execution_score=execution,
        score=total if complete else None,
    )
    # A total of weights that are not 100 points in all says nothing about a grade.
    points = scheme.execution.points + sum((i.weight for i in sheet.indicators), ZERO)
    grade = grade_of(total, scheme) if complete and points == scheme.total else ""
    return Scored(done, lines, execution_rate(sheet), execution, sheet.execution_score, total, sheet.score, complete,
                  grade, issues.issues)


def _line(issues: SheetIssues, index: int, indicator: Indicator, scheme: Scheme) -> ScoredIndicator:
    target, actual = parse_value(indicator.target), parse_value(indicator.actual)
    group = scheme.group(indicator.level1)
    child = scheme.child(group, indicator.level2) if group else None
    outcome = score_value(target, actual, child.plain if child else "正向", scheme.quantitative.above_exact)
    share, how, formula = _share(issues, index, indicator, scheme, outcome)
    computed = None if share is None else rounded_half_up(Fraction(indicator.weight) * share, scheme.decimals)
    if outcome.assumed and share is not None:
        issues.on_indicator("E158", index, indicator, outcome.assumed + "。", advice="请在表中写明单位。")
    direction = outcome.direction if target.measured else None
    return ScoredIndicator(
        indicator, target, actual, how, direction, share, outcome.deviation, formula, indicator.score, computed
    )


def _share(
    issues: SheetIssues, index: int, indicator: Indicator, scheme: Scheme, outcome: FormulaResult
) -> tuple[Fraction | None, str, str]:
    """The share of the weight, how it was found (计算、定性、照目标、未评) and the formula in Chinese."""
    if indicator.weight <= 0:
        issues.on_indicator("E113", index, indicator, "没有权重，无法计分。", advice="请填写该指标的分值。")
        return None, "未评", ""
    if not indicator.actual.strip():
        issues.on_indicator("E156", index, indicator, "实际完成值没有填写，不计分。", advice="请填写完成情况。")
        return None, "未评", ""
    if outcome.share is not None:
        return outcome.share, "计算", outcome.formula
    if indicator.grade is not None:
        return _graded(issues, index, indicator, scheme, indicator.grade)
    top = scheme.qualitative.bands[0]
    if normalise(indicator.actual) == normalise(indicator.target):
        return Fraction(1), "照目标", f"{top.name}，得满分"
    band = band_named(indicator.actual, scheme)
    if band is top and indicator.score is None:
        return Fraction(1), "定性", f"{top.name}，得满分"
    if indicator.score is not None and 0 <= indicator.score <= indicator.weight:
        if parse_value(indicator.target).kind != "定性" or parse_value(indicator.actual).kind != "定性":
            text = f"{outcome.reason}，得分沿用自评的 {plain(indicator.score)} 分，无法复算。"
            issues.on_indicator("E160", index, indicator, text, "warning", advice="请改写数值。")
        return _graded(issues, index, indicator, scheme, indicator.score / indicator.weight, Fraction(indicator.score))
    _ask_for_grade(issues, index, indicator, scheme, outcome, band)
    return None, "未评", ""


def _graded(
    issues: SheetIssues, index: int, indicator: Indicator, scheme: Scheme, grade: Decimal,
    points: Fraction | None = None,
) -> tuple[Fraction | None, str, str]:
    """The share the unit gives itself, as a grade or as stated points, held to the band its words name."""
    if not 0 <= grade <= 1:
        text = f"自评比例 {plain(grade)} 不在 0 到 1 之间。"
        issues.on_indicator("E114", index, indicator, text, advice="请按 0.85 的形式填写。")
        return None, "未评", ""
    share = Fraction(grade) if points is None else points / Fraction(indicator.weight)
    named = band_named(indicator.actual, scheme)
    # The upper limit of a lower band belongs to the band above it: 100-80(含)、80-60(含).
    if named is not None and not (named.lower <= share and (share < named.upper or named.upper == 1)):
        text = f"完成情况填“{named.name}”，应得 {_range(named, indicator)}，现按 {plain(grade * 100)}% 计。"
        issues.on_indicator("E109", index, indicator, text, advice="请改正档次或得分。")
    return share, "定性", f"自评为分值的 {plain(rounded_half_up(share * 100, 2))}%"


def _ask_for_grade(
    issues: SheetIssues, index: int, indicator: Indicator, scheme: Scheme, outcome: FormulaResult, band: Band | None
) -> None:
    if parse_value(indicator.target).kind == "定性" and parse_value(indicator.actual).kind == "定性":
        if band is not None:
            text = f"完成情况为“{band.name}”，没有自评比例，不计分。"
            advice = f"请在 {_range(band, indicator)} 之间定分并填写自评比例。"
        else:
            bands = "、".join(f"{b.name}{_range(b, indicator)}" for b in scheme.qualitative.bands)
            text, advice = "定性指标没有自评比例，不计分。", f"请按档次定分：{bands}。"
        issues.on_indicator("E115", index, indicator, text, advice=advice)
        return
    issues.on_indicator("E160", index, indicator, f"{outcome.reason}，不计分。", advice="请改写数值，或填写自评比例。")


def band_named(text: str, scheme: Scheme) -> Band | None:
    """The qualitative band that an actual value names outright, such as 部分达成预期指标并具有一定效果."""
    wanted = normalise(text)
    return next((b for b in scheme.qualitative.bands if wanted in (b.name, *b.aliases)), None)


def _range(band: Band, indicator: Indicator) -> str:
    return f"{plain(band.lower * indicator.weight)}至{plain(band.upper * indicator.weight)}分"
