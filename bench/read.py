"""Speed of reading PDF against named baselines in the same run: pages per second on one core.

Bare pdfium gives only the raw text of each page; pdfplumber gives text and tables, as the reader does.
Targets: at least 60 pages a second, and 12 times pdfplumber.

    python bench/read.py [FILE...]    without files: the example as published, and the real documents where they are
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pdfplumber
import pypdfium2

from juesuan.compiler import compile_sources
from juesuan.publisher import publish
from juesuan.reader.pdf_file import read_pdf

ROOT = Path(__file__).resolve().parent.parent
EXAMPLE = ROOT / "examples" / "wuhan-2022"
REAL = ROOT.parent / "shared" / "real"
RUNS = 5
MEGABYTE = 1024


def timed(work: Callable[[], object], runs: int) -> float:
    """The median of the processor seconds of `runs` runs after one to warm up (what others do meanwhile is no part)."""
    work()
    taken = []
    for _ in range(runs):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return median(taken)


def bare(path: Path) -> None:
    """The text of every page and nothing else."""
    with pypdfium2.PdfDocument(path) as document:
        for page in document:
            text = page.get_textpage()
            text.get_text_range()
            text.close()
            page.close()


def plumbed(path: Path) -> None:
    """Text and tables of every page by pdfplumber."""
    with pdfplumber.open(path) as document:
        for page in document.pages:
            page.extract_text()
            page.extract_tables()
            page.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    files: list[Path] = parser.parse_args().files
    with tempfile.TemporaryDirectory() as folder:
        if not files:
            account = compile_sources([EXAMPLE / "ledger.csv", EXAMPLE / "workbook.xlsx"]).account
            files = [*publish(account, folder, ["pdf"]), *sorted(REAL.glob("*.pdf"))]
        print(f"{'file':40} {'pages':>5} {'ours':>9} {'bare':>9} {'plumber':>9} {'of bare':>8} {'times':>7}")
        for path in files:
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            pages = read_pdf(path).pages
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
            ours = timed(lambda path=path: read_pdf(path), RUNS)
            least = timed(lambda path=path: bare(path), RUNS)
            most = timed(lambda path=path: plumbed(path), 1)
            print(
                f"{path.name[:40]:40} {pages:5} {pages / ours:7.0f}/s {pages / least:7.0f}/s {pages / most:7.1f}/s "
                f"{least / ours:8.0%} {most / ours:6.1f}x   +{memory / MEGABYTE:.0f} MB"
            )


if __name__ == "__main__":
    main()
