"""How much of the tables of documents is understood: value cells placed of those printed, and every miss.

`python bench/understanding.py [FILE or FOLDER …]`; without arguments the real documents beside the repository. A value
cell is a printed amount below the headings that is no code and no line number; it is placed when a figure of the
account has its place. Grids that self-evaluation forms are made of are not counted.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from juesuan.reader.account import to_account
from juesuan.reader.amounts import read_amount
from juesuan.reader.evaluation.document import read_evaluations
from juesuan.reader.files import read_raw
from juesuan.reader.raw import RawCell, RawTable
from juesuan.reader.tables.columns import counts

REAL = Path(__file__).resolve().parents[2] / "shared" / "real"
SUFFIXES = frozenset([".pdf", ".md", ".docx", ".xlsx", ".html", ".txt"])
STUBS = ("编码", "行次", "序号", "类", "款", "项", "栏次")
"""How the headings of columns end that number lines or name codes."""


class Grid(msgspec.Struct, frozen=True):
    """One printed grid: which form it was taken for, and its value cells that have no place."""

    title: str
    printed: int
    missed: tuple[RawCell, ...]


def main() -> None:
    """Prints, for each document, value cells placed of those printed, and lists the misses."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, default=[REAL])
    parser.add_argument("--grids", action="store_true", help="every grid, not only those with a miss")
    chosen = parser.parse_args()
    printed = missed = 0
    for path in documents(chosen.paths):
        grids = list(understood(path))
        all_of, lost = sum(grid.printed for grid in grids), sum(len(grid.missed) for grid in grids)
        printed, missed = printed + all_of, missed + lost
        print(f"{path.name}: {all_of - lost} of {all_of} value cells placed ({rate(all_of - lost, all_of)})")
        for grid in grids:
            if grid.missed or chosen.grids:
                texts = "、".join(cell.text.strip() for cell in grid.missed[:12])
                print(f"    {grid.title}: {grid.printed - len(grid.missed)} of {grid.printed}  {texts}")
    print(f"all: {printed - missed} of {printed} ({rate(printed - missed, printed)})")


def rate(part: int, whole: int) -> str:
    """A share in per cent with two decimals."""
    return f"{100 * part / whole:.2f} %" if whole else "-"


def documents(paths: Sequence[Path]) -> Iterator[Path]:
    """The documents that files and folders name."""
    for path in paths:
        if path.is_dir():
            yield from sorted(p for p in path.iterdir() if p.suffix in SUFFIXES and p.stem != "README")
        else:
            yield path


def understood(path: Path) -> Iterator[Grid]:
    """Every grid of a document that prints amounts, with those that have no place."""
    raw = read_raw(path)
    reading = to_account(raw)
    places = {fact.source for fact in reading.account.facts.values() if fact.source}
    taken = read_evaluations(raw, reading.statute).taken
    above = ""
    for block in raw.blocks:
        if not isinstance(block, RawTable):
            above = block.text.strip() if block.text.strip().endswith("表") else above
            continue
        cells = [] if id(block) in taken else list(values(block))
        if cells:
            where = f" p.{block.source.page}" if block.source and block.source.page else ""
            yield Grid(f"{above[:40]}{where}", len(cells), tuple(c for c in cells if c.source not in places))


def values(table: RawTable) -> Iterator[RawCell]:
    """The value cells of a grid: amounts that are neither codes, numbers of lines nor counts of columns."""
    grid = table.grid()
    stubs = set(_stubs(grid, table.width))
    counted = {n for n, cells in enumerate(grid) if counts(cells)}
    for cell in table.cells:
        if cell.column in stubs or cell.row in counted or cell.row == 0:
            continue
        if read_amount(cell.text):
            yield cell


def _stubs(grid: Sequence[Sequence[RawCell | None]], width: int) -> Iterator[int]:
    for place in range(width):
        texts = ["".join(cell.text.split()) for cells in grid[:6] if (cell := cells[place])]
        body = [t for cells in grid[3:] if (c := cells[place]) and (t := c.text.strip())]
        codes = [t for t in body if t.isdigit() and len(t) in (1, 2, 3, 5, 7) and t != "0"]
        if any(text.endswith(STUBS) for text in texts) and 2 * len(codes) >= len([t for t in body if read_amount(t)]):
            yield place


if __name__ == "__main__":
    main()
