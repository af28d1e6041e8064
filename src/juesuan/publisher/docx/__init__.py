"""The DOCX of a document."""

from juesuan.publisher.docx.writer import write_docx

__all__ = ["write_docx"]
