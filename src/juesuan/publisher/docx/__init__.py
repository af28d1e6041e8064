"""The DOCX of a document."""
