"""juesuan (决算): compile, score, publish and check the final accounts of China's budget units.

    account = juesuan.compile("accounts/")            # workbook and ledger of a unit
    juesuan.publish(account, "out", ["docx", "pdf"])  # the disclosure, six parts, no two figures apart
    report = juesuan.check(juesuan.read("out/….pdf"))
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from juesuan.account import (
    Account,
    FaultyAccountsError,
    JuesuanError,
    PerformanceSheet,
    PublishError,
    UnreadableFileError,
    UnreadableSourceError,
    from_json,
    to_json,
)
from juesuan.version import VERSION

if TYPE_CHECKING:
    from juesuan.checker import Report
    from juesuan.scoring import Scored
    from juesuan.statute import Scheme, Statute

__version__ = VERSION

# Each function loads its room when it is called: `import juesuan` costs little, and a command loads only what it needs.


def compile(source: Path | str | Sequence[Path | str], profile: str | None = None, *, draft: bool = False) -> Account:
    """The account made from one unit's files: a workbook, ledgers, or a folder with both.

    Raises FaultyAccountsError, with every message, where a cell or row is wrong, a relation is broken, our own checker
    finds an error, or (unless `draft`) a text that the law wants is missing; UnreadableSourceError for files that
    cannot be read.
    """
    from juesuan import inspection

    return inspection.compile_account(source, profile, draft=draft)


def read(path: Path | str, profile: str | None = None) -> Account:
    """The account that the file at `path` publishes, every figure with its place. Raises UnreadableFileError."""
    from juesuan import reader

    return reader.read(path, profile)


def check(account: Account, *, statute: Statute | None = None, against: Sequence[Account] = ()) -> Report:
    """The report on `account`: every rule of its profile and year, each cause once, most severe first.

    With `against` it is also held to other documents of the unit: last year's final account, the year's budget.
    """
    from juesuan import checker

    return checker.check(account, statute=statute, against=against)


def publish(
    account: Account, folder: Path | str, formats: Sequence[str] | None = None, *, statute: Statute | None = None,
    draft: bool = False,
) -> list[Path]:
    """Writes `account` into `folder` in each of `formats` (all of them unless given) and gives the files' paths.

    Raises ValueError for an unknown format, and PublishError after all others are written where one cannot be.
    """
    from juesuan import publisher

    return publisher.publish(account, folder, formats or publisher.DEFAULT_FORMATS, statute=statute, draft=draft)


def score(sheet: PerformanceSheet, scheme: Scheme) -> Scored:
    """A self-evaluation form (绩效自评表) scored by `scheme`: computed scores in points beside the stated ones."""
    from juesuan import scoring

    return scoring.score_sheet(sheet, scheme)


def new_workbook(path: Path | str, profile: str = "national", *, ledger: bool = False, year: int | None = None) -> None:
    """Writes an empty workbook to fill in for `profile`; with `ledger` only what no ledger knows.

    Raises StatuteError for an unknown profile.
    """
    from juesuan import compiler

    compiler.new_workbook(path, profile, ledger=ledger, year=year)


def load_statute(profile: str = "national", year: int | None = None) -> Statute:
    """The statute of `profile` in the year of account `year`. Raises StatuteError for an unknown profile."""
    from juesuan import statute

    return statute.load_statute(profile, year)


def profiles() -> list[str]:
    """The keys of all profiles of final accounts."""
    from juesuan import statute

    return list(statute.profiles())


__all__ = [
    "Account",
    "FaultyAccountsError",
    "JuesuanError",
    "PublishError",
    "UnreadableFileError",
    "UnreadableSourceError",
    "__version__",
    "check",
    "compile",
    "from_json",
    "load_statute",
    "new_workbook",
    "profiles",
    "publish",
    "read",
    "score",
    "to_json",
]
