"""An account compiled and held to our own checker before anything of it is written."""

from __future__ import annotations

from pathlib import Path

import msgspec

from juesuan import compiler
from juesuan.account import Account, FaultyAccountsError
from juesuan.checker import check
from juesuan.compiler import Compilation


def compile_sources(
    source: compiler.Paths, profile: str | None = None, *, root: Path | None = None, scheme: str = ""
) -> Compilation:
    """The compilation of one unit's files as juesuan.compiler makes it (which says what is raised), checked."""
    return with_contradictions(compiler.compile_sources(source, profile, root=root, scheme=scheme))


def compile_account(source: compiler.Paths, profile: str | None = None, *, draft: bool = False) -> Account:
    """The account made from one unit's files.

    Raises FaultyAccountsError, with every message, where a cell or row is wrong, a relation is broken, the checker
    finds an error, or (unless `draft`) a text that the law wants is missing; UnreadableSourceError for files that
    cannot be read.
    """
    compilation = compile_sources(source, profile)
    if not compilation.sound or (compilation.missing and not draft):
        raise FaultyAccountsError(compilation.messages())
    return compilation.account


def with_contradictions(compilation: Compilation) -> Compilation:
    """The compilation with the errors that the checker finds in its account.

    Accounts with broken relations or unreadable cells are left alone: what follows from those is told already.
    """
    if not compilation.sound:
        return compilation
    report = check(compilation.account, statute=compilation.statute)
    errors = tuple(issue for issue in report.findings if issue.severity == "error")
    return msgspec.structs.replace(compilation, contradictions=errors)
