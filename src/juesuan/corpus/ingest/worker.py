"""`python -m juesuan.corpus.ingest.worker MEGABYTES`: a process that reads documents for a worker, one after the other.

Documents come on its standard input and their rows leave by its standard output, each as its length in eight bytes and
MessagePack. It says that it is ready before the first. Whoever started it ends it when a document takes too long; when
that one is gone itself, the end of the input ends this process too, whatever it is doing.
"""

from __future__ import annotations

import importlib
import os
import queue
import sys
import threading
from collections.abc import Callable

import msgspec

from juesuan.corpus.ingest.document import TOO_LARGE, DocumentWork, failed, read_document_work
from juesuan.corpus.ingest.protocol import READY, received, send
from juesuan.corpus.store.shards import Rows
from juesuan.statute import load_statute


def serve(read: Callable[[DocumentWork], Rows], memory: int, load: Callable[[], object]) -> None:
    """Loads, then answers every document that comes in with what `read` makes of it, within `memory` megabytes."""
    # The way out is ours alone: libraries that print would garble it.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    # The limit is on documents: the law, parsed anew after an upgrade, may take more for a moment.
    load()
    _limited(memory)
    works: queue.SimpleQueue[DocumentWork] = queue.SimpleQueue()

    def receive() -> None:
        stream = sys.stdin.buffer
        while (message := received(stream)) is not None:
            works.put(msgspec.msgpack.decode(message, type=DocumentWork))
        os._exit(0)

    threading.Thread(target=receive, daemon=True).start()
    send(answers, READY)
    while True:
        work = works.get()
        try:
            answer = msgspec.msgpack.encode(read(work))
        except MemoryError:
            reason = TOO_LARGE.format(memory=memory)
            answer = msgspec.msgpack.encode(failed(work.entry, work.engine, "进程", reason))
        try:
            send(answers, answer)
        except OSError:
            # Nobody waits for the answer any more.
            os._exit(1)


def _limited(memory: int) -> None:
    """Holds this process to so many megabytes, where the system can."""
    try:
        import resource
    except ImportError:  # Windows knows no such limit.
        return
    size = memory * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def load() -> None:
    """Loads what reading needs."""
    for module in ("juesuan.checker.reports", "juesuan.reader.files", "scipy.optimize"):
        importlib.import_module(module)
    load_statute()


if __name__ == "__main__":
    serve(read_document_work, int(sys.argv[1]), load)
