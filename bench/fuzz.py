"""The fuzz campaign: mutated files of every format through reading and checking. `make fuzz` (10,000 of each format).

Each file is read and checked in a worker process. Wrong are: a process that dies, a file that takes more than
10 seconds, an exception other than the reader's own refusal, a refusal without Chinese, a rule that breaks down.
What was wrong is kept in build/fuzz/ with the format and seed in its name, and its first lines are printed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import re
import signal
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from types import FrameType

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "wuhan-2022" / "whole"
SECONDS = 10
RECOGNITION = 60
"""Seconds for pictures, whose text has to be recognised."""

FORMATS = ("pdf", "docx", "xlsx", "html", "md", "csv", "json", "png")

sys.path.insert(0, str(ROOT / "tests" / "read"))


class TooLongError(Exception):
    """A file took more than the seconds that it may."""


def _originals(folder: Path) -> dict[str, bytes]:
    """A sound file of each format, made by ourselves."""
    import juesuan

    account = juesuan.compile(EXAMPLE)
    paths = juesuan.publish(account, folder, ["pdf", "docx", "xlsx", "html", "json"])
    found = {path.suffix[1:]: path.read_bytes() for path in paths}
    import pypdfium2

    page = pypdfium2.PdfDocument(found["pdf"])[5].render(scale=1).to_pil()
    page.save(folder / "page.png")
    found["png"] = (folder / "page.png").read_bytes()
    lines = re.sub(r"</t[dh]>", "\t", found["html"].decode()).replace("</tr>", "\n").replace("</p>", "\n\n")
    text = re.sub(r"<(?:style|script)[\s\S]*?</(?:style|script)>|<[^>]*>", "", lines)
    found["md"] = text.encode()
    found["csv"] = text.replace("\t", ",").encode("gb18030")
    return found


def _mutated(form: str, data: bytes, seed: int) -> bytes:
    from own_documents import damaged, damaged_parts

    if form in ("docx", "xlsx") and seed % 3:
        return damaged_parts(data, seed)
    return damaged(data, seed)


def _special(data: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    """Files that chance does not make: empty, bombs, nested, giant, under a wrong name."""
    for form in FORMATS:
        yield f"empty.{form}", b""
        for other in FORMATS:
            yield f"wrong-{other}.{form}", data[other]
    yield "nested.html", b"<table><tr><td>" * 3000 + b"x"
    yield "nested.json", b"[" * 100_000
    yield "wide.html", b"<table>" + b"<tr>" + b"<td colspan=1000>1</td>" * 2000 + b"</tr></table>"
    yield "long.md", ("1,777.5\t" * 20 + "\n").encode() * 50_000
    yield "line.md", b"9" * 5_000_000
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "bomb.docx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("[Content_Types].xml", "<Types/>")
            archive.writestr("word/document.xml", b"<w:p>" + b" " * 300_000_000)
        yield "bomb.docx", path.read_bytes()


def _alarm(number: int, frame: FrameType | None) -> None:
    raise TooLongError


def _try(path: Path) -> str:
    """What became of a file: read, refused, or what was wrong."""
    from juesuan.account import UnreadableFileError
    from juesuan.checker import check
    from juesuan.reader import read_document

    # Seconds of this process, so that a busy machine is not taken for a hang; and of the clock, for one that waits.
    signal.signal(signal.SIGPROF, _alarm)
    signal.signal(signal.SIGALRM, _alarm)
    seconds = RECOGNITION if path.suffix == ".png" or "png" in path.name else SECONDS
    signal.setitimer(signal.ITIMER_PROF, seconds)
    signal.alarm(12 * seconds)
    try:
        reading = read_document(path)
        report = check(reading.account, statute=reading.statute, file=path.name, notes=reading.notes)
        return "read" if not report.faults else f"fault: {report.faults[0]}"
    except UnreadableFileError as error:
        return "refused" if re.search("[一-鿿]", str(error)) else f"no Chinese: {error}"
    except TooLongError:
        return f"more than {seconds} s: " + " < ".join(traceback.format_exc().splitlines()[-6:-1])
    except Exception:
        return "raised: " + " | ".join(traceback.format_exc().splitlines()[-5:])
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.alarm(0)


class Campaign:
    """Runs files in worker processes and keeps those that went wrong."""

    def __init__(self, keep: Path, workers: int) -> None:
        self.keep = keep
        self.workers = workers
        self.counts: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.pool = self._new_pool()

    def _new_pool(self) -> ProcessPoolExecutor:
        # A new process now and then: pdfium may be left unable to read by one malformed file.
        context = multiprocessing.get_context("forkserver")
        return ProcessPoolExecutor(self.workers, mp_context=context, max_tasks_per_child=100)

    def run(self, files: Iterator[tuple[str, bytes]], folder: Path) -> None:
        """Tries every file, a few at a time."""
        waiting: dict[Future[str], Path] = {}
        for name, data in files:
            path = folder / name
            path.write_bytes(data)
            waiting[self.pool.submit(_try, path)] = path
            if len(waiting) >= 4 * self.workers:
                self._collect(waiting, wait(waiting, return_when=FIRST_COMPLETED).done)
        while waiting:
            self._collect(waiting, wait(waiting, return_when=FIRST_COMPLETED).done)

    def _collect(self, waiting: dict[Future[str], Path], done: set[Future[str]]) -> None:
        for future in done:
            path = waiting.pop(future)
            try:
                outcome = future.result()
            except BrokenProcessPool:
                again = [path, *waiting.values()]
                waiting.clear()
                self.pool = self._new_pool()
                for other in again:
                    self._alone(other)
                return
            self._count(path, outcome)

    def _alone(self, path: Path) -> None:
        """A file that may have killed its process, in one of its own."""
        with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("forkserver")) as pool:
            try:
                self._count(path, pool.submit(_try, path).result())
            except BrokenProcessPool:
                self._count(path, "the process died")

    def _count(self, path: Path, outcome: str) -> None:
        form = path.suffix[1:]
        good = outcome in ("read", "refused")
        self.counts[f"{form} {outcome if good else 'WRONG'}"] += 1
        if not good:
            self.keep.mkdir(parents=True, exist_ok=True)
            (self.keep / path.name).write_bytes(path.read_bytes())
            self.wrong.append(f"{path.name}: {outcome}")
        path.unlink(missing_ok=True)


def main() -> None:
    """Runs the campaign."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--count", type=int, default=10_000, help="mutated files of each format")
    parser.add_argument("--formats", default=",".join(FORMATS))
    parser.add_argument("--start", type=int, default=0, help="the first seed")
    parser.add_argument("--workers", type=int, default=2)
    arguments = parser.parse_args()
    start = time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        originals = _originals(folder)
        campaign = Campaign(ROOT / "build" / "fuzz", arguments.workers)
        campaign.run(_special(originals), folder)
        for form in arguments.formats.split(","):
            seeds = range(arguments.start, arguments.start + arguments.count)
            files = ((f"{seed}.{form}", _mutated(form, originals[form], seed)) for seed in seeds)
            campaign.run(files, folder)
            done = {key: count for key, count in campaign.counts.items() if key.startswith(form)}
            print(f"{form}: {done}", flush=True)
    for line in campaign.wrong:
        print(f"  WRONG {line}")
    print(f"{sum(campaign.counts.values())} files, {len(campaign.wrong)} wrong, {time.monotonic() - start:.0f} s")
    sys.exit(1 if campaign.wrong else 0)


if __name__ == "__main__":
    main()
