"""Passwords kept in an LDAP directory (统一身份认证): users sign in with what they have there, rights stay here."""

from __future__ import annotations

import logging
import ssl
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from juesuan.account import JuesuanError
from juesuan.web.auth.sessions import External

if TYPE_CHECKING:
    from ldap3 import Connection, Server

NAME = "{name}"
SECONDS = 5
_LOOPBACK = ("localhost", "127.0.0.1", "::1")

_log = logging.getLogger("juesuan.directory")

Connect = Callable[["Server", str, str], "Connection"]


class DirectoryError(JuesuanError, ValueError):
    """The address of a directory cannot be used; the message says why."""


def _connect(server: Server, user: str, password: str) -> Connection:
    from ldap3 import AUTO_BIND_NONE, SIMPLE, Connection

    return Connection(
        server, user=user, password=password, authentication=SIMPLE, auto_bind=AUTO_BIND_NONE,
        receive_timeout=SECONDS, read_only=True,
    )


def directory(address: str, local: Collection[str] = (), connect: Connect = _connect) -> External:
    """Answers for the passwords of all users but those in `local`, by binding to the directory as them.

    `address` is ldaps://HOST[:PORT]/DN with {name} in it (uid={name},ou=people,dc=city); without encryption only on
    this very machine. Raises DirectoryError.
    """
    parts = urlsplit(address)
    name = unquote(parts.path.lstrip("/"))
    if parts.scheme not in ("ldap", "ldaps") or not parts.hostname or NAME not in name:
        raise DirectoryError("目录地址应写成 ldaps://主机/uid={name},ou=people,dc=… 的样子，其中 {name} 代表用户名。")
    if parts.scheme == "ldap" and parts.hostname not in _LOOPBACK:
        raise DirectoryError("口令不能明文传输：目录不在本机的，请用 ldaps://。")
    from ldap3 import Server, Tls
    from ldap3.core.exceptions import LDAPException
    from ldap3.utils.dn import escape_rdn

    secure = parts.scheme == "ldaps"
    # The certificate must be the host's own, by an authority that this machine trusts.
    tls = Tls(validate=ssl.CERT_REQUIRED) if secure else None
    server = Server(parts.hostname, parts.port or (636 if secure else 389), use_ssl=secure, tls=tls,
                    connect_timeout=SECONDS)

    def right(user: str, password: str) -> bool | None:
        if user in local:
            return None
        if not password:
            # A bind without a password succeeds as nobody (RFC 4513, 5.1.2).
            return False
        try:
            connection = connect(server, name.replace(NAME, escape_rdn(user)), password)
            try:
                return bool(connection.bind())
            finally:
                connection.unbind()
        except LDAPException as error:
            _log.warning("directory", extra={"fields": {"trouble": type(error).__name__}})
            return False

    return right

