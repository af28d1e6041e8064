"""Folders on this machine or in an object store: files that are there whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePosixPath
from typing import Any

import fsspec

from juesuan.account import JuesuanError, to_disk

PART = ".part-"
"""Stands in the names of files that are being written."""


class StoreError(JuesuanError):
    """A store cannot be used as asked; the message says in Chinese why and what to do."""


def is_remote(path: str) -> bool:
    """Whether a path is an address of another file system (s3://…, memory://…)."""
    return "://" in path and not path.startswith(("file://", "local://"))


def local_path(path: str) -> Path:
    """The path on this machine that `path` names."""
    return Path(path.removeprefix("file://").removeprefix("local://"))


class Folder:
    """A folder, by path or by any address that fsspec knows. Names within are relative, with “/”."""

    def __init__(self, root: str | Path) -> None:
        self.root = str(root)
        self.remote = is_remote(self.root)
        self.system: Any = None
        if self.remote:
            try:
                self.system, path = fsspec.core.url_to_fs(self.root)
            except (ImportError, ValueError) as error:
                raise StoreError(f"{self.root}：打不开这种地址（{error}）。") from None
            self.base = path.rstrip("/")
        else:
            self.base = str(local_path(self.root).absolute())

    def url(self, name: str) -> str:
        """Where DuckDB finds the file called `name`."""
        path = f"{self.base}/{name}"
        return str(self.system.unstrip_protocol(path)) if self.remote else path

    def read(self, name: str) -> bytes | None:
        """The bytes of a file, None where there is none."""
        try:
            if self.remote:
                return bytes(self.system.cat_file(f"{self.base}/{name}"))
            return Path(self.base, name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def put(self, name: str, source: Path | bytes) -> None:
        """Puts a file or bytes there under `name`: written aside, forced to the disk, then renamed."""
        path = f"{self.base}/{name}"
        if self.remote:
            # An object appears when it has been sent whole.
            if isinstance(source, bytes):
                self.system.pipe_file(path, source)
            else:
                self.system.put_file(str(source), path)
            return
        target = Path(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = target.with_name(f"{target.name}{PART}{os.getpid()}")
        with aside.open("wb") as file:
            if isinstance(source, bytes):
                file.write(source)
            else:
                with source.open("rb") as given:
                    shutil.copyfileobj(given, file, 2**20)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(target)
        to_disk(target.parent)

    def names(self, folder: str) -> list[str]:
        """The names in a folder, in order; none where it is not there."""
        try:
            if self.remote:
                found = self.system.ls(f"{self.base}/{folder}", detail=False, refresh=True)
                return sorted(PurePosixPath(path).name for path in found)
            return sorted(entry.name for entry in Path(self.base, folder).iterdir())
        except (FileNotFoundError, NotADirectoryError):
            return []

    def files(self) -> list[str]:
        """Every file of the place by its name within, in order."""
        if self.remote:
            try:
                return sorted(path[len(self.base) :].lstrip("/") for path in self.system.find(self.base))
            except FileNotFoundError:
                return []
        base = Path(self.base)
        return sorted(path.relative_to(base).as_posix() for path in base.rglob("*") if path.is_file())

    def remove(self, name: str) -> None:
        """Removes a file that may be gone already, and its folder where that is empty then."""
        with suppress(FileNotFoundError):
            if self.remote:
                self.system.rm_file(f"{self.base}/{name}")
                return
            path = Path(self.base, name)
            path.unlink()
            with suppress(OSError):
                path.parent.rmdir()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """One writer at a time on this machine. Raises StoreError where another is at work."""
        if self.remote:
            yield
            return
        try:
            import fcntl
        except ImportError:  # Windows has no such lock; two writers at once still lose nothing, but work twice.
            yield
            return
        base = Path(self.base)
        base.mkdir(parents=True, exist_ok=True)
        with base.with_name(f".{base.name}.lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise StoreError(f"{self.root}：另一个程序正在写这个库，请等它结束后再试。") from None
            yield
