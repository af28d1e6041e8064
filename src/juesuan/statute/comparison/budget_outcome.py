"""What a year's budget and final account have in common, line by line: as declared in budget_outcome.yaml."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

import msgspec

from juesuan.account import Address, Issue
from juesuan.statute.articulation.notation import NotationError
from juesuan.statute.comparison.indicators import cell_address
from juesuan.statute.source import StatuteError, convert, mistake, read_yaml

FILE = "budget_outcome.yaml"


class SharedLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A figure with its places in the budget (the first that has one counts), as adjusted, and in the final account.

    With `each` it stands for a line for each functional code of that level, which takes the place of the row.
    """

    name: str
    budget: tuple[str, ...]
    adjusted: str = ""
    outcome: str = ""
    each: Literal["类", "款", "项", ""] = ""
    total: bool = False

    @cached_property
    def budget_places(self) -> tuple[Address, ...]:
        """Its addresses in the budget. Raises NotationError."""
        return tuple(cell_address(place) for place in self.budget)

    @cached_property
    def adjusted_place(self) -> Address | None:
        """The address of the adjusted budget, in the final account. Raises NotationError."""
        return cell_address(self.adjusted) if self.adjusted else None

    @cached_property
    def outcome_place(self) -> Address | None:
        """The address of the outcome, in the final account. Raises NotationError."""
        return cell_address(self.outcome) if self.outcome else None


class SharedGroup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Lines under one heading."""

    key: str
    title: str
    lines: tuple[SharedLine, ...]


class BudgetOutcome(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The declaration; `projects` is the heading of the projects, whose forms go together by name."""

    basis: str
    note: str
    groups: tuple[SharedGroup, ...]
    projects: str

    @property
    def lines(self) -> Iterator[SharedLine]:
        """All lines."""
        return (line for group in self.groups for line in group.lines)


@cache
def load_budget_outcome(root: Path = Path(__file__).parents[1]) -> BudgetOutcome:
    """The declaration. Raises StatuteError with every mistake."""
    mistakes: list[Issue] = []
    plan = convert(read_yaml(root / FILE, FILE, mistakes), BudgetOutcome, (FILE, 1), mistakes)
    for line in plan.lines if plan else ():
        try:
            _ = line.budget_places, line.adjusted_place, line.outcome_place
        except NotationError as error:
            mistakes.append(mistake(FILE, 1, f"{line.name}：{error}"))
    if plan is None or mistakes:
        raise StatuteError(mistakes)
    return plan
