"""Tables of a document that are none of the forms, or have lines and columns that the form does not know."""

from __future__ import annotations

import msgspec

from juesuan.account.address import Source
from juesuan.account.figure import Figure


class OtherCell(msgspec.Struct, frozen=True, omit_defaults=True):
    """An amount (yuan where the table says its unit of money) and where it stands; `placed` where a form has it too."""

    figure: Figure
    source: Source | None = None
    placed: bool = False


class OtherLine(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line by its code and label; a blank cell is None."""

    cells: tuple[OtherCell | None, ...]
    code: str = ""
    label: str = ""

    @property
    def filled(self) -> int:
        """How many amounts it has."""
        return sum(cell is not None for cell in self.cells)


class OtherTable(msgspec.Struct, frozen=True, omit_defaults=True):
    """A block of columns of amounts under headings, whose sums the table itself shows."""

    title: str
    heads: tuple[tuple[str, ...], ...]
    """The headings over each column of amounts, the upper ones first."""
    lines: tuple[OtherLine, ...]
    unit: str = ""
    source: Source | None = None
    owner: str = ""
    """The unit of budget that the table names as its own (部门：某局); empty where it names none."""
