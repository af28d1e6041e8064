"""Roll-up of one form over several units or sub-projects (汇总): first the values, then the scores.

Absolute values are added, relative values and qualitative grades weighted by amount (自评表备注 2、3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

import msgspec

from juesuan.account import Figure, Indicator, PerformanceSheet, plain, total
from juesuan.scoring.formulas import rounded_half_up
from juesuan.scoring.issues import SheetIssues
from juesuan.scoring.sheet import Scored, band_named, score_sheet
from juesuan.scoring.values.comparable import ComparablePair, align
from juesuan.scoring.values.grammar import normalise
from juesuan.scoring.values.units import SCALES, conversion
from juesuan.scoring.values.value import Comparison, Value, parse_value, print_value
from juesuan.statute import Scheme

_Part = tuple[PerformanceSheet, Indicator, Fraction]
"""A sheet, its indicator, and the amount in yuan that weighs it."""


def roll_up(sheets: Sequence[PerformanceSheet], scheme: Scheme, title: str = "") -> Scored:
    """`sheets` of several units or sub-projects as one form, scored by `scheme`.

    Budgets and outlays (yuan) are added; each indicator, known by its three names, is added or averaged as the scheme
    declares. A single sheet is itself. Raises ValueError for no sheets.
    """
    if not sheets:
        raise ValueError("没有可以汇总的自评表")
    if len(sheets) == 1 and not title:
        return score_sheet(sheets[0], scheme)
    first = sheets[0]
    merged = PerformanceSheet(
        kind=first.kind,
        title=title or "、".join(_distinct(s.title for s in sheets)),
        scheme=scheme.key,
        budget=_sum([s.budget for s in sheets]),
        outlay=_sum([s.outlay for s in sheets]),
        basic=_sum_known([s.basic for s in sheets]),
        project=_sum_known([s.project for s in sheets]),
        initial=_sum_known([s.initial for s in sheets]),
        date=_common(s.date for s in sheets),
        supervisor=_common(s.supervisor for s in sheets),
        implementer="、".join(_distinct(s.implementer for s in sheets)),
        goals=tuple(_distinct(goal for s in sheets for goal in s.goals)),
        attributes=tuple(pair for pair in first.attributes if all(pair in s.attributes for s in sheets)),
        deviation="\n".join(_distinct(s.deviation for s in sheets)),
        improvement="\n".join(_distinct(s.improvement for s in sheets)),
    )
    issues = SheetIssues(merged)
    indicators = tuple(_merge(issues, n, parts, scheme) for n, parts in enumerate(_gather(sheets, scheme)))
    scored = score_sheet(msgspec.structs.replace(merged, indicators=indicators), scheme)
    return msgspec.structs.replace(scored, issues=(*issues.issues, *scored.issues))


def _gather(sheets: Sequence[PerformanceSheet], scheme: Scheme) -> list[list[_Part]]:
    """The indicators of all sheets, those of the same three names together, in order of first appearance."""
    amounts = [Fraction((s.budget if scheme.roll_up.amount == "预算数" else s.outlay).value) for s in sheets]
    if not any(amount > 0 for amount in amounts):
        # Nothing to weigh by: every unit counts the same.
        amounts = [Fraction(1)] * len(sheets)
    groups: dict[tuple[str, str, str], list[_Part]] = {}
    for sheet, amount in zip(sheets, amounts, strict=True):
        for indicator in sheet.indicators:
            key = (normalise(indicator.level1), normalise(indicator.level2), normalise(indicator.name))
            groups.setdefault(key, []).append((sheet, indicator, max(amount, Fraction(0))))
    return list(groups.values())


def _merge(issues: SheetIssues, index: int, parts: list[_Part], scheme: Scheme) -> Indicator:
    first = parts[0][1]
    if len(parts) == 1:
        return msgspec.structs.replace(first, score=None, grade=_grade(first, scheme))
    if len({indicator.weight for _, indicator, _ in parts}) > 1:
        weights = "、".join(plain(indicator.weight) for _, indicator, _ in parts)
        text = f"各单位权重为 {weights} 分，汇总按第一张表的 {plain(first.weight)} 分计。"
        issues.on_indicator("E172", index, first, text, advice="请统一权重。")
    evidence = "\n".join(_distinct(indicator.evidence for _, indicator, _ in parts))
    base = msgspec.structs.replace(first, score=None, evidence=evidence, grade=None, source=None)
    targets = [parse_value(indicator.target) for _, indicator, _ in parts]
    actuals = [parse_value(indicator.actual) for _, indicator, _ in parts]
    if all(value.kind == "空" for value in actuals):
        return msgspec.structs.replace(base, actual="")
    if any(value.kind == "空" for value in actuals):
        blank = "、".join(s.title for (s, _, _), value in zip(parts, actuals, strict=True) if value.kind == "空")
        issues.on_indicator("E171", index, first, f"{blank}没有填写实际完成值，不能汇总。", advice="请补填。")
        return msgspec.structs.replace(base, actual="")
    if all(value.measured for value in (*targets, *actuals)):
        return _merge_figures(issues, index, base, parts, targets, actuals, scheme)
    return _merge_words(issues, index, base, parts, scheme)


def _merge_figures(
    issues: SheetIssues, index: int, base: Indicator, parts: list[_Part], targets: list[Value], actuals: list[Value],
    scheme: Scheme,
) -> Indicator:
    lead = targets[0]
    if len({value.comparison for value in targets}) > 1:
        issues.on_indicator("E173", index, base, f"各单位目标值的符号不同，汇总按第一张表的写法“{lead.text}”计。")
    if lead.day is not None:
        return _merge_deadlines(issues, index, base, targets, actuals)
    pairs = [align(target, actual) for target, actual in zip(targets, actuals, strict=True)]
    factors = [conversion(target.unit, lead.unit) for target in targets]
    sign = _shared_sign(actuals)
    reason = next((p for p in pairs if isinstance(p, str)), "")
    if not reason and (None in factors or sign is None or len({value.measure for value in targets}) > 1):
        reason = "各单位的计量单位或写法不同"
    if not reason and any(not t.unit and not t.scale and a.unit for t, a in zip(targets, actuals, strict=True)):
        reason = "目标值没有写计量单位"
    averaged = lead.kind in scheme.roll_up.averaged
    if not reason and not averaged and lead.kind not in scheme.roll_up.added:
        reason = f"办法没有规定“{lead.kind}”如何汇总"
    if reason:
        issues.on_indicator("E171", index, base, f"{reason}，不能汇总。", advice="请统一写法。")
        return msgspec.structs.replace(base, actual="")
    known = [(p, f) for p, f in zip(pairs, factors, strict=True) if isinstance(p, ComparablePair) and f is not None]
    join = _averager([amount for _, _, amount in parts]) if averaged else _adder
    target = _with(lead, join([p.low * f for p, f in known]), join([p.high * f for p, f in known]), scheme)
    pattern = msgspec.structs.replace(lead, comparison=sign or "", note="")
    actual = _with(pattern, join([p.actual * f for p, f in known]), None, scheme)
    return msgspec.structs.replace(base, target=print_value(target), actual=print_value(actual))


def _shared_sign(actuals: list[Value]) -> Comparison | None:
    """The sign of joined actual values: that of any limit among them; None where limits point both ways."""
    signs = {value.comparison for value in actuals} - {"", "=", "≈"}
    if not signs:
        return ""
    return signs.pop() if len(signs) == 1 else None


def _adder(numbers: list[Fraction]) -> Fraction:
    return sum(numbers, Fraction(0))


def _averager(amounts: list[Fraction]) -> Callable[[list[Fraction]], Fraction]:
    def average(numbers: list[Fraction]) -> Fraction:
        if not sum(amounts, Fraction(0)):
            return sum(numbers, Fraction(0)) / len(numbers)
        return _weighted(numbers, amounts)

    return average


def _weighted(numbers: Sequence[Fraction], amounts: Sequence[Fraction]) -> Fraction:
    weights = sum(amounts, Fraction(0))
    return sum((n * a for n, a in zip(numbers, amounts, strict=True)), Fraction(0)) / weights


def _with(pattern: Value, number: Fraction, high: Fraction | None, scheme: Scheme) -> Value:
    """`pattern` with other figures, rounded once as it prints them."""
    power = SCALES.get(pattern.scale, 0) - {"%": 2, "‰": 3}.get(pattern.unit, 0)

    def rounded(value: Fraction) -> Decimal:
        shown = rounded_half_up(abs(value) / Fraction(10) ** power, scheme.roll_up.decimals).scaleb(power)
        return -shown if value < 0 else shown

    # 7*24 is no product any more once it is an average, unless the average is the same.
    same = pattern.number is not None and Fraction(pattern.number) == number
    factors, manner = (pattern.factors, pattern.manner) if same else ((), "")
    if high is not None and pattern.comparison == "区间":
        return msgspec.structs.replace(pattern, low=rounded(number), high=rounded(high), factors=factors, manner=manner)
    return msgspec.structs.replace(pattern, number=rounded(number), low=None, high=None, factors=factors, manner=manner)


def _merge_deadlines(
    issues: SheetIssues, index: int, base: Indicator, targets: list[Value], actuals: list[Value]
) -> Indicator:
    """The latest actual date stands for all: the work is done when the last unit has done it."""
    dated = [(value.day, value) for value in actuals if value.day is not None]
    if len(dated) < len(actuals) or len({value.day for value in targets}) > 1:
        text = "各单位的时间要求不同或没有填写日期，不能汇总。"
        issues.on_indicator("E171", index, base, text, advice="请统一写法。")
        return msgspec.structs.replace(base, actual="")
    latest = max(dated, key=lambda item: item[0])[1]
    return msgspec.structs.replace(base, actual=latest.text)


def _merge_words(issues: SheetIssues, index: int, base: Indicator, parts: list[_Part], scheme: Scheme) -> Indicator:
    """Qualitative grades weighted by amount; blank where a unit has none."""
    wordings = _distinct(normalise(indicator.target) for _, indicator, _ in parts)
    if len(wordings) > 1:
        text = f"各单位目标值写法不同（{'；'.join(wordings)}），按第一张表的写法汇总。"
        issues.on_indicator("E173", index, base, text)
    grades = [_share_of(indicator, scheme) for _, indicator, _ in parts]
    missing = [s.title for (s, _, _), grade in zip(parts, grades, strict=True) if grade is None]
    actual = "；".join(_distinct(indicator.actual for _, indicator, _ in parts))
    if missing:
        text = f"{'、'.join(missing)}没有自评比例，定性分值不能加权。"
        issues.on_indicator("E171", index, base, text, advice="请补填。")
        return msgspec.structs.replace(base, actual=actual)
    average = _averager([amount for _, _, amount in parts])([g for g in grades if g is not None])
    # Four places of a share are two of a percentage, finer than any score of two decimals needs for weights up to 50.
    grade = rounded_half_up(average, 2 + scheme.roll_up.decimals)
    return msgspec.structs.replace(base, actual=actual, grade=grade)


def _grade(indicator: Indicator, scheme: Scheme) -> Decimal | None:
    """The grade of an indicator that only one sheet has; stated points count as a grade only for words."""
    if indicator.grade is not None or parse_value(indicator.target).kind != "定性":
        return indicator.grade
    share = _share_of(indicator, scheme)
    return None if share is None else Decimal(share.numerator) / Decimal(share.denominator)


def _share_of(indicator: Indicator, scheme: Scheme) -> Fraction | None:
    """The share of its weight that a qualitative indicator earns in its own form."""
    if indicator.grade is not None:
        return Fraction(indicator.grade)
    if normalise(indicator.actual) == normalise(indicator.target):
        return Fraction(1)
    if indicator.score is not None and indicator.weight > 0:
        return Fraction(indicator.score) / Fraction(indicator.weight)
    return Fraction(1) if band_named(indicator.actual, scheme) is scheme.qualitative.bands[0] else None


def _sum(figures: Sequence[Figure]) -> Figure:
    """The sum of figures in yuan; the half-steps of rounding add up with them."""
    return Figure(total(f.value for f in figures), total(f.resolution for f in figures))


def _sum_known(figures: Sequence[Figure | None]) -> Figure | None:
    known = [figure for figure in figures if figure is not None]
    return _sum(known) if len(known) == len(figures) else None


def _distinct(texts: Iterable[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text.strip()]


def _common(texts: Iterable[str]) -> str:
    found = _distinct(texts)
    return found[0] if len(found) == 1 else ""
