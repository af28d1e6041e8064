"""The ledger, as declared: by which names its columns are known, and what the codes in them mean."""

from __future__ import annotations

from functools import cache, cached_property
from pathlib import Path

import msgspec

from juesuan.account import Issue, Period
from juesuan.statute.source import StatuteError, convert, read_yaml

FILE = Path(__file__).parent / "ledger.yaml"


class LedgerColumn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A column of a ledger; `names` are the headings it is known by, in any case."""

    key: str
    label: str
    names: tuple[str, ...]
    required: bool = False


class LedgerFund(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A source of funds: as income is shown by `source`, as expenditure and carried-over funds by `outlay`."""

    source: str
    outlay: str
    codes: tuple[str, ...] = ()
    """Beginnings of its codes (资金性质); the longest that fits counts."""
    names: tuple[str, ...] = ()
    narrower: str = ""
    """The source that budgets show it as, where they tell it from `source`."""


class Nature(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A kind of expenditure with the words and codes a ledger may have for it."""

    nature: str
    names: tuple[str, ...]


class RecordKind(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a line records, with the words a ledger may have for it."""

    record: str
    names: tuple[str, ...]
    period: Period = "本年"
    only: str = ""
    """The kind of disclosure (决算, 预算) that it is for, where it is not for each."""


class LedgerPlan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """All that is known of ledgers."""

    columns: tuple[LedgerColumn, ...]
    funds: tuple[LedgerFund, ...]
    natures: tuple[Nature, ...]
    records: tuple[RecordKind, ...]
    totals: frozenset[str]
    """What a line is called that sums others, and is no entry of its own."""
    reversals: tuple[str, ...]
    reports: tuple[str, ...]
    """Patterns of what stands above the tables of a final account, which is no ledger."""

    @cached_property
    def _names(self) -> dict[str, LedgerFund]:
        return {name: fund for fund in self.funds for name in fund.names}

    @cached_property
    def _natures(self) -> dict[str, str]:
        return {name: nature.nature for nature in self.natures for name in nature.names}

    def fund(self, written: str) -> LedgerFund | None:
        """The source of funds that a name or code means; None for one that is not declared."""
        if written in self._names:
            return self._names[written]
        if not written.isdigit():
            return None
        fitting = [(len(code), fund) for fund in self.funds for code in fund.codes if written.startswith(code)]
        return max(fitting, key=lambda pair: pair[0])[1] if fitting else None

    def nature(self, written: str) -> str:
        """The kind of expenditure that a word or code means; empty for one that is not declared."""
        return self._natures.get(written, "")

    def kinds_of_records(self, disclosure: str) -> list[RecordKind]:
        """What the lines of a ledger for a disclosure (决算, 预算) may record."""
        return [kind for kind in self.records if kind.only in ("", disclosure)]

    def record(self, written: str, disclosure: str) -> RecordKind | None:
        """What a line records in a disclosure; the first kind where it does not say; None for a word that is not
        declared."""
        known = self.kinds_of_records(disclosure)
        return next((kind for kind in known if written in kind.names), None) if written else known[0]


@cache
def ledger_plan(path: Path = FILE) -> LedgerPlan:
    """The declaration at `path`. Raises StatuteError with every mistake in it."""
    mistakes: list[Issue] = []
    tree = read_yaml(path, path.name, mistakes)
    plan = convert(tree, LedgerPlan, (path.name, 1), mistakes)
    if plan is None or mistakes:
        raise StatuteError(mistakes)
    return plan
