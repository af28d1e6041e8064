"""Relations of structure (kind tree and names): whether parent codes are listed and codes bear their official names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from juesuan.account import spaceless
from juesuan.statute.codes import CodeTable
from juesuan.statute.form import CODE_LENGTHS, level_of


def missing_parents(codes: Iterable[str]) -> list[tuple[str, str]]:
    """For each code whose 类 or 款 is not listed with it: the code and the nearest parent that is missing."""
    listed = [code for code in codes if level_of(code)]
    present = set(listed)
    found = []
    for code in listed:
        parents = [code[:length] for length in sorted(CODE_LENGTHS.values(), reverse=True) if length < len(code)]
        missing = next((parent for parent in parents if parent not in present), None)
        if missing:
            found.append((code, missing))
    return found


def misnamed(names: Mapping[str, str], codes: CodeTable, year: int) -> list[tuple[str, str, str]]:
    """The codes whose name differs from the official one of `year`: code, printed name, official name.

    White space inside a printed name (a line break in a narrow cell) is no difference; an unknown code has no name to
    hold it to and is not named here.
    """
    found = []
    for code, printed in names.items():
        official = codes.name(code, year)
        if official and spaceless(printed) != spaceless(official):
            found.append((code, printed, official))
    return found
