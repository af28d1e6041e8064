"""The classifications (政府收支分类科目): codes with their names and the years in which they hold."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import msgspec

from juesuan.account import Issue
from juesuan.statute.form import CODE_LENGTHS, level_of
from juesuan.statute.source import mistake

SURE = frozenset(["document", "published-account", "public-template", "public-code"])
"""The origins of names that were seen in a document; all others are from knowledge."""


class Code(msgspec.Struct, frozen=True):
    """A code of a classification with its official name and the days from and to which it bears it.

    None stands for no limit. `origin` tells where the entry comes from.
    """

    code: str
    name: str
    valid_from: date | None = None
    valid_to: date | None = None
    origin: str = ""

    @property
    def sure(self) -> bool:
        """Whether the name was seen in a document, rather than written from knowledge."""
        return self.origin in SURE

    def valid(self, year: int) -> bool:
        """Whether the code bears this name on any day of `year`."""
        return self._within(date(year, 1, 1), date(year, 12, 31))

    def valid_on(self, day: date) -> bool:
        """Whether the code bears this name on `day`."""
        return self._within(day, day)

    def _within(self, first: date, last: date) -> bool:
        return (self.valid_from is None or self.valid_from <= last) and (
            self.valid_to is None or first <= self.valid_to
        )


class CodeTable:
    """The codes of one classification, looked up for a year."""

    def __init__(self, codes: list[Code]) -> None:
        self._by_code: dict[str, list[Code]] = {}
        for code in codes:
            self._by_code.setdefault(code.code, []).append(code)
        self._names: dict[tuple[str, int], str] = {}
        """Names that were asked for: every document asks for those of the same codes and year."""
        self._of_year: dict[int, tuple[Code, ...]] = {}

    def __contains__(self, code: str) -> bool:
        return code in self._by_code

    @property
    def entries(self) -> list[Code]:
        """Every code with every name, whatever the year."""
        return [entry for entries in self._by_code.values() for entry in entries]

    def extended(self, codes: list[Code]) -> CodeTable:
        """This table with `codes` in front of its own."""
        return CodeTable([*codes, *self.entries])

    def name(self, code: str, year: int) -> str:
        """The official name of `code` in `year`; the nearest known name where that year has none; empty if unknown."""
        known = self._by_code.get(code)
        if known is None:
            return ""
        asked = code, year
        if asked not in self._names:
            self._names[asked] = _name(known, year)
        return self._names[asked]

    def names(self, code: str) -> tuple[str, ...]:
        """Every name that `code` has borne in any year that is known."""
        return tuple(dict.fromkeys(entry.name for entry in self._by_code.get(code, [])))

    def of_year(self, year: int) -> tuple[Code, ...]:
        """The codes that hold in `year`, in order of code."""
        if year not in self._of_year:
            self._of_year[year] = tuple(
                entry for code in sorted(self._by_code) for entry in self._by_code[code] if entry.valid(year)
            )
        return self._of_year[year]


def _name(known: list[Code], year: int) -> str:
    """Which of the names of one code it bears in `year`."""
    valid = [entry for entry in known if entry.valid(year)]
    # Of two names in one year the accounts, closed at its end, bear the later one.
    at_end = [entry for entry in valid if entry.valid_on(date(year, 12, 31))]
    return (at_end[:1] or valid[-1:] or known[-1:])[0].name


def read_codes(path: Path, name: str, mistakes: list[Issue]) -> list[Code]:
    """The codes in a CSV with the columns code, name, valid_from, valid_to, source; bad lines go to `mistakes`.

    A limit of validity is a year of account, or a day where a code was added or given up within one.
    """
    codes = []
    with path.open(encoding="utf-8-sig", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            code, title = (row.get("code") or "").strip(), (row.get("name") or "").strip()
            limits = [(row.get(key) or "").strip() for key in ("valid_from", "valid_to")]
            if not level_of(code) or not title:
                digits = "、".join(map(str, CODE_LENGTHS.values()))
                mistakes.append(mistake(name, line, f"科目“{code}”“{title}”：编码应为 {digits} 位数字，并有名称"))
            elif any(text and _day(text, "01-01") is None for text in limits):
                written = "、".join(limits)
                problem = f"科目 {code} 的有效期“{written}”应为年份或 2025-05-23 这样的日期"
                mistakes.append(mistake(name, line, problem))
            else:
                first, last = _day(limits[0], "01-01"), _day(limits[1], "12-31")
                codes.append(Code(code, title, first, last, (row.get("source") or "").strip()))
    return codes


def _day(text: str, of_year: str) -> date | None:
    """A day in ISO, or the day `of_year` of a year; None for neither."""
    try:
        return date.fromisoformat(f"{text}-{of_year}" if re.fullmatch(r"\d{4}", text) else text)
    except ValueError:
        return None
