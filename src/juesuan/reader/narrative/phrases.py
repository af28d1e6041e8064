"""Sentences that no clause words exactly, heard by the phrases around their numbers (statute/phrasings.yaml).

A phrase counts only within the reach of its paragraph's anchor (三公”经费, 因公出国（境）费, an item's name) and only
where it stands there once: what could belong to two things is left unread rather than guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from juesuan.account import Claim
from juesuan.reader.narrative.amounts import amid_a_name, figure_of
from juesuan.reader.narrative.clauses import ClauseMatch, ClauseMatcher, FoundSection
from juesuan.statute import Clause, ParagraphPlan, parse_quantity
from juesuan.statute.articulation import Name, Place, Quantity
from juesuan.statute.language import (
    CLASSES,
    ITEMS,
    NAME_SIGN,
    PERCENT,
    ParagraphReading,
    expression,
    load_phrasings,
    number_of,
)

_ITEM = re.compile(rf"([^（）。；：，、\d]+)（类）({NAME_SIGN}+?)（款）({NAME_SIGN}+?)（项）")
_SHARE_OF = re.compile("占(?:本年|当年|全部|全年)?$")
"""How the words end that tell a share of what is named behind them."""
_SHARE_SIGNS = 4
_LONGEST_ORDINAL = 6
_CLASS = re.compile(rf"([^（）。；：，、\d]+)（类）(?!{NAME_SIGN}*（款）)")


def _ends_a_sentence(text: str, name: re.Match[str]) -> bool:
    """Whether a name is the last word of a sentence (…压减公务接待支出。): what follows is of that sentence's subject.

    Behind an ordinal alone (2.公务接待费。) it is a heading.
    """
    before = re.split("[。；\n]", text[: name.start()])[-1]
    return text[name.end() : name.end() + 1] in ("。", "；") and len(before) > _LONGEST_ORDINAL


class Reach(msgspec.Struct, frozen=True):
    """The stretch of a section's text that is about one thing: a paragraph's subject, or a line of a table."""

    start: int
    stop: int
    plans: tuple[ParagraphPlan, ...]
    row: str


class PhraseMatcher:
    """Hears one section of a document."""

    def __init__(self, part: FoundSection, matcher: ClauseMatcher, matches: Sequence[ClauseMatch]) -> None:
        self.part = part
        self.matcher = matcher
        self.readings = load_phrasings()
        self.paragraphs = {reading.plan: reading for reading in self.readings.paragraphs}
        self.taken = [(claim.start, claim.end) for sentence in matches for claim in sentence.claims]
        self.known = {(claim.clause, sentence.row, claim.name) for sentence in matches for claim in sentence.claims}
        """What has been read of each line: a quantity is heard once, where it is first said."""
        self.worded = [(s.start, s.start + len(s.text)) for s in matches if s.when]

    def match_phrases(self) -> Iterator[ClauseMatch]:
        """Every quantity and every comparison that is worded in the section and that no clause has read."""
        for reach in self._reaches():
            for plan in reach.plans:
                yield from self._claims(plan, reach)
                yield from self._comparisons(plan, reach)

    def _reaches(self) -> list[Reach]:
        text = self.part.text
        found: dict[tuple[int, int, str], list[ParagraphPlan]] = {}
        for plan in self.part.plan.paragraphs:
            reading = self.paragraphs.get(plan.key)
            if reading is None:
                continue
            for start, end, row in self._anchors(plan, reading, text):
                found.setdefault((start, end, row), []).append(plan)
        spans = [(start, end) for start, end, _ in found]
        whole = {
            key: plans
            for key, plans in found.items()
            if not any(s <= key[0] and key[1] <= e and (s, e) != key[:2] for s, e in spans)
        }
        starts = sorted({start for start, _, _ in whole})
        reaches = []
        for (start, end, row), plans in sorted(whole.items(), key=lambda pair: pair[0]):
            following = next((other for other in starts if other >= end), len(text))
            stop = min(following, self.part.paragraph_end(start))
            reaches.append(Reach(start, stop, tuple(plans), row))
        return reaches

    def _anchors(self, plan: ParagraphPlan, reading: ParagraphReading, text: str) -> Iterator[tuple[int, int, str]]:
        lines = {ITEMS: _ITEM, CLASSES: _CLASS}
        if reading.anchors[0] in lines:
            for match in lines[reading.anchors[0]].finditer(text):
                row = self.matcher.items.code(match.groups())
                if row:
                    yield match.start(), match.end(), row
            return
        if plan.each:
            return
        for match in expression(reading.anchors).finditer(text):
            # 卫生健康支出……，占一般公共预算财政拨款支出的3.03%，完成年初预算的99.01%: of the class, not of its whole.
            shares = _SHARE_OF.search(text, max(0, match.start() - _SHARE_SIGNS), match.start())
            if not shares and not _ends_a_sentence(text, match):
                yield match.start(), match.end(), ""

    def _claims(self, plan: ParagraphPlan, reach: Reach) -> Iterator[ClauseMatch]:
        """The quantities of a paragraph within its reach, together where a change says its direction."""
        claims: list[Claim] = []
        when = ""
        for name, text in plan.let.items():
            quantity = parse_quantity(text)
            if any((each.key, reach.row, name) in self.known for each in plan.clauses):
                continue
            match = self._quantity(plan, name, quantity, reach)
            if match is None:
                continue
            claim, direction = match
            claims.append(claim)
            self.known.update((each.key, reach.row, name) for each in plan.clauses)
            if direction and quantity.divisor is None:
                when = f"{name} {direction} 0"
            elif direction and not when:
                when = f"{_name(quantity)} {direction} 0"
        if claims:
            first = min(claim.start for claim in claims)
            last = max(claim.end for claim in claims)
            source = self.part.source_at(first)
            excerpt = self.part.text[reach.start : last + 2]
            clause = _clause(plan, claims[0].name)
            yield ClauseMatch(clause, plan, when, reach.row, "", tuple(claims), (), excerpt, reach.start, source)

    def _quantity(
        self, plan: ParagraphPlan, name: str, quantity: Quantity, reach: Reach
    ) -> tuple[Claim, str] | None:
        """The claim of a quantity, and the direction that its words give it."""
        for phrases, direction in self._phrases(plan, name, quantity, reach):
            matches = [
                match for match in expression(phrases).finditer(self.part.text, reach.start, reach.stop)
                if not amid_a_name(self.part.text, match.start()) and not self._of_others(plan, match.start(), reach)
            ]  # fmt: skip
            numbers = [found for match in matches if (found := number_of(match))]
            if not numbers:
                continue
            if len(numbers) > 1 or any(start < b and a < end for _, _, start, end in numbers for a, b in self.taken):
                return None
            text, unit, start, end = numbers[0]
            if direction and self._against_budget(start) and not _is_of_budget(plan, name, quantity):
                return None
            wanted = self.matcher.names(plan, _clause(plan, name), reach.row, "")[name].unit
            if (unit == PERCENT) != (wanted == PERCENT):
                return None
            figure = figure_of(text, unit or wanted, self.matcher.least(plan))
            place = self.part.source_at(start)
            return Claim(_clause(plan, name).key, name, figure, start, end, reach.row, place), direction
        return None

    def _of_others(self, plan: ParagraphPlan, at: int, reach: Reach) -> bool:
        """Whether the part of the sentence speaks of what the paragraph is not about (来访外宾6人次)."""
        reading = self.paragraphs.get(plan.key)
        begins = max(self.part.text.rfind(sign, reach.start, at) for sign in "；;。，,：:")
        return reading is not None and any(
            word in self.part.text[max(begins, reach.start) : at] for word in reading.others
        )

    def _phrases(
        self, plan: ParagraphPlan, name: str, quantity: Quantity, reach: Reach
    ) -> Iterator[tuple[tuple[str, ...], str]]:
        changes, completion = self.readings.changes, self.readings.completion
        if quantity.divisor is None and any(term.sign < 0 for term in quantity.sum):
            yield from ((changes.amount.up, ">"), (changes.amount.down, "<"))
        elif quantity.divisor is not None and _is_change(plan, _name(quantity)):
            yield from ((changes.ratio.up, ">"), (changes.ratio.down, "<"))
        elif quantity.divisor is not None and "预算" in str(quantity.divisor[0].operand):
            place = parse_quantity(plan.let.get(str(quantity.divisor[0].operand), "0")).sum[0].operand
            initial = isinstance(place, Place) and place.period == "年初预算"
            inside = self.part.text[reach.start : reach.stop]
            if not (initial and any(word in inside for word in completion.unless)):
                yield (completion.initial if initial else completion.adjusted), ""
        reading = self.paragraphs[plan.key]
        if name in reading.says:
            yield reading.says[name], ""

    def _against_budget(self, start: int) -> bool:
        """Whether what the sentence compared with last, before a change at `start`, is a budget (比年初预算数…增加)."""
        changes = self.readings.changes
        sentence = self.part.text[self.part.text.rfind("。", 0, start) + 1 : start]
        budget = [match.start() for match in expression(changes.budget).finditer(sentence)]
        former = [match.start() for match in expression(changes.former).finditer(sentence)]
        return bool(budget) and (not former or former[-1] < budget[-1])

    def _comparisons(self, plan: ParagraphPlan, reach: Reach) -> Iterator[ClauseMatch]:
        for comparison in self.readings.comparisons:
            names = set(re.split(r"\s*[<>=]\s*", comparison.when)) - {"0"}
            if not names <= set(plan.let):
                continue
            for match in expression(comparison.says).finditer(self.part.text, reach.start, reach.stop):
                if any(match.start() < b and a < match.end() for a, b in self.worded):
                    continue
                source = self.part.source_at(match.start())
                excerpt = self.part.text[reach.start : match.end()]
                if len(excerpt) > 60:
                    excerpt = self.part.text[max(reach.start, match.start() - 30) : match.end()]
                clause = _clause(plan, comparison.when.split()[0], comparison.when)
                yield ClauseMatch(clause, plan, comparison.when, reach.row, "", (), (), excerpt, match.start(), source)


def _clause(plan: ParagraphPlan, name: str = "?", when: str = "?") -> Clause:
    """The clause that would have worded a comparison, or a quantity; else the first of the paragraph."""
    own = [clause for clause in plan.clauses if not clause.each]
    compared = [clause for clause in own if any(case.when == when for case in clause.cases)]
    worded = [clause for clause in own if any(f"{{{name}}}" in case.text for case in clause.cases)]
    return next(iter([*compared, *worded, *plan.clauses]))


def _name(quantity: Quantity) -> str:
    operand = quantity.sum[0].operand
    return operand.name if isinstance(operand, Name) else ""


def _is_of_budget(plan: ParagraphPlan, name: str, quantity: Quantity) -> bool:
    """Whether a change, or that of a rate, is declared against a budget."""
    change = quantity if quantity.divisor is None else parse_quantity(plan.let.get(_name(quantity), "0"))
    bases = [str(term.operand) for term in change.sum if term.sign < 0]
    return any("预算" in base or "预算" in plan.let.get(base, "") for base in bases)


def _is_change(plan: ParagraphPlan, name: str) -> bool:
    text = plan.let.get(name, "")
    return bool(text) and any(term.sign < 0 for term in parse_quantity(text).sum)


def match_phrases(
    parts: Sequence[FoundSection], matcher: ClauseMatcher, matches: Sequence[ClauseMatch]
) -> Iterator[ClauseMatch]:
    """What every section says besides the sentences `matches` that clauses recognised."""
    for part in parts:
        mine = [s for s in matches if any(s.plan.key == plan.key for plan in part.plan.paragraphs)]
        yield from PhraseMatcher(part, matcher, mine).match_phrases()

