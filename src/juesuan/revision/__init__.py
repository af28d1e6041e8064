"""An existing document revised in place: findings corrected as tracked changes, last year's document rolled
forward, and what a document teaches of its place."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
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
    from juesuan.revision.rolling import NotRollableError, Rolled, RolledNumber, roll_docx

__all__ = [
    "Commented",
    "Correction",
    "Fixed",
    "Learnt",
    "NotCorrectableError",
    "NotLearnt",
    "NotRollableError",
    "NotTakenError",
    "NotTeachableError",
    "Rolled",
    "RolledNumber",
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

_PLACES = {
    "correction": ("Commented", "Correction", "Fixed", "NotCorrectableError", "correct"),
    "edited": (
        "NotTakenError", "TakenBack", "TakenIntoFiling", "is_ours", "refresh", "take_back", "take_into",
        "write_workbook_back",
    ),
    "learning": ("Learnt", "NotLearnt", "NotTeachableError", "learn_profile"),
    "listing": ("place_of", "write_list"),
    "rolling": ("RolledNumber", "NotRollableError", "Rolled", "roll_docx"),
}  # fmt: skip
_ROOM_OF = {name: room for room, names in _PLACES.items() for name in names}


def __getattr__(name: str) -> Any:
    # A document is rolled, corrected or taken back: each needs code and libraries that the others do without.
    if name not in _ROOM_OF:
        raise AttributeError(f"module 'juesuan.revision' has no attribute {name!r}")
    return getattr(import_module(f"juesuan.revision.{_ROOM_OF[name]}"), name)
