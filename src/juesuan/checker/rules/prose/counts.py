"""Counts against amounts: vehicles bought for nothing, guests without an outlay, unit costs that cannot be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from juesuan.account import Issue, plain, ratio
from juesuan.checker.rules.prose.model.found import issue, rate
from juesuan.checker.rules.prose.model.numbers import Number, Prose, slipped
from juesuan.statute.language import CountedRate, CountRule, GroupRule, UnitCost, load_prose_rules, simplified


def check_counts(prose: Prose) -> Iterator[Issue]:
    """Amounts that their counts contradict (Z131 to Z133, Z144)."""
    rules = load_prose_rules()
    reported: set[tuple[str, str]] = set()
    for rule in rules.counts:
        for finding in _nothing(prose, rule):
            if not reported & {(rule.amount, finding.stated)}:
                reported.add((rule.amount, finding.stated))
                yield finding
    for group in rules.groups:
        yield from _groups(prose, group)
    for cost in rules.unit_costs:
        yield from _costs(prose, cost)
    for numbers in prose.passages.values():
        for counted in rules.counted_rates:
            yield from _rates(prose, counted, numbers)


def _rates(prose: Prose, rule: CountedRate, numbers: Sequence[Number]) -> Iterator[Issue]:
    """Z102: 受理案件4,186件，审结4,052件，结案率98.60%."""
    text = prose.text_of(numbers[0].stated).translate(simplified())
    for at in range(2, len(numbers)):
        of, done, number = numbers[at - 2 : at + 1]
        ends = [numbers[at - 3].stated.end if at > 2 else 0, of.stated.end, done.stated.end]
        before = [text[end : n.stated.start] for end, n in zip(ends, (of, done, number), strict=True)]
        alike = of.measure == done.measure == "数量" and of.stated.unit == done.stated.unit
        if not alike or number.stated.unit != "%" or not rule.names(before):
            continue
        expected = ratio(done.range, of.range)
        if expected is not None and not expected.meets(number.range):
            right = rate(expected.value, number)
            message = f"{rule.rate[0]}写作{number.text}，按{done.text}÷{of.text}应为{right}。"
            yield issue(prose, "Z102", message, (number, done, of), stated=number.text, expected=right)


def _one(prose: Prose, subject: str, *measures: str) -> Number | None:
    """What the document tells of a subject, where all that it tells agrees: of the outlay before the budget."""
    numbers = prose.subjects.get(subject, ())
    for measure in measures:
        found = [n for n in numbers if n.measure == measure]
        if found:
            finest = min(found, key=lambda n: n.range.high - n.range.low)
            return finest if all(n.range.meets(finest.range) for n in found) else None
    return None


def _amount(prose: Prose, subject: str) -> Number | None:
    return _one(prose, subject, "决算", "预算")


def _nothing(prose: Prose, rule: CountRule) -> Iterator[Issue]:
    money, count = _amount(prose, rule.amount), _one(prose, rule.count, "数量")
    if money is None or count is None or bool(money.value) == bool(count.value):
        return
    if any(n.value for subject in rule.unless for n in prose.subjects.get(subject, ())):
        return
    if rule.only == ("unspent" if not money.value else "spent"):
        return
    message = f"{rule.amount}为{money.text}，{rule.count}为{count.text}：{rule.say}。"
    yield issue(
        prose, "Z131", message, (money, count), stated=f"{money.text}，{count.text}", severity=rule.severity
    )


def _groups(prose: Prose, rule: GroupRule) -> Iterator[Issue]:
    group, members = _one(prose, rule.group, "数量"), _one(prose, rule.members, "数量")
    if group is None or members is None:
        return
    yield from _groups_before(prose, rule, group, members)
    if group.value <= members.value:
        return
    message = f"{rule.group}{group.text}，{rule.members}却只有{members.text}；一批至少一人。"
    yield issue(prose, "Z133", message, (group, members), stated=members.text)


def _groups_before(prose: Prose, rule: GroupRule, group: Number, members: Number) -> Iterator[Issue]:
    """Last year's counts as the changes have them: 119 groups fewer than then, as many guests as then, namely none."""
    of_groups, of_members = (
        next((n for n in prose.of(each.stated.mention, "变动额") if n.stated.base == "上年"), None)
        for each in (group, members)
    )
    if of_groups is None or of_members is None or of_groups.stated.unchosen or of_members.stated.unchosen:
        return
    groups, guests = group.value - of_groups.value, members.value - of_members.value
    if groups <= guests:
        return
    message = f"按增减推算，上年{rule.group}为{plain(groups)}，{rule.members}却为{plain(guests)}；一批至少一人。"
    yield issue(prose, "Z133", message, (members, of_members, group, of_groups), stated=of_members.text)


def _costs(prose: Prose, cost: UnitCost) -> Iterator[Issue]:
    money, count = _amount(prose, cost.amount), _one(prose, cost.count, "数量")
    if money is None or count is None or not money.value or not count.value:
        return
    each = money.value / count.value
    mean = _amount(prose, cost.mean) if cost.mean else None
    if mean is not None and mean.value:
        yield from _mean(prose, cost, money, count, mean)
    elif not cost.least <= each <= cost.most:
        message = (
            f"{cost.amount}{money.text}、{cost.count}{count.text}，平均{cost.each}{plain(round(each, 2))}元，"
            f"不合常理，请核对金额的单位和数量。"
        )
        yield issue(prose, "Z132", message, (money, count), stated=f"{plain(round(each, 2))}元")


def _mean(prose: Prose, cost: UnitCost, money: Number, count: Number, mean: Number) -> Iterator[Issue]:
    """The average that the text states itself; nothing where another amount and count of the text make it up."""
    expected = ratio(money.range, count.range)
    if expected is None or expected.meets(mean.range) or _made_up(prose, cost, mean):
        return
    right = f"{plain(round(expected.value / 10000, 4))}万元"
    message = f"{money.text}÷{count.text}应为{cost.each}{right}，写的是{mean.text}。"
    if slipped(mean.value, expected.value, mean.step):
        message += "数字相同，单位写错了。"
        yield issue(prose, "Z144", message, (mean, money, count), stated=mean.text)
        return
    yield issue(prose, "Z132", message, (mean, money, count), stated=mean.text)


def _made_up(prose: Prose, cost: UnitCost, mean: Number) -> bool:
    for other in load_prose_rules().unit_costs:
        if other.mean == cost.mean and other.amount != cost.amount:
            money, count = _amount(prose, other.amount), _one(prose, other.count, "数量")
            expected = ratio(money.range, count.range) if money and count else None
            if expected and expected.meets(mean.range):
                return True
    return False
