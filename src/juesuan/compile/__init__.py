"""Accounts in, account out: the workbook and the ledger of a unit become one account with everything computed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from juesuan.account import Account
from juesuan.compile.actual import ask_for_values
from juesuan.compile.assemble import Compilation, Missing, assemble
from juesuan.compile.entries import Entry, Gathered, Problem
from juesuan.compile.messages import UnreadableSourceError
from juesuan.compile.sources import Sources, find_sources, gather, own_codes
from juesuan.compile.tables import Fault
from juesuan.rooms import callable_room
from juesuan.statute import NATIONAL, Statute, load_statute

Paths = Path | str | Sequence[Path | str]


class NoSchemeError(Exception):
    """There is no scheme of that name; the message lists those there are."""


class FaultyAccountsError(Exception):
    """The accounts cannot be published as they are; `compilation` holds every problem, fault and missing text."""

    def __init__(self, compilation: Compilation) -> None:
        self.compilation = compilation
        lines = [
            *map(str, compilation.problems),
            *(fault.message for fault in compilation.faults if fault.error),
            *(f"缺少文字：{missing.key}（{missing.wanted}）" for missing in compilation.missing),
        ]
        super().__init__("\n".join(lines))


def compile_sources(
    source: Paths, profile: str | None = None, *, root: Path | None = None, scheme: str = ""
) -> Compilation:
    """The compilation of one unit's files (workbook, ledgers, or a folder with both), with all that is wrong with it.

    `profile` is that of the workbook unless given; `root` another folder with a statute; `scheme` another scheme of
    scoring (评分办法) than the profile's. Raises UnreadableSourceError for files that cannot be read, StatuteError for
    mistakes in the statute and NoSchemeError where there is no such scheme.
    """
    paths = [source] if isinstance(source, (Path, str)) else list(source)
    sources = find_sources([Path(path) for path in paths])
    statute = statute_of(sources, profile, root)
    gathered = gather(sources, statute)
    if gathered.year and gathered.year != statute.year:
        # Codes and their names hold for certain years: the files are read again under those of their own year.
        statute = statute_of(sources, profile, root, gathered.year)
        gathered = gather(sources, statute)
    if scheme:
        statute = with_scheme(statute, scheme)
    if sources.evidence is not None or gathered.data_sets or gathered.bindings:
        from juesuan.compile.evidence import prove

        prove(gathered, sources, gathered.year or statute.year)
    ask_for_values(gathered)
    return assemble(gathered, statute.with_codes(own_codes(gathered)))


def new_workbook(path: Path | str, profile: str = NATIONAL, *, ledger: bool = False, year: int | None = None) -> None:
    """Writes an empty workbook to fill in for `profile`; with `ledger` only what no ledger knows.

    Raises StatuteError for an unknown profile.
    """
    from juesuan.compile.workbook_writer import write_workbook

    write_workbook(Path(path), load_statute(profile, year), ledger=ledger)


def with_scheme(statute: Statute, scheme: str) -> Statute:
    """The statute with another scheme of scoring. Raises NoSchemeError, listing those there are."""
    if scheme not in statute.schemes:
        raise NoSchemeError(f"没有“{scheme}”这个评分办法；可用：{'、'.join(sorted(statute.schemes))}")
    return msgspec.structs.replace(statute, profile=msgspec.structs.replace(statute.profile, scheme=scheme))


def statute_of(sources: Sources, profile: str | None, root: Path | None, year: int | None = None) -> Statute:
    """The statute that the files stand under: the profile asked for, else the workbook's own, else the national one."""
    chosen = profile or sources.profile
    return load_statute(chosen, year, root) if root else load_statute(chosen, year)


def compile(source: Paths, profile: str | None = None, *, draft: bool = False) -> Account:
    """The account made from one unit's files.

    Raises FaultyAccountsError, with every message, where a cell or row is wrong, a relation is broken, or (unless
    `draft`) a text that the law wants is missing; UnreadableSourceError for files that cannot be read.
    """
    compilation = compile_sources(source, profile)
    if not compilation.sound or (compilation.missing and not draft):
        raise FaultyAccountsError(compilation)
    return compilation.account


callable_room(__name__)

__all__ = [
    "Compilation",
    "Entry",
    "Fault",
    "FaultyAccountsError",
    "Gathered",
    "Missing",
    "NoSchemeError",
    "Problem",
    "UnreadableSourceError",
    "compile",
    "compile_sources",
    "new_workbook",
    "with_scheme",
]
