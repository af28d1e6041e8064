"""What an editor changed on a sheet of a filing, and what became of it."""

from __future__ import annotations

import msgspec


class CellEdit(msgspec.Struct, frozen=True):
    """A cell changed from what its editor saw to what they want; `line` 0 for a single cell."""

    line: int
    key: str
    was: str
    value: str

    @property
    def field(self) -> str:
        """The cell's name in the form."""
        return f"{self.line}.{self.key}"


class Conflict(msgspec.Struct, frozen=True):
    """A cell that somebody else has changed meanwhile: what stands there now; None: the line is gone."""

    field: str
    value: str | None
    by: str


class SheetChanges(msgspec.Struct, frozen=True):
    """What an editor sends for one sheet: cells, new lines, and lines to be taken away with what they held.

    `last` is the last id of a line that the editor had seen when the new lines were typed; -1 where that is not told.
    `place` is where the new lines go, counted from 0; -1: at the end.
    """

    edits: tuple[CellEdit, ...] = ()
    added: tuple[dict[str, str], ...] = ()
    removed: tuple[int, ...] = ()
    last: int = -1
    place: int = -1


class ChangeResult(msgspec.Struct, frozen=True):
    """What became of changes: the cells that were not taken over, the ids of the new lines in their order."""

    conflicts: tuple[Conflict, ...] = ()
    added: tuple[int, ...] = ()
