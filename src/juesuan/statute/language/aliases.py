"""Wordings (写法): what places and years call the same heading or line, for reading."""

from __future__ import annotations

import re
from functools import cache, cached_property, lru_cache
from pathlib import Path

import msgspec

from juesuan.account import ORDINAL, Issue, bare_text, spaceless
from juesuan.statute.script import in_one_script
from juesuan.statute.source import StatuteError, cached_law, convert, mistake, read_yaml

ALIASES_FILE = "aliases.yaml"

_THAN = re.compile(r"^[比较与同](?:20\d{2}年|上年|去年)度?(?:预算数?|决算数?|执行数)?(?:相比)?")
"""What a change is measured by: 比2019年增减额."""
_PERCENT = ("%", "％")
"""What a heading of rates ends in (增减%)."""
_YEAR = re.compile(r"^(?:20\d\d年?度?|当年)(?=.)")
_MONEY = re.compile(r"(?<=.)(?:单位)?万?元$")
_NUMBERED = re.compile(f"^(?:{ORDINAL}|其中[：:]?)+")


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    headings: tuple[tuple[str, ...], ...]
    labels: tuple[tuple[str, ...], ...]
    asides: tuple[str, ...]


class Wordings(msgspec.Struct, frozen=True, dict=True):
    """Every known wording of a heading or of a line's label, by its bare form, with the one it stands for."""

    headings: dict[str, str]
    labels: dict[str, str]
    asides: frozenset[str]
    """Headings and labels of figures that stand beside a form and that no sum is made of."""

    @cached_property
    def heading_words(self) -> frozenset[str]:
        """The headings in the words of this program."""
        return frozenset(self.headings.values())

    def heading(self, text: str) -> str:
        """What a heading of a column says, in the words of this program where they are known, without layout."""
        plain = bare(text)
        known = self.headings.get(plain)
        if known is None:
            plain = _without_year_and_money(plain)
            known = self.headings.get(plain, plain)
        return known

    def label(self, text: str) -> str:
        """What the label of a line says, without its ordinal and layout."""
        plain = bare(text)
        return self.labels.get(plain, plain)

    def aside(self, text: str) -> bool:
        """Whether a heading or label is of figures beside the form: a change, a rate, last year's."""
        if text.rstrip().endswith(_PERCENT):
            return True
        return bare(text) in self.asides or bare(_THAN.sub("", spaceless(text))) in self.asides


@lru_cache(maxsize=8192)
def bare(text: str) -> str:
    """A heading or label without white space, punctuation, quotation marks, its ordinal and 其中."""
    return bare_text(_NUMBERED.sub("", in_one_script(spaceless(text))))


@lru_cache(maxsize=8192)
def _without_year_and_money(plain: str) -> str:
    """2024年机关运行经费预算数、决算数（万元）：year and money are no part of what a column is."""
    return _MONEY.sub("", _YEAR.sub("", plain))


@cache
@cached_law
def load_aliases(root: Path) -> Wordings:
    """The wordings. Raises StatuteError with file and line of every mistake."""
    mistakes: list[Issue] = []
    tree = read_yaml(root / ALIASES_FILE, ALIASES_FILE, mistakes)
    found = convert(tree, _File, (ALIASES_FILE, 1), mistakes)
    if mistakes or found is None:
        raise StatuteError(mistakes)
    asides = frozenset(bare(text) for text in found.asides)
    return Wordings(_by_wording(found.headings, mistakes), _by_wording(found.labels, mistakes), asides)


def _by_wording(groups: tuple[tuple[str, ...], ...], mistakes: list[Issue]) -> dict[str, str]:
    known: dict[str, str] = {}
    for group in groups:
        for wording in group:
            plain = bare(wording)
            if known.setdefault(plain, bare(group[0])) != bare(group[0]):
                mistakes.append(mistake(ALIASES_FILE, 1, f"“{wording}”属于两组写法", "H103"))
    if mistakes:
        raise StatuteError(mistakes)
    return known
