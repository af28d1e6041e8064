"""The grammar of running text: pieces of a paragraph from left to right become drafts of stated figures.

What a number is of and what it measures is said by the words since the last number; what they leave open is taken from
what governs them: the subject last spoken of, the whole that parts are told of, the comparison last made, the heading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from juesuan.account import StatedMeasure
from juesuan.reader.prose.comparing import comparison, either_direction, moves_to
from juesuan.reader.prose.frames import BUDGETS, FUNDS, Comparison, Draft, Mention, Pending
from juesuan.reader.prose.normal import Normal
from juesuan.reader.prose.pieces import Piece, pieces
from juesuan.reader.prose.quantities import NOT_FIGURES, clean_words, decimals_of, measure_of_rate
from juesuan.statute import Lexicon

_FUND_NAMES = re.compile("一般公共预算|公共财政预算|公共预算|政府性基金预算|国有资本经营预算|预算[单部]")
_OF_BUDGET = re.compile("预算(?:安排|编制|收支|拨款)?(?:总体)?(?:情况|说明)")
_OF_FINAL = re.compile("决算|执行")
_AND = ("和", "、", "及", "与")
_OPPOSED = {"收入": "支出", "支出": "收入"}
_SOFT = "、/[]"
_ENDS = "。!?|"


class Grammar:
    """Reads the paragraphs of a document one after another; `drafts` and `mentions` gather what they state."""

    def __init__(self, lexicon: Lexicon, year: int, measure: StatedMeasure, names: Sequence[str] = ()) -> None:
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
        self.comparison: Comparison | None = None
        self.heading_measure: StatedMeasure = ""

    # Paragraphs

    def paragraph(self, normal: Normal, printed: str, passage: int) -> None:
        """Read one paragraph of running text."""
        self.normal, self.printed, self.passage = normal, printed, passage
        self.line = pieces(normal.text, self.lexicon, self.names)
        self.comparison = None
        self.reason = False
        self.brackets: list[tuple[Mention | None, list[int]]] = []
        self.parents, self.earlier = list(self.lasting), []
        self.clause: list[Draft] = []
        self._reset()
        self.at = 0
        while self.at < len(self.line):
            piece = self.line[self.at]
            self.at += 1
            getattr(self, f"_{_HANDLERS.get(piece.tag, 'text')}")(piece)
        self._end_clause()
        self.sentence += 1
        if not normal.text.rstrip().endswith((":", "其中")) and not self._goes_on():
            self.lasting = []

    def heading(self, text: str, passage: int) -> None:
        """A heading: what follows stands under it, and is of its subject where nothing else is said."""
        self.section = text
        self.heading_measure = "预算" if _OF_BUDGET.search(text) and not _OF_FINAL.search(text) else ""
        self.lasting = []
        subjects = [word for _, _, word in self.lexicon.find(text) if word.category == "subject"]
        if subjects:
            self.topic = None
            self.topic = self._mention(subjects[-1].key, passage=passage)

    def label_mention(self, subject: str, passage: int) -> int:
        """The number of a new mention of `subject` by the label of a loose table."""
        self.parents = []
        return self._mention(subject, passage=passage).number

    def _goes_on(self) -> bool:
        """Whether the paragraph is one of a list of parts, so that the next may be another."""
        return bool(self.lasting) and bool(self.line) and self.line[0].tag == "ordinal"

    def _reset(self) -> None:
        self.pending = Pending()

    # Words

    def _subject(self, piece: Piece) -> None:
        if self.pending.share:
            self.pending.share_of.append(piece)
            return
        self.pending.subjects.append(piece)
        self.pending.words = []
        said = _FUND_NAMES.sub("", self.normal.text[piece.start : piece.end])
        for measure in ("决算", "预算"):
            if measure in said:
                # 工资福利支出预算: the name says what its number measures as well.
                self._measure(Piece("measure", measure, piece.start, piece.end))
                break

    def _short(self, piece: Piece) -> None:
        """收入、支出 alone: the subject of that name spoken of before, unless they only end another name."""
        last = self.pending.subjects[-1] if self.pending.subjects else None
        between = self.normal.text[last.end : piece.start] if last else ""
        other = _OPPOSED[piece.key]
        if last and between in _AND and other in last.key:
            # 政府性基金预算财政拨款收入和支出: both of the same funds.
            self.pending.subjects.append(Piece("subject", last.key.replace(other, piece.key), piece.start, piece.end))
            return
        if (last and not between) or self.pending.share:
            return
        known = [m for m in self.mentions if m.passage == self.passage and piece.key in m.subject]
        if self.topic and piece.key not in self.topic.subject and known:
            self.pending.subjects.append(Piece("subject", known[-1].subject, piece.start, piece.end))
        elif not self.topic or other in self.topic.subject:
            self.pending.subjects.append(Piece("subject", self.lexicon.short[piece.key], piece.start, piece.end))

    def _measure(self, piece: Piece) -> None:
        self.pending.measure = piece.key  # type: ignore[assignment]
        self.pending.measures.append(piece.key)  # type: ignore[arg-type]

    def _year(self, piece: Piece) -> None:
        self.pending.years.append(piece.year)

    def _compare(self, piece: Piece) -> None:
        found, used = comparison(self.line, self.at - 1, self.year)
        if found is None:
            return
        self.comparison = found
        self.pending.comparing = True
        self.at += used

    def _yoy(self, piece: Piece) -> None:
        self.comparison = Comparison()

    def _period(self, piece: Piece) -> None:
        if piece.key == "上年":
            self.pending.years.append(-1)

    def _direction(self, piece: Piece) -> None:
        pending = self.pending
        offered = either_direction(self.line, self.at - 1)
        if offered:
            last = self.line[self.at - 1 + offered]
            pending.unchosen, pending.direction = True, None
            pending.wording = self.normal.text[piece.start : last.end]
            pending.moved = last.end
            self.at += offered
            pending.comparing = False
            return
        pending.direction = {"up": 1, "down": -1, "flat": 0}[piece.key]
        pending.wording = self.normal.text[piece.start : piece.end]
        pending.unchosen = False
        pending.moved = piece.end
        pending.comparing = False
        pending.words = []
        if moves_to(self.normal.text, piece.end):
            pending.becomes = True
        if piece.key == "flat":
            self._flat(piece)

    def _exceeds(self, piece: Piece) -> None:
        """高于预算数: a change against what follows; before a bare number (超过50万元) it says nothing of the kind."""
        found, used = comparison(self.line, self.at - 1, self.year)
        if found is None:
            return
        self.comparison = found
        self.at += used
        self.pending.direction = {"up": 1, "down": -1}[piece.key]
        self.pending.wording = self.normal.text[piece.start : piece.end]
        self.pending.moved = self.line[self.at - 1].end

    def _blank(self, piece: Piece) -> None:
        """A unit without its number (占 %，比上年减少 万元), where something asks for one."""
        pending = self.pending
        asked = pending.share or pending.completion or pending.moved == piece.start
        named = bool(pending.subjects) and pending.subjects[-1].end == piece.start
        if not asked and not named:
            return
        draft = self._draft(Piece("number", "0", piece.start, piece.start), piece.key, piece.end)
        self._understand(draft, Piece("number", "0", piece.start, piece.end))
        draft.value, draft.direction = None, pending.direction
        draft.status, draft.why = "无从核对", "没有写数"
        self.drafts.append(draft)
        self._reset()

    def _change(self, piece: Piece) -> None:
        self.pending.signed = True
        self.pending.moved = piece.end

    def _becomes(self, piece: Piece) -> None:
        self.pending.becomes = True
        self.pending.direction = None

    def _before(self, piece: Piece) -> None:
        rest = self.line[self.at : self.at + 14]
        stop = next((n for n, other in enumerate(rest) if other.key in _ENDS and other.tag == "mark"), len(rest))
        self.pending.before = any(other.tag == "becomes" for other in rest[:stop])

    def _share(self, piece: Piece) -> None:
        self.pending.share = True

    def _completion(self, piece: Piece) -> None:
        following = self.line[self.at] if self.at < len(self.line) else None
        if following and following.tag == "number" and self._unit_after(self.at) in self.lexicon.money:
            return
        self.pending.completion = True
        if "预算" in piece.key and not self.pending.measure:
            self.pending.measure = "预算"

    def _whole(self, piece: Piece) -> None:
        self._name_topic()
        if self.topic and not self.reason and self.topic.number not in self.parents:
            while self.parents and not self._is_under(self.topic.number, self.parents[-1]):
                self.parents.pop()
            self.parents.append(self.topic.number)
        self.reason = False
        self._reset()

    def _reason(self, piece: Piece) -> None:
        self._end_clause()
        self.reason = True

    def _absence(self, piece: Piece) -> None:
        following = self.line[self.at] if self.at < len(self.line) else None
        if piece.key == "未" and (following is None or following.tag != "subject"):
            return
        self.pending.absent = not self.reason
        self.pending.absent_at, self.pending.absent_end = piece.start, piece.end
        self.pending.words = []

    def _each(self, piece: Piece) -> None:
        if len(self.pending.subjects) < 2:
            count = self._numbers_ahead()
            told = [m for m in self.mentions if m.passage == self.passage and m.measure][-count:] if count > 1 else []
            if len(told) == count and len({m.within for m in told}) == 1 and count > 1:
                # 与…相比，分别减少…: of as many as were told before.
                self.pending.subjects = [Piece("subject", m.subject, piece.start, piece.end) for m in told]
        self.pending.each = len(self.pending.subjects) > 1

    def _numbers_ahead(self) -> int:
        """How many numbers stand before the sentence ends."""
        ahead = self.line[self.at :]
        stop = next((n for n, other in enumerate(ahead) if other.tag == "mark" and other.key in "。;!?"), len(ahead))
        return sum(other.tag == "number" for other in ahead[:stop])

    def _level(self, piece: Piece) -> None:
        """（类）（款）（项）: the name before it is that of an item."""

    def _scope(self, piece: Piece) -> None:
        """同口径: how it is compared, not with what."""

    def _ordinal(self, piece: Piece) -> None:
        self._aside(piece, "编号")

    def _not_a_figure(self, piece: Piece) -> None:
        self._aside(piece, piece.key)

    def _text(self, piece: Piece) -> None:
        self.pending.words.append(piece)

    def _mark(self, piece: Piece) -> None:
        if piece.key == "(":
            self.brackets.append((self.topic, list(self.parents)))
            self._name_topic()
            if self.topic and not self.reason and self.clause and self.clause[-1].mention == self.topic.number:
                self.parents.append(self.topic.number)
        elif piece.key == ")":
            self._end_clause()
            if self.brackets:
                self.topic, self.parents = self.brackets.pop()
        elif piece.key in _SOFT:
            if not self.pending.subjects and not self.pending.words:
                return
            self.pending.words = []
        elif piece.key == ":":
            self._end_clause(soft=True)
        else:
            self._end_clause()
            if piece.key in ";。!?|":
                self.reason = False
            if piece.key in _ENDS:
                self.sentence += 1
                self.earlier = [*self.earlier, *self.parents]
                self.parents = list(self.lasting)

    # Clauses

    def _end_clause(self, soft: bool = False) -> None:
        pending = self.pending
        if pending.absent and pending.subjects and pending.direction is None and not self._named_after(pending):
            self._absent(pending)
        elif pending.subjects and not self.reason:
            text = self.normal.text[pending.subjects[-1].end :][:8]
            self._name_topic()
            if re.match(r"(?:支出)?(?:决算|预算|总额)?(?:数)?(?:之)?中(?:[,，:]|$)", text) and self.topic:
                self.parents.append(self.topic.number)
        if soft and self.topic and self.at >= len(self.line):
            self.lasting = list(self.parents)
            if self.normal.text.rstrip(":").endswith("其中"):
                self.lasting.append(self.topic.number)
            elif not self.lasting:
                # …具体情况如下：what follows is of all that the paragraph was about.
                self.lasting = [self._root(self.topic.number)]
        self._reset()

    def _named_after(self, pending: Pending) -> bool:
        """Whether something else is named after a word that says that there is nothing of the subjects before it."""
        behind = pending.absent_at > pending.subjects[-1].start
        return behind and bool(clean_words("".join(each.key for each in pending.words), self.lexicon.fillers))

    def _name_topic(self) -> None:
        """Make the subject that was named last the one that is spoken of."""
        if self.pending.subjects and not self.reason:
            subject, fund, _ = self._named(self.pending.subjects, "")
            if not self.topic or self.topic.subject != subject:
                self.topic = self._mention(subject, fund)
            self.pending.subjects = []

    def _named(self, named: list[Piece], unit: str) -> tuple[str, str, tuple[str, ...]]:
        """Subject, fund and path of what was named before a number in `unit`."""
        if len(named) > 1 and named[-1].key in FUNDS and named[-2].key not in FUNDS and _joined(named[-2], named[-1]):
            # “三公”经费财政拨款预算: the funds that it is paid from stand behind it.
            named = [named[-1], *named[:-1]]
        head = named[-1]
        if len(named) == 2 and self._is_kind_of(named[0], head):
            head = named[0]
        fund = next((FUNDS[each.key] for each in named[:-1] if each.key in FUNDS), "")
        path = tuple(each.key for each in named[:-1] if each.tag == "item")
        return self.lexicon.counted(head.key, unit) if unit else head.key, fund, path

    def _is_kind_of(self, part: Piece, whole: Piece) -> bool:
        """Whether the part stands before its whole: 行政编制财政供养人员, 面向中小企业的政府采购金额."""
        if part.key in FUNDS or self.normal.text[part.end : part.end + 1] in ("、", "("):
            return False
        wholes = {self.mentions[number].subject for number in self.parents}
        adjacent = part.end == whole.start and whole.key in wholes
        return adjacent or self.lexicon.part_of(part.key, whole.key)

    def _mention(self, subject: str, fund: str = "", passage: int = -1, known: bool = True) -> Mention:
        within = self._within(subject)
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
            if whole != subject and not self.lexicon.part_of(whole, subject):
                return number
        return -1

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

    # Numbers

    def _unit_after(self, at: int) -> str:
        following = self.line[at + 1] if at + 1 < len(self.line) else None
        return following.key if following and following.tag == "unit" else ""

    def _unit(self, piece: Piece) -> None:
        """Units are taken with their number; one without a number says that the number is missing (占 %)."""

    def _number(self, piece: Piece) -> None:
        unit = self._unit_after(self.at - 1)
        end = self.line[self.at].end if unit else piece.end
        self.at += bool(unit)
        draft = self._draft(piece, unit, end)
        if unit in NOT_FIGURES and not self.pending.comparing and self.pending.direction is None:
            draft.status, draft.why = "不是数据", "时间、期限或等级"
            self.drafts.append(draft)
            return
        if not unit and self._is_order(piece):
            draft.status, draft.why = "不是数据", "编号"
            self.drafts.append(draft)
            return
        if self._is_code(piece):
            draft.status, draft.why = "不是数据", "科目编码"
            self.drafts.append(draft)
            return
        self._understand(draft, piece)
        self.drafts.append(draft)
        self.clause.append(draft)
        self._after_number(draft)

    def _is_order(self, piece: Piece) -> bool:
        """Whether a small bare number only numbers what follows: …能力；3进一步…, …体系4、完成…"""
        text = self.normal.text
        small = re.fullmatch(r"\d{1,2}", piece.key) is not None and piece.value > 0
        begins = piece.start == 0 or text[piece.start - 1] in "。;:"
        return small and (text[piece.end : piece.end + 1] == "、" or begins) and not self.pending.subjects

    def _is_code(self, piece: Piece) -> bool:
        following = self.line[self.at] if self.at < len(self.line) else None
        return bool(
            re.fullmatch(r"[23]\d{2}(?:\d{2}){0,2}", piece.key)
            and following and following.tag in ("item", "economic") and following.start == piece.end
        )

    def _draft(self, piece: Piece, unit: str, end: int) -> Draft:
        start, stop = self.normal.printed(piece.start, end)
        scale = self.lexicon.scale(unit)
        return Draft(
            self.printed[start:stop], start, stop, self.passage, self.sentence, piece.value, decimals_of(piece.key),
            unit, scale, section=self.section,
        )  # fmt: skip

    def _after_number(self, draft: Draft) -> None:
        """What a number leaves for the next: of 完成预算 8 万元的 53 % the completion, of a share its whole."""
        old = self.pending
        self._reset()
        following = self.normal.text[self.line[self.at].start :][:1] if self.at < len(self.line) else ""
        if following == "的" or (old.each and draft.measure):
            keep = self.pending
            keep.completion, keep.share, keep.comparing = old.completion, old.share, False
            keep.measure = old.measure if old.completion else ""
        if draft.mention >= 0 and re.match(r"(?:之)?中[,:]", self.normal.text[self._end_of_last() :][:3]):
            self.parents.append(draft.mention)
        if old.each:
            self.pending.each, self.pending.subjects = True, old.subjects[1:]
            self.pending.direction, self.pending.wording, self.pending.moved = old.direction, old.wording, 10**9

    def _end_of_last(self) -> int:
        return self.line[self.at - 1].end

    def _understand(self, draft: Draft, piece: Piece) -> None:
        pending = self.pending
        unit = draft.unit
        if not unit:
            unit = draft.unit = self._unit_of_context(not piece.value)
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
        draft.subject, draft.mention, draft.within, draft.fund = (
            mention.subject, mention.number, mention.within, mention.fund,
        )  # fmt: skip
        mention.filled.add((draft.measure, draft.base))
        if draft.measure not in ("变动额", "变动率", "占比", "完成率") and not (pending.comparing or pending.before):
            mention.measure = draft.measure
        if unit not in self.lexicon.rates:
            mention.unit = unit
        draft.status, draft.why = "仅正文", ""

    def _unit_of_context(self, zero: bool) -> str:
        named = self.pending.subjects[-1].key if self.pending.subjects else ""
        if named in self.lexicon.subjects and self.lexicon.subjects[named].unit:
            return self.lexicon.subjects[named].unit
        return self.topic.unit if self.topic and self.topic.unit and zero else "万元" if zero else ""

    def _adjacent(self, piece: Piece) -> bool:
        """Whether nothing but empty words and names stands between the word of direction and the number."""
        if self.pending.moved == 10**9:
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
        if pending.subjects:
            named = pending.subjects[:1] if pending.each else pending.subjects
            subject, fund, draft.path = self._named(named, draft.unit)
            known = True
        else:
            subject, fund, known = self._unnamed(draft, pending, piece, rate)
        if not subject:
            return None
        same = self.topic is not None and self.topic.subject == subject
        level = draft.measure not in ("变动额", "变动率", "占比", "完成率")
        if same and self.topic and not (level and pending.subjects and self._told(self.topic)):
            return self.topic
        mention = self._mention(subject, fund, known=known)
        if not self.reason:
            self.topic = mention
        return mention

    def _told(self, mention: Mention) -> bool:
        return any(measure in ("决算", "预算", "数量") for measure, _ in mention.filled) and not self.pending.measure

    def _unnamed(self, draft: Draft, pending: Pending, piece: Piece, rate: bool) -> tuple[str, str, bool]:
        """Subject, fund, and whether it is a term, of a number before which no term was named."""
        words = clean_words("".join(each.key for each in pending.words), self.lexicon.fillers)
        following = self.line[self.at] if self.at < len(self.line) else None
        if following and not words and self._is_counted(draft.unit) and self._is_count(following):
            return following.key, "", True
        ratio = words.endswith(("率", "比例", "比重", "程度", "满意度", "水平"))
        change = draft.measure in ("变动额", "变动率", "完成率", "占比") and not (ratio and draft.measure != "变动率")
        if words and not (change and self.topic) and not (rate and not ratio and self.topic):
            if rate and ratio and not draft.measure:
                draft.measure = "占比"
            return words, "", False
        if self.topic is None:
            return "", "", False
        return self.lexicon.counted(self.topic.subject, draft.unit), self.topic.fund, self.topic.known

    def _is_counted(self, unit: str) -> bool:
        return bool(unit) and unit not in self.lexicon.money and unit not in self.lexicon.rates

    def _is_count(self, piece: Piece) -> bool:
        known = self.lexicon.subjects.get(piece.key) if piece.tag == "subject" else None
        return known is not None and known.kind == "物量"

    def _level_measure(self, draft: Draft, mention: Mention, pending: Pending) -> None:
        """The measure of an amount or a count that is no change: as said, else the document's."""
        count = self._is_counted(draft.unit)
        if pending.comparing and self.comparison:
            compared = self.comparison
            former: StatedMeasure = "上年预算" if compared.measure in BUDGETS else "上年决算"
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
        last = bool(pending.years) and (-1 in pending.years or (self.year and pending.years[-1] == self.year - 1))
        if last and measure in ("决算", "预算"):
            measure = "上年决算" if measure == "决算" else "上年预算"
        draft.measure = measure

    def _compared(self, draft: Draft, mention: Mention, pending: Pending) -> None:
        """Base, year and direction."""
        years = [year for year in pending.years if year > 0]
        draft.year = years[-1] if years else self.year
        if draft.measure in ("变动额", "变动率"):
            compared = self.comparison or Comparison()
            draft.base, draft.base_year = compared.base, compared.year
            draft.direction, draft.wording, draft.unchosen = pending.direction, pending.wording, pending.unchosen
            if pending.signed and draft.value is not None and pending.direction is None:
                draft.direction = (draft.value > 0) - (draft.value < 0)
            draft.others = self._other_mentions(mention)
        elif draft.measure == "占比":
            whole = pending.share_of[-1].key if pending.share_of else ""
            parent = self.mentions[mention.within].subject if mention.within >= 0 else ""
            draft.base = whole or parent
        elif draft.measure == "完成率":
            draft.base = pending.measure if pending.measure in BUDGETS else (
                mention.measure if mention.measure in BUDGETS else "预算"
            )

    def _other_mentions(self, mention: Mention) -> tuple[int, ...]:
        """A change told after a part without naming its subject may be the whole's."""
        if self.pending.subjects:
            return ()
        return tuple(reversed([number for number in self.parents if number != mention.number]))

    def _flat(self, piece: Piece) -> None:
        """持平: a change of nothing, where no number says so itself."""
        following = self.normal.text[piece.end :][:6]
        if self.reason or re.match(r"(?:的)?(?:主要)?(?:原因|因素)", following):
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

    def _absent(self, pending: Pending) -> None:
        """无 and the subjects after it: each is nothing."""
        first = min(pending.absent_at, pending.subjects[0].start)
        last = max(pending.subjects[-1].end, pending.absent_end)
        start, end = self.normal.printed(first, last)
        for piece in pending.subjects:
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


def _joined(first: Piece, second: Piece) -> bool:
    return first.end == second.start


_HANDLERS = {
    "subject": "subject", "item": "subject", "economic": "subject", "short": "short", "measure": "measure",
    "compare": "compare", "yoy": "yoy", "scope": "scope", "close": "scope", "period": "period",
    "direction": "direction", "change": "change", "becomes": "becomes", "from": "before", "share": "share",
    "completion": "completion", "whole": "whole", "reason": "reason", "absence": "absence", "each": "each",
    "unit": "unit", "level": "level", "number": "number", "year": "year", "ordinal": "ordinal", "mark": "mark",
    "not a figure": "not_a_figure", "exceeds": "exceeds", "blank": "blank",
}  # fmt: skip
