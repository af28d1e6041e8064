"""Old office formats (.doc, .xls, .rtf, .wps …) changed into new ones by LibreOffice, where it is installed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from juesuan.account import UnreadableFileError

SECONDS = 120
"""LibreOffice is given this long: it may first have to make its profile."""
_NAMES = ("soffice", "libreoffice")


@contextmanager
def converted(path: Path, what: str, old: str, new: str) -> Iterator[Path]:
    """The file as `new` ("docx" or "xlsx"), in a folder that is gone afterwards.

    `what` names the format to the user, `old` is the ending LibreOffice knows it by. Raises UnreadableFileError where
    LibreOffice is not installed or cannot read the file.
    """
    program = _program()
    if program is None:
        raise UnreadableFileError(
            f"这是{what}，需要 LibreOffice 才能读取：请安装 LibreOffice，或用 Word、Excel、WPS 打开后另存为 .{new}。"
        )
    with tempfile.TemporaryDirectory(prefix="juesuan-") as folder:
        place = Path(folder)
        # A name of our own: theirs may hold signs that the program takes for options, and endings that mislead it.
        source = place / f"source.{old}"
        shutil.copyfile(path, source)
        _run(
            [
                program, "--headless", "--norestore", "--nolockcheck", "--nodefault",
                f"-env:UserInstallation={(place / 'profile').as_uri()}",
                "--convert-to", new, "--outdir", str(place / "made"), str(source),
            ],
            what,
        )  # fmt: skip
        made = place / "made" / f"source.{new}"
        if not made.is_file() or not made.stat().st_size:
            raise UnreadableFileError(
                f"这是{what}，LibreOffice 未能打开（可能已加密或损坏），请用 Word、Excel、WPS 打开后另存为 .{new}。"
            )
        yield made


def installed() -> bool:
    """Whether LibreOffice is there to convert files."""
    return _program() is not None


def _program() -> str | None:
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def _run(command: list[str], what: str) -> None:
    # A session of its own, for the program starts others that must end with it.
    process = subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    try:
        process.wait(SECONDS)
    except subprocess.TimeoutExpired as error:
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
        process.wait()
        raise UnreadableFileError(f"这是{what}，LibreOffice 在 {SECONDS} 秒内没有转换完，请手工另存后再读。") from error
