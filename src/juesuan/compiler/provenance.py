"""Where an amount of a table was filled in: traced back through the relations that computed it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from juesuan.account import Address, Fact, Source
from juesuan.compiler.entries import Entry
from juesuan.statute import Instance


class Provenance:
    """The cells of a workbook behind the amounts of the tables."""

    def __init__(self, facts: Mapping[Address, Fact], computed: Mapping[Address, Instance]) -> None:
        """Of the tables' `facts`, some of them `computed`; both may still grow."""
        self._facts = facts
        self._computed = computed
        self._entries: dict[Address, tuple[Source, ...]] = {}

    def note(self, address: Address, entries: Sequence[Entry]) -> None:
        """Notes that the amount at `address` is the sum of `entries`; those of a ledger have no cell."""
        cells = tuple(entry.place for entry in entries if entry.place and entry.place.cell)
        if cells:
            self._entries[address] = cells

    def of(self, addresses: Iterable[Address]) -> tuple[Source, ...]:
        """The cells that the amounts at `addresses` come from, each once, in the order of the relations."""
        return tuple(dict.fromkeys(self._traced(addresses)))

    def _traced(self, addresses: Iterable[Address]) -> Iterator[Source]:
        seen: set[Address] = set()
        waiting = list(addresses)[::-1]
        while waiting:
            address = waiting.pop()
            if address in seen:
                continue
            seen.add(address)
            fact = self._facts.get(address)
            if address in self._entries:
                yield from self._entries[address]
            elif fact and fact.source and fact.source.cell:
                yield fact.source
            elif address in self._computed:
                waiting += self._computed[address].addresses()[::-1]
