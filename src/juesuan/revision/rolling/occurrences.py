"""Where the sentences that were recognised stand in the paragraphs of a document, with the numbers that they state."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from juesuan.account import Account, Claim, Source, Statement
from juesuan.revision.texts import Texts

SHORTEST = 12
"""So many signs of a sentence must stand in a paragraph for it to be that sentence."""


class Stated(msgspec.Struct, frozen=True):
    """A number of a sentence: the name of its quantity, and its offsets in the paragraph."""

    name: str
    start: int
    end: int


class Occurrence(msgspec.Struct, frozen=True):
    """A sentence in its paragraph: from where to where it was recognised, and where the next one begins."""

    statement: Statement
    start: int
    end: int
    stop: int
    numbers: tuple[Stated, ...]


def occurrences(account: Account, texts: Texts) -> dict[Source, list[Occurrence]]:
    """The sentences of every paragraph from left to right. Those whose words stand in two paragraphs are left out."""
    waiting = _claims(account)
    found: dict[Source, list[Occurrence]] = defaultdict(list)
    for statement in account.statements:
        numbers = []
        for claim in statement.claims:
            places = waiting.get(_key(claim))
            if places:
                numbers.append((claim, places.pop(0)))
        source = statement.source
        if source is None or not texts.of(source):
            continue
        places = [place for _, place in numbers]
        text = texts.of(source)[0]
        start = _start(text, statement, places)
        told = {claim.source for claim, _ in numbers}
        if start < 0 and len(told) == 1 and (below := told.pop()) is not None and texts.of(below):
            # Recognised from the heading on: the sentence itself stands below it.
            rest = _behind_heading(statement.text, texts.of(below)[0])
            if rest:
                statement = msgspec.structs.replace(statement, text=rest, source=below)
                source, text, start = below, texts.of(below)[0], 0
        if start < 0:
            continue
        end = start + len(statement.text)
        inside = tuple(
            Stated(claim.name, place.start, place.end)
            for claim, place in numbers
            if claim.source == source and start <= place.start and place.end <= end
        )
        found[source].append(Occurrence(statement, start, end, end, inside))
    return {source: _with_stops(every, texts.of(source)[0]) for source, every in found.items()}


def _claims(account: Account) -> dict[tuple[str, str, str, Source | None, int], list[Claim]]:
    """The claims with their offsets in their paragraphs, by what they are."""
    waiting: dict[tuple[str, str, str, Source | None, int], list[Claim]] = defaultdict(list)
    for section in account.narrative:
        for paragraph in section.paragraphs:
            for claim in paragraph.claims:
                waiting[_key(claim)].append(claim)
    return waiting


def _key(claim: Claim) -> tuple[str, str, str, Source | None, int]:
    return claim.clause, claim.name, claim.row, claim.source, claim.end - claim.start


def _start(text: str, statement: Statement, places: list[Claim]) -> int:
    """Where the sentence stands: around its first number, else where its words stand once."""
    at = text.find(statement.text)
    if places:
        first = places[0].start
        while at >= 0 and not at <= first < at + len(statement.text):
            at = text.find(statement.text, at + 1)
        return at
    return at if at >= 0 and text.find(statement.text, at + 1) < 0 else -1


def _behind_heading(said: str, text: str) -> str:
    """What of a sentence a paragraph begins with; empty where that is little."""
    return next((said[at:] for at in range(1, len(said) - SHORTEST) if text.startswith(said[at:])), "")


def _with_stops(every: list[Occurrence], text: str) -> list[Occurrence]:
    # What was heard of a comparison is quoted with what stands around it: the sentence with the figures goes before.
    ordered = sorted(every, key=lambda each: (not each.numbers, each.start, -each.end))
    kept: list[Occurrence] = []
    for each in ordered:
        if not any(each.start < other.end and other.start < each.end for other in kept):
            kept.append(each)
    kept.sort(key=lambda each: each.start)
    stops = [each.start for each in kept[1:]] + [len(text)]
    return [msgspec.structs.replace(each, stop=stop) for each, stop in zip(kept, stops, strict=True)]
