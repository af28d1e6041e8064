"""Clauses (语句): the sentences of the narrative, declared once so that they can be written and read."""

from __future__ import annotations

import re

import msgspec

from juesuan.statute.reference import Dated

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
"""What a clause leaves open: {变动} a quantity, {理由:…} a reason, {文:…} a text, {列举:…} a list, {单位} a word."""


class Case(Dated, frozen=True, forbid_unknown_fields=True):
    """One wording of a clause, for when its condition is true and the texts it needs are there."""

    text: str
    when: str = ""
    has: tuple[str, ...] = ()


class Listing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list of names, those lines of a form that carry an amount: `under` the codes given (此: the line in hand)."""

    form: str
    level: str
    under: tuple[str, ...] = ()
    column: str = "1"
    strip: str = ""
    """A suffix left out of each name (支出)."""
    join: str = "、"


class Shares(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The quantities of a sentence that its list of amounts adds up to, and that counts them."""

    total: str
    count: str = ""


class Clause(Dated, frozen=True, forbid_unknown_fields=True):
    """A sentence of the narrative.

    `let` names its quantities in the notation of the tables; the first case whose condition holds is written. `each`
    repeats the clause over lines (表5!各项行) or columns (表2!各栏); `variants` are other wordings, for reading only.
    A clause with a `fund` (资金来源) that speaks of projects takes only what was paid from it.
    """

    key: str
    cases: tuple[Case, ...]
    let: dict[str, str] = msgspec.field(default_factory=dict)
    lists: dict[str, Listing] = msgspec.field(default_factory=dict)
    each: str = ""
    fund: str = ""
    skip: tuple[str, ...] = ()
    where: str = ""
    join: str = ""
    variants: tuple[str, ...] = ()
    shares: Shares | None = None
    """What the amounts that its list names beside each thing must come to (A 10万元，B 20万元)."""
    basis: str = ""
    why: str = ""


class ParagraphPlan(Dated, frozen=True, forbid_unknown_fields=True):
    """A paragraph: its clauses one after another, repeated over lines where `each` is given; or a heading."""

    key: str
    clauses: tuple[Clause, ...] = ()
    heading: str = ""
    level: int = 0
    let: dict[str, str] = msgspec.field(default_factory=dict)
    each: str = ""
    where: str = ""
    when: str = ""
    text: str = ""
    """The key of a text of the unit that stands here, each of its lines a paragraph."""
    continues: bool = False
    """Whether it says the same as the paragraph before it of other lines, its numbers going on."""
    decimals: int | None = None
    """The decimals of its amounts, where they are not those of the style."""


class SectionPlan(Dated, frozen=True, forbid_unknown_fields=True):
    """A section of the explanation of the accounts, with the charts that follow its paragraphs."""

    key: str
    title: str
    paragraphs: tuple[ParagraphPlan, ...]
    charts: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    """Headings under which other places write it, for reading."""
    basis: str = ""
    reading: bool = False
    """Whether only other places write it, so that it is for reading only."""


def direction(when: str, change: str) -> int:
    """The direction that a wording's condition gives a change: +1 for `变动 > 0`, -1 for `变动 < 0`, 0 for none."""
    compact = when.replace(" ", "")
    if f"{change}>0" in compact:
        return 1
    return -1 if f"{change}<0" in compact else 0


def placeholders(text: str) -> list[str]:
    """The names that `text` leaves open, in order."""
    return PLACEHOLDER.findall(text)
