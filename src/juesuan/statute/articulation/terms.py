"""What the notation of equations is made of: keys, places, sums, comparisons, each printed as it is written."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any, Literal

import msgspec

from juesuan.account import JuesuanError, Period

Axis = Literal["行", "栏"]
Comparator = Literal["=", "≤", "≥", "<", ">", "≈"]
SelectorKind = Literal["one", "group", "each", "sum"]

ELLIPSES = ("...", "……", "…")


class NotationError(JuesuanError, ValueError):
    """A text that is not in the notation; the message says in Chinese where it went wrong."""


class Item(msgspec.Struct, frozen=True):
    """One signed key of a group; an ellipsis is kept as an item whose key is the mark itself."""

    sign: int
    key: str


class Selector(msgspec.Struct, frozen=True):
    """Which lines (行) or columns (栏) of a form are meant.

    `one` is a single key, `group` a signed sum of keys, `each` every line (of a level: 各款行) in turn, `sum` the sum
    over the lines of a level below the one in hand (Σ项行).
    """

    axis: Axis
    kind: SelectorKind
    items: tuple[Item, ...] = ()
    level: str = ""

    @property
    def key(self) -> str:
        """The key of a `one` selector."""
        return self.items[0].key

    def __str__(self) -> str:
        match self.kind:
            case "one":
                return f"{_quoted(self.key)}{self.axis}"
            case "group":
                return f"({_signed((item.sign, _quoted(item.key)) for item in self.items)}){self.axis}"
            case "each":
                return f"各{self.level}{self.axis}"
            case _:
                return f"Σ{self.level}{self.axis}"


class Place(msgspec.Struct, frozen=True):
    """An address in the notation: period, form (None: the form the relation stands under), lines and columns."""

    rows: Selector | None
    columns: Selector | None
    form: str | None = None
    period: Period = "本年"
    columns_first: bool = False

    def __str__(self) -> str:
        period = "" if self.period == "本年" else f"{self.period}!"
        form = f"{self.form}!" if self.form else ""
        parts = [str(part) for part in (self.rows, self.columns) if part]
        return period + form + "".join(reversed(parts) if self.columns_first else parts)


class Name(msgspec.Struct, frozen=True):
    """A quantity that a clause has named (变动)."""

    name: str

    def __str__(self) -> str:
        return self.name


class Term(msgspec.Struct, frozen=True):
    """A signed place, named quantity or constant of a sum."""

    sign: int
    operand: Place | Name | Decimal

    def __str__(self) -> str:
        return str(self.operand)


Sum = tuple[Term, ...]


class Comparison(msgspec.Struct, frozen=True):
    """Two sums and what must hold between them."""

    left: Sum
    comparator: Comparator
    right: Sum

    def __str__(self) -> str:
        return f"{print_sum(self.left)} {self.comparator} {print_sum(self.right)}"

    def places(self) -> tuple[Place, ...]:
        """Every address that the comparison names."""
        return tuple(term.operand for term in (*self.left, *self.right) if isinstance(term.operand, Place))


class Quantity(msgspec.Struct, frozen=True):
    """A sum, or the ratio of two: `变动 ÷ 上年总计`."""

    sum: Sum
    divisor: Sum | None = None

    def __str__(self) -> str:
        return print_sum(self.sum) + (f" ÷ {print_sum(self.divisor)}" if self.divisor else "")


class Blank(msgspec.Struct, frozen=True):
    """The test whether a quantity is blank (= 空) or not (≠ 空)."""

    sum: Sum
    blank: bool

    def __str__(self) -> str:
        return f"{print_sum(self.sum)} {'=' if self.blank else '≠'} 空"


class Condition(msgspec.Struct, frozen=True):
    """Tests that must all be true: `变动 > 0 且 上年总计 ≠ 空`."""

    tests: tuple[Comparison | Blank, ...]

    def __str__(self) -> str:
        return " 且 ".join(str(test) for test in self.tests)


class Equation(msgspec.Struct, frozen=True):
    """A parsed relation: a comparison, and the condition under which it is asked for."""

    body: Comparison
    guard: Comparison | None = None

    def __str__(self) -> str:
        return f"若 {self.guard} 则 {self.body}" if self.guard else str(self.body)

    def places(self) -> tuple[Place, ...]:
        """Every address that the equation names, the condition's first."""
        return (self.guard.places() if self.guard else ()) + self.body.places()


_SIGNS = re.compile("[行栏若则且空]")


def _quoted(key: str) -> str:
    """A name as the notation writes it: in quotation marks where one of its characters is a sign of the notation."""
    return f"“{key}”" if _SIGNS.search(key) else key


def _signed(parts: Any) -> str:
    text = "".join(f"{'-' if sign < 0 else '+'}{part}" for sign, part in parts)
    return text.removeprefix("+")


def print_sum(terms: Sum) -> str:
    """A sum in the notation, with blanks around the signs."""
    text = "".join(f" {'-' if term.sign < 0 else '+'} {term}" for term in terms)
    return text.removeprefix(" + ").strip()
