"""Limited processes forked from one that has loaded the program already: a start takes a second, a fork no time.

That processes of their own start, keep their limits and say why they end is for tests/web/test_limited.py and
tests/fire, which start them as a server does.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import runpy
import subprocess
import sys
import tempfile
from functools import cache
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

import msgspec
import pytest

from juesuan.web.infra import limited_process

LOADED = (
    "juesuan.web.filing.processing", "juesuan.web.publication.build", "juesuan.web.review.reading", "pytest", "docx",
    "lxml.etree", "openpyxl", "xlsxwriter", "pypdfium2", "web.forked",
)
"""What the process that others are forked from loads before the first of them."""


LEAST_MEMORY, LEAST_SECONDS = 10**9, 20
"""Who allows less tests the limits, and what a forked process has of its origin's memory would count."""

_run_new = limited_process.run_module


@cache
def _context() -> Any:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(LOADED))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(__file__).parents[1]), prepend=os.pathsep)
        forkserver.ensure_running()
    return context


def run_module(
    module: str, given: bytes, folder: Path, environment: dict[str, str], seconds: int
) -> subprocess.CompletedProcess[bytes]:
    """As `limited_process.run_module`, in a forked process; a new one where the test is of the limits."""
    order = msgspec.json.decode(given)
    if order["memory"] < LEAST_MEMORY or order["seconds"] < LEAST_SECONDS:
        return _run_new(module, given, folder, environment, seconds)
    with tempfile.TemporaryDirectory() as name:
        said, complained = Path(name, "stdout"), Path(name, "stderr")
        process = _context().Process(
            target=_carry_out, args=(module, given, str(folder), environment, str(said), str(complained))
        )
        process.start()
        process.join(seconds)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(module, seconds)
        code = process.exitcode
        process.close()
        return subprocess.CompletedProcess([module], code, said.read_bytes(), complained.read_bytes())


def _carry_out(module: str, given: bytes, folder: str, environment: dict[str, str], said: str, complained: str) -> None:
    for descriptor, path in ((1, said), (2, complained)):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), descriptor)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.stdin = io.TextIOWrapper(io.BytesIO(given))
    runpy.run_module(module, run_name="__main__", alter_sys=True)
