"""What `juesuan score` prints: tables for people, one line for each score as CSV, everything as JSON."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from juesuan.cli.columns import in_columns

if TYPE_CHECKING:
    from juesuan.account import Issue
    from juesuan.cli.score.results import ScoredFile, ScoredForm
    from juesuan.scoring import ScoredIndicator

HEADS = ("指标", "分值", "目标值", "完成值", "表中得分", "算得得分", "怎样得出")
CSV_HEADS = (
    "文件", "单位", "年度", "类型", "名称", "评分办法", "行", "一级指标", "二级指标", "三级指标", "分值", "目标值",
    "完成值", "表中得分", "算得得分", "怎样得出", "位置",
)


def rendered(form: str, results: Sequence[ScoredFile]) -> str:
    """The results in one of the formats table, csv and json."""
    if form == "json":
        return json.dumps([_file(result) for result in results], ensure_ascii=False, indent=2) + "\n"
    if form == "csv":
        return _csv(results)
    return "".join(f"{line}\n" for result in results for line in _text(result))


def _points(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"


def _percent(rate: Fraction | None) -> str:
    from juesuan.account import printed

    if rate is None:
        return ""
    return printed(Decimal(rate.numerator * 100) / Decimal(rate.denominator), 2) + "%"


def _wan(value: Decimal) -> str:
    from juesuan.account import WAN, printed

    return printed(value / WAN, 2, grouping=True)


def _text(result: ScoredFile) -> Iterator[str]:
    from juesuan.account import SEVERITY_NAMES

    yield f"{result.file}　{result.year}年度 {result.unit}（{result.profile}）"
    if not result.forms:
        yield "  没有绩效自评表。"
    findings = result.checked.report.findings if result.checked else ()
    titles = {form.sheet.title for form in result.forms}
    for form in result.forms:
        yield from _form(form)
        if result.compiled or result.checked is None:
            for issue in form.scored.issues:
                yield f"  {SEVERITY_NAMES[issue.severity]} [{issue.code}] {issue.where}：{issue.message}{issue.advice}"
        for finding in findings:
            if finding.about == form.sheet.title:
                yield from _finding(finding)
    rest = [finding for finding in findings if finding.about not in titles]
    if rest and result.forms:
        yield "各表之间和正文"
    for finding in rest:
        yield from _finding(finding)
    if result.checked is not None:
        yield from (f"  本程序的问题：{fault}" for fault in result.checked.report.faults)
        if result.forms and not findings and not result.compiled:
            yield "  没有发现问题。"
    for problem in result.problems:
        yield f"  填报有问题：{problem}"


def _finding(finding: Issue) -> Iterator[str]:
    from juesuan.account import SEVERITY_NAMES

    yield f"  {SEVERITY_NAMES[finding.severity]} [{finding.code}] {finding.message}"
    yield from (f"      在 {place}" for place in finding.places[:2])


def _form(form: ScoredForm) -> Iterator[str]:
    sheet, scored = form.sheet, form.scored
    yield f"《{sheet.title}》{sheet.kind}自评　办法：{form.scheme.name}"
    rate = f"{_wan(sheet.outlay.value)}÷{_wan(sheet.budget.value)}万元＝{_percent(scored.rate)}" if scored.rate else ""
    points = _points(form.scheme.execution.points)
    rows = [[form.scheme.execution.label, points, "", "", _points(scored.stated_execution), _points(scored.execution),
             rate]]
    for line in scored.lines:
        i = line.indicator
        rows.append([i.name, _points(i.weight), i.target, i.actual, _stated(form, line), _points(line.computed),
                     _how(line)])
    total = _points(scored.total) + ("" if scored.complete else "（不完整）")
    rows.append(["总分", _points(_full(form)), "", "", _points(scored.stated_total), total, scored.grade])
    yield from (f"  {line}" for line in in_columns([list(HEADS), *rows]))


def _full(form: ScoredForm) -> Decimal:
    return form.scheme.execution.points + sum((line.indicator.weight for line in form.scored.lines), Decimal(0))


def _stated(form: ScoredForm, line: ScoredIndicator) -> str:
    return _points(line.stated) if form.stated else ""


def _how(line: ScoredIndicator) -> str:
    return line.formula or line.how


def _csv(results: Sequence[ScoredFile]) -> str:
    from juesuan.account import CsvWriter

    target = io.StringIO()
    writer = CsvWriter(target)
    writer.line(CSV_HEADS)
    for result in results:
        for form in result.forms:
            head = (result.file, result.unit, str(result.year), form.sheet.kind, form.sheet.title, form.scheme.key)
            writer.lines((*head, *row) for row in _rows(form))
    return target.getvalue()


def _rows(form: ScoredForm) -> Iterator[tuple[str, ...]]:
    scored, sheet = form.scored, form.sheet
    place = str(sheet.place("execution_score") or "")
    yield ("预算执行", "", "", "", _points(form.scheme.execution.points), _wan(sheet.budget.value),
           _wan(sheet.outlay.value), _points(scored.stated_execution), _points(scored.execution),
           _percent(scored.rate), place)
    for line in scored.lines:
        i = line.indicator
        yield ("指标", i.level1, i.level2, i.name, _points(i.weight), i.target, i.actual, _stated(form, line),
               _points(line.computed), _how(line), str(i.source or ""))
    total = _points(scored.total) if scored.complete else ""
    yield ("总分", "", "", "", _points(_full(form)), "", "", _points(scored.stated_total), total, scored.grade,
           str(sheet.place("score") or ""))


def _file(result: ScoredFile) -> dict[str, Any]:
    findings = result.checked.report.findings if result.checked else ()
    return {
        "file": result.file,
        "unit": result.unit,
        "year": result.year,
        "profile": result.profile,
        "forms": [_object(form) for form in result.forms],
        "findings": [
            {"code": f.code, "severity": f.severity, "about": f.about, "message": f.message, "stated": f.stated,
             "expected": f.expected, "places": [str(place) for place in f.places]}
            for f in findings
        ],
        "problems": list(result.problems),
    }


def _object(form: ScoredForm) -> dict[str, Any]:
    """A form as JSON: points as strings, amounts in yuan as strings, what is not known as null."""
    sheet, scored = form.sheet, form.scored
    return {
        "kind": sheet.kind,
        "title": sheet.title,
        "scheme": form.scheme.key,
        "budget": str(sheet.budget.value),
        "outlay": str(sheet.outlay.value),
        "rate": _percent(scored.rate) or None,
        "execution": {
            "points": _points(form.scheme.execution.points),
            "stated": _points(scored.stated_execution) or None,
            "computed": _points(scored.execution) or None,
        },
        "indicators": [_indicator(form, line) for line in scored.lines],
        "total": {
            "stated": _points(scored.stated_total) or None,
            "computed": _points(scored.total) if scored.complete else None,
        },
        "grade": scored.grade or None,
        "remarks": [
            {"code": i.code, "severity": i.severity, "place": i.where, "text": i.message, "advice": i.advice}
            for i in scored.issues
        ],
    }


def _indicator(form: ScoredForm, line: ScoredIndicator) -> dict[str, Any]:
    i = line.indicator
    return {
        "level1": i.level1, "level2": i.level2, "name": i.name, "weight": _points(i.weight), "target": i.target,
        "actual": i.actual, "stated": _stated(form, line) or None, "computed": _points(line.computed) or None,
        "how": line.how, "formula": line.formula, "source": str(i.source) if i.source else None,
    }
