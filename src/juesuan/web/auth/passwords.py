"""Passwords: what is asked of them, how they are kept, and one-time codes (动态口令)."""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from juesuan.account import JuesuanError
from juesuan.web.infra.settings import Settings

SHORTEST = 10
LONGEST = 128
KINDS = 3
TOTP_STEP = 30

_COMMON = ("password", "123456", "qwerty", "admin", "caizheng", "juesuan", "abc123", "111111", "888888", "000000")
_LETTERS = "abcdefghjkmnpqrstuvwxyz"


class WeakPasswordError(JuesuanError, ValueError):
    """A password does not do; the message says what is asked."""


class Passwords:
    """Hashes and verifies passwords with argon2id."""

    def __init__(self, settings: Settings) -> None:
        self._hasher = PasswordHasher(settings.password_rounds, settings.password_memory, 2)
        self._nobody = self._hasher.hash(secrets.token_hex(16))

    def hashed(self, password: str) -> str:
        """What is kept of a password."""
        return self._hasher.hash(password)

    def right(self, stored: str | None, password: str) -> bool:
        """Whether `password` is the one that `stored` was made of; takes as long where there is none."""
        try:
            return self._hasher.verify(stored or self._nobody, password[:LONGEST]) and bool(stored)
        except (VerificationError, InvalidHashError):
            return False


def demand_strength(password: str, name: str) -> None:
    """Raises WeakPasswordError unless `password` does for the user `name` (口令复杂度)."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPasswordError(f"口令应有 {SHORTEST} 至 {LONGEST} 位。")
    kinds = (
        any(sign.islower() for sign in password),
        any(sign.isupper() for sign in password),
        any(sign.isdigit() for sign in password),
        any(not sign.isalnum() for sign in password),
    )
    if sum(kinds) < KINDS:
        raise WeakPasswordError("口令应有大写字母、小写字母、数字、其他符号四类中的三类。")
    plain = password.lower()
    if len(name) > 2 and name.lower() in plain:
        raise WeakPasswordError("口令里不能有用户名。")
    if any(word in plain for word in _COMMON) or len(set(plain)) < SHORTEST // 2:
        raise WeakPasswordError("口令太常见，容易被猜到，请换一个。")


def first_password() -> str:
    """A random password for a new user, to be changed at the first sign-in."""
    parts = ["".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3)]
    return f"{parts[0].capitalize()}-{parts[1]}-{parts[2]}{secrets.randbelow(90) + 10}"


def totp_step(secret: str, code: str, last: int, now: datetime) -> int:
    """The time step of the one-time `code`; 0 where it is wrong, or not later than `last`, which was taken already."""
    generator = pyotp.TOTP(secret, interval=TOTP_STEP)
    step = int(now.timestamp()) // TOTP_STEP
    # A Chinese keyboard may give full-width digits.
    given = unicodedata.normalize("NFKC", code).strip().encode()
    for candidate in (step, step - 1, step + 1):
        if candidate > last and secrets.compare_digest(generator.at(candidate * TOTP_STEP).encode(), given):
            return candidate
    return 0
