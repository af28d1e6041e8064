"""Commands of this program against those of an earlier commit, by turns in one run: `make bench`.

    python bench/paired.py [--against c610d180] [--runs 7] [FILE...]

Both programs run from compiled code, each with a cache of its own, on the same files: the example as the earlier one
compiles and publishes it, and the real documents where they are, or FILE. What counts is the processor's time of the
whole new process (user and system), as others may work on the same machine. The earlier program reads no
prose by meaning and holds no account that it compiles to its checker. Targets: compile and check within 1.05 of it; a
25-page PDF checked within 1 s; a document of 30 pages rolled a year forward within 2 s.
"""

from __future__ import annotations

import argparse
import compileall
import importlib
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
REAL = ROOT.parent / "shared" / "real"
BASELINE = "c610d180"
"""The last commit of the first design, against which every later one has been measured."""

PAIR = 7
"""The random unit whose documents are rolled: of the profile with most tables and texts."""


class Program:
    """The program as it stands in the folder `tree`."""

    def __init__(self, tree: Path, cache: Path) -> None:
        cache.mkdir()
        self.tree = tree
        self._environment = {
            **os.environ, "PYTHONPATH": str(tree / "src"), "XDG_CACHE_HOME": str(cache), "PYTHONDONTWRITEBYTECODE": "1",
        }
        compileall.compile_dir(tree / "src", quiet=2, workers=1)

    def seconds(self, *words: str) -> float:
        """The processor's seconds of a new process; a document with findings ends with 1, and that is no failure."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run([sys.executable, *words], env=self._environment, capture_output=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if done.returncode not in (0, 1) or b"Traceback" in done.stderr:
            raise SystemExit(f"{words}: {done.stderr.decode()[-2000:]}")
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    def command(self, *words: str) -> float:
        """The same of a command."""
        return self.seconds("-m", "juesuan.cli", *words)

    def compile(self, folder: Path) -> float:
        """The program's own example compiled into all formats."""
        example = self.tree / "examples" / "wuhan-2022"
        return self.command("compile", str(example / "ledger.csv"), str(example / "workbook.xlsx"), "-o", str(folder))


def paired(now: Program, before: Program, runs: int, files: Sequence[Path], folder: Path) -> None:
    """Every command by turns: the medians, and their ratio."""
    before.compile(folder / "published")
    published = sorted(path for path in (folder / "published").iterdir() if path.suffix in (".docx", ".pdf"))
    works: list[tuple[str, Any]] = [
        ("import juesuan.cli", lambda program: program.seconds("-c", "import juesuan.cli")),
        ("import juesuan.web.application", lambda program: program.seconds("-c", "import juesuan.web.application")),
        ("compile the example, all formats", lambda program: program.compile(folder / "again")),
    ]
    works += [
        (f"check {path.name[-40:]}", lambda program, path=path: program.command("check", str(path)))
        for path in (*published, *files)
    ]
    print(f"{'processor seconds':52} {'before':>7} {'now':>7} {'ratio':>6}")
    for name, work in works:
        times: dict[Program, list[float]] = {before: [], now: []}
        for run in range(runs + 1):
            for program, taken in times.items():
                seconds = work(program)
                if run:
                    taken.append(seconds)
        old, new = median(times[before]), median(times[now])
        print(f"{name:52} {old:7.2f} {new:7.2f} {new / old:6.2f}", flush=True)


def rolled(now: Program, runs: int, folder: Path) -> None:
    """A document rolled a year forward, which the earlier program cannot do."""
    sys.path.insert(0, str(ROOT / "tests" / "revision"))
    pairs: Any = importlib.import_module("pairs")
    from juesuan.account import to_json
    from juesuan.publisher import publish

    last, this = pairs.pair(PAIR)
    files = publish(last, folder / "last", ["docx", "pdf"])
    figures = folder / "this.json"
    figures.write_bytes(to_json(this))
    import pypdfium2

    with pypdfium2.PdfDocument(next(path for path in files if path.suffix == ".pdf")) as document:
        pages = len(document)
    docx = str(next(path for path in files if path.suffix == ".docx"))
    words = ("roll", docx, "--figures", str(figures), "-o", str(folder / "this.docx"), "--force")
    taken = [now.command(*words) for _ in range(runs + 1)][1:]
    print(f"roll a document of {pages} pages a year forward {median(taken):21.2f} s   (target 2.00 s)")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--against", default=BASELINE)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    git = ["git", "-C", str(ROOT)]
    if subprocess.run([*git, "cat-file", "-e", f"{options.against}^{{commit}}"], capture_output=True).returncode:
        print(f"paired: the commit {options.against} is not in this repository; fetch it, or name another")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tree = folder / "before"
        subprocess.run([*git, "worktree", "add", "--quiet", "--detach", str(tree), options.against], check=True)
        try:
            now, before = Program(ROOT, folder / "cache-now"), Program(tree, folder / "cache-before")
            print(f"against {options.against}")
            paired(now, before, options.runs, options.files or sorted(REAL.glob("*.pdf")), folder)
            rolled(now, options.runs, folder)
        finally:
            subprocess.run([*git, "worktree", "remove", "--force", str(tree)], check=True)


if __name__ == "__main__":
    main()
