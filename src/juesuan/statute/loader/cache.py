"""The statute cached between runs, with what was parsed of its notation: no parser need be built again."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from juesuan.account import cached
from juesuan.statute.articulation import notation

Result = TypeVar("Result")


def cached_statute(name: str, make: Callable[[], Result]) -> Result:
    """What `make` gives, from the last run where nothing has changed since."""
    value, parsed = cached(name, lambda: (make(), dict(notation.PARSED)))
    notation.PARSED.update(parsed)
    return value
