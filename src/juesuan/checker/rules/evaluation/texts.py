"""Findings on what the narrative says of self-evaluations (预算绩效情况说明), held against the forms."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from difflib import SequenceMatcher

import msgspec

from juesuan.account import (
    Account,
    Figure,
    Issue,
    Passage,
    PerformanceSheet,
    Source,
    StatedOperand,
    plain,
    printed,
    spaceless,
    total,
)
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.evaluation.amounts import overlap
from juesuan.checker.rules.evaluation.notes import about, finding, money, named, points
from juesuan.scoring import execution_bounds
from juesuan.statute import load_evaluation

_ALIKE = 0.6
"""How much of two names must agree for them to mean the same project."""
_FILLING = re.compile(r"20\d{2}年?度?|项目|经费|工作|[“”\"'（）()\s]")
_WAN = Decimal(10000)


class PerformanceStatement(msgspec.Struct, frozen=True):
    """What a sentence states of a form: the figures by name, money in yuan, rates as ratios of one."""

    kind: str
    figures: dict[str, Figure]
    name: str
    text: str
    source: Source | None


def performance_statements(context: CheckContext) -> list[PerformanceStatement]:
    """Every sentence that speaks of the forms: how many, of what amounts, and the review of each project."""
    words = load_evaluation()
    found: list[PerformanceStatement] = []
    for passage in context.passages:
        text = spaceless(passage.text)
        for kind in words.sentences:
            for pattern in words.patterns(kind):
                matches = list(pattern.finditer(text))
                found.extend(_statement(kind, match, passage) for match in matches)
                if matches:
                    break
    return found


def _statement(kind: str, match: re.Match[str], passage: Passage) -> PerformanceStatement:
    figures = {}
    for name, text in match.groupdict().items():
        if text and name != "name":
            figures[name] = _figure(name, text)
    return PerformanceStatement(kind, figures, match.groupdict().get("name") or "", match[0], passage.source)


def _figure(name: str, text: str) -> Figure:
    value = Decimal(text.replace(",", "").replace("−", "-"))
    decimals = len(text.partition(".")[2])
    scale = {"count": Decimal(1), "rate": Decimal("0.01"), "score": Decimal(1)}.get(name, _WAN)
    return Figure(value * scale, Decimal(0) if name == "count" else scale.scaleb(-decimals))


def project_reviews(context: CheckContext) -> list[PerformanceStatement]:
    """The sentences that review one project each."""
    return [entry for entry in context.derived(performance_statements) if entry.kind == "project"]


def check_texts(context: CheckContext) -> Iterator[Issue]:
    """The number of forms, the amounts, rates and scores of each review, and the names of the projects."""
    account, statements = context.account, context.derived(performance_statements)
    projects = [sheet for sheet in account.sheets if sheet.kind == "项目"]
    whole = [sheet for sheet in account.sheets if sheet.kind == "整体"]
    reviews = context.derived(project_reviews)
    yield from _count(statements, projects)
    yield from _sum(statements, projects)
    for entry in statements:
        if entry.kind == "whole" and len(whole) == 1:
            yield from about(whole[0], _against(entry, whole[0]))
            yield from about(whole[0], _amount(entry, whole[0], account))
    for entry, sheet in paired(reviews, projects):
        yield from about(sheet, _against(entry, sheet))
        if bare_title(entry.name) != bare_title(sheet.title):
            text = f"正文称“{entry.name}”，自评表称“{sheet.title}”，看来是同一个项目；请统一名称。"
            yield from about(sheet, [finding("E145", text, [entry.source, sheet.source], entry.name, sheet.title)])


def bare_title(name: str) -> str:
    """The title of a project without the year, quotation marks and brackets."""
    return re.sub(r"20\d{2}年?度?|[“”\"'（）()\s]", "", name)


def paired(
    reviews: Sequence[PerformanceStatement], sheets: Sequence[PerformanceSheet]
) -> list[tuple[PerformanceStatement, PerformanceSheet]]:
    """Each review with the form of its project: by name, the likest first, each form once."""
    candidates = sorted(
        (
            (_likeness(review.name, sheet.title), -number, -place)
            for number, review in enumerate(reviews)
            for place, sheet in enumerate(sheets)
        ),
        reverse=True,
    )
    found: dict[int, int] = {}
    for likeness, number, place in candidates:
        if likeness >= _ALIKE and -number not in found and -place not in found.values():
            found[-number] = -place
    return [(reviews[number], sheets[place]) for number, place in sorted(found.items())]


def _likeness(one: str, other: str) -> float:
    first, second = _FILLING.sub("", one), _FILLING.sub("", other)
    return 1.0 if first == second else SequenceMatcher(None, first, second).ratio()


def _count(statements: Sequence[PerformanceStatement], projects: Sequence[PerformanceSheet]) -> Iterator[Issue]:
    """The number of projects that the text names, against the forms attached."""
    counts = [entry for entry in statements if entry.kind == "count"]
    if not projects:
        return
    for entry in counts:
        stated = entry.figures["count"].value
        if stated == len(projects):
            continue
        text = f"正文写“{entry.text}”，所附项目自评表有{len(projects)}份。"
        places = [entry.source, *(sheet.source for sheet in projects)]
        yield finding("E141", text, places, f"{plain(stated)}个", f"{len(projects)}份")
        return


def _sum(statements: Sequence[PerformanceStatement], projects: Sequence[PerformanceSheet]) -> Iterator[Issue]:
    """The money that the text says was evaluated, against the outlays or the budgets of the forms together."""
    counts = {entry.figures["count"].value for entry in statements if entry.kind == "count"}
    if not projects or counts != {Decimal(len(projects))}:
        return
    for entry in statements:
        if entry.kind != "amount":
            continue
        stated = entry.figures["amount"]
        sums = {name: _total(projects, name) for name in ("outlay", "budget")}
        if any(overlap(stated, found) for found in sums.values()):
            continue
        outlay, budget = money(sums["outlay"].value), money(sums["budget"].value)
        text = f"正文写“{entry.text}”，{len(projects)}份项目自评表的执行数合计{outlay}、预算数合计{budget}。"
        places = [entry.source, *(sheet.source for sheet in projects)]
        yield finding("E143", text, places, money(stated.value), outlay)


def _total(sheets: Sequence[PerformanceSheet], name: str) -> Figure:
    figures: list[Figure] = [getattr(sheet, name) for sheet in sheets]
    return Figure(total(f.value for f in figures), total(f.resolution for f in figures))


def _amount(entry: PerformanceStatement, sheet: PerformanceSheet, account: Account) -> Iterator[Issue]:
    """The money of a self-evaluation: an error where a part of it, the project outlay, is stated for the whole."""
    stated = entry.figures.get("amount")
    if stated is None or overlap(stated, sheet.outlay) or overlap(stated, sheet.budget):
        return
    text = (f"正文写“{entry.text}”，{named(sheet)}的预算数是{money(sheet.budget.value)}、执行数是"
            f"{money(sheet.outlay.value)}。")
    fact = account.get(load_evaluation().project_outlay)
    projects = sheet.project or (fact.figure if fact else None)
    part = projects is not None and overlap(stated, projects)
    if part:
        text = text.removesuffix("。") + f"；{money(stated.value)}只是其中的项目支出。"
    other = sheet.place("project") if sheet.project else fact.source if fact else None
    places = [entry.source, sheet.place("outlay"), *([other] if part else [])]
    expected = money(sheet.outlay.value)
    yield finding("E143", text, places, money(stated.value), expected, severity="error" if part else None)


def _against(entry: PerformanceStatement, sheet: PerformanceSheet) -> Iterator[Issue]:
    """Budget, outlay, rate and score of a sentence against the form it speaks of."""
    names = {"budget": "预算数", "outlay": "执行数"}
    for key, name in names.items():
        stated, known = entry.figures.get(key), getattr(sheet, key)
        if stated is None or overlap(stated, known):
            continue
        text = f"正文“{_short(entry)}”的{name}为{money(stated.value)}，{named(sheet)}是{money(known.value)}。"
        places = [entry.source, sheet.place(key)]
        operands = (StatedOperand(f"自评表{name}", money(known.value), sheet.place(key)),)
        yield finding("E142", text, places, money(stated.value), money(known.value), operands=operands)
    rate, bounds = entry.figures.get("rate"), execution_bounds(sheet)
    if rate is not None and bounds is not None and (rate.high < bounds[0] or rate.low > bounds[1]):
        expected = f"{printed(sheet.outlay.value / sheet.budget.value * 100, 2, trim=True)}%"
        stated_rate = f"{plain(rate.value * 100)}%"
        cut = rate.value <= bounds[1] and bounds[0] < rate.value + rate.resolution
        text = f"正文“{_short(entry)}”的执行率为{stated_rate}，按{named(sheet)}应为{expected}。"
        places = [entry.source, sheet.place("stated_rate")]
        yield finding("E142", text, places, stated_rate, expected, severity="notice" if cut else None)
    score = entry.figures.get("score")
    if score is not None and sheet.score is not None and abs(score.value - sheet.score) > score.resolution / 2:
        text = f"正文“{_short(entry)}”的自评得分为{points(score.value)}，{named(sheet)}总分是{points(sheet.score)}。"
        places = [entry.source, sheet.place("score")]
        yield finding("E142", text, places, points(score.value), points(sheet.score))


def _short(entry: PerformanceStatement) -> str:
    return entry.name or re.split(r"[，,](?!\d{3})", entry.text)[0]


def explained(context: CheckContext, sheet: PerformanceSheet) -> bool:
    """Whether the form or the review of its project gives a reason for what was not reached."""
    if sheet.deviation.strip() or any(indicator.reason.strip() for indicator in sheet.indicators):
        return True
    words = load_evaluation()
    for passage in context.passages:
        text = spaceless(passage.text)
        for pattern in words.patterns("project" if sheet.kind == "项目" else "whole"):
            match = pattern.search(text)
            name = match.groupdict().get("name") if match else None
            about = match is not None and (name is None or _likeness(name, sheet.title) >= _ALIKE)
            if match and about and any(word in text[match.end() :] for word in words.explained):
                return True
    return False
