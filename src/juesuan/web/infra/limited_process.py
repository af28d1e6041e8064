"""Work on what others made, in a process of its own with limits on memory, time and what it may write."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path

import msgspec

from juesuan.account import JuesuanError
from juesuan.web.infra.settings import Settings

LARGEST_RESULT = 512 * 1024 * 1024
PACKAGES = Path(__file__).parents[3]
"""Where this very package was loaded from: the process works with the same one."""

TOLD = 3
"""The exit code of a process that says on standard output why it cannot do its work."""


class TooLongError(JuesuanError):
    """A process took too long and was ended."""


def at_work(settings: Settings) -> tempfile.TemporaryDirectory[str]:
    """A folder for one piece of work, gone with it; what a killed server leaves there goes when it starts again."""
    settings.work.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(dir=settings.work)


def carry_out(module: str, order: msgspec.Struct, folder: Path, cache: Path, seconds: int) -> tuple[int, str]:
    """Runs `module` in `folder` with `order` on its standard input; gives its exit code and what it said.

    Raises TooLongError.
    """
    # Nothing of the server's own environment: no address of a database, no password.
    environment = {
        "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "XDG_CACHE_HOME": str(cache),
        "PYTHONPATH": str(PACKAGES),
    }
    try:
        done = subprocess.run(
            [sys.executable, "-m", module], input=msgspec.json.encode(order), env=environment, cwd=folder,
            capture_output=True, timeout=seconds + 30, check=False,
        )
    except subprocess.TimeoutExpired:
        raise TooLongError from None
    return done.returncode, done.stdout.decode("utf-8", "replace")[:2000]


def limit(seconds: int, memory: int, *, reserving: bool = False) -> None:
    """Limits this process. `reserving` is for one that reserves far more addresses than it uses (a JavaScript engine):
    then only memory that can be written counts."""
    resource.setrlimit(resource.RLIMIT_DATA if reserving else resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (LARGEST_RESULT, LARGEST_RESULT))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
