"""The texts of a document by their places, and how it prints its numbers."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from juesuan.account import Source
from juesuan.revision.numbers import FEW, NumberStyle, PrintedNumber, numbers_in, style_of
from juesuan.statute import Statute
from juesuan.statute.language import compact

USUAL_DECIMALS = 2
"""Decimals of amounts in 万元 and of percentages, where trailing zeros are dropped."""


def printing_as(statute: Statute, texts: Texts) -> Statute:
    """The law with amounts and rates printed as a document prints them in its prose."""
    money, rates = texts.style(Source(), "万元"), texts.style(Source(), "%")
    style = msgspec.structs.replace(
        statute.profile.style,
        text_decimals=money.decimals,
        text_trim=money.trimmed,
        text_grouping=money.grouped,
        percent_decimals=rates.decimals,
        percent_trim=rates.trimmed,
    )
    return msgspec.structs.replace(statute, profile=msgspec.structs.replace(statute.profile, style=style))


class Texts:
    """The texts of a document by their sources, without white space, and how it prints its numbers."""

    def __init__(self, texts: Mapping[Source, tuple[str, ...]]) -> None:
        self.texts = {source: tuple(compact(text) for text in paragraphs) for source, paragraphs in texts.items()}
        self._styles: dict[tuple[str, str], NumberStyle] = {}
        self._trims: dict[bool, bool] = {}
        self._every: list[tuple[Source, str, PrintedNumber]] = [
            (source, text, number)
            for source, paragraphs in self.texts.items()
            for text in paragraphs
            for number in numbers_in(text)
        ]

    def of(self, source: Source) -> tuple[str, ...]:
        """The paragraphs at a source, as patterns see them; none where the document has no such place."""
        return self.texts.get(source, ())

    def style(self, source: Source, unit: str) -> NumberStyle:
        """How amounts of a unit are printed in the table that `source` is a cell of, or in the prose."""
        in_cell = bool(source.cell)
        key = source.sheet if in_cell else "", unit
        if key not in self._styles:
            numbers = self._numbers(in_cell, unit, source.sheet)
            # One amount in many cells shows its decimals but once.
            if in_cell and len({number.text for number in numbers}) < FEW:
                numbers = self._numbers(in_cell, unit, "")
            usual = USUAL_DECIMALS if unit in ("万元", "%") or (in_cell and not unit) else 0
            self._styles[key] = style_of(numbers, usual, trimmed=self._trimmed(unit))
        return self._styles[key]

    def _trimmed(self, unit: str) -> bool:
        """Whether amounts, or rates, drop trailing zeros in the document as a whole."""
        rates = unit == "%"
        if rates not in self._trims:
            amounts = [number for _, _, number in self._every if number.decimals and (number.unit == "%") == rates]
            self._trims[rates] = bool(amounts) and not any(number.text.endswith("0") for number in amounts)
        return self._trims[rates]

    def _numbers(self, in_cell: bool, unit: str, sheet: str) -> list[PrintedNumber]:
        return [
            number
            for other, text, number in self._every
            if number.unit == unit
            and bool(other.cell) == in_cell
            and (not sheet or other.sheet == sheet)
            and self._is_amount(number, text, in_cell, unit)
        ]

    @staticmethod
    def _is_amount(number: PrintedNumber, text: str, in_cell: bool, unit: str) -> bool:
        """Whether a number is of the kind that its unit says; a bare one in a table is, by its decimals or commas."""
        # Codes and counts are whole.
        return not in_cell or bool(unit) or (number.text == text and bool(number.decimals or "," in number.text))
