"""All that a unit gives put together: who it is and which year, what each file is, and what is taken from each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from juesuan.account import Account, Issue, Source, Unit, UnreadableFileError, UnreadableSourceError, spaceless
from juesuan.compiler import (
    Collected,
    Entry,
    Gathered,
    Message,
    Sources,
    collect,
    compile_collected,
    find_sources,
    is_workbook_to_fill,
    issue,
    say,
)
from juesuan.compiler.explaining import former_definitions
from juesuan.intake.files import demand_no_package, sort_files
from juesuan.statute import NATIONAL, Kind, Statute, load_evaluation, load_statute
from juesuan.statute.language import OWN
from juesuan.statute.loader import BASES

if TYPE_CHECKING:
    from juesuan.intake.exports import TakenTables
    from juesuan.reader import Reading
    from juesuan.reader.exports import OpenedFile

# Who compiles from workbook and ledger alone needs no reader, which loads slowly: it is loaded where files are opened.

OFFSETS: dict[tuple[Kind, Kind], int] = {
    ("决算", "预算"): 0, ("决算", "决算"): 1, ("预算", "预算"): 1, ("预算", "决算"): 1,
}  # fmt: skip
"""How many years before the disclosure (first) a document (second) is of that something is taken from."""

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
    problems: tuple[Issue, ...] = ()
    """What is wrong with a workbook that was compiled for it."""

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
    paths: Sequence[Path],
    profile: str | None = None,
    *,
    kind: Kind | None = None,
    root: Path | None = None,
    accept: bool = False,
) -> Intake:
    """All that the files at `paths` say: workbook, ledgers, official exports, published budget, last year's account.

    Where no workbook and no `profile` say whose disclosure it is, it is of `kind`, and of the place of the newest
    document of that kind.
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
    chosen = profile or (sources.profile if sources.workbook else _place(others, kind or "决算"))
    own = collect(sources, chosen, root=root) if given.own else None
    made = own.statute.profile.kind if own else load_statute(chosen).profile.kind
    unit, year = _whose(others, own.gathered if own else Gathered(), made)
    taken, problems, notes = _fitting(others, unit, year, accept, made)
    statute = own.statute if own and own.statute.year == year else load_statute(chosen, year, *([root] if root else []))
    gathered = own.gathered if own else Gathered()
    gathered.year = gathered.year or year
    gathered.problems.extend(problems)
    intake = Intake(Collected(sources, statute, gathered, own.notes if own else ()), notes=notes)
    _take(intake, taken, year, unit)
    return intake


def without_figures(intake: Intake) -> Issue | None:
    """The problem that none of the files has any income or outlay of the year itself; None where one has some, or was
    to have some and could not be read.
    """
    gathered = intake.collected.gathered
    if intake.exports or any(entry.period == "本年" and entry.amount for entry in gathered.entries):
        return None
    workbook = intake.collected.sources.workbook
    if workbook is None:
        return issue(say("figures.none"), Source())
    return issue(say("figures.workbook", file=workbook.name), Source(file=workbook.name))


def _place(others: Sequence[OtherFile], kind: Kind) -> str:
    """The profile of the first file of `kind`, where it is of a place; else the national one."""
    return next((other.profile for other in others if other.kind == kind), BASES[kind])


def _opened(path: Path, profile: str | None) -> OtherFile:
    """A file with what it says of itself. Raises UnreadableSourceError."""
    from juesuan.intake.exports import approves
    from juesuan.reader import read_document
    from juesuan.reader.exports import open_file

    if path.suffix.lower() == ".xlsx" and is_workbook_to_fill(path):
        return _compiled(path)
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


def _compiled(path: Path) -> OtherFile:
    """A budget's workbook, compiled; what is wrong with it is told with the rest."""
    from juesuan.reader import Reading

    made = compile_collected(collect(find_sources([path])))
    account, law = made.account, made.statute
    faults = tuple(fault for fault in made.faults if fault.severity == "error")
    reading, problems = Reading(account, law, ()), (*made.problems, *faults)
    return OtherFile(path, account.unit.name, account.year, law.profile.kind, law.profile.key, None, reading, problems)


def refuse(paths: Sequence[Path]) -> None:
    """Raises UnreadableSourceError for files in which nothing was recognised, saying what they are where that shows."""
    collect(Sources(None, tuple(paths), NATIONAL))
    message = say("file.nothing", file="、".join(path.name for path in paths))
    raise UnreadableSourceError(message, message.code)


