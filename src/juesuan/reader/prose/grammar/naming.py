"""What a number is of: the subject named before it, the noun beside it, or what the text spoke of before."""

from __future__ import annotations

import re

from juesuan.account import ORDINAL
from juesuan.reader.prose.grammar.frames import Draft, Mention, Pending
from juesuan.reader.prose.grammar.mentions import PROJECT
from juesuan.reader.prose.grammar.pieces import Piece
from juesuan.reader.prose.grammar.quantities import SCORE, clean_words
from juesuan.reader.prose.grammar.sides import Sides

NAMED_ENTRY = re.compile(
    rf"{ORDINAL}(?P<name>[^。,;:\d()]{{3,30}})。(?=(?:全年|年初|年度|调整后)?(?:批复)?预算数?\D{{0,3}}\d)"
)
"""An entry of a list that is a name alone, before a sentence that begins with its budget."""
_AND = re.compile("[和、及与]")
_ADVERBIAL = re.compile("根据|按照|依据|依照")
"""How words begin that say by what an amount was changed, and name nothing: 根据财力变动情况调整支出预算为…"""
_LONGEST_NOUN = 10


class Naming(Sides):
    """Finds the mention that a number belongs to."""

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
            elif self._is_of_the_whole(subject) and (kind := self._done_with(named[-1])):
                # 项目支出980.86万元，其中：年中增加项目支出218.36万元: a part that bears the name of its whole.
                subject, known = f"{kind}{subject}", False
            elif self.reason and self._counts_only(subject) and (done := self._done_with(named[-1])):
                subject, known = f"{done}{subject}", False
        elif self._within_reason(pending) and (told := self.clause[self.reason_began :]) and told[-1].mention >= 0:
            # 原因是部门预算比上年的50万元增加5万元: of what the reason speaks of.
            spoken = self.mentions[told[-1].mention]
            counted = self.lexicon.counted(spoken.subject, draft.unit)
            return spoken if counted == spoken.subject else self._mention(counted, spoken.fund)
        elif draft.unit == SCORE:
            subject, fund, known = self._score(), "", False
        elif fund := self._fund_alone(draft, pending, piece):
            subject, fund, known = fund, "", fund in self.lexicon.subjects
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
        here = [m for m in self.mentions if m.subject == subject and m.passage == self.passage]
        if pending.comparing and here:
            self.topic = here[-1]
            return self.topic
        mention = self._mention(subject, fund, known=known)
        if not self.reason:
            self.topic = mention
        return mention

    def _is_of_the_whole(self, subject: str) -> bool:
        """Whether the parts of what bears the same name are told."""
        return bool(self.parents) and self.mentions[self.parents[-1]].subject == subject

    def _fund_alone(self, draft: Draft, pending: Pending, piece: Piece) -> str:
        """What an amount is of before which a fund stands by itself: 财政拨款收入…，其中一般公共预算4.91亿元."""
        scope = pending.scope
        if scope is None or draft.unit not in self.lexicon.money or draft.measure or self.topic is None:
            return ""
        if clean_words(self.normal.text[scope.end : piece.start], self.lexicon.fillers):
            return ""
        whole = self.mentions[self.parents[-1]].subject if self.parents else self.topic.subject
        name = f"{scope.key}{whole}"
        return name if name in self.lexicon.subjects else scope.key

    def _score(self) -> str:
        """Whose score or full marks a number is: 产出指标得分, 产出指标分值; a bare 得 is of what the marks were of."""
        words = self._words()
        whose, kind = self.lexicon.score(words)
        told = next((each.subject for each in reversed(self.clause) if each.unit == SCORE), "")
        if kind and not whose and self.clause and self.clause[-1].measure == "完成率":
            whose = "预算执行"  # 预算执行率93.82%，得9.38分
        return f"{whose or self.lexicon.score(told)[0]}{kind}" if kind else f"{words}得分" if words else told

    def _words(self) -> str:
        """The words of the text right before the number, of one clause."""
        text = self.normal.text[: self.line[self.at - 1].start]
        clause = re.split(r"[,。;:、()]|(?<!\d)\d{1,2}[.、]", re.sub(r"-?[\d.]+$", "", text))[-1]
        return clause.strip()

    def _done_with(self, subject: Piece) -> str:
        """What a reason says was done with what it counts: 取消车辆5台 are not all vehicles; empty for nothing."""
        at = next((n for n, each in enumerate(self.line) if each.start == subject.start), 0)
        before = self.line[at - 1] if at else None
        if before is None or before.end != subject.start or before.tag not in ("text", "direction"):
            return ""
        words = self.normal.text[before.start : before.end]
        for name in self.names:
            words = words.replace(name, "")
        return clean_words(words, self.lexicon.fillers)

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
        if own := self._own_share(text, draft, piece):
            return own, "", False
        for name in self.names:
            text = text.replace(name, "")
        words = "" if _ADVERBIAL.match(text) else clean_words(text, self.lexicon.fillers)
        if words and draft.measure == "占比" and not draft.base and self._beside_share(words, piece):
            return words, "", False
        if words and (part := self._part_called(words)):
            return self.lexicon.counted(part, draft.unit), "", True
        if counted := self._counted_as(words, draft.unit):
            return counted, "", True
        following = self.line[self.at] if self.at < len(self.line) else None
        if noun := self._noun_beside(draft.unit, text):
            return noun, "", False
        if following and not words and self._is_counted(draft.unit) and self._is_count(following):
            return following.key, "", True
        if following and not words and (noun := self._counted_noun(draft.unit, following)):
            return noun, "", False
        if words and (counted := self.lexicon.counted_nouns.get(draft.unit, "")):
            return counted, "", False
        ratio = words.endswith(("率", "比例", "比重", "程度", "满意度", "水平"))
        change = draft.measure in ("变动额", "变动率", "完成率", "占比") and not (ratio and draft.measure != "变动率")
        if words and not (change and self.topic) and not (rate and not ratio and self.topic):
            if rate and ratio and not draft.measure:
                draft.measure = "占比"
            return words, "", False
        if text.endswith(self.lexicon.this_project) and not (self.topic and self.topic.subject.endswith(PROJECT)):
            return PROJECT, "", False  # 该项目年初预算380万元, where something else was spoken of
        if self.topic is None:
            return "", "", False
        if self.reason and text and not words and not change and draft.unit in self.lexicon.money:
            # 原因是2015年部门预算451万元: an amount of its own, whatever it is of.
            return text, "", False
        if whole := self._back_to_whole() or (self._whole_compared() if change or pending.comparing else None):
            self.topic = whole
        elif change and (meant := self._beside_mean()):
            self.topic = meant
        return self.lexicon.counted(self.topic.subject, draft.unit), self.topic.fund, self.topic.known

    def _own_share(self, text: str, draft: Draft, number: Piece) -> str:
        """The unit itself, first of those that an amount is shared out to: 分单位看：某局（本级）1082.85万元，某中心….

        Empty where its name begins a sentence that goes on with what was spoken of.
        """
        listed = self.normal.text[: number.start].endswith(f":{text}")
        return text if listed and text in self.names and draft.unit in self.lexicon.money and self.topic else ""

    def _beside_mean(self) -> Mention | None:
        """The amount that a mean was told of by the way, of which the text goes on: 人均150元，比上年增加1300元."""
        if self.topic is None or not self.topic.subject.startswith(self.lexicon.averages):
            return None
        told = [each for each in self.clause if each.mention >= 0 and each.unit in self.lexicon.money]
        others = [each.mention for each in told if not each.subject.startswith(self.lexicon.averages)]
        return self.mentions[others[-1]] if others else None

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

    def _beside_share(self, words: str, number: Piece) -> bool:
        """Whether the share is told of the words right before it: 非税收入38.1亿元，…，税收占比69.9%."""
        return re.search(rf"{re.escape(words)}占比(?:为|达)?$", self.normal.text[: number.start]) is not None

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

    def _counted_as(self, words: str, unit: str) -> str:
        """What is counted where only its activity is named: of the outlay spoken of (国内接待费…，接待30批次)."""
        money = self.lexicon.counted_as.get(words, "")
        if not money or not self._is_counted(unit):
            return ""
        family = self.lexicon.families.get(self.topic.subject) if self.topic else None
        own = family.money if family else None
        if own and (own == money or self.lexicon.part_of(own, money)):
            money = own
        counted = self.lexicon.counted(money, unit)
        return counted if counted != money else ""

    def _counts_only(self, subject: str) -> bool:
        known = self.lexicon.subjects.get(subject)
        return known is not None and known.kind == "物量"

    def _is_counted(self, unit: str) -> bool:
        return bool(unit) and unit not in self.lexicon.money and unit not in self.lexicon.rates

    def _is_count(self, piece: Piece) -> bool:
        return piece.tag == "subject" and self._counts_only(piece.key)

    def _noun_beside(self, unit: str, before: str) -> str:
        """What is counted where its name stands right before the number or behind it: 共涉及项目6个, 7个…项目."""
        behind = self.line[self.at].key if self.at < len(self.line) else ""
        if behind.startswith("中") and unit in self.lexicon.counted_nouns:
            return self.lexicon.counted_nouns[unit]
        for noun in self.lexicon.counted_beside.get(unit, ()):
            if before.endswith(noun):
                return noun
            for count in (1, 2):
                ahead = self.line[self.at : self.at + count]
                behind = "".join(self.normal.text[piece.start : piece.end] for piece in ahead)
                if re.match(f"[^,。;、\\d]{{0,8}}?{noun}", behind):
                    # It names what stands before it, not the next number.
                    self.at += len(ahead)
                    return noun
        return ""
