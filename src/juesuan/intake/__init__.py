"""What a unit holds besides workbook and ledger: official exports, the published budget, last year's account."""

from juesuan.intake.asking import Questions, differences, questions, unanswered, undecided, write_questions
from juesuan.intake.documents import standing_texts, stating_sums
from juesuan.intake.gathering import OFFSETS, Intake, take_accounts, take_in, without_figures
from juesuan.intake.kinds import HeldFile, identify, refuse_what_is_no_document

__all__ = [
    "OFFSETS",
    "HeldFile",
    "Intake",
    "Questions",
    "differences",
    "identify",
    "questions",
    "refuse_what_is_no_document",
    "standing_texts",
    "stating_sums",
    "take_accounts",
    "take_in",
    "unanswered",
    "undecided",
    "without_figures",
    "write_questions",
]
