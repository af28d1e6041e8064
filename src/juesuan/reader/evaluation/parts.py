"""What a self-evaluation form is read into before its money is known in yuan."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from juesuan.account import Allotment, Indicator, Source
from juesuan.reader.amounts import Amount
from juesuan.reader.evaluation.lines import IndicatorColumn, ReadLine
from juesuan.reader.raw import RawCell
from juesuan.statute import Scheme


class PlacedCells:
    """The cells that have found their place."""

    def __init__(self) -> None:
        self._known: set[int] = set()

    def take(self, *cells: RawCell) -> None:
        """Count cells as placed."""
        self._known.update(id(cell) for cell in cells)

    def __contains__(self, cell: RawCell) -> bool:
        return id(cell) in self._known


class FundLine(msgspec.Struct, frozen=True):
    """A row of money: its label, and its cells by column."""

    label: str
    cells: dict[str, RawCell]


class RawForm(msgspec.Struct):
    """What a grid says as a form, money not yet in yuan: how precisely amounts are printed the whole document shows."""

    scheme: Scheme
    money: str = ""
    kind: str = ""
    heading: str = ""
    fields: dict[str, str] = {}
    """Texts by the meaning of their label: project, unit, supervisor, deviation …"""
    amounts: dict[str, Amount] = {}
    """basic and project: the parts of the outlay of a whole unit."""
    funds: list[FundLine] = []
    execution_points: Decimal | None = None
    execution_headers: str = ""
    attributes: list[tuple[str, str]] = []
    indicators: list[Indicator] = []
    lines: list[ReadLine] = []
    """The lines that the indicators were read from."""
    allotments: tuple[Allotment, ...] = ()
    score: Decimal | None = None
    full: Decimal | None = None
    places: dict[str, Source] = {}
    left: list[RawCell] = []
    notes: list[str] = []

    def place(self, name: str, cell: RawCell) -> None:
        """Note where the field called `name` stands, unless that is known."""
        if cell.source is not None:
            self.places.setdefault(name, cell.source)


def columns_of(headers: Sequence[tuple[RawCell, str]], width: int) -> tuple[IndicatorColumn, ...]:
    """The columns that headers head, each as far as the next one; a repeated meaning counts once."""
    starts = [cell.column for cell, _ in headers]
    found: dict[str, IndicatorColumn] = {}
    for number, (cell, key) in enumerate(headers):
        stop = starts[number + 1] if number + 1 < len(starts) else width
        found.setdefault(key, IndicatorColumn(key, cell.column, max(stop, cell.column + cell.colspan)))
    return tuple(found.values())
