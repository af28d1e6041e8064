"""Sentences of a document as wordings of clauses: figures, names, reasons and years become what a clause leaves open.

Only what can be written again is learnt: a sentence with a number of which nobody knows what it is, or with words that
are the unit's own, stays the law's and is told.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

import msgspec

from juesuan.account import Source, Statement
from juesuan.revision.learning.openings import Opened, Openings, UnlearnableError
from juesuan.revision.rolling.figures import Sentences
from juesuan.revision.rolling.occurrences import Occurrence
from juesuan.statute import Case, Clause, ParagraphPlan, parse_quantity, placeholders
from juesuan.statute.language import PLACEHOLDER, compact, load_revision_words

_BECAUSE = re.compile(r"[^。]{0,24}原因")
_NOTHING = re.compile("无|没有")
_FINAL = "。；：，、"


class NotLearnt(msgspec.Struct, frozen=True):
    """A sentence that stays as the law words it, its place, and why."""

    text: str
    source: Source | None
    why: str


class LearntWordings(msgspec.Struct):
    """The cases that the clauses of a paragraph are to have, and the joins of those repeated within it."""

    section: str
    plan: ParagraphPlan
    cases: dict[str, tuple[Case, ...]]
    joins: dict[str, str]
    source: Source
    row: str
    pieces: dict[str, str]
    """What the document prints for each clause learnt, without white space."""
    lets: dict[str, dict[str, str]]
    """The quantities that a clause gets besides its own."""
    chosen: dict[str, int]
    """The number of the case that the document words, by clause."""
    stated: dict[str, list[tuple[str, Decimal, Decimal]]]
    """The figures of each clause by name, with how finely they are printed."""
    left: list[NotLearnt]
    """What of the paragraph stays as the law words it."""


class _Span(msgspec.Struct):
    """What of a paragraph is surely a clause's: from its first number, or word, to its last."""

    clause: Clause
    start: int
    end: int
    pieces: list[Occurrence] = []


