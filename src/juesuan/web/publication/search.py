"""The search in names and texts: two-character words (二元切分) in FTS5 or a tsvector, whichever the database has.

Chinese has no spaces, so each pair of neighbouring characters is a word of the index and a term is a phrase of such
words; punctuation counts for nothing, since “三公”经费 is looked for as 三公经费. The number of a passage says which
publication it is of and whether it is a name, so that the index alone answers which publications hold a word.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy import ColumnElement, Connection, Select, bindparam, column, select, text
from sqlalchemy.orm import Session

from juesuan.web.infra.models import SearchPassage
from juesuan.web.publication.build import NAME

_MOST, _KINDS = 2**16, 16
"""How many passages of a publication, and kinds of them, have a number each."""

MOST_TERMS = 8
LONGEST = 100
_RUN = re.compile(r"[0-9]+(?:点[0-9]+)?|[a-z_]+|[^0-9a-z_]+")
_PREFIX = "search"
"""What the names of all tables of the index begin with: FTS5 makes some of its own."""


class FoundStretch(msgspec.Struct, frozen=True):
    """A piece of a passage, and whether it is what was looked for."""

    text: str
    found: bool


def number(publication: int, kind: int, place: int) -> int:
    """The number of the passage of this kind at `place` in a publication. Raises ValueError for more than 65,536."""
    if place >= _MOST:
        raise ValueError(place)
    return (publication * _KINDS + kind) * _MOST + place


def owns(table: str) -> bool:
    """Whether `table` belongs to the index, which the models do not declare."""
    return table.startswith(_PREFIX)


def create(connection: Connection) -> None:
    """Makes the index in an empty database."""
    if connection.dialect.name == "sqlite":
        connection.execute(text(
            "CREATE VIRTUAL TABLE search USING fts5(grams, content='', tokenize='unicode61 remove_diacritics 0')"
        ))
    else:
        connection.execute(text("CREATE TABLE search (rowid BIGINT PRIMARY KEY, grams TSVECTOR NOT NULL)"))
        connection.execute(text("CREATE INDEX search_grams ON search USING GIN (grams)"))


def add(session: Session, passages: Iterable[SearchPassage]) -> None:
    """Enters passages, which must have their numbers."""
    if is_embedded(session):
        statement = text("INSERT INTO search (rowid, grams) VALUES (:number, :grams)")
        rows = [{"number": each.id, "grams": " ".join(words(each.text))} for each in passages]
    else:
        statement = text("INSERT INTO search (rowid, grams) VALUES (:number, CAST(:grams AS tsvector))")
        rows = [{"number": each.id, "grams": _vector(words(each.text))} for each in passages]
    if rows:
        session.execute(statement, rows)


def remove(session: Session, passages: Iterable[SearchPassage]) -> None:
    """Takes passages out."""
    if is_embedded(session):
        # A table without contents must be told what it held.
        statement = text("INSERT INTO search (search, rowid, grams) VALUES ('delete', :number, :grams)")
        rows = [{"number": each.id, "grams": " ".join(words(each.text))} for each in passages]
    else:
        statement = text("DELETE FROM search WHERE rowid = :number")
        rows = [{"number": each.id} for each in passages]
    if rows:
        session.execute(statement, rows)


def terms_of(query: str) -> list[str]:
    """The terms of what a person typed, without those that hold no letter or digit."""
    found = [term for term in query[:LONGEST].split() if folded(term)[0]]
    return list(dict.fromkeys(found))[:MOST_TERMS]


def parameters(embedded: bool, terms: Sequence[str]) -> dict[str, str]:
    """What `matching`, `holding` and `named` are asked with. Raises ValueError for what terms_of would not give."""
    return {_slot(place): _wanted(embedded, term) for place, term in enumerate(terms)}


def matching(embedded: bool) -> ColumnElement[bool]:
    """The condition that a passage holds the term of `parameters`."""
    return SearchPassage.id.in_(_numbers(embedded, 0, column("rowid")))


def holding(embedded: bool, terms: int) -> Select[Any]:
    """The publications in whose passages each of the terms of `parameters` stands somewhere."""
    found = [_numbers(embedded, place, _publication()) for place in range(terms)]
    return found[0].where(*(_publication().in_(other) for other in found[1:]))


def named(embedded: bool, terms: int) -> Select[Any]:
    """The publications in whose names one of the terms of `parameters` stands."""
    of_names = column("rowid", sa.BigInteger) // _MOST % _KINDS == NAME
    found = (_numbers(embedded, place, _publication().label("publication")).where(of_names) for place in range(terms))
    return select(column("publication", sa.Integer)).select_from(sa.union(*found).subquery())


def is_embedded(session: Session) -> bool:
    """Whether the database is the one in the data folder, whose index is FTS5's."""
    return session.get_bind().dialect.name == "sqlite"


