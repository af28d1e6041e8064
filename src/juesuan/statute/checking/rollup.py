"""The roll-up as declared: which transfers between units cancel out, and the rules of its check."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec

from juesuan.account import Issue, Severity
from juesuan.statute.source import StatuteError, convert, read_yaml

ROLLUP_FILE = "rollup.yaml"

Side = Literal["上级", "下级"]


class Transfer(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Money that one unit pays and another receives: the source of the income, the nature of the outlay, and which of
    the two (上级 or 下级) books which."""

    key: str
    income: str
    received: Side
    outlay: str
    paid: Side
    why: str
    basis: str


class RollupRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule of the check of a department against its units."""

    key: str
    title: str
    number: int
    severity: Severity
    why: str
    basis: str
    mend: str
    example: str


class Rollup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the accounts of units become that of a department, and of a jurisdiction."""

    department_levels: tuple[str, ...]
    head_levels: tuple[str, ...]
    """Words for the unit that is the department's own office: it stands above the others of the department."""
    transfers: tuple[Transfer, ...]
    rules: tuple[RollupRule, ...]

    def rule(self, key: str) -> RollupRule:
        """The rule `key`. Raises KeyError."""
        return {rule.key: rule for rule in self.rules}[key]


@cache
def load_rollup(root: Path = Path(__file__).parents[1]) -> Rollup:
    """The declaration. Raises StatuteError with file and line of every mistake."""
    mistakes: list[Issue] = []
    tree = read_yaml(root / ROLLUP_FILE, ROLLUP_FILE, mistakes)
    plan = convert(tree, Rollup, (ROLLUP_FILE, 1), mistakes)
    if plan is None or mistakes:
        raise StatuteError(mistakes)
    return plan
