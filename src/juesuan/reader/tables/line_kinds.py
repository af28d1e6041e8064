"""What single lines of a grid are: one of the classification, a total, a printed number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from juesuan.reader.amounts import read_amount
from juesuan.reader.raw import RawCell
from juesuan.reader.tables.columns import Heads, Line, counts, headings
from juesuan.reader.tables.lines import Codes, joined
from juesuan.statute import TOTAL, Column


def begins(cells: Line) -> bool:
    """Whether a line is one of the classification: one with a code, or 合计 with an amount (a heading has none)."""
    if counts(cells):
        return False
    # What stands behind the name are amounts: 0 is no part of a code. 合计 may stand behind 类 款 项 in one line.
    named = next((n for n, cell in enumerate(cells) if joined(cell) and not joined(cell).isdigit()), len(cells))
    row = Codes().line(cells[: named + 1])[0] or Codes().line(cells)[0]
    return row is not None and (row != TOTAL or any(cell and read_amount(cell.text) for cell in cells))


def widened(
    others: Sequence[Column], places: Mapping[str, int], cells: Mapping[int, RawCell | None]
) -> dict[str, int]:
    """The places with a total that also sums columns of other places taken for what it is.

    Where 合计 stands alone beside 会议费 and 培训费 its headings do not say whether it includes them; its amount does.
    """
    found = dict(places)

    def value(place: int | None) -> Decimal:
        cell = cells.get(place) if place is not None else None
        amount = read_amount(cell.text) if cell else None
        return amount.value if amount else Decimal(0)

    for column in others:
        if not column.instead or column.key in found or column.instead not in found:
            continue
        whole = value(found[column.instead])
        extra = [key for key in column.sums if key not in found or value(found[key])]
        added = [key for key in extra if any(other.key == key for other in others)]
        parts = sum((value(found.get(key)) for key in column.sums), Decimal(0))
        if any(key in found for key in added) and whole == parts:
            found[column.key] = found.pop(column.instead)
    return found


def upright_heads(heads: Mapping[int, Heads]) -> dict[int, Heads]:
    """The headings of upright places; a line that is none of the stubs is no stub."""
    return {n: over - {"项目"} for n, over in heads.items()}


def numbers_at(above: Sequence[Line], left: int) -> int:
    """The place of the printed numbers (行次): under their heading, else behind the label; 0 where there are none."""
    heads = headings(above, max((len(cells) for cells in above), default=0))
    said = next((place for place, over in enumerate(heads[:left]) if "行次" in over), None)
    return said if said is not None else min(1, max(left - 1, 0))


def number_of(cells: Line, place: int) -> str:
    """The printed number of a line."""
    text = joined(cells[place]) if place else ""
    return text if text.isdigit() else ""


def same_amount(one: RawCell, other: RawCell) -> bool:
    """Whether two cells state the same amount, or the first a zero."""
    first, second = read_amount(one.text), read_amount(other.text)
    return first is not None and second is not None and (first.value == second.value or not first.value)


def after_total(cells: Line, width: int) -> list[RawCell | None] | None:
    """The cells behind 合计, as many as there should be; None where the word is not among `cells`."""
    for index, cell in enumerate(cells):
        if cell and joined(cell) == TOTAL:
            rest = list(cells[index + 1 :])
            return [*rest, *[None] * max(0, width - len(rest))]
    return None
