"""Secrets that the database keeps for later use, sealed: who reads the database or a dump of it cannot use them.

And the national algorithms (国密) that a bureau may ask for: SM4-GCM (GB/T 32907, RFC 8998) for sealing, SM3 (GB/T
32905) for digests. What was sealed before stays open, whichever is asked for now.
"""

from __future__ import annotations

import base64
import hashlib
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SHA256, SM3, Hash
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from juesuan.account import JuesuanError

MARK, NATIONAL_MARK = "s1.", "s2."
"""How what is sealed begins: with AES-256-GCM, with SM4-GCM."""

NONCE, TAG = 12, 16


class UnsealedError(JuesuanError):
    """Something cannot be opened: it was sealed with another secret file, for another owner, or is damaged."""


class Sealer:
    """Seals under keys that are derived (HKDF) from the server's secret file: with AES-256-GCM, or with SM4-GCM where
    the national algorithms are asked for. Opens both.
    """

    def __init__(self, secret: bytes, *, national: bool = False) -> None:
        self._cipher = AESGCM(_derived(secret, 32, b"juesuan sealed 1"))
        self._national = Sm4Gcm(_derived(secret, 16, b"juesuan sealed 2"))
        self._mark = NATIONAL_MARK if national else MARK

    def seal(self, text: str, owner: str) -> str:
        """`text` as the database keeps it; opens for this `owner` only, so that it cannot be moved to another's row."""
        nonce = os.urandom(NONCE)
        cipher = self._national if self._mark == NATIONAL_MARK else self._cipher
        sealed = cipher.encrypt(nonce, text.encode(), owner.encode())
        return self._mark + base64.urlsafe_b64encode(nonce + sealed).decode("ascii")

    def open(self, stored: str, owner: str) -> str:
        """What was sealed for `owner`. Raises UnsealedError."""
        national = stored.startswith(NATIONAL_MARK)
        cipher = self._national if national else self._cipher
        try:
            data = base64.urlsafe_b64decode(stored.removeprefix(NATIONAL_MARK if national else MARK).encode("ascii"))
            return cipher.decrypt(data[:NONCE], data[NONCE:], owner.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise UnsealedError from error


class Sm4Gcm:
    """SM4-GCM with the tag behind the text, as AESGCM has it."""

    def __init__(self, key: bytes) -> None:
        self._key = SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, owner: bytes) -> bytes:
        """`data` sealed for `owner`."""
        sealing = Cipher(self._key, GCM(nonce)).encryptor()
        sealing.authenticate_additional_data(owner)
        return sealing.update(data) + sealing.finalize() + sealing.tag

    def decrypt(self, nonce: bytes, data: bytes, owner: bytes) -> bytes:
        """What was sealed for `owner`. Raises InvalidTag and ValueError."""
        opening = Cipher(self._key, GCM(nonce, data[-TAG:])).decryptor()
        opening.authenticate_additional_data(owner)
        return opening.update(data[:-TAG]) + opening.finalize()


def _derived(secret: bytes, length: int, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=length, salt=None, info=purpose).derive(secret)


def key_digest(key: str) -> str:
    """What is kept of a key that whoever has it proves by showing it: of a session, an invitation."""
    return hashlib.sha256(key.encode()).hexdigest()


def sm3(data: bytes) -> str:
    """The digest SM3 of `data`."""
    sums = Hash(SM3())
    sums.update(data)
    return sums.finalize().hex()


def totp_owner(user_id: int) -> str:
    """Whom the secret of a user's one-time codes is sealed for."""
    return f"totp:{user_id}"
