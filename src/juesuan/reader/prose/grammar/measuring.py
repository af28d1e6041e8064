"""What a number measures: outlay, budget, change, share or completion; its base, year and direction."""

from __future__ import annotations

import re

from juesuan.account import BUDGETS, COMPARABLE, StatedMeasure
from juesuan.reader.prose.grammar.frames import LEVELS, ComparedWith, Draft, Mention, Pending
from juesuan.reader.prose.grammar.mentions import OUTLAY
from juesuan.reader.prose.grammar.naming import Naming
from juesuan.reader.prose.grammar.pieces import Piece
from juesuan.statute.language import load_document_words

_USED = re.compile(r"(?:使?用)[^\d,。;:]{0,14}(?:拨款|资金|预算)安排$")


class Measuring(Naming):
    """Gives a draft its measure and what it is compared with."""

    def _last_measure(self) -> StatedMeasure:
        return self.clause[-1].measure if self.clause and self.clause[-1].sentence == self.sentence else ""

    def _level_measure(self, draft: Draft, mention: Mention, pending: Pending) -> None:
        """The measure of an amount or a count that is no change: as said, else the document's."""
        count = self._is_counted(draft.unit)
        moved, direction, wording = self.moving
        if mention.within == moved and direction is not None and not count and not pending.measure:
            # 减少了三公经费342.74万元，其中公务接待费8.20万元: the parts of what was saved are saved as well.
            draft.measure, pending.direction, pending.wording = "变动额", direction, wording
            return
        if pending.comparing and self.comparison:
            compared = self.comparison
            # 预算1969万元，比2024年的2190万元: like is compared with like.
            like = compared.measure or mention.measure
            former: StatedMeasure = "上年预算" if like in BUDGETS else "上年决算"
            draft.measure = next((budget for budget in BUDGETS if budget == compared.base), former)
            draft.base_year = compared.year
            draft.others = () if pending.subjects else tuple(self._above(mention))
            return
        if self.former and self.former[-1] and not count:
            # 与2023年执行数2878万元（其中：公务接待费431万元……）相比: the parts of what is compared with.
            draft.measure = self.former[-1]
            return
        if pending.before:
            like = mention.measure or self.measure
            of_budget = like in BUDGETS and draft.unit in self.lexicon.money
            draft.measure = pending.measure if pending.measure in BUDGETS else "上年预算" if of_budget else "上年决算"
            return
        if count:
            draft.measure = "数量"
            return
        whole = self.mentions[mention.within].measure if mention.within >= 0 else ""
        measure = pending.measure or (whole if whole != "数量" else "") or self.heading_measure or self.measure
        # 由2022年的5万元减少到3万元: what it comes to is this year's.
        came_to = pending.becomes and bool(self.clause)
        years = [0] if came_to else pending.years or [self.of_year]
        last = -1 in years or bool(self.year and years[-1] == self.year - 1)
        inherited = self.mentions[mention.within].called if mention.within >= 0 and measure == whole else ""
        draft.called = pending.called if pending.measure else inherited
        if last and measure in ("决算", "预算"):
            measure = "上年决算" if measure == "决算" else "上年预算"
        draft.measure = measure

    def _above(self, mention: Mention) -> list[int]:
        """The wholes that a mention is told to be a part of, the nearest first."""
        found: list[int] = []
        while (number := mention.within) >= 0 and number not in found:
            found.append(number)
            mention = self.mentions[number]
        return found

    def _compared(self, draft: Draft, mention: Mention, pending: Pending) -> None:
        """Base, year and direction."""
        years = [year for year in pending.years if year > 0]
        draft.year = years[-1] if years else self.of_year or self.year
        if pending.becomes and draft.measure in LEVELS:
            draft.direction, draft.wording = pending.led, pending.wording
        if draft.measure in ("变动额", "变动率"):
            compared = self.comparison or ComparedWith()
            if self._is_counted(draft.unit) and compared.base in BUDGETS and not pending.compared:
                compared = ComparedWith()  # 较预算减少4万元，主要是车辆减少4辆: no budget tells how many there are
            draft.base, draft.base_year = compared.base, compared.year
            draft.direction, draft.wording, draft.unchosen = pending.direction, pending.wording, pending.unchosen
            saved = pending.wording in self.lexicon.savings
            if (pending.difference or saved) and not pending.compared and not self.comparison:
                self._between(draft, mention)
            within_reason = self.reason and not pending.compared
            if pending.wording in self.lexicon.adjustments and (within_reason or not self.comparison):
                # What is added to a budget within the year is compared with nothing that is printed:
                # 决算数小于预算数的主要原因：年中调减项目经费50万元.
                draft.base = "调整"
            if self._without_parts():
                draft.base = COMPARABLE
            self._follow(draft, mention, pending)
            if pending.signed and draft.value is not None and pending.direction is None:
                draft.direction = (draft.value > 0) - (draft.value < 0)
            draft.others = self._other_mentions(mention)
        elif draft.measure == "占比":
            whole = pending.share_of[-1].key if pending.share_of else ""
            parent = self.mentions[mention.within].subject if mention.within >= 0 else ""
            draft.base = whole or parent or self._shared_before(mention)
        elif draft.measure == "完成率":
            draft.base = next((m for m in (pending.measure, mention.measure) if m in BUDGETS), "预算")

    def _shared_before(self, mention: Mention) -> str:
        """The whole of the share told before in the sentence: 合计占“三公”经费预算的58.39%；公务接待费占35.69%."""
        last = next((each for each in reversed(self.clause) if each.measure == "占比" and each.base), None)
        if last is None or last.sentence != self.sentence or last.mention == mention.number:
            return ""
        return last.base if self.lexicon.part_of(mention.subject, last.base) else ""

    def _without_parts(self) -> bool:
        """Whether the sentence leaves something out of both years (剔除这一因素…): its base is printed nowhere."""
        at = self.line[self.at - 1].start
        begins = max(self.normal.text.rfind(sign, 0, at) for sign in "。;") + 1
        return any(word in self.normal.text[begins:at] for word in self.lexicon.exclusions)

    def _between(self, draft: Draft, mention: Mention) -> None:
        """A difference is of the two amounts told last: 支出2.05万元，年初预算2.95万元，差值0.90万元."""
        measures = [each.measure for each in self.clause if each.mention == mention.number]
        budget = next((measure for measure in reversed(measures) if measure in BUDGETS), "")
        if "决算" in measures or len(set(measures) & set(BUDGETS)) > 1:
            draft.base = budget or draft.base
        if draft.value is not None and draft.value < 0:
            draft.direction, draft.unchosen = -1, False

    def _follow(self, draft: Draft, mention: Mention, pending: Pending) -> None:
        """A rate without a word of its own goes the way of the amount before it: 减少18.50万元(65.37%)."""
        last = self.clause[-1] if self.clause else None
        own = pending.direction is not None or pending.unchosen or pending.signed
        if own or last is None or draft.measure != "变动率" or last.measure != "变动额":
            return
        if last.mention == mention.number:
            draft.direction, draft.wording, draft.unchosen = last.direction, last.wording, last.unchosen
            draft.base, draft.base_year = last.base, last.base_year

    def _other_mentions(self, mention: Mention) -> tuple[int, ...]:
        """A change told after a part without naming its subject may be the whole's, or the part's after its whole."""
        if self.pending.subjects:
            return ()
        last = [self.clause[-1].mention] if self.clause else []
        others = [*last, *reversed(self.parents), *reversed(self.earlier)]
        return tuple(number for number in dict.fromkeys(others) if number not in (-1, mention.number))

    def _says_whence(self, piece: Piece) -> bool:
        """Whether 安排 says where the money came from, not what is measured: (使用)财政拨款安排(的)“三公”经费支出."""
        behind = self.normal.text[piece.end : piece.end + 1]
        following = self.line[self.at] if self.at < len(self.line) else None
        if self.measure == "决算" and following and following.tag == "subject" and following.start == piece.end:
            # 一般公共预算安排“三公”经费支出8,237.23万元: what was spent, from these funds.
            name = self.normal.text[following.start : following.end]
            if bool(load_document_words().fund_at_start(self.normal.text[piece.start :])[0]) and OUTLAY in name:
                return True
        return behind == "的" or _USED.search(self.normal.text[: piece.end]) is not None
