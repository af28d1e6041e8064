"""juesuan (决算): compile, score, publish and check the final accounts of China's budget units.

    account = juesuan.compile("accounts/")            # workbook and ledger of a unit
    juesuan.publish(account, "out", ["docx", "pdf"])  # the disclosure, six parts, no two figures apart
"""

from __future__ import annotations

from typing import Any

__version__ = "0.1.0"

_OFFERED = {
    "Account": "juesuan.account",
    "from_json": "juesuan.account",
    "to_json": "juesuan.account",
    "FaultyAccountsError": "juesuan.compile",
    "UnreadableFileError": "juesuan.read",
    "UnreadableSourceError": "juesuan.compile",
    "check": "juesuan.check",
    "read": "juesuan.read",
    "compile": "juesuan.compile",
    "new_workbook": "juesuan.compile",
    "load_statute": "juesuan.statute",
    "profiles": "juesuan.statute",
    "publish": "juesuan.publish",
    "PublishError": "juesuan.publish",
}

__all__ = sorted([*_OFFERED, "__version__"])


def __getattr__(name: str) -> Any:
    # Loaded on first use, so that `import juesuan` costs nothing and each command loads only what it needs.
    if name not in _OFFERED:
        raise AttributeError(f"module 'juesuan' has no attribute {name!r}")
    from importlib import import_module

    room = import_module(_OFFERED[name])
    return room if room.__name__ == f"juesuan.{name}" else getattr(room, name)
