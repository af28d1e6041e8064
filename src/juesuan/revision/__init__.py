"""An existing document revised in place: findings corrected as tracked changes, last year's document rolled
forward, and what a document teaches of its place."""

from juesuan.revision.correction import Commented, Correction, Fixed, NotCorrectableError, correct
from juesuan.revision.edited import (
    NotTakenError,
    TakenBack,
    TakenIntoFiling,
    is_ours,
    refresh,
    take_back,
    take_into,
    write_workbook_back,
)
from juesuan.revision.learning import Learnt, NotLearnt, NotTeachableError, learn_profile
from juesuan.revision.listing import place_of, write_list
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
    "TakenIntoFiling",
    "correct",
    "is_ours",
    "learn_profile",
    "place_of",
    "refresh",
    "roll_docx",
    "take_back",
    "take_into",
    "write_list",
    "write_workbook_back",
]
