"""The program `juesuan desk`: a server for one person on their own computer, and the browser opened on it."""

from __future__ import annotations

import webbrowser
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from platformdirs import user_data_path

from juesuan.web.auth.entry_links import EntryLinks
from juesuan.web.infra.settings import Settings, system_clock
from juesuan.web.personal.owner import settle
from juesuan.web.server import AlreadyServedError, serve
from juesuan.web.site.site import Site, stored_secret

HOST = "127.0.0.1"
PORT = "port"
"""The file of the data folder in which the port stands that the desk is reached at."""

DAY = 24 * 3600


def own_folder() -> Path:
    """The folder of the user's own desk."""
    return user_data_path("juesuan", appauthor=False) / "desk"


def settings_of(data: Path) -> Settings:
    """The settings of a personal desk: nobody signs in, so that nothing is won by signing out soon."""
    return replace(
        Settings(data), personal=True, session_idle=7 * DAY, session_longest=30 * DAY, requests_per_minute=6000,
        account_requests_per_minute=6000,
    )


def run_desk(data: Path, port: int, told: Callable[[str], None], *, opening: bool = True) -> None:
    """Runs the desk until it is closed, and opens the browser on it; `told` is given the address to enter by.

    One that runs on the folder already is entered instead. Raises NewerDatabaseError, UpgradeError and OSError.
    """

    def enter(address: str) -> None:
        told(address)
        if opening:
            webbrowser.open(address)

    def ready(site: Site, number: int) -> None:
        with site.database.writing() as session:
            settle(session, site)
        (data / PORT).write_text(str(number), encoding="ascii")
        enter(address_of(number, site.links))

    settings = settings_of(data)
    try:
        serve(settings, HOST, port, ready)
    except AlreadyServedError:
        secret = stored_secret(settings.data / "secret").encode()
        number = int((settings.data / PORT).read_text(encoding="ascii"))
        enter(address_of(number, EntryLinks(secret, system_clock)))


def address_of(port: int, links: EntryLinks) -> str:
    """A one-time address to enter the desk by."""
    return f"http://{HOST}:{port}/desk/enter?key={links.make()}"
