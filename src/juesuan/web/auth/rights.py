"""Who may do what: the table in rights.yaml, read once, and the one question asked of it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

import msgspec
import yaml

Scope = Literal["own", "below", "all"]


class Right(msgspec.Struct, frozen=True):
    """A right: its Chinese title, the roles that have it and how far, and the routes it opens."""

    title: str
    roles: dict[str, Scope]
    routes: tuple[str, ...]


class Rights(msgspec.Struct, frozen=True):
    """The whole table."""

    roles: dict[str, str]
    rights: dict[str, Right]

    def right_of(self, route: str) -> str:
        """The right that `route` belongs to. Raises KeyError for a route that is in no right."""
        return _rights_by_route()[route]

    def scope(self, role: str, right: str) -> Scope | None:
        """How far `role` has `right`; None: not at all."""
        return self.rights[right].roles.get(role)

    def may(self, role: str, route: str) -> bool:
        """Whether `role` may open `route` at all."""
        return self.scope(role, self.right_of(route)) is not None


@cache
def load_rights() -> Rights:
    """The table of rights. Raises ValueError where a role is unknown or a route stands twice."""
    text = (Path(__file__).parent / "rights.yaml").read_text(encoding="utf-8")
    table = msgspec.convert(yaml.safe_load(text), Rights)
    routes = [route for right in table.rights.values() for route in right.routes]
    twice = sorted({route for route in routes if routes.count(route) > 1})
    strange = sorted({role for right in table.rights.values() for role in right.roles} - set(table.roles))
    if twice or strange:
        raise ValueError(f"rights.yaml: routes standing twice {twice}, unknown roles {strange}")
    return table


@cache
def _rights_by_route() -> dict[str, str]:
    return {route: key for key, right in load_rights().rights.items() for route in right.routes}
