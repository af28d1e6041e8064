"""What a copied table prints beside its amounts: numbers of lines (行次), and blocks that stand side by side."""

from __future__ import annotations

from collections.abc import Sequence

from juesuan.reader.prose.loose.cells import Cell

_NUMBERED = "行次"
_HEADS = ("项目", "科目", "科目名称")
_FIRST_OF_BLOCK = 4
"""So many numbers at the beginning may be the first of their block (1 on the left, 35 on the right)."""


def without_line_numbers(cells: Sequence[Cell]) -> list[Cell]:
    """The cells without the numbers of the lines, where a heading says that there are some.

    A whole number behind a label is one where it goes on from a number before it; a line without a name has its number
    behind the amount of the line above.
    """
    if not any(cell.text == _NUMBERED for cell in cells):
        return list(cells)
    found: list[Cell] = []
    seen: set[int] = set()
    for n, cell in enumerate(cells):
        if cell.is_value and cell.text.isdigit():
            number = int(cell.text)
            named = n > 0 and not cells[n - 1].is_value
            if number - 1 in seen or (named and (number == 1 or len(seen) < _FIRST_OF_BLOCK)):
                seen.add(number)
                continue
        found.append(cell)
    return found


def blocks_beside(cells: Sequence[Cell]) -> int:
    """How many blocks of the table stand side by side, each under a heading of its own (项目、预算数、项目、预算数)."""
    first = next((n for n, cell in enumerate(cells) if cell.is_value and any(c.isdigit() for c in cell.text)), 0)
    return max(1, sum(cell.text in _HEADS for cell in cells[:first]))
