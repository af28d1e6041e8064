"""The figures that the portal lists by year and compares, of accounts and of budgets: as declared in YAML."""

from __future__ import annotations

from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path

import msgspec

from juesuan.account import Address, Issue
from juesuan.statute.articulation.notation import NotationError
from juesuan.statute.comparison.indicators import cell_address
from juesuan.statute.profile import Kind
from juesuan.statute.source import StatuteError, convert, mistake, read_yaml

FILES: dict[Kind, str] = {"决算": "key_figures.yaml", "预算": "key_figures_budget.yaml"}


class KeyFigure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A figure of money and the place that it has in the tables."""

    key: str
    name: str
    place: str

    @cached_property
    def address(self) -> Address:
        """Its address. Raises NotationError."""
        return cell_address(self.place)


class Expense(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """An item of the “三公” expenses: the budget and the outlay that the account has, what the budget approved."""

    key: str
    name: str
    approved: str
    budget: str
    actual: str

    @cached_property
    def addresses(self) -> tuple[Address, Address]:
        """The addresses of budget and outlay. Raises NotationError."""
        return cell_address(self.budget), cell_address(self.actual)

    @cached_property
    def approved_address(self) -> Address:
        """The address of what was approved, in the budget. Raises NotationError."""
        return cell_address(self.approved)


class Count(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A count that is published with the “三公” expenses."""

    name: str
    place: str
    unit: str

    @cached_property
    def address(self) -> Address:
        """Its address. Raises NotationError."""
        return cell_address(self.place)


class KeyFigures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The declaration; `drawn` are the keys of the figures that a chart shows."""

    figures: tuple[KeyFigure, ...]
    drawn: tuple[str, ...]
    subjects: KeyFigure
    """What is added up by functional code: form and column of its total."""
    notable_change: Decimal
    """A change by so many percent deserves a look."""
    basis: str
    summary: tuple[KeyFigure, ...] = ()
    """What the performance summary compares with last year."""
    three_public: tuple[Expense, ...] = ()
    counts: tuple[Count, ...] = ()

    @property
    def addresses(self) -> list[Address]:
        """All addresses named."""
        expenses = [address for expense in self.three_public for address in expense.addresses]
        return [*(figure.address for figure in self.figures), *expenses, *(count.address for count in self.counts)]


@cache
def load_key_figures(kind: Kind = "决算", root: Path = Path(__file__).parents[1]) -> KeyFigures:
    """The declaration for final accounts or for budgets. Raises StatuteError with every mistake."""
    mistakes: list[Issue] = []
    file = FILES[kind]
    plan = convert(read_yaml(root / file, file, mistakes), KeyFigures, (file, 1), mistakes)
    if plan is not None:
        try:
            drawn = {figure.key for figure in plan.figures if figure.address in plan.addresses}
            if set(plan.drawn) - drawn:
                mistakes.append(mistake(file, 1, "drawn 里有没有声明的数"))
        except NotationError as error:
            mistakes.append(mistake(file, 1, str(error)))
    if plan is None or mistakes:
        raise StatuteError(mistakes)
    return plan
