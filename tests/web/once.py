"""What a process of its own made of certain files, made once in a run and copied where the same is asked for again."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import msgspec

CarryOut = Callable[[str, msgspec.Struct, Path, Path, int], None]


def remembering(carry_out: CarryOut, kept: Path) -> CarryOut:
    """`carry_out` that keeps in `kept` what a process left in its folder, by the content of all that it was given.

    What fails is never kept. The processes share one cache of the statute.
    """

    def remembered(module: str, order: msgspec.Struct, folder: Path, cache: Path, seconds: int) -> None:
        made = kept / _digest(module, order)
        if not made.exists():
            carry_out(module, order, folder, kept / "cache", seconds)
            shutil.copytree(folder, copy := kept / uuid4().hex)
            with suppress(OSError):  # Another thread was quicker.
                copy.rename(made)
        else:
            shutil.copytree(made, folder, dirs_exist_ok=True)

    return remembered


def _digest(module: str, order: msgspec.Struct) -> str:
    found = hashlib.sha256(module.encode())
    for name, value in msgspec.structs.asdict(order).items():
        found.update(f"\0{name}=".encode())
        for part in value if isinstance(value, tuple) else (value,):
            found.update(b"\0")
            found.update(b"\0".join(_parts(part)))
    return found.hexdigest()


def _parts(value: object) -> Iterable[bytes]:
    """A value as it counts: of a path what lies there, a folder's own name left out."""
    path = Path(value) if isinstance(value, str) and value.startswith("/") else None
    if path is None or not path.exists():
        yield repr(value).encode()
    elif path.is_file():
        yield from (path.name.encode(), path.read_bytes())
    else:
        for inner in sorted(path.rglob("*")):
            yield str(inner.relative_to(path)).encode()
            if inner.is_file():
                yield inner.read_bytes()
