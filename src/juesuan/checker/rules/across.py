"""Two documents of one unit held against each other: last year's account, the published budget, another version."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from juesuan.account import ZERO, Account, Address, Fact, Figure, Issue, Period, Source, StatedOperand, with_unit
from juesuan.checker.engine.relations import figure_at, forms_with_known_blanks, mentioned_forms
from juesuan.checker.rules.evaluation.goals import check_goals, compared_goals
from juesuan.checker.rules.evaluation.years import check_years
from juesuan.statute import Expander, Instance, Relation, Statute, judge, lines, load_rules
from juesuan.statute.checking import Across, ExplainedFigures, load_across
from juesuan.statute.language import compact

STATED: dict[Period, str] = {"上年": "A048", "年初预算": "A049"}
"""The rule for a figure of another document that this one states too."""


class DocumentComparison(msgspec.Struct, frozen=True):
    """What two documents come to together: findings, and how many figures and relations were decided."""

    findings: tuple[Issue, ...]
    decided: int = 0


def compare(account: Account, statute: Statute, other: Account, other_statute: Statute) -> DocumentComparison:
    """`account` against `other`: last year's document of the unit, or the budget published for the year.

    The figures that the account states of the other (last year's, the approved budget's) must be those published;
    opening balances must be last year's closing ones. Findings name places in both documents.
    """
    period = period_of(statute, account.year, other_statute, other.year)
    if period is None:
        wanted = "上年决算或当年预算" if statute.profile.kind == "决算" else "上年预算或上年决算"
        message = f"{_title(other, other_statute)}不是{_title(account, statute)}的{wanted}，没有对照。"
        return DocumentComparison((_finding("A001", message),))
    found = list(_names(account, other))
    if statute.profile.kind == "预算" and other_statute.profile.kind == "决算":
        outlays = list(_outlays(account, other, statute))
        found.extend(finding for finding in outlays if finding is not None)
        return DocumentComparison(tuple(found), len(outlays))
    theirs = dict(_seen_from(account, other, period, statute))
    stated = list(_stated(account, theirs, period, statute))
    found.extend(finding for finding in stated if finding is not None)
    decided = len(stated)
    if period == "上年" and statute.profile.kind == "决算":
        for finding in _relations(account, other, theirs, statute):
            decided += 1
            if finding is not None:
                found.append(finding)
        found.extend(check_years(account, statute, other))
    if period == "年初预算":
        found.extend(check_goals(account, other))
        decided += compared_goals(account, other)
        for each in load_across().explained:
            told, compared = _explained(each, account, statute, other, other_statute)
            found.extend(told)
            decided += compared
    return DocumentComparison(tuple(found), decided)


def period_of(statute: Statute, year: int, other: Statute, other_year: int) -> Period | None:
    """What the other document is to one of `year`: 上年, 年初预算, or nothing that can be compared.

    A final account is held to last year's and to the budget of its year; a budget to last year's budget, and what it
    tells of last year's outlay to last year's final account.
    """
    if other.profile.kind == "预算" and statute.profile.kind == "决算":
        return "年初预算" if other_year == year else None
    return "上年" if other_year == year - 1 else None


def differences(first: Account, second: Account) -> Iterator[tuple[Address, Fact | None, Fact | None]]:
    """Every figure of this year that two accounts have at the same address and that is not the same in both."""
    keys = [key for key, fact in first.facts.items() if fact.address.period == "本年"]
    keys += [key for key, fact in second.facts.items() if fact.address.period == "本年" and key not in first.facts]
    for key in keys:
        mine, theirs = first.facts.get(key), second.facts.get(key)
        if mine is None or theirs is None or mine.figure.value != theirs.figure.value:
            fact = mine or theirs
            if fact is not None:
                yield fact.address, mine, theirs


def _title(account: Account, statute: Statute) -> str:
    return f"{account.year}年度{account.unit.name}{statute.profile.kind}"


def _finding(code: str, message: str, places: tuple[Source | None, ...] = ()) -> Issue:
    return Issue(code, load_rules()[code].severity, message, tuple(place for place in places if place))


def _names(account: Account, other: Account) -> Iterator[Issue]:
    if compact(account.unit.name) != compact(other.unit.name):
        message = f"本文件的单位是“{account.unit.name}”，对照文件的单位是“{other.unit.name}”。"
        yield _finding("A002", message)


def _seen_from(
    account: Account, other: Account, period: Period, statute: Statute
) -> Iterator[tuple[Address, Fact]]:
    """The other document's figures at the addresses that they have in this one."""
    if period == "上年":
        for fact in other.facts.values():
            if fact.address.period == "本年" and fact.address.form in statute.forms:
                yield msgspec.structs.replace(fact.address, period=period), fact
        return
    for same in load_across().budget:
        for fact in other.of_form(same.budget):
            column = same.columns.get(fact.address.column)
            if column:
                row = same.rows.get(fact.address.row, fact.address.row)
                yield Address(same.account, row, column, period), fact


