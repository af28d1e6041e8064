"""What a unit holds besides workbook and ledger: official exports, the published budget, last year's account."""

from juesuan.intake.asking import unanswered, write_questions
from juesuan.intake.gathering import Intake, take_in

__all__ = ["Intake", "take_in", "unanswered", "write_questions"]
