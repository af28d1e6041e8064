"""What a number states: its measure, its subject, what it is compared with; and words that stand for numbers."""

from __future__ import annotations

import re
from decimal import Decimal

from juesuan.account import BUDGETS, COMPARABLE, FORMER, StatedMeasure
from juesuan.reader.prose.frames import WHEREVER, Comparison, Draft, Mention, Pending
from juesuan.reader.prose.mentions import Mentions
from juesuan.reader.prose.pieces import Piece
from juesuan.reader.prose.quantities import clean_words, decimals_of, measure_of_rate
from juesuan.statute.language import load_document_words

_AND = re.compile("[和、及与]")
_LONGEST_NOUN = 10
_WORDS = re.compile("[一-鿿]")


class Figures(Mentions):
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
            )
            draft.scale = self.lexicon.scale(unit)
        moved = pending.direction is not None or pending.unchosen or pending.signed
        moved = moved and not pending.becomes and self._adjacent(piece)
        if unit in self.lexicon.rates:
            draft.measure = measure_of_rate(pending, moved, self._last_measure())
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
        mention.filled.add((draft.measure, draft.base))
        level = draft.measure not in ("变动额", "变动率", "占比", "完成率")
        # 支出决算8万元，全年预算10万元，其中：the parts are those of what was spent.
        spent = mention.measure == "决算" and draft.measure in BUDGETS
        spent = spent or (mention.measure in ("决算", *BUDGETS) and draft.measure in FORMER)
        if level and not spent and not (pending.comparing or pending.before):
            mention.measure = draft.measure
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

    def _adjacent(self, piece: Piece) -> bool:
        """Whether nothing but empty words and names stands between the word of direction and the number."""
        if self.pending.moved == WHEREVER:
            return True
        between = self.normal.text[self.pending.moved : piece.start]
        return not clean_words(re.sub(r"\(.*?\)", "", self._without_names(between)), self.lexicon.fillers)

    def _without_names(self, text: str) -> str:
        for start, end, word in reversed(list(self.lexicon.find(text))):
            if word.category in ("subject", "item", "economic", "measure", "short"):
                text = text[:start] + text[end:]
        return text

    def _last_measure(self) -> StatedMeasure:
        return self.clause[-1].measure if self.clause and self.clause[-1].sentence == self.sentence else ""

    def _mention_of(self, draft: Draft, pending: Pending, piece: Piece) -> Mention | None:
        """The mention that the number belongs to: of what was named since the last number, else of what governs it."""
        rate = draft.unit in self.lexicon.rates
        if pending.each and pending.stated:
            self.topic = self.mentions[pending.stated[0]]
            return self.topic
        if pending.subjects:
            named = pending.subjects[:1] if pending.each else pending.subjects
            subject, fund, draft.path = self._named(named, draft.unit)
            known = named[-1].tag != "text"
            if draft.unit in self.lexicon.money and self._counts_only(subject):
                # 车辆保险 5 万元: the name of a count with an amount of money is part of another name.
                whole = self.normal.text[named[0].start : piece.start]
                subject, known = clean_words(whole, self.lexicon.fillers) or subject, False
        elif self._within_reason(pending) and (told := self.clause[self.reason_began :]) and told[-1].mention >= 0:
            # 原因是部门预算比上年的50万元增加5万元: of what the reason speaks of.
            return self.mentions[told[-1].mention]
        else:
            subject, fund, known = self._unnamed(draft, pending, piece, rate)
        if not subject:
            return None
        subject = self._sibling(subject)
        same = self.topic is not None and self.topic.subject == subject
        level = draft.measure not in ("变动额", "变动率", "占比", "完成率")
        elsewhere = self.topic is not None and self.topic.passage != self.passage and self.topic.number != self.headed
        anew = bool(pending.subjects) and (elsewhere or (level and self._is_stated(self.topic)))
        if same and self.topic and not anew:
            return self.topic
        mention = self._mention(subject, fund, known=known)
        if not self.reason:
            self.topic = mention
        return mention

    def _sibling(self, subject: str) -> str:
        """公务接待人次 right after 国内公务接待批次 are those of the same groups."""
        family = self.lexicon.families.get(self.topic.subject) if self.topic else None
        own = self.lexicon.families.get(subject)
        if family is None or own is None or family is own or self.topic is None or subject == own.money:
            return subject
        general = own.of[0] == "公务接待费" and family.of[0] in ("国内公务接待费", "外事接待费", "国（境）外公务接待费")
        if general and self.topic.passage == self.passage and subject[-2:] != self.topic.subject[-2:]:
            return family.of[0].removesuffix("费") + subject[-2:]
        return subject

    def _is_stated(self, mention: Mention | None) -> bool:
        levels = ("决算", "预算", "数量")
        told = mention is not None and any(measure in levels for measure, _ in mention.filled)
        return told and not self.pending.measure

    def _unnamed(self, draft: Draft, pending: Pending, piece: Piece, rate: bool) -> tuple[str, str, bool]:
        """Subject, fund, and whether it is a term, of a number before which no term was named."""
        text = "".join(each.key for each in pending.words)
        for name in self.names:
            text = text.replace(name, "")
        words = clean_words(text, self.lexicon.fillers)
        if words and (part := self._part_called(words)):
            return part, "", True
        following = self.line[self.at] if self.at < len(self.line) else None
        if noun := self._noun_beside(draft.unit, text):
            return noun, "", False
        if following and not words and self._is_counted(draft.unit) and self._is_count(following):
            return following.key, "", True
        if following and not words and (noun := self._counted_noun(draft.unit, following)):
            return noun, "", False
        if words and (counted := self.lexicon.counted_nouns.get(draft.unit)):
            return counted, "", False
        ratio = words.endswith(("率", "比例", "比重", "程度", "满意度", "水平"))
        change = draft.measure in ("变动额", "变动率", "完成率", "占比") and not (ratio and draft.measure != "变动率")
        if words and not (change and self.topic) and not (rate and not ratio and self.topic):
            if rate and ratio and not draft.measure:
                draft.measure = "占比"
            return words, "", False
        if self.topic is None:
            return "", "", False
        if self.reason and text and not words and not change and draft.unit in self.lexicon.money:
            # 原因是2015年部门预算451万元: an amount of its own, whatever it is of.
            return text, "", False
        if whole := self._back_to_whole():
            self.topic = whole
        return self.lexicon.counted(self.topic.subject, draft.unit), self.topic.fund, self.topic.known

    def _within_reason(self, pending: Pending) -> bool:
        """Whether a number without a subject is of what the reason speaks of; 较上年增加 goes back to the matter."""
        return self.reason and (not pending.compared or pending.comparing)

    def _part_called(self, words: str) -> str:
        """The part of what is spoken of that short words name: 公务用车经费28万元（购置0万元，运行维护28万元）."""
        if len(words) < 2:
            return ""
        wholes = [self.mentions[self.parents[-1]].subject] if self.parents else []
        if self.topic:
            family = self.lexicon.families.get(self.topic.subject)
            named = (self.topic.subject, *(family.of if family else ()))
            wholes += [self.topic.subject, *(each for name in named for each in self.lexicon.wholes_of(name))]
        for whole in wholes:
            parts = [
                name for name, each in self.lexicon.subjects.items()
                if each.whole == whole and each.kind == "金额" and set(words) <= set(name)
            ]  # fmt: skip
            if parts:
                return parts[0] if len(parts) == 1 else ""
        return ""

    def _counted_noun(self, unit: str, following: Piece) -> str:
        """What is counted, behind its number: 18个派出机构和7个直属单位; empty where the topic is what is counted."""
        topic = self.topic.subject if self.topic else ""
        own = topic and (self.lexicon.counted(topic, unit) != topic or self._counts_only(topic))
        if own or following.tag != "text" or not self._is_counted(unit):
            return ""
        noun = clean_words(_AND.split(following.key)[0], self.lexicon.fillers)
        if (1 if following.key.startswith("为") else 2) <= len(noun) <= _LONGEST_NOUN:
            # It names what stands before it, not the next number.
            self.at += 1
            return noun
        return ""

    def _counts_only(self, subject: str) -> bool:
        known = self.lexicon.subjects.get(subject)
        return known is not None and known.kind == "物量"

    def _is_counted(self, unit: str) -> bool:
        return bool(unit) and unit not in self.lexicon.money and unit not in self.lexicon.rates

    def _is_count(self, piece: Piece) -> bool:
        known = self.lexicon.subjects.get(piece.key) if piece.tag == "subject" else None
        return known is not None and known.kind == "物量"

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
            return
        if pending.before:
            draft.measure = pending.measure if pending.measure in BUDGETS else "上年决算"
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
        if last and measure in ("决算", "预算"):
            measure = "上年决算" if measure == "决算" else "上年预算"
        draft.measure = measure

    def _compared(self, draft: Draft, mention: Mention, pending: Pending) -> None:
        """Base, year and direction."""
        years = [year for year in pending.years if year > 0]
        draft.year = years[-1] if years else self.of_year or self.year
        if draft.measure in ("变动额", "变动率"):
            compared = self.comparison or Comparison()
            draft.base, draft.base_year = compared.base, compared.year
            draft.direction, draft.wording, draft.unchosen = pending.direction, pending.wording, pending.unchosen
            saved = pending.wording in self.lexicon.savings
            if (pending.difference or saved) and not pending.compared and not self.comparison:
                self._between(draft, mention)
            if pending.wording in self.lexicon.adjustments and not self.comparison:
                # What is added to a budget within the year is compared with nothing that is printed.
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
            draft.base = whole or parent
        elif draft.measure == "完成率":
            draft.base = next((m for m in (pending.measure, mention.measure) if m in BUDGETS), "预算")

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
        """A change told after a part without naming its subject may be the whole's."""
        if self.pending.subjects:
            return ()
        return tuple(reversed([number for number in self.parents if number != mention.number]))

    def _flat(self, piece: Piece) -> None:
        """持平: a change of nothing, where no number says so itself."""
        following = self.normal.text[piece.end :][:6]
        # …主要原因是本年无安排，与上年持平: after a reason a comparison of its own speaks of the subject again.
        again = self.pending.compared and not self.pending.subjects
        if (self.reason and not again) or re.match(r"(?:的)?(?:主要)?(?:原因|因素)", following):
            return
        self._name_topic()
        if self.topic is None or not self.comparison:
            return
        start, end = self.normal.printed(piece.start, piece.end)
        unit = self.topic.unit or "万元"
        draft = Draft(
            self.printed[start:end], start, end, self.passage, self.sentence, Decimal(0), 0, unit,
            self.lexicon.money.get(unit, Decimal(1)), "变动额", self.topic.subject, self.comparison.base, self.year,
            self.comparison.year, 0, self.pending.wording, False, self.topic.number, self.topic.within,
            self.topic.fund, self.section, "", "仅正文", word=True,
        )  # fmt: skip
        self.drafts.append(draft)
        self.pending = Pending()

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
        draft = Draft(
            self.printed[start:end], start, end, self.passage, self.sentence, Decimal(0), 0, unit,
            self.lexicon.money[unit], pending.measure, self.topic.subject, year=self.year, mention=self.topic.number,
            within=self.topic.within, fund=self.topic.fund, section=self.section, status="仅正文",
            why="写的是没有，按零读", word=True,
        )  # fmt: skip
        self.drafts.append(draft)

    def _absent(self, pending: Pending) -> None:
        """无 and the subjects after it: each is nothing."""
        first = min(pending.absent_at, pending.subjects[0].start)
        last = max(pending.subjects[-1].end, pending.absent_end)
        start, end = self.normal.printed(first, last)
        proper = [piece for piece in pending.subjects if piece.key not in load_document_words().fund_of]
        for piece in proper or pending.subjects:
            subject = self.lexicon.subjects.get(piece.key)
            if subject is None:
                continue
            mention = self._mention(piece.key)
            count = subject.kind == "物量"
            draft = Draft(
                self.printed[start:end], start, end, self.passage, self.sentence, Decimal(0), 0,
                subject.unit if count else "万元", Decimal(1) if count else Decimal(10000),
                "数量" if count else (pending.measure or self.measure), piece.key, year=self.year,
                mention=mention.number, within=mention.within, section=self.section, status="仅正文",
                why="写的是没有，按零读", word=True,
            )  # fmt: skip
            self.drafts.append(draft)

    def _aside(self, piece: Piece, why: str) -> None:
        start, end = self.normal.printed(piece.start, piece.end)
        text = self.printed[start:end]
        if any(sign.isdigit() for sign in text):
            self.drafts.append(Draft(text, start, end, self.passage, self.sentence, status="不是数据", why=why,
                                     section=self.section))  # fmt: skip
