"""The reasons that last year's account gave, by the keys under which this year's are asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from juesuan.account import Account
from juesuan.statute import Statute, placeholders
from juesuan.statute.language import REASON, expression, load_prose_rules

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


def _keys(cases: object) -> Iterator[str]:
    assert isinstance(cases, tuple)
    for case in cases:
        for name in placeholders(case.text):
            if name.startswith(REASON):
                yield name.removeprefix(REASON)


def _passages(former: Account) -> dict[tuple[int, int, int], str]:
    return {
        (passage.source.page, passage.source.line, passage.source.paragraph): re.sub(r"\s+", "", passage.text)
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
