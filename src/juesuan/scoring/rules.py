"""What scoring checks besides the formulas: weights, execution, deviations, copied targets and stated scores."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any, Protocol

from juesuan.account import ZERO, Indicator, PerformanceSheet, decimals_written, plain, printed, total
from juesuan.scoring.ambition import asks_less
from juesuan.scoring.formulas import rounded_half_up
from juesuan.scoring.issues import SheetIssues
from juesuan.scoring.totals import total_is_honest
from juesuan.scoring.values.grammar import normalise
from juesuan.scoring.values.value import Value
from juesuan.statute import Group, Scheme


class ScoredLine(Protocol):
    """What the checks need to know of a scored indicator."""

    @property
    def indicator(self) -> Indicator: ...
    @property
    def target(self) -> Value: ...
    @property
    def actual(self) -> Value: ...
    @property
    def how(self) -> str: ...
    @property
    def share(self) -> Fraction | None: ...
    @property
    def deviation(self) -> Fraction | None: ...
    @property
    def stated(self) -> Decimal | None: ...
    @property
    def computed(self) -> Decimal | None: ...


def allotments(groups_present: set[str], scheme: Scheme) -> dict[str, Decimal | None]:
    """The points of each group that is present, those of absent groups added to the group the scheme names.

    None where the scheme leaves the weight to the unit.
    """
    points = {g.name: g.weight for g in scheme.groups}
    result = {name: weight for name, weight in points.items() if name in groups_present}
    for group in scheme.groups:
        heir = result.get(group.absent_to)
        if group.name not in groups_present and group.weight is not None and heir is not None:
            result[group.absent_to] = heir + group.weight
    return result


def check_weights(issues: SheetIssues, sheet: PerformanceSheet, scheme: Scheme) -> None:
    """Names and weights of the groups, and the sum of all weights (财预〔2020〕10号: 总分 100 分)."""
    found: dict[str, Decimal] = {}
    for index, indicator in enumerate(sheet.indicators):
        group = scheme.group(indicator.level1)
        if group is None:
            names = "、".join(g.name for g in scheme.groups)
            issues.on_indicator("E110", index, indicator, f"办法中没有一级指标“{indicator.level1}”；应为{names}之一。")
            continue
        home = scheme.home(indicator.level2)
        if home is not None and scheme.child(group, indicator.level2) is None:
            text = f"二级指标“{indicator.level2}”属于“{home.name}”，现放在“{group.name}”之下。"
            issues.on_indicator("E110", index, indicator, text, "notice", advice="请核对。")
        found[group.name] = found.get(group.name, ZERO) + indicator.weight
    _check_groups(issues, scheme, found)
    weights = total(indicator.weight for indicator in sheet.indicators)
    if weights + scheme.execution.points != scheme.total:
        text = (f"预算执行 {plain(scheme.execution.points)} 分与指标权重 {plain(weights)} 分合计 "
                f"{plain(weights + scheme.execution.points)} 分，应为 {plain(scheme.total)} 分。")
        issues.on_sheet("E106", "权重合计", text, advice="请调整权重。")


def _check_groups(issues: SheetIssues, scheme: Scheme, found: dict[str, Decimal]) -> None:
    wanted = allotments(set(found), scheme)
    for group in scheme.groups:
        if group.name not in found:
            _absent(issues, group)
            continue
        points = wanted[group.name]
        if points is None or points == found[group.name]:
            continue
        text = f"“{group.name}”各指标权重合计 {plain(found[group.name])} 分，应为 {plain(points)} 分"
        if scheme.fixed_weights:
            issues.on_sheet("E110", group.name, f"{text}。", "error", advice="请调整权重。")
        else:
            issues.on_sheet("E110", group.name, f"{text}。", "notice", advice="确需调整一级指标权重的，请说明原因。")


def _absent(issues: SheetIssues, group: Group) -> None:
    if not group.absent_to:
        issues.on_sheet("E110", group.name, f"表中没有“{group.name}”。", "error", advice="请补充该一级指标。")
    elif group.weight is not None:
        text = f"表中没有“{group.name}”，其 {plain(group.weight)} 分并入“{group.absent_to}”。"
        issues.on_sheet("E110", group.name, text, "notice")


def check_execution(issues: SheetIssues, sheet: PerformanceSheet, scheme: Scheme, rate: Fraction | None) -> None:
    """Execution without a budget, beyond it, or low without a reason (自评表“预算执行情况”)."""
    rule = scheme.execution
    if rate is None:
        text = f"预算数为 {plain(sheet.budget.value)} 元，算不出执行率，按办法“{rule.empty_budget}”处理。"
        issues.on_sheet("E126", rule.label, text)
        return
    percent = f"{printed(rounded_half_up(max(rate, Fraction(0)) * 100, 2), 2)}%"
    if rate > 1:
        text = f"执行率 {percent}，执行数大于预算数。"
        issues.on_sheet("E125", rule.label, text, advice="请核对预算数是否为调整后的全年预算。")
    if rate < Fraction(rule.reason_below) and not sheet.deviation.strip():
        limit = plain(rule.reason_below * 100)
        text = f"执行率 {percent}，低于 {limit}%，没有说明原因。"
        issues.on_sheet("E152", rule.label, text, advice="请填写原因和改进措施。")


def _documented(indicator: Indicator) -> bool:
    """Whether anything backs an actual value: a material that is named, or a recorded query."""
    return bool(indicator.evidence.strip()) or indicator.proof is not None


def check_values(issues: SheetIssues, sheet: PerformanceSheet, scheme: Scheme, lines: Sequence[ScoredLine]) -> None:
    """Deviations without a reason, copied targets, limits instead of values, full marks without evidence."""
    explained = bool(sheet.deviation.strip())
    for index, line in enumerate(lines):
        if line.actual.measured and line.actual.comparison in ("≥", "≤", ">", "<", "区间"):
            text = f"实际完成值“{line.actual.text}”写成了限度。"
            issues.on_indicator("E157", index, line.indicator, text, advice="请填写具体数值并留存依据。")
        if line.how in ("定性", "照目标") and line.share == 1 and not _documented(line.indicator):
            text = "定性指标得满分，没有列出依据。"
            issues.on_indicator("E159", index, line.indicator, text, advice="请注明佐证材料。")
        if not explained and not line.indicator.reason.strip():
            _deviation(issues, index, line, scheme)
        _ambition(issues, index, line.indicator, scheme)
    copied = [line for line in lines if normalise(line.actual.text) == normalise(line.target.text) and line.actual.text]
    if len(lines) > 1 and len(copied) == len(lines):
        text = f"全部 {len(lines)} 个指标的实际完成值与目标值逐字相同。"
        issues.on_sheet("E151", "实际完成值", text, advice="请填写实际发生的数值。")


def _ambition(issues: SheetIssues, index: int, indicator: Indicator, scheme: Scheme) -> None:
    """The target against last year's actual value and against the superior's target, where they are given."""
    for code, written, whose, advice in (
        ("E162", indicator.last_year, "上年实际完成值", "请说明定低的原因，或调高目标。"),
        ("E163", indicator.superior, "上级下达的目标值", "请按上级的目标改正，经批准调整的说明依据。"),
    ):
        less = asks_less(indicator, written, scheme, yearly=code == "E162")
        if less:
            text = f"目标值“{indicator.target}”没有达到{whose}“{written}”。"
            issues.on_indicator(code, index, indicator, text, advice=advice)
        elif less is None:
            text = f"{whose}“{written}”与目标值“{indicator.target}”不能按数值比较。"
            issues.on_indicator("E164", index, indicator, text, advice="请按同样的单位填写。")


def _deviation(issues: SheetIssues, index: int, line: ScoredLine, scheme: Scheme) -> None:
    if line.deviation is None:
        return
    percent = f"{printed(rounded_half_up(abs(line.deviation) * 100, 2), 2, trim=True)}%"
    if line.deviation <= -Fraction(scheme.deviation.under):
        text = f"比目标值差 {percent}，没有说明原因。"
        issues.on_indicator("E154", index, line.indicator, text, advice="请填写原因和改进措施。")
    elif line.deviation >= Fraction(scheme.deviation.over):
        text = f"比目标值好 {percent}，没有说明原因。"
        advice = "请说明原因；目标值明显偏低的，应按偏离度适度调减分值。"
        issues.on_indicator("E155", index, line.indicator, text, advice=advice)


def check_stated(
    issues: SheetIssues, sheet: PerformanceSheet, scheme: Scheme, lines: Sequence[ScoredLine], execution: Decimal | None
) -> None:
    """Stated scores against computed ones, with the precision the form prints its scores (DESIGN, rule 2)."""
    stated = [sheet.execution_score, *(line.stated for line in lines)]
    known = [score for score in (*stated, sheet.score) if score is not None]
    if not known:
        return
    step = Fraction(1, 10 ** min(max(decimals_written(score) for score in known), scheme.decimals))
    _stated_execution(issues, sheet, scheme, execution, step)
    for index, line in enumerate(lines):
        if line.stated is None or line.share is None or line.computed is None:
            continue
        if abs(Fraction(line.stated) - Fraction(line.indicator.weight) * line.share) > step / 2:
            text = f"表中得分 {plain(line.stated)}，按办法算得 {plain(line.computed)}。"
            issues.on_indicator("E103", index, line.indicator, text, advice="请改正得分或数值。",
                                stated=f"{plain(line.stated)}分", expected=f"{plain(line.computed)}分")
    computed = [execution, *(line.computed for line in lines)]
    parts = [c if s is None else s for s, c in zip(stated, computed, strict=True)]
    if sheet.score is None or any(part is None for part in parts):
        return
    expected = total(part for part in parts if part is not None)
    gap = abs(sheet.score - expected)
    if gap:
        honest = total_is_honest(sheet, scheme, lines, step)
        text = f"表中总分 {plain(sheet.score)}，各项得分之和为 {plain(expected)}，相差 {plain(gap)}。"
        issues.on_sheet("E107", "总分", text, "notice" if honest else "error", advice="请核对。",
                        stated=f"{plain(sheet.score)}分", expected=f"{plain(expected)}分")


def _stated_execution(
    issues: SheetIssues, sheet: PerformanceSheet, scheme: Scheme, execution: Decimal | None, step: Fraction
) -> None:
    """The stated execution score against points × B/A.

    A difference that the rounding of the printed amounts could explain is a notice, a greater one an error.
    """
    if sheet.execution_score is None or execution is None:
        return
    points, stated = Fraction(scheme.execution.points), Fraction(sheet.execution_score)
    low = high = exact = Fraction(execution)
    if sheet.budget.low > 0:
        exact = points * Fraction(sheet.outlay.value) / Fraction(sheet.budget.value)
        low = points * Fraction(sheet.outlay.low) / Fraction(sheet.budget.high)
        high = points * Fraction(sheet.outlay.high) / Fraction(sheet.budget.low)
    low, exact, high = (min(max(end, Fraction(0)), points) for end in (low, exact, high))
    if abs(stated - exact) <= step / 2:
        return
    text = (f"表中得分 {plain(sheet.execution_score)}，按 {plain(scheme.execution.points)} 分×执行率算得 "
            f"{plain(execution)}")
    fields: dict[str, Any] = {"stated": f"{plain(sheet.execution_score)}分", "expected": f"{plain(execution)}分"}
    label = scheme.execution.label
    if low - step / 2 <= stated <= high + step / 2:
        text = f"{text}，差额在金额四舍五入的范围之内。"
        issues.on_sheet("E102", label, text, "notice", advice="请按元核对。", **fields)
    else:
        issues.on_sheet("E102", label, f"{text}。", advice="请改正得分或预算数、执行数。", **fields)
