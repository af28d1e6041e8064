"""Loose tables: rows of cells that a text prints without a grid, or a grid that is no form, read as statements."""
