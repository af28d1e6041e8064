"""What a unit fills in on a screen (网上填报): content, examination, and what carries over from last year."""

from juesuan.compiler.editor.carry_over import of_last_year
from juesuan.compiler.editor.content import (
    ContentPlace,
    FilingContent,
    GivenFigures,
    Page,
    contents_of,
    of_contents,
    of_gathered,
    of_workbook,
    sheets_to_fill,
    with_held,
    with_ledger,
)
from juesuan.compiler.editor.examination import Examination, PlacedIssue, examine
from juesuan.compiler.editor.taking import put_texts

__all__ = [
    "ContentPlace",
    "Examination",
    "FilingContent",
    "GivenFigures",
    "Page",
    "PlacedIssue",
    "contents_of",
    "examine",
    "of_contents",
    "of_gathered",
    "of_last_year",
    "of_workbook",
    "put_texts",
    "sheets_to_fill",
    "with_held",
    "with_ledger",
]
