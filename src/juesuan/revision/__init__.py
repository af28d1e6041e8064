"""An existing document revised in place: findings corrected as tracked changes, last year's document rolled forward."""

from juesuan.revision.correction import Commented, Correction, Fixed, NotCorrectableError, correct
from juesuan.revision.rolling import Entry, NotRollableError, Rolled, roll_docx

__all__ = [
    "Commented",
    "Correction",
    "Entry",
    "Fixed",
    "NotCorrectableError",
    "NotRollableError",
    "Rolled",
    "correct",
    "roll_docx",
]
