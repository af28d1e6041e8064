"""What a unit has filled in, compiled as it stands, with every finding beside the cell it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import Literal

import msgspec

from juesuan.account import Issue
from juesuan.compiler.assembly import TEXTS_WANTED, Compilation, assemble
from juesuan.compiler.editor.content import FILE, ContentBook, ContentPlace, FilingContent
from juesuan.compiler.entries import Gathered
from juesuan.compiler.messages import issue_at, say
from juesuan.compiler.performance import ask_for_values
from juesuan.compiler.sources import Sources, own_codes
from juesuan.compiler.workbook.plan import PlannedSheet, Slot, template_of
from juesuan.compiler.workbook.reader import read_book
from juesuan.statute import Statute, load_rules

MOST_BESIDE = 3
"""A broken relation stands beside its cells where a sheet has no more of them than this; else above the sheet."""

Level = Literal["error", "missing", "warning", "notice"]
"""A cell or an equation that is wrong; a text that the law wants; something to be explained, or only to be known."""


class PlacedIssue(msgspec.Struct, frozen=True):
    """An issue and the cells of the sheets that it stands beside."""

    issue: Issue
    spots: tuple[ContentPlace, ...] = ()

    @property
    def level(self) -> Level:
        """How severe it is; a text that is missing is told apart, because a draft may be made without it."""
        return "missing" if self.issue.code in TEXTS_WANTED else self.issue.severity

    @property
    def message(self) -> str:
        """What is wrong and what to do, for who looks at the cell; with the place in words where there is no cell."""
        if self.level == "missing":
            return f"{self.issue.where}：{self.issue.expected}"
        return f"{self.issue.message if self.spots else self.issue}{self.issue.advice}"

    @property
    def why(self) -> str:
        """The relation that does not hold, or why the rule is there."""
        rule = load_rules().get(self.issue.code)
        return self.issue.equation or (rule.why if rule else "")

    @property
    def basis(self) -> str:
        """The act or published form that it rests on."""
        rule = load_rules().get(self.issue.code)
        return self.issue.basis or (rule.basis if rule else "")


class Examination(msgspec.Struct, frozen=True):
    """The compilation of what is filled in, and the findings by cell."""

    compilation: Compilation
    placed: tuple[PlacedIssue, ...]

    def count(self, level: Level) -> int:
        """How many findings of this level there are."""
        return sum(placed.level == level for placed in self.placed)


def examine(
    filled: FilingContent, statute: Statute, folder: Path | None = None,
    settle: Callable[[Gathered, Statute], None] | None = None,
) -> Examination:
    """Compiles what is filled in; nothing is raised for what is wrong in it.

    With `folder` evidence (佐证) is taken from the files in it and from nowhere else; without it no query is run, and
    indicators whose values a query is to give are not asked for. `settle` may add what other documents say.
    """
    book = ContentBook(filled, statute)
    gathered = read_book(book, statute)
    gathered.facts.extend(filled.figures.facts)
    if settle is not None:
        settle(gathered, statute)
    if gathered.data_sets or gathered.bindings:
        _evidence(gathered, statute, folder)
    if statute.profile.kind == "决算":
        ask_for_values(gathered)
    compilation = assemble(gathered, statute.with_codes(own_codes(gathered)))
    return Examination(compilation, tuple(_placed(compilation, book, filled)))


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
            gathered.problems.append(issue_at(data.source, say("evidence.place", found=data.place)))
    named = []
    for line in gathered.bindings:
        if line.query.strip().lower().endswith(".sql") and line.query.strip() not in _names(folder):
            if line.source:
                gathered.problems.append(issue_at(line.source, say("evidence.place", found=line.query)))
        else:
            named.append(line)
    gathered.data_sets, gathered.bindings = usable, named
    prove(gathered, Sources(folder / "workbook.xlsx", (), statute.profile.key), gathered.year or statute.year)


def _names(folder: Path) -> frozenset[str]:
    """The files that evidence may come from: those that lie in the folder itself."""
    return frozenset(PurePosixPath(path).name for path in folder.iterdir() if path.is_file() and not path.is_symlink())


def _placed(compilation: Compilation, book: ContentBook, filled: FilingContent) -> Iterator[PlacedIssue]:
    for fault in compilation.faults:
        yield PlacedIssue(fault, _spots(fault, book))
    for missing in compilation.missing:
        spot = place_of_text(missing.address, book, filled)
        if spot is None and missing.place.cell:
            spot = book.spot(missing.place.sheet, missing.place.cell)
        yield PlacedIssue(missing, (spot,) if spot else ())
    for issue in (
        *compilation.problems, *compilation.against_figures, *compilation.scoring, *compilation.unproved,
        *compilation.notes,
    ):  # fmt: skip
        spot = book.spot(issue.place.sheet, issue.place.cell) if issue.place.sheet else None
        yield PlacedIssue(issue, (spot,) if spot else ())


def _spots(fault: Issue, book: ContentBook) -> tuple[ContentPlace, ...]:
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
