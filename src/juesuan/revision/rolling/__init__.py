"""Last year's document as the template of this year's: every number renewed, or listed with its place."""

from juesuan.revision.rolling.document import NotRollableError, Rolled, roll_docx
from juesuan.revision.rolling.progress import RolledNumber

__all__ = ["NotRollableError", "Rolled", "RolledNumber", "roll_docx"]
