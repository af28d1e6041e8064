"""The classifications (政府收支分类科目): codes with their names and the years in which they hold."""

from __future__ import annotations

import csv
from pathlib import Path

import msgspec

from juesuan.account import Issue
from juesuan.statute.source import mistake


class Code(msgspec.Struct, frozen=True):
    """A code of a classification with its official name; `valid_to` is the last year, None while it still holds."""

    code: str
    name: str
    valid_from: int | None = None
    valid_to: int | None = None
    origin: str = ""

    def valid(self, year: int) -> bool:
        """Whether the code bears this name in `year`."""
        return (self.valid_from is None or self.valid_from <= year) and (
            self.valid_to is None or year <= self.valid_to
        )


class CodeTable:
    """The codes of one classification, looked up for a year."""

    def __init__(self, codes: list[Code]) -> None:
        self._by_code: dict[str, list[Code]] = {}
        for code in codes:
            self._by_code.setdefault(code.code, []).append(code)

    def __contains__(self, code: str) -> bool:
        return code in self._by_code

    def extended(self, codes: list[Code]) -> CodeTable:
        """This table with `codes` in front of its own."""
        every = [entry for entries in self._by_code.values() for entry in entries]
        return CodeTable([*codes, *every])

    def name(self, code: str, year: int) -> str:
        """The official name of `code` in `year`; the nearest known name where that year has none; empty if unknown."""
        known = self._by_code.get(code, [])
        for entry in known:
            if entry.valid(year):
                return entry.name
        return known[-1].name if known else ""

    def of_year(self, year: int) -> list[Code]:
        """The codes that hold in `year`, in order of code."""
        return [entry for code in sorted(self._by_code) for entry in self._by_code[code] if entry.valid(year)]


def read_codes(path: Path, name: str, mistakes: list[Issue]) -> list[Code]:
    """The codes in a CSV with the columns code, name, valid_from, valid_to, source; bad lines go to `mistakes`."""
    codes = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            code, title = (row.get("code") or "").strip(), (row.get("name") or "").strip()
            years = [(row.get(key) or "").strip() for key in ("valid_from", "valid_to")]
            if not code.isdigit() or len(code) not in (3, 5, 7) or not title:
                mistakes.append(mistake(name, line, f"科目“{code}”“{title}”：编码应为 3、5 或 7 位数字，并有名称"))
            elif any(year and not year.isdigit() for year in years):
                mistakes.append(mistake(name, line, f"科目 {code} 的有效年度“{'、'.join(years)}”应为四位年份"))
            else:
                first, last = (int(year) if year else None for year in years)
                codes.append(Code(code, title, first, last, (row.get("source") or "").strip()))
    return codes
