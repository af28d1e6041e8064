"""The PDF of a document."""

from juesuan.publisher.pdf.writer import write_pdf

__all__ = ["write_pdf"]
