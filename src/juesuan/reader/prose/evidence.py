"""Values as evidence: what words leave open is decided by what agrees, and each number gets its status.

A change told after a part may be the whole's; a percentage without a verb may be a share or a completion; what a share
is of may be left to the reader: the reading under which the amounts agree within their printed precision is taken.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from juesuan.account import BUDGETS, FORMER, Figure, StatedMeasure, range_of, ratio
from juesuan.reader.prose.grammar.frames import LEVELS, Draft, Mention
from juesuan.reader.prose.grammar.mentions import OPPOSED
from juesuan.statute import load_lexicon
from juesuan.statute.language import load_prose_rules, unique_subjects

_SUMMED: tuple[StatedMeasure, ...] = (*LEVELS, "变动额")
_NOW: tuple[StatedMeasure, ...] = ("决算", "数量", "预算")
_LED_TO: tuple[StatedMeasure, ...] = ("预算", "决算")


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

    def level_told(self, mention: int, year: int) -> Figure | None:
        """The amount of a mention; where it tells none, the only one of the year told of its subject."""
        figure = self.level(mention, _LED_TO)
        drafts = self.of_subject.get(self.mentions[mention].subject, ())
        told = [f for d in drafts if d.measure in _LED_TO and d.year == year and (f := d.figure())]
        return figure or (told[0] if len({f.value for f in told}) == 1 else None)

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

    def led_to(self, draft: Draft) -> bool:
        """Whether the amount is known that a change led to: of its mention, else of its subject in the same section.

        Of what a document tells one amount of, that amount wherever it stands.
        """
        if self.level(draft.mention) is not None:
            return True
        unique = draft.subject in unique_subjects()
        return any(
            d.measure in _NOW and d.year == draft.year and (unique or (d.section and d.section == draft.section))
            for d in self.of_subject.get(draft.subject, ())
        )

    def before(self, mention: int) -> Iterator[Mention]:
        """The mentions before this one that the same paragraph or section speaks of, the nearest first."""
        own = self.mentions[mention]
        for other in reversed(self.mentions[:mention]):
            if other.passage == own.passage or (other.section == own.section and own.section):
                yield other


def decide(drafts: Sequence[Draft], mentions: Sequence[Mention]) -> None:
    """Settle by values what is open in `drafts`, and give each its status within the prose."""
    _tell_of_their_own_year(drafts, mentions)
    values = Values(drafts, mentions)
    _move_bases(drafts, values)
    _move_changes(drafts, values)
    for draft in drafts:
        if draft.status == "没有认出" and draft.unit in ("%", "‰") and draft.mention >= 0:
            _name_rate(draft, values)
        if draft.measure == "占比" and not draft.base:
            _name_whole(draft, values)
    for draft in drafts:
        if draft.status == "仅正文":
            _stand(draft, values)
    _stand_in_sums(drafts)


_OF_ITS_YEAR: dict[StatedMeasure, StatedMeasure] = {"上年决算": "决算", "上年预算": "预算"}


def _tell_of_their_own_year(drafts: Sequence[Draft], mentions: Sequence[Mention]) -> None:
    """Amounts of last year that are themselves compared with a year before are that year's outlay, and so their parts.

    2021年度“三公”经费支出352.17万元，较2020年减少8.88万元, in a budget of 2022: no base of the change told with it.
    """
    told: set[int] = set()
    for draft in drafts:
        compared = draft.measure in ("变动额", "变动率") and draft.mention >= 0
        if compared and 0 < draft.base_year < draft.year:
            own = [d for d in drafts if d.mention == draft.mention and d.sentence == draft.sentence
                   and d.year == draft.year]  # fmt: skip
            if any(d.measure in _NOW for d in own):
                continue  # 10万元，上年14万元，与2023年持平: what is compared is told beside the year before.
            told.update(d.mention for d in own if d.measure in FORMER and not d.base_year)
    for draft in drafts:
        above, seen = draft.mention, set[int]()
        while above >= 0 and above not in told and above not in seen:
            seen.add(above)
            above = mentions[above].within
        if above in told and draft.measure in _OF_ITS_YEAR and mentions[above].passage == draft.passage:
            draft.measure = _OF_ITS_YEAR[draft.measure]


def ratio_agrees(rate: Figure, part: Figure, whole: Figure) -> bool:
    """Whether `rate` can be `part` ÷ `whole` within the precision that all three are printed with."""
    expected = ratio(abs(range_of(part)), range_of(whole)) if whole.low > 0 else None
    return expected is not None and expected.meets(abs(range_of(rate)))


def rate_agrees(rate: Figure, change: Figure, level: Figure) -> bool:
    """Whether `rate` can be that of a signed `change` that led to `level`; of nothing to nothing it is nothing."""
    if not change.value and not rate.value:
        return True
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
        if not rates or level is None or not (rate := rates[0].figure()) or rate_agrees(rate, change, level):
            continue
        for other in draft.others:
            whole = values.level(other)
            if whole is not None and rate_agrees(rate, change, whole):
                for moved in (draft, *rates):
                    _move(moved, values.mentions[other], values)
                break


def _move_bases(drafts: Sequence[Draft], values: Values) -> None:
    """What a sentence begins to compare with, without a subject, is the whole's where only its change agrees.

    …公务用车运行维护费1956万元。与2023年执行数2878万元相比，2024年预算增加308万元: of all of it, 3186万元.
    """
    for draft in drafts:
        base = draft.figure()
        if draft.measure not in FORMER or not draft.others or base is None:
            continue
        changes = [d for d in drafts if d.sentence == draft.sentence and d.measure == "变动额" and d.start > draft.end]
        change = changes[0].figure() if changes else None
        if change is None or _agrees(values.level_told(draft.mention, draft.year), base, change):
            continue
        whole = next((n for n in draft.others if _agrees(values.level_told(n, draft.year), base, change)), None)
        if whole is not None:
            rates = [d for d in drafts if d.sentence == draft.sentence and d.measure == "变动率"
                     and d.mention == changes[0].mention]  # fmt: skip
            for moved in (draft, changes[0], *rates):
                _move(moved, values.mentions[whole], values)


def _agrees(level: Figure | None, base: Figure, change: Figure) -> bool:
    return level is not None and (range_of(level) - range_of(base)).meets(range_of(change))


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


def _name_whole(draft: Draft, values: Values) -> None:
    """What a share is of that names no whole: the nearest amount before it that agrees."""
    rate, level = draft.figure(), values.level(draft.mention)
    if rate is None or level is None or draft.mention < 0:
        return
    agreeing = [
        other for other in values.before(draft.mention)
        if (whole := values.level(other.number)) is not None
        and other.subject != draft.subject and ratio_agrees(rate, level, whole)
    ]  # fmt: skip
    if agreeing:
        # What goes out is no share of what comes in, where a total of both is as much.
        other = next((each for each in agreeing if not _opposite(draft.subject, each.subject)), agreeing[0])
        draft.base, draft.within = other.subject, other.number
        return
    # A part of what the document tells one amount of can only be a share of that.
    for name in load_lexicon().wholes_of(draft.subject):
        if {name, draft.subject} <= unique_subjects() and values.levels(name):
            draft.base = name
            return


def _opposite(one: str, other: str) -> bool:
    """Whether one of two subjects is income and the other outlay."""
    sides = [{side for side in OPPOSED if side in subject} for subject in (one, other)]
    return all(len(each) == 1 for each in sides) and sides[0] != sides[1]


def _stand(draft: Draft, values: Values) -> None:
    """Whether other numbers of the prose decide this one."""
    if draft.value is None:
        draft.status, draft.why = "无从核对", draft.why or "没有写数"
        return
    if draft.mention >= 0 and not values.mentions[draft.mention].known:
        draft.why = draft.why or "不是表中的项目"
        return
    handler = {"变动率": _stand_rate, "变动额": _stand_change, "占比": _stand_share, "完成率": _stand_completion}
    handler.get(draft.measure, _stand_level)(draft, values)


def _stand_rate(draft: Draft, values: Values) -> None:
    change = values.change(draft.mention, draft.base) is not None
    base = _base(draft, values)
    if (change and (base or values.led_to(draft))) or (base and values.level(draft.mention) is not None):
        draft.status = "可核对"
    else:
        draft.why = "正文没有写变动前、变动后的数" if change else "正文没有写变动额，也没有写变动前的数"


def _stand_change(draft: Draft, values: Values) -> None:
    rates = any(d.measure == "变动率" and d.base == draft.base for d in values.of_mention[draft.mention])
    if values.led_to(draft) and (rates or _base(draft, values)):
        draft.status = "可核对"
    else:
        draft.why = draft.why or "变动以前的数正文没有写"


def _stand_share(draft: Draft, values: Values) -> None:
    parent = values.level(draft.within)
    if values.level(draft.mention) is None:
        draft.status, draft.why = "无从核对", f"没有找到{draft.subject}的数"
    elif values.levels(draft.base) or parent is not None:
        draft.status = "可核对"
    else:
        draft.status, draft.why = "无从核对", f"没有找到所占的总数（{draft.base or '没有写占什么'}）"


def _stand_completion(draft: Draft, values: Values) -> None:
    budget = values.level(draft.mention, BUDGETS) or next(iter(values.levels(draft.subject, BUDGETS)), None)
    level = values.level(draft.mention)
    if level is not None and (budget is not None or not level.value):
        draft.status = "可核对"
    else:
        draft.status, draft.why = "无从核对", "没有找到预算数" if budget is None else "没有找到决算数"


def _stand_level(draft: Draft, values: Values) -> None:
    others = values.of_subject[draft.subject]
    if any(d.measure == draft.measure and d.mention != draft.mention and d.year == draft.year for d in others):
        draft.status = "可核对"


def _base(draft: Draft, values: Values) -> bool:
    """Whether the amount that a change is against is told."""
    measures: tuple[StatedMeasure, ...] = FORMER if draft.base not in BUDGETS else BUDGETS
    return values.level(draft.mention, measures) is not None


def _stand_in_sums(drafts: Sequence[Draft]) -> None:
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
