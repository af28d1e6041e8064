"""Drafts of stated figures: of numbers with their units, and of words that stand for numbers (持平, 无)."""

from __future__ import annotations

import re
from decimal import Decimal

from juesuan.account import BUDGETS, FORMER, StatedMeasure
from juesuan.reader.prose.grammar.frames import LEVELS, WHEREVER, Draft, Mention, Pending
from juesuan.reader.prose.grammar.measuring import Measuring
from juesuan.reader.prose.grammar.mentions import INCOME, OUTLAY
from juesuan.reader.prose.grammar.pieces import Piece
from juesuan.reader.prose.grammar.quantities import clean_words, decimals_of, measure_of_rate
from juesuan.statute.language import load_document_words

_WORDS = re.compile("[一-鿿]")


class Figures(Measuring):
    """Makes drafts of numbers; what the words since the last number leave open is taken from what governs them."""

    def _draft(self, piece: Piece, unit: str, end: int) -> Draft:
        start, stop = self.normal.printed(piece.start, end)
        scale = self.lexicon.scale(unit)
        return Draft(
            self.printed[start:stop], start, stop, self.passage, self.sentence, piece.value, decimals_of(piece.key),
            unit, scale, section=self.section,
        )  # fmt: skip

    def _understand(self, draft: Draft, piece: Piece) -> None:
        pending = self.pending
        unit = draft.unit
        if not unit:
            unit = draft.unit = (
                self._unit_of_context(not piece.value) or self._unit_of_change() or self._unit_of_enumeration()
                or self._unit_left_out(piece)
            )  # fmt: skip
            draft.scale = self.lexicon.scale(unit)
        moved = pending.direction is not None or pending.unchosen or pending.signed
        moved = moved and not pending.becomes and self._adjacent(piece)
        if unit in self.lexicon.rates:
            draft.measure = measure_of_rate(pending, moved, self._last_measure(), self.measure)
        elif moved:
            draft.measure = "变动额"
        mention = self._mention_of(draft, pending, piece)
        if mention is None:
            draft.why = "没有认出说的是什么" if unit else "没有计量单位，也没有认出说的是什么"
            return
        if not unit:
            draft.why = "没有写计量单位"
            draft.subject = mention.subject
            return
        if not draft.measure and unit in self.lexicon.rates:
            draft.subject = mention.subject
            draft.why = "没有认出这个百分比是占比、完成率还是变动率"
            return
        if not draft.measure:
            self._level_measure(draft, mention, pending)
        self._compared(draft, mention, pending)
        named = pending.subjects[-1].start if pending.subjects else -1
        if draft.measure == "变动额" and pending.direction is not None and 0 <= pending.moved <= named:
            self.moving = (mention.number, draft.direction, draft.wording)
        draft.subject, draft.mention, draft.within, draft.fund = (
            mention.subject, mention.number, mention.within, mention.fund,
        )  # fmt: skip
        draft.path = draft.path or mention.path
        mention.filled.add((draft.measure, draft.base))
        level = draft.measure not in ("变动额", "变动率", "占比", "完成率")
        # 支出决算8万元，全年预算10万元，其中：the parts are those of what was spent.
        spent = mention.measure == "决算" and draft.measure in BUDGETS
        spent = spent or (mention.measure in ("决算", *BUDGETS) and draft.measure in FORMER)
        if level and not spent and not (pending.comparing or pending.before):
            mention.measure, mention.called = draft.measure, draft.called
        if unit not in self.lexicon.rates:
            mention.unit = unit
        draft.status, draft.why = "仅正文", ""

    def _unit_of_context(self, zero: bool) -> str:
        named = self.pending.subjects[-1].key if self.pending.subjects else ""
        if named in self.lexicon.subjects and self.lexicon.subjects[named].unit:
            return self.lexicon.subjects[named].unit
        if not zero or not _WORDS.search(self.normal.text[: self.line[self.at - 1].start]):
            # A line of bare numbers (the axis of a chart) states nothing.
            return ""
        return self.topic.unit if self.topic and self.topic.unit else "万元"

    def _unit_of_change(self) -> str:
        """The unit of the change that follows an amount compared with: 较上年2.08减少0.03万元."""
        ahead = self.line[self.at : self.at + 3]
        if not self.pending.comparing or [each.tag for each in ahead] != ["direction", "number", "unit"]:
            return ""
        return ahead[2].key if ahead[2].key in self.lexicon.money else ""

    def _unit_of_enumeration(self) -> str:
        """The unit that stands behind the last of several numbers: 分别是4125.49，4143.91万元."""
        ahead = [each for each in self.line[self.at : self.at + 3] if each.tag not in ("mark", "compare", "text")]
        follows = len(ahead) > 1 and ahead[0].tag == "number" and ahead[1].tag == "unit"
        return ahead[1].key if self.pending.each and follows else ""

    def _unit_left_out(self, piece: Piece) -> str:
        """The unit that a change has lost, by the amount that it is of: 收支较上年减少467.39,降低10.2%."""
        following = self.normal.text[piece.end : piece.end + 1]
        of = self.topic.unit if self.topic else ""
        told = self.pending.direction is not None and "." in piece.key and following in ("", *",。;)")
        return of if told and of in self.lexicon.money and self._adjacent(piece) else ""

    def _adjacent(self, piece: Piece) -> bool:
        """Whether nothing but empty words and names stands between the word of direction and the number."""
        if self.pending.moved == WHEREVER:
            return True
        between = self.normal.text[self.pending.moved : piece.start].removeprefix("拨款")
        return not clean_words(re.sub(r"\(.*?\)", "", self._without_names(between)), self.lexicon.fillers)

    def _without_names(self, text: str) -> str:
        for start, end, word in reversed(list(self.lexicon.find(text))):
            if word.category in ("subject", "item", "economic", "measure", "short"):
                text = text[:start] + text[end:]
        return text

    def _flat(self, piece: Piece) -> None:
        """持平: a change of nothing, where no number says so itself."""
        following = self.normal.text[piece.end :][:6]
        # …主要原因是本年无安排，与上年持平: after a reason a comparison of its own speaks of the subject again.
        again = self.pending.compared and not self.pending.subjects
        if (self.reason and not again) or re.match(r"(?:的)?(?:主要)?(?:原因|因素)", following):
            return
        unnamed = not self.pending.subjects
        if unnamed and self._change_follows(piece):
            return
        self._name_topic()
        if self.topic is None or not self.comparison:
            return
        if unnamed and not self.pending.words and (whole := self._whole_compared()):
            self.topic = whole
        before, of = self.topic, self._just_told() if unnamed and self.reason else None
        self.topic = of or self.topic
        start, end = self.normal.printed(piece.start, piece.end)
        unit = self.topic.unit or "万元"
        draft = Draft(
            self.printed[start:end], start, end, self.passage, self.sentence, Decimal(0), 0, unit,
            self.lexicon.money.get(unit, Decimal(1)), "变动额", self.topic.subject, self.comparison.base, self.year,
            self.comparison.year, 0, self.pending.wording, False, self.topic.number, self.topic.within,
            self.topic.fund, self.section, "", "仅正文", word=True,
        )  # fmt: skip
        self.drafts.append(draft)
        self.topic = before
        self.pending = Pending()

    def _change_follows(self, piece: Piece) -> bool:
        """Whether the number right behind 持平 is the change, what it is of being told: 0万元，与上年预算一致0万元."""
        ahead = self.line[self.at : self.at + 2]
        told = self.topic is not None and any(measure in LEVELS for measure, _ in self.topic.filled)
        return told and [each.tag for each in ahead] == ["number", "unit"] and ahead[0].start == piece.end

    def _just_told(self) -> Mention | None:
        """What a reason has just told the amount of: 主要为税收返还0.58亿元，较上年持平."""
        told = self.clause[self.reason_began :]
        last = told[-1] if told else None
        just = last is not None and last.mention >= 0 and last.measure in (*LEVELS, "数量")
        return self.mentions[last.mention] if last and just and last.sentence == self.sentence else None

    def _without_budget(self, pending: Pending) -> bool:
        """Whether 本年无预算 ends the clause: of what is spoken of there is no budget."""
        told = self.topic is not None and bool(self.clause) and self.clause[-1].mention == self.topic.number
        behind = pending.absent_end <= self._end_of_last() and not clean_words(
            "".join(each.key for each in pending.words), self.lexicon.fillers)  # fmt: skip
        return told and behind and pending.measure in BUDGETS and pending.direction is None and not self.reason

    def _absent_budget(self, pending: Pending) -> None:
        """The budget of what is spoken of is nothing."""
        assert self.topic is not None
        unit = self.topic.unit if self.topic.unit in self.lexicon.money else "万元"
        start, end = self.normal.printed(pending.absent_at, pending.absent_end)
        measure: StatedMeasure = "上年预算" if -1 in pending.years else pending.measure
        draft = Draft(
            self.printed[start:end], start, end, self.passage, self.sentence, Decimal(0), 0, unit,
            self.lexicon.money[unit], measure, self.topic.subject, year=self.year, mention=self.topic.number,
            within=self.topic.within, fund=self.topic.fund, section=self.section, status="仅正文",
            why="写的是没有，按零读", word=True,
        )  # fmt: skip
        self.drafts.append(draft)

    def _absent(self, pending: Pending) -> None:
        """无 and the subjects after it: each is nothing."""
        first = min(pending.absent_at, pending.subjects[0].start)
        last = max(pending.subjects[-1].end, pending.absent_end)
        start, end = self.normal.printed(first, last)
        funds = load_document_words().fund_of
        proper = [piece for piece in pending.subjects if piece.key not in funds]
        # 无政府性基金预算安排的“三公”经费支出: of that fund there is none.
        fund = load_document_words().fund_at_start(self.normal.text[pending.absent_end :])[0]
        fund = next((funds[piece.key] for piece in pending.subjects if piece.key in funds), fund) if proper else ""
        for piece in proper or [self._outlay_of(piece, last) for piece in pending.subjects]:
            subject = self.lexicon.subjects.get(piece.key)
            if subject is None:
                continue
            mention = self._mention(piece.key, fund)
            count = subject.kind == "物量"
            draft = Draft(
                self.printed[start:end], start, end, self.passage, self.sentence, Decimal(0), 0,
                subject.unit if count else "万元", Decimal(1) if count else Decimal(10000),
                "数量" if count else (pending.measure or self.measure), piece.key, year=self.year,
                mention=mention.number, within=mention.within, fund=fund, section=self.section, status="仅正文",
                why="写的是没有，按零读", word=True,
            )  # fmt: skip
            self.drafts.append(draft)

    def _outlay_of(self, fund: Piece, end: int) -> Piece:
        """没有使用政府性基金预算拨款安排的支出: of the fund what goes out, though its name alone is what comes in."""
        text = self.normal.text
        outlay = fund.key.replace(INCOME, OUTLAY)
        named = INCOME in text[fund.start : fund.end] or outlay not in self.lexicon.subjects
        clause = re.split("[,。;、]", text[end:])[0]
        if named or OUTLAY not in clause or INCOME in clause:
            return fund
        return Piece(fund.tag, outlay, fund.start, fund.end)

    def _aside(self, piece: Piece, why: str) -> None:
        start, end = self.normal.printed(piece.start, piece.end)
        text = self.printed[start:end]
        if any(sign.isdigit() for sign in text):
            self.drafts.append(Draft(text, start, end, self.passage, self.sentence, status="不是数据", why=why,
                                     section=self.section))  # fmt: skip
