"""Secrets that the database keeps for later use, sealed: who reads the database or a dump of it cannot use them."""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from juesuan.account import JuesuanError

MARK = "s1."
"""How what is sealed begins: the first way of sealing."""

NONCE = 12


class UnsealedError(JuesuanError):
    """Something cannot be opened: it was sealed with another secret file, for another owner, or is damaged."""


class Sealer:
    """Seals with AES-256-GCM under a key that is derived (HKDF) from the server's secret file."""

    def __init__(self, secret: bytes) -> None:
        key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"juesuan sealed 1").derive(secret)
        self._cipher = AESGCM(key)

    def seal(self, text: str, owner: str) -> str:
        """`text` as the database keeps it; opens for this `owner` only, so that it cannot be moved to another's row."""
        nonce = os.urandom(NONCE)
        sealed = self._cipher.encrypt(nonce, text.encode(), owner.encode())
        return MARK + base64.urlsafe_b64encode(nonce + sealed).decode("ascii")

    def open(self, stored: str, owner: str) -> str:
        """What was sealed for `owner`. Raises UnsealedError."""
        try:
            data = base64.urlsafe_b64decode(stored.removeprefix(MARK).encode("ascii"))
            return self._cipher.decrypt(data[:NONCE], data[NONCE:], owner.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise UnsealedError from error


def totp_owner(user_id: int) -> str:
    """Whom the secret of a user's one-time codes is sealed for."""
    return f"totp:{user_id}"
