"""Writes src/juesuan/cli/locale/…/messages.mo from messages.po: the command line library's own messages in Chinese."""

from __future__ import annotations

from pathlib import Path

import polib

FOLDER = Path(__file__).parents[1] / "src" / "juesuan" / "cli" / "locale" / "zh_CN" / "LC_MESSAGES"


def compiled() -> bytes:
    """The compiled messages; the same text gives the same bytes."""
    return polib.pofile(str(FOLDER / "messages.po"), encoding="utf-8").to_binary()


if __name__ == "__main__":
    (FOLDER / "messages.mo").write_bytes(compiled())
