"""Two sentences of one paragraph that say opposite directions: one is wrong, whatever the tables hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from juesuan.account import Issue, Passage, Statement
from juesuan.statute.language import compact

_SAYS = re.compile(r"(\S+) ([<>]) 0")
"""A wording's condition on the direction of a quantity (变动 < 0 for 减少)."""

Undecided = Callable[[Statement, str], bool]
"""Whether no figure of the document decides a quantity of a sentence, by its name."""


def check_opposite_directions(
    statements: Sequence[Statement], passages: Sequence[Passage], plan_of: Callable[[Statement], str],
    undecided: Undecided,
) -> Iterator[Issue]:
    """A warning for sentences of one paragraph that give a quantity opposite directions (较上年增加 … 较上年减少的主要
    原因), where no figure of the document tells which is right: where one does, the wrong sentence is told.
    """
    directions: dict[tuple[str, str, str, str], list[tuple[str, Statement]]] = {}
    for statement in statements:
        for name, sign in _SAYS.findall(statement.when):
            key = (plan_of(statement), statement.row, statement.column, name)
            directions.setdefault(key, []).append((sign, statement))
    for (_, _, _, name), found in directions.items():
        for (one, first), (other, second) in combinations(found, 2):
            unknown = undecided(first, name) and undecided(second, name)
            if one != other and unknown and _together(first, second, passages):
                message = f"正文“{first.text}”与同一段的“{second.text}”方向相反，必有一处写错，请核对上年数。"
                places = tuple(place for place in (first.source, second.source) if place)
                yield Issue(first.clause, "warning", message, places, first.text)
                break


def _together(first: Statement, second: Statement, passages: Sequence[Passage]) -> bool:
    return any(first.text in text and second.text in text for text in (compact(p.text) for p in passages))
