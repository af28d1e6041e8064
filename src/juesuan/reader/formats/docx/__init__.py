"""DOCX files read: paragraphs and grids, and where each text stands in the file."""

from juesuan.reader.formats.docx.document import index_docx, read_docx

__all__ = ["index_docx", "read_docx"]
