"""What the numbers of a paragraph are of, by their meaning: quantities that no clause of the law names yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

import msgspec

from juesuan.account import Account, Address, Source, StatedFigure, Statement
from juesuan.revision.numbers import numbers_in
from juesuan.revision.rolling.figures import Sentences
from juesuan.revision.rolling.occurrences import Occurrence, Stated
from juesuan.revision.texts import Texts
from juesuan.statute import CODE_LENGTHS, TOTAL, Clause, ParagraphPlan, parse_quantity
from juesuan.statute.articulation import Name, Place
from juesuan.statute.comparison import address_of
from juesuan.statute.language import Measured, compact

LEVELS = ("决算", "预算", "年初预算", "数量")
_FEWEST = min(CODE_LENGTHS.values())
_SIGNS = "。；：，、"


class Told(msgspec.Struct, frozen=True):
    """A number of a paragraph with what it says; offsets without white space."""

    start: int
    end: int
    stated: StatedFigure


class Tellings:
    """The numbers of a document that are understood, by paragraph."""

    def __init__(self, account: Account, texts: Texts, old: Sentences) -> None:
        self.account = account
        self.texts = texts
        self.old = old
        self.told: dict[Source, list[Told]] = {}
        for stated in account.stated:
            self._note(stated)

    def _note(self, stated: StatedFigure) -> None:
        source, passages = stated.source, self.account.passages
        if source is None or stated.figure is None or not self.texts.of(source):
            return
        passage = passages[stated.passage] if 0 <= stated.passage < len(passages) else None
        if passage is None or passage.source != source:
            return
        start = len(compact(passage.text[: stated.start]))
        number = next((each for each in numbers_in(self.texts.of(source)[0]) if each.start == start), None)
        if number is not None:
            self.told.setdefault(source, []).append(Told(number.start, number.end, stated))

    def let(self, source: Source, start: int) -> str:
        """The quantity, in the notation, of the number that begins at `start`; empty where it is not sure."""
        told = next((each for each in self.told.get(source, ()) if each.start == start), None)
        if told is None or not told.stated.address:
            return ""
        stated = told.stated
        address = address_of(stated.address)
        if address is None or self._of_item(address):
            return ""
        if stated.measure in LEVELS:
            return str(address) if self._gives(str(address), stated) else ""
        if stated.measure == "完成率":
            own = msgspec.structs.replace(address, period="本年")
            text = f"{own} ÷ {msgspec.structs.replace(address, period='年初预算')}"
            return text if self._gives(text, stated) else ""
        if stated.measure == "占比":
            wholes = list(self._wholes(address, stated))
            return f"{address} ÷ {wholes[0]}" if len(wholes) == 1 else ""
        # A change has a direction, which a sentence worded for another change does not turn.
        return ""

    @staticmethod
    def _of_item(address: Address) -> bool:
        """Whether the line is of an item or class that one unit has and another has not."""
        return address.row.isdigit() and len(address.row) >= _FEWEST

    def _gives(self, text: str, stated: StatedFigure) -> bool:
        measured = self.old.measurer.quantity(text, {})
        figure = stated.figure
        if figure is None or (measured.value is None and (figure.value or "÷" in text)):
            return False
        return abs(abs(measured.value or Decimal(0)) - abs(figure.value)) <= figure.resolution

    def _wholes(self, part: Address, stated: StatedFigure) -> Iterator[Address]:
        for other in self.account.of_form(part.form, part.period):
            at = other.address
            same = at.row == part.row or at.column == part.column or at.row == TOTAL
            if at != part and same and not self._of_item(at) and self._gives(f"{part} ÷ {at}", stated):
                yield at

    def repeated(self, plan: ParagraphPlan, clause: Clause, source: Source) -> Iterator[Occurrence]:
        """The pieces of a paragraph that tell of the lines or columns of a repeated clause, one of each."""
        told = sorted(self.told.get(source, ()), key=lambda each: each.start)
        text = self.texts.of(source)[0]
        outer: dict[str, Measured] = {}
        for name, quantity in plan.let.items():
            outer[name] = self.old.measurer.quantity(quantity, outer)
        for row, column in self.old.measurer.loop(clause.each, clause.skip) if "!" in clause.each else ():
            numbers = list(self._numbers(clause, row, column, told))
            if len(numbers) < len(clause.let) or not numbers:
                continue
            start = max(text.rfind(sign, 0, numbers[0].start) for sign in _SIGNS) + 1
            end = numbers[-1].end + len(next((n.unit for n in numbers_in(text) if n.start == numbers[-1].start), ""))
            said = Statement(clause.key, text[start:end], row=row or "", column=column or "", source=source)
            yield Occurrence(said, start, end, end, tuple(numbers))

    def _numbers(self, clause: Clause, row: str | None, column: str | None, told: list[Told]) -> Iterator[Stated]:
        """The numbers of one piece: its amount, and the share told of it."""
        first: Told | None = None
        addresses: Mapping[str, str] = {}
        for name, text in clause.let.items():
            parsed = parse_quantity(text)
            operand = parsed.sum[0].operand
            if parsed.divisor is None and isinstance(operand, Place) and len(parsed.sum) == 1:
                found = self.old.measurer.addresses(operand, row, column)
                wanted = str(found[0].address) if len(found) == 1 else ""
                first = next((t for t in told if t.stated.address == wanted and t.stated.measure in LEVELS), None)
                addresses = {name: wanted}
                each = first
            else:
                of_first = first is not None and isinstance(operand, Name) and operand.name in addresses
                each = next(
                    (
                        t
                        for t in told
                        if first
                        and of_first
                        and t.start > first.start
                        and t.stated.measure == "占比"
                        and t.stated.address == first.stated.address
                    ),
                    None,
                )
            if each is not None:
                yield Stated(name, each.start, each.end)
