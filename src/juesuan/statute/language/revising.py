"""The words by which a written document is revised (revision.yaml): directions and their opposites."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import msgspec

from juesuan.statute.source import demand_declared

FILE = "revision.yaml"

PLACEHOLDER = re.compile(r"\{[^{}]*\}")
"""A quantity in the wording of a clause: {budget}."""


class RevisionWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Pairs of words for more and for less; patterns of numbers that no year changes (单价100万元以上)."""

    opposites: tuple[tuple[str, str], ...]
    constants: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    """Words for what neither rose nor fell."""
    than: str = ""
    """The word before what something is more or less than."""
    nothing: tuple[str, ...] = ()
    """Texts of a form that say that there is nothing to say."""
    outlays: tuple[str, ...] = ()
    """Words in front of a number by which it is what was spent, not what was budgeted."""
    parts: dict[str, tuple[str, ...]] = {}
    """The words by which the title of a part (第一部分 …) says what it shows; the first that fits is taken."""

    def opposite(self, word: str) -> str:
        """The word for the other direction; empty for a word that has none."""
        for more, less in self.opposites:
            if word == more:
                return less
            if word == less:
                return more
        return ""

    def direction(self, word: str) -> int:
        """+1 for a word for more, -1 for one for less, 0 for any other."""
        return next((1 if word == more else -1 for more, less in self.opposites if word in (more, less)), 0)

    def fixed(self) -> re.Pattern[str]:
        """Finds the limits and standards that are the same in every year."""
        return re.compile("|".join(self.constants))

    def directions(self) -> re.Pattern[str]:
        """Finds every word that has an opposite."""
        return _any_of({word for pair in self.opposites for word in pair})

    def skeleton(self, wording: str) -> str:
        """A wording of a clause without its quantities and the side that its words of direction take."""
        return self.directions().sub("±", PLACEHOLDER.sub("#", wording))

    def tendencies(self) -> re.Pattern[str]:
        """Finds every word that a figure's sign chooses: those with an opposite, and those for no change."""
        return _any_of({*self.unchanged, *(word for pair in self.opposites for word in pair)})


def _any_of(words: set[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


@cache
def load_revision_words(root: Path = Path(__file__).parents[1]) -> RevisionWords:
    """The words. Raises StatuteError with file and line of every mistake."""
    return demand_declared(root, FILE, RevisionWords)
