"""Words by which a document is recognised, as declared: names of organisations, funds, kinds of documents."""

from __future__ import annotations

import re
from functools import cache, cached_property
from pathlib import Path

import msgspec

from juesuan.statute.source import demand_declared

DOCUMENTS_FILE = "lexicon/documents.yaml"


class Organisations(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """How names of organisations end."""

    signs: str
    ambiguous: str
    """Signs that end other words as well (会议, 部门)."""
    places: str
    """Signs that end names of places as well."""
    words: tuple[str, ...]
    general: tuple[str, ...]
    """What a name may end in and is left out where it is shortened (某某镇人民政府, 某某镇)."""

    @cached_property
    def sure(self) -> str:
        """The endings that nothing else has, as an alternative of a regular expression."""
        return f"(?:[{self.signs}]|{'|'.join(self.words)})"

    @cached_property
    def known(self) -> str:
        """The endings of names of organisations where a name is expected."""
        return f"(?:[{self.signs}{self.ambiguous}]|{'|'.join(self.words)})"

    @cached_property
    def every(self) -> str:
        """The endings of names of organisations and places."""
        return f"(?:[{self.signs}{self.ambiguous}{self.places}]|{'|'.join(self.words)})"


class FundWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A source of funds: subjects that only name it before another, and what the titles of its tables say."""

    fund: str
    subjects: tuple[str, ...]
    titles: tuple[str, ...]


class KindWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What speaks for a kind of document: regular expressions for texts without white space."""

    not_budget: str
    final: str
    budget: str
    arranged: str
    published: str
    area: str
    report: str
    expenses: str
    sections: str

    def found(self, name: str, text: str) -> list[str]:
        """Every place of `text` that the expression `name` matches."""
        return [match.group() for match in re.finditer(getattr(self, name), text)]


class TableWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words of titles of tables, and of their lines of totals."""

    openings: str
    """What a title may begin with before it says what its table is about, as a regular expression."""
    usual: str
    """Words that places put differently, as a regular expression."""
    totals: tuple[str, ...]
    matters: tuple[str, ...]
    """Words that make a title that of a table on something else (债务支出预算表)."""


class DocumentWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """All words by which documents are recognised."""

    organisations: Organisations
    funds: tuple[FundWords, ...]
    topics: tuple[str, ...]
    """Words that say what a title and a heading have in common."""
    project_parts: tuple[str, ...]
    """The headings of what is said of one project (立项依据, 年度预算安排)."""
    kinds: KindWords
    tables: TableWords

    @cached_property
    def fund_of(self) -> dict[str, str]:
        """The source of funds that a subject only names where another follows it."""
        return {subject: words.fund for words in self.funds for subject in words.subjects}

    @cached_property
    def fund_titles(self) -> dict[str, tuple[str, ...]]:
        """What the titles of the tables of a source of funds say."""
        return {words.fund: words.titles for words in self.funds}

    def fund_at_start(self, text: str) -> tuple[str, str]:
        """The source of funds that `text` begins with, and its word; both empty for none.

        一般公共预算 is a word of 财政拨款 too: the source whose own name begins with the word is meant.
        """
        named = [(words, title) for words in self.funds for title in words.titles if text.startswith(title)]
        found = max(named, key=lambda each: each[0].fund.startswith(each[1]), default=None)
        return (found[0].fund, found[1]) if found else ("", "")


@cache
def load_document_words(root: Path = Path(__file__).parents[1]) -> DocumentWords:
    """The words. Raises StatuteError with file and line of every mistake."""
    return demand_declared(root, DOCUMENTS_FILE, DocumentWords)
