"""Files that must outlive a loss of power."""

from __future__ import annotations

import os
from pathlib import Path


def to_disk(path: Path) -> None:
    """Waits until a file, or the names in a folder, are on the disk itself."""
    if os.name == "nt":  # Neither folders nor what is open for reading can be sent to the disk there.
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
