"""What a server is started with: its folder, its database, and the limits it keeps."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from pathlib import Path

MEBIBYTE = 1024 * 1024


NATIONAL_TIME = timezone(timedelta(hours=8))
"""The time that the whole country keeps (北京时间): days begin and deadlines end by it, and pages show it."""


def system_clock() -> datetime:
    """The present moment, in Beijing time."""
    return datetime.now(NATIONAL_TIME)


def keep_private() -> None:
    """Has all that this process writes from now on readable by its owner only."""
    os.umask(0o077)


@dataclass(frozen=True)
class Settings:
    """Settings of one server. Sizes are bytes, times are seconds unless said otherwise."""

    data: Path
    database: str = ""
    """A PostgreSQL URL; empty for SQLite in the data folder."""
    address: str = ""
    """The address that the public knows the server by (https://…); empty for the one that a request came to."""
    clock: Callable[[], datetime] = field(default=system_clock)
    session_idle: int = 30 * 60
    session_longest: int = 12 * 3600
    failures_allowed: int = 5
    """Failed sign-ins in a row before an account is locked (登录失败锁定)."""
    lock_time: int = 15 * 60
    requests_per_minute: int = 600
    """Requests that one address may make in a minute without being signed in."""
    account_requests_per_minute: int = 600
    """Requests that one account may make in a minute, wherever it is."""
    sign_ins_per_minute: int = 30
    """Passwords and codes that may be wrong in a minute, from one address or for one account."""
    form_limit: int = 1 * MEBIBYTE
    sheet_limit: int = 8 * MEBIBYTE
    """A sheet of a filing, which without scripts is sent whole."""
    upload_limit: int = 60 * MEBIBYTE
    """The whole of one upload, which may hold many files."""
    upload_quota: int = 10 * 1024 * MEBIBYTE
    """What the files under review of one sender may come to together."""
    unpacked_limit: int = 600 * MEBIBYTE
    """What the files packed in a DOCX or XLSX may come to."""
    reading_memory: int = 3 * 1024 * MEBIBYTE
    reading_time: int = 600
    directory: str = ""
    """The LDAP directory that answers for passwords (统一身份认证); empty: they are kept here."""
    local_users: tuple[str, ...] = ()
    """Users whose passwords are kept here all the same."""
    oidc: str = ""
    """The issuer that users sign in at (OpenID Connect); empty: nowhere else."""
    oidc_client: str = ""
    oidc_secret: str = field(default="", repr=False)
    oidc_claim: str = "preferred_username"
    """What the provider calls a user's name of this server."""
    personal: bool = False
    """One person's own desk on their own computer: no sign-in, entered by a one-time link, nothing from elsewhere."""
    national: bool = False
    """Whether the national algorithms are asked for (国密): SM3 for trail and published files, SM4 for sealing."""
    licence: str = ""
    """The terms that open data may be used by, the title in the first line; empty: free use that names the source."""
    watched_private: tuple[str, ...] = ()
    """Hosts inside a private network at which posted files may be looked at all the same."""
    watched_pause: float = 2.0
    """Seconds between two requests to one host for posted files."""
    workers: int = 1
    """How many files are read at the same time."""
    password_memory: int = 65_536
    """KiB that one password is hashed with (argon2id)."""
    password_rounds: int = 3

    def __post_init__(self) -> None:
        # Work is done by processes that run in folders of their own, where a relative path names something else.
        object.__setattr__(self, "data", self.data.absolute())

    @property
    def database_url(self) -> str:
        """The address of the database for SQLAlchemy."""
        if not self.database:
            return f"sqlite:///{self.data / 'juesuan.sqlite'}"
        scheme, _, rest = self.database.partition("://")
        return f"postgresql+psycopg://{rest}" if scheme in ("postgres", "postgresql") else self.database

    @property
    def work(self) -> Path:
        """The folder of work in hand."""
        return self.data / "work"

    @property
    def files(self) -> Path:
        """The folder of what was uploaded and made of it."""
        return self.data / "files"

    @property
    def accounts(self) -> Path:
        """The folder of accounts that were to be published, and of those that units gave, by their digests."""
        return self.files / "accounts"
