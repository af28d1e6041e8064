"""Last year's document as the template of this year's: every number renewed, or listed with its place."""

from juesuan.revision.rolling.document import NotRollableError, Rolled, roll_docx
from juesuan.revision.rolling.progress import Entry

__all__ = ["Entry", "NotRollableError", "Rolled", "roll_docx"]
