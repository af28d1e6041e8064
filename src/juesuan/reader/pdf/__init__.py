"""PDF pages: characters, ruling lines, grids, tables, paragraphs."""
