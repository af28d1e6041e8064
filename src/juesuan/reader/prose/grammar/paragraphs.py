"""The grammar of running text: pieces of a paragraph from left to right become drafts of stated figures.

What a number is of and what it measures is said by the words since the last number; what they leave open is taken from
what governs them: the subject last spoken of, the whole that parts are told of, the comparison last made, the heading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from juesuan.account import BUDGETS, FORMER, MEASURES
from juesuan.reader.prose.grammar.comparing import comparison, either_direction, moves_to, with_years, without_brackets
from juesuan.reader.prose.grammar.frames import LEVELS, WHEREVER, ComparedWith, Mention, Pending
from juesuan.reader.prose.grammar.naming import NAMED_ENTRY
from juesuan.reader.prose.grammar.numbers import Numbers
from juesuan.reader.prose.grammar.pieces import Piece, pieces
from juesuan.reader.prose.grammar.quantities import clean_words
from juesuan.reader.prose.normal import Normal
from juesuan.statute.language import load_document_words

_FUND_NAMES = re.compile("一般公共预算|公共财政预算|公共预算|政府性基金预算|国有资本经营预算|财政预算拨款|预算[单部]")
_OF_ALL = re.compile(r"(?:总额|总数|合计|汇总数)为?$")
_EXECUTED = "执行"
_SOFT = "、/[]"
_ENDS = "。!?|"
_LISTED = re.compile(r"[^\d;。]*?、[^\d;。]*?(?=[;。]|$|,(?:比|较|与|同|占|完成))")
"""Names one after another, none with a number."""


class Grammar(Numbers):
    """Reads the paragraphs of a document one after another; `drafts` and `mentions` gather what they state."""

    def paragraph(self, normal: Normal, printed: str, passage: int) -> None:
        """Read one paragraph of running text."""
        self.normal, self.printed, self.passage = normal, printed, passage
        self.line = with_years(without_brackets(pieces(normal.text, self.lexicon, self.names)), self.year)
        self.comparison = None
        self.reason = False
        self.brackets, self.former = [], []
        self.of_year = 0
        self.parents, self.earlier, self.moving = list(self.lasting), [], (-2, None, "")
        self.before, self.clause = self.clause or self.before, []
        self._reset()
        if named := NAMED_ENTRY.match(normal.text):
            # （2）展厅运维经费。全年预算数120万元: what has no name in the law is named by its list.
            self.topic = self._mention(named["name"], known=False)
        self.at = 0
        while self.at < len(self.line):
            piece = self.line[self.at]
            self.at += 1
            getattr(self, f"_{_HANDLERS.get(piece.tag, piece.tag)}")(piece)
        self._end_clause()
        self.sentence += 1
        if not normal.text.rstrip().endswith((":", "其中")) and not self._goes_on():
            self.lasting = []

    def _subject(self, piece: Piece) -> None:
        if self.pending.share:
            self.pending.share_of.append(piece)
            return
        self.pending.subjects.append(self._as_spoken_of(piece))
        self.pending.words = []
        words = _FUND_NAMES.sub("", self.normal.text[piece.start : piece.end])
        for measure in ("决算", "预算"):
            if measure in words:
                # 工资福利支出预算: the name says what its number measures as well.
                self._measure(Piece("measure", measure, piece.start, piece.end))
                break

    def _measure(self, piece: Piece) -> None:
        words = self.normal.text[piece.start : piece.end]
        if words.endswith("安排") and self._says_whence(piece):
            return
        if words.endswith("安排") and self._is_source(piece):
            # 项目支出…主要包括：本年财政拨款安排185.14万元，单位资金安排42.00万元
            self.pending.subjects.append(Piece("text", words, piece.start, piece.end))
        self._other_side(words)
        of_all = _OF_ALL.search(words)
        if of_all and self.topic and not self.pending.subjects and not self._sentence_begun():
            # 决算总额比上年…, at the beginning: of the whole, whichever part was told last.
            self.topic = self.mentions[self._root(self.topic.number)]
        measure = MEASURES[piece.key]
        if measure == "预算" and self.pending.initial:
            measure = "年初预算"  # 年初未安排预算
        if measure == "年初预算" and self.measure == "预算" and -1 not in self.pending.years:
            # A budget's own 年初预算数 is what it is.
            measure, self.pending.called = "预算", measure
        self.pending.measure = measure
        self.pending.measures.append(measure)

    def _year(self, piece: Piece) -> None:
        self.pending.years.append(piece.year)
        if not self.reason:
            self.of_year = piece.year

    def _compare(self, piece: Piece) -> None:
        found, used = comparison(self.line, self.at - 1, self.of_year or self.year)
        if found is None:
            return
        self.comparison = found
        self.pending.comparing = self.pending.compared = True
        self.at += used
        last = self.line[self.at - 1]
        if used and last.tag == "subject" and self._number_follows():
            # 比2016年的总收入6871.82万元减少: what is compared is named as well.
            self.pending.subjects = [last]

    def _close(self, piece: Piece) -> None:
        """相比2016年的总收入6871.82万元: at the beginning it compares, behind 与…  it only ends what does."""
        following = self.line[self.at] if self.at < len(self.line) else None
        if following and following.tag in ("year", "period") and not self.pending.compared:
            self._compare(piece)

    def _yoy(self, piece: Piece) -> None:
        self.comparison = ComparedWith()

    def _period(self, piece: Piece) -> None:
        if piece.key == "上年":
            self.pending.years.append(-1)
        elif piece.key == "年初":
            self.pending.initial = True
        elif piece.key == "本年":
            self.of_year = 0
        elif piece.key == "基数":
            self._base_amount()

    def _base_amount(self) -> None:
        """基数为: what the change or the completion that was told last is of."""
        last = self.clause[-1] if self.clause else None
        budget = next((m for m in (last.measure, last.base) if m in BUDGETS), "") if last else ""
        if budget:
            self.pending.measure = MEASURES[budget]
        else:
            self.pending.years.append(-1)

    def _direction(self, piece: Piece) -> None:
        pending = self.pending
        if self.normal.text[piece.start - 1 : piece.start] == "各" and self._enumerated_ahead() > 1:
            self._each(piece)  # 收、支总计各减少1115.88、1412.13万元
        offered = either_direction(self.line, self.at - 1)
        if offered:
            last = self.line[self.at - 1 + offered]
            pending.unchosen, pending.direction = True, None
            pending.wording = self.normal.text[piece.start : last.end]
            pending.moved = last.end
            self.at += offered
            pending.comparing = False
            return
        if not pending.subjects and pending.words and not self.reason:
            named = self._part_called(clean_words("".join(each.key for each in pending.words), self.lexicon.fillers))
            if named:
                pending.subjects.append(Piece("subject", named, pending.words[0].start, pending.words[-1].end))
            elif other := self._unknown_part(piece.start):
                pending.subjects.append(Piece("text", other, pending.words[0].start, piece.start))
        pending.direction = _WAYS[piece.key]
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
        self.pending.direction = _WAYS[piece.key]
        self.pending.wording = self.normal.text[piece.start : piece.end]
        self.pending.moved = self.line[self.at - 1].end

    def _blank(self, piece: Piece) -> None:
        """A unit without its number (占 %，比上年减少 万元), where something asks for one."""
        pending = self.pending
        expects_rate = pending.share or pending.completion or pending.moved == piece.start
        named = bool(pending.subjects) and pending.subjects[-1].end == piece.start
        if not expects_rate and not named:
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

    def _difference(self, piece: Piece) -> None:
        pending = self.pending
        pending.unchosen = pending.difference = True
        pending.direction, pending.wording, pending.moved = None, self.normal.text[piece.start : piece.end], piece.end

    def _becomes(self, piece: Piece) -> None:
        way = self.lexicon.led(piece.key)
        if way and piece.key.endswith("为") and self._last_measure() not in FORMER:
            # 较上年增长为5%: only behind what it was before does 为 tell what it came to.
            self._direction(Piece("direction", way, piece.start, piece.end))
            return
        self.pending.becomes, self.pending.direction = True, None
        self.pending.led, self.pending.wording = _WAYS.get(way), piece.key

    def _before(self, piece: Piece) -> None:
        rest = self.line[self.at : self.at + 14]
        stop = next((n for n, other in enumerate(rest) if other.key in _ENDS and other.tag == "mark"), len(rest))
        self.pending.before = any(other.tag == "becomes" for other in rest[:stop])

    def _share(self, piece: Piece) -> None:
        self.pending.share = True
        count = self._enumerated_ahead()
        before = [draft for draft in self.clause[-count:] if draft.measure in LEVELS and draft.mention >= 0]
        if count > 1 and not self.pending.subjects and len({draft.mention for draft in before}) == count:
            # …分别为10万元和30万元，占总额的25%和75%: one after another, though it does not say so again.
            self._again([self.mentions[draft.mention] for draft in before], piece)

    def _completion(self, piece: Piece) -> None:
        following = self.line[self.at] if self.at < len(self.line) else None
        if following and following.tag == "number" and self._unit_after(self.at) in self.lexicon.money:
            self.pending.measure = "决算"
            return
        if piece.key == _EXECUTED and (following is None or following.tag != "number"):
            return  # 严格执行规定: only before its rate it is a completion (预算5.20万元，执行74.23%)
        self.pending.completion = True
        if "预算" in piece.key and not self.pending.measure:
            self.pending.measure = "预算"

    def _whole(self, piece: Piece) -> None:
        self._name_topic()
        counted = self.topic is not None and (not self.topic.known or self._counts_only(self.topic.subject))
        if self.topic and counted and self._unit_ahead() not in (self.topic.unit, *self.lexicon.counts):
            # …共491万元，涉及49个单位。其中：of the amount, not of what was counted beside it.
            known = [m for m in self.mentions if m.known and m.filled and m.passage == self.passage]
            self.topic = known[-1] if known else self.topic
        self.reason = self.reason and piece.key not in self.lexicon.lists_of_parts
        if self.topic and not self.reason and self.topic.number not in self.parents:
            while self.parents and not self._is_under(self.topic.number, self.parents[-1]):
                self.parents.pop()
            self.parents.append(self.topic.number)
            self.of_year = self.of_year or self._year_of(self.topic.number)
        # 主要用于…的支出，包括办公费、购置费。: a list without numbers only says what the money is for.
        self.reason = self.reason and not self._numbers_ahead()
        if piece.key != "其中" and (listed := _LISTED.match(self.normal.text, piece.end)):
            self.at += sum(other.start < listed.end() for other in self.line[self.at :])
        self._reset()

    def _year_of(self, mention: int) -> int:
        """The year that the paragraph tells of a mention, for its parts; 0 for that of the document."""
        told = [draft.year for draft in self.drafts if draft.mention == mention and draft.passage == self.passage]
        return told[-1] if told and told[-1] != self.year else 0

    def _reason(self, piece: Piece) -> None:
        if piece.key == "因素" and self.normal.text[piece.end : piece.end + 1] in ",。;":
            return  # 剔除这一因素，…
        self._end_clause()
        self.reason = True
        self.reason_began = len(self.clause)

    def _absence(self, piece: Piece) -> None:
        following = self.line[self.at] if self.at < len(self.line) else None
        if piece.key == "未" and (following is None or following.tag != "subject"):
            return
        # 其中公务接待费17.17万元，其余两项无: of the others, not of what was told last.
        rest = any(each.key.startswith(self.lexicon.rest) for each in self.pending.words)
        self.pending.absent = not self.reason and not rest
        self.pending.absent_at, self.pending.absent_end = piece.start, piece.end
        self.pending.words = []

    def _each(self, piece: Piece) -> None:
        pair = self.lexicon.pairs.get(self.pending.subjects[0].key) if len(self.pending.subjects) == 1 else None
        if pair and self._enumerated_ahead() == len(pair):
            self.pending.subjects = [Piece("subject", key, piece.start, piece.end) for key in pair]
        elif named := self._coordinated(piece):
            self.pending.subjects = named
        elif self._parts_behind(piece):
            return
        elif len(self.pending.subjects) < 2:
            count = self._enumerated_ahead()
            count = count if count > 1 else self._numbers_ahead()
            latest = [m for m in self.mentions if m.passage == self.passage and m.measure][-count:] if count > 1 else []
            if len(latest) == count and len({m.within for m in latest}) == 1 and count > 1:
                # 与…相比，分别减少…: of as many as were told before.
                self._again(latest, piece)
        self.pending.each = len(self.pending.subjects) > 1
        if self.pending.each and self.pending.moved == piece.start:
            # 降幅分别为…: the word of direction is that of each number.
            self.pending.moved = WHEREVER

    def _again(self, mentions: Sequence[Mention], piece: Piece) -> None:
        """The numbers that follow are of these, one after another."""
        self.pending.subjects = [Piece("subject", m.subject, piece.start, piece.end) for m in mentions]
        self.pending.stated = [m.number for m in mentions]
        self.pending.each = True

    def _nothing(self, piece: Piece) -> None:
        """（类）（款）（项）: the name before it is that of an item."""

    def _scope(self, piece: Piece) -> None:
        """A fund by itself; 同口径 only says how something is compared."""
        if load_document_words().fund_at_start(piece.key)[0]:
            self.pending.scope = piece

    def _ordinal(self, piece: Piece) -> None:
        self.reason = self.reason and not self._begins_item()  # …，主要是保证招商，三、2023年公务接待费预算200万元
        self._aside(piece, "编号")

    def _not_a_figure(self, piece: Piece) -> None:
        self._aside(piece, piece.key)

    def _text(self, piece: Piece) -> None:
        before = self.normal.text[piece.start - 1 : piece.start]
        if piece.key.startswith(self.lexicon.reason_openings) and before == ",":
            self._reason(piece)  # …下降12.50%，系公车改革取消车辆5台
        self.pending.words.append(piece)

    def _mark(self, piece: Piece) -> None:
        if piece.key == "(":
            self.brackets.append((self.topic, list(self.parents), self.of_year))
            told = self.clause[-1] if self.clause else None
            behind = told is not None and told.measure in FORMER and self._end_of_last() >= piece.start
            self.former.append(told.measure if told and behind else "")
            self._name_topic()
            if self.topic and not self.reason and self.clause and self.clause[-1].mention == self.topic.number:
                self.parents.append(self.topic.number)
        elif piece.key == ")":
            self._end_clause()
            if self.brackets:
                self.topic, self.parents, self.of_year = self.brackets.pop()
                self.former.pop()
        elif piece.key == "," and self.pending.each and self.at < len(self.line) and self.line[self.at].tag == "number":
            return  # 分别是10,12万元
        elif piece.key in _SOFT:
            if not self.pending.subjects and not self.pending.words:
                return
            self.pending.words = []
        elif piece.key == ":":
            self._colon(piece)
            self._end_clause(soft=True)
        else:
            self._end_clause()
            if piece.key in ";。!?|":
                self.reason = False
            if piece.key in _ENDS:
                self.sentence += 1
                self.of_year = 0
                self.moving = (-2, None, "")
                self.earlier = [*self.earlier, *self.parents]
                self.parents = list(self.lasting)

    def _end_clause(self, soft: bool = False) -> None:
        pending, named = self.pending, bool(self.pending.subjects)
        if pending.absent and pending.subjects and pending.direction is None and not self._named_after(pending):
            self._absent(pending)
        elif pending.absent and self._without_budget(pending):
            self._absent_budget(pending)
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
                # …具体情况如下：what follows is of all that the paragraph was about, or of what it names again.
                told = self._told_before(self.topic) if named else None
                self.lasting = [told.number if told else self._root(self.topic.number)]
        self._reset()

    def _named_after(self, pending: Pending) -> bool:
        """Whether something else is named after a word that says that there is nothing of the subjects before it."""
        behind = pending.absent_at > pending.subjects[-1].start
        return behind and bool(clean_words("".join(each.key for each in pending.words), self.lexicon.fillers))


_WAYS = {"up": 1, "down": -1, "flat": 0}
_HANDLERS = {
    "item": "subject", "economic": "subject", "level": "nothing",
    "from": "before", "not a figure": "not_a_figure",
}  # fmt: skip
"""The tags whose handlers bear other names than theirs."""
