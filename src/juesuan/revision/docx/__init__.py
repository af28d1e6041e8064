"""A DOCX changed in place: texts replaced with or without a trace, comments, all else left as it is."""

from juesuan.revision.docx.comments import Commenter
from juesuan.revision.docx.controls import release
from juesuan.revision.docx.copies import Copies, copied
from juesuan.revision.docx.edits import Edit, apart, apply_edits, obstacle
from juesuan.revision.docx.package import DocxFile
from juesuan.revision.docx.runs import NotEditableError, Reviser

__all__ = [
    "Commenter",
    "Copies",
    "DocxFile",
    "Edit",
    "NotEditableError",
    "Reviser",
    "apart",
    "apply_edits",
    "copied",
    "obstacle",
    "release",
]
