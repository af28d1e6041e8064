"""Texts in the other script: traditional signs (繁体字) made simplified, and the readings that some copies print."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import msgspec

from juesuan.statute.source import demand_declared

CHARACTERS_FILE = "lexicon/traditional.yaml"
PRONUNCIATION = re.compile(r"(?<=[一-鿿])[(（][a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹɡ]{1,7}[)）]")
"""Some copies of pages print how a sign is read behind it: 公務(wù)接待."""


class _Characters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    characters: tuple[tuple[str, str], ...]


@cache
def simplified(root: Path = Path(__file__).parent) -> dict[int, int]:
    """Each traditional sign and the simplified one for it, sign by sign, as `str.translate` takes them.

    Raises StatuteError with file and line of every mistake.
    """
    declared = demand_declared(root, CHARACTERS_FILE, _Characters)
    old, new = ("".join(column) for column in zip(*declared.characters, strict=True))
    return str.maketrans(old, new)


def in_one_script(text: str) -> str:
    """The text in simplified signs, without the readings printed behind them."""
    return text if text.isascii() else PRONUNCIATION.sub("", text.translate(simplified()))