def _stated(
    account: Account, theirs: dict[Address, Fact], period: Period, statute: Statute
) -> Iterator[Issue | None]:
    """A verdict for each figure that this document states of the other; None where the two agree."""
    for fact in account.facts.values():
        published = theirs.get(fact.address)
        if fact.address.period != period or published is None:
            continue
        gap = abs(fact.figure.value - published.figure.value)
        limit = (fact.figure.resolution + published.figure.resolution) / 2
        if gap <= limit:
            yield None
            continue
        unit = statute.forms[fact.address.form].unit_of(fact.address.row)
        mine, right = with_unit(fact.figure.value, unit), with_unit(published.figure.value, unit)
        name = statute.describe(fact.address)
        code = STATED[period]
        whose = f"上年公开的{statute.profile.kind}" if period == "上年" else "公开的部门预算"
        yield Issue(
            code,
            load_rules()[code].severity,
            f"{name}，本文件为{mine}，{whose}为{right}，相差{with_unit(gap, unit)}。",
            tuple(place for place in (fact.source, published.source) if place),
            mine,
            right,
            with_unit(gap, unit),
            operands=(StatedOperand(name, mine, fact.source), StatedOperand(whose, right, published.source)),
            because=(code,),
        )


def _explained(
    each: ExplainedFigures, account: Account, statute: Statute, other: Account, other_statute: Statute
) -> tuple[list[Issue], int]:
    """The finding on figures that are not the budget's and need a reason, if there are any, and how many were held to
    it: figures that both documents give, where a blank of a table with figures says nothing was planned or spent.
    """
    parts: list[str] = []
    places: list[Source | None] = []
    compared = 0
    for row in each.rows:
        for theirs, mine in each.columns.items():
            here, there = Address(each.account, row, mine), Address(each.budget, row, theirs)
            stated, published = _known(account, here, statute), _known(other, there, other_statute)
            if stated is None or published is None:
                continue
            compared += 1
            gap = stated.value - published.value
            if (gap if each.over else abs(gap)) <= (stated.resolution + published.resolution) / 2:
                continue
            unit = statute.forms[here.form].unit_of(row)
            parts.append(
                f"{statute.describe(here)}，本文件为{with_unit(stated.value, unit)}，"
                f"公开的预算为{with_unit(published.value, unit)}"
            )
            places += [fact.source for fact in (account.get(here), other.get(there)) if fact]
    if not parts:
        return [], compared
    message = f"{each.what}：{'；'.join(parts)}。"
    told = tuple(place for place in places if place)
    return [Issue(each.code, load_rules()[each.code].severity, message, told, because=(each.code,))], compared


def _known(account: Account, address: Address, statute: Statute) -> Figure | None:
    """The figure at an address, nothing for a blank of a table that has figures; None where it is not known."""
    fact = account.get(address)
    if fact is not None:
        return fact.figure
    printed = statute.forms[address.form].published and address.form in mentioned_forms(account)
    return Figure(ZERO) if printed else None


