"""What all tests of reading share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """Recognition takes one thread: the other core is the other worker's, and threads that wait for it use it up."""
    from juesuan.reader.ocr import engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "THREADS", 1)
        yield
