"""The notation of the printed equations: parsed into a small tree, and printed back to the same text.

The tables of the final accounts print their own equations in their notes: `27行 = (1+2+3+4+5+6+7+8)行`,
`58行 = (32+33+...+57)行`, `1栏各行 = (2+3)栏各行`. The same notation, with the form in front of an address
(`表1!27行 = 表2!合计行1栏`), the levels of the classification (`各款行1栏 = Σ项行1栏`), last year's or the approved
budget's figures (`上年!表1!31行`) and a condition (`若 … 则 …`), states every relation of the statute.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, Literal, cast

import msgspec
from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput

from juesuan.account import JuesuanError, Period, parser_cache
from juesuan.statute.form import LEVELS

Axis = Literal["行", "栏"]
Comparator = Literal["=", "≤", "≥", "<", ">", "≈"]
SelectorKind = Literal["one", "group", "each", "sum"]

ELLIPSES = ("...", "……", "…")
_WIDE = str.maketrans("（）＋－−—＝＞＜！０１２３４５６７８９", "()+---=><!0123456789")


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


def _selector(axis: Axis, text: str) -> Selector:
    name = text[: -len(axis)]
    if name.startswith("“"):
        return Selector(axis, "one", (Item(1, name.strip("“”")),))
    for mark, kind in (("各", "each"), ("Σ", "sum")):
        if name.startswith(mark):
            level = name[len(mark) :]
            if level and level not in LEVELS:
                raise NotationError(f"“{text}”：{mark}之后只能是类、款、项")
            return Selector(axis, cast(SelectorKind, kind), (), level)
    return Selector(axis, "one", (Item(1, name),))


class _Builder(Transformer[Token, Any]):
    def group(self, children: list[Token]) -> tuple[Item, ...]:
        items, sign = [], 1
        for child in children:
            if child.type == "SIGN":
                sign = -1 if child == "-" else 1
            else:
                items.append(Item(sign, str(child).strip("“”")))
        return tuple(items)

    def row(self, children: list[Any]) -> Selector:
        return self._axis("行", children)

    def column(self, children: list[Any]) -> Selector:
        return self._axis("栏", children)

    @staticmethod
    def _axis(axis: Axis, children: list[Any]) -> Selector:
        first = children[0]
        return _selector(axis, str(first)) if isinstance(first, Token) else Selector(axis, "group", first)

    def selector(self, children: list[Selector]) -> Selector:
        return children[0]

    def address(self, children: list[Any]) -> Place:
        period: Period = "本年"
        form = None
        chosen: dict[Axis, Selector] = {}
        for child in children:
            if isinstance(child, Selector):
                if child.axis in chosen:
                    raise NotationError(f"一个地址里有两个“{child.axis}”")
                chosen[child.axis] = child
            elif child.type == "PERIOD":
                period = cast(Period, str(child)[:-1])
            else:
                form = str(child)[:-1]
        columns_first = len(chosen) == 2 and next(iter(chosen)) == "栏"
        return Place(chosen.get("行"), chosen.get("栏"), form, period, columns_first)

    def sum(self, children: list[Any]) -> Sum:
        terms, sign = [], 1
        for child in children:
            if isinstance(child, Token) and child.type == "SIGN":
                sign = -1 if child == "-" else 1
            else:
                terms.append(Term(sign, self._meant(child)))
                sign = 1
        return tuple(terms)

    @staticmethod
    def _meant(child: Any) -> Place | Name | Decimal:
        if not isinstance(child, Token):
            return cast(Place, child)
        return Decimal(child) if child.type == "NUMBER" else Name(str(child))

    def quantity(self, children: list[Sum]) -> Quantity:
        return Quantity(*children)

    def test(self, children: list[Any]) -> Comparison | Blank:
        return self.guard(children) if len(children) == 3 else Blank(children[0], str(children[1]) == "=空")

    def condition(self, children: list[Any]) -> Condition:
        return Condition(tuple(children))

    def guard(self, children: list[Any]) -> Comparison:
        return Comparison(children[0], cast(Comparator, str(children[1])), children[2])

    def relation(self, children: list[Any]) -> Equation:
        guard = children.pop(0) if isinstance(children[0], Comparison) else None
        return Equation(self.guard(children), guard)


@cache
def _parser() -> Lark:
    grammar = files("juesuan.statute.articulation").joinpath("notation.lark").read_text(encoding="utf-8")
    starts = ["relation", "address", "quantity", "condition"]
    return Lark(grammar, start=starts, parser="lalr", transformer=_Builder(), cache=parser_cache("notation"))


PARSED: dict[tuple[str, str], Any] = {}
"""What has been parsed, by kind and text: the same few hundred texts are asked for again and again."""


def _parse(text: str, start: str) -> Any:
    known = PARSED.get((start, text))
    if known is None:
        known = PARSED[start, text] = _parsed(text, start)
    return known


def _parsed(text: str, start: str) -> Any:
    compact = re.sub(r"\s+", "", text.translate(_WIDE))
    try:
        return _parser().parse(compact, start=start)
    except NotationError as error:
        raise NotationError(f"“{text}”：{error}") from None
    except UnexpectedInput as error:
        column = getattr(error, "column", -1)
        ended = getattr(getattr(error, "token", None), "type", "") == "$END"
        found = compact[column - 1 :][:8] if isinstance(column, int) and column > 0 and not ended else ""
        where = f"在“{found}”处" if found else "在末尾"
        raise NotationError(f"“{text}”不是公式的写法，{where}读不下去") from None


def parse(text: str) -> Equation:
    """The relation that `text` states. Raises NotationError, in Chinese, where it is not in the notation."""
    return cast(Equation, _parse(text, "relation"))


def parse_place(text: str) -> Place:
    """The single address that `text` states. Raises NotationError."""
    return cast(Place, _parse(text, "address"))


def parse_quantity(text: str) -> Quantity:
    """The quantity that `text` states. Raises NotationError."""
    return cast(Quantity, _parse(text, "quantity"))


def parse_condition(text: str) -> Condition:
    """The condition that `text` states. Raises NotationError."""
    return cast(Condition, _parse(text, "condition"))


def split_notes(text: str) -> list[str]:
    """The candidate equations in the note under a table: the parts between ；, 。 and line ends that have a sign."""
    return [part.strip() for part in re.split(r"[；;。\n]", text) if re.search(r"[=＝]", part)]
