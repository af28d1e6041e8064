"""Values as evidence: what words leave open is decided by what agrees, and each number gets its status.

A change told after a part may be the whole's; a percentage without a verb may be a share, a completion or a rate: the
reading under which the amounts agree within their printed precision is taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal

from juesuan.account import Figure, StatedMeasure
from juesuan.reader.prose.frames import BUDGETS, Draft, Mention

_CHANGES: tuple[StatedMeasure, ...] = ("变动额", "变动率")
_NOW: tuple[StatedMeasure, ...] = ("决算", "数量", "预算")
_ONE = Decimal(1)


class Values:
    """The amounts that the drafts tell of each mention and of each subject."""

    def __init__(self, drafts: Sequence[Draft], mentions: Sequence[Mention]) -> None:
        self.mentions = mentions
        self.of_mention: dict[int, list[Draft]] = defaultdict(list)
        self.of_subject: dict[str, list[Draft]] = defaultdict(list)
        for draft in drafts:
            if draft.status != "不是数据" and draft.value is not None:
                self.of_mention[draft.mention].append(draft)
                if draft.subject:
                    self.of_subject[draft.subject].append(draft)

    def level(self, mention: int, measures: Iterable[StatedMeasure] = _NOW) -> Figure | None:
        """The amount of a mention, of the first of `measures` that is told of it."""
        for measure in measures:
            for draft in self.of_mention.get(mention, ()):
                if draft.measure == measure:
                    return draft.figure()
        return None

    def levels(self, subject: str, measures: Iterable[StatedMeasure] = _NOW) -> list[Figure]:
        """Every amount told of a subject in `measures`."""
        wanted = set(measures)
        return [f for d in self.of_subject.get(subject, ()) if d.measure in wanted and (f := d.figure())]

    def change(self, mention: int, base: str) -> Figure | None:
        """The change of a mention against `base`."""
        for draft in self.of_mention.get(mention, ()):
            if draft.measure == "变动额" and draft.base == base:
                return draft.figure()
        return None


def decide(drafts: Sequence[Draft], mentions: Sequence[Mention]) -> None:
    """Settle by values what is open in `drafts`, and give each its status within the prose."""
    values = Values(drafts, mentions)
    _move_changes(drafts, values)
    for draft in drafts:
        if draft.status == "没有认出" and draft.unit in ("%", "‰") and draft.mention >= 0:
            _name_rate(draft, values)
    for draft in drafts:
        if draft.status == "仅正文":
            _stand(draft, values)


def ratio_agrees(rate: Figure, part: Figure, whole: Figure) -> bool:
    """Whether `rate` can be `part` ÷ `whole` within the precision that all three are printed with."""
    if whole.low <= 0:
        return False
    low, high = abs(part.value) - part.resolution / 2, abs(part.value) + part.resolution / 2
    least, most = low / whole.high, high / whole.low
    return abs(rate.value) + rate.resolution / 2 >= least and abs(rate.value) - rate.resolution / 2 <= most


def _rate_agrees(rate: Figure, change: Figure, level: Figure) -> bool:
    before = Figure(level.value - change.value, level.resolution + change.resolution)
    return ratio_agrees(rate, change, before)


def _move_changes(drafts: Sequence[Draft], values: Values) -> None:
    """A change and its rate told after a part without a subject of its own are the whole's where only that agrees."""
    for draft in drafts:
        if draft.measure != "变动额" or not draft.others or not (change := draft.figure()):
            continue
        rates = [d for d in values.of_mention[draft.mention]
                 if d.measure == "变动率" and d.base == draft.base and d.sentence == draft.sentence]  # fmt: skip
        level = values.level(draft.mention)
        if not rates or level is None or not (rate := rates[0].figure()) or _rate_agrees(rate, change, level):
            continue
        for other in draft.others:
            whole = values.level(other)
            if whole is not None and _rate_agrees(rate, change, whole):
                for moved in (draft, *rates):
                    _move(moved, values.mentions[other], values)
                break


def _move(draft: Draft, mention: Mention, values: Values) -> None:
    values.of_mention[draft.mention].remove(draft)
    draft.mention, draft.subject, draft.within, draft.fund = (
        mention.number, mention.subject, mention.within, mention.fund,
    )  # fmt: skip
    values.of_mention[mention.number].append(draft)


def _name_rate(draft: Draft, values: Values) -> None:
    """What a percentage is that no verb names: whatever the amounts of its mention make of it, if only one does."""
    rate, level = draft.figure(), values.level(draft.mention)
    if rate is None or level is None:
        return
    parent = values.mentions[draft.mention].within
    found: list[tuple[StatedMeasure, str]] = []
    if parent >= 0 and (whole := values.level(parent)) and ratio_agrees(rate, level, whole):
        found.append(("占比", values.mentions[parent].subject))
    if (budget := values.level(draft.mention, BUDGETS)) and ratio_agrees(rate, level, budget):
        found.append(("完成率", "预算"))
    if len(found) == 1:
        draft.measure, draft.base = found[0]
        draft.status, draft.why = "仅正文", ""


def _stand(draft: Draft, values: Values) -> None:
    """Whether other numbers of the prose decide this one."""
    if draft.value is None:
        draft.status, draft.why = "无从核对", draft.why or "没有写数"
        return
    mention = draft.mention
    level = values.level(mention)
    if draft.measure == "变动率":
        if values.change(mention, draft.base) is not None and (level is not None or _base(draft, values)):
            draft.status = "可核对"
        else:
            draft.why = "只写了幅度，正文没有写变动额"
    elif draft.measure == "变动额":
        rates = any(d.measure == "变动率" and d.base == draft.base for d in values.of_mention[mention])
        if level is not None and (rates or _base(draft, values)):
            draft.status = "可核对"
        else:
            draft.why = draft.why or "变动以前的数正文没有写"
    elif draft.measure == "占比":
        whole = values.levels(draft.base) or ([parent] if (parent := values.level(draft.within)) else [])
        if level is not None and whole:
            draft.status = "可核对"
        else:
            draft.status, draft.why = "无从核对", f"没有找到所占的总数（{draft.base or '没有写占什么'}）"
    elif draft.measure == "完成率":
        budget = values.level(mention, BUDGETS) or next(iter(values.levels(draft.subject, BUDGETS)), None)
        if level is not None and budget is not None:
            draft.status = "可核对"
        else:
            draft.status, draft.why = "无从核对", "没有找到预算数" if budget is None else "没有找到决算数"
    else:
        others = values.of_subject[draft.subject]
        if any(d.measure == draft.measure and d.mention != mention and d.year == draft.year for d in others):
            draft.status = "可核对"


def _base(draft: Draft, values: Values) -> bool:
    """Whether the amount that a change is against is told."""
    measures: tuple[StatedMeasure, ...] = ("上年决算", "上年预算") if draft.base not in BUDGETS else BUDGETS
    return values.level(draft.mention, measures) is not None
