"""An existing document revised in place: findings corrected as tracked changes, last year's document rolled forward."""

from juesuan.revision.correction import Commented, Correction, Fixed, NotCorrectableError, correct

__all__ = ["Commented", "Correction", "Fixed", "NotCorrectableError", "correct"]
