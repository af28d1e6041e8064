"""Cells as spreadsheets name them (AB12), from rows and columns counted from 0."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=1024)
def column_letters(column: int) -> str:
    """The name of a column, counted from 0: A, Z, AA."""
    name = ""
    number = column + 1
    while number:
        number, digit = divmod(number - 1, 26)
        name = chr(65 + digit) + name
    return name


def column_number(letters: str) -> int:
    """The column, counted from 0, that capital `letters` name; -1 for none."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def cell_name(row: int, column: int) -> str:
    """The name of a cell by its row and column, both counted from 0: (11, 27) is AB12."""
    return f"{column_letters(column)}{row + 1}"


def cell_place(name: str) -> tuple[int, int]:
    """Row and column, both counted from 0, of the cell called `name`. Raises ValueError where it names none."""
    digits = name.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    letters = name[: len(name) - len(digits)]
    if not letters or not digits.isdecimal():
        raise ValueError(name)
    return int(digits) - 1, column_number(letters)
