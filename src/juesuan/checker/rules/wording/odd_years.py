"""A year between the same words as the same year everywhere else: one of a list that was not brought up to date."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator

from juesuan.account import Issue, Passage, Source
from juesuan.checker.engine.context import CheckContext
from juesuan.checker.rules.wording.found import BESIDE, wording_issue
from juesuan.statute.language import compact

_USUAL = 3
"""So many times the same words stand about the same year before another one between them is odd."""
_BEFORE, _AFTER = 3, 6
"""So many signs before and behind a year are its words; a number counts as one."""
_YEAR = re.compile(r"(?<!\d)(20\d{2})年(?!\d*月)")
_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")


def check_odd_years(context: CheckContext, known: Collection[Source]) -> Iterator[Issue]:
    """W117: one other year between words that stand about one year everywhere else (…（项）：2024年预算数为…).

    `known` are the places of years that are wrong for another reason.
    """
    account = context.account
    name = compact(account.unit.name)
    found: dict[tuple[str, str], list[tuple[int, Passage, str, int]]] = defaultdict(list)
    for passage, text in context.texts:
        plain = text.replace(name, "") if name else text
        for match in _YEAR.finditer(plain):
            found[_words_about(plain, *match.span())].append((int(match[1]), passage, plain, match.start()))
    for each in found.values():
        years = Counter(year for year, *_ in each)
        (usual, times), *others = years.most_common()
        if times < _USUAL or [count for _, count in others] != [1] or usual not in (account.year, account.year - 1):
            continue
        year, passage, text, start = next(one for one in each if one[0] != usual)
        if passage.source in known or str(usual) in re.split("[。；]", text[:start])[-1]:
            continue
        quoted = text[max(0, start - BESIDE) : start + 4 + BESIDE]
        message = f"“{quoted}”写的是{year}年，同样写法的别处都是{usual}年，请核对年度。"
        yield wording_issue("W117", message, passage.source, str(year), str(usual))


def _words_about(text: str, start: int, end: int) -> tuple[str, str]:
    before = _NUMBER.sub("#", text[max(0, start - 4 * _BEFORE) : start])
    return ("^" + before)[-_BEFORE:], _NUMBER.sub("#", text[end : end + 4 * _AFTER])[:_AFTER]
