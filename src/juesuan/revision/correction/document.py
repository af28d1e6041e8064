"""A DOCX corrected by tracked changes: only what a second check confirms, everything else told in comments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from juesuan.account import Account, Issue
from juesuan.checker.reports import finding_text
from juesuan.revision.correction.attempt import CorrectionAttempt
from juesuan.revision.correction.candidates import Change
from juesuan.revision.correction.result import Correction, comment_on, result_of
from juesuan.revision.docx import DocxFile, Edit, Reviser, apply_edits, obstacle
from juesuan.revision.numbers import numbers_in, quantity
from juesuan.revision.texts import Texts
from juesuan.statute import Statute

_REVISER = Reviser("juesuan")


class _Docx:
    """A DOCX as changes are made in it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.file = DocxFile(path)
        places = self.file.index.places
        self.texts = Texts({source: tuple(place.text for place in found) for source, found in places.items()})

    def obstacle(self, change: Change) -> str:
        return obstacle(_edit(self.file, change))

    def write(self, changes: Sequence[Change], target: Path) -> None:
        file = DocxFile(self.path)
        apply_edits(file, [_edit(file, change) for change in changes], _REVISER, tracked=False)
        file.save(target)


def _edit(file: DocxFile, change: Change, comments: tuple[str, ...] = ()) -> Edit:
    place = file.index.places[change.source][change.part]
    return Edit(place, change.start, change.end, change.text, comments)


def correct_docx(
    path: Path,
    target: Path,
    profile: str | None = None,
    *,
    reviser: Reviser = _REVISER,
    unsafe: bool = False,
    against: Sequence[Account] = (),
) -> Correction:
    """Writes the document at `path` with its findings corrected as tracked changes, or commented, to `target`.

    A change is made only where the finding says what is right, the register allows it (`unsafe`: also what a person
    must agree to), and the changed document, read and checked again, has that finding no more and no other instead.
    Raises UnreadableFileError.
    """
    document = _Docx(path)
    attempt = CorrectionAttempt(document, profile, against, unsafe=unsafe)
    outcome = attempt.outcome()
    law = attempt.before.reading.statute
    edits = [
        _edit(document.file, change, (comment_on(finding, law, change),)) for finding, change in outcome.agreed
    ]
    remarks = _Remarks(document, law)
    for finding in outcome.after.findings:
        remarks.add(finding, edits)
    remarks.add_loose(edits)
    apply_edits(document.file, edits, reviser, tracked=True)
    document.file.save(target)
    return result_of(attempt, outcome)


class _Remarks:
    """Findings as comments where they belong; those without a place at the beginning of the document."""

    def __init__(self, document: _Docx, statute: Statute) -> None:
        self.file = document.file
        self.texts = document.texts
        self.statute = statute
        self.loose: list[str] = []

    def add(self, finding: Issue, edits: list[Edit]) -> None:
        text = finding_text(finding, self.statute)
        remark = self._placed(finding, text)
        if remark is None:
            self.loose.append(text)
        else:
            _join(edits, remark)

    def add_loose(self, edits: list[Edit]) -> None:
        first = self.file.first_paragraph()
        every = (place for places in self.file.index.places.values() for place in places)
        place = next((place for place in every if place.paragraph is first), None)
        place = place or next((place for places in self.file.index.places.values() for place in places), None)
        if self.loose and place is not None:
            _join(edits, Edit(place, 0, 0, None, tuple(self.loose)))

    def _placed(self, finding: Issue, text: str) -> Edit | None:
        places = self.file.index.places
        stated = quantity(finding.stated) if finding.stated else None
        for source in finding.places:
            if places.get(source):
                for part, words in enumerate(self.texts.of(source)):
                    for number in numbers_in(words):
                        if stated is not None and abs(number.base) == abs(stated.base) and number.unit == stated.unit:
                            return Edit(places[source][part], number.start, number.end, None, (text,))
                return Edit(places[source][0], 0, 0, None, (text,))
            beginning = next((s for s in places if source.sheet and s.cell and s.sheet == source.sheet), None)
            if beginning is not None and places[beginning]:
                return Edit(places[beginning][0], 0, 0, None, (text,))
        return None


def _join(edits: list[Edit], remark: Edit) -> None:
    """Adds a comment; where it is about words that another edit is about, to that one."""
    for index, edit in enumerate(edits):
        if edit.place.paragraph is not remark.place.paragraph:
            continue
        same = (edit.start, edit.end) == (remark.start, remark.end)
        if same or (edit.start < remark.end and remark.start < edit.end):
            edits[index] = msgspec.structs.replace(edit, comments=(*edit.comments, *remark.comments))
            return
    edits.append(remark)
