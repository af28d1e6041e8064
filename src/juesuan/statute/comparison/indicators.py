"""Indicators of comparison as declared: what is divided by what, in which unit, which way is better, on what basis."""

from __future__ import annotations

from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Literal

import msgspec

from juesuan.account import Address, Issue
from juesuan.statute.articulation.notation import NotationError, parse_place
from juesuan.statute.source import StatuteError, convert, mistake, read_yaml

INDICATORS_FILE = "indicators.yaml"
STAFF, SCORE = "编制人数", "自评得分"
"""Quantities that no table has: posts of the organisation, and the unit's own score of its whole."""


class ComparedIndicator(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """One indicator. `better` says whether less (低) or more (高) is better, empty where neither is."""

    key: str
    name: str
    numerator: str
    unit: str
    basis: str
    denominator: str = ""
    better: Literal["低", "高", ""] = ""
    percent: bool = False
    against: str = ""
    """The indicator that it is shown against."""

    @cached_property
    def quantities(self) -> tuple[str, ...]:
        """The numerator and, where there is one, the denominator."""
        return (self.numerator, self.denominator) if self.denominator else (self.numerator,)


class ComparedIndicators(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All indicators, the fewest peers that are compared, and how far from the median is out of the ordinary."""

    fewest: int
    threshold: Decimal
    indicators: tuple[ComparedIndicator, ...]


def address_of(quantity: str) -> Address | None:
    """The address of a quantity; None for those that no table has. Raises NotationError."""
    if quantity in (STAFF, SCORE):
        return None
    place = parse_place(quantity)
    if place.form is None or place.rows is None or place.columns is None:
        raise NotationError(f"{quantity} 不是一个位置")
    return Address(place.form, place.rows.key, place.columns.key, place.period)


def cell_address(place: str) -> Address:
    """The address of a cell of a table. Raises NotationError."""
    found = address_of(place)
    if found is None:
        raise NotationError(f"{place} 不是一个位置")
    return found


@cache
def load_indicators(root: Path = Path(__file__).parents[1]) -> ComparedIndicators:
    """The declaration. Raises StatuteError with file and line of every mistake."""
    mistakes: list[Issue] = []
    tree = read_yaml(root / INDICATORS_FILE, INDICATORS_FILE, mistakes)
    plan = convert(tree, ComparedIndicators, (INDICATORS_FILE, 1), mistakes)
    if plan is not None:
        for indicator in plan.indicators:
            for quantity in indicator.quantities:
                try:
                    address_of(quantity)
                except NotationError as error:
                    mistakes.append(mistake(INDICATORS_FILE, 1, f"{indicator.key}：{error}"))
    if plan is None or mistakes:
        raise StatuteError(mistakes)
    return plan
