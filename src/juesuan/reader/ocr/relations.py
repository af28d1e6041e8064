"""Recognised figures held against the relations of the statute, and read once more where they break them.

A reading is changed only where exactly one other reading of one cell makes broken relations hold and breaks none; and
never silently.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

import msgspec

from juesuan.account import Account, Address, Fact, Figure, Issue, Source
from juesuan.reader.account import Reading, to_account
from juesuan.reader.amounts import read_amount
from juesuan.reader.raw import RawDocument, RawTable
from juesuan.statute import Expander, Instance, Statute, details_missing, judge, lines

MOST_LOOKS = 300
"""Cells of one document that are read again."""

_ROUNDS = 20

FAILS = "不成立"


class SecondReading(msgspec.Struct, frozen=True):
    """Another reading of a cell, and the value it would have (yuan)."""

    source: Source
    address: Address
    before: str
    after: str
    value: Decimal


def held_against_relations(reading: Reading, raw: RawDocument, profile: str | None) -> Reading:
    """The reading with recognised figures changed where the relations tell that, and how, they were read wrongly."""
    if raw.second is None:
        return reading
    changes: list[SecondReading] = []
    looked: dict[Source, tuple[str, ...]] = {}
    for _ in range(_ROUNDS):
        change = _change(reading, raw, looked)
        if change is None:
            break
        raw = _with(raw, change)
        changes.append(change)
        reading = to_account(raw, profile)
    if not changes:
        return reading
    return msgspec.structs.replace(reading, notes=(*reading.notes, *map(_note, changes)))


def _note(change: SecondReading) -> Issue:
    place = f"第{change.source.page}页" if change.source.page else str(change.source)
    text = f"{place} 单元格 {change.address} 识别为“{change.before}”，按公式核对改识为“{change.after}”，请对照原件。"
    return Issue("Q202", "notice", text)


def _change(reading: Reading, raw: RawDocument, looked: dict[Source, tuple[str, ...]]) -> SecondReading | None:
    """The first other reading that alone puts a broken relation right."""
    account = reading.account
    instances = _instances(account, reading.statute)
    of: dict[Address, list[Instance]] = {}
    for instance in instances:
        for address in set(instance.addresses()):
            of.setdefault(address, []).append(instance)
    broken = [instance for instance in instances if _fails(account, instance)]
    texts = _texts(raw)
    for instance in broken:
        fits: dict[tuple[Source, Decimal], SecondReading] = {}
        for address in dict.fromkeys(instance.addresses()):
            fact = account.get(address)
            if fact is None or fact.source is None or not fact.source.recognised or fact.source not in texts:
                continue
            for change in _others(fact, texts[fact.source], raw, looked):
                if _mends(account, instance, of[address], fact, change):
                    fits.setdefault((change.source, change.value), change)
        if len(fits) == 1:
            return next(iter(fits.values()))
    return None


def _instances(account: Account, statute: Statute) -> list[Instance]:
    """The relations between figures that the document prints."""
    present = {table.form for table in account.tables} | {fact.address.form for fact in account.facts.values()}
    expander = Expander(statute.forms, lambda form: lines(account, statute, form))

    def figure(address: Address) -> Figure | None:
        return _figure(account, address)

    return [
        instance
        for relation in statute.relations.values()
        for instance in expander.instances(relation)
        if any(account.get(address) for address in instance.addresses())
        and all(address.form in present for address in instance.addresses())
        and not details_missing(instance, statute.forms, figure)
    ]


def _figure(
    account: Account, address: Address, fact: Fact | None = None, figure: Figure | None = None
) -> Figure | None:
    if fact is not None and address == fact.address:
        return figure
    known = account.get(address)
    return known.figure if known else None


def _fails(account: Account, instance: Instance, fact: Fact | None = None, figure: Figure | None = None) -> bool:
    """Whether the instance fails, `fact` having `figure` instead of its own where they are given."""
    verdict = judge(instance, lambda address: _figure(account, address, fact, figure))
    return verdict is not None and verdict.status == FAILS


def _mends(account: Account, instance: Instance, others: Iterable[Instance], fact: Fact, change: SecondReading) -> bool:
    """Whether the change makes `instance` hold and breaks none of the `others` that the figure stands in."""
    figure = Figure(change.value, fact.figure.resolution)
    if _fails(account, instance, fact, figure):
        return False
    return not any(_fails(account, other, fact, figure) and not _fails(account, other) for other in others)


def _others(
    fact: Fact, text: str, raw: RawDocument, looked: dict[Source, tuple[str, ...]]
) -> list[SecondReading]:
    """The other readings of the cell that a fact was recognised in."""
    source = fact.source
    now = read_amount(text)
    if source is None or source.box is None or raw.second is None or now is None or not now.value:
        return []
    if source not in looked:
        if len(looked) >= MOST_LOOKS:
            return []
        looked[source] = raw.second(source.page, source.box)
    scale = fact.figure.value / now.value
    changes: list[SecondReading] = []
    for other in looked[source]:
        amount = read_amount(other)
        if amount is not None and amount.value != now.value:
            changes.append(SecondReading(source, fact.address, text, other, amount.value * scale))
    return changes


def _texts(raw: RawDocument) -> dict[Source, str]:
    """The text of every recognised cell by its place."""
    return {
        cell.source: cell.text
        for block in raw.blocks
        if isinstance(block, RawTable)
        for cell in block.cells
        if cell.source is not None and cell.source.recognised
    }


def _with(raw: RawDocument, change: SecondReading) -> RawDocument:
    """The document with the cell read the other way."""
    blocks = []
    for block in raw.blocks:
        if isinstance(block, RawTable):
            cells = tuple(
                msgspec.structs.replace(cell, text=change.after) if cell.source == change.source else cell
                for cell in block.cells
            )
            block = msgspec.structs.replace(block, cells=cells)
        blocks.append(block)
    return msgspec.structs.replace(raw, blocks=tuple(blocks))
