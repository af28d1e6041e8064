"""Lists that one slip keeps from making up their whole: 6480＋5230＋2000 is 13800 with 5320; 1.22万元 among 亿元."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from juesuan.account import Issue, Severity, total_range
from juesuan.checker.rules.prose.model.found import amount, issue, name_of
from juesuan.checker.rules.prose.model.numbers import LEVELS, Number, Prose
from juesuan.checker.rules.prose.sums.classified import Found
from juesuan.statute import load_lexicon

_LEAST_PARTS = 3
_MOST_MISSING = Decimal("0.1")
"""A list may leave out small parts; of one that leaves out a tenth nothing can be said."""


def with_exchanged_digits(prose: Prose) -> Iterator[Found]:
    """Z111: the parts of one list that come to less than their whole, and exactly to it with two digits exchanged."""
    for mention, children in list(prose.children.items()):
        for measure in LEVELS:
            for whole in prose.of(mention, measure)[:1]:
                parts = _list_of(prose, whole, children)
                gap = whole.range - total_range([part.range for part in parts])
                if len(parts) < _LEAST_PARTS or gap.low <= 0 or gap.value > whole.value * _MOST_MISSING:
                    continue
                exchanged = [(each, right) for each in (whole, *parts) for right in _repaired(each, whole, parts)]
                if exchanged:
                    # Of several numbers any may be the wrong one: the first stands for all.
                    severity: Severity | None = None if len(exchanged) == 1 else "warning"
                    yield _issue(prose, whole, parts, *exchanged[0], severity=severity), (whole, *parts)


def with_another_unit(prose: Prose) -> Iterator[Found]:
    """Z111: the parts of one list that make up their whole if the number in another unit than its is taken in its."""
    for mention, children in list(prose.children.items()):
        for measure in LEVELS:
            for whole in prose.of(mention, measure)[:1]:
                parts = _list_of(prose, whole, children)
                unlike = [part for part in parts if part.stated.unit != whole.stated.unit and part.value]
                if len(parts) < _LEAST_PARTS or len(unlike) != 1:
                    continue
                scale = load_lexicon().scale(whole.stated.unit) / load_lexicon().scale(unlike[0].stated.unit)
                right = unlike[0].value * scale
                if scale != 1 and whole.value == sum((part.value for part in parts), right) - unlike[0].value:
                    yield _issue(prose, whole, parts, unlike[0], right, whole.stated.unit), (whole, *parts)


def _list_of(prose: Prose, whole: Number, children: Sequence[int]) -> list[Number]:
    """The amounts of money told in one go as the parts of `whole`, each of another subject, and nothing among them."""
    found: dict[str, Number] = {}
    for child in children:
        for number in prose.of(child, whole.measure)[:1]:
            same = number.is_money and number.is_about == whole.is_about
            if same and number.stated.passage == whole.stated.passage and number.stated.start > whole.stated.start:
                found.setdefault(number.stated.subject, number)
    parts = list(found.values())
    if len({number.stated.sentence for number in parts}) == 1:
        return parts
    among = [
        n for n in prose.passages[whole.stated.passage]
        if n.is_money and n.measure in LEVELS and whole.stated.start < n.stated.start
    ]  # fmt: skip
    return parts if among == parts else []


def _repaired(number: Number, whole: Number, parts: Sequence[Number]) -> Iterator[Decimal]:
    """The values of `number` with two neighbouring digits exchanged under which the parts make up the whole."""
    for value in _exchanges(number):
        change = value - number.value
        added = sum((part.value for part in parts), Decimal(0))
        if whole.value + (change if number is whole else 0) == added + (0 if number is whole else change):
            yield value


def _exchanges(number: Number) -> Iterator[Decimal]:
    scale = load_lexicon().scale(number.stated.unit)
    printed = f"{number.value / scale:f}"
    for at in range(len(printed) - 1):
        first, second = printed[at], printed[at + 1]
        if first.isdigit() and second.isdigit() and first != second and not (at == 0 and second == "0"):
            yield Decimal(f"{printed[:at]}{second}{first}{printed[at + 2 :]}") * scale


def _issue(
    prose: Prose, whole: Number, parts: Sequence[Number], wrong: Number, right: Decimal, unit: str = "",
    severity: Severity | None = None,
) -> Issue:
    """`unit` is the one that the wrong number should have; without it two of its digits are exchanged."""
    added = total_range([part.range for part in parts]).value
    gap, corrected = amount(abs(whole.value - added), whole), amount(right, whole if unit else wrong)
    slip = f"单位似应为{unit}" if unit else "可能写颠倒了数字"
    names = "、".join(f"{name_of(part)}{part.text}" for part in parts)
    message = (
        f"{name_of(whole)}为{whole.text}，其中所列（{names}）之和为{amount(added, whole)}，相差{gap}；"
        f"{name_of(wrong)}{wrong.text}如果是{corrected}就相等，{slip}。"
    )
    others = tuple(each for each in (whole, *parts) if each is not wrong)
    return issue(
        prose, "Z111", message, (wrong, *others), stated=wrong.text, expected=corrected, difference=gap,
        severity=severity,
    )  # fmt: skip
