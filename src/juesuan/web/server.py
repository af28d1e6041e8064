"""The server itself: one for a data folder, until it is told to stop."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from juesuan.account import JuesuanError
from juesuan.web.application import create_application
from juesuan.web.auth.directory import directory
from juesuan.web.infra.security import log_as_lines
from juesuan.web.infra.settings import Settings
from juesuan.web.publication import publications as publication
from juesuan.web.review import reviews as review
from juesuan.web.site.jobs import Failure, Work, Workers

WORKS: Mapping[str, Work] = {**review.WORKS, **publication.WORKS}
FAILURES: Mapping[str, Failure] = {**review.FAILURES, **publication.FAILURES}
"""All that the queue does, and what is told of it where it fails."""


class AlreadyServedError(JuesuanError):
    """Another server works on the same folder."""


@contextmanager
def held(data: Path) -> Iterator[None]:
    """Holds the folder for this server. Raises AlreadyServedError."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyServedError(f"{data} 正由另一个服务使用。") from None
        yield


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


def serve(settings: Settings, host: str, port: int) -> None:
    """Serves until it is stopped. Raises AlreadyServedError, NewerDatabaseError, UpgradeError and DirectoryError."""
    os.umask(0o077)
    with held(settings.data):
        log_as_lines()
        tidy(settings)
        external = directory(settings.directory, settings.local_users) if settings.directory else None
        application = create_application(settings, external)
        workers = Workers(application.state.site, WORKS, FAILURES)
        workers.start()
        try:
            uvicorn.run(
                application, host=host, port=port, log_config=None, access_log=False, server_header=False,
                proxy_headers=True, forwarded_allow_ips="127.0.0.1",
            )
        finally:
            workers.stop()
            application.state.site.database.close()
