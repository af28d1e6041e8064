"""Quantities of the sentences as the printed figures allow them: intervals, and the values in their middle."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from juesuan.account import ZERO, Account, Address, Figure, Statement
from juesuan.checker.engine.relations import figure_at, mentioned_forms
from juesuan.checker.engine.unread import may_be_unread
from juesuan.statute import Measurer, direction, parse_quantity
from juesuan.statute.articulation import Name, Place, Sum

Interval = tuple[Decimal, Decimal]
Known = dict[str, Interval | None]
Ends = Callable[[Figure], Interval]


def within(figure: Figure) -> Interval:
    """The least and greatest value that a printed figure stands for."""
    return figure.low, figure.high


def as_printed(figure: Figure) -> Interval:
    """A printed figure taken as it is."""
    return figure.value, figure.value


class Quantities:
    """Measures the quantities of a sentence's clause on one account, each figure between its `ends`."""

    def __init__(self, account: Account, measurer: Measurer, ends: Ends) -> None:
        self.account = account
        self.measurer = measurer
        self.ends = ends
        self.seen = mentioned_forms(account)

    def of(self, let: Mapping[str, str], statement: Statement) -> Known:
        """The quantities by name; None where a figure that one needs is not known."""
        known = self._known(let, statement)
        self._derive(let, known, statement)
        return known

    def sum(self, terms: Sum, known: Known, statement: Statement) -> Interval | None:
        """A sum over figures and named quantities; None where one is not known."""
        low = high = ZERO
        for term in terms:
            if isinstance(term.operand, Decimal):
                part: Interval | None = (term.operand, term.operand)
            elif isinstance(term.operand, Name):
                part = known.get(term.operand.name)
            else:
                part = self._place(term.operand, statement)
            if part is None:
                return None
            ends = (part[0], part[1]) if term.sign > 0 else (-part[1], -part[0])
            low, high = low + ends[0], high + ends[1]
        return low, high

    def _known(self, let: Mapping[str, str], statement: Statement) -> Known:
        known: Known = {}
        for name, text in let.items():
            quantity = parse_quantity(text)
            value = self.sum(quantity.sum, known, statement)
            if quantity.divisor is not None:
                value = _ratio(value, self.sum(quantity.divisor, known, statement))
            known[name] = value
        return known

    def _derive(self, let: Mapping[str, str], known: Known, statement: Statement) -> None:
        """Last year's figure where nothing states it: this year's less the change with its direction.

        With it the stated rate of change is held against the stated change; the change itself stays undecided.
        """
        stated = {claim.name: claim for claim in statement.claims}
        for change, text in let.items():
            now, _, before = (part.strip() for part in text.partition(" - "))
            value = known.get(now)
            claim = stated.get(change)
            if claim is None or value is None or not before or known.get(before) is not None:
                continue
            sign = direction(statement.when, change)
            if not sign:
                # The wording does not say which way: nothing follows from it.
                continue
            ends = sorted(sign * end for end in self.ends(claim.figure))
            known[before] = (value[0] - ends[1], value[1] - ends[0])
            for name, ratio in let.items():
                top, _, bottom = (part.strip() for part in ratio.partition("÷"))
                if (top, bottom) == (change, before):
                    known[name] = _ratio((ends[0], ends[1]), known[before])

    def _place(self, place: Place, statement: Statement) -> Interval | None:
        low = high = ZERO
        for operand in self.measurer.addresses(place, statement.row or None, statement.column or None):
            figure = figure_at(self.account, operand.address)
            if figure is None:
                if not self._blank_is_nothing(operand.address):
                    return None
                continue
            least, most = self.ends(figure)
            low, high = (low + least, high + most) if operand.sign > 0 else (low - most, high - least)
        return low, high

    def _blank_is_nothing(self, address: Address) -> bool:
        """A blank cell of a table that the document prints is an exact nothing; any other figure is not known."""
        return address.period == "本年" and address.form in self.seen and not may_be_unread(address, self.account)


def _ratio(value: Interval | None, divisor: Interval | None) -> Interval | None:
    if value is None or divisor is None or divisor[0] <= 0:
        return None
    low, high = absolute(value)
    return low / divisor[1], high / divisor[0]


def absolute(value: Interval) -> Interval:
    low, high = value
    if low >= 0:
        return value
    return (-high, -low) if high <= 0 else (ZERO, max(-low, high))
