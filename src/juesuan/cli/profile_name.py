"""The options `--profile`, a key or the name of a place in Chinese, and `--kind`: final accounts or the budget."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from juesuan.statute import Kind


class ProfileName(click.ParamType[str]):
    """A profile by its key, the name of its place (四川、成都市) or a file of one's own (本地.yaml); gives the key."""

    name = "profile"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The key; fails with the places that are known and the guide for others."""
        from juesuan.statute import StatuteError
        from juesuan.statute.loader import demand_profile, is_own, own_profile, profile_key

        kind: Kind | None = ctx.params.get("kind") if ctx else None
        if is_own(value) and not Path(value).is_file():
            self.fail(f"找不到口径文件：{value}", param, ctx)
        try:
            if is_own(value):
                return own_profile(Path(value))
            key = profile_key(value, kind=kind)
            own_law = ctx is not None and any("--statute" in each.opts for each in ctx.command.params)
            if not own_law:
                demand_profile(key)
            return key
        except StatuteError as error:
            self.fail("；".join(str(mistake) for mistake in error.mistakes), param, ctx)


PROFILE = ProfileName()

KIND = click.option(
    "--kind", type=click.Choice(["决算", "预算"]), default=None, is_eager=True, help="决算或预算；没有写的按口径"
)
"""The option that says which disclosure is meant; read before the profile, whose names it narrows down."""


def profile_of(profile: str | None, kind: Kind | None) -> str | None:
    """The profile asked for, the national one of `kind` where only that is said, None where neither is.

    Raises StatuteError for a profile of another kind.
    """
    from juesuan.statute.loader import BASES, demand_kind

    if kind is None:
        return profile
    if profile is None:
        return BASES[kind]
    demand_kind(profile, kind)
    return profile
