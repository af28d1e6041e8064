"""What a copied table prints beside its amounts: numbers of lines (行次), codes, and blocks that stand side by side."""

from __future__ import annotations

import re
from collections.abc import Sequence

from juesuan.reader.prose.loose.cells import LooseCell
from juesuan.statute import Lexicon

_NUMBERED = "行次"
_HEADS = ("项目", "科目", "科目名称")
_FIRST_OF_BLOCK = 4
"""So many numbers at the beginning may be the first of their block (1 on the left, 35 on the right)."""
_MOST_LINES = 100
"""A form has fewer lines than this."""
_LEAST_CODES = 3
"""So many codes show that a column of them was copied."""
_PART_OF_CODE = re.compile(r"\d\d")
_LEADING = re.compile(r"0\d")


def without_codes(cells: Sequence[LooseCell], lexicon: Lexicon) -> list[LooseCell]:
    """The cells without the codes of items, where a copied table has cells of their own for them (31013|公务用车购置).

    Parts of codes (208|05|01) are left out too where all amounts of the table are printed with decimals.
    """
    values = [cell.text for cell in cells if cell.is_value]
    printed = [text for text in values if text in lexicon.codes or _LEADING.fullmatch(text)]
    codes = set(printed)
    if len(printed) < _LEAST_CODES:
        return list(cells)
    amounts = [text for text in values if text not in codes and not _PART_OF_CODE.fullmatch(text)]
    if all("." in text or not text.strip("-/0") for text in amounts):
        codes.update(text for text in values if _PART_OF_CODE.fullmatch(text))
    return [cell for cell in cells if cell.text not in codes]


def without_line_numbers(cells: Sequence[LooseCell]) -> list[LooseCell]:
    """The cells without the numbers of the lines, where a heading says that there are some.

    A whole number behind a label is one where it goes on from a number before it or an amount follows; a line without
    a name has its number behind the amount of the line above.
    """
    if not any(cell.text == _NUMBERED for cell in cells):
        return list(cells)
    found: list[LooseCell] = []
    seen: set[int] = set()
    for n, cell in enumerate(cells):
        if cell.is_value and cell.text.isdigit():
            number = int(cell.text)
            named = n > 0 and not cells[n - 1].is_value
            before_amount = named and n + 1 < len(cells) and cells[n + 1].is_value and number < _MOST_LINES
            if number - 1 in seen or before_amount or (named and (number == 1 or len(seen) < _FIRST_OF_BLOCK)):
                seen.add(number)
                continue
        found.append(cell)
    return found


def blocks_beside(cells: Sequence[LooseCell]) -> int:
    """How many blocks of the table stand side by side, each under a heading of its own (项目、预算数、项目、预算数)."""
    first = next((n for n, cell in enumerate(cells) if cell.is_value and any(c.isdigit() for c in cell.text)), 0)
    return max(1, sum(cell.text in _HEADS for cell in cells[:first]))
