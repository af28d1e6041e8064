"""Accounts in, account out: the workbook and the ledger of a unit become one account with everything computed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from juesuan.account import Issue, JuesuanError, Source
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
from juesuan.statute import NATIONAL, Statute, StatuteError, load_statute, placeholders

UNKNOWN = "L132"
"""A sheet or a line of the workbook that is not known."""

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
    notes: tuple[Issue, ...] = ()
    """What was noticed in the files, and keeps from nothing."""


def collect(
    sources: Sources, profile: str | None = None, *, root: Path | None = None, year: int | None = None
) -> Collected:
    """What `sources` say; `year` is that of the account where they do not state one. Raises as compile_sources does."""
    statute = statute_of(sources, profile, root, year)
    gathered = _gathered(sources, statute, root)
    if gathered.year and gathered.year != statute.year:
        # Codes and their names hold for certain years: the files are read again under those of their own year.
        statute = statute_of(sources, profile, root, gathered.year)
        gathered = _gathered(sources, statute, root)
    return Collected(sources, statute, gathered, other_place(gathered, filled_under(sources, statute, root), statute))


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
    return msgspec.structs.replace(made, workbook=sources.workbook, notes=(*collected.notes, *made.notes))


def filled_under(sources: Sources, statute: Statute, root: Path | None = None) -> Statute:
    """The statute under whose words the workbook is read: that of the place it was made for, in the same year.

    Reasons and texts have national keys, so that another place's account can be compiled from it.
    """
    if sources.workbook is None or sources.profile == statute.profile.key:
        return statute
    try:
        own = statute_of(sources, None, root, statute.year)
    except StatuteError:
        return statute
    return own if own.profile.kind == statute.profile.kind else statute


def _gathered(sources: Sources, statute: Statute, root: Path | None) -> Gathered:
    """What the files say, a workbook of another place read in the words of both."""
    own = filled_under(sources, statute, root)
    gathered = gather(sources, own)
    if own is not statute:
        here = gather(sources, statute)
        for key, text in here.texts.items():
            gathered.texts.setdefault(key, text)
        wrong = {(issue.code, issue.places) for issue in here.problems}
        # What one place does not know and the other does is no mistake.
        gathered.problems[:] = [
            issue for issue in gathered.problems if issue.code != UNKNOWN or (issue.code, issue.places) in wrong
        ]
    return gathered


def other_place(gathered: Gathered, own: Statute, statute: Statute) -> tuple[Issue, ...]:
    """A note for a workbook of another place: what it says that this one does not print."""
    if own is statute:
        return ()
    asked = {key.rpartition(":")[2] for key in _asked(statute)}
    unused = [key for key in _asked(own) if key.rpartition(":")[2] not in asked and gathered.texts.get(key, "").strip()]
    rest = f"；这里不印、仍留在工作簿里的有 {len(unused)} 处：{'、'.join(unused)}" if unused else ""
    said = say("place.other", own=own.profile.title, profile=statute.profile.title, rest=rest)
    return (issue(said, Source()),)


def _asked(statute: Statute) -> dict[str, None]:
    """The texts and reasons that a place asks for, by their keys."""
    texts = (
        name.partition(":")[2]
        for _, clause in statute.clauses()
        for case in clause.cases
        for name in placeholders(case.text)
        if name.startswith(("理由:", "文:"))
    )
    paragraphs = (p.text for section in statute.sections for p in section.paragraphs if p.text)
    return dict.fromkeys((*(field.key for field in statute.profile.overview), *texts, *paragraphs))


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
