"""A sentence brought to this year: its numbers, the words of direction, its list; or written anew where it differs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import msgspec

from juesuan.account import Source, bare_text
from juesuan.revision.numbers import PrintedNumber, numbers_in
from juesuan.revision.rolling.figures import Sentences, knows
from juesuan.revision.rolling.occurrences import Occurrence, Stated
from juesuan.revision.texts import Texts
from juesuan.statute import MONEY_UNITS, Case, Clause, Writer, load_lexicon, parse_quantity
from juesuan.statute.articulation import Name, Place
from juesuan.statute.language import PERCENT, PLACEHOLDER, Measured, compact, listed_names, load_revision_words

NEAR = 6
LONGEST_BASE = 16
"""So many signs at most stand between 比 and 持平."""
"""A word of direction speaks of the number that begins so many signs behind it at most."""

_ORDINAL = re.compile(r"[（(]?\d{1,2}[）).．、]+")
_ONE_SIDED = re.compile(r"(\S+)\s*[<>]\s*0")
"""A condition on the sign of one quantity."""
_CAUSE = re.compile("的?(?:主要)?原因")
_BREAK = re.compile("[，。；：,;]")

SUGGESTED = "yellow"
"""The highlight of last year's words that a person must confirm."""
CONFIRM = "沿用上年文字，请确认。"


class Put(msgspec.Struct, frozen=True):
    """What stands from `start` to `end` of a paragraph is to read `text`; `why` where a person must look at it."""

    start: int
    end: int
    text: str
    why: str = ""


class Doubt(msgspec.Struct, frozen=True):
    """Why the numbers from `start` to `end` could not be renewed."""

    start: int
    end: int
    why: str


