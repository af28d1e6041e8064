"""How self-evaluation forms (绩效自评表) are worded beyond what the schemes declare: for reading and checking only."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import cast

import msgspec

from juesuan.account import Address, Issue, Period, SheetKind
from juesuan.statute.language.matching import NUMBER
from juesuan.statute.scheme import FundScope
from juesuan.statute.source import Node, StatuteError, cached_law, convert, mistake, read_yaml

FILE = "evaluation.yaml"
_PLACE = re.compile(r"(?:(上年|年初预算)!)?(\w+)!(\w+)行(\w+)栏")
"""A cell in the notation; the whole grammar takes longer to load than a file to check."""


class Headings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The word that makes a line the title of a form, and the words that say of what."""

    form: str
    whole: tuple[str, ...]
    project: tuple[str, ...]


class Scope(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A scope of funds (资金口径) of the whole unit's form: where its amounts stand in the tables, as sums of places.

    `sources` are the sources of funds it takes, all of them where none is named; `other` is what the outlay holds
    besides basic and project expenditure.
    """

    basis: str
    sources: tuple[str, ...]
    outlay: tuple[str, ...]
    basic: tuple[str, ...]
    project: tuple[str, ...]
    other: tuple[str, ...]

    def addresses(self, part: str) -> tuple[Address, ...]:
        """Where a part (outlay, basic, project, other) stands, to be summed up."""
        texts: tuple[str, ...] = getattr(self, part)
        return _addresses(texts)


def _addresses(texts: tuple[str, ...]) -> tuple[Address, ...]:
    return tuple(
        Address(m[2], m[3], m[4], cast(Period, m[1] or "本年")) for text in texts if (m := _PLACE.fullmatch(text))
    )


class GoalSum(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A total that forms of goals print, and the labels of what it is made of; `yearly` where it is of the year.

    Where one of `complete` is printed, all parts are.
    """

    whole: tuple[str, ...]
    parts: tuple[str, ...]
    complete: tuple[str, ...]
    yearly: bool = False


class GoalForms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The printed forms of performance goals (绩效目标表).

    `parts` are the rows below the whole budget by kind of form: each label with the places or sources it sums;
    `columns` the headers of the indicators by what they hold; `count` and `amount` where projects with goals count.
    """

    basis: str
    heading: str
    """The word that makes a line the title of such a form."""
    titles: dict[SheetKind, str]
    names: dict[SheetKind, str]
    """The label of the row that names the project or the unit."""
    money: str
    whole: str
    parts: dict[SheetKind, dict[str, tuple[str, ...]]]
    total: tuple[str, ...]
    """The places whose sum is the budget of the whole unit."""
    sums: tuple[GoalSum, ...]
    """What forms print of money, by which they are read: side by side each part belongs to the nearest total."""
    full: tuple[str, ...]
    """Labels of the sum of all weights, which a form with scores has for its score (合计)."""
    dates: tuple[str, ...]
    """Labels of dates, which no figure of the budget is."""
    columns: dict[str, str]
    supervisor: str
    implementer: str
    goals: str
    indicators: str
    count: str
    amount: str

    @property
    def whole_budget(self) -> tuple[Address, ...]:
        """Where the budget of the whole unit stands, to be summed up."""
        return _addresses(self.total)

    def places(self, part: str) -> tuple[Address, ...]:
        """Where a part of the budget of the whole unit stands, to be summed up."""
        return _addresses(self.parts["整体"][part])

    @property
    def counted(self) -> tuple[Address, Address]:
        """Where the number of projects with goals stands, and their money."""
        count, amount = _addresses((self.count, self.amount))
        return count, amount


class EvaluationWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The headers and labels of self-evaluation forms by what they mean, and the sentences that speak of the forms.

    `sentences` are regular expressions by what they state, for texts without
    white space; `{number}` is a printed number.
    """

    basis: str
    execution: dict[str, tuple[str, ...]]
    indicators: dict[str, tuple[str, ...]]
    scopes: dict[FundScope, Scope]
    general: Scope
    """What some units fill in for the whole: the general budget alone. It is for checking only."""
    initial: tuple[tuple[str, ...], ...]
    """The sums of approved budgets that the form of the whole unit may state."""
    labels: dict[str, tuple[str, ...]]
    headings: Headings
    goal_forms: GoalForms
    key_work: dict[str, tuple[str, ...]]
    elsewhere: str
    """What stands for the reason of low execution where another row, named in it, has the reason."""
    ticked: tuple[str, ...]
    unticked: tuple[str, ...]
    sentences: dict[str, tuple[str, ...]]
    explained: tuple[str, ...]
    execution_formula: str
    execution_lines: tuple[str, ...]
    transfer: str
    """The word in the attributes of a project that makes it a transfer payment."""
    low_execution: Decimal
    qualifiers: tuple[str, ...]
    generic: tuple[str, ...]
    reaching: tuple[str, ...]
    about: tuple[str, ...]

    @property
    def budgets(self) -> tuple[tuple[Address, ...], ...]:
        """Where the approved budgets stand that the form of the whole unit may state, each to be summed up."""
        return tuple(map(_addresses, self.initial))

    @property
    def project_outlay(self) -> Address:
        """项目支出 of all funds together."""
        return self.scopes["全部支出"].addresses("project")[0]

    def patterns(self, kind: str) -> list[re.Pattern[str]]:
        """The sentences of a kind (count, amount, whole, project), to be searched in a text without white space."""
        return [re.compile(text.replace("{number}", NUMBER)) for text in self.sentences[kind]]


@cache
@cached_law
def load_evaluation(root: Path) -> EvaluationWords:
    """The words of the forms. Raises StatuteError with file and line of every mistake."""
    mistakes: list[Issue] = []
    tree = read_yaml(root / FILE, FILE, mistakes)
    words = convert(tree, EvaluationWords, (FILE, 1), mistakes) if isinstance(tree, Node) else None
    for kind, texts in (words.sentences if words else {}).items():
        for text in texts:
            try:
                re.compile(text.replace("{number}", NUMBER))
            except re.error as error:
                mistakes.append(mistake(FILE, 1, f"{kind} 的“{text}”不是正则表达式：{error}"))
    budgets = [place for places in (words.initial if words else ()) for place in places]
    scopes = [*words.scopes.items(), ("general", words.general)] if words else []
    for name, scope in scopes:
        for place in (*scope.outlay, *scope.basic, *scope.project, *scope.other, *budgets):
            if not _PLACE.fullmatch(place):
                mistakes.append(mistake(FILE, 1, f"{name} 的“{place}”不是单元格的位置；应如 表3!合计行1栏。"))
    if mistakes or words is None:
        raise StatuteError(mistakes)
    return words
