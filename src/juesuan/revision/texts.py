"""The texts of a document by their places, and how it prints its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from juesuan.account import Source
from juesuan.revision.numbers import FEW, PrintedNumber, Style, numbers_in, style_of
from juesuan.statute.language import compact

USUAL_DECIMALS = 2
"""Decimals of amounts in 万元 and of percentages, where trailing zeros are dropped."""


class Texts:
    """The texts of a document by their sources, without white space, and how it prints its numbers."""

    def __init__(self, texts: Mapping[Source, tuple[str, ...]]) -> None:
        self.texts = {source: tuple(compact(text) for text in paragraphs) for source, paragraphs in texts.items()}
        self._styles: dict[tuple[str, str], Style] = {}

    def of(self, source: Source) -> tuple[str, ...]:
        """The paragraphs at a source, as patterns see them; none where the document has no such place."""
        return self.texts.get(source, ())

    def style(self, source: Source, unit: str) -> Style:
        """How amounts of a unit are printed in the table that `source` is a cell of, or in the prose."""
        in_cell = bool(source.cell)
        key = source.sheet if in_cell else "", unit
        if key not in self._styles:
            numbers = self._numbers(in_cell, unit, source.sheet)
            if in_cell and len(numbers) < FEW:
                numbers = self._numbers(in_cell, unit, "")
            usual = USUAL_DECIMALS if unit in ("万元", "%") or (in_cell and not unit) else 0
            self._styles[key] = style_of(numbers, usual, trimmed=self._trimmed(unit))
        return self._styles[key]

    def _trimmed(self, unit: str) -> bool:
        """Whether amounts, or rates, drop trailing zeros in the document as a whole."""
        amounts = [
            number
            for paragraphs in self.texts.values()
            for text in paragraphs
            for number in numbers_in(text)
            if number.decimals and (number.unit == "%") == (unit == "%")
        ]
        return bool(amounts) and not any(number.text.endswith("0") for number in amounts)

    def _numbers(self, in_cell: bool, unit: str, sheet: str) -> list[PrintedNumber]:
        return [
            number
            for other, paragraphs in self.texts.items()
            if bool(other.cell) == in_cell and (not sheet or other.sheet == sheet)
            for text in paragraphs
            for number in self._of_kind(text, in_cell, unit)
        ]

    @staticmethod
    def _of_kind(text: str, in_cell: bool, unit: str) -> Iterator[PrintedNumber]:
        for number in numbers_in(text):
            whole = in_cell and not unit and number.text == text
            # Codes and counts are whole; amounts of a table are known by their decimals or commas.
            if number.unit == unit and (not in_cell or unit or (whole and (number.decimals or "," in number.text))):
                yield number
