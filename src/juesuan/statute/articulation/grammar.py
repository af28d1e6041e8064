"""The parser of the notation, apart from it: what is parsed is kept between runs, and most runs parse nothing."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any, cast

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedInput

from juesuan.account import Period, parser_cache, spaceless
from juesuan.statute.articulation.terms import (
    Axis,
    Blank,
    Comparator,
    Comparison,
    Condition,
    Equation,
    Item,
    Name,
    NotationError,
    Place,
    Quantity,
    Selector,
    SelectorKind,
    Sum,
    Term,
)
from juesuan.statute.form import LEVELS

_WIDE = str.maketrans("（）＋－−—＝＞＜！０１２３４５６７８９", "()+---=><!0123456789")


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


def parsed(text: str, start: str) -> Any:
    """What `text` is in the notation, as a whole `start` of the grammar. Raises NotationError, in Chinese."""
    compact = spaceless(text.translate(_WIDE))
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
