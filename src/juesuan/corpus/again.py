"""`python -m juesuan.corpus.again FILE PROFILE`: one file read by a new process; notes and account on its output."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from juesuan.account import to_json
from juesuan.read import read_document


def main(path: str, profile: str) -> None:
    """Writes the notes as a line of JSON, then the account. Ends with a traceback where the file cannot be read."""
    reading = read_document(Path(path), profile or None)
    sys.stdout.buffer.write(msgspec.json.encode(reading.notes) + b"\n" + to_json(reading.account))


if __name__ == "__main__":
    main(*sys.argv[1:])
