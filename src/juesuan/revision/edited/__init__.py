"""A DOCX of ours, edited by hand, taken back: texts into the account, the rest into a report."""

from juesuan.revision.edited.document import NotTakenError
from juesuan.revision.edited.into_filing import TakenIntoFiling, is_ours, take_into
from juesuan.revision.edited.reading import HandFigure, Remark, TakenText
from juesuan.revision.edited.refreshing import refresh
from juesuan.revision.edited.taking import ChangedFigure, TakenBack, take_back, write_workbook_back

__all__ = [
    "ChangedFigure",
    "HandFigure",
    "NotTakenError",
    "Remark",
    "TakenBack",
    "TakenIntoFiling",
    "TakenText",
    "is_ours",
    "refresh",
    "take_back",
    "take_into",
    "write_workbook_back",
]
