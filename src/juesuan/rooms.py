"""Rooms that can be called: `juesuan.compile(…)` is the function, `juesuan.compile.…` the room of the same name."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any


class Room(ModuleType):
    """A package whose main function has the package's own name; calling the package calls it."""

    def __call__(self, *arguments: Any, **options: Any) -> Any:
        return getattr(self, self.__name__.rpartition(".")[2])(*arguments, **options)


def callable_room(name: str) -> None:
    """Makes the package `name` callable. Importing a room binds it in `juesuan` and would hide a plain function."""
    sys.modules[name].__class__ = Room
