"""Tables copied with each cell on a line of its own and nothing between them: made grids again.

An empty cell is an empty line. Such a run is only taken for a table where it is much like one of the forms.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from juesuan.reader.raw import RawBlock, RawTable, RawText
from juesuan.reader.tables.flat import Likeness, above_of, grid_of, kind_of, widths_of

_LONGEST = 30
_FEWEST = 12
"""Fewer cells are no table of this kind."""
_LEAST_AMOUNTS = 4
_MOST_HEADS = 24
"""So many lines at the top of a run may stand over the table: title, unit, headings over several columns."""
_ALIKE = 0.9
"""How like a form a grid has to be that nothing but its lines makes one: its headings and lines are known, and most of
its amounts have a place."""
_SENTENCE = re.compile(r"[。；;!！?？|｜]|[，,](?!\d{3})")


def gridded(blocks: Sequence[RawBlock], likeness: Likeness) -> list[RawBlock]:
    """The blocks with runs of short lines as grids, where one shows; all others as they are."""
    found: list[RawBlock] = []
    run: list[RawText] = []
    for block in [*blocks, None]:
        if isinstance(block, RawText) and _is_cell(block) and (not run or _follows(run[-1], block)):
            run.append(block)
            continue
        found.extend(_gridded(run, above_of(found), likeness))
        run = [block] if isinstance(block, RawText) and _is_cell(block) else []
        if block is not None and not run:
            found.append(block)
    return [*found, *run]


def _is_cell(block: RawText) -> bool:
    return len(block.text) <= _LONGEST and not _SENTENCE.search(block.text) and bool(block.source and block.source.line)


def _follows(above: RawText, below: RawText) -> bool:
    return 0 < _line(below) - _line(above) <= _MOST_HEADS


def _line(block: RawText) -> int:
    return block.source.line or 0 if block.source else 0


def _gridded(run: Sequence[RawText], above: Sequence[str], likeness: Likeness) -> Iterator[RawBlock]:
    amounts = [n for n, block in enumerate(run) if kind_of(block.text) == "amount"]
    if len(run) < _FEWEST or len(amounts) < _LEAST_AMOUNTS:
        yield from run
        return
    cells = list(_with_blanks(run))
    first = next(n for n, cell in enumerate(cells) if kind_of(cell.text) == "amount")
    last = max(n for n, cell in enumerate(cells) if kind_of(cell.text) == "amount") + 1
    best: tuple[float, int, int, RawTable] | None = None
    for start in range(max(0, first - _MOST_HEADS), first):
        texts = [*above, *(cell.text for cell in cells[:start] if cell.text)]
        for stop in range(last, min(len(cells), last + 3) + 1):
            if stop > last and cells[stop - 1].text:
                break
            for width, mixed in widths_of([kind_of(cell.text) for cell in cells[start:stop]]):
                table = grid_of(cells[start:stop], width)
                score = likeness(table, texts) - mixed - start / 1000
                if best is None or score > best[0]:
                    best = score, start, stop, table
    if best is None or best[0] < _ALIKE:
        yield from run
        return
    yield from (cell for cell in cells[: best[1]] if cell.text)
    yield best[3]
    yield from (cell for cell in cells[best[2] :] if cell.text)


def _with_blanks(run: Sequence[RawText]) -> Iterator[RawText]:
    """The lines of a run, with an empty cell for each line left empty beyond what usually stands between two."""
    gaps = [_line(below) - _line(above) for above, below in itertools.pairwise(run)]
    usual = Counter(gaps).most_common(1)[0][0]
    for block, gap in zip(run, [*gaps, usual], strict=True):
        yield block
        for _ in range((gap - usual) // usual):
            yield msgspec.structs.replace(block, text="")
