"""An existing document revised in place: findings corrected as tracked changes, last year's document rolled forward."""

from juesuan.revision.correction import Commented, Correction, Fixed, NotCorrectableError, correct
from juesuan.revision.edited import NotTakenError, TakenBack, refresh, take_back, write_workbook_back
from juesuan.revision.rolling import Entry, NotRollableError, Rolled, roll_docx

__all__ = [
    "Commented",
    "Correction",
    "Entry",
    "Fixed",
    "NotCorrectableError",
    "NotRollableError",
    "NotTakenError",
    "Rolled",
    "TakenBack",
    "correct",
    "refresh",
    "roll_docx",
    "take_back",
    "write_workbook_back",
]