def _outlays(account: Account, other: Account, statute: Statute) -> Iterator[Issue | None]:
    """A verdict for each item of last year's outlay that the prose of a budget tells (2023年当年预算执行数).

    A budget is made before the year is closed, so that a difference only needs to be explained.
    """
    items = {each.mention: each.address for each in account.stated if each.address and each.measure == "预算"}
    for each in account.stated:
        published = _published_outlay(items.get(each.mention, ""), other) if each.measure == "上年决算" else None
        if published is None or each.figure is None or each.base_year not in (0, other.year):
            continue
        gap = abs(each.figure.value - published.figure.value)
        if gap <= (each.figure.resolution + published.figure.resolution) / 2:
            yield None
            continue
        unit = statute.forms[statute.profile.itemised.form].unit
        mine, right = each.text, with_unit(published.figure.value, unit)
        message = (
            f"{each.subject}的上年执行数，本文件为{mine}，上年公开的决算为{right}，相差{with_unit(gap, '万元')}。"
            f"编制预算时决算未定的须说明。"
        )
        places = tuple(place for place in (each.source, published.source) if place)
        yield Issue("A048", "warning", message, places, mine, right, with_unit(gap, "万元"), because=("A048",))


def _published_outlay(address: str, other: Account) -> Fact | None:
    """The outlay that a final account publishes of the item that a budget has at `address`."""
    for same in load_across().budget:
        for row, column in _places(address, same.budget):
            if column in same.columns:
                return other.get(Address(same.account, same.rows.get(row, row), same.columns[column]))
    return None


def _places(address: str, form: str) -> Iterator[tuple[str, str]]:
    match = re.fullmatch(rf"{re.escape(form)}!(.+)行(.+)栏", address)
    if match:
        yield match[1], match[2]


def _relations(
    account: Account, other: Account, theirs: dict[Address, Fact], statute: Statute
) -> Iterator[Issue | None]:
    across = load_across()
    both = msgspec.structs.replace(account, facts=dict(account.facts))
    for address, fact in theirs.items():
        both.put(Fact(address, fact.figure, fact.source))
    mine, last = forms_with_known_blanks(account, statute), forms_with_known_blanks(other, statute)
    expander = Expander(statute.forms, cache(lambda form: lines(both, statute, form, ("本年", "上年"))))
    for relation in across.relations.values():
        for instance in expander.instances(relation):
            addresses = instance.addresses()
            mentioned = all(a.form in (mine if a.period == "本年" else last) for a in addresses)
            declared = all(_declared(a, statute) for a in addresses)
            if mentioned and declared and any(both.get(address) for address in addresses):
                yield _verdict(relation, instance, both, statute, across)


def _declared(address: Address, statute: Statute) -> bool:
    form = statute.forms.get(address.form)
    return form is not None and address.column in form.columns and form.layout.has(address.row)


def _verdict(
    relation: Relation, instance: Instance, both: Account, statute: Statute, across: Across
) -> Issue | None:
    verdict = judge(instance, lambda address: figure_at(both, address))
    if verdict is None or verdict.status != "不成立":
        return None
    operands = tuple(_operand(address, both, statute) for address in dict.fromkeys(instance.addresses()))
    unit = statute.forms[instance.left[0].address.form].unit_of(instance.left[0].address.row)
    gap = with_unit(abs(verdict.residual), unit)
    explained = any(word in compact(passage.text) for passage in both.passages for word in across.adjusted)
    advice = "文中提到了调整，请核实调整的数额。" if explained else ""
    parts = "，".join(f"{operand.name}为{operand.stated}" for operand in operands)
    return Issue(
        relation.code,
        "warning" if explained else "error",
        f"{relation.why.rstrip('。')}：{parts}，相差{gap}。{advice}",
        tuple(operand.source for operand in operands if operand.source),
        operands[0].stated,
        operands[-1].stated,
        gap,
        relation.printed,
        operands,
        (relation.code,),
    )


def _operand(address: Address, account: Account, statute: Statute) -> StatedOperand:
    figure: Figure | None = figure_at(account, address)
    unit = statute.forms[address.form].unit_of(address.row)
    fact = account.get(address)
    stated = with_unit(figure.value, unit) if figure else "空白"
    return StatedOperand(statute.describe(address), stated, fact.source if fact else None)
