"""Loose tables with a line for each year under the items: 年度 | 合计 | 公务接待费 … 2015年 | 2840 | 1400 …"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from juesuan.reader.prose.loose.cells import LooseCell

_YEAR = re.compile(r"(?:20\d{2}年?度?|上年|上年度|本年|本年度)(?:决算数?|预算数?|执行数?)?")
_CHANGE = re.compile(r".*(?:增减|变动|增长|降低|下降)(?P<rate>率|幅度|幅|%|\(%\))?.{0,4}")
_TOTAL = re.compile(r"合计|小计")
_FEWEST = 3
"""Columns with fewer amounts may be anything."""


class YearLine(msgspec.Struct, frozen=True):
    """A line of amounts, and the label before it: a year, or a change between years."""

    label: LooseCell
    values: tuple[LooseCell, ...]

    @property
    def is_year(self) -> bool:
        """Whether its label is nothing but a year."""
        return bool(_YEAR.fullmatch(self.label.text))

    @property
    def is_rate(self) -> bool:
        """Whether it gives rates of change."""
        match = _CHANGE.fullmatch(self.label.text)
        return match is not None and (match["rate"] is not None or "%" in self.label.text)


def year_lines(cells: Sequence[LooseCell]) -> tuple[list[LooseCell], list[YearLine]] | None:
    """The headings (one for each amount of a line) and the lines of a table with years as lines; None for another.

    Every line has as many amounts, at least one is of a year, and the others are of years or changes. A heading whose
    own columns follow (公车购置及运行费 | 合计 | 购置 | 运行) stands for the total of those.
    """
    lines: list[YearLine] = []
    heads: list[LooseCell] = []
    label: LooseCell | None = None
    values: list[LooseCell] = []
    for cell in [*cells, None]:
        if cell is not None and cell.is_value:
            values.append(cell)
            continue
        if cell is not None and cell.is_blank:
            continue
        if label is not None and values:
            lines.append(YearLine(label, tuple(values)))
            values = []
        elif label is not None and not lines:
            heads.append(label)
        label = cell
    counts = {len(line.values) for line in lines}
    known = all(line.is_year or _CHANGE.fullmatch(line.label.text) for line in lines)
    if len(counts) != 1 or not known or not any(line.is_year for line in lines) or min(counts) < _FEWEST:
        return None
    # The first total is that of the line; one further on is that of the heading before it.
    first = next((n for n, head in enumerate(heads) if _TOTAL.fullmatch(head.text)), -1)
    kept = [head for n, head in enumerate(heads) if n == first or not _TOTAL.fullmatch(head.text)]
    count = counts.pop()
    return (kept[-count:], lines) if len(kept) >= count else None