def _whose(others: Sequence[OtherFile], own: Gathered, kind: Kind) -> tuple[str, int]:
    """The unit and the year of the account: what the workbook says, else the newest export, else what they follow."""
    exports = [other for other in others if _of_the_year(other, kind)]
    finals = [other for other in others if other.kind == "决算" and other not in exports]
    budgets = [other for other in others if other.kind == "预算" and other not in exports]
    later = OFFSETS[kind, "预算"]
    year = own.year or max((e.year for e in exports), default=0)
    year = year or max((b.year + later for b in budgets if b.year), default=0)
    year = year or max((final.year + 1 for final in finals if final.year), default=0)
    named = [other.unit for group in (exports, budgets, finals) for other in group if other.unit]
    unit = own.unit.name if own.unit and own.unit.name else next(iter(named), "")
    return unit, year


def _of_the_year(other: OtherFile, kind: Kind) -> bool:
    """Whether a file is of the year of the disclosure itself: official tables of an account, an approved budget."""
    if kind == "决算":
        return other.tables_only
    from juesuan.intake.exports import approves

    return other.opened is not None and approves(other.opened)


def _what(other: OtherFile, year: int) -> str:
    if other.kind == "预算":
        return "预算"
    return "决算报表" if other.tables_only and other.year in (0, year) else "决算"


def _fitting(
    others: Sequence[OtherFile], unit: str, year: int, accept: bool, kind: Kind
) -> tuple[list[OtherFile], list[Issue], list[Issue]]:
    """The files to take from, the problems with those of another unit or year, and notes on those accepted."""
    taken: list[OtherFile] = []
    problems: list[Issue] = []
    notes: list[Issue] = []
    for other in others:
        what, place = _what(other, year), Source(file=other.path.name)
        own_tables = kind == "决算" and other.tables_only
        approval = kind == "预算" and _approves(other, year)
        wanted = year if own_tables or approval else year - OFFSETS[kind, other.kind]
        foreign = bool(other.unit and unit) and spaceless(other.unit) != spaceless(unit)
        years = (wanted, year - 1) if own_tables else (wanted,)
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


def _approves(other: OtherFile, year: int) -> bool:
    """Whether a file has the sheets in which the unit's budget of that year is approved (部门预算批复表)."""
    from juesuan.intake.exports import approves

    return other.opened is not None and other.year in (0, year) and approves(other.opened)


def _take(intake: Intake, taken: Sequence[OtherFile], year: int, unit: str) -> None:
    """Takes figures and texts from the files, exports before documents, into what was collected."""
    from juesuan.intake.documents import budget_entries
    from juesuan.intake.exports import take_exports
    from juesuan.reader import read_document

    gathered, statute = intake.collected.gathered, intake.collected.statute
    final = statute.profile.kind == "决算"
    own = [other for other in taken if final and other.opened and other.tables_only and other.year in (0, year)]
    exports = [other.opened for other in own if other.opened]
    if exports:
        intake.exports = take_exports(exports, statute)
        gathered.facts.extend(intake.exports.facts)
        gathered.problems.extend(intake.exports.problems)
        intake.notes.extend(intake.exports.notes)
        if not intake.exports.forms and not intake.own:
            refuse([file.path for file in exports])
    if gathered.unit is None and unit:
        # What kind of unit it is no file says: it is asked for.
        gathered.unit = Unit(unit, nature="")
    for other in (each for each in taken if each not in own):
        gathered.problems.extend(other.problems)
        if other.opened and (other.kind == "预算" or (not final and _approves(other, year))):
            approved = take_exports([other.opened], statute)
            gathered.problems.extend(approved.problems)
            _take_budget(intake, budget_entries(approved.facts, gathered.entries, statute), approved.notes)
            continue
        reading = other.reading or read_document(other.path, None)
        intake.against.append(reading.account)
        take = _INTO_FINAL if final else _INTO_BUDGET
        take[other.kind](intake, reading.account, other.path)
    if intake.against:
        from juesuan.intake.documents import still_asked

        gathered.problems[:] = still_asked(gathered.problems, gathered.facts, statute)


