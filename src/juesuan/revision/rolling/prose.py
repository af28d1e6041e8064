"""The prose of a document brought to this year, paragraph by paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from juesuan.account import Account, Source, item_name
from juesuan.reader import TextPlace
from juesuan.revision.docx import DocxFile, Edit, copied
from juesuan.revision.numbers import numbers_in
from juesuan.revision.rolling.evaluation import matched, project_numbers
from juesuan.revision.rolling.figures import Sentences, knows
from juesuan.revision.rolling.occurrences import Occurrence, occurrences
from juesuan.revision.rolling.progress import Progress
from juesuan.revision.rolling.repeated import pieces
from juesuan.revision.rolling.statements import loose_numbers
from juesuan.revision.rolling.tables import moved
from juesuan.revision.rolling.wording import CONFIRM, SUGGESTED, Doubt, Put, Rewording
from juesuan.revision.rolling.years import years_in
from juesuan.revision.texts import Texts
from juesuan.statute import CODE_LENGTHS, ParagraphPlan, parse_place
from juesuan.statute.language import compact

_REASON = re.compile(r"(?:主要)?原因(?:主要)?(?:[是为：:]|如下)+(.+?)(?=。|$)")
_NUMBERED = re.compile(r"^(\d{1,2})[.．、]")


class ProseRoller:
    """Gives the edits that bring every paragraph to this year."""

    def __init__(
        self, file: DocxFile, texts: Texts, last: Account, old: Sentences, new: Sentences, progress: Progress
    ) -> None:
        self.file = file
        self.texts = texts
        self.last = last
        self.old = old
        self.new = new
        self.progress = progress
        self.wording = Rewording(old, new, texts)
        self.found = occurrences(last, texts)
        self.sheets = list(matched(last, new.account))
        self.removed: list[Any] = []
        self.problems: list[tuple[Source, str]] = []
        self.shift = new.account.year - last.year

    def edits(self) -> Iterator[Edit]:
        """The edits; new paragraphs are put in at once, vanished ones are left in `removed`."""
        gone, added = self._items()
        loose = loose_numbers(self.last, self.texts, self.old, self.new)
        for source, paragraphs in self.texts.texts.items():
            places = self.file.index.places.get(source, ())
            if source.cell or not places or source in gone:
                continue
            text = paragraphs[0]
            changes = list(self._of_paragraph(source, text))
            changes += _apart(list(project_numbers(source, text, self.texts, self.sheets)), changes)
            changes += _apart(loose.get(source, ()), changes)
            yield from self._settled(source, text, places[0], changes)
        for source in gone:
            text = self.texts.of(source)[0]
            self.progress.settle(source, 0, 0, len(text), "更新", "今年没有，已删去")
            self.removed.append(self.file.index.places[source][0].paragraph)
        yield from added

    def _of_paragraph(
        self, source: Source, text: str, row: str | None = None
    ) -> Iterator[Put | Doubt]:
        every = [each for each in self.found.get(source, ()) if self.wording.known(each)]
        repeated, single = _groups(every, self.new)
        for group in repeated:
            yield from pieces(group, source, text, self.wording, self.new, self.old)
        for each in single:
            yield from self.wording.reworded(each, source, text, row)
        if row is None:
            yield from self.wording.added(single, text)

    def _settled(
        self, source: Source, text: str, place: TextPlace, changes: Sequence[Put | Doubt]
    ) -> Iterator[Edit]:
        """The changes as edits, with years, reasons and what is left marked; the fate of every number noted."""
        puts = _in_order([change for change in changes if isinstance(change, Put)])
        reasons = list(self._reasons(source, text)) if puts else []
        for start, end, year in years_in(text, self.last.year, self.shift):
            inside = any(first <= start < last for first, last in reasons)
            if not inside and not any(put.start < end and start < put.end for put in puts):
                puts = _in_order([*puts, Put(start, end, year)])
        for put in puts:
            self.progress.settle(source, 0, put.start, max(put.end, put.start + 1), "更新")
            if put.text != text[put.start : put.end] or put.why:
                mark = SUGGESTED if put.why else ""
                yield Edit(place, put.start, put.end, put.text, (put.why,) if put.why else (), mark)
        for change in changes:
            if isinstance(change, Doubt):
                self.progress.doubt(source, 0, change.start, change.end, change.why)
        for start, end in reasons:
            self.progress.doubt(source, 0, start, end, "上年的原因里的数")
            yield from _remarks(place, start, end, puts, CONFIRM)
        for occurrence in self.found.get(source, ()):
            for number in numbers_in(text[occurrence.start : occurrence.end]):
                if self.wording.known(occurrence) and self.wording.literal(occurrence.statement.clause, number):
                    at = occurrence.start + number.start
                    self.progress.settle(source, 0, at, at + 1, "不变", "语句里固定的数")

    def _reasons(self, source: Source, text: str) -> Iterator[tuple[int, int]]:
        """Where reasons stand: to the full stop, or to where the next sentence that is known begins."""
        begun = [occurrence.start for occurrence in self.found.get(source, ())]
        for match in _REASON.finditer(text):
            yield match.start(1), min((start for start in begun if match.start(1) < start < match.end(1)),
                                      default=match.end(1))

    def _items(self) -> tuple[set[Source], list[Edit]]:
        """The paragraphs of items that there are no more, and the edits of those put in for new ones."""
        gone: set[Source] = set()
        added: list[Edit] = []
        for section in self.new.statute.sections:
            for plan in section.paragraphs:
                if plan.each and plan.clauses:
                    edits = self._items_of(plan, gone)
                    added.extend(edits)
        return gone, added

    def _items_of(self, plan: ParagraphPlan, gone: set[Source]) -> Iterator[Edit]:
        keys = {clause.key for clause in plan.clauses}
        printed: dict[str, Source] = {}
        for source, every in self.found.items():
            for each in every:
                if each.statement.clause in keys and each.statement.row.isdigit():
                    printed.setdefault(each.statement.row, source)
        if not printed or len(set(printed.values())) < len(printed):
            return
        wanted = self._rows(plan)
        form = self.new.statute.forms.get(parse_place(plan.each).form or "")
        if not wanted and (form is None or not knows(self.new.account, form.key, "本年", self.new.statute)):
            # What no table shows is not known to be nothing.
            return
        for row, source in printed.items():
            if row not in wanted:
                gone.add(source)
        order = [row for row in printed if row in wanted]
        elements = {row: self.file.index.places[source][0].paragraph for row, source in printed.items()}
        final = list(order)
        for row in wanted:
            if row in printed:
                continue
            before = [other for other in final if other < row]
            model = _nearest(row, list(printed))
            source = printed[model]
            text = self.texts.of(source)[0]
            if not self._named(text, model):
                self.problems.append((source, f"今年新有的 {row} {self._name(row)} 没有可仿的段落，正文没有写"))
                continue
            original = self.file.index.places[source][0]
            clone, copies = copied(original.paragraph)
            anchor = elements[before[-1]] if before else None
            if anchor is not None:
                anchor.addnext(clone)
            elif final:
                elements[final[0]].addprevious(clone)
            else:
                original.paragraph.addnext(clone)
            elements[row] = clone
            final.insert(len(before), row)
            yield from self._new_item(moved(original, copies), source, text, model, row, final.index(row) + 1)
        yield from self._renumbered(final, printed)

    def _rows(self, plan: ParagraphPlan) -> list[str]:
        rows = []
        for row, _ in self.new.measurer.loop(plan.each):
            if row is None:
                continue
            names = {
                name: self.new.measurer.quantity(text, {}, row, None)
                for name, text in plan.let.items()
                if "!" in text
            }
            try:
                holds = self.new.measurer.holds(plan.where, names)
            except KeyError:
                holds = True
            if holds:
                rows.append(row)
        return rows

    def _new_item(
        self, place: TextPlace, source: Source, text: str, model: str, row: str, number: int
    ) -> Iterator[Edit]:
        changes = [change for change in self._of_paragraph(source, text, row) if isinstance(change, Put)]
        changes += list(self._renamed(text, model, row))
        match = _NUMBERED.match(text)
        if match:
            changes.append(Put(match.start(1), match.end(1), str(number)))
        puts = _in_order(changes)
        for start, end in [found.span(1) for found in _REASON.finditer(text)]:
            if not any(put.start < end and start < put.end for put in puts):
                puts = _in_order([*puts, Put(start, end, "【请填写】", "今年新有的科目，请写明原因")])
        for begin, finish, year in years_in(text, self.last.year, self.shift):
            if not any(put.start < finish and begin < put.end for put in puts):
                puts = _in_order([*puts, Put(begin, finish, year)])
        for put in puts:
            mark = SUGGESTED if put.why else ""
            yield Edit(place, put.start, put.end, put.text, (put.why,) if put.why else (), mark)

    def _renamed(self, text: str, model: str, row: str) -> Iterator[Put]:
        """The names of the class, the section and the item, each where it is printed first."""
        cursor = 0
        for length in CODE_LENGTHS.values():
            if length > len(model):
                break
            old, new = self._name(model[:length]), self._name(row[:length])
            for name in (old, item_name(old)):
                at = text.find(compact(name), cursor)
                if name and at >= 0:
                    put = new if name == old else item_name(new)
                    cursor = at + len(compact(name))
                    yield Put(at, cursor, put)
                    break

    def _named(self, text: str, row: str) -> bool:
        return item_name(compact(self._name(row))) in text

    def _name(self, row: str) -> str:
        return self.new.statute.functional.name(row, self.new.statute.year)

    def _renumbered(self, final: Sequence[str], printed: Mapping[str, Source]) -> Iterator[Edit]:
        for number, row in enumerate(final, 1):
            if row not in printed:
                continue
            source = printed[row]
            text = self.texts.of(source)[0]
            match = _NUMBERED.match(text)
            place = self.file.index.places[source][0]
            if match and match[1] != str(number):
                yield Edit(place, match.start(1), match.end(1), str(number))


def _groups(
    every: Sequence[Occurrence], new: Sentences
) -> tuple[list[list[Occurrence]], list[Occurrence]]:
    """The sentences that a clause repeats over lines or columns, together; and the others."""
    repeated: dict[str, list[Occurrence]] = {}
    single: list[Occurrence] = []
    for each in every:
        key = each.statement.clause
        if new.clauses[key][1].each and (each.statement.row or each.statement.column):
            repeated.setdefault(key, []).append(each)
        else:
            single.append(each)
    return list(repeated.values()), single


def _nearest(row: str, printed: Sequence[str]) -> str:
    """The line most like a new one: with the longest beginning of the code in common."""
    def common(other: str) -> int:
        return next((n for n, (a, b) in enumerate(zip(other, row, strict=False)) if a != b), len(row))

    return max(printed, key=common)


def _in_order(puts: Sequence[Put]) -> list[Put]:
    """The changes from left to right, without those that overlap one before."""
    kept: list[Put] = []
    for put in sorted(puts, key=lambda each: (each.start, -each.end)):
        if not kept or put.start >= kept[-1].end:
            kept.append(put)
    return kept


def _apart(loose: Sequence[Put | Doubt], others: Sequence[Put | Doubt]) -> list[Put | Doubt]:
    return [each for each in loose if not any(each.start < o.end and o.start < each.end for o in others)]


def _remarks(place: TextPlace, start: int, end: int, puts: Sequence[Put], told: str) -> Iterator[Edit]:
    """The stretch highlighted with a comment, but for what is changed in it."""
    at = start
    comments: tuple[str, ...] = (told,)
    for put in [each for each in puts if each.start < end and start < each.end]:
        if put.start > at:
            yield Edit(place, at, put.start, None, comments, SUGGESTED)
            comments = ()
        at = max(at, put.end)
    if at < end:
        yield Edit(place, at, end, None, comments, SUGGESTED)
