"""From an official export (.xls) to the account, by a new process, against one that loads the same code and stops.

The nine public tables and the ministry's own sheets of the example (target: at most 0.5 s over the bare start).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests" / "intake"))

from export_files import Layout, nine_tables, write  # noqa: E402
from ministry_files import ministry_sheets, spent_in  # noqa: E402

from juesuan.inspection import compile_sources  # noqa: E402

EXAMPLE = ROOT / "examples" / "wuhan-2022"
BARE = "import sys, juesuan.inspection, juesuan.intake, juesuan.compiler, juesuan.reader.exports, xlrd"
OURS = "from juesuan.inspection import compile_sources; account = compile_sources([sys.argv[1]]).account"
RUNS = 7


def seconds(code: str, *arguments: str) -> tuple[float, float]:
    """The median seconds on the clock, and of the processor, of a new process that runs `code`, warm."""
    import resource

    clock, processor = [], []
    for run in range(RUNS + 1):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", code, *arguments], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        if run:
            clock.append(time.perf_counter() - start)
            processor.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return median(clock), median(processor)


def main() -> None:
    """Prints both exports beside the bare start."""
    made = compile_sources([EXAMPLE / "ledger.csv", EXAMPLE / "workbook.xlsx"])
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        public = write(nine_tables(made.account, made.statute, Layout()), place / "公开.xls")
        spent = spent_in(EXAMPLE / "ledger.csv")
        ministry = write(ministry_sheets(made.account, made.statute, spent), place / "财决.xls")
        bare = seconds(BARE)
        print(f"bare start: our code and its libraries loaded  {bare[0]:6.2f} s  processor {bare[1]:.2f} s")
        for name, path in (("nine public tables", public), ("fifteen sheets of the ministry", ministry)):
            clock, processor = seconds(f"{BARE}; {OURS}", str(path))
            over = f"over bare {clock - bare[0]:.2f} s, processor {processor - bare[1]:.2f} s"
            print(f"{name:<46} {clock:6.2f} s  {over}   (target 0.50 s)")


if __name__ == "__main__":
    main()
