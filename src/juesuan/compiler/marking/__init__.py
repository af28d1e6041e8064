"""A copy of a filled-in workbook with every complaint beside its cell; and how a changed Excel file is saved whole."""

from juesuan.compiler.marking.marks import Complaint, mark_copy
from juesuan.compiler.marking.saving import kept_drop_downs, save_with_values
from juesuan.compiler.marking.taking import take_texts, write_texts

__all__ = ["Complaint", "kept_drop_downs", "mark_copy", "save_with_values", "take_texts", "write_texts"]
