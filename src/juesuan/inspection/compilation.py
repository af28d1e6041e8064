"""An account compiled and held to our own checker before anything of it is written."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from juesuan.account import Account, FaultyAccountsError, Issue
from juesuan.checker import check
from juesuan.statute import Kind, load_statute

# What compiles is loaded by who compiles: checking a published file needs none of it.
if TYPE_CHECKING:
    from juesuan.compiler import Compilation, Paths
    from juesuan.intake import Intake


def compile_sources(
    source: Paths,
    profile: str | None = None,
    *,
    root: Path | None = None,
    scheme: str = "",
    accept: bool = False,
) -> Compilation:
    """The compilation of one unit's files, checked: workbook, ledgers, official exports, budget, last year's account.

    With `accept` files of another unit or year are taken from as well. Raises as juesuan.intake.take_in and
    juesuan.compiler.compile_sources do.
    """
    from juesuan.intake import take_in, without_figures

    intake = take_in(_paths(source), profile, root=root, accept=accept)
    compilation = compile_intake(intake, scheme)
    nothing = without_figures(intake)
    if nothing is None:
        return compilation
    # Of an account of noughts every sum holds and every change is to be explained: none of that is the matter.
    return msgspec.structs.replace(
        compilation, problems=(nothing, *compilation.problems), faults=(), contradictions=(), missing=()
    )


def compile_intake(intake: Intake, scheme: str = "") -> Compilation:
    """The compilation of what was taken in, checked, with what no file says listed as missing."""
    from juesuan.compiler import compile_collected
    from juesuan.intake import differences, unanswered

    compilation = compile_collected(intake.collected, scheme)
    missing = (*unanswered(intake, compilation), *compilation.missing)
    notes = (*compilation.notes, *intake.notes, *differences(intake, compilation))
    former = last_year_among(intake.against, compilation.account.year)
    return with_contradictions(
        msgspec.structs.replace(compilation, missing=missing, notes=notes, former=former), against=intake.against
    )


def last_year_among(accounts: Sequence[Account], year: int) -> Account | None:
    """The account of the year before `year` among `accounts`: no budget."""
    finals = (account for account in accounts if load_statute(account.profile).profile.kind == "决算")
    return next((account for account in finals if account.year == year - 1), None)


def ask_for_rest(
    source: Paths,
    path: Path,
    profile: str | None = None,
    *,
    kind: Kind | None = None,
    root: Path | None = None,
    accept: bool = False,
) -> tuple[Compilation, list[str]]:
    """Writes to `path` the workbook that asks for what the files do not say of the account, or (`kind`) the budget;
    gives its sheets too. Raises as compile_sources does. Nothing is written where the files contradict themselves.
    """
    from juesuan.inspection.marking import mark_questions
    from juesuan.intake import take_in, undecided, write_questions

    intake = take_in(_paths(source), profile, kind=kind, root=root, accept=accept)
    compilation = undecided(compile_intake(intake))
    if compilation.problems or any(fault.severity == "error" for fault in compilation.faults):
        return compilation, []
    asked = write_questions(path, intake, compilation)
    mark_questions(compilation, path)
    return compilation, asked


def _paths(source: Paths) -> list[Path]:
    return [Path(source)] if isinstance(source, (Path, str)) else [Path(path) for path in source]


def compile_account(source: Paths, profile: str | None = None, *, draft: bool = False) -> Account:
    """The account made from one unit's files.

    Raises FaultyAccountsError, with every message, where a cell or row is wrong, a relation is broken, the checker
    finds an error, or (unless `draft`) a text that the law wants is missing; UnreadableSourceError for files that
    cannot be read.
    """
    compilation = compile_sources(source, profile)
    if not compilation.sound or (compilation.missing and not draft):
        raise FaultyAccountsError(compilation.messages())
    return compilation.account


def with_contradictions(compilation: Compilation, *, against: Sequence[Account] = ()) -> Compilation:
    """The compilation with the errors that the checker finds in its account.

    What it finds `against` other documents (last year's account, the budget) is noted besides. Accounts with broken
    relations or unreadable cells are left alone: what follows from those is told already.
    """
    if not compilation.sound:
        return compilation
    report = check(compilation.account, statute=compilation.statute)
    errors = tuple(issue for issue in report.findings if issue.severity == "error")
    notes = _across(compilation, against, {issue.message for issue in report.findings})
    return msgspec.structs.replace(compilation, contradictions=errors, notes=(*compilation.notes, *notes))


def _across(compilation: Compilation, against: Sequence[Account], told: set[str]) -> list[Issue]:
    """What only the comparison with other documents finds, but for how much was compared."""
    if not against:
        return []
    report = check(compilation.account, statute=compilation.statute, against=against)
    return [issue for issue in report.findings if issue.message not in told and not issue.code.startswith("Q")]
