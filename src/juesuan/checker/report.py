"""What checking comes to: findings, each with its place and its equation, and how many relations were decided."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from juesuan.account import Issue, Severity, Unplaced


class Tally(msgspec.Struct, frozen=True):
    """How many expanded relations were decided, and how: held exactly, within rounding, failed; and not decided."""

    decided: int
    held: int
    rounding: int
    failed: int
    undecided: int


class Report(msgspec.Struct, frozen=True):
    """The findings on one account, most severe first, with the tally of relations and what found no place."""

    file: str
    profile: str
    unit: str
    year: int
    findings: tuple[Issue, ...]
    relations: Tally
    claims: tuple[int, int, int] = (0, 0, 0)
    """Figures of the narrative: held against the tables, those that could not be, those no sentence was known for."""
    unplaced: tuple[Unplaced, ...] = ()
    notes: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    """What went wrong in this program while checking: never the document's fault, and said apart from its findings."""

    def count(self, severity: Severity) -> int:
        """How many findings there are of a severity."""
        return sum(1 for finding in self.findings if finding.severity == severity)


def shown(value: Decimal, unit: str) -> str:
    """An amount in its unit for a message: 1,777.50万元."""
    if unit in ("万元", "元"):
        scale = Decimal(10000) if unit == "万元" else Decimal(1)
        return f"{value / scale:,.2f}{unit}"
    return f"{value.normalize():f}{unit}"
