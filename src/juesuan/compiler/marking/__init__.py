"""A copy of a filled-in workbook with every complaint beside its cell; and how a changed Excel file is saved whole."""

from juesuan.compiler.marking.marks import Complaint, mark_copy
from juesuan.compiler.marking.saving import kept_drop_downs, save_with_values
from juesuan.compiler.marking.taking import take_texts, write_texts
from juesuan.compiler.workbook.reader import read_workbook

__all__ = [
    "Complaint",
    "kept_drop_downs",
    "mark_copy",
    "read_workbook",
    "save_with_values",
    "take_texts",
    "write_texts",
]
