"""Archives among the files to check: their files are taken as those of a folder are."""

from __future__ import annotations

import shutil
import zipfile
import zlib
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

import click

from juesuan.account import member_name

MOST_MEMBERS, MOST_BYTES = 5000, 4 << 30
"""What is unpacked of one archive at most; one with more is told like a file that cannot be read."""

_BROKEN = (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, NotImplementedError, RuntimeError)


def is_of_the_system(name: str) -> bool:
    """Whether a file is what systems and office programs leave beside the files of people."""
    return name.startswith((".", "~$")) or name.lower() in ("thumbs.db", "desktop.ini")


def is_archive(path: Path) -> bool:
    """Whether a file is named as an archive."""
    return path.suffix.lower() == ".zip" and path.is_file()


def unpacked(path: Path) -> list[Path]:
    """The files in an archive, in order of name, as long as the command runs; the archive itself where it is damaged,
    locked by a password, or too large.
    """
    folder = Path(click.get_current_context().with_resource(TemporaryDirectory(prefix="juesuan-")))
    made: list[tuple[str, Path]] = []
    left = MOST_BYTES
    try:
        with zipfile.ZipFile(path) as archive:
            entries = [(member_name(entry), entry) for entry in archive.infolist() if not entry.is_dir()]
            wanted = [(name, entry) for name, entry in entries if _wanted(PurePosixPath(name.replace("\\", "/")))]
            if len(wanted) > MOST_MEMBERS:
                return [path]
            for number, (name, entry) in enumerate(wanted):
                left -= entry.file_size
                if left < 0:
                    return [path]
                # A folder for each: names of one archive repeat, and none may lead out of it.
                target = folder / str(number) / PurePosixPath(name.replace("\\", "/")).name
                target.parent.mkdir()
                with archive.open(entry) as source, target.open("wb") as copy:
                    shutil.copyfileobj(source, copy)
                made.append((name, target))
    except _BROKEN:
        return [path]
    return [target for _, target in sorted(made)] or [path]


def _wanted(path: PurePosixPath) -> bool:
    return "__MACOSX" not in path.parts and not is_of_the_system(path.name)
