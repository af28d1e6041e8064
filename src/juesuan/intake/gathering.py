"""All that a unit gives put together: who it is and which year, what each file is, and what is taken from each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from juesuan.account import Account, Issue, Source, Unit, UnreadableFileError, UnreadableSourceError, spaceless
from juesuan.compiler import Collected, Entry, Gathered, Sources, collect, find_sources, issue, say
from juesuan.compiler.explaining import former_definitions
from juesuan.intake.files import demand_no_package, sort_files
from juesuan.statute import NATIONAL, Kind, load_statute
from juesuan.statute.language import OWN

if TYPE_CHECKING:
    from juesuan.intake.exports import TakenTables
    from juesuan.reader import Reading
    from juesuan.reader.exports import OpenedFile

# Who compiles from workbook and ledger alone needs no reader, which loads slowly: it is loaded where files are opened.

TABLES = ("xls", "xlsx")
"""The formats of files that are tables alone."""


class OtherFile(msgspec.Struct, frozen=True):
    """A file besides workbook and ledger, with the unit and year that it says it is of."""

    path: Path
    unit: str
    year: int
    kind: Kind
    profile: str
    opened: OpenedFile | None = None
    reading: Reading | None = None

    @property
    def tables_only(self) -> bool:
        """Whether it is a workbook of tables of final accounts, such as software exports."""
        return self.opened is not None and self.kind == "决算"


class Intake(msgspec.Struct):
    """Everything collected of one unit, what was noticed on the way, and the documents that it can be held against."""

    collected: Collected
    exports: TakenTables | None = None
    notes: list[Issue] = []
    against: list[Account] = []

    @property
    def own(self) -> bool:
        """Whether there is a workbook or a ledger."""
        return bool(self.collected.sources.workbook or self.collected.sources.ledgers)


def take_in(
    paths: Sequence[Path], profile: str | None = None, *, root: Path | None = None, accept: bool = False
) -> Intake:
    """All that the files at `paths` say: workbook, ledgers, official exports, published budget, last year's account.

    A file of another unit or year is a problem and gives no value, unless it is to be accepted (`accept`). Raises
    UnreadableSourceError for files that cannot be read or are nothing of the kind, StatuteError for mistakes in the
    statute.
    """
    given = sort_files(paths)
    demand_no_package(paths)
    if not given.others:
        return Intake(collect(find_sources(given.own), profile, root=root))
    others = [_opened(path, profile) for path in given.others]
    sources = find_sources(given.own) if given.own else Sources(None, (), "")
    place = next((other.profile for other in others if other.kind == "决算"), NATIONAL)
    chosen = profile or (sources.profile if sources.workbook else place)
    own = collect(sources, chosen, root=root) if given.own else None
    unit, year = _whose(others, own.gathered if own else Gathered())
    taken, problems, notes = _fitting(others, unit, year, accept)
    statute = own.statute if own and own.statute.year == year else load_statute(chosen, year, *([root] if root else []))
    gathered = own.gathered if own else Gathered()
    gathered.year = gathered.year or year
    gathered.problems.extend(problems)
    intake = Intake(Collected(sources, statute, gathered), notes=notes)
    _take(intake, taken, year, unit)
    return intake


def _opened(path: Path, profile: str | None) -> OtherFile:
    """A file with what it says of itself. Raises UnreadableSourceError."""
    from juesuan.intake.exports import approves
    from juesuan.reader import read_document
    from juesuan.reader.exports import open_file

    try:
        if path.suffix.lower() != ".json":
            opened = open_file(path, profile)
            identity = opened.identity
            kind = load_statute(identity.profile).profile.kind
            if opened.raw.format in TABLES and (kind == "决算" or approves(opened)):
                return OtherFile(path, identity.unit, identity.year, kind, identity.profile, opened)
        reading = read_document(path, None)
    except UnreadableFileError as error:
        refuse([path])
        raise UnreadableSourceError(str(error), error.code) from error
    account = reading.account
    if not account.facts:
        refuse([path])
    law = reading.statute.profile
    return OtherFile(path, account.unit.name, account.year, law.kind, law.key, None, reading)


def refuse(paths: Sequence[Path]) -> None:
    """Raises UnreadableSourceError for files in which nothing was recognised, saying what they are where that shows."""
    collect(Sources(None, tuple(paths), NATIONAL))
    message = say("file.nothing", file="、".join(path.name for path in paths))
    raise UnreadableSourceError(message, message.code)


def _whose(others: Sequence[OtherFile], own: Gathered) -> tuple[str, int]:
    """The unit and the year of the account: what the workbook says, else the newest export, else what they follow."""
    exports = [other for other in others if other.tables_only]
    finals = [other for other in others if other.kind == "决算" and not other.tables_only]
    budgets = [other for other in others if other.kind == "预算"]
    year = own.year or max((e.year for e in exports), default=0) or max((b.year for b in budgets), default=0)
    year = year or max((final.year + 1 for final in finals if final.year), default=0)
    named = [other.unit for group in (exports, budgets, finals) for other in group if other.unit]
    unit = own.unit.name if own.unit and own.unit.name else next(iter(named), "")
    return unit, year


def _what(other: OtherFile, year: int) -> str:
    if other.kind == "预算":
        return "预算"
    return "决算报表" if other.tables_only and other.year in (0, year) else "决算"


def _fitting(
    others: Sequence[OtherFile], unit: str, year: int, accept: bool
) -> tuple[list[OtherFile], list[Issue], list[Issue]]:
    """The files to take from, the problems with those of another unit or year, and notes on those accepted."""
    taken: list[OtherFile] = []
    problems: list[Issue] = []
    notes: list[Issue] = []
    for other in others:
        what, place = _what(other, year), Source(file=other.path.name)
        wanted = year if other.kind == "预算" or other.tables_only else year - 1
        foreign = bool(other.unit and unit) and spaceless(other.unit) != spaceless(unit)
        years = (wanted, year - 1) if other.tables_only else (wanted,)
        late = bool(other.year and year) and other.year not in years
        if (foreign or late) and not accept:
            message = (
                say("other.unit", found=other.unit, what=what, unit=unit)
                if foreign
                else say("other.year", found=other.year, what=what, year=year, wanted=wanted)
            )
            problems.append(issue(message, place))
            continue
        if foreign or late:
            found, when = other.unit or unit, other.year or ""
            message = say("other.taken", found=found, other_year=when, what=what)
            notes.append(issue(message, place))
        taken.append(other)
    return taken, problems, notes


def _take(intake: Intake, taken: Sequence[OtherFile], year: int, unit: str) -> None:
    """Takes figures and texts from the files, exports before documents, into what was collected."""
    from juesuan.intake.documents import budget_entries, budget_facts, last_year, standing_texts
    from juesuan.intake.exports import take_exports
    from juesuan.reader import read_document

    gathered, statute = intake.collected.gathered, intake.collected.statute
    exports = [other.opened for other in taken if other.opened and other.tables_only and other.year in (0, year)]
    if exports:
        intake.exports = take_exports(exports, statute)
        gathered.facts.extend(intake.exports.facts)
        gathered.problems.extend(intake.exports.problems)
        intake.notes.extend(intake.exports.notes)
        if not intake.exports.forms and not intake.own:
            refuse([file.path for file in exports])
    if gathered.unit is None and unit:
        gathered.unit = Unit(unit)
    for other in taken:
        if other.tables_only and other.year in (0, year):
            continue
        if other.opened and other.kind == "预算":
            approved = take_exports([other.opened], statute)
            gathered.problems.extend(approved.problems)
            _take_budget(intake, budget_entries(approved.facts, gathered.entries, statute), approved.notes)
            continue
        reading = other.reading or read_document(other.path, None)
        account = reading.account
        intake.against.append(account)
        if other.kind == "预算":
            _take_budget(intake, budget_entries(budget_facts(account), gathered.entries, statute))
        else:
            known = {fact.address for fact in gathered.facts}
            gathered.facts.extend(fact for fact in last_year(account, statute) if fact.address not in known)
            texts = standing_texts(account, statute)
            used = {entry.function for entry in gathered.entries} | {fact.address.row for fact in gathered.facts}
            for key, text in former_definitions(account, statute).items():
                if key.removeprefix(OWN) in used:
                    gathered.texts.setdefault(key, text)
            for key, text in texts.items():
                if gathered.texts.get(key):
                    continue
                gathered.texts[key] = text
                if f"{year - 1}年" in re.sub(r"\s", "", text):
                    place = Source(file=other.path.name)
                    intake.notes.append(issue(say("texts.year", name=key, year=year - 1), place))


def _take_budget(intake: Intake, budget: tuple[list[Entry], list[Issue]], notes: Sequence[Issue] = ()) -> None:
    entries, differences = budget
    intake.collected.gathered.entries.extend(entries)
    intake.notes.extend((*notes, *differences))
