"""A unit's own files as the beginning of what it fills in: official exports, the budget, last year's account."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from juesuan.account import Account, Issue, UnreadableSourceError
from juesuan.compiler.editor import FilingContent, GivenFigures, of_contents
from juesuan.inspection.compilation import compile_intake, last_year_among
from juesuan.intake import Intake, questions, take_in, unanswered
from juesuan.statute import load_statute

MOST_TOLD = 20
"""How many problems are told of files that cannot be taken."""


class Beginning(msgspec.Struct, frozen=True):
    """What files give to begin with: whose they are, what is filled in, and the accounts to hold it against.

    `asked` is what the files do not say and the disclosure needs, `notes` what was noticed.
    """

    unit: str
    year: int
    profile: str
    filled: FilingContent
    last: Account | None
    budget: Account | None
    asked: tuple[Issue, ...]
    notes: tuple[Issue, ...]


def begin_from(paths: Sequence[Path], profile: str | None = None) -> Beginning:
    """What the files at `paths` of one unit and year give to begin filling in with.

    Raises UnreadableSourceError for files that cannot be read, contradict each other or are of another unit or year,
    and StatuteError.
    """
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
        last_year_among(intake.against, statute.year), _budget_among(intake.against, statute.year),
        tuple(unanswered(intake, compilation)), tuple(intake.notes),
    )  # fmt: skip


def _given(intake: Intake, paths: Sequence[Path]) -> GivenFigures:
    exports = intake.exports
    return GivenFigures(
        [path.name for path in paths], list(exports.facts) if exports else [],
        sorted(exports.answered) if exports else [],
    )  # fmt: skip


def _budget_among(accounts: Sequence[Account], year: int) -> Account | None:
    budgets = (account for account in accounts if load_statute(account.profile).profile.kind == "预算")
    return next((account for account in budgets if account.year == year), None)
