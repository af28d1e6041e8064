"""Issues on numbers of the prose: with the words of the document, every operand and its place."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from juesuan.account import Issue, Severity, StatedOperand, printed
from juesuan.checker.rules.prose.model.numbers import Number, Prose
from juesuan.statute import load_lexicon, load_rules


def issue(
    prose: Prose,
    code: str,
    message: str,
    numbers: Sequence[Number],
    *,
    stated: str = "",
    expected: str = "",
    difference: str = "",
    equation: str = "",
    severity: Severity | None = None,
) -> Issue:
    """An issue of rule `code` on `numbers`, the first of them the one that is blamed; the message quotes the text."""
    places = tuple(dict.fromkeys(n.stated.source for n in numbers if n.stated.source))
    operands = tuple(StatedOperand(name_of(n), n.text, n.stated.source) for n in numbers)
    whole = f"“{prose.quote(*numbers)}”：{message}"
    level = severity or load_rules()[code].severity
    return Issue(code, level, whole, places, stated, expected, difference, equation, operands)


def name_of(number: Number) -> str:
    """What a number is, for a list of operands: subject, measure, and what a change is against."""
    stated = number.stated
    base = f"（与{stated.base}比）" if stated.measure in ("变动额", "变动率") and stated.base else ""
    return f"{stated.subject}{'' if stated.measure == '数量' else stated.measure}{base}"


def amount(value: Decimal, like: Number) -> str:
    """`value` in the unit of `like` and as finely as it is printed there."""
    unit = like.stated.unit
    scale = load_lexicon().scale(unit) if like.is_money else Decimal(1)
    step = like.step / scale if like.step else Decimal("0.01") if like.is_money else Decimal(1)
    decimals = max(0, -step.normalize().adjusted())
    return f"{printed(value / scale, decimals)}{unit}"


def rate(value: Decimal, like: Number | None = None) -> str:
    """A ratio of one as a percentage, at least as finely as `like` is printed."""
    decimals = 2
    if like is not None and like.step:
        decimals = max(2, -int(like.step.adjusted()) - 2)
    return f"{printed(value * 100, decimals)}%"
