"""Codes of the classification that are misprinted: which code a line must be, by its name and the lines around it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from juesuan.statute import CodeTable, level_of
from juesuan.statute.language import bare


class Classification(msgspec.Struct, frozen=True):
    """The codes that the lines of a table can be, and the year that their names are of."""

    codes: CodeTable
    year: int

    def mended(self, parts: Sequence[str], name: str, above: str) -> str:
        """The code that the printed digits must mean; empty where they are right or nothing tells.

        `parts` are the printed cells (类, 款, 项), `above` is the code of the line before. A lost zero (2 for 02) is
        put back; a wrong class (7 for 210) is that of the line before, where the name and the other digits agree.
        """
        printed = "".join(parts)
        levels = len(parts) == 1 or len(printed) == 1 + 2 * len(parts)
        if not parts or (levels and printed in self.codes):
            return ""
        padded = parts[0] + "".join(part.zfill(2) for part in parts[1:])
        if padded in self.codes:
            return padded
        rest = "".join(part.zfill(2) for part in parts[1:]) if len(parts) > 1 else printed[3:]
        neighbour = above[:3] + rest
        if rest and neighbour in self.codes and self._is(neighbour, name):
            return neighbour
        named = [code for code in self._neighbours(above) if self._is(code, name)]
        near = [code for code in named if _one_off(code, printed) or _swapped(code, printed)]
        # 事业运行 is an item of many sections: that of the line before comes first (2013050 below 20103 is 2010350).
        below = [code for code in near if code[:5] == above[:5] and code > above]
        near = below if len(below) == 1 else [code for code in near if _one_off(code, printed)]
        return near[0] if len(near) == 1 else ""

    def turned(self, printed: str, name: str, above: str) -> str:
        """The code whose last digits have changed places (13 for 31); empty where they have not.

        Its name stands there, and only it goes on in the order of the lines.
        """
        other = printed[:-2] + printed[:-3:-1]
        named = other in self.codes and self._is(other, name) and not self._is(printed, name)
        return other if named and len(above) == len(printed) and printed < above < other else ""

    def _is(self, code: str, name: str) -> bool:
        return bool(name) and bare(self.codes.name(code, self.year)) == bare(name)

    def _neighbours(self, above: str) -> list[str]:
        """The codes of the class that the line before belongs to."""
        return [entry.code for entry in self.codes.of_year(self.year) if above and entry.code[:3] == above[:3]]


def _one_off(code: str, printed: str) -> bool:
    """Whether two codes of one length differ in one digit, or the printed one has lost or doubled a digit."""
    if len(code) == len(printed):
        return bool(level_of(printed)) and sum(a != b for a, b in zip(code, printed, strict=True)) == 1
    longer, shorter = sorted((code, printed), key=len, reverse=True)
    return len(longer) == len(shorter) + 1 and any(longer[:n] + longer[n + 1 :] == shorter for n in range(len(longer)))


def _swapped(code: str, printed: str) -> bool:
    """Whether two neighbouring digits of a code changed places in its print, at most twice."""
    if len(code) != len(printed) or sorted(code) != sorted(printed):
        return False
    return sum(a != b for a, b in zip(code, printed, strict=True)) in (2, 3)
