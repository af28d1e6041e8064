"""The DOCX of a document."""

from juesuan.publisher.docx.pictures import Picture, picture
from juesuan.publisher.docx.writer import write_docx

__all__ = ["Picture", "picture", "write_docx"]
