"""Grids recognised as statutory forms: titles, columns, lines, placement of every cell."""
