"""What of the statute holds in a year of account: items with `since` and `until`, and values given by date.

A declaration may say from which year (`since`) and until which (`until`, inclusive) it holds; in another year it is not
there. Any value may be given by date instead of once, as a mapping whose keys are years or days:

    label: {2015: 九、医疗卫生与计划生育支出, 2019: 九、卫生健康支出}

The value in force is the one with the latest date not after the year of account; before the first there is none.
"""

from __future__ import annotations

import re
from typing import Any

from juesuan.account import Issue
from juesuan.statute.source import EVER, Node, Sequence, is_dated, mistake

_ABSENT = object()


class DatedText(str):
    """A text that holds from `since` on, and is written in the line numbers that were printed then."""

    __slots__ = ("since",)
    since: int

    @classmethod
    def of(cls, text: str, since: str) -> DatedText:
        """`text` as it holds from the date `since` on."""
        dated = cls(text)
        dated.since = int(since[:4])
        return dated


def year_of(date: str) -> int:
    """The year of account that a date (2026 or 2026-03-01) belongs to."""
    return int(date[:4])


def in_force(tree: Any, year: int, mistakes: list[Issue]) -> Any:
    """`tree` with what holds in `year` alone: no item outside of its years, one value for each given by date."""
    found = _resolved(tree, year, mistakes)
    return None if found is _ABSENT else found


def _resolved(tree: Any, year: int, mistakes: list[Issue]) -> Any:
    if is_dated(tree):
        return _latest(tree, year, mistakes)
    if isinstance(tree, Node):
        if not _holds(tree, year, mistakes):
            return _ABSENT
        resolved = Node(tree.file, tree.line)
        resolved.unread = tree.unread
        for key, value in tree.items():
            found = _resolved(value, year, mistakes)
            if found is not _ABSENT:
                resolved.put(key, found, *tree.at(key))
        return resolved
    if isinstance(tree, Sequence):
        items = Sequence()
        for item, place in zip(tree, tree.lines, strict=True):
            found = _resolved(item, year, mistakes)
            if found is not _ABSENT:
                items.add(found, place)
        return items
    return tree


def _latest(tree: Node, year: int, mistakes: list[Issue]) -> Any:
    dates = [date for date in sorted(tree) if year_of(date) <= year]
    if not dates:
        return _ABSENT
    value = _resolved(tree[dates[-1]], year, mistakes)
    dated = isinstance(value, str) and dates[-1] != EVER
    return DatedText.of(value, dates[-1]) if dated else value


def _holds(tree: Node, year: int, mistakes: list[Issue]) -> bool:
    years: dict[str, int] = {}
    for name in ("since", "until"):
        text = tree.get(name)
        if isinstance(text, str):
            if re.fullmatch(r"(?:19|20)\d\d", text):
                years[name] = int(text)
            else:
                mistakes.append(mistake(*tree.at(name), f"{name} 应为四位年份，写的是“{text}”"))
    first, last = years.get("since", year), years.get("until", year)
    if "since" in years and "until" in years and first > last:
        mistakes.append(mistake(*tree.at("until"), f"until 的 {last} 年早于 since 的 {first} 年"))
    return first <= year <= last
