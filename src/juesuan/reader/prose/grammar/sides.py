"""收入 and 支出 where they stand alone or are left out: which subject of what was spoken of they mean."""

from __future__ import annotations

import re

from juesuan.reader.prose.grammar.frames import Mention
from juesuan.reader.prose.grammar.mentions import OPPOSED, Mentions
from juesuan.reader.prose.grammar.pieces import Piece
from juesuan.reader.prose.grammar.quantities import clean_words

_AND = ("和", "、", "及", "与")
_BOTH = "收支总计"
_OF_MONEY = re.compile(r"[一-鿿]+(?:支出|收入|费用?|经费|资金|补助|补贴)")
_BEFORE_NAMES = ("number", "unit", "mark", "whole", "subject")
_GENERAL = re.compile(r"(?:其他|其余)?(?:各项|各类|有关|相关|全部|所有)")
"""Words before 支出 that name no part of their own."""


class Sides(Mentions):
    """Finds what 收入 and 支出 mean."""

    def _short(self, piece: Piece) -> None:
        """收入、支出 alone: the subject of that name spoken of before, unless they only end another name."""
        last = self.pending.subjects[-1] if self.pending.subjects else None
        between = self.normal.text[last.end : piece.start] if last else ""
        other = OPPOSED[piece.key]
        if last and between in _AND and other in last.key:
            # 政府性基金预算财政拨款收入和支出: both of the same funds.
            self.pending.subjects.append(Piece("subject", last.key.replace(other, piece.key), piece.start, piece.end))
            return
        if (last and not clean_words(between, self.lexicon.fillers)) or self.pending.share:
            return
        if self._unknown_part(piece.end) or self._ends_what_is_absent(piece):
            return
        name = self._meant_by_short(piece.key, self._whole_again(piece))
        if name:
            self.pending.subjects.append(Piece("subject", name, piece.start, piece.end))

    def _ends_what_is_absent(self, piece: Piece) -> bool:
        """Whether 收入 only ends the last of several names that there is nothing of: 无政府性基金预算、单位资金收入."""
        between = self.normal.text[self.pending.absent_end : piece.start]
        return self.pending.absent and bool(clean_words(between, self.lexicon.fillers))

    def _meant_by_short(self, word: str, whole: Mention | None) -> str:
        """The subject that 收入 or 支出 stands for; empty where what is spoken of goes on."""
        topic, other = self.topic, OPPOSED[word]
        usual = self.lexicon.short[word]
        if whole or (self._begins_anew() and not self.pending.subjects and not self.parents):
            return whole.subject if whole else usual
        if topic and (word in topic.subject or not self._is_amount(topic)):
            return ""
        here = [m for m in self.mentions if m.passage == self.passage or m.number == self.headed]
        known = [m for m in here if word in m.subject and m.passage == self.passage]
        if topic and known:
            return known[-1].subject
        # 政府性基金预算财政拨款收入10万元，年初结转2万元，支出12万元: of the same funds.
        opposite = [swapped for m in here if other in m.subject
                    and (swapped := m.subject.replace(other, word)) in self.lexicon.subjects]  # fmt: skip
        if opposite:
            return opposite[-1]
        return usual if not topic or other in topic.subject or topic.subject == _BOTH else ""

    def _other_side(self, words: str) -> None:
        """预算收入443万元，其中政府性基金收入0万元；预算支出443万元: back from a part of the one to the other whole."""
        side = next((side for side in OPPOSED if side in words), "")
        if side and not self.pending.subjects and (self.topic is None or self._begins_anew()) and not self.parents:
            # 年初预算收入3862.40万元，决算收入4518.27万元, at the beginning: of all that came in.
            at = self.line[self.at - 1]
            self.pending.subjects.append(Piece("subject", self.lexicon.short[side], at.start, at.end))
            return
        if not side or self.topic is None or self.pending.subjects or OPPOSED[side] not in self.topic.subject:
            return
        whole = self.mentions[self._root(self.topic.number)]
        if whole is self.topic or (whole.passage != self.passage and whole.number != self.headed):
            return
        subject = whole.subject.replace(OPPOSED[side], side)
        known = subject != whole.subject and subject in self.lexicon.subjects
        self.topic = self._mention(subject, whole.fund) if known else whole

    def _as_spoken_of(self, piece: Piece) -> Piece:
        """一般公共预算财政拨款 without 收入 or 支出: whichever of the two the paragraph or its heading speaks of."""
        words = self.normal.text[piece.start : piece.end]
        sides = [side for side in OPPOSED if side in piece.key]
        if len(sides) != 1 or any(side in words for side in OPPOSED):
            return piece
        pair = (piece.key, piece.key.replace(sides[0], OPPOSED[sides[0]]))
        spoken_of = [m for m in self.mentions if (m.passage == self.passage or m.number == self.headed)]
        latest = next((m.subject for m in reversed(spoken_of) if m.subject in pair), piece.key)
        return piece if latest == piece.key else Piece(piece.tag, latest, piece.start, piece.end)

    def _whole_again(self, piece: Piece) -> Mention | None:
        """The total that 收入 or 支出 at the beginning of a sentence names again, after its parts were told.

        …其中，社会保障支出96万元。支出较去年减少25万元。
        """
        if self.pending.subjects or self.normal.text[piece.start - 1 : piece.start] not in ("。", ";"):
            return None
        if self.topic is None or self.topic.within < 0 or self.topic.passage != self.passage:
            return None
        own = (self.lexicon.short[piece.key], _BOTH)
        spoken_of = [m for m in self.mentions if m.passage == self.passage or m.number == self.headed]
        totals = [m for m in spoken_of if m.within < 0 and m.subject in own]
        return totals[-1] if totals else None

    def _unknown_part(self, end: int) -> str:
        """The words before `end` that name a part of money which no form has, where parts are told: 其中管理费用…

        Empty where the words are no such name.
        """
        if not self.parents:
            return ""
        before = [each.end for each in self.line[: self.at] if each.tag in _BEFORE_NAMES]
        words = self.normal.text[max((stop for stop in before if stop <= end), default=0) : end]
        own = clean_words(words, self.lexicon.fillers)
        return words if len(own) > 1 and _OF_MONEY.fullmatch(words) and not _GENERAL.match(words) else ""
