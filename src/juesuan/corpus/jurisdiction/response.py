"""What one yuan does: the cells that an entry moves, worked out from the relations once and used for every unit.

All computed cells are sums and differences of collected ones, so a table is linear in its entries: the amount of a cell
is the sum over the entries of their amounts times a whole number. That number is the same for every unit; it is had by
following the relations (`gives`) from the cells that collect the entry to those that are computed from them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from itertools import chain

import msgspec

from juesuan.account import Address
from juesuan.compiler import Entry, collectors, expanded, matches, periods_of
from juesuan.compiler.ledger import EntryHeading
from juesuan.statute import Instance, Statute

Response = dict[Address, int]
"""By how many yuan each cell changes for one yuan."""


class Responses:
    """The responses of the headings of a jurisdiction and of the cells stated singly."""

    def __init__(self, headings: Iterable[EntryHeading], stated: Iterable[Address], statute: Statute) -> None:
        self._statute = statute
        self._collectors = [(form, collectors(form)) for form in statute.forms.values()]
        self.headings = {heading: self._collected(heading) for heading in headings}
        self.stated = tuple(stated)
        self._collecting = set(chain.from_iterable(self.headings.values()))
        self._reached: dict[Address, list[tuple[Address, int]]] = {}
        self._given(self._collecting | set(self.stated))
        self._live = self._filled()
        self._known: dict[Address, Response] = {}

    def _collected(self, heading: EntryHeading) -> list[Address]:
        """The cells that collect a heading."""
        entry = prototype(heading)
        found = []
        for form, takers in self._collectors:
            if heading.period != "本年" and heading.period not in form.periods:
                continue
            code = form.layout.code_of(heading.function, heading.economy)
            for takes, line, column in takers:
                if (line or code) and matches(takes, entry):
                    found.append(Address(form.key, line or code, column, heading.period))
        return found

    def _given(self, leaves: set[Address]) -> None:
        targets: set[Address] = set()
        computing = {code: relation for code, relation in self._statute.relations.items() if relation.given}
        law = msgspec.structs.replace(self._statute, relations=computing)
        for period in periods_of(self._statute):
            for instance in expanded(leaves, law, period):
                target = instance.target
                if target is None or target in targets or target in self._collecting:
                    continue
                targets.add(target)
                operands, constant = instance.solved()
                if constant:
                    raise NotImplementedError(f"{instance.relation} adds a constant: a table is no sum of entries")
                for operand in operands:
                    self._reached.setdefault(operand.address, []).append((target, operand.sign))

    def _filled(self) -> set[Address]:
        """The cells that the relations compute from what is collected and stated."""
        live: set[Address] = set()
        todo = [*self._collecting, *self.stated]
        while todo:
            for target, _ in self._reached.get(todo.pop(), ()):
                if target not in live:
                    live.add(target)
                    todo.append(target)
        return live

    def computed(self, address: Address) -> bool:
        """Whether the relations compute a cell from what is collected and stated in the jurisdiction."""
        return address in self._live

    def of_cell(self, address: Address) -> Response:
        """What a yuan in a cell does, the cell itself included."""
        known = self._known.get(address)
        if known is None:
            known = {address: 1}
            for target, sign in self._reached.get(address, ()):
                add(known, self.of_cell(target), sign)
            self._known[address] = known
        return known

    def of_heading(self, heading: EntryHeading) -> Response:
        """What a yuan of a heading does."""
        found: Response = {}
        for address in self.headings[heading]:
            add(found, self.of_cell(address), 1)
        return {address: coefficient for address, coefficient in found.items() if coefficient}


def add(total: Response, other: Mapping[Address, int], times: int) -> None:
    """Adds `other` so many times to `total`."""
    for address, coefficient in other.items():
        total[address] = total.get(address, 0) + times * coefficient


def prototype(heading: EntryHeading, amount: Decimal = Decimal(1)) -> Entry:
    """An entry of a heading."""
    return Entry(
        heading.record,
        heading.source,
        amount,
        nature=heading.nature,
        function=heading.function,
        economy=heading.economy,
        project=heading.project,
        period=heading.period,
    )


def doubtful(
    responses: Sequence[Response], statute: Statute, *, unknown: frozenset[str] = frozenset()
) -> list[Instance]:
    """The relations that amounts not below zero can break, whatever computes their cells.

    A relation is left out where every response keeps it (both sides move alike, or the smaller side less), and where it
    speaks of a form of `unknown`: nobody has stated anything of those.
    """
    by_address: dict[Address, list[tuple[int, int]]] = {}
    for number, response in enumerate(responses):
        for address, coefficient in response.items():
            by_address.setdefault(address, []).append((number, coefficient))
    verified = {code: relation for code, relation in statute.relations.items() if not relation.given}
    law = msgspec.structs.replace(statute, relations=verified)
    found = []
    for period in periods_of(statute):
        for instance in expanded(by_address, law, period):
            if not any(address.form in unknown for address in instance.addresses()) and _breakable(
                instance, by_address
            ):
                found.append(instance)
    return found


def _breakable(instance: Instance, by_address: Mapping[Address, list[tuple[int, int]]]) -> bool:
    moves: dict[int, int] = {}
    for side, operands in ((1, instance.left), (-1, instance.right)):
        for operand in operands:
            for number, coefficient in by_address.get(operand.address, ()):
                moves[number] = moves.get(number, 0) + side * operand.sign * coefficient
    if not moves:
        return False
    if instance.constant or instance.comparator in "<>":
        return True
    if instance.comparator == "≤":
        return any(move > 0 for move in moves.values())
    if instance.comparator == "≥":
        return any(move < 0 for move in moves.values())
    return any(moves.values())
