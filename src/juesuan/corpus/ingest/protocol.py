"""Messages between two processes: the length in eight bytes, then the message."""

from __future__ import annotations

from typing import IO

READY = b"ready"
_LENGTH = 8


def send(stream: IO[bytes], message: bytes) -> None:
    """Writes a message. Raises OSError where nobody listens any more."""
    stream.write(len(message).to_bytes(_LENGTH, "big"))
    stream.write(message)
    stream.flush()


def received(stream: IO[bytes]) -> bytes | None:
    """The next message; None where the stream is at its end."""
    head = stream.read(_LENGTH)
    if len(head) < _LENGTH:
        return None
    length = int.from_bytes(head, "big")
    message = stream.read(length)
    return message if len(message) == length else None
