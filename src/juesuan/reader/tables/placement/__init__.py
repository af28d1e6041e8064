"""Grids read as the form that they were found to be: by code, by label, by column; and whether the figures agree."""
