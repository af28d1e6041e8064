"""File formats other than PDF: DOCX, XLSX, HTML, Markdown and plain text become raw paragraphs and grids."""
