"""Relations across documents: last year's account and the published budget, declared as data."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from juesuan.account import Issue
from juesuan.statute.articulation.relation import Relation
from juesuan.statute.source import Node, StatuteError, convert, read_yaml

ACROSS_FILE = "across.yaml"


class Correspondence(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A form of a published budget and the form of the final account whose approved budget it is, column by column."""

    budget: str
    account: str
    columns: dict[str, str]
    rows: dict[str, str] = {}
    """Lines that have another key; all others (codes) have the same."""


class ExplainedFigures(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Figures of a final account that need to be explained where they are not those of the budget of the year."""

    code: str
    what: str
    """What is to be explained, as the finding says it."""
    budget: str
    account: str
    rows: tuple[str, ...]
    columns: dict[str, str]
    """The budget's column and the account's."""
    over: bool = False
    """Whether only more than the budget is told."""
    taken: str = ""
    """What these figures are called where compiling takes them from the budget; empty where it does not."""


class Across(msgspec.Struct, frozen=True):
    """What holds between the documents of a unit: relations by code, and where the same figure stands in both."""

    relations: dict[str, Relation]
    adjusted: tuple[str, ...]
    """Words by which a document says that its opening balances were adjusted."""
    budget: tuple[Correspondence, ...]
    explained: tuple[ExplainedFigures, ...]


class _Declared(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    adjusted: tuple[str, ...]
    budget: tuple[Correspondence, ...]
    explained: tuple[ExplainedFigures, ...] = ()


@cache
def load_across(root: Path = Path(__file__).parents[1]) -> Across:
    """The relations across documents. Raises StatuteError with file and line of every mistake."""
    mistakes: list[Issue] = []
    tree = read_yaml(root / ACROSS_FILE, ACROSS_FILE, mistakes)
    relations: dict[str, Relation] = {}
    declared = tree.pop("relations", None)
    if isinstance(declared, Node):
        for code, item in declared.items():
            item.put("code", code, *declared.at(code))
            relation = convert(item, Relation, declared.at(code), mistakes)
            if relation:
                relations[code] = relation
    rest = convert(tree, _Declared, (ACROSS_FILE, 1), mistakes)
    if mistakes or rest is None:
        raise StatuteError(mistakes)
    return Across(relations, rest.adjusted, rest.budget, rest.explained)
