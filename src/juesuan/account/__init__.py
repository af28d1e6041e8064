"""The model everything passes through: Account, Figure, Fact, Claim, Source. Imports nothing of ours."""

from juesuan.account.address import Address, Period, Source
from juesuan.account.figure import WAN, ZERO, Figure, plain, printed, rounded, total
from juesuan.account.model import (
    Account,
    Claim,
    Fact,
    Gap,
    GlossaryEntry,
    Indicator,
    KeyWork,
    Paragraph,
    PerformanceSheet,
    Project,
    RowLabel,
    Section,
    Unit,
    Unplaced,
)

__all__ = [
    "WAN",
    "ZERO",
    "Account",
    "Address",
    "Claim",
    "Fact",
    "Figure",
    "Gap",
    "GlossaryEntry",
    "Indicator",
    "KeyWork",
    "Paragraph",
    "PerformanceSheet",
    "Period",
    "Project",
    "RowLabel",
    "Section",
    "Source",
    "Unit",
    "Unplaced",
    "plain",
    "printed",
    "rounded",
    "total",
]