class Learner:
    """Learns the wordings of one document, which `old` measures and `texts` holds."""

    def __init__(self, old: Sentences, openings: Openings, found: Mapping[Source, list[Occurrence]]) -> None:
        self.old = old
        self.openings = openings
        self.found = found
        self.words = load_revision_words()
        plans = (next((p for p in section.paragraphs if p.clauses), None) for section in old.statute.sections)
        self._firsts = {plan.key for plan in plans if plan}

    def learn(self) -> Iterator[LearntWordings | NotLearnt]:
        """Every paragraph of the law that the document words, as its wordings or with why they are not learnt."""
        for section in self.old.statute.sections:
            for plan in section.paragraphs if not section.reading else ():
                if plan.clauses and not plan.continues:
                    yield from self._plan(section.key, plan)

    def _plan(self, section: str, plan: ParagraphPlan) -> Iterator[LearntWordings | NotLearnt]:
        keys = {clause.key for clause in plan.clauses}
        places: dict[tuple[Source, str], list[Occurrence]] = defaultdict(list)
        for source, every in self.found.items():
            for each in every:
                if each.statement.clause in keys:
                    repeated = self.old.clauses[each.statement.clause][1].each
                    places[source, "" if repeated or not plan.each else each.statement.row].append(each)
        if not places and not plan.each and plan.key in self._firsts:
            places = self._nothing(section, plan)
        if not plan.each:
            # A sentence told twice is learnt where most of it stands.
            best = max(places, key=lambda place: len(places[place]), default=None)
            places = defaultdict(list, {best: places[best]}) if best else defaultdict(list)
        known: set[tuple[str, int]] = set()
        made: list[LearntWordings] = []
        refused: list[NotLearnt] = []
        for (source, row), every in places.items():
            text = self.openings.text(source)
            if plan.each and len({one.statement.row for one in self.found[source] if one.statement.row}) > 1:
                refused.append(NotLearnt(text, source, "一段里说了几个科目"))
                continue
            try:
                learnt = self._paragraph(section, plan, source, row, text, every)
            except UnlearnableError as error:
                refused.append(NotLearnt(error.text or text, source, error.why))
                continue
            refused += learnt.left
            if not known.issuperset(learnt.chosen.items()):
                made.append(learnt)
                known.update(learnt.chosen.items())
        yield from made
        # What one of several paragraphs of a kind could not teach needs not be told of all.
        yield from refused[:2] if plan.each else refused

    def _nothing(self, section: str, plan: ParagraphPlan) -> defaultdict[tuple[Source, str], list[Occurrence]]:
        """The one paragraph of a section that says in its own words that there is nothing, where the law does too."""
        places: defaultdict[tuple[Source, str], list[Occurrence]] = defaultdict(list)
        clause = plan.clauses[0]
        chosen = clause.cases[self._selected(clause, "", ())]
        own = next((each for each in self.old.account.narrative if each.key == section), None)
        said = [each for each in own.paragraphs if _NOTHING.search(each.text)] if own else []
        if len(said) != 1 or not _NOTHING.search(chosen.text) or own is None or len(own.paragraphs) > 2:
            return places
        source, text = said[0].source, said[0].text
        if source is not None and source not in self.found:
            whole = Statement(clause.key, text, chosen.when, source=source)
            places[source, ""].append(Occurrence(whole, 0, len(text), len(text), ()))
        return places

    def _paragraph(
        self, section: str, plan: ParagraphPlan, source: Source, row: str, text: str, every: Sequence[Occurrence]
    ) -> LearntWordings:
        every = [*every, *self._told(plan, source, every)]
        spans = self._spans(plan, row, every)
        order = [clause.key for clause in plan.clauses]
        if [order.index(span.clause.key) for span in spans] != sorted(order.index(span.clause.key) for span in spans):
            raise UnlearnableError("语句的次序与底本不同")
        made = LearntWordings(section, plan, {}, {}, source, row, {}, {}, {}, {}, [])
        carried = ""
        stated = {span.clause.key for span in spans}
        cuts = self._cuts(text, spans)
        for (_, end), (start, _) in pairwise(cuts):
            if end < start and not self._of_unit(plan, text[end:start]):
                made.left.append(NotLearnt(text[end:start], source, "没有认出的句子"))
        for span, (start, end) in zip(spans, cuts, strict=True):
            clause = span.clause
            joined = self._joined(plan, clause, row, every, stated)
            end -= len(joined) if joined and text[start:end].endswith(joined) else 0
            try:
                if clause.each:
                    opened, join = self._repeated(span, source, row)
                    made.cases[clause.key] = (msgspec.structs.replace(clause.cases[0], text=opened.text),)
                    made.joins[clause.key] = join or clause.join
                    continue
                opened = self._open(plan, span, source, row, start, end, every)
            except UnlearnableError as error:
                made.left.append(NotLearnt(error.text or text[start:end], source, error.why))
                if carried:
                    made.cases[clause.key] = self._cases(clause, None, "", carried, "")
                carried = ""
                continue
            index = self._selected(clause, row, every)
            words = carried + opened.text
            last = span is spans[-1]
            goes_on = not last and not spans[spans.index(span) + 1].clause.each
            cut = opened.text[-1] if goes_on and opened.text[-1:] in "，；" else ""
            if any(cut and case.text.endswith(cut) for case in clause.cases):
                cut = ""
            made.cases[clause.key] = self._cases(clause, index, words.removesuffix(cut), carried, cut)
            made.pieces[clause.key] = text[opened.start : opened.end]
            made.chosen[clause.key] = index
            if opened.lets:
                made.lets[clause.key] = opened.lets
            made.stated[clause.key] = [
                (claim.name, abs(claim.figure.value), claim.figure.resolution)
                for each in every
                for claim in each.statement.claims
                if f"{{{claim.name}}}" in opened.text
            ]
            carried = cut
        return made

    @staticmethod
    def _of_unit(plan: ParagraphPlan, text: str) -> bool:
        """Whether a sentence is a text of the unit that the law has there too, in the same words."""
        begins = (case.text.partition("{文:") for clause in plan.clauses for case in clause.cases)
        return any(name and text.startswith(compact(head)) for head, name, _ in begins if head)

    def _told(self, plan: ParagraphPlan, source: Source, every: Sequence[Occurrence]) -> Iterator[Occurrence]:
        """The pieces of repeated clauses that only their numbers tell: nothing else of theirs was recognised."""
        said = {each.statement.clause for each in every}
        for clause in plan.clauses:
            if clause.each and clause.key not in said and not plan.each:
                yield from self.openings.tellings.repeated(plan, clause, source)

    def _spans(self, plan: ParagraphPlan, row: str, every: Sequence[Occurrence]) -> list[_Span]:
        """What each clause has of the paragraph, from left to right. Raises UnlearnableError where they are mixed."""
        spans: dict[str, _Span] = {}
        for each in every:
            clause = self.old.clauses[each.statement.clause][1]
            if clause.each:
                span = spans.setdefault(clause.key, _Span(clause, each.start, each.end, []))
                span.start, span.end = min(span.start, each.start), max(span.end, each.end)
                span.pieces.append(each)
                continue
            if not each.numbers:
                spans.setdefault(clause.key, _Span(clause, each.start, each.end))
            for number in each.numbers:
                owner = self._owner(plan, clause, number.name, row, every)
                span = spans.setdefault(owner.key, _Span(owner, number.start, number.end))
                span.start, span.end = min(span.start, number.start), max(span.end, number.end)
        head = plan.clauses[0]
        if plan.each and row and head.key not in spans and not head.let:
            end = self.openings.end_of_name(self.openings.text(every[0].statement.source or Source()), row)
            if end and all(end <= span.start for span in spans.values()):
                spans[head.key] = _Span(head, 0, end)
        ordered = sorted(spans.values(), key=lambda span: span.start)
        if any(one.end > other.start for one, other in pairwise(ordered)):
            raise UnlearnableError("几个语句的数字混在一起")
        return ordered

    def _owner(self, plan: ParagraphPlan, clause: Clause, name: str, row: str, every: Sequence[Occurrence]) -> Clause:
        """The clause that states a quantity: the one a sentence was recognised as, else the first that would."""
        for other in (clause, *plan.clauses):
            index = self._selected(other, row, every)
            if not other.each and index is not None and f"{{{name}}}" in other.cases[index].text:
                return other
        return clause

    def _selected(self, clause: Clause, row: str, every: Sequence[Occurrence]) -> int:
        """The case of the law that the document's figures call for."""
        said = next((each.statement.when for each in every if each.statement.clause == clause.key), "")
        for index, case in enumerate(clause.cases):
            if said and case.when == said:
                return index
        wanted = self.old.case(clause.key, self.old.names(clause.key, row, ""))
        return clause.cases.index(wanted) if wanted in clause.cases else 0

    def _cuts(self, text: str, spans: Sequence[_Span]) -> list[tuple[int, int]]:
        """Where the words of each clause begin and end; sentences between that none of them states are no one's."""
        found: list[tuple[int, int]] = []
        start = 0
        for one, other in pairwise(spans):
            end, following = self._cut(text, one, other)
            found.append((start, end))
            start = following
        return [*found, (start, len(text))]

    @staticmethod
    def _cut(text: str, one: _Span, other: _Span) -> tuple[int, int]:
        """The end of one clause and the beginning of the next."""
        gap = text[one.end : other.start]
        if other.clause.each and (marks := [at for at, sign in enumerate(gap) if sign in "。；："]):
            return one.end + marks[-1] + 1, one.end + marks[-1] + 1
        if "。" in gap:
            first = one.end if text[one.end - 1] == "。" else one.end + gap.index("。") + 1
            if _BECAUSE.match(text[first : other.start]):
                first = text.index("。", first) + 1
            return first, one.end + gap.rindex("。") + 1
        sign = next((sign for sign in "；：，" if sign in gap), "")
        if not gap or text[one.end - 1] == "。":
            return one.end, one.end
        if not sign:
            raise UnlearnableError("两个语句之间没有标点")
        at = one.end + (gap.find(sign) if sign == "，" else gap.rfind(sign)) + 1
        return at, at

    def _joined(
        self, plan: ParagraphPlan, clause: Clause, row: str, every: Sequence[Occurrence], spans: set[str]
    ) -> str:
        """What the clauses behind one that state nothing put behind it: 。 or ，其中：."""
        words = ""
        keys = [other.key for other in plan.clauses]
        for other in plan.clauses[keys.index(clause.key) + 1 :]:
            if other.key in spans:
                break
            text = other.cases[self._selected(other, row, every)].text if not other.each else "{}"
            if "{" in text:
                break
            words += text
        return compact(words)

    def _open(
        self,
        plan: ParagraphPlan,
        span: _Span,
        source: Source,
        row: str,
        start: int,
        end: int,
        every: Sequence[Occurrence],
    ) -> Opened:
        clause = span.clause
        own = [each for each in every if each.statement.clause == clause.key]
        plain = [each for each in every if not self.old.clauses[each.statement.clause][1].each]
        numbers = [number for each in plain for number in each.numbers if start <= number.start < end]
        text = clause.cases[self._selected(clause, row, every)].text
        others = [*clause.cases, *(case for other in plan.clauses if other is not clause for case in other.cases)]
        named = [*placeholders(text), *(name for case in others for name in placeholders(case.text))]
        reason = next((name for name in named if name.startswith("理由:")), "")
        lists = [found for each in own for found in each.statement.lists]
        last = max([span.end, *(each.end for each in own if start <= each.end <= end)])
        opened = self.openings.open(source, start, end, last, numbers, row, reason, lists, text)
        self._demand_like(clause, text, opened, self.openings.text(source)[start:end])
        compared = self.words.tendencies().search(PLACEHOLDER.sub("", opened.text))
        if compared is None or self.words.tendencies().search(text):
            return opened
        # It compares where the law does not: what it says holds for these figures only.
        printed = self.openings.text(source)
        at = self.words.tendencies().search(printed, span.end, opened.end)
        stop = printed.rfind("。", span.end, at.start()) + 1 if at else 0
        if not stop:
            raise UnlearnableError(f"“{compared[0]}”只对这一年的数成立", printed[start:end])
        return self.openings.open(source, start, stop, last, numbers, row, reason, lists, text)

    def _demand_like(self, clause: Clause, text: str, opened: Opened, printed: str) -> None:
        """Raises UnlearnableError for a wording that leaves out what the law states, or says there is none of it."""
        let = {**self.old.clauses[clause.key][0].let, **clause.let}
        for name in placeholders(text):
            if name in let and parse_quantity(let[name]).divisor is None and f"{{{name}}}" not in opened.text:
                raise UnlearnableError(f"没有说“{name}”", printed)
        if _NOTHING.search(opened.text) and not _NOTHING.search(text):
            raise UnlearnableError("说的是没有，只对这一年成立", printed)
        reasons = [name for name in placeholders(opened.text) if name.startswith("理由:")]
        if len(reasons) != len(set(reasons)):
            raise UnlearnableError("两处原因，底本只有一处", printed)
        if text.endswith("。") and opened.text.endswith("："):
            raise UnlearnableError("后面还有的内容，底本没有", printed)

    def _repeated(self, span: _Span, source: Source, row: str) -> tuple[Opened, str]:
        """The wording of a clause repeated within a sentence, and what stands between two of its pieces."""
        first = span.pieces[0]
        text = self.openings.text(source)
        label = self.openings.label(span.clause, first.statement.row, first.statement.column)
        start = next((at for at in range(first.start, first.end) if text[at] not in _FINAL), first.start)
        opened = self.openings.open(source, start, first.end, first.end, first.numbers, row, "", (), "", label)
        join = text[first.end : span.pieces[1].start] if len(span.pieces) > 1 else ""
        return opened, join if join and set(join) <= set(_FINAL) else ""

    def _cases(self, clause: Clause, index: int | None, text: str, before: str, cut: str) -> tuple[Case, ...]:
        """The cases with the one that was worded, and its counterpart, as the document words them."""
        made: list[Case] = []
        chosen = None if index is None else clause.cases[index]
        for number, case in enumerate(clause.cases):
            if number == index:
                made.append(msgspec.structs.replace(case, text=text))
                continue
            turned = self._turned(chosen, case, text) if chosen else ""
            words = turned or case.text
            if not turned:
                # The sentence begins in the clause before, or goes on in the next.
                words = before + words if before and words else words or ("。" if before else "")
                words = words.rstrip("。；") if cut else words
            made.append(msgspec.structs.replace(case, text=words))
        if before and all(case.when or case.has for case in made):
            made.append(Case("。"))
        return tuple(made)

    def _turned(self, chosen: Case, case: Case, text: str) -> str | None:
        """The wording with its words of direction turned, for the case that is the counterpart of the chosen one.

        Empty for a case that is none; None where it is and cannot be made.
        """
        if chosen.text == case.text or self.words.skeleton(chosen.text) != self.words.skeleton(case.text):
            return ""
        found = list(self.words.directions().finditer(PLACEHOLDER.sub(lambda m: "#" * len(m[0]), text)))
        signs = {self.words.direction(match[0]) for match in found}
        if len(signs) != 1:
            return None
        for match in reversed(found):
            text = text[: match.start()] + self.words.opposite(match[0]) + text[match.end() :]
        return text

def same(one: str, other: str) -> bool:
    """Whether two wordings are the same but for white space and signs that units write as they like."""
    plain: Any = str.maketrans("", "", "：:，,、.．。；")
    return compact(one).translate(plain) == compact(other).translate(plain)