class Rewording:
    """Rewords sentences of last year's document for this year's account."""

    def __init__(self, old: Sentences, new: Sentences, texts: Texts) -> None:
        self.old = old
        self.new = new
        self.texts = texts
        self.words = load_revision_words()
        self.writer = Writer(new.account, new.statute)
        self.nothing = {
            (claim.clause, claim.name)
            for section in new.account.narrative
            for paragraph in section.paragraphs
            for claim in paragraph.claims
            if not claim.figure.value
        }

    def known(self, occurrence: Occurrence) -> bool:
        """Whether the law of this year has the clause."""
        return occurrence.statement.clause in self.new.clauses

    def reworded(
        self, occurrence: Occurrence, source: Source, text: str, row: str | None = None, column: str | None = None
    ) -> Iterator[Put | Doubt]:
        """What changes in a sentence; `row` and `column` where it is to speak of another line than last year."""
        said = occurrence.statement
        line = said.row if row is None else row
        place = said.column if column is None else column
        names = self.new.names(said.clause, line, place)
        missing = self._unknown(said.clause)
        before = None if missing else self._differing(occurrence, names, text)
        if before is not None and not self._untold(names, line, before[0]):
            yield self._anew(occurrence, text, line, place, *before)
            return
        changes = list(self._renewed(occurrence, source, text, line, names, missing))
        yield from changes
        if before is not None:
            yield from _kept(occurrence, text, changes)

    def _renewed(
        self,
        occurrence: Occurrence,
        source: Source,
        text: str,
        line: str,
        names: Mapping[str, Measured],
        missing: set[str],
    ) -> Iterator[Put | Doubt]:
        """The numbers of a sentence, its words of direction and its lists of names."""
        for stated in occurrence.numbers:
            measured = names.get(stated.name)
            if stated.name in missing or measured is None:
                yield Doubt(stated.start, stated.end, f"没有今年的数：{stated.name}")
            elif measured.value is None and measured.unit == PERCENT:
                yield Doubt(stated.start, stated.end, f"今年不能计算：{stated.name}（基数为零）")
            else:
                yield Put(stated.start, stated.end, self._printed(text, stated, measured, source))
        known = {name: measured for name, measured in names.items() if name not in missing}
        yield from self._directions(occurrence, text, known)
        yield from self._no_longer_level(occurrence, source, text, known)
        yield from self._lists(occurrence, text, line)

    def _unknown(self, clause_key: str) -> set[str]:
        """The quantities of a clause that the account cannot tell: no figure at all of the form and period, and its own
        narrative does not state them as nothing either (0辆).
        """
        plan, clause = self.new.clauses[clause_key]
        let = {**plan.let, **clause.let}
        unknown: set[str] = set()
        for name, text in let.items():
            parsed = parse_quantity(text)
            for term in (*parsed.sum, *(parsed.divisor or ())):
                operand = term.operand
                if isinstance(operand, Name):
                    common = self.new.measurer.common.get(operand.name)
                    unheard = operand.name not in let and (common is None or not common.value)
                    if operand.name in unknown or unheard:
                        unknown.add(name)
                elif isinstance(operand, Place) and not self._tells(operand):
                    unknown.add(name)
        return unknown - {name for key, name in self.nothing if key == clause_key}

    def _tells(self, place: Place) -> bool:
        return knows(self.new.account, place.form or "", place.period, self.new.statute)

    def _printed(self, text: str, stated: Stated, measured: Measured, source: Source) -> str:
        number = number_at(text, stated.start)
        unit = number.unit if number else ""
        value = abs(measured.amount)
        lexicon = load_lexicon()
        scale = lexicon.scale(unit) if unit in lexicon.money or unit in lexicon.rates else Decimal(1)
        if measured.unit == PERCENT and unit not in lexicon.rates:
            scale = Decimal("0.01")
        return self.texts.style(source, unit).printed(value / scale)

    def _differing(
        self, occurrence: Occurrence, names: Mapping[str, Measured], text: str
    ) -> tuple[Case, int] | None:
        """Last year's wording, and where it ends (0 where that does not show), where the clause is worded otherwise
        this year by more than a direction; else None.
        """
        said = occurrence.statement
        wanted = self.new.case(said.clause, names, said.row)
        if wanted is None:
            return None
        _, clause = self.new.clauses[said.clause]
        before = self.old.case(said.clause, self.old.names(said.clause, said.row, said.column))
        printed, end = _printed_case(clause, text, occurrence) or (None, 0)
        if printed is not None and said.when in ("", printed.when):
            # What a document says of no change need not follow from figures that it gives.
            before = printed
        elif said.when and (before is None or before.when != said.when):
            before, end = next((case for case in clause.cases if case.when == said.when), before), 0
        if before is None or self.words.skeleton(before.text) == self.words.skeleton(wanted.text):
            return None
        # Which texts the unit had last year does not show, unless its wording does.
        return None if before is not printed and before.when == wanted.when else (before, end)

    def _untold(self, names: Mapping[str, Measured], row: str, before: Case) -> bool:
        """Whether the wording of last year only lacks a text of the unit to be this year's too."""
        if not before.has or all(self.new.written(key, row) for key in before.has):
            return False
        return not before.when or self.new.measurer.holds(before.when, names)
    def _anew(self, occurrence: Occurrence, text: str, row: str, column: str, before: Case, end: int) -> Put:
        """The clause as the law words it, for a sentence that cannot stay: to its full stop, reasons included."""
        plan, clause = self.new.clauses[occurrence.statement.clause]
        written = self.writer.clause(plan, clause, row, column)
        written = _ORDINAL.sub("", written, count=1).strip() if _ORDINAL.match(written) else written
        start = occurrence.start
        while text[start] in "，；。":
            start += 1
        if written[:1] in ("，", "；", "。"):
            # The wording has the sign itself that the sentence was taken to begin with.
            start = occurrence.start
        ordinal = _ORDINAL.match(text[start : occurrence.end])
        if ordinal:
            start += ordinal.end()
        stop = occurrence.end
        if end:
            stop = end
        elif (written or before.text).endswith("。") and before.text.endswith("。"):
            # The clause may go on for another sentence behind its last number (决算数与预算数持平。).
            last = max((before.text.rfind(f"{{{number.name}}}") for number in occurrence.numbers), default=-1)
            for _ in range(max(1, before.text[last + 1 :].count("。")) if last >= 0 else 1):
                ending = text.find("。", max(start, stop - 1 if stop == occurrence.end else stop), occurrence.stop)
                stop = ending + 1 if ending >= 0 else stop
        return Put(start, stop, written, f"今年的情况与上年不同，按规定写法改写；上年原文：{text[start:stop]}")

    def added(self, every: Sequence[Occurrence], text: str) -> Iterator[Put]:
        """Sentences that the law wants this year and did not want last year, behind those of the same paragraph."""
        for first in every[:1]:
            plan, _ = self.new.clauses[first.statement.clause]
            said = {each.statement.clause for each in every}
            row = first.statement.row if plan.each else ""
            for index, clause in enumerate(plan.clauses):
                if clause.each or clause.fund or clause.key in said or clause.key not in self.old.clauses:
                    # What a document tells of single projects and funds its reader does not know.
                    continue
                if self._unknown(clause.key) or self._text(self.old, clause.key, row):
                    continue
                ahead = {other.key for other in plan.clauses[:index]}
                before = [each for each in every if each.statement.clause in ahead]
                written = self.writer.clause(plan, clause, row) if self._text(self.new, clause.key, row) else ""
                if before and written:
                    ending = text.find("。", before[-1].end - 1, before[-1].stop)
                    at = ending + 1 if ending >= 0 else before[-1].end
                    yield Put(at, at, written, "今年须有这一句，按规定写法加写，请确认")

    @staticmethod
    def _text(sentences: Sentences, key: str, row: str) -> str:
        case = sentences.case(key, sentences.names(key, row, ""))
        return case.text if case else ""

    def _directions(self, occurrence: Occurrence, text: str, names: Mapping[str, Measured]) -> Iterator[Put]:
        taken: list[Put] = []
        for match in self.words.directions().finditer(text, occurrence.start, occurrence.stop):
            if any(put.start <= match.start() < put.end for put in taken):
                continue
            value = self._spoken_of(occurrence, text, match.end(), names)
            if value is None:
                continue
            if value and (value > 0) != (self.words.direction(match[0]) > 0):
                put = Put(match.start(), match.end(), self.words.opposite(match[0]), "增减方向与上年不同，请改写原因")
                taken.append(put)
                yield put

    def _no_longer_level(
        self, occurrence: Occurrence, source: Source, text: str, names: Mapping[str, Measured]
    ) -> Iterator[Put]:
        """The word that says that nothing changed (与上年持平), where it did: by how much."""
        plan, clause = self.new.clauses[occurrence.statement.clause]
        own, common = (
            [names[key] for key in let if key in names and names[key].change and names[key].unit in MONEY_UNITS]
            for let in (clause.let, plan.let)
        )
        changes = own or common
        if not occurrence.numbers or len(changes) != 1 or not changes[0].value:
            return
        last = occurrence.numbers[-1]
        level = "|".join(map(re.escape, self.words.unchanged))
        match = re.compile(f"[，。](?:(与|和|同)|比|较)[^，。；]{{2,{LONGEST_BASE}}}?({level})").search(
            text, last.end, occurrence.stop
        )
        if match is None or _BREAK.search(text[last.end : match.start()]):
            return
        number = number_at(text, last.start)
        unit = number.unit if number and number.unit in MONEY_UNITS else changes[0].unit
        amount = self.texts.style(source, unit).printed(abs(changes[0].amount) / MONEY_UNITS[unit])
        if not Decimal(amount.replace(",", "")):
            return
        more, less = self.words.opposites[0]
        told = f"{more if changes[0].value > 0 else less}{amount}{unit}"
        if match[1]:
            yield Put(match.start(1), match.end(1), load_revision_words().than)
        yield Put(match.start(2), match.end(2), told, "上年持平，今年不同，请改写原因")

    def _spoken_of(
        self, occurrence: Occurrence, text: str, end: int, names: Mapping[str, Measured]
    ) -> Decimal | None:
        """The signed quantity that a word of direction speaks of; None where that is not clear."""
        behind = next((each for each in occurrence.numbers if end <= each.start <= end + NEAR), None)
        if behind is not None and not _BREAK.search(text[end : behind.start]):
            measured = names.get(behind.name)
            return measured.value if measured and (measured.change or measured.unit == PERCENT) else None
        window = text[max(0, end - 14) : end + 6]
        after = text[end : end + 6]
        if "预算" in after or ("预算" in window and "上年" not in window):
            pair = names.get("决算"), names.get("预算")
            if pair[0] and pair[1] and pair[0].value is not None and pair[1].value is not None:
                return pair[0].value - pair[1].value
        if "上年" in window and "变动" in names:
            return names["变动"].value
        condition = _ONE_SIDED.fullmatch(occurrence.statement.when)
        if condition and condition[1] in names and _CAUSE.match(text, end):
            # What the reasons are of (收入支出减少的主要原因是…) is what the condition of the wording says.
            return names[condition[1]].value
        return None

    def _lists(self, occurrence: Occurrence, text: str, row: str) -> Iterator[Put | Doubt]:
        _, clause = self.new.clauses[occurrence.statement.clause]
        for name, old in occurrence.statement.lists:
            start = text.find(old, occurrence.start, occurrence.stop)
            listing = clause.lists.get(name)
            if start < 0 or listing is None:
                continue
            wanted = listed_names(self.new.account, self.new.statute, listing, row)
            printed = {bare_text(each) for each in re.split("[、，]", old.removesuffix("等"))}
            if not wanted:
                yield Doubt(start, start + len(old), "今年没有可列的科目")
            elif {bare_text(each) for each in wanted} != printed:
                tail = "等" if old.endswith("等") else ""
                yield Put(start, start + len(old), compact(listing.join.join(wanted)) + tail)

    def literal(self, clause_key: str, number: PrintedNumber) -> bool:
        """Whether a number belongs to the words of the clause (单价100万元以上设备)."""
        _, clause = self.new.clauses[clause_key]
        wordings = [*(case.text for case in clause.cases), *clause.variants]
        return any(number.text + number.unit in compact(PLACEHOLDER.sub("", text)) for text in wordings)


