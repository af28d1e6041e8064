"""Accounts in, account out: the workbook and the ledger of a unit become one account with everything computed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from juesuan.account import JuesuanError
from juesuan.compiler.assembly import Compilation, assemble
from juesuan.compiler.cells import amount
from juesuan.compiler.entries import Entry, Gathered, SheetText
from juesuan.compiler.messages import BadValueError, Message, issue, issue_under, say
from juesuan.compiler.performance import ask_for_values
from juesuan.compiler.sources import (
    Sources,
    find_sources,
    gather,
    is_our_file,
    is_workbook_to_fill,
    own_codes,
    workbook_kind,
)
from juesuan.compiler.tables import collectors, expanded, matches, periods_of, uncollected, verify
from juesuan.statute import NATIONAL, Statute, load_statute

Paths = Path | str | Sequence[Path | str]


class NoSchemeError(JuesuanError):
    """There is no scheme of that name; the message lists those there are."""


def compile_sources(
    source: Paths, profile: str | None = None, *, root: Path | None = None, scheme: str = ""
) -> Compilation:
    """The compilation of one unit's files (workbook, ledgers, or a folder with both), with all that is wrong with it.

    `profile` is that of the workbook unless given; `root` another folder with a statute; `scheme` another scheme of
    scoring (评分办法) than the profile's. What is to be published is compiled by juesuan.inspection, which also has it
    checked. Raises UnreadableSourceError for files that cannot be read, StatuteError for mistakes in the statute and
    NoSchemeError where there is no such scheme.
    """
    paths = [source] if isinstance(source, (Path, str)) else list(source)
    return compile_collected(collect(find_sources([Path(path) for path in paths]), profile, root=root), scheme)


class Collected(msgspec.Struct):
    """Everything that the files of one account say, under the statute that they stand under."""

    sources: Sources
    statute: Statute
    gathered: Gathered


def collect(
    sources: Sources, profile: str | None = None, *, root: Path | None = None, year: int | None = None
) -> Collected:
    """What `sources` say; `year` is that of the account where they do not state one. Raises as compile_sources does."""
    statute = statute_of(sources, profile, root, year)
    gathered = gather(sources, statute)
    if gathered.year and gathered.year != statute.year:
        # Codes and their names hold for certain years: the files are read again under those of their own year.
        statute = statute_of(sources, profile, root, gathered.year)
        gathered = gather(sources, statute)
    return Collected(sources, statute, gathered)


def compile_collected(collected: Collected, scheme: str = "") -> Compilation:
    """The compilation of what was collected. Raises NoSchemeError where there is no such scheme."""
    sources, statute, gathered = collected.sources, collected.statute, collected.gathered
    if scheme:
        statute = with_scheme(statute, scheme)
    if sources.evidence is not None or gathered.data_sets or gathered.bindings:
        from juesuan.compiler.evidence import prove

        prove(gathered, sources, gathered.year or statute.year)
    if statute.profile.kind == "决算":
        ask_for_values(gathered)
    made = assemble(gathered, statute.with_codes(own_codes(gathered)))
    return msgspec.structs.replace(made, workbook=sources.workbook)


def new_workbook(
    path: Path | str,
    profile: str = NATIONAL,
    *,
    ledger: bool = False,
    year: int | None = None,
    root: Path | None = None,
) -> None:
    """Writes an empty workbook to fill in for `profile`; with `ledger` only what no ledger knows.

    `root` is another folder with the statute's data.

    Raises StatuteError for an unknown profile.
    """
    from juesuan.compiler.workbook.writer import write_workbook

    statute = load_statute(profile, year, root) if root else load_statute(profile, year)
    write_workbook(Path(path), statute, ledger=ledger)


def with_scheme(statute: Statute, scheme: str) -> Statute:
    """The statute with another scheme of scoring. Raises NoSchemeError, listing those there are."""
    if scheme not in statute.schemes:
        raise NoSchemeError(f"没有“{scheme}”这个评分办法；可用：{'、'.join(sorted(statute.schemes))}")
    return msgspec.structs.replace(statute, profile=msgspec.structs.replace(statute.profile, scheme=scheme))


def statute_of(sources: Sources, profile: str | None, root: Path | None, year: int | None = None) -> Statute:
    """The statute that the files stand under: the profile asked for, else the workbook's own, else the national one."""
    chosen = profile or sources.profile
    return load_statute(chosen, year, root) if root else load_statute(chosen, year)


__all__ = [
    "BadValueError",
    "Collected",
    "Compilation",
    "Entry",
    "Gathered",
    "Message",
    "NoSchemeError",
    "SheetText",
    "Sources",
    "amount",
    "assemble",
    "collect",
    "collectors",
    "compile_collected",
    "compile_sources",
    "expanded",
    "find_sources",
    "gather",
    "is_our_file",
    "is_workbook_to_fill",
    "issue",
    "issue_under",
    "matches",
    "new_workbook",
    "periods_of",
    "say",
    "uncollected",
    "verify",
    "with_scheme",
    "workbook_kind",
]
