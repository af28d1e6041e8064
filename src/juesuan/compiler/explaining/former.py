"""The reasons that last year's account gave, by the keys under which this year's are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from juesuan.account import Account, Statement, spaceless
from juesuan.statute import Statute, codes_above, level_of, placeholders, plain_name
from juesuan.statute.language import (
    OWN,
    REASON,
    entries_of,
    expression,
    known_definition,
    load_prose_rules,
    refers_elsewhere,
    repeats_name,
)

_SENTENCE_END = re.compile(r"[。！？]|$")
_LEAD = re.compile(r"^[：:，、\s]*是?(?=.)")
_NOTHING = ("待填", "XX")
"""What stands in drafts where a reason belongs."""


def former_reasons(former: Account, statute: Statute) -> dict[str, str]:
    """The reasons of last year's account by key (收支总计变动, 2080108:预决算差异): as they were filled in, or as the
    sentences of the document give them. Reasons that were never written are left out.
    """
    keys = {clause.key: key for _, clause in statute.clauses() for key in _keys(clause.cases)}
    found = {key: text.strip() for key, text in former.texts.items() if key.rpartition(":")[2] in keys.values()}
    passages = _passages(former)
    for statement in former.statements:
        key = keys.get(statement.clause)
        if key is None:
            continue
        place = statement.source
        whole = passages.get((place.page, place.line, place.paragraph), "") if place else ""
        text = _reason_of(statement.text, whole)
        if text:
            found.setdefault(f"{statement.row}:{key}" if statement.row else key, text)
    return {key: text for key, text in found.items() if text and not any(word in text for word in _NOTHING)}


def former_texts(former: Account, statute: Statute) -> dict[str, str]:
    """The other texts that last year's sentences hold (用途), by their keys, as the document gives them."""
    found: dict[str, str] = {}
    for _, clause in statute.clauses():
        for case in clause.cases:
            for match in re.finditer(r"([^{}]{2,6})\{文:([^{}]+)\}", case.text):
                stated = (s for s in former.statements if s.clause == clause.key)
                texts = ((_whole(statement, former), statement) for statement in stated)
                for text, statement in texts:
                    said = re.search(re.escape(match[1]) + r"([^。；]+?)(?:，其中|[。；]|$)", text)
                    key = f"{statement.row}:{match[2]}" if statement.row else match[2]
                    if said and not any(word in said[1] for word in _NOTHING):
                        found.setdefault(key, said[1])
    return found


def _whole(statement: Statement, former: Account) -> str:
    """A sentence with what follows it in its paragraph."""
    place = statement.source
    whole = _passages(former).get((place.page, place.line, place.paragraph), "") if place else ""
    start = whole.find(statement.text)
    return whole[start:] if start >= 0 else statement.text


def former_definitions(former: Account, statute: Statute) -> dict[str, str]:
    """What last year's account said of the items that have no definition of their own here, under the keys of texts.

    Definitions that only repeat the name, or say where to look, are left out.
    """
    said = {entry.code: entry.text for entry in former.glossary if level_of(entry.code)}
    names: dict[tuple[str, ...], str] = {}
    for entry in statute.functional.of_year(statute.year):
        if level_of(entry.code) == "项":
            chain = (statute.functional.name(code, statute.year) for code in codes_above(entry.code))
            names[tuple(plain_name(name) for name in chain)] = entry.code
    for *above, text in entries_of([passage.text for passage in former.passages]):
        code = names.get(tuple(plain_name(name) for name in above), "")
        if code and text:
            said.setdefault(code, text)
    return {
        f"{OWN}{code}": text
        for code, text in said.items()
        if known_definition(code, statute) is None
        and not repeats_name(statute.functional.name(code, statute.year), text)
        and not refers_elsewhere(text)
    }


def _keys(cases: object) -> Iterator[str]:
    assert isinstance(cases, tuple)
    for case in cases:
        for name in placeholders(case.text):
            if name.startswith(REASON):
                yield name.removeprefix(REASON)


def _passages(former: Account) -> dict[tuple[int, int, int], str]:
    return {
        (passage.source.page, passage.source.line, passage.source.paragraph): spaceless(passage.text)
        for passage in former.passages
        if passage.source
    }


def _reason_of(sentence: str, passage: str) -> str:
    """The reason behind a sentence: what stands after 主要原因, up to the end of the sentence."""
    start = passage.find(sentence)
    text = passage[start:] if start >= 0 else sentence
    given = expression(load_prose_rules().reasons.given).search(text)
    if given is None or given.start() > len(sentence) + 12:
        return ""
    end = _SENTENCE_END.search(text, given.end())
    return _LEAD.sub("", text[given.end() : end.start() if end else len(text)]).strip("：:，、；; ")
