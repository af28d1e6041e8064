"""Which paragraph and table of an edited document is which of those that were printed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from juesuan.account import spaceless
from juesuan.publisher.binding import PrintedParagraph, PrintedTable
from juesuan.revision.edited.document import StandingParagraph, StandingTable

ALIKE = 0.4
"""Paragraphs that agree less are not the same paragraph edited."""
_TABLE = "\0"

Printed = PrintedParagraph | PrintedTable
Standing = StandingParagraph | StandingTable


def aligned(printed: Sequence[Printed], standing: Sequence[Standing]) -> Iterator[tuple[int | None, int | None]]:
    """Pairs of positions in order: what was printed and what stands for it; None where one has no counterpart."""
    left, right = [_token(item) for item in printed], [_token(item) for item in standing]
    for tag, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from zip(range(a, b), range(c, d), strict=True)
        else:
            yield from _paired(left, right, range(a, b), range(c, d))


def _token(item: Printed | Standing) -> str:
    if isinstance(item, PrintedTable):
        return _TABLE + spaceless("".join(cell.text for cell in item.cells if cell.kind == "words"))
    if isinstance(item, StandingTable):
        # Figures are not known here: tables are told apart by what is likest.
        return _TABLE + spaceless("".join(item.cells.values()))
    return spaceless(item.text)


def _paired(
    left: Sequence[str], right: Sequence[str], rows: range, columns: range
) -> Iterator[tuple[int | None, int | None]]:
    """The best pairs of a stretch in which nothing is the same, kept in order."""
    best: dict[tuple[int, int], float] = {}
    worth = {(a, b): _likeness(left[a], right[b]) for a in rows for b in columns}
    for a in reversed(rows):
        for b in reversed(columns):
            pair = worth[a, b] + best.get((a + 1, b + 1), 0.0) if worth[a, b] >= ALIKE else 0.0
            best[a, b] = max(best.get((a + 1, b), 0.0), best.get((a, b + 1), 0.0), pair)
    a, b = rows.start, columns.start
    while a < rows.stop and b < columns.stop:
        if worth[a, b] >= ALIKE and best[a, b] == worth[a, b] + best.get((a + 1, b + 1), 0.0):
            yield a, b
            a, b = a + 1, b + 1
        elif best.get((a + 1, b), 0.0) >= best.get((a, b + 1), 0.0):
            yield a, None
            a += 1
        else:
            yield None, b
            b += 1
    yield from ((each, None) for each in range(a, rows.stop))
    yield from ((None, each) for each in range(b, columns.stop))


def _likeness(one: str, other: str) -> float:
    if one.startswith(_TABLE) != other.startswith(_TABLE):
        return 0.0
    if one.startswith(_TABLE):
        matcher = SequenceMatcher(None, one[:400], other[:400], autojunk=False)
        # A table is never told from another by a threshold alone: of tables in one stretch the likest go together.
        return max(ALIKE, matcher.quick_ratio())
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < ALIKE or matcher.quick_ratio() < ALIKE:
        return 0.0
    return matcher.ratio()
