"""CSV as this house writes and reads it: what people wrote can never become a formula in the program that opens it.

Excel, WPS and LibreOffice take a cell of a CSV file for a formula where it begins with one of = + - @, in whatever
quotes. So a text that would be one gets an apostrophe in front, as OWASP advises (CSV Injection), and loses it again
where this house reads the file. Numbers are left alone: -5.00 stays a number.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from typing import TextIO

_FORMULA = re.compile(r"'*(?:[\t\r\n]|[\s\ufeff\u200b]*[=+\-@＝＋－＠])")
"""How a text begins that is a formula, or that has an apostrophe before it already; full-width signs count in Excel."""

_SHELTERED = re.compile(rf"'(?={_FORMULA.pattern})")

_HARMLESS = re.compile(r"\s*(?:[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:[eE][+-]?\d+)?%?|-+)\s*", re.ASCII)
"""A number, or the dash that stands for none."""


def sheltered(text: str) -> str:
    """`text` as it stands in a CSV file: with an apostrophe in front where it would be a formula."""
    return f"'{text}" if _FORMULA.match(text) and not _HARMLESS.fullmatch(text) else text


def bare(cell: str) -> str:
    """The text that `sheltered` made this cell of: bare(sheltered(text)) is text, for every text."""
    return cell[1:] if _SHELTERED.match(cell) else cell


class CsvWriter:
    """Writes lines into an open text file, texts sheltered; None is an empty cell."""

    def __init__(self, file: TextIO, line_end: str = "\n") -> None:
        self._writer = csv.writer(file, lineterminator=line_end)

    def line(self, cells: Iterable[object]) -> None:
        """One line."""
        self._writer.writerow([sheltered(cell) if isinstance(cell, str) else cell for cell in cells])

    def lines(self, rows: Iterable[Iterable[object]]) -> None:
        """Many lines."""
        for row in rows:
            self.line(row)


def csv_lines(source: Iterable[str]) -> Iterator[list[str]]:
    """The lines of a CSV text with their cells bare. Raises csv.Error where it is none."""
    for row in csv.reader(source):
        yield [bare(cell) for cell in row]
