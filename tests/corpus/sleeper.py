"""A reader of documents that misbehave, as `python -m corpus.sleeper MEGABYTES`: by the name of the file it sleeps for
ever, dies, takes memory without end, or reads.
"""

from __future__ import annotations

import os
import sys
import time

from juesuan.corpus.ingest.document import DocumentWork
from juesuan.corpus.ingest.worker import serve
from juesuan.corpus.store.shards import Rows


def read(work: DocumentWork) -> Rows:
    """The name of the file as the only row."""
    print("noise", flush=True)
    if "hangs" in work.path:
        time.sleep(10_000)
    if "dies" in work.path:
        os._exit(9)
    if "grows" in work.path:
        held = []
        while True:
            held.append(bytes(2**20))
    return {"documents": [{"file": work.path, "process": os.getpid()}]}


if __name__ == "__main__":
    serve(read, int(sys.argv[1]), lambda: print("noise that must not garble the answers", flush=True))
