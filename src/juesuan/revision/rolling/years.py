"""The years of a document moved on: titles, headings, comparisons, dates of balance; not those of other documents."""

from __future__ import annotations

import re
from collections.abc import Iterator

_YEAR = re.compile(r"(?<![\d〔\[])(20\d{2})(?=年|[-—至~～]20\d{2}年)(?!年\d{1,2}月\d{1,2}日(?:发布|印发|公布|施行))")
_BALANCE = re.compile(r"年(?:1月1日|12月31日|年?[初末底]|1[-—至]12月)")
_DATED = re.compile(r"年\d{1,2}月")


def years_in(text: str, year: int, shift: int) -> Iterator[tuple[int, int, str]]:
    """Where the account's year or the one before is written, and what it is now; a date of a day of another kind
    (of publication) is left to people.
    """
    for match in _YEAR.finditer(text):
        own = int(match[1])
        behind = text[match.end() :]
        if own not in (year, year - 1) or _quoted(text, match.start()):
            continue
        if _DATED.match(behind) and not _BALANCE.match(behind):
            continue
        yield match.start(1), match.end(1), str(own + shift)


def _quoted(text: str, at: int) -> bool:
    """Whether an offset stands within the title of a document (《…》)."""
    return text.rfind("《", 0, at) > text.rfind("》", 0, at)
