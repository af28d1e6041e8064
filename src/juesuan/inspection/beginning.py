"""A unit's own files as the beginning of what it fills in: official exports, the budget, last year's account."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from juesuan.account import Account, Issue, UnreadableSourceError
from juesuan.inspection.compilation import compile_intake
from juesuan.statute import Kind, Statute, load_statute

# As in compilation.py: checking a published file needs nothing of the compiler.
if TYPE_CHECKING:
    from juesuan.compiler.editor import FilingContent, GivenFigures
    from juesuan.intake import Intake

MOST_TOLD = 20
"""How many problems are told of files that cannot be taken."""


class Beginning(msgspec.Struct, frozen=True):
    """What files give to begin with: whose they are, what is filled in, and the accounts to hold it against.

    `last` is last year's of the same kind, `budget` the year's for a final account, `outcome` last year's final account
    for a budget. `asked` is what the files do not say and the disclosure needs, `notes` what was noticed.
    """

    unit: str
    year: int
    profile: str
    filled: FilingContent
    last: Account | None
    budget: Account | None
    outcome: Account | None
    asked: tuple[Issue, ...]
    notes: tuple[Issue, ...]


def begin_from(paths: Sequence[Path], profile: str | None = None, beside: Account | None = None) -> Beginning:
    """What the files at `paths` of one unit and year give to begin filling in with, or to go on with beside what is
    filled in already, of which `beside` is the account.

    Raises UnreadableSourceError for files that cannot be read, contradict each other or are of another unit or year,
    and StatuteError.
    """
    from juesuan.compiler.editor import of_contents
    from juesuan.intake import questions, take_in, unanswered

    intake = take_in(paths, profile)
    if intake.collected.gathered.problems:
        told = [str(problem) for problem in intake.collected.gathered.problems[:MOST_TOLD]]
        raise UnreadableSourceError("文件没有读入：\n" + "\n".join(told))
    compilation = compile_intake(intake)
    known = questions(intake, compilation)
    filled = of_contents(known.known)
    filled.given = _given(intake, paths)
    statute = compilation.statute
    return Beginning(
        compilation.account.unit.name, statute.year, statute.profile.key, filled,
        _among(intake.against, statute, statute.profile.kind),
        _among(intake.against, statute, "预算") if statute.profile.kind == "决算" else None,
        _among(intake.against, statute, "决算") if statute.profile.kind == "预算" else None,
        tuple(unanswered(intake, compilation, beside)), tuple(intake.notes),
    )  # fmt: skip


def _given(intake: Intake, paths: Sequence[Path]) -> GivenFigures:
    from juesuan.compiler.editor import GivenFigures

    exports = intake.exports
    return GivenFigures(
        [path.name for path in paths], list(exports.facts) if exports else [],
        sorted(exports.answered) if exports else [],
    )  # fmt: skip


def _among(accounts: Sequence[Account], statute: Statute, kind: Kind) -> Account | None:
    """The disclosure of a kind that the one under `statute` is held against, among `accounts`."""
    from juesuan.intake import OFFSETS

    year = statute.year - OFFSETS[statute.profile.kind, kind]
    known = (account for account in accounts if _kind(account) == kind)
    return next((account for account in known if account.year == year), None)


def of_accounts(accounts: Sequence[Account], statute: Statute) -> FilingContent:
    """What other documents of a unit, which were read already, give to begin a disclosure under `statute` with.

    The budget's projects are those whose outlay a final account will be asked for.
    """
    from juesuan.compiler.editor import of_gathered
    from juesuan.compiler.workbook import sheets
    from juesuan.intake import take_accounts

    filled = of_gathered(take_accounts(accounts, statute), statute)
    planned = [project for account in accounts for project in account.projects if _kind(account) == "预算"]
    for sheet in sheets(statute) if statute.profile.kind == "决算" else ():
        page = filled.page(sheet.key)
        slots = {slot.plan.target: slot.plan.key for slot in sheet.inputs}
        for project in planned if "project.initial" in slots and not page.lines else ():
            told = {"name": project.name, "function": project.function, "initial": f"{project.budget:f}"}
            page.add({slots[f"project.{name}"]: value for name, value in told.items() if value})
    return filled


def _kind(account: Account) -> Kind:
    return load_statute(account.profile).profile.kind
