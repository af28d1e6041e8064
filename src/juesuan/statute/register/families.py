"""Families of codes: what letters they begin with, the page they are explained on, and when they are decided."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from juesuan.statute.checking.rules import Fix
from juesuan.statute.source import demand_declared

FILE = "families.yaml"


class Family(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A family of codes. `applies` says in which commands its codes come up, `fix` whether its equations and sentences
    may be corrected by a program where they determine what is right; a rule says that for itself.
    """

    letters: str
    page: str
    title: str
    applies: str
    fix: Fix = ""


class _Families(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    families: tuple[Family, ...]


@cache
def load_families(root: Path = Path(__file__).parent.parent) -> tuple[Family, ...]:
    """The families in the order of the documentation. Raises StatuteError with file and line of every mistake."""
    return demand_declared(root, FILE, _Families).families


def family_of(code: str) -> Family:
    """The family that a code belongs to. Raises KeyError for letters that no family has."""
    for family in load_families():
        if code.startswith(family.letters):
            return family
    raise KeyError(code)
