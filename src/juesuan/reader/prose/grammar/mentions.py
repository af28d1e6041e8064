"""Which subjects the text speaks of: each place where it names one is a mention, with the whole that it is told of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from juesuan.account import StatedMeasure
from juesuan.reader.prose.grammar.frames import LEVELS, ComparedWith, Draft, Mention, Pending
from juesuan.reader.prose.grammar.pieces import Line, Piece
from juesuan.reader.prose.grammar.quantities import clean_words
from juesuan.statute import Lexicon
from juesuan.statute.language import disjoint_parts, load_document_words

_BETWEEN_PARTS = ("、", "和", "及", "与", "以及", "、和", ",")
_ADDED = re.compile("(?:[两三四]项|支出|经费|预算|决算|数)*(?:合计|共计|总计|之和)")
"""Behind the names of parts: the number is of all of them together."""
_LONGEST_NAME = 40
"""Signs of the name of a project."""
_LEAST_PARTS = 3
_OF_BUDGET = re.compile("预算(?:安排|编制|收支|拨款)?(?:总体)?(?:情况|说明)")
_OF_FINAL = re.compile("决算|执行")
_FUND_NAME = re.compile("(?:一般公共|公共财政|政府性基金|国有资本经营|社会保险基金)预算")
"""What is called a budget without being one rather than an account: 国有资本经营预算收支情况."""
PROJECT = "项目"
"""What the text on one project is about, whatever its name."""
_OF_FUND = re.compile("(?:预算|财政|拨款)*")
"""What may stand behind the name of a fund: 政府性基金|预算财政拨款."""
INCOME, OUTLAY = "收入", "支出"
OPPOSED = {INCOME: OUTLAY, OUTLAY: INCOME}
"""What comes in and what goes out."""
_TOTALS = ("支出总计", "收入总计", "本年支出合计", "本年收入合计")


class Mentions(Line):
    """The state of reading: the paragraph in hand, what has been said since the last number, what governs it."""

    def __init__(self, lexicon: Lexicon, year: int, measure: StatedMeasure, names: Sequence[str] = ()) -> None:
        super().__init__()
        self.lexicon = lexicon
        self.names = names
        self.year = year
        self.measure: StatedMeasure = measure
        self.drafts: list[Draft] = []
        self.mentions: list[Mention] = []
        self.section = ""
        self.sentence = 0
        self.topic: Mention | None = None
        self.parents: list[int] = []
        self.earlier: list[int] = []
        """Wholes of the sentences before in the paragraph: what is known to be a part of one of them still is."""
        self.lasting: list[int] = []
        """The wholes of which the paragraphs to come are parts."""
        self.comparison: ComparedWith | None = None
        self.of_year = 0
        """The year that the sentence speaks of, named before the numbers; 0 where it names none."""
        self.former: list[StatedMeasure] = []
        """For each open bracket the measure of the former amount that it stands behind; empty for none."""
        self.heading_measure: StatedMeasure = ""
        self.reason = False
        self.reason_began = 0
        """How many numbers of the paragraph stand before the reason."""
        self.moving: tuple[int, int | None, str] = (-2, None, "")
        """What the sentence says to have grown or shrunk before it names it: the mention, the direction, its word."""
        self.headed = -1
        """The mention that the last heading makes."""
        self.brackets: list[tuple[Mention | None, list[int], int]] = []
        self.clause: list[Draft] = []
        """The numbers of the paragraph so far."""
        self.before: list[Draft] = []
        """Those of the paragraph before it, under the same heading: a line may be broken within a paragraph."""
        self.pending = Pending()
        self.printed = ""
        self.passage = -1

    def heading(self, text: str, passage: int) -> None:
        """A heading: what follows stands under it, and is of its subject where nothing else is said."""
        self.section = text
        plain = _FUND_NAME.sub("", text)
        self.heading_measure = "预算" if _OF_BUDGET.search(plain) and not _OF_FINAL.search(plain) else ""
        self.lasting, self.parents, self.earlier = [], [], []
        self.before, self.clause = [], []
        subjects = [(text[at:end], word.key) for at, end, word in self.lexicon.find(text) if word.category == "subject"]
        if subjects:
            name, key = subjects[-1]
            self.topic = None
            self.topic = self._mention(key, fund_in(key, name), passage=passage)
            self.headed = self.topic.number
        elif any(part in text for part in load_document_words().project_parts):
            # 2026年度预算安排22,614.51万元 under 年度预算安排 is of the project, and of nothing told before it.
            self.topic = self._mention(PROJECT, passage=passage, known=False)
        elif self.topic:
            # Under a heading of its own the text is no longer about the part that was told last.
            told = next((m for m in reversed(self.mentions) if m.filled and m.known), self.topic)
            self.topic = self.mentions[self._root(told.number)]

    def label_mention(self, subject: str, passage: int, within: int = -1) -> int:
        """The number of a new mention of `subject` by the label of a loose table; `within` is the one it is part of."""
        self.parents = [within] if within >= 0 else []
        return self._mention(subject, passage=passage).number

    def _reset(self) -> None:
        self.pending = Pending()

    def _name_topic(self) -> None:
        """Make the subject that was named last the one that is spoken of."""
        if self.pending.subjects and not self.reason:
            subject, fund, path = self._named(self.pending.subjects, "")
            other = self.topic is None or self.topic.subject != subject or bool(fund and fund != self.topic.fund)
            if other or self.topic is None or (path and path != self.topic.path):
                self.topic = self._mention(subject, fund)
                self.topic.path = path
            self.pending.subjects = []

    def _named(self, named: list[Piece], unit: str) -> tuple[str, str, tuple[str, ...]]:
        """Subject, fund and path of what was named before a number in `unit`."""
        funds = load_document_words().fund_of
        if len(named) > 1 and named[-1].key in funds and named[-2].key not in funds and self._beside(*named[-2:]):
            # “三公”经费财政拨款预算: the funds that it is paid from stand behind it.
            named = [named[-1], *named[:-1]]
        if len(named) > 1 and named[-1].key in _TOTALS and named[-2].tag == "subject" and self._joined(*named[-2:]):
            # “三公”经费总支出: the total of what stands before.
            named = named[:-1]
        head = self._enumerated(named) or named[-1]
        if len(named) == 2 and head is named[-1] and self._is_kind_of(named[0], head):
            head = named[0]
        if own := self._of_fund(head):
            head = own
        fund = next((funds[each.key] for each in named[:-1] if each.key in funds), "")
        fund = fund or fund_in(head.key, self.normal.text[head.start : head.end]) or self._fund_before(head)
        path = tuple(each.key for each in named[:-1] if each.tag == "item")
        return self.lexicon.counted(head.key, unit) if unit else head.key, fund, path

    def _of_fund(self, head: Piece) -> Piece | None:
        """What a total is of before which its fund stands: 一般公共预算|本年收入; None for any other."""
        side = next((side for side in OPPOSED if head.key == f"本年{side}合计"), "")
        fund = self._fund_before(head) if side else ""
        subject = f"{fund}{side}"
        return Piece(head.tag, subject, head.start, head.end) if fund and subject in self.lexicon.subjects else None

    def _fund_before(self, head: Piece) -> str:
        """The fund that stands right before the name of a total: 一般公共预算收支…，政府性基金收支…"""
        if head.key not in (*self.lexicon.pairs, *_TOTALS):
            return ""
        before = re.split("[,。;:、()和及与]|包括", self.normal.text[: head.start])[-1]
        for at in range(len(before)):
            fund, title = load_document_words().fund_at_start(before[at:])
            if fund and _OF_FUND.fullmatch(before[at + len(title) :]):
                return fund
        return ""

    def _coordinated(self, piece: Piece) -> list[Piece]:
        """What as many numbers are of as follow one after another: 货物、工程、服务采购支出分别为…; empty where it is
        said by a name for each.

        The end of the last name may belong to all. A name that the lexicon does not know is a subject all the same.
        """
        count = self._enumerated_ahead()
        begins = self.at - 1
        while begins > 0 and not (self.line[begins - 1].tag == "mark" and self.line[begins - 1].key != "、"):
            begins -= 1
        start = self.line[begins].start
        parts = [(m.start() + start, m[0]) for m in re.finditer("[^、和及与]+", self.normal.text[start : piece.start])]
        if count < 2 or len(parts) != count or len(self.pending.subjects) == count:
            return []
        last = parts[-1][1]
        for cut in range(len(last)):
            whole = [part + last[cut:] for _, part in parts[:-1]]
            words = [self.lexicon.exact(name) for name in (*whole, last)]
            if all(word is not None and word.category == "subject" for word in words):
                return [
                    Piece("subject", word.key, at, at + len(part))
                    for word, (at, part) in zip(words, parts, strict=True) if word is not None
                ]  # fmt: skip
        found = [[word.key for *_, word in self.lexicon.find(part) if word.category == "subject"] for _, part in parts]
        named = [keys[0] if keys else "" for keys in found]
        if len(set(named)) == count and all(named):
            return [Piece("subject", key, at, at + len(part)) for key, (at, part) in zip(named, parts, strict=True)]
        cleaned = [clean_words(part, self.lexicon.fillers) for _, part in parts]
        if not all(cleaned):
            return []
        return [Piece("text", key, at, at + len(part)) for key, (at, part) in zip(cleaned, parts, strict=True)]

    def _joined(self, first: Piece, second: Piece) -> bool:
        """Whether nothing stands between two names, or only a year: 三公经费2020年总支出."""
        return not re.sub(r"(?:\d{4}年度?)?", "", self.normal.text[first.end : second.start])

    def _beside(self, first: Piece, second: Piece) -> bool:
        return self.normal.text[first.end : second.start] in ("", "的")

    def _enumerated(self, named: Sequence[Piece]) -> Piece | None:
        """What three or more of its parts are told together as: 出国费、公车费和接待费的预算数 is one amount of all."""
        run = [named[-1]]
        while len(run) < len(named):
            before = named[-len(run) - 1]
            if self.normal.text[before.end : run[-1].start] not in _BETWEEN_PARTS:
                break
            run.append(before)
        if len(run) > 1 and _ADDED.match(self.normal.text, run[0].end):
            return self._added(run)
        wholes = [self.lexicon.wholes_of(piece.key) for piece in run]
        common = [whole for whole in wholes[0] if all(whole in each for each in wholes)]
        if len(run) < _LEAST_PARTS or not common or len({piece.key for piece in run}) < len(run):
            return None
        return Piece("subject", common[0], run[-1].start, run[0].end)

    def _added(self, run: Sequence[Piece]) -> Piece:
        """公务用车购置费与运行维护费合计: what these are all the parts of, else a subject of its own."""
        names, (start, end) = {piece.key for piece in run}, (run[-1].start, run[0].end)
        for whole in self.lexicon.wholes_of(run[0].key):
            if names == {name for name, each in self.lexicon.subjects.items() if each.whole == whole}:
                return Piece("subject", whole, start, end)
        return Piece("text", self.normal.text[start:end], start, end)

    def _is_kind_of(self, part: Piece, whole: Piece) -> bool:
        """Whether the part stands before its whole: 行政编制财政供养人员, 面向中小企业的政府采购金额."""
        if part.key in load_document_words().fund_of or self.normal.text[part.end : part.end + 1] in ("、", "("):
            return False
        wholes = {self.mentions[number].subject for number in self.parents}
        adjacent = part.end == whole.start and whole.key in wholes
        return adjacent or self.lexicon.part_of(part.key, whole.key)

    def _mention(self, subject: str, fund: str = "", passage: int = -1, known: bool = True) -> Mention:
        within = self._within(subject)
        if not fund and within >= 0:
            whole = self.mentions[within]
            fund = load_document_words().fund_of.get(whole.subject, whole.fund)
        mention = Mention(len(self.mentions), subject, fund, within, self.section,
                          self.passage if passage < 0 else passage, known=known)
        self.mentions.append(mention)
        return mention

    def _within(self, subject: str) -> int:
        """The whole among those spoken of that `subject` is told to be a part of."""
        for number in reversed([*self.earlier, *self.parents]):
            if self.lexicon.part_of(subject, self.mentions[number].subject):
                return number
        for number in reversed(self.parents):
            whole = self.mentions[number].subject
            if whole != subject and not self.lexicon.part_of(whole, subject) and not _apart(subject, whole):
                return number
        return -1

    def _is_amount(self, mention: Mention) -> bool:
        known = self.lexicon.subjects.get(mention.subject)
        return known is None or known.kind == "金额"

    def _begins_anew(self) -> bool:
        """Whether the paragraph has not yet spoken of the topic, and the one that did gave numbers of it.

        An item in a line of its own is what the next paragraph is about; what stands under another heading is not.
        """
        topic = self.topic
        if topic is None or topic.passage == self.passage:
            return False
        if topic.section == self.section and (topic.number == self.headed or not topic.filled):
            return False
        return not any(d.mention == topic.number and d.passage == self.passage for d in reversed(self.drafts))

    def _back_to_whole(self) -> Mention | None:
        """The whole that a sentence without a subject goes back to, after its parts were told in the one before.

        …接待费10万元。实际支出163万元，完成预算的97%，其中：出国费…: parts of it follow that are none of the last part.
        """
        topic = self.topic
        told = self.clause[-1] if self.clause else None
        if topic is None or topic.within < 0 or (told is not None and told.sentence == self.sentence):
            return None
        rest = self.line[self.at :]
        stop = next((n for n, other in enumerate(rest) if other.tag == "mark" and other.key in "。!?"), len(rest))
        whole_at = next((n for n, other in enumerate(rest[:stop]) if other.tag == "whole"), stop)
        named = next((other.key for other in rest[whole_at:stop] if other.tag == "subject"), "")
        while named and topic.within >= 0:
            if self.lexicon.part_of(named, topic.subject):
                return None
            topic = self.mentions[topic.within]
            if self.lexicon.part_of(named, topic.subject):
                return topic
        return None

    def _whole_compared(self) -> Mention | None:
        """The whole that a sentence begins to compare after one that only gave the amounts of its parts.

        …其中：财政拨款744万元，其他收入23万元。较2023年增加40万元。
        """
        topic, clause = self.topic, self.clause or self.before
        if topic is None or topic.within < 0 or not clause or clause[-1].sentence == self.sentence:
            return None
        parts = [d for d in clause if d.mention >= 0 and self.mentions[d.mention].within == topic.within]
        whole = self.mentions[topic.within]
        if len({d.mention for d in parts}) < 2 or any(d.measure not in (*LEVELS, "占比") for d in parts):
            return None
        if not whole.filled:
            # 支出2074.50万元，为城乡社区支出，其中：: what the amount is for has none of its own.
            before = [m for m in self.mentions[: whole.number] if m.passage == whole.passage and m.filled]
            whole = before[-1] if before else whole
        return None if any(measure == "变动额" for measure, _ in whole.filled) else whole

    def _colon(self, colon: Piece) -> None:
        """三公经费21.8万元：公务接待费11.8万元，…: behind an amount a colon is followed by its parts.

        3.殡葬惠民项目：预算110万元: an item of a list by a name of its own is what its numbers are of.
        """
        before = self.line[: self.at - 1]
        if named := self._named_behind(colon):
            self.topic = self._mention(named, known=False)
            self.at += sum(other.start < colon.end + len(named) for other in self.line[self.at :])
            return
        if len(before) == 2 and [piece.tag for piece in before] == ["ordinal", "text"]:
            name = clean_words(before[1].key, self.lexicon.fillers)
            inherited = self.topic is not None and self.topic.passage != self.passage
            if name and inherited and not self._subject_ahead():
                self.topic = self._mention(name, known=False)
            return
        last = self.clause[-1] if self.clause else None
        behind = self.line[self.at - 2].end == colon.start and self.line[self.at - 2].tag in ("number", "unit")
        if last and behind and last.measure in LEVELS and last.mention >= 0 and self._numbers_ahead() > 1:
            self.parents.append(last.mention)

    def _named_behind(self, colon: Piece) -> str:
        """The name behind 项目名称：, of which all is that follows; empty behind any other colon."""
        text = self.normal.text
        if not text[: colon.start].endswith(self.lexicon.name_labels):
            return ""
        name = re.split("[;,。]", text[colon.end :])[0]
        return name if len(name) <= _LONGEST_NAME else ""

    def _parts_behind(self, piece: Piece) -> bool:
        """合计为1000.86万元，分别是A 399万元、B 472万元: names follow, and the amounts before are what they make up."""
        last = self.clause[-1] if self.clause else None
        if self.pending.subjects or self._enumerated_ahead() > 1 or last is None or last.measure not in LEVELS:
            return False
        ahead = (other for other in self.line[self.at :] if other.tag in ("subject", "number", "direction"))
        following = next(ahead, None)
        if last.sentence != self.sentence or following is None or following.tag != "subject":
            return False
        if last.mention >= 0:
            self.parents.append(last.mention)
        return True

    def _told_before(self, topic: Mention) -> Mention | None:
        """Where the paragraph told the amount of what it names again: 财政拨款支出主要内容如下."""
        return next(
            (m for m in reversed(self.mentions)
             if m.subject == topic.subject and m.passage == topic.passage and any(e in LEVELS for e, _ in m.filled)),
            None,
        )  # fmt: skip

    def _goes_on(self) -> bool:
        """Whether the paragraph is one of a list of parts, so that the next may be another."""
        if not self.lasting or not self.line:
            return False
        first = self.line[0]
        return first.tag == "ordinal" or any(
            self.lexicon.part_of(first.key, self.mentions[number].subject) for number in self.lasting
        )

    def _sentence_begun(self) -> bool:
        """Whether the sentence has told a number."""
        return bool(self.clause) and self.clause[-1].sentence == self.sentence

    def _root(self, number: int) -> int:
        while self.mentions[number].within >= 0:
            number = self.mentions[number].within
        return number

    def _is_under(self, number: int, whole: int) -> bool:
        while number >= 0:
            number = self.mentions[number].within
            if number == whole:
                return True
        return False


def _apart(part: str, whole: str) -> bool:
    """Whether nobody tells the one as a part of the other: both are parts of one whole, or one comes in and one goes
    out (其中：运行维护费…；3.公务接待费; 财政拨款收入…；教育支出).
    """
    beside = any({part, whole} <= names for names in disjoint_parts())
    opposed = any(one in part and other in whole for one, other in OPPOSED.items())
    return beside or opposed


def fund_in(subject: str, text: str) -> str:
    """The fund that the name `text` of a subject begins with: 一般公共预算财政拨款基本支出; empty for none."""
    words = load_document_words()
    return "" if subject in words.fund_of else words.fund_at_start(text)[0]
