"""Findings corrected: tracked changes in a DOCX, marked cells in an XLSX, notes on a PDF."""

from juesuan.revision.correction.files import NotCorrectableError, correct
from juesuan.revision.correction.result import Commented, Correction, Fixed

__all__ = ["Commented", "Correction", "Fixed", "NotCorrectableError", "correct"]
