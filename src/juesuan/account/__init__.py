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
from juesuan.account.serialise import SCHEMA_FILE, NotAnAccountError, from_json, schema, to_json

__all__ = [
    "SCHEMA_FILE",
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
    "NotAnAccountError",
    "Paragraph",
    "PerformanceSheet",
    "Period",
    "Project",
    "RowLabel",
    "Section",
    "Source",
    "Unit",
    "Unplaced",
    "from_json",
    "plain",
    "printed",
    "rounded",
    "schema",
    "to_json",
    "total",
]
