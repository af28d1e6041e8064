"""Engines that share what SQLAlchemy compiled: each test has a database of its own, and would have every statement
compiled anew.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Engine, create_engine

_COMPILED: dict[Any, Any] = {}
_FIRST: dict[tuple[str, str], Engine] = {}
"""The first engine of each kind that has been used."""


def create_alike(url: str, **options: Any) -> Engine:
    """As `create_engine`; where an engine of this kind was used before, with its dialect and its statements."""
    kept = {**options.pop("execution_options", {}), "compiled_cache": _COMPILED}
    made = create_engine(url, execution_options=kept, **options)
    kind = made.dialect.name, repr((options, sorted(kept)))
    first = _FIRST.setdefault(kind, made)
    if getattr(first.dialect, "server_version_info", None) is None:
        # Nobody has connected with it: it does not know yet what the database can do.
        _FIRST[kind] = made
    elif first is not made:
        made.dialect = first.dialect
    return made
