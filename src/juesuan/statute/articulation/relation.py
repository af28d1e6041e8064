"""Relations (勾稽关系): declared once in the notation of the tables, with their reason, basis and examples."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

import msgspec

from juesuan.account import Severity
from juesuan.statute.articulation.notation import Equation, Place, parse, parse_place
from juesuan.statute.reference import Dated

ToleranceClass = Literal["E", "S", "P", "B", "W"]
"""E the same fact; S a sum; P a ratio; B an inequality of substance; W usual, to be explained where it is not so."""

RelationKind = Literal["equation", "tree", "names"]

CLASS_NAMES: dict[ToleranceClass, str] = {
    "E": "同一事实，必须相同",
    "S": "合计，允许尾数",
    "P": "比率",
    "B": "大小关系，不符须说明",
    "W": "通常如此，不符时提示",
}

CLASS_SEVERITIES: dict[ToleranceClass, Severity] = {
    "E": "error", "S": "error", "P": "error", "B": "warning", "W": "notice",
}


class Relation(Dated, frozen=True, forbid_unknown_fields=True, dict=True):
    """One relation of the statute.

    `statement` (written `is`) is in the notation; `form` the table it belongs to, so that it can be printed in that
    table's note. `gives` names the cell that the compiler computes from it. `ok` and `bad` are example figures by
    address: its documentation and its tests at once. `number` is its number in the domain's list of relations.
    """

    code: str
    why: str
    basis: str
    tolerance: ToleranceClass = msgspec.field(name="class")
    statement: str = msgspec.field(name="is", default="")
    kind: RelationKind = "equation"
    form: str | None = None
    number: int | None = None
    gives: str = ""
    including: tuple[str, ...] = ()
    """Lines that some places print as parts of the whole as well: it may include one of them, to the cent.
    Those of another table by their whole address."""
    filling: bool = False
    """Whether it is asked of what is filled in only: a document may leave the details out."""
    shown: str = ""
    """The statement in the line numbers that the tables of the year print, where they differ from the statute's own."""
    ok: dict[str, str] | tuple[str, ...] = msgspec.field(default_factory=dict)
    bad: dict[str, str] | tuple[str, ...] = msgspec.field(default_factory=dict)

    @cached_property
    def equation(self) -> Equation:
        """The parsed statement. Raises NotationError."""
        return parse(self.statement)

    @cached_property
    def given(self) -> Place | None:
        """The place that the compiler computes from this relation. Raises NotationError."""
        return parse_place(self.gives) if self.gives else None

    @property
    def severity(self) -> Severity:
        """How severe it is that an account breaks it."""
        return CLASS_SEVERITIES[self.tolerance]

    @property
    def printed(self) -> str:
        """The relation as a table's note or a message prints it."""
        if self.kind == "tree":
            return f"{self.form}：上级科目必须同表列示"
        if self.kind == "names":
            return f"{self.form}：科目名称 = 当年政府收支分类科目名称"
        return self.shown or str(self.equation)
