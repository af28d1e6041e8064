"""Findings on the items of the general budget: every class and item explained, their budgets making the total."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from juesuan.account import (
    WAN,
    Account,
    Address,
    Fact,
    Issue,
    Severity,
    Source,
    StatedFigure,
    StatedOperand,
    item_name,
    total,
    with_unit,
)
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.names import called_otherwise
from juesuan.statute import CODE_LENGTHS, TOTAL, Statute, level_of, lines, load_rules
from juesuan.statute.language import NAME_SIGN, NUMBER, PROJECTS, compact

OPENING = "项目支出主要用于"
_OUTLAY = re.compile(rf"(?:项目|经费|专项|工程|工作)(?:支出)?({NUMBER})万元(?=，主要成效|；|。|$)")
_TOLD_ITEM = re.compile(rf"（类）{NAME_SIGN}+（款）{NAME_SIGN}+（项）")
_BEGINS = r"(?:^|(?<=[^\u4e00-\u9fff])|(?<=[于和及与是为]))"
_LEAST_TOLD, _MOST_TOLD = 3, 0.7
"""A budget that tells fewer of its items than so many, or than this share of them, does not tell them one by one."""
PRINTED = Decimal(100)
"""The step of an amount in prose, in yuan: 0.01万元."""


def check_items(context: CheckContext) -> Iterator[Issue]:
    """Classes and items of the general budget that the narrative leaves out, and budgets that do not add up.

    A line counts as left out only where its name stands nowhere in the section: a sentence may be worded as no clause
    knows it.
    """
    account, statute = context.account, context.statute
    if statute.profile.kind != "决算":
        yield from _left_out_of_budget(context)
        return
    yield from _projects(context)
    explained = {s.row for s in account.statements if s.claims}
    yield from _left_out("N57", "类", "正文没有列出一般公共预算支出的这些类", explained, context)
    missing = list(_left_out("N58", "项", "正文没有逐项说明一般公共预算支出的科目", explained, context))
    yield from missing
    items = {row for row in lines(account, statute, statute.profile.itemised.form) if level_of(row) == "项"}
    if items and items <= explained:
        yield from _budgets(explained, account, statute)
    else:
        yield from _budgets_told(context)


def _projects(context: CheckContext) -> Iterator[Issue]:
    """Projects listed one by one (项目支出主要用于：…) against the projects' outlay in the table.

    A list may leave projects out, but where its sentences are understood it cannot come to more than all of them.
    """
    account, statute = context.account, context.statute
    itemised = statute.profile.itemised
    whole = account.get(Address(itemised.form, TOTAL, itemised.projects))
    listing = {c.key for plan in statute.sections for p in plan.paragraphs for c in p.clauses if c.each == PROJECTS}
    if whole is None:
        return
    for _, paragraph in context.paragraphs(itemised.section):
        known = [claim.figure.value for claim in paragraph.claims if claim.clause in listing]
        amounts = known or _amounts_listed(paragraph.text)
        excess = total(amounts) - whole.figure.value
        if amounts and abs(excess) > _tolerance(whole, amounts):
            severity: Severity = "error" if known and excess > 0 else load_rules()["N68"].severity
            yield _differing_projects(amounts, whole, paragraph.source, severity)


def _amounts_listed(text: str) -> list[Decimal]:
    """The amounts (yuan) behind the names of projects in a sentence that no clause words exactly."""
    _, found, listed = compact(text).partition(OPENING)
    return [Decimal(number.replace(",", "")) * WAN for number in _OUTLAY.findall(listed)] if found else []


def _tolerance(whole: Fact, amounts: Sequence[Decimal]) -> Decimal:
    """Half a unit of the last place printed for each of the amounts and for their total; prose prints 0.01万元."""
    return (whole.figure.resolution + len(amounts) * max(whole.figure.resolution, PRINTED)) / 2


def _differing_projects(amounts: Sequence[Decimal], whole: Fact, source: Source | None, severity: Severity) -> Issue:
    stated, expected = with_unit(total(amounts), "万元"), with_unit(whole.figure.value, "万元")
    message = f"正文所列{len(amounts)}个项目的支出之和为{stated}，表中项目支出为{expected}。"
    places = tuple(place for place in (source, whole.source) if place)
    difference = with_unit(abs(total(amounts) - whole.figure.value), "万元")
    return Issue("N68", severity, message, places, stated, expected, difference)


def _left_out(
    code: str, level: str, words: str, explained: set[str], context: CheckContext
) -> Iterator[Issue]:
    account, statute = context.account, context.statute
    if not any(level_of(row) == level for row in explained):
        return
    itemised = statute.profile.itemised
    text = compact("".join(paragraph.text for _, paragraph in context.paragraphs(itemised.section)))
    names = {
        row: statute.functional.name(row, statute.year)
        for row in lines(account, statute, itemised.form)
        if level_of(row) == level and row not in explained and account.amount(itemised.at(row))
    }
    absent = {row: name for row, name in names.items() if not _is_named(name, level, text)}
    known = frozenset(names.values())
    old = {row: former for row in absent if (former := _former_name(row, text, known, statute))}
    for row, former in old.items():
        if f"{former}（{level}）" in text:
            continue  # Told with its place, as every former name that its level follows.
        why = f"是科目 {row} 以前的名称"
        yield called_otherwise(former, f"{absent[row]}", why, (), load_rules()["N64"].severity)
    missing = [f"{row}{name}" for row, name in absent.items() if row not in old]
    if missing:
        yield Issue(code, load_rules()[code].severity, f"{words}：{'、'.join(missing)}。", because=(code,))


def _left_out_of_budget(context: CheckContext) -> Iterator[Issue]:
    """The items of a budget that its text does not explain, where it explains most of them one by one."""
    account, statute = context.account, context.statute
    itemised = statute.profile.itemised
    told = {statement.row for statement in account.statements if statement.claims}
    told |= {fact.address.row for each in account.stated if (fact := account.facts.get(each.address))}
    names = {
        row: statute.functional.name(row, statute.year)
        for row in lines(account, statute, itemised.form)
        if level_of(row) == "项" and account.amount(itemised.at(row))
    }
    text = compact("".join(
        paragraph.text for each in context.account.narrative for paragraph in each.paragraphs
        if each.key in statute.profile.sections
    ))  # fmt: skip
    absent = [row for row, name in names.items() if row not in told and not _is_named(name, "项", text)]
    if absent and len(names) - len(absent) >= max(_LEAST_TOLD, _MOST_TOLD * len(names)):
        missing = "、".join(f"{row}{names[row]}" for row in absent)
        message = f"正文没有逐项说明一般公共预算支出的科目：{missing}。"
        yield Issue("N58", "warning", message, because=("N58",))


def _is_named(name: str, level: str, text: str) -> bool:
    """Whether the text names a line; where it writes levels, 行政事业单位医疗（款） does not name 事业单位医疗."""
    plain = item_name(compact(name))
    if text.count(f"（{level}）") < _LEAST_TOLD:
        return plain in text
    others = "".join(each for each in CODE_LENGTHS if each != level)
    return re.search(rf"{_BEGINS}{re.escape(plain)}(?!(?:支出)?（[{others}]）)", text) is not None


def _former_name(row: str, text: str, current: frozenset[str], statute: Statute) -> str:
    """The name of another year by which the text calls an item; empty where it has none, or another item bears it."""
    for former in statute.functional.names(row):
        if former not in current and item_name(compact(former)) in text:
            return former
    return ""


def _budgets(explained: set[str], account: Account, statute: Statute) -> Iterator[Issue]:
    """The approved budgets of all items against the total that the narrative states."""
    itemised = statute.profile.itemised
    whole = account.get(itemised.at(TOTAL, "年初预算"))
    rows = sorted(row for row in explained if level_of(row) == "项")
    parts = [fact for row in rows if (fact := account.get(itemised.at(row, "年初预算")))]
    if whole is None or not parts:
        return
    gap = whole.figure.value - total(part.figure.value for part in parts)
    limit = (whole.figure.resolution + total(part.figure.resolution for part in parts)) / 2
    if abs(gap) > limit:
        stated = with_unit(whole.figure.value, "万元")
        expected = with_unit(whole.figure.value - gap, "万元")
        difference = with_unit(abs(gap), "万元")
        message = f"正文的年初预算为{stated}，所列{len(parts)}个项级科目之和为{expected}，相差{difference}。"
        places = (whole.source,) if whole.source else ()
        severity = load_rules()["N59"].severity
        operands = tuple(
            StatedOperand(statute.describe(part.address), with_unit(part.figure.value, "万元"), part.source)
            for part in parts
        )
        yield Issue("N59", severity, message, places, stated, expected, difference, "年初预算 = Σ项", operands)


def _budgets_told(context: CheckContext) -> Iterator[Issue]:
    """The same where an item is called by a name that its table does not have: by the amounts as the text tells them.

    Every paragraph of an item must tell its budget. Items of a budget of which nothing was spent may be left out, so
    that what is missing is to be explained.
    """
    account, statute = context.account, context.statute
    whole = account.get(statute.profile.itemised.at(TOTAL, "年初预算"))
    sources = {p.source for _, p in context.paragraphs(statute.profile.itemised.section) if _TOLD_ITEM.search(p.text)}
    told: dict[Source, list[StatedFigure]] = {}
    for each in account.stated:
        if each.measure == "年初预算" and each.source and each.source in sources and each.figure is not None:
            told.setdefault(each.source, []).append(each)
    if whole is None or len(sources) < _LEAST_TOLD or len(told) < len(sources):
        return
    figures = [each[0].figure for each in told.values() if len(each) == 1 and each[0].figure is not None]
    gap = whole.figure.value - total(figure.value for figure in figures)
    limit = (whole.figure.resolution + total(figure.resolution for figure in figures)) / 2
    if len(figures) == len(sources) and abs(gap) > limit:
        stated, added = with_unit(whole.figure.value, "万元"), with_unit(whole.figure.value - gap, "万元")
        difference = with_unit(abs(gap), "万元")
        message = f"正文的年初预算为{stated}，逐项所写的{len(figures)}个年初预算之和为{added}，相差{difference}。"
        message += "有年初预算、没有支出而没有写到的科目，请说明。" if gap > 0 else ""
        places = (whole.source,) if whole.source else ()
        yield Issue("N59", "warning", message, places, stated, added, difference, "年初预算 = Σ项")
