"""Line layouts: how the lines of a form are known, listed and named.

They are fixed by the law, one alone, a tree of codes under a total, or codes side by side in blocks. Who reads, lays
out or computes a form asks its layout and does not branch.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import ClassVar, Literal, Protocol

from juesuan.statute.form.levels import LEVELS, TOTAL, codes_above, level_of, with_parents
from juesuan.statute.form.parts import Classification, Column, FormBlock, Row, Total

LineShape = Literal["固定行", "单行", "科目树", "科目分栏"]


class Declared(Protocol):
    """What a layout asks of the form that declares the lines."""

    @property
    def blocks(self) -> tuple[FormBlock, ...]: ...
    @property
    def totals(self) -> tuple[Total, ...]: ...
    @property
    def classification(self) -> Classification | None: ...
    @property
    def is_tree(self) -> bool: ...
    @property
    def rows(self) -> dict[str, Row]: ...
    @property
    def columns(self) -> dict[str, Column]: ...
    @property
    def codes(self) -> frozenset[str]: ...
    @property
    def row_of_code(self) -> dict[str, str]: ...
    def block_of_column(self, column: str) -> FormBlock: ...


class LineLayout(ABC):
    """How the lines of a form are known, listed and named; lines are given by their names in addresses."""

    shape: ClassVar[LineShape]
    coded: ClassVar[bool]
    """Whether the lines are codes of a classification, which each unit has others of."""

    def __init__(self, form: Declared) -> None:
        self.form = form

    @abstractmethod
    def has(self, line: str) -> bool:
        """Whether `line` can be a line of the form."""

    @abstractmethod
    def columns_of(self, line: str) -> tuple[str, ...]:
        """The keys of the columns that a line has. Raises KeyError for a line that the form cannot have."""

    @abstractmethod
    def listed(self, used: Iterable[str]) -> list[str]:
        """The lines in order of a table in which the lines `used` carry figures."""

    @abstractmethod
    def certain(self) -> list[str]:
        """The lines that every table of the form has."""

    @abstractmethod
    def of_code(self, code: str) -> str:
        """The line that stands for a code of the classification; `code` itself where it stands for itself."""

    @abstractmethod
    def of_level(self, level: str, used: Iterable[str], column: str | None) -> list[str]:
        """The lines of a level (类、款、项; "" for all) of a table that has `used`, in the block of `column`."""

    def printed_code(self, line: str) -> str:
        """The code that is printed before the name of a line; empty where none is."""
        return line if self.coded and line.isdigit() else ""

    def only(self) -> str | None:
        """The line of a form that has but one."""
        return None

    def code_of(self, functional: str, economic: str) -> str:
        """Which of the two codes of an entry names the line that collects it."""
        return economic if self.form.classification == "经济分类" else functional


class FixedLines(LineLayout):
    """Lines that the law prints, each with its name (公开01表)."""

    shape: ClassVar[LineShape] = "固定行"
    coded = False

    def has(self, line: str) -> bool:
        return line in self.form.rows

    def columns_of(self, line: str) -> tuple[str, ...]:
        for block in self.form.blocks:
            if any(other.line == line for other in (*block.rows, *block.other_rows)):
                return tuple(column.key for column in block.columns)
        raise KeyError(line)

    def listed(self, used: Iterable[str]) -> list[str]:
        return self.certain()

    def certain(self) -> list[str]:
        return list(self.form.rows)

    def of_code(self, code: str) -> str:
        return self.form.row_of_code.get(code, code)

    def of_level(self, level: str, used: Iterable[str], column: str | None) -> list[str]:
        if level:
            # Its lines stand for classes (类) and for nothing below them.
            return list(self.form.row_of_code) if level == LEVELS[0] else []
        if column is not None:
            return [row.line for row in self.form.block_of_column(column).rows]
        return self.certain()


class SingleLine(FixedLines):
    """One line, whose columns are what the form is about (“三公”经费支出表)."""

    shape: ClassVar[LineShape] = "单行"

    def only(self) -> str | None:
        return next(iter(self.form.rows), None)


class CodeTree(LineLayout):
    """A tree of codes under a total, each line with every column (收入决算表)."""

    shape: ClassVar[LineShape] = "科目树"
    coded = True

    def has(self, line: str) -> bool:
        return line == TOTAL or bool(level_of(line)) or _closing(self.form, line)

    def columns_of(self, line: str) -> tuple[str, ...]:
        return tuple(self.form.columns)

    def listed(self, used: Iterable[str]) -> list[str]:
        return with_parents(line for line in used if line != TOTAL)

    def certain(self) -> list[str]:
        return [TOTAL]

    def of_code(self, code: str) -> str:
        return code

    def of_level(self, level: str, used: Iterable[str], column: str | None) -> list[str]:
        return [line for line in used if not level or level_of(line) == level]


class CodeBlocks(CodeTree):
    """Codes that the law prints side by side in blocks, each with its total (一般公共预算财政拨款基本支出决算表)."""

    shape: ClassVar[LineShape] = "科目分栏"

    def has(self, line: str) -> bool:
        return line in self.form.codes or _closing(self.form, line)

    def listed(self, used: Iterable[str]) -> list[str]:
        return sorted({above for line in used if line.isdigit() for above in codes_above(line)})


def layout_of(form: Declared) -> LineLayout:
    """The layout of a form's lines."""
    if form.classification is None:
        return SingleLine(form) if len(form.rows) == 1 else FixedLines(form)
    return CodeTree(form) if form.is_tree or form.classification == "功能分类" else CodeBlocks(form)


def _closing(form: Declared, line: str) -> bool:
    return any(total.key == line for total in form.totals)
