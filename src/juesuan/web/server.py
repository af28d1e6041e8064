"""The server itself: one for a data folder, until it is told to stop."""

from __future__ import annotations

import errno
import os
import shutil
import socket
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

import uvicorn

from juesuan.account import JuesuanError
from juesuan.web.application import create_application
from juesuan.web.auth.directory import directory
from juesuan.web.filing.findings import count_one
from juesuan.web.infra.security import log_as_lines
from juesuan.web.infra.settings import Settings, keep_private
from juesuan.web.publication import publications as publication
from juesuan.web.review import reviews as review
from juesuan.web.site.jobs import Besides, Failure, Work, Workers
from juesuan.web.site.site import Site
from juesuan.web.watching import room as watching

WORKS: Mapping[str, Work] = {**review.WORKS, **publication.WORKS, **watching.WORKS}
FAILURES: Mapping[str, Failure] = {**review.FAILURES, **publication.FAILURES}
"""All that the queue does, and what is told of it where it fails."""


class AlreadyServedError(JuesuanError):
    """Another server works on the same folder."""


class AddressTakenError(JuesuanError):
    """Nothing can be served at the address: another program is there, or it is none of this machine."""


def demand_free(host: str, port: int) -> None:
    """Raises AddressTakenError where nothing can be served at an address, before anything is opened or made for it."""
    try:
        where = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(where[0], where[1]) as listener:
            if sys.platform != "win32":
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(where[4])
    except socket.gaierror:
        raise AddressTakenError(f"监听地址“{host}”不对：没有这台主机。") from None
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            told = f"端口 {port} 已被别的程序占用（也许服务已经在运行）。请先停掉它，或换一个：--port {port + 1}"
        elif error.errno in (errno.EACCES, errno.EPERM):
            told = f"没有权限使用端口 {port}：1024 以下的端口要由系统管理员运行，请换一个，如 --port 8600"
        else:
            told = f"不能在 {host} 的端口 {port} 上提供服务：--host 应是本机的地址，如 127.0.0.1 或 0.0.0.0"
        raise AddressTakenError(told) from None


@contextmanager
def held(data: Path) -> Iterator[None]:
    """Holds the folder for this server. Raises AlreadyServedError."""
    data.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):
        # One that was made with other rights, by hand or by an earlier version.
        data.chmod(0o700)
    with (data / "lock").open("w") as file:
        try:
            _lock(file)
        except OSError:
            raise AlreadyServedError(f"{data} 正由另一个服务使用。") from None
        yield


if sys.platform == "win32":  # pragma: no cover
    import msvcrt

    def _lock(file: TextIO) -> None:
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: TextIO) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def tidy(settings: Settings) -> None:
    """Removes what a killed server was just writing; only for whoever holds the folder."""
    shutil.rmtree(settings.work, ignore_errors=True)
    for folder, folders, names in os.walk(settings.files):
        for name in [name for name in folders if name.startswith(".")]:
            folders.remove(name)
            shutil.rmtree(Path(folder) / name, ignore_errors=True)
        for name in names:
            if name.startswith("."):
                (Path(folder) / name).unlink(missing_ok=True)


WATCH_EVERY = 600.0
"""Seconds between two looks at the clock for the daily watch."""


def _besides() -> Besides:
    """What is done while nothing waits: findings counted, and once in a while the watch asked for where it is due."""
    looked = [-WATCH_EVERY]

    def work(site: Site) -> bool:
        if time.monotonic() - looked[0] >= WATCH_EVERY:
            looked[0] = time.monotonic()
            watching.ask_when_due(site)
        return count_one(site)

    return work


Ready = Callable[[Site, int], None]
"""Told the site and its port when connections are taken."""


def serve(settings: Settings, host: str, port: int, ready: Ready | None = None) -> None:
    """Serves until it is stopped; port 0 is any that is free.

    Raises AlreadyServedError, AddressTakenError, NewerDatabaseError, UpgradeError and DirectoryError.
    """
    keep_private()
    with held(settings.data):
        demand_free(host, port)
        log_as_lines(settings.data / "log.jsonl" if settings.personal else None)
        tidy(settings)
        external = directory(settings.directory, settings.local_users) if settings.directory else None
        application = create_application(settings, external)
        site: Site = application.state.site
        review.settle_disclosures(site)
        publication.settle_budgets(site)
        publication.ask_for_glances(site)
        workers = Workers(site, WORKS, FAILURES, _besides())
        workers.start()
        config = uvicorn.Config(
            application, host=host, port=port, log_config=None, access_log=False, server_header=False,
            proxy_headers=not settings.personal, forwarded_allow_ips="127.0.0.1",
        )
        server = uvicorn.Server(config)
        site.stop = lambda: setattr(server, "should_exit", True)
        try:
            listener = config.bind_socket()
            listener.listen()
            if ready:
                ready(site, listener.getsockname()[1])
            server.run(sockets=[listener])
        finally:
            workers.stop()
            site.database.close()
