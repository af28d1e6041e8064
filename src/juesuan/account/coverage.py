"""Coverage (核对范围): how much of a document was understood and held against something, and all that was not."""

from __future__ import annotations

from typing import Literal

import msgspec

from juesuan.account.address import Source

Conclusion = Literal["有问题", "只有提示", "未发现问题", "部分未核对", "不能下结论"]
"""有问题: there are errors, or findings to be explained. 只有提示: there are notices only. 未发现问题: no finding, and
nearly all was understood. 部分未核对: none in what was understood. 不能下结论: too little was understood to say
anything."""


class Unchecked(msgspec.Struct, frozen=True, omit_defaults=True):
    """A number, or a table with `amounts` numbers, that was held against nothing: where it stands, and why."""

    part: str
    """The table or the section of the prose that it stands in."""
    text: str
    why: str
    amounts: int = 1
    source: Source | None = None


class PartCoverage(msgspec.Struct, frozen=True, omit_defaults=True):
    """The numbers of one table, or of one section of the prose.

    `checked` are those with a place among the forms (tables) or with something they can be held against (prose);
    `told` only the prose tells; `undecidable` were understood but have no counterpart; `unread` were not understood.
    """

    part: str
    kind: Literal["表", "正文"]
    checked: int = 0
    stated_only: int = 0
    undecidable: int = 0
    unread: int = 0

    @property
    def printed(self) -> int:
        """All numbers that the part prints."""
        return self.checked + self.stated_only + self.undecidable + self.unread


class Coverage(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was understood of a document, part by part, and every number that was not checked."""

    parts: tuple[PartCoverage, ...] = ()
    unchecked: tuple[Unchecked, ...] = ()

    @property
    def printed(self) -> int:
        """All numbers of the document."""
        return sum(part.printed for part in self.parts)

    @property
    def checked(self) -> int:
        """Those that were held against something."""
        return sum(part.checked for part in self.parts)

    @property
    def understood(self) -> int:
        """Those whose meaning is known, checked or not."""
        return sum(part.printed - part.unread for part in self.parts)

    def of(self, kind: Literal["表", "正文"]) -> PartCoverage:
        """The parts of one kind added up."""
        parts = [part for part in self.parts if part.kind == kind]
        return PartCoverage(
            "",
            kind,
            sum(part.checked for part in parts),
            sum(part.stated_only for part in parts),
            sum(part.undecidable for part in parts),
            sum(part.unread for part in parts),
        )

    def held_against(self, percent: int) -> bool:
        """Whether at least so many of a hundred printed numbers were held against something."""
        return self.printed > 0 and 100 * self.checked >= percent * self.printed

    def reaches(self, percent: int) -> bool:
        """Whether at least so many of a hundred printed numbers were understood; False where none is printed."""
        return self.printed > 0 and 100 * self.understood >= percent * self.printed
