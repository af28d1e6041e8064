"""The folder of what is kept between runs: nothing in it is of anybody's work, and all of it can be made again."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

FORGET = "JUESUAN_NO_CACHE"
"""Set to anything, nothing is kept or used."""


@cache
def cache_folder() -> Path | None:
    """The user's own folder of what is kept, ours alone; None where there is none to be had."""
    if os.environ.get(FORGET):
        return None
    from platformdirs import user_cache_path

    folder = user_cache_path("juesuan", appauthor=False)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = folder.stat().st_uid
    except OSError:
        return None
    # What lies in a folder of somebody else's is not read: unpickling runs what it is told.
    return folder if not hasattr(os, "getuid") or owner == os.getuid() else None


def parser_cache(name: str) -> str | bool:
    """Where a parser of lark's called `name` is kept, for its option `cache`; False where nothing is.

    Building one takes longer than all that a command parses with it. Lark holds what it finds against its own version
    and the grammar, and builds it anew where they differ.
    """
    folder = cache_folder()
    return str(folder / f"{name}.parser") if folder else False
