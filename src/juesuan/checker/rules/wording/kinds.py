"""The word 决算 in a budget, of an amount of the budget's own year: there is no final account of it yet."""

from __future__ import annotations

import re
from collections.abc import Iterator

from juesuan.account import BUDGETS, Issue, Passage, StatedFigure
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.wording.found import around, wording_issue
from juesuan.statute.language import in_one_script, load_residue

_FINAL = "决算"
_STOP = re.compile("[。；;]")
_MOST = 3
"""A text with more such words may be of several years, or no budget."""
_LEAST_BUDGETS = 5


def check_kinds(context: CheckContext) -> Iterator[Issue]:
    """W123: 2024年基本支出决算428.35万元 in the budget of 2024."""
    account = context.account
    if not account.year or context.statute.profile.kind != "预算":
        return
    own = [each for each in account.stated if each.year == account.year and each.passage >= 0]
    budgets = sum(each.measure in BUDGETS for each in own)
    found = [(each, account.passages[each.passage]) for each in own if each.measure == _FINAL]
    wrong = [(each, passage) for each, passage in found if _names_it(each, passage, account.year)]
    first: dict[tuple[int, int], tuple[StatedFigure, Passage]] = {}
    for each, passage in wrong:
        first.setdefault((each.passage, in_one_script(passage.text).rfind(_FINAL, 0, each.start)), (each, passage))
    if budgets < _LEAST_BUDGETS or len(first) > _MOST:
        return
    for each, passage in first.values():
        words = around(passage, each.start, each.end)
        message = f"“{words}”：本文件是{account.year}年预算，这一年还没有决算，“决算”应为“预算”。"
        yield wording_issue("W123", message, passage.source, _FINAL, "预算")


def _clause(each: StatedFigure, passage: Passage) -> str:
    """The sentence before a number."""
    return in_one_script(_STOP.split(passage.text[: each.start])[-1])


def _names_it(each: StatedFigure, passage: Passage, year: int) -> bool:
    """Whether the sentence before the number has the word, and no other year that it may be of."""
    clause = _clause(each, passage)
    years = {int(found) for found in re.findall(r"(20\d{2})年", clause)}
    return _FINAL in clause and years <= {year} and not any(word in clause for word in load_residue().former_words)
