"""Which amounts of the prose decide each other: a whole and all its parts, and shares of parts that are all told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from juesuan.account import StatedMeasure
from juesuan.reader.prose.frames import LEVELS, Draft
from juesuan.statute.language import load_prose_rules

_SUMMED: tuple[StatedMeasure, ...] = (*LEVELS, "变动额")


def stand_in_sums(drafts: Sequence[Draft]) -> None:
    """Give the status 可核对 to amounts that a declared sum holds, and to shares of parts whose sum is their whole.

    A whole that the document tells once is held against its parts wherever they stand; others only where they are told
    as parts of it.
    """
    told: dict[tuple[str, str, int, str], list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.value is not None and draft.measure in _SUMMED and draft.status != "不是数据":
            told[draft.measure, draft.base, draft.year, draft.subject].append(draft)
    for composition in load_prose_rules().compositions:
        for measure, base, year, subject in [key for key in told if key[3] == composition.whole]:
            for whole in told[measure, base, year, subject]:
                parts = [
                    part
                    for name in composition.parts
                    for part in told.get((measure, base, year, name), ())
                    if composition.unique or part.within == whole.mention
                ]
                if set(composition.needed()) <= {part.subject for part in parts}:
                    _decided([whole, *parts])
    _shares(drafts)


def _decided(drafts: Sequence[Draft]) -> None:
    for draft in drafts:
        if draft.status == "仅正文":
            draft.status, draft.why = "可核对", ""


def _shares(drafts: Sequence[Draft]) -> None:
    shares: dict[tuple[int, str], list[Draft]] = defaultdict(list)
    for draft in drafts:
        if draft.measure == "占比" and draft.value is not None and draft.base:
            shares[draft.passage, draft.base].append(draft)
    of_mention = {draft.mention for draft in drafts if draft.measure in LEVELS and draft.value is not None}
    for (_, whole), group in shares.items():
        named = {draft.subject for draft in group if draft.mention in of_mention}
        wanted = [each for each in load_prose_rules().compositions if each.whole == whole]
        if any(set(each.needed()) <= named <= set(each.parts) for each in wanted):
            for draft in group:
                if draft.mention in of_mention:
                    draft.status, draft.why = "可核对", ""
