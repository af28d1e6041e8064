"""The figures that the portal lists by year and compares: as declared in key_figures.yaml."""

from __future__ import annotations

from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path

import msgspec

from juesuan.account import Address, Issue
from juesuan.statute.articulation.notation import NotationError
from juesuan.statute.comparison.indicators import address_of
from juesuan.statute.source import StatuteError, convert, mistake, read_yaml

FILE = "key_figures.yaml"


class KeyFigure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A figure of money and the place that it has in the tables."""

    key: str
    name: str
    place: str

    @cached_property
    def address(self) -> Address:
        """Its address. Raises NotationError."""
        return _address(self.place)


class Expense(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """An item of the “三公” expenses: its budget and its outlay."""

    key: str
    name: str
    budget: str
    actual: str

    @cached_property
    def addresses(self) -> tuple[Address, Address]:
        """The addresses of budget and outlay. Raises NotationError."""
        return _address(self.budget), _address(self.actual)


class Count(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A count that is published with the “三公” expenses."""

    name: str
    place: str
    unit: str

    @cached_property
    def address(self) -> Address:
        """Its address. Raises NotationError."""
        return _address(self.place)


class KeyFigures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The declaration; `drawn` are the keys of the figures that a chart shows."""

    figures: tuple[KeyFigure, ...]
    drawn: tuple[str, ...]
    subjects: KeyFigure
    """What is added up by functional code: form and column of its total."""
    notable_change: Decimal
    """A change by so many percent deserves a look."""
    summary: tuple[KeyFigure, ...]
    """What the performance summary compares with last year."""
    three_public: tuple[Expense, ...]
    counts: tuple[Count, ...]
    basis: str

    @property
    def addresses(self) -> list[Address]:
        """All addresses named."""
        expenses = [address for expense in self.three_public for address in expense.addresses]
        return [*(figure.address for figure in self.figures), *expenses, *(count.address for count in self.counts)]


def _address(place: str) -> Address:
    found = address_of(place)
    if found is None:
        raise NotationError(f"{place} 不是一个位置")
    return found


@cache
def load_key_figures(root: Path = Path(__file__).parents[1]) -> KeyFigures:
    """The declaration. Raises StatuteError with every mistake."""
    mistakes: list[Issue] = []
    plan = convert(read_yaml(root / FILE, FILE, mistakes), KeyFigures, (FILE, 1), mistakes)
    if plan is not None:
        try:
            drawn = {figure.key for figure in plan.figures if figure.address in plan.addresses}
            if set(plan.drawn) - drawn:
                mistakes.append(mistake(FILE, 1, "drawn 里有没有声明的数"))
        except NotationError as error:
            mistakes.append(mistake(FILE, 1, str(error)))
    if plan is None or mistakes:
        raise StatuteError(mistakes)
    return plan
