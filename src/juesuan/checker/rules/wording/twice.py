"""What stands twice in a text: an item explained twice, and one amount in two units."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from decimal import Decimal

from juesuan.account import Issue, Passage
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.wording.found import around, wording_issue
from juesuan.statute.language import NUMBER

_NUMBERED = re.compile(r"^（?[\d一二三四五六七八九十]+[）、.．]")
_ITEM = re.compile(rf"{_NUMBERED.pattern}[“\"]?([^，。；]+?（类）[^，。；]+?（款）[^，。；]+?（项）)")
"""The item that a numbered paragraph explains."""
_NEXT = 2
_AMOUNT = re.compile(rf"(?<![\d.,])({NUMBER})(万元|元)")
_SIGNIFICANT = 5
"""Amounts with so many digits besides zeros at the ends are alike in two units by a slip only."""


def check_twice(context: CheckContext, printed: Collection[str]) -> Iterator[Issue]:
    """W118: an item with the same amounts in two paragraphs; W104: an amount in 元 and, digit by digit, in 万元.

    What the tables print (`printed`, in 万元 with two decimals) is held against them instead.
    """
    yield from _explained_twice(context)
    yield from _in_two_units(context, printed)


def _explained_twice(context: CheckContext) -> Iterator[Issue]:
    first: dict[tuple[str, tuple[str, ...]], Passage] = {}
    for at, (passage, text) in enumerate(context.texts):
        match = _ITEM.match(text)
        if match is None:
            continue
        # The amounts may stand in the next line.
        following = [text for _, text in context.texts[at + 1 : at + 1 + _NEXT]]
        ends = next((n for n, each in enumerate(following) if _NUMBERED.match(each)), _NEXT)
        amounts = tuple(number for number, _ in _AMOUNT.findall("".join([text, *following[:ends]])))
        if not amounts:
            continue
        known = first.setdefault((match[1], amounts), passage)
        if known is not passage:
            message = f"“{match[1]}”（{amounts[0]}）前面已经说明过，列了两遍。"
            yield wording_issue("W118", message, passage.source, match[1])


def _in_two_units(context: CheckContext, printed: Collection[str]) -> Iterator[Issue]:
    usual: Counter[str] = Counter()
    found: dict[str, dict[str, list[tuple[Passage, re.Match[str]]]]] = {}
    for passage, text in context.texts:
        for match in _AMOUNT.finditer(text):
            usual[match[2]] += 1
            digits = match[1].replace(",", "").replace("−", "-")
            significant = digits.lstrip("-").replace(".", "").strip("0")
            if f"{Decimal(digits):.2f}" not in printed and len(significant) >= _SIGNIFICANT:
                found.setdefault(digits, {}).setdefault(match[2], []).append((passage, match))
    for units in found.values():
        if len(units) == 1:
            continue
        # The unit in which the document gives its other amounts is the right one.
        wrong = min(units, key=lambda unit: (usual[unit], unit == next(iter(units))))
        right = next(unit for unit in units if unit != wrong)
        passage, match = units[wrong][0]
        words = around(passage, *match.span())
        message = f"“{words}”写的是{match[0]}，另一处同一个数写作{match[1]}{right}，单位有一处写错。"
        yield wording_issue("W104", message, passage.source, match[0], f"{match[1]}{right}")
