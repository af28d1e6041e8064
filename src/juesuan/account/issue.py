"""What is wrong: one shape for it, wherever it is found (in files, accounts, documents, the statute or the web)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal

import msgspec

from juesuan.account.address import Source

Severity = Literal["error", "warning", "notice"]
"""error contradicts the law or itself; warning is to be explained; notice is worth knowing."""

SEVERITY_NAMES: Final[dict[Severity, str]] = {"error": "错误", "warning": "须说明", "notice": "提示"}
"""The Chinese names, most severe first."""

_NUMBERS: Final = re.compile(r"(\d+)")
_RANKS: Final[dict[Severity, int]] = {severity: rank for rank, severity in enumerate(SEVERITY_NAMES)}


def severity_rank(severity: Severity) -> int:
    """The place of a severity in a list that begins with the most severe: 0 for an error."""
    return _RANKS[severity]


class StatedOperand(msgspec.Struct, frozen=True, omit_defaults=True):
    """A figure of an equation: what it is, what it says (in its printed unit), and where it stands."""

    name: str
    stated: str
    source: Source | None = None


class Issue(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something wrong, or worth knowing.

    `code` is registered: `juesuan rule CODE` explains it. `message` says in Chinese, in words, what is wrong, where and
    what it should be; the notation of the law stands in `equation` only. `basis` and `advice` are filled where they
    say more than the register does for the code.
    """

    code: str
    severity: Severity
    message: str
    places: tuple[Source, ...] = ()
    stated: str = ""
    expected: str = ""
    difference: str = ""
    """Between what is stated and what is expected, in the unit printed."""
    equation: str = ""
    operands: tuple[StatedOperand, ...] = ()
    because: tuple[str, ...] = ()
    """The codes of the relations that one cause breaks."""
    about: str = ""
    """The title of the self-evaluation form it is about, where it is about one."""
    indicator: int | None = None
    """The position of the indicator in that form, where it is about one."""
    where: str = ""
    """Where it stands, in words, where no place in a file says it."""
    address: str = ""
    """What of the account it is about: a cell (表1!27行1栏), or the key of a text."""
    basis: str = ""
    advice: str = ""

    @property
    def place(self) -> Source:
        """The first place; an empty one where there is none."""
        return self.places[0] if self.places else Source()

    def __str__(self) -> str:
        """The place and the message, as a list of problems names them."""
        where = f"{self.place.file} {self.where}".strip() if self.where else str(self.place)
        return f"{where}：{self.message}" if where else self.message


def in_file_order(issues: Iterable[Issue]) -> list[Issue]:
    """The issues by file, place and message, as they are listed for those who correct the file: row 5 before row 10."""
    return sorted(issues, key=place_in_file)


def place_in_file(issue: Issue) -> tuple[str, list[int | str], str, int]:
    """Where an issue stands in the order of its file, as a key to sort by."""
    # Splitting by a group gives words and numbers in turn: like is compared with like.
    parts = [int(part) if part.isdecimal() else part for part in _NUMBERS.split(issue.where)]
    return issue.place.file, parts, issue.message, issue.place.line
