"""What a unit has filled in, compiled as it stands, with every finding beside the cell it is about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Literal

import msgspec

from juesuan.compiler.actual_values import ask_for_values
from juesuan.compiler.assemble import Compilation, Missing, assemble
from juesuan.compiler.editor.content import FILE, ContentBook, ContentPlace, FilingContent
from juesuan.compiler.entries import Gathered, Problem
from juesuan.compiler.messages import say
from juesuan.compiler.sources import Sources, own_codes
from juesuan.compiler.tables import Fault
from juesuan.compiler.workbook.plan import PlannedSheet, Slot, template_of
from juesuan.compiler.workbook.reader import read_book
from juesuan.statute.profile import Statute

MOST_BESIDE = 3
"""A broken relation stands beside its cells where a sheet has no more of them than this; else above the sheet."""

Level = Literal["error", "missing", "warning", "notice"]
"""A cell or an equation that is wrong; a text that the law wants; something to be explained, or only to be known."""


class Note(msgspec.Struct, frozen=True):
    """A finding on what is filled in: `code` of the relation, if it is not a single cell's; `spots` its cells."""

    level: Level
    message: str
    spots: tuple[ContentPlace, ...] = ()
    code: str = ""
    why: str = ""
    basis: str = ""
    key: str = ""
    """For a missing text: its key."""


class Examination(msgspec.Struct, frozen=True):
    """The compilation of what is filled in, and the findings by cell."""

    compilation: Compilation
    notes: tuple[Note, ...]

    def count(self, level: Level) -> int:
        """How many findings of this level there are."""
        return sum(note.level == level for note in self.notes)


def examine(filled: FilingContent, statute: Statute, folder: Path | None = None) -> Examination:
    """Compiles what is filled in; nothing is raised for what is wrong in it.

    With `folder` evidence (佐证) is taken from the files in it and from nowhere else; without it no query is run, and
    indicators whose values a query is to give are not asked for.
    """
    book = ContentBook(filled, statute)
    gathered = read_book(book, statute)
    if gathered.data_sets or gathered.bindings:
        _evidence(gathered, statute, folder)
    ask_for_values(gathered)
    compilation = assemble(gathered, statute.with_codes(own_codes(gathered)))
    return Examination(compilation, tuple(_notes(compilation, book, filled)))


def _evidence(gathered: Gathered, statute: Statute, folder: Path | None) -> None:
    if folder is None:
        gathered.unproved_indicators.update((line.subject, line.name) for line in gathered.bindings)
        return
    from juesuan.compiler.evidence import prove

    usable = []
    for data in gathered.data_sets:
        if data.place in _names(folder):
            usable.append(data)
        elif data.source:
            gathered.problems.append(Problem.at(data.source, say("evidence.place", found=data.place)))
    named = []
    for line in gathered.bindings:
        if line.query.strip().lower().endswith(".sql") and line.query.strip() not in _names(folder):
            if line.source:
                gathered.problems.append(Problem.at(line.source, say("evidence.place", found=line.query)))
        else:
            named.append(line)
    gathered.data_sets, gathered.bindings = usable, named
    prove(gathered, Sources(folder / "workbook.xlsx", (), statute.profile.key), gathered.year or statute.year)


def _names(folder: Path) -> frozenset[str]:
    """The files that evidence may come from: those that lie in the folder itself."""
    return frozenset(PurePosixPath(path).name for path in folder.iterdir() if path.is_file() and not path.is_symlink())


def _notes(compilation: Compilation, book: ContentBook, filled: FilingContent) -> Iterator[Note]:
    for problem in compilation.problems:
        spot = book.spot(problem.sheet, problem.cell) if problem.sheet else None
        yield Note("error", problem.message, (spot,) if spot else ())
    for fault in compilation.faults:
        spots = _spots(fault, book)
        level: Level = "error" if fault.error else "warning"
        yield Note(level, fault.message, spots, fault.code, fault.why, fault.basis)
    for missing in compilation.missing:
        spot = place_of_text(missing.key, book, filled)
        yield Note("missing", _asking(missing), (spot,) if spot else (), key=missing.key)
    for issue in compilation.scoring:
        place = next(iter(issue.places), None)
        spot = book.spot(place.sheet, place.cell) if place else None
        text = f"{issue.where}：{issue.message}{issue.advice}"
        yield Note(issue.severity, text, (spot,) if spot else (), issue.code)
    for text in compilation.unproved:
        yield Note("warning", text)


def _spots(fault: Fault, book: ContentBook) -> tuple[ContentPlace, ...]:
    """The cells that a broken relation is about; of a sheet on which they are many, the sheet."""
    by_sheet: dict[str, dict[ContentPlace, None]] = {}
    for place in fault.places:
        spot = book.spot(place.sheet, place.cell) if place.file == FILE else None
        if spot:
            by_sheet.setdefault(spot.sheet, {})[spot] = None
    return tuple(
        spot
        for sheet, spots in by_sheet.items()
        for spot in (spots if len(spots) <= MOST_BESIDE else [ContentPlace(sheet)])
    )


def _asking(missing: Missing) -> str:
    return f"{missing.section}：{missing.wanted}"


def place_of_text(key: str, book: ContentBook, filled: FilingContent) -> ContentPlace | None:
    """The cell in which the text called `key` is written; None where there is no line for it yet."""
    for sheet in book.sheets.values():
        for slot in sheet.inputs:
            if slot.plan.target == f"texts.{key}":
                return ContentPlace(sheet.key, 0, slot.plan.key)
            if slot.of_line and (found := template_of(slot.plan.target).fullmatch(key)):
                return _line_of(sheet, slot, found.groupdict(), filled)
    return None


def _line_of(sheet: PlannedSheet, slot: Slot, where: dict[str, str], filled: FilingContent) -> ContentPlace | None:
    for line in filled.page(sheet.key).lines:
        if all(line.cells.get(name, "").strip() == value for name, value in where.items()):
            return ContentPlace(sheet.key, line.id, slot.plan.key)
    return None