def _kept(occurrence: Occurrence, text: str, changes: Sequence[Put | Doubt]) -> Iterator[Put]:
    """What the unit wrote last year and has not said otherwise: to be confirmed, as reasons are anyway."""
    at = max((each.end for each in changes if each.end <= occurrence.stop), default=occurrence.start)
    ending = text.find("。", at, occurrence.stop)
    stop = ending if ending >= 0 else max(at, occurrence.end)
    at += len(text[at:stop]) - len(text[at:stop].lstrip("，；"))
    if at < stop and not _CAUSE.search(text, at, stop):
        yield Put(at, stop, text[at:stop], CONFIRM)


def _printed_case(clause: Clause, text: str, occurrence: Occurrence) -> tuple[Case, int] | None:
    """The longest wording of a clause that a sentence stands in as a whole, and where it ends; None for none."""
    found: list[tuple[int, Case, int]] = []
    begins = occurrence.start
    # A sentence may be taken to begin with the sign that ends the one before.
    while begins < occurrence.stop and text[begins] in "，；。":
        begins += 1
    for case in clause.cases:
        literals = [compact(literal) for literal in PLACEHOLDER.split(case.text)]
        if not any(literals):
            continue
        # The first place of each literal is as good as any: others are not tried, whose number grows without bounds.
        following = "".join(f"(?>[^。；]*?{re.escape(each)})" for each in literals[1:])
        pattern = re.compile(re.escape(literals[0]) + following)
        tried = (pattern.match(text, at, occurrence.stop + 1) for at in range(occurrence.start, begins + 1))
        if match := next(filter(None, tried), None):
            found.append((sum(map(len, literals)), case, match.end()))
    return max(found, key=lambda each: each[0])[1:] if found else None


def number_at(text: str, start: int) -> PrintedNumber | None:
    """The number that begins at an offset."""
    return next((number for number in numbers_in(text) if number.start == start), None)

