"""The workbook to fill in (填报工作簿): planned from its declaration, written, and read back."""

from juesuan.compiler.workbook.fill import Filler, Line, SheetContents
from juesuan.compiler.workbook.plan import (
    COMPLAINTS,
    INDICATOR_REASON,
    PlannedSheet,
    Slot,
    address_of,
    addresses,
    sheets,
    template_of,
    unanswered,
)
from juesuan.compiler.workbook.plan import INSTRUCTIONS as FRONT
from juesuan.compiler.workbook.style import UNITS
from juesuan.compiler.workbook.totals import column_total, has_totals, line_total
from juesuan.compiler.workbook.writer import write_contents

__all__ = [
    "COMPLAINTS",
    "FRONT",
    "INDICATOR_REASON",
    "UNITS",
    "Filler",
    "Line",
    "PlannedSheet",
    "SheetContents",
    "Slot",
    "address_of",
    "addresses",
    "column_total",
    "has_totals",
    "line_total",
    "sheets",
    "template_of",
    "unanswered",
    "write_contents",
]
