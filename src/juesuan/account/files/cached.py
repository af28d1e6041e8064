"""A cache of what is made of the package's own files: what was read once is not read again until one changes.

A command lives for a second, and a third of it would go into reading the law. It lies in the user's own cache
folder under a name made of every file that it came from; where that folder cannot be used, everything works as without.
"""

from __future__ import annotations

import hashlib
import pickle
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, cast

from juesuan.account.files.cache_folder import cache_folder

Result = TypeVar("Result")

PACKAGE = Path(__file__).resolve().parents[2]
"""The package: the law's files, and the code that says what is made of them."""

PARTS = ("account", "statute")
MOST_OTHER = 40
"""This many of the newest files of other states of the program are left."""

MOST_OWN = 400
"""Of this state's own files this many: twenty places, each in all of its years, are no reason to read any anew."""


def cached(name: str, make: Callable[[], Result]) -> Result:
    """What `make` gives, from the last run where nothing has changed since; `name` says which of all that is cached."""
    folder = cache_folder()
    if folder is None:
        return make()
    path = folder / f"{_stamp()}-{name}.statute"
    held = _load(path)
    if isinstance(held, tuple) and len(held) == 1:
        return cast(Result, held[0])
    value = make()
    _store(path, (value,))
    return value


@cache
def _stamp() -> str:
    """A name for the state of every file that the statute is made of and by."""
    seen = hashlib.sha256(f"{sys.version}".encode())
    for part in PARTS:
        for path in sorted((PACKAGE / part).rglob("*")):
            if path.suffix in (".py", ".yaml", ".csv", ".lark"):
                stat = path.stat()
                seen.update(f"{path}|{stat.st_size}|{stat.st_mtime_ns}\n".encode())
    return seen.hexdigest()[:24]


def _load(path: Path) -> Any:
    try:
        return pickle.loads(path.read_bytes())
    except OSError:
        return None
    # A file cut off, or of another program: whatever is wrong with it, it is made anew.
    except Exception:
        return None


def _store(path: Path, value: Any) -> None:
    try:
        data = pickle.dumps(value, protocol=5)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            file.write(data)
        Path(file.name).replace(path)
        _tidy(path.parent)
    except (OSError, pickle.PicklingError):
        return


def _tidy(folder: Path) -> None:
    """Leave the newest files: most of this state of the program, a few of others, which are hardly run any more."""
    files = sorted(folder.glob("*.statute"), key=lambda path: path.stat().st_mtime, reverse=True)
    ours = [path for path in files if path.name.startswith(_stamp())]
    others = [path for path in files if not path.name.startswith(_stamp())]
    for path in ours[MOST_OWN:] + others[MOST_OTHER:]:
        path.unlink(missing_ok=True)
