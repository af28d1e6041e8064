"""The option `--profile`: a key, or the name of a place in Chinese."""

from __future__ import annotations

import click


class ProfileName(click.ParamType[str]):
    """A profile by its key or by the name of its place (四川、成都市); gives the key."""

    name = "profile"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The key; fails with the places that are known and the guide for others."""
        from juesuan.statute import StatuteError
        from juesuan.statute.loader import profile_key

        try:
            return profile_key(value)
        except StatuteError as error:
            self.fail("；".join(str(mistake) for mistake in error.mistakes), param, ctx)


PROFILE = ProfileName()
