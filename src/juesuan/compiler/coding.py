"""Codes as users write them: checked against the classification of the year, with what was perhaps meant."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import Literal

from juesuan.compiler.cells import Raw, is_total, shown, text, tidy
from juesuan.compiler.messages import BadValueError, Suggestion, say
from juesuan.statute import CODE_LENGTHS, CodeTable, Statute, level_of

Classification = Literal["功能分类", "经济分类"]

LEVEL: dict[Classification, str] = {"功能分类": "项", "经济分类": "款"}
"""The level to which expenditure is recorded (预算法 art. 46, 75)."""

SUGGESTIONS = 3
_WHOLE = re.compile(r"(\d+)\.0+")


class Coding:
    """Reads codes for one statute; `extra` are the codes a user has declared besides, with their names."""

    def __init__(self, statute: Statute, extra: Mapping[str, str] | None = None) -> None:
        self._year = statute.year
        self._extra = dict(extra or {})
        self._tables: dict[Classification, CodeTable] = {"功能分类": statute.functional, "经济分类": statute.economic}
        self._names: dict[Classification, dict[str, str]] = {
            key: {entry.code: entry.name for entry in table.of_year(statute.year)}
            for key, table in self._tables.items()
        }
        self._read: dict[tuple[Classification, str], str | BadValueError] = {}

    def names(self, classification: Classification) -> Mapping[str, str]:
        """The codes that hold in the year, every level, with their names."""
        return self._names[classification]

    def read(self, value: Raw, classification: Classification) -> str | None:
        """The code in a cell, None for a blank.

        Raises BadValueError for what is no code of the level and year; its `kept` is the code where it has the right
        form and a known class, so that its amounts need not be lost.
        """
        given = value if isinstance(value, str) else text(value)
        if given is None or not given.strip():
            return None
        key = (classification, given)
        found = self._read.get(key)
        if found is None:
            try:
                found = self._check(tidy(given), shown(value), classification)
            except BadValueError as error:
                found = error
            self._read[key] = found
        if isinstance(found, BadValueError):
            raise found
        return found

    def _check(self, given: str, found: str, classification: Classification) -> str:
        names, level = self._names[classification], LEVEL[classification]
        digits = CODE_LENGTHS[level]
        whole = _WHOLE.fullmatch(given)
        code = whole[1] if whole else given
        if (code in names or code in self._extra) and len(code) == digits:
            return code
        if is_total(code):
            raise BadValueError(say("code.total", found=found))
        if not (code.isascii() and code.isdigit()):
            leading = re.match(r"\d+", code)
            if leading and leading[0] in names and len(leading[0]) == digits:
                raise BadValueError(say("code.named", found=found, right=leading[0]), leading[0])
            near = self._by_name(code, classification)
            raise BadValueError(say("code.digits", found=found, table=classification, digits=digits, nearest=near))
        near = self._near(code, classification)
        if len(code) != digits:
            if level_of(code) and code in names:
                own = [other for other in names if other.startswith(code) and len(other) == digits][:SUGGESTIONS]
                raise BadValueError(
                    say(
                        "code.level",
                        found=code,
                        found_level=level_of(code),
                        name=names[code],
                        level=level,
                        digits=digits,
                        nearest=self._listed(own if level_of(code) != "类" else [], classification),
                    )
                )
            raise BadValueError(
                say(
                    "code.length",
                    found=code,
                    count=len(code),
                    table=classification,
                    level=level,
                    digits=digits,
                    nearest=near,
                )
            )
        known = code if code[:3] in names else ""
        table = self._tables[classification]
        if code in table:
            name = table.name(code, self._year)
            raise BadValueError(
                say("code.year", year=self._year, table=classification, found=code, name=name, nearest=near), known
            )
        raise BadValueError(say("code.unknown", year=self._year, table=classification, found=code, nearest=near), known)

    def _near(self, code: str, classification: Classification) -> str:
        """The codes most like `code`: of its own 款 first, since the first digits are seldom the wrong ones."""
        digits = CODE_LENGTHS[LEVEL[classification]]
        all_codes = [other for other in self._names[classification] if len(other) == digits]
        family = [other for other in all_codes if other.startswith(code[: digits - 2]) or code.startswith(other)]
        close = difflib.get_close_matches(code, family, n=SUGGESTIONS, cutoff=0.3)
        close += difflib.get_close_matches(code, all_codes, n=SUGGESTIONS, cutoff=0.7)
        return self._listed(list(dict.fromkeys(close))[:SUGGESTIONS], classification)

    def _by_name(self, name: str, classification: Classification) -> str:
        digits = CODE_LENGTHS[LEVEL[classification]]
        codes = {title: code for code, title in self._names[classification].items() if len(code) == digits}
        close = difflib.get_close_matches(name, list(codes), n=SUGGESTIONS, cutoff=0.6)
        return self._listed([codes[title] for title in close], classification)

    def _listed(self, codes: list[str], classification: Classification) -> str:
        named = [str(Suggestion(code, self._names[classification][code])) for code in codes]
        return say("code.nearest", found="、".join(named)) if named else ""
