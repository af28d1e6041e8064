"""A PostgreSQL server of the tests' own, from Debian's programs, in a folder that is gone afterwards."""

from __future__ import annotations

import getpass
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PLACE = Path("/usr/lib/postgresql")


def programs() -> Path | None:
    """The folder of the newest server's programs; None where none is installed (scripts/system-packages)."""
    found = sorted(PLACE.glob("*/bin"), key=lambda path: int(path.parent.name)) if PLACE.is_dir() else []
    return found[-1] if found else None


def required() -> bool:
    """Whether a missing server is a fault: whoever may install packages has it installed."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


@contextmanager
def running(*, to_disk: bool = False) -> Iterator[str]:
    """A server on a free port and the address of its first database; `to_disk` has it wait for the disk (fsync).

    Raises FileNotFoundError where none is installed.
    """
    place = programs()
    if place is None:
        raise FileNotFoundError("PostgreSQL is not installed (scripts/system-packages)")
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    user = getpass.getuser()
    as_user: list[str] = []
    if os.geteuid() == 0:
        # The server refuses to run as root.
        user = "postgres"
        as_user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"]
        shutil.chown(folder, "postgres", "postgres")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    quiet = {"check": True, "capture_output": True, "cwd": "/"}
    # The order of text by bytes is not that of SQLite by chance: a query that relies on either is wrong.
    words = ["-A", "trust", "-U", user, "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run([*as_user, place / "initdb", "--no-sync", "-D", folder / "data", *words], **quiet)
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1"
    if not to_disk:
        options += " -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    control = [*as_user, place / "pg_ctl", "-D", folder / "data"]
    subprocess.run([*control, "-o", options, "-l", folder / "log", "-w", "start"], check=True, cwd="/",
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield f"postgresql://{user}@127.0.0.1:{port}/postgres"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], **quiet)
        # Hundreds of databases take long to delete, and nobody need wait for it.
        subprocess.Popen(["rm", "-rf", folder], start_new_session=True)


def with_database(server: str, name: str, template: str = "template0") -> str:
    """Makes the database `name` on `server` as a copy of `template`, and gives its address."""
    import psycopg

    with psycopg.connect(server, autocommit=True) as connection:
        # By its files, where the server can do otherwise: half the work of writing each page to its log.
        copied = "STRATEGY file_copy" if connection.info.server_version >= 150_000 else ""
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {copied}')
    return f"{server.rpartition('/')[0]}/{name}"
