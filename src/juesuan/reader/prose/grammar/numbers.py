"""Numbers as they are met: what is no figure is put aside, the others become drafts; what each leaves for the next."""

from __future__ import annotations

import re

from juesuan.account import BUDGETS
from juesuan.reader.prose.grammar.figures import Figures
from juesuan.reader.prose.grammar.frames import WHEREVER, Draft
from juesuan.reader.prose.grammar.pieces import Piece
from juesuan.reader.prose.grammar.quantities import NOT_FIGURES, SCORE
from juesuan.statute.language import load_document_words


class Numbers(Figures):
    """Takes a number with its unit, and leaves for the next number what still holds."""

    def _unit(self, piece: Piece) -> None:
        """Units are taken with their number; one without a number says that the number is missing (占 %)."""

    def _number(self, piece: Piece) -> None:
        unit = self._unit_after(self.at - 1)
        end = self.line[self.at].end if unit else piece.end
        self.at += bool(unit)
        draft = self._draft(piece, unit, end)
        compared = self.pending.comparing or self.pending.direction is not None
        if unit in NOT_FIGURES and not compared and not self._is_score(unit):
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
        for subjects in self._alike(piece):
            self.pending.subjects = subjects
            draft = self._draft(piece, unit, end)
            self._understand(draft, piece)
            self.drafts.append(draft)
            self.clause.append(draft)
        self._after_number(draft)

    def _alike(self, number: Piece) -> list[list[Piece]]:
        """The subjects of a number: all of them at once, or one by one where it is told of each (甲、乙、丙均为0)."""
        subjects = self.pending.subjects
        between = self.normal.text[subjects[-1].end : number.start] if len(subjects) > 1 else ""
        if between.startswith(self.lexicon.each_alike) and not self.pending.each and self.pending.direction is None:
            return [[each] for each in subjects]
        return [subjects]

    def _is_score(self, unit: str) -> bool:
        """Whether what stands before says that the number is a score: 得9.38分, 分值50分; 其中预算执行9.71分."""
        words = self._words()
        again = any(draft.unit == unit and draft.sentence == self.sentence for draft in self.clause)
        return unit == SCORE and (bool(self.lexicon.score(words)[1]) or again)

    def _is_order(self, piece: Piece) -> bool:
        """Whether a small bare number only numbers what follows: …能力；3进一步…, …体系4、完成…"""
        text = self.normal.text
        small = re.fullmatch(r"\d{1,2}", piece.key) is not None and piece.value > 0
        begins = piece.start == 0 or text[piece.start - 1] in "。;:"
        return small and (text[piece.end : piece.end + 1] == "、" or begins) and not self.pending.subjects

    def _is_code(self, piece: Piece) -> bool:
        following = next((each for each in self.line[self.at :] if each.tag not in ("text", "mark")), None)
        return bool(
            re.fullmatch(r"[23]\d{2}(?:\d{2}){0,2}", piece.key)
            and following and following.tag in ("item", "economic")
            and self.normal.text[piece.end : following.start] in ("", "-", ":", "—")
        )

    def _number_follows(self) -> bool:
        return self.at < len(self.line) and self.line[self.at].tag == "number"

    def _after_number(self, draft: Draft) -> None:
        """What a number leaves for the next: of 完成预算 8 万元的 53 % the completion, of a share its whole."""
        old = self.pending
        self._reset()
        following = self.normal.text[self.line[self.at].start :][:1] if self.at < len(self.line) else ""
        if following == "的" or (old.each and draft.measure):
            keep = self.pending
            keep.completion, keep.share, keep.comparing = old.completion, old.share, False
            keep.measure = old.measure if old.completion else ""
            if old.share and not old.share_of and draft.measure in BUDGETS and self.measure not in BUDGETS:
                # 占年初预算10万元的80%: of a budget it is the completion.
                keep.share, keep.completion, keep.measure = False, True, draft.measure
        if draft.measure == "数量" and old.measure in BUDGETS and self._number_follows():
            self.pending.measure = old.measure  # 年初预算8个项目985万元
        if draft.mention >= 0 and re.match(r"(?:之)?中[,:]", self.normal.text[self._end_of_last() :][:3]):
            self.parents.append(draft.mention)
        if old.each:
            self.pending.each, self.pending.subjects = True, old.subjects[1:]
            self.pending.stated, self.pending.share_of = old.stated[1:], old.share_of
            self.pending.direction, self.pending.wording, self.pending.moved = old.direction, old.wording, WHEREVER

    def _is_source(self, piece: Piece) -> bool:
        """Whether a fund with 安排 names a part of the outlay spoken of, which is told by where its money is from."""
        words = self.normal.text[piece.start : piece.end]
        told = bool(self.parents) and not self.pending.subjects
        return told and bool(load_document_words().fund_at_start(words)[0]) and self._number_follows()
