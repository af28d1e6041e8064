"""What each page is, what to do next, and where the guide says more: the table in help.yaml."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import msgspec
import yaml


class PageHelp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Help on a page; `next` may differ by role; `guide` is a page of the guide with its heading (desk#填报)."""

    what: str
    next: str | dict[str, str] = ""
    guide: str = ""


class Help(msgspec.Struct, frozen=True):
    """Help as one role reads it."""

    what: str
    next: str
    guide: str


@cache
def load_help() -> dict[str, PageHelp]:
    """The table, by template."""
    text = (Path(__file__).parent / "help.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.safe_load(text), dict[str, PageHelp])


def help_of(template: str, role: str) -> Help | None:
    """The help on the page that `template` makes; None where there is none."""
    found = load_help().get(template.partition(".")[0])
    if found is None:
        return None
    onward = found.next if isinstance(found.next, str) else found.next.get(role, found.next.get("all", ""))
    page, _, heading = found.guide.partition("#")
    guide = f"/guide/{page}{'#' if heading else ''}{anchor_of(heading)}" if page else ""
    return Help(found.what, onward, guide)


def anchor_of(heading: str) -> str:
    """How a heading of the guide is called in an address, as the links between its pages call it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")
