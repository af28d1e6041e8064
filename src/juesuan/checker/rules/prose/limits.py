"""What is told to keep within its limit (均未超过预算, 控制在限额以内), and does not."""

from __future__ import annotations

import re
from collections.abc import Iterator

from juesuan.account import BUDGETS, Account, Issue
from juesuan.checker.rules.prose.model.found import amount, issue
from juesuan.checker.rules.prose.model.numbers import Number, Prose
from juesuan.statute.language import LimitRule, compact, expression, load_prose_rules


def check_limits(prose: Prose, account: Account) -> Iterator[Issue]:
    """Z135: a part that is more than the limit which the text says that none exceeds."""
    for passage in account.passages:
        text = compact(passage.text)
        for rule in load_prose_rules().limits:
            for match in expression(rule.says).finditer(text):
                if not re.search("[不未没]", text[max(0, match.start() - 1) : match.start()]):
                    yield from _exceeding(prose, rule, match[0])


def _exceeding(prose: Prose, rule: LimitRule, said: str) -> Iterator[Issue]:
    for subject in prose.subjects:
        used = _used(prose, rule, subject)
        limit = _limit(prose, rule, used) if used is not None else None
        if used is not None and limit is not None and (used.range - limit.range).low > 0:
            over = amount(used.value - limit.value, used)
            message = f"写的是“{said}”，而{subject}{used.text}大于{rule.limit}{limit.text}，多{over}。"
            yield issue(prose, "Z135", message, (used, limit), stated=said)


def _used(prose: Prose, rule: LimitRule, subject: str) -> Number | None:
    """What was spent or is owed, where the document tells one amount of it."""
    return _one([n for n in prose.subjects[subject] if n.measure == "决算" and _is_under(prose, n, rule.used)])


def _limit(prose: Prose, rule: LimitRule, used: Number) -> Number | None:
    """The limit: the budget of what was spent, else an amount of the same name told as a part of a limit.

    Of several that which stands in the same paragraph.
    """
    found = prose.subjects[used.stated.subject]
    of_limit = [n for n in found if (_is_under(prose, n, rule.limits) if rule.used else n.measure in BUDGETS)]
    return _one([n for n in of_limit if n.stated.passage == used.stated.passage]) or _one(of_limit)


def _is_under(prose: Prose, number: Number, words: tuple[str, ...]) -> bool:
    """Whether an amount, or what it is told as a part of, is called by one of the words; without words, any."""
    mentions = (number.stated.mention, *prose.ancestors(number.stated.mention))
    names = (n.stated.subject for mention in mentions for n in prose.mentions[mention][:1])
    return not words or any(word in name for name in names for word in words)


def _one(numbers: list[Number]) -> Number | None:
    money = [n for n in numbers if n.is_money]
    return money[0] if len({n.value for n in money}) == 1 else None
