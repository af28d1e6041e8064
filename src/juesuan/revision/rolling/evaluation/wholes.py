"""Whole forms of projects: a new project's put in like its neighbour, that of one that there is no more taken out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from juesuan.account import Account, PerformanceGoals, PerformanceSheet, Source
from juesuan.reader import TextPlace
from juesuan.revision.docx import Copies, DocxFile, Edit, apart, copied
from juesuan.revision.docx.names import P, W, made
from juesuan.revision.rolling.evaluation.contents import in_contents, keep_end, listed_before, stands_alone
from juesuan.revision.rolling.evaluation.view import TABLE, FormsOutcome, FormView
from juesuan.revision.rolling.progress import LEFT
from juesuan.revision.rolling.tables import moved
from juesuan.revision.rolling.years import years_in
from juesuan.revision.texts import Texts
from juesuan.statute import load_evaluation
from juesuan.statute.language import compact

PROJECT = "项目"
DISTANCE = 6
"""How many paragraphs above a form its title may stand."""

Form = TypeVar("Form", PerformanceSheet, PerformanceGoals)


class FormsOfProjects:
    """Puts the forms of projects into a document and takes them out."""

    def __init__(self, file: DocxFile, texts: Texts, last: Account, shift: int, outcome: FormsOutcome) -> None:
        self.texts = texts
        self.last = last
        self.shift = shift
        self.outcome = outcome
        self.headings: dict[int, tuple[Source, TextPlace]] = {
            id(place.paragraph): (source, place)
            for source, places in file.index.places.items()
            if not source.cell
            for place in places[:1]
        }
        self._behind: dict[int, Any] = {}

    def edits(
        self,
        views: Sequence[FormView],
        pairs: Sequence[tuple[Form, Form | None]],
        now: Sequence[Form],
        kind: str,
        rolled: Callable[[FormView, Form, Form, FormsOutcome], Iterator[Edit]],
    ) -> Iterator[Edit]:
        """The forms of `now` that last year's document has not, each like that of another project and then brought to
        its own figures by `rolled`; those that `now` has not are taken out, if it has any of projects.
        """
        known = {id(new) for _, new in pairs}
        model = next(
            ((view, old) for view, (old, _) in reversed(list(zip(views, pairs, strict=True))) if old.kind == PROJECT),
            None,
        )
        for each in now:
            if id(each) in known:
                continue
            told = f"{kind}“{each.title}”"
            if model is None or each.kind != PROJECT or model[0].element is None:
                self.outcome.problems.append((Source(), f"今年新有的{told}没有写入"))
                continue
            view, edits = self._added(*model, each.title, told)
            # Its lines are told as a whole.
            within = FormsOutcome(self.outcome.removed, [], self.outcome.problems)
            edits += apart(rolled(view, model[1], each, within), edits)
            yield from edits
            yield from self._left(view, edits, told)
        projects = any(each.kind == PROJECT for each in now)
        for view, (old, new) in zip(views, pairs, strict=True):
            if new is None:
                self._gone(view, old, f"{kind}“{old.title}”", old.kind == PROJECT and projects)

    def _added(
        self, model: FormView, old: PerformanceSheet | PerformanceGoals, new: str, told: str
    ) -> tuple[FormView, list[Edit]]:
        """A copy of a form for the project `new`, behind it, and the edits of its title."""
        table = model.element
        every: Copies = {}
        above = self._above(table)
        block = [*above, table, *self._below(table, old)]
        behind = self._behind.get(id(table), block[-1])
        # Two tables without a paragraph between them are one to Word.
        block_copies = [made(P)] if block[0] is table else []
        for element in block:
            clone, copies = copied(element)
            every.update(copies)
            block_copies.append(clone)
        for clone in block_copies:
            behind.addnext(clone)
            behind = clone
        self._behind[id(table)] = behind
        for line in self._in_contents(above):
            every.update(listed_before(line))
            block.append(line)
        view = model.of_copy(every)
        self.outcome.changed.append((model.source, f"新有的{told}，仿“{old.title}”的加在后面，请逐格核对"))
        return view, list(self._titled(model, view, block, every, old.title, new))

    def _left(self, view: FormView, edits: Sequence[Edit], told: str) -> Iterator[Edit]:
        """Numbers of a copy that still are those of the project that it was copied from: marked and listed."""
        marks = [
            Edit(view.places(entry.source)[entry.part], entry.number.start, entry.number.end, None, (), LEFT)
            for entry in view.progress.left()
        ]
        for entry in view.progress.left():
            words = f"新有的{told}里的 {entry.number.text}{entry.number.unit}（{entry.source.cell}）还是所仿项目的"
            self.outcome.problems.append((view.source, words))
        yield from apart(marks, edits)

    def _gone(
        self, view: FormView, old: PerformanceSheet | PerformanceGoals, told: str, surely: bool
    ) -> None:
        """Takes a form out of the document, with its title; where it is not sure that it is no more, only says so."""
        table = view.element
        if table is None or not surely:
            for source in view.cells:
                view.doubt(source, f"今年的数里没有{told}")
            return
        above, below = self._above(table), self._below(table, old)
        following = (below[-1] if below else table).getnext()
        before = above[0].getprevious() if above else table.getprevious()
        for source in view.cells:
            view.settle(source, "更新", "今年没有，已删去")
        for paragraph in (*above, *below):
            source, place = self.headings[id(paragraph)]
            view.progress.settle(source, 0, 0, len(place.text), "更新", "今年没有，已删去")
        if before is not None and following is not None and before.tag == following.tag == TABLE:
            table.addprevious(made(P))
        contents = self._in_contents(above)
        for line in contents:
            source, place = self.headings[id(line)]
            view.progress.settle(source, 0, 0, len(place.text), "更新", "今年没有，已删去")
            keep_end(line)
        self.outcome.removed += [*above, table, *below, *contents]
        self.outcome.changed.append((view.source, f"今年没有的{told}，已删去"))

    def _above(self, table: Any) -> list[Any]:
        """The title of a form and what stands between the two: nothing where no title is found."""
        words = load_evaluation()
        titles = (words.headings.form, words.goal_forms.heading)
        found: list[Any] = []
        for element in table.itersiblings(preceding=True):
            known = self.headings.get(id(element))
            if element.tag != P or known is None or len(found) == DISTANCE or _ends_section(element):
                break
            found.insert(0, element)
            text = known[1].text
            if any(word in text for word in titles) and not text.endswith(("。", "；")):
                return found
        return []

    def _in_contents(self, above: Sequence[Any]) -> list[Any]:
        """The lines of the contents for a title."""
        title = self.headings[id(above[0])][1].text if above else ""
        places = [place for _, place in self.headings.values() if title]
        return [place.paragraph for place in places if in_contents(place.text, title) and stands_alone(place.paragraph)]

    def _below(self, table: Any, form: PerformanceSheet | PerformanceGoals) -> list[Any]:
        """The notes that a form prints below itself."""
        notes = compact("".join(form.notes)) if isinstance(form, PerformanceSheet) else ""
        found: list[Any] = []
        for element in table.itersiblings():
            known = self.headings.get(id(element))
            if known is None or not known[1].text or known[1].text not in notes or _ends_section(element):
                break
            found.append(element)
        return found

    def _titled(
        self, model: FormView, view: FormView, block: Sequence[Any], copies: Copies, old: str, new: str
    ) -> Iterator[Edit]:
        """The name of the project for that of the one copied from, and the years, in the title and in the cells."""
        for element in block:
            known = self.headings.get(id(element))
            if known is not None:
                yield from self._worded(moved(known[1], copies), compact(known[1].text), old, new)
        for source in model.cells:
            for part, text in enumerate(self.texts.of(source)):
                place = view.places(source)[part]
                for edit in self._worded(place, text, old, new):
                    view.progress.settle(source, part, edit.start, edit.end, "更新")
                    yield edit

    def _worded(self, place: TextPlace, text: str, old: str, new: str) -> Iterator[Edit]:
        at = text.find(compact(old))
        end = at + len(compact(old))
        if at >= 0:
            yield Edit(place, at, end, new)
        for start, stop, year in years_in(text, self.last.year, self.shift):
            if at < 0 or stop <= at or start >= end:
                yield Edit(place, start, stop, year)


def _ends_section(element: Any) -> bool:
    return element.find(f".//{W}sectPr") is not None
