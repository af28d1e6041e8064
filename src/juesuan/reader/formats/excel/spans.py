"""Merged cells of a sheet: how far each reaches, and what it covers."""

from __future__ import annotations

from collections.abc import Iterable

At = tuple[int, int]
"""Row and column of a cell, from 0."""

MOST_READ = 200_000
"""Cells looked at in one sheet, blank ones too: some sheets are ruled to their last line."""


def spans_of(
    merged: Iterable[tuple[int, int, int, int]], bottom_line: int
) -> tuple[dict[At, At], set[At], bool]:
    """The height and width of every merged cell by its place, the places they cover, and whether all were taken.

    `merged` are areas (top, left, bottom, right); what begins below `bottom_line` or within another is none.
    """
    spans: dict[At, At] = {}
    covered: set[At] = set()
    for top, left, bottom, right in merged:
        if (top, left) in covered or (top, left) in spans or top > bottom_line:
            continue
        rows = range(top, min(bottom, bottom_line) + 1)
        if len(covered) + len(rows) * (right - left + 1) > MOST_READ:
            return spans, covered, False
        spans[top, left] = (len(rows), right - left + 1)
        covered.update((row, column) for row in rows for column in range(left, right + 1))
        covered.discard((top, left))
    return spans, covered, True
