"""Work on what others made, in a process of its own with limits on memory, time and what it may write."""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import msgspec

from juesuan.account import JuesuanError
from juesuan.web.infra.settings import Settings

LARGEST_RESULT = 512 * 1024 * 1024
PACKAGES = Path(__file__).parents[3]
"""Where this very package was loaded from: the process works with the same one."""

UNSEEN = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Windows opens a window for each process that is not told otherwise."""

OF_WINDOWS = frozenset(["SYSTEMROOT", "TEMP", "TMP", "USERPROFILE", "LOCALAPPDATA"])
"""What a process needs of the environment there."""

TIME_IS_UP = -int(getattr(signal, "SIGXCPU", 24))
KILLED = -int(getattr(signal, "SIGKILL", 9))

EXPLAINED = 3
"""The exit code of a process that says on standard output why it cannot do its work."""


_RAISED = re.compile(r"(?:\w+\.)*([A-Z]\w+)(?::|$)")
"""The last line of a traceback."""

_log = logging.getLogger("juesuan.limited")


class LimitedOrder(msgspec.Struct, frozen=True, kw_only=True):
    """What a process is to do, within how much memory (bytes) and time of the processor (seconds)."""

    memory: int = 0
    seconds: int = 0


Order = TypeVar("Order", bound=LimitedOrder)


class TooLongError(JuesuanError):
    """A process took too long and was ended."""


class WorkError(JuesuanError):
    """A process could not do its work; the message, for people, says why."""


def at_work(settings: Settings) -> tempfile.TemporaryDirectory[str]:
    """A folder for one piece of work, gone with it; what a killed server leaves there goes when it starts again."""
    settings.work.mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(dir=settings.work)


def carry_out(module: str, order: msgspec.Struct, folder: Path, cache: Path, seconds: int) -> None:
    """Runs `module` in `folder` with `order` on its standard input.

    A failure that the process does not explain itself is written to the log with all it said. Raises TooLongError and
    WorkError.
    """
    # Nothing of the server's own environment: no address of a database, no password.
    environment = {
        "PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "XDG_CACHE_HOME": str(cache),
        "PYTHONPATH": str(PACKAGES), "PYTHONUTF8": "1",
    }
    environment |= {name: os.environ[name] for name in OF_WINDOWS if name in os.environ}
    try:
        done = run_module(module, msgspec.json.encode(order), folder, environment, seconds + 30)
    except subprocess.TimeoutExpired:
        raise TooLongError from None
    if done.returncode == EXPLAINED:
        raise WorkError(done.stdout.decode("utf-8", "replace")[:2000])
    if done.returncode:
        output = done.stderr.decode("utf-8", "replace")
        fields = {"module": module, "code": done.returncode, "output": output[-8000:]}
        _log.error("work failed", extra={"fields": fields})
        if done.returncode == TIME_IS_UP:
            raise TooLongError
        raise WorkError(reason(done.returncode, output))


def run_module(
    module: str, given: bytes, folder: Path, environment: dict[str, str], seconds: int
) -> subprocess.CompletedProcess[bytes]:
    """A new process that ran `module` in `folder` with `given` on its standard input. Raises TimeoutExpired."""
    return subprocess.run(
        [sys.executable, "-m", module], input=given, env=environment, cwd=folder, capture_output=True,
        timeout=seconds, check=False, creationflags=UNSEEN,
    )


def main_of(
    order_type: type[Order], work: Callable[[Order], None], explained: tuple[type[Exception], ...], *,
    task: str = "", reserving: bool = False,
) -> int:
    """The main function of a limited process: its exit code, 0, or EXPLAINED with a sentence on standard output.

    Reads the order on standard input, limits this process to the order's `seconds` and `memory`, and carries it out;
    errors of the kinds `explained` are for people, as is `task` (生成公开文件).
    """
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=order_type)
    limit(order.seconds, order.memory, reserving=reserving)
    try:
        work(order)
    except explained as error:
        sys.stdout.write(str(error))
        return EXPLAINED
    except MemoryError:
        sys.stdout.write(f"{task}需要的内存太多，已停止。")
        return EXPLAINED
    return 0


def reason(code: int, output: str) -> str:
    """Why a process ended with `code` after writing `output` to standard error, for people."""
    last = output.strip().rpartition("\n")[2]
    found = _RAISED.match(last)
    error = found[1] if found else ""
    if error == "MemoryError" or "bad_alloc" in output:
        return "需要的内存超出限制，已停止。"
    if code == KILLED:
        return "处理进程被系统终止，多半是服务器内存不足，详情见服务日志。请稍后再试；仍不行请告知管理员。"
    if code < 0:
        return f"处理进程异常退出（{_signal(-code)}），详情见服务日志，请告知管理员。"
    if "No space left on device" in last:
        return "服务器的磁盘满了，没有完成，请告知管理员。"
    if "File too large" in last:
        return "生成的文件太大，已停止。"
    named = error or f"退出码 {code}"
    return f"本程序的问题：处理时出错（{named}），详情见服务日志，请告知管理员。"


def _signal(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"信号 {number}"


if sys.platform == "win32":  # pragma: no cover

    def limit(seconds: int, memory: int, *, reserving: bool = False) -> None:
        """Windows has no such limits; the time is kept by who started the process."""
else:
    import resource

    def limit(seconds: int, memory: int, *, reserving: bool = False) -> None:
        """Limits this process. `reserving` is for one that reserves far more addresses than it uses (a JavaScript
        engine): then only memory that can be written counts."""
        _limit(resource.RLIMIT_DATA if reserving else resource.RLIMIT_AS, memory)
        # The second, harder limit kills; the first is told apart from other ends by its own signal.
        _limit(resource.RLIMIT_CPU, seconds, spare=5)
        _limit(resource.RLIMIT_FSIZE, LARGEST_RESULT)
        _limit(resource.RLIMIT_CORE, 0)

    def _limit(what: int, most: int, spare: int = 0) -> None:
        """Sets a limit; one that the system already sets lower stays."""
        hardest = resource.getrlimit(what)[1]
        hard = most + spare if hardest == resource.RLIM_INFINITY else min(most + spare, hardest)
        resource.setrlimit(what, (min(most, hard), hard))
