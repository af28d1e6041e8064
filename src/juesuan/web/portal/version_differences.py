"""Two versions of a published account beside each other: which figures and which words differ."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import msgspec

from juesuan.account import Account, from_json, with_unit
from juesuan.publisher import Heading, Text, lay_out, printable
from juesuan.statute import MONEY_UNITS, Statute, load_statute

LONGEST = 4000
"""Signs of a paragraph within which differing words are told apart; a longer one is shown as a whole."""

_WORD = re.compile(r"[0-9]+(?:[,.][0-9]+)*|[A-Za-z]+|.", re.DOTALL)
"""What is told apart within a paragraph: a number or a word as a whole, else sign by sign."""


class VersionFigure(msgspec.Struct, frozen=True):
    """A figure that differs: what it is, and what it was and is, with unit; empty for a blank."""

    what: str
    before: str
    after: str
    gap: str


class Stretch(msgspec.Struct, frozen=True):
    """A piece of a paragraph: `kind` is same, gone or new."""

    kind: str
    text: str


class VersionDifferences(msgspec.Struct, frozen=True):
    """What differs between two versions: figures, and paragraphs as their pieces."""

    figures: tuple[VersionFigure, ...]
    paragraphs: tuple[tuple[Stretch, ...], ...]


def differences(old: Path, new: Path) -> VersionDifferences:
    """What differs between the accounts (JSON) at `old` and `new`."""
    before, after = from_json(old.read_bytes()), from_json(new.read_bytes())
    statute = load_statute(after.profile, after.year)
    return VersionDifferences(tuple(_figures(before, after, statute)), tuple(_paragraphs(
        _texts(before, load_statute(before.profile, before.year)), _texts(after, statute)
    )))


def _figures(before: Account, after: Account, statute: Statute) -> Iterator[VersionFigure]:
    addresses = sorted({fact.address for account in (before, after) for fact in account.facts.values()})
    for address in addresses:
        if address.form not in statute.forms:
            continue
        one, other = before.get(address), after.get(address)
        values = [fact.figure.value if fact else None for fact in (one, other)]
        if values[0] == values[1]:
            continue
        unit = statute.forms[address.form].unit_of(address.row)
        unit = "万元" if unit in MONEY_UNITS else unit
        shown = ["" if value is None else with_unit(value, unit) for value in values]
        gap = (values[1] or Decimal(0)) - (values[0] or Decimal(0))
        yield VersionFigure(
            statute.describe(address), shown[0], shown[1], f"{'+' if gap > 0 else ''}{with_unit(gap, unit)}"
        )


def _texts(account: Account, statute: Statute) -> list[str]:
    blocks = lay_out(account, statute).blocks
    return [printable(block.text) for block in blocks if isinstance(block, (Text, Heading)) and block.text.strip()]


def _paragraphs(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Stretch, ...]]:
    for kind, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            continue
        paired = min(b - a, d - c)
        for one, other in zip(before[a : a + paired], after[c : c + paired], strict=True):
            yield tuple(_stretches(one, other))
        yield from ((Stretch("gone", text),) for text in before[a + paired : b])
        yield from ((Stretch("new", text),) for text in after[c + paired : d])


def _stretches(one: str, other: str) -> Iterator[Stretch]:
    if max(len(one), len(other)) > LONGEST:
        yield from (Stretch("gone", one), Stretch("new", other))
        return
    old, new = _WORD.findall(one), _WORD.findall(other)
    for kind, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Stretch("same", "".join(old[a:b]))
            continue
        if b > a:
            yield Stretch("gone", "".join(old[a:b]))
        if d > c:
            yield Stretch("new", "".join(new[c:d]))
