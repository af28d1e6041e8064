"""One published file read, checked, and its findings given places that outlive a new print of the document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from juesuan.account import Account, Issue, spaceless
from juesuan.checker import Report, check
from juesuan.statute import Statute

if TYPE_CHECKING:
    from juesuan.checker.reports import Checked
    from juesuan.reader import Reading

_DOCUMENTS = (".pdf", ".docx", ".doc", ".html", ".htm", ".md", ".txt", ".json", ".xls", ".xlsx", ".xlsm", ".et")

# Reader and reports are loaded when a file is read: compiling, which has its account checked too, needs neither.


class Inspection(msgspec.Struct, frozen=True):
    """A file with its account and statute (`reading`), and the report with every finding located (`checked`)."""

    reading: Reading
    report: Report
    checked: Checked


def inspect(
    path: Path,
    profile: str | None = None,
    *,
    name: str = "",
    against: Sequence[Account] = (),
    of_its_unit: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Inspection:
    """The file at `path`, called `name` in the report, read and held against the statute and the accounts `against`.

    With `of_its_unit` only those of `against` count that are of the same unit. `progress` is called with how many of
    how many scanned pages have been recognised. Raises UnreadableFileError.
    """
    from juesuan.reader import read_document

    if _may_be_none(path):
        from juesuan.intake import refuse_what_is_no_document

        refuse_what_is_no_document(path)
    reading = read_document(path, profile, progress)
    account = reading.account
    others = [other for other in against if not of_its_unit or same_unit(other, account)]
    report, checked = inspect_account(
        account, reading.statute, path, name=name, notes=reading.notes, against=others
    )
    return Inspection(reading, report, checked)


def _may_be_none(path: Path) -> bool:
    """Whether it takes a look to see that a file is none that is published; the usual ones are not kept waiting."""
    if path.name.startswith("~$") or path.suffix.lower() not in _DOCUMENTS:
        return True
    return path.suffix.lower() in (".xlsx", ".xlsm")


def inspect_account(
    account: Account,
    statute: Statute,
    path: Path,
    *,
    name: str = "",
    notes: tuple[Issue, ...] = (),
    against: Sequence[Account] = (),
) -> tuple[Report, Checked]:
    """The report on an account that was read from `path` (or compiled from it), and the same with located findings."""
    from juesuan.checker.reports import locate

    report = check(account, statute=statute, file=name or path.name, notes=notes, against=against)
    return report, locate(report, account, statute, path)


def same_unit(one: Account, other: Account) -> bool:
    """Whether both accounts are of one unit, white space in the names left out."""
    return spaceless(one.unit.name) == spaceless(other.unit.name)