def _publication() -> ColumnElement[int]:
    return column("rowid", sa.BigInteger) // (_MOST * _KINDS)


def _slot(place: int) -> str:
    return f"term{place}"


def _wanted(embedded: bool, term: str) -> str:
    phrase, open_end = _phrase(term)
    if not phrase:
        raise ValueError(term)
    if embedded:
        words = " ".join(phrase)
        return f'"{words}" *' if open_end else f'"{words}"'
    # Only letters and digits are left in a word: no quote or operator can be among them.
    return " <-> ".join(f"'{word}'" for word in phrase) + (":*" if open_end else "")


def _numbers(embedded: bool, place: int, wanted: ColumnElement[int]) -> Select[Any]:
    slot = _slot(place)
    condition = text(f"search MATCH :{slot}" if embedded else f"grams @@ CAST(:{slot} AS tsquery)").bindparams(
        bindparam(slot, type_=sa.Text)
    )
    return select(wanted).select_from(text("search")).where(condition)


@lru_cache(maxsize=2048)
def folded(content: str) -> tuple[str, tuple[int, ...]]:
    """What counts of a text for the search, in one form, and where each sign of it stands in the text."""
    signs: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(content):
        for part in unicodedata.normalize("NFKC", sign).casefold():
            point = part == "." and content[place - 1 : place].isdigit() and content[place + 1 : place + 2].isdigit()
            if point or part.isalnum():
                signs.append("点" if point else part)
                places.append(place)
    return "".join(signs), tuple(places)


def words(content: str) -> list[str]:
    """The words of the index in order: pairs, the last sign of each run of Chinese alone, numbers, Latin words."""
    return [word for run in _runs(folded(content)[0]) for word in _grams(run, True)]


def marked(content: str, terms: Sequence[str], around: int = 60) -> list[FoundStretch]:
    """The text about the first term found in it, cut to `around` signs before and twice as many behind, terms apart."""
    signs, places = folded(content)
    spans: list[tuple[int, int]] = []
    for term in terms:
        wanted = folded(term)[0]
        start = signs.find(wanted)
        while start >= 0:
            spans.append((places[start], places[start + len(wanted) - 1] + 1))
            start = signs.find(wanted, start + len(wanted))
    spans.sort()
    begin = max(0, spans[0][0] - around) if spans else 0
    end = min(len(content), begin + 3 * around)
    result = [FoundStretch("…", False)] if begin else []
    at = begin
    for left, right in spans:
        if left < at or right > end:
            continue
        if left > at:
            result.append(FoundStretch(content[at:left], False))
        result.append(FoundStretch(content[left:right], True))
        at = right
    if at < end:
        result.append(FoundStretch(content[at:end], False))
    return [*result, FoundStretch("…", False)] if end < len(content) else result


def _runs(signs: str) -> Iterator[str]:
    return (match[0] for match in _RUN.finditer(signs))


def _grams(run: str, closed: bool) -> list[str]:
    """The words of a run; of one that may go on (not `closed`) the last sign is no word of its own."""
    if run[0].isascii():
        return [run]
    pairs = [run[place : place + 2] for place in range(len(run) - 1)]
    return [*pairs, run[-1]] if closed or not pairs else pairs


def _phrase(term: str) -> tuple[list[str], bool]:
    """The words of a term one after another, and whether the last of them is only the beginning of a word."""
    runs = list(_runs(folded(term)[0]))
    if not runs:
        return [], False
    result = [word for run in runs[:-1] for word in _grams(run, True)]
    last = _grams(runs[-1], False)
    return result + last, last[-1].isascii() or len(last[-1]) == 1


def _vector(found: Sequence[str]) -> str:
    # PostgreSQL counts positions up to 16383; what stands behind is found all the same, though not as a phrase.
    return " ".join(f"'{word}':{min(place, 16_383)}" for place, word in enumerate(found, 1))
