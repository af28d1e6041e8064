"""Two amounts and what the one leaves of the other, told one after the other: assets, debts, net assets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from juesuan.account import Issue
from juesuan.checker.rules.prose.model.found import amount, issue
from juesuan.checker.rules.prose.model.numbers import LEVELS, Number, Prose
from juesuan.statute.language import DifferenceRule, load_prose_rules, simplified

_AMOUNTS = 3


def check_differences(prose: Prose) -> Iterator[Issue]:
    """Z118: 资产总额312.4亿元，负债总额1.4亿元，净资产总额301亿元."""
    for numbers in prose.passages.values():
        text = prose.text_of(numbers[0].stated).translate(simplified())
        told = [n for n in numbers if n.is_money and n.measure in LEVELS]
        for at in range(len(told) - _AMOUNTS + 1):
            three = told[at : at + _AMOUNTS]
            words = [_words_before(n, numbers, text) for n in three]
            together = "。" not in text[three[0].stated.end : three[-1].stated.start]
            rule = next((rule for rule in load_prose_rules().differences if rule.names(words)), None)
            if rule is not None and together and len({n.measure for n in three}) == 1 and _is_asked(prose, rule):
                yield from _compared(prose, rule, three)


def _is_asked(prose: Prose, rule: DifferenceRule) -> bool:
    added = any(number.value for number in prose.subjects.get(rule.unless, ()))
    return not rule.unless or not (added or prose.account.tables)


def _words_before(number: Number, numbers: Sequence[Number], text: str) -> str:
    """What stands between the number before and this one."""
    start = max((n.stated.end for n in numbers if n.stated.end <= number.stated.start), default=0)
    return text[start : number.stated.start]


def _compared(prose: Prose, rule: DifferenceRule, three: Sequence[Number]) -> Iterator[Issue]:
    whole, less, rest = three
    gap = whole.range - less.range - rest.range
    if not gap.holds_zero():
        right = amount(whole.value - less.value, rest)
        message = f"{whole.text}减{less.text}应为{right}，写的是{rule.leaves[0]}{rest.text}。"
        yield issue(prose, "Z118", message, (rest, whole, less), stated=rest.text, expected=right)
