"""How much of a document must be understood before a verdict is given, as declared in coverage.yaml."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from juesuan.statute.source import demand_declared


class CoverageLimits(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Per cent of the printed numbers: from `enough` on, nothing found means no problem; below `floor`, nothing."""

    enough: int
    checked: int
    """So many must besides have been held against something."""
    floor: int


@cache
def load_coverage(root: Path = Path(__file__).parents[1]) -> CoverageLimits:
    """The limits. Raises StatuteError."""
    return demand_declared(root, "coverage.yaml", CoverageLimits)
