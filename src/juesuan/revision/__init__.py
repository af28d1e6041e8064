"""An existing document revised in place: findings corrected as tracked changes, last year's document rolled
forward, and what a document teaches of its place."""

from juesuan.revision.correction import Commented, Correction, Fixed, NotCorrectableError, correct
from juesuan.revision.edited import NotTakenError, TakenBack, refresh, take_back, write_workbook_back
from juesuan.revision.learning import Learnt, NotLearnt, NotTeachableError, learn_profile
from juesuan.revision.rolling import Entry, NotRollableError, Rolled, roll_docx

__all__ = [
    "Commented",
    "Correction",
    "Entry",
    "Fixed",
    "Learnt",
    "NotCorrectableError",
    "NotLearnt",
    "NotRollableError",
    "NotTakenError",
    "NotTeachableError",
    "Rolled",
    "TakenBack",
    "correct",
    "learn_profile",
    "refresh",
    "roll_docx",
    "take_back",
    "write_workbook_back",
]
