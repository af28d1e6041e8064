"""Scores told one by one, each behind its full marks: they make up the score of the whole (产出40分，得分38分；…)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

import msgspec

from juesuan.account import Issue, Passage, spaceless, total
from juesuan.checker.rules.prose.model.numbers import Prose
from juesuan.statute import load_rules
from juesuan.statute.language import load_prose_rules, simplified

_LEAST = 3
"""Fewer scores are not those of a whole form."""
_NEAR = 2
"""So many paragraphs before and behind the scores may tell the total."""


class _Scored(msgspec.Struct, frozen=True):
    """A score with its full marks, and the paragraph in which it stands."""

    marks: Decimal
    score: Decimal
    at: int


def check_marks(prose: Prose) -> Iterator[Issue]:
    """Z114: a total score that is not the sum of the scores told one by one, whose full marks come to 100."""
    passages = prose.account.passages
    texts = [spaceless(passage.text).translate(simplified()) for passage in passages]
    rules = load_prose_rules().scores
    pairs = [
        _Scored(Decimal(match["marks"]), Decimal(match["score"]), at)
        for at, text in enumerate(texts)
        for match in re.finditer(rules.pairs, text)
    ]
    for group in _whole_forms(pairs, Decimal(rules.all_marks)):
        yield from _compared(passages, texts, group)


def _whole_forms(pairs: Sequence[_Scored], full: Decimal) -> Iterator[list[_Scored]]:
    """The runs of scores whose full marks make up all of them."""
    group: list[_Scored] = []
    for pair in pairs:
        if group and pair.at - group[-1].at > _NEAR:
            group = []
        group.append(pair)
        marks = total(each.marks for each in group)
        if marks == full and len(group) >= _LEAST:
            yield group
        if marks >= full:
            group = []


def _compared(passages: Sequence[Passage], texts: Sequence[str], group: Sequence[_Scored]) -> Iterator[Issue]:
    rules = load_prose_rules().scores
    added = total(each.score for each in group)
    first, last = group[0].at, group[-1].at
    own = range(max(0, first - _NEAR), min(len(texts), last + _NEAR + 1))
    found = [
        (at, match)
        for at in own
        for match in re.finditer(rules.totals, texts[at])
        if not any(match.start("score") == pair.start("score") for pair in re.finditer(rules.pairs, texts[at]))
    ]
    if not found or any(Decimal(match["score"]) == added for _, match in found):
        return
    at, match = found[0]
    listed = "、".join(f"{each.score}" for each in group)
    source = passages[at].source
    message = f"“{match[0]}”：逐项写的得分（{listed}）相加为{added}分，总分写的是{match['score']}分。"
    places = (source,) if source else ()
    yield Issue("Z114", load_rules()["Z114"].severity, message, places, match["score"], f"{added}分")
