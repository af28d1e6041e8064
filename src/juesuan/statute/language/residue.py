"""Wording (文字): what is left over in a text from a template or from last year, declared as data."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import msgspec

from juesuan.account import ORDINAL
from juesuan.statute.language.phrasings import expression
from juesuan.statute.source import demand_declared

RESIDUE_FILE = "residue.yaml"
_YEAR = "{年}"


class YearPhrase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A phrase that names a year, and which it must be: that of the account (0) or the one before (-1)."""

    says: str
    offset: int
    start: bool = False
    """Whether it counts only at the beginning of a paragraph, behind the unit's name."""
    budget: tuple[int, ...] = ()
    """Other years, from that of the document, that a budget may name: it tells what there was when it was made."""

    kinds: tuple[str, ...] = ()
    """The kinds of documents (决算, 预算) that it is held against; empty for all."""

    own: tuple[str, ...] = ()
    """Words behind which it may be the year of the document itself: a final account is compared with 2021年度预算."""

    def allowed(self, kind: str) -> tuple[int, ...]:
        """The other years that a document of `kind` may name."""
        return self.budget if kind == "预算" else ()

    def expression(self) -> re.Pattern[str]:
        """The phrase with the year as its only group."""
        return _with_year(self.says, self.start)


class UsualYear(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A phrase that names the year before in documents of `kinds`, unless it has a reason for another."""

    says: str
    kinds: tuple[str, ...]

    def expression(self) -> re.Pattern[str]:
        """The phrase with the year as its only group."""
        return _with_years(self.says)


class SuccessiveYears(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A phrase that names two years in documents of `kinds`; the first is `apart` years after the second."""

    says: str
    apart: int
    kinds: tuple[str, ...]

    def expression(self) -> re.Pattern[str]:
        """The phrase with the two years as groups."""
        return _with_years(self.says)


class TitleYear(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How titles of a disclosure name its year (2024年部门预算), and words of titles that name others (执行)."""

    says: tuple[str, ...]
    unless: tuple[str, ...]

    def expression(self) -> re.Pattern[str]:
        """The year as the only group, at the end of a title."""
        return _at_end(self.says)

    def others(self) -> re.Pattern[str]:
        """What a title of another year says."""
        return expression(self.unless)


@cache
def _with_year(says: str, start: bool) -> re.Pattern[str]:
    before, after = says.split(_YEAR)
    # （二）政府采购情况。2025年政府采购预算…: a heading may stand in the line of its sentence.
    lead = rf"^(?:{ORDINAL}[^，。；：\d]{{2,24}}[。：])?[^，。；：]{{0,40}}?" if start else ""
    return re.compile(lead + _unnamed(before) + r"(20\d{2})" + _unnamed(after))


@cache
def _at_end(says: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(r"(20\d{2})年度?(?=(?:" + expression(says).pattern + r")[…．.\d]*$)")


@cache
def _with_years(says: str) -> re.Pattern[str]:
    return re.compile(r"(20\d{2})年".join(_unnamed(part) for part in says.split(f"{_YEAR}年")))


def _unnamed(phrase: str) -> str:
    """The pattern of a phrase; its numbers are no groups."""
    return re.sub(r"\(\?P<\w+>", "(?:", expression((phrase,)).pattern) if phrase else ""


class PartWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A part that every disclosure has, known by words that it cannot do without."""

    title: str
    mentions: tuple[str, ...]
    basis: str


class CountWanted(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Counts that must be told where an expense is not nothing: all of the words, or any of them."""

    place: str
    mentions: tuple[str, ...]
    title: str
    any: bool = False


class Carried(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reason that says that money is carried over, and the closing balance that must then be there."""

    says: str
    place: str


class ResidueWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All that texts are looked through for."""

    blanks: tuple[str, ...]
    choices: tuple[tuple[str, str], ...]
    unchosen: tuple[str, ...]
    """Two short words beside each other, no choice made, before a number (增（减）1.00万元)."""
    level_unless: tuple[str, ...]
    """Words before a direction that make it one against something else than what 持平 is said of."""
    years: tuple[YearPhrase, ...]
    former: tuple[UsualYear, ...]
    successive: tuple[SuccessiveYears, ...]
    compared: tuple[str, ...]
    """Words by which an amount of another year is only compared with."""
    persons: tuple[str, ...]
    """Words beside a name or number of a person, which a published copy may leave out."""
    titles: TitleYear
    annual_headings: tuple[str, ...]
    """Headings under which a budget says what it plans for its own year."""
    doubled: tuple[str, ...]
    quotes: tuple[tuple[str, str], ...]
    """Pairs of quotation marks."""
    doubled_words: tuple[str, ...]
    """Words written twice, one after the other."""
    units: tuple[str, ...]
    former_words: tuple[str, ...]
    """Words by which a final account is that of the year before."""
    outlays: str
    """What stands before the amount of an outlay, as a regular expression."""
    prices: tuple[str, ...]
    """Words of prices, rates and means, which may be few yuan."""
    slack: tuple[str, ...]
    bodies: tuple[str, ...]
    parts: tuple[PartWanted, ...]
    counts: tuple[CountWanted, ...]
    carried: Carried
    because: tuple[str, ...]
    """Words that a reason is given with."""
    blank_numbers: tuple[str, ...]
    """Units where no number stands before them."""
    blank_names: str
    """A regular expression: a level of an item without its name, in a sentence that tells amounts."""
    bare_numbers: tuple[str, ...]
    """Changes and shares whose number has no unit."""
    share_units: tuple[str, ...]
    """A share with the unit of an amount: 其他收入23.00万元，占1.32元."""
    cut_units: tuple[str, ...]
    """万 without 元, where `money` is spoken of."""
    money: tuple[str, ...]
    bracketed_units: tuple[str, ...]
    """Units that are written with a bracket: one in them says nothing of a number put into brackets."""
    enumerations: tuple[str, ...]
    """Words by which all that were counted are named one after another."""
    enumerations_before: str
    """A count behind the names that it counts, as a regular expression (预算科、国库科、农财科共三个科室)."""
    offices: str
    """How the names of offices within a unit end, as a regular expression."""
    cut_years: str
    """A regular expression: years of an account that lost a digit or have one too many (202年度)."""
    compared_years: tuple[str, ...]
    tables_about: tuple[str, ...]
    """Words in the titles of tables by which a sentence that names one by its number tells which it means."""
    lost_words: tuple[str, ...]
    instructions: tuple[str, ...]
    empty_reasons: tuple[str, ...]
    fields: tuple[str, ...]
    purposes_as_reasons: tuple[str, ...]


@cache
def load_residue(root: Path = Path(__file__).parents[1]) -> ResidueWords:
    """What texts are looked through for. Raises StatuteError with file and line of every mistake."""
    return demand_declared(root, RESIDUE_FILE, ResidueWords, _mistakes)


def _mistakes(wording: ResidueWords) -> Iterator[str]:
    for phrase in wording.years:
        if phrase.says.count(_YEAR) != 1:
            yield f"“{phrase.says}”里应正好有一个 {_YEAR}。"