def _take_approved(intake: Intake, account: Account, path: Path) -> None:
    """What a final account takes from the budget of its year where it has none: approved amounts by item and project,
    “三公”经费, reserved procurement, and the goals. Each kind is noted with its place.
    """
    from juesuan.intake.documents import approved_facts, as_published, budget_entries, budget_facts
    from juesuan.intake.goals import take_goals

    gathered, statute = intake.collected.gathered, intake.collected.statute
    entries, differences = budget_entries(budget_facts(account), gathered.entries, statute)
    _take_budget(intake, (entries, differences))
    gathered.entries[:], sums = as_published(list(budget_facts(account)), gathered.entries, statute)
    gathered.facts.extend(sums)
    told: list[tuple[Message, Source | None]] = []
    if entries:
        count = len({(entry.source, entry.function) for entry in entries})
        told.append((say("budget.items", count=count), entries[0].place))
    for each, facts in approved_facts(account, gathered.facts, statute):
        gathered.facts.extend(facts)
        told.append((say("budget.adjusted", what=each.taken), facts[0].source))
    scope = load_evaluation().scopes[statute.schemes[statute.profile.scheme].execution.scope]
    taken = take_goals(account, gathered, scope.sources)
    if taken.whole:
        told.append((say("budget.adjusted", what="整体支出的全年预算数"), None))
    for key, names in (
        ("budget.projects", taken.projects), ("budget.goals", taken.goals), ("budget.indicators", taken.indicators)
    ):  # fmt: skip
        if names:
            told.append((say(key, names="、".join(names)), None))
    # What a budget's own account came from (a cell of its workbook) is no place in the file given.
    given = [place if place and place.file == path.name else Source(file=path.name) for _, place in told]
    intake.notes.extend(issue(message, place) for (message, _), place in zip(told, given, strict=True))


def _take_last_year(intake: Intake, account: Account, path: Path) -> None:
    """What a disclosure takes from last year's of its kind: the figures to compare with, and texts that hold."""
    from juesuan.intake.documents import last_year, standing_texts

    gathered, statute = intake.collected.gathered, intake.collected.statute
    known = {fact.address for fact in gathered.facts}
    gathered.facts.extend(fact for fact in last_year(account, statute) if fact.address not in known)
    _take_supervisor(gathered, account)
    used = {entry.function for entry in gathered.entries} | {fact.address.row for fact in gathered.facts}
    for key, text in former_definitions(account, statute).items():
        if key.removeprefix(OWN) in used:
            gathered.texts.setdefault(key, text)
    for key, text in standing_texts(account, statute).items():
        if gathered.texts.get(key):
            continue
        gathered.texts[key] = text
        if account.year and f"{account.year}年" in spaceless(text):
            place = Source(file=path.name)
            intake.notes.append(issue(say("texts.year", name=key, year=account.year), place))


def _take_outcome(intake: Intake, account: Account, path: Path) -> None:
    """What a budget takes from last year's final account: what was spent by item."""
    from juesuan.intake.documents import outcome_entries

    gathered = intake.collected.gathered
    gathered.entries.extend(outcome_entries(account, gathered.entries, intake.collected.statute))


def take_accounts(accounts: Sequence[Account], statute: Statute) -> Gathered:
    """What a disclosure under `statute` takes from other documents of its unit that were read already."""
    intake = Intake(Collected(Sources(None, (), statute.profile.key), statute, Gathered()))
    take = _INTO_FINAL if statute.profile.kind == "决算" else _INTO_BUDGET
    for account in accounts:
        take[load_statute(account.profile).profile.kind](intake, account, Path(account.unit.name))
    return intake.collected.gathered


_Taking = Callable[[Intake, Account, Path], None]
_INTO_FINAL: dict[Kind, _Taking] = {"预算": _take_approved, "决算": _take_last_year}
_INTO_BUDGET: dict[Kind, _Taking] = {"预算": _take_last_year, "决算": _take_outcome}


def _take_supervisor(gathered: Gathered, last: Account) -> None:
    """The department in charge (主管部门) as last year's self-evaluation forms name it, where it is not filled in."""
    named = {sheet.supervisor for sheet in last.sheets if sheet.supervisor} | {last.unit.supervisor} - {""}
    if gathered.unit is not None and not gathered.unit.supervisor and len(named) == 1:
        gathered.unit = msgspec.structs.replace(gathered.unit, supervisor=named.pop())


def _take_budget(intake: Intake, budget: tuple[list[Entry], list[Issue]], notes: Sequence[Issue] = ()) -> None:
    entries, differences = budget
    intake.collected.gathered.entries.extend(entries)
    intake.notes.extend((*notes, *differences))
