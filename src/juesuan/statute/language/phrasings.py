"""Readings (读法): how quantities are worded where a sentence is not written as its clause writes it.

Clauses write and read their own wording. Other places say the same in other sentences; what those have in common are
short phrases around a number (增加{}万元, 完成年初预算的{}%), declared here once for all sections, for reading only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec

from juesuan.statute.language.matching import NUMBER
from juesuan.statute.source import demand_declared

PHRASINGS_FILE = "phrasings.yaml"

ITEMS = "科目"
"""The anchor of a paragraph about an item of the classification: its names of 类, 款 and 项."""

CLASSES = "类"
"""The anchor of a sentence about a class of the classification: its name alone."""

_TOKEN = re.compile(r"\[([^\[\]]*)\]|\{\}(万元|%)?|\{年\}|…|\?|.")


class Directed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Phrases that say a change with its direction."""

    up: tuple[str, ...]
    down: tuple[str, ...]


class Changes(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a change is worded: its amount, and its ratio to the former amount."""

    amount: Directed
    ratio: Directed
    budget: tuple[str, ...]
    """How a sentence says that it compares with a budget."""
    former: tuple[str, ...]
    """How it says that it compares with last year."""


class Completion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the share of a budget that was carried out is worded, by which budget; not where `unless` is said."""

    initial: tuple[str, ...]
    adjusted: tuple[str, ...]
    unless: tuple[str, ...] = ()


class Comparative(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words that compare two quantities, and the condition under which they are true."""

    when: str
    says: tuple[str, ...]


class ParagraphReading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a paragraph is found by, and how it words its quantities."""

    plan: str
    anchors: tuple[str, ...]
    says: dict[str, tuple[str, ...]] = {}
    others: tuple[str, ...] = ()
    """Words for what the paragraph is not about: a number behind one in its part of the sentence is not its own."""


class Readings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All readings."""

    changes: Changes
    completion: Completion
    comparisons: tuple[Comparative, ...]
    paragraphs: tuple[ParagraphReading, ...]


@cache
def load_phrasings(root: Path = Path(__file__).parents[1]) -> Readings:
    """The readings. Raises StatuteError with file and line of every mistake."""
    return demand_declared(root, PHRASINGS_FILE, Readings, _mistakes)


def _mistakes(readings: Readings) -> Iterator[str]:
    for paragraph in readings.paragraphs:
        for phrase in (phrase for words in paragraph.says.values() for phrase in words):
            if phrase.count("{}") != 1:
                yield f"“{phrase}”里应正好有一个 {{}}。"


@cache
def expression(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern for any of `phrases`, with the groups `number` and `unit` where they have a number."""
    parts = [f"(?:{_regular(phrase)})" for phrase in phrases]
    # A name may stand only once in a pattern: the groups of each phrase are numbered and looked up together.
    return re.compile("|".join(part.replace("<number>", f"<number{n}>").replace("<unit>", f"<unit{n}>")
                               for n, part in enumerate(parts)))


def number_of(match: re.Match[str]) -> tuple[str, str, int, int] | None:
    """The number that a phrase matched: its text, its unit, where it starts and ends; None for a phrase of words."""
    for name, text in match.groupdict().items():
        if text is not None and name.startswith("number"):
            unit = match.groupdict().get(name.replace("number", "unit")) or ""
            return text, unit, match.start(name), match.end(name)
    return None


def _regular(phrase: str) -> str:
    parts = []
    for token in _TOKEN.finditer(phrase):
        text = token.group(0)
        if token.group(1) is not None:
            parts.append("(?:" + "|".join(re.escape(choice) for choice in token.group(1).split("|")) + ")")
        elif text.startswith("{}"):
            unit = {"万元": "(?P<unit>万元|元)", "%": "(?P<unit>%)"}.get(token.group(2) or "", "")
            parts.append(f"(?P<number>{NUMBER}){unit}")
        elif text == "{年}":
            parts.append(r"20\d{2}")
        elif text == "…":
            parts.append(r"[^，。；：\d%]{0,12}?")
        elif text == "?":
            parts.append("?")
        elif text in "、“”":
            parts.append(f"{text}?")
        else:
            parts.append(re.escape(text))
    return "".join(parts)
